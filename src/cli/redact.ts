import { ExitCode, OorError } from '../errors.ts';
import { findMessages } from '../payments/iso8583/find-messages.ts';
import { createRedactor, type Redactor } from '../redact/index.ts';
import { jsonLine } from '../report/json-text.ts';
import { type GlobalOptions, usage } from './options.ts';
import type { CleaningFile, CleaningFiles, CleaningInput, CleaningOutput, PassedFile, Services } from './services.ts';
import { tell } from './tell.ts';

interface RedactOptions extends GlobalOptions {
  readonly out?: string;
  readonly pseudonyms?: boolean;
  readonly pan?: string;
  readonly incident?: string;
  readonly ledger?: string;
  readonly only?: string;
}

interface Item {
  readonly path: string;
  /** As it is called in the output: names are cleaned, too. */
  readonly name: string;
}

interface Tally {
  readonly counts: Record<string, number>;
  /** Card numbers by the first six digits. */
  readonly issuers: Record<string, number>;
  files: number;
  withheld: number;
  withheld_bytes: number;
  /** The first of them. */
  withheld_items: string[];
  readonly passed_over: number;
  /** The first of them. */
  readonly passed_over_items: readonly PassedFile[];
}

const MOST_NAMED = 20;

/** Cleans standard input, files and folders of card data and secrets. */
export async function redactCommand(services: Services, words: readonly string[], options: RedactOptions): Promise<number> {
  const files = await services.cleaning();
  const redactor = await redactorFor(services, options);
  const { items, passed } = await itemsOf(files, words, redactor);
  const tally: Tally = {
    counts: {},
    issuers: {},
    files: 0,
    withheld: 0,
    withheld_bytes: 0,
    withheld_items: [],
    passed_over: passed.length,
    passed_over_items: passed.slice(0, MOST_NAMED),
  };
  const ledger = options.ledger === undefined ? undefined : await createLedger(files, options.ledger);
  try {
    for (const item of items)
      await cleanItem({ services, files, redactor, tally, ledger, out: options.out, tellsIssuers: options.pan !== 'pseudonym' }, item);
    await ledger?.close();
  } catch (error) {
    await ledger?.abandon();
    throw error;
  }
  if (options.json) services.err(jsonLine({ ...total(tally), ...tally }));
  else await tellLeft(services, options, tally);
  return ExitCode.healthy;
}

async function tellLeft(services: Services, options: RedactOptions, tally: Tally): Promise<void> {
  const { withheld, withheld_bytes, withheld_items, passed_over, passed_over_items } = tally;
  if (withheld > 0)
    await tell(services, options, `oor: withheld what is no text: ${withheld} (${withheld_bytes} bytes): ${withheld_items.join(', ')}`);
  const namesOf = (...kinds: readonly string[]): string =>
    passed_over_items.flatMap(({ name, kind }) => (kinds.includes(kind) ? [name] : [])).join(', ');
  const links = namesOf('symbolic link');
  const special = namesOf('socket', 'fifo', 'device');
  const closed = namesOf('unreadable folder');
  const gone = namesOf('gone meanwhile');
  if (links !== '') await tell(services, options, `oor: passed over, symbolic links: ${links}`);
  if (special !== '') await tell(services, options, `oor: passed over, sockets, pipes and devices: ${special}`);
  if (closed !== '') await tell(services, options, `oor: passed over, folders that may not be read: ${closed}`);
  if (gone !== '') await tell(services, options, `oor: passed over, gone meanwhile: ${gone}`);
  if (passed_over > 0)
    await tell(
      services,
      options,
      `  not cleaned, and not in the result: ${passed_over}; only regular files are. What a link leads to can be named itself`,
    );
}

async function createLedger(files: CleaningFiles, path: string): Promise<CleaningOutput> {
  const slash = path.lastIndexOf('/');
  return await files.create(slash === -1 ? '.' : path.slice(0, slash + 1), path.slice(slash + 1), { encoding: 'utf8', packed: false });
}

function total({ counts }: Tally): { readonly schema_version: 1; readonly removed: number } {
  return { schema_version: 1, removed: Object.values(counts).reduce((sum, count) => sum + count, 0) };
}

async function redactorFor(services: Services, options: RedactOptions): Promise<Redactor> {
  const { pan = 'mask', pseudonyms, incident, only, stateDir } = options;
  if (pan !== 'mask' && pan !== 'pseudonym')
    throw usage(`--pan ${pan}: expected mask or pseudonym`, 'mask shows the first six and the last four digits');
  if (only !== undefined && only !== 'card') throw usage(`--only ${only}: expected card`, 'without it everything is removed');
  const needsKey = pan === 'pseudonym' || pseudonyms === true;
  const pseudonym = needsKey ? await services.pseudonym(incident, stateDir) : undefined;
  return createRedactor({
    messages: findMessages,
    ...(only === 'card' && { only }),
    ...(pseudonyms && pseudonym && { personal: { pseudonym, names: await namesFor(services, options.profile) } }),
    ...(pan === 'pseudonym' && pseudonym && { panPseudonym: pseudonym }),
  });
}

/** Of this machine and of those that the profile names. */
async function namesFor(services: Services, file: string | undefined): Promise<readonly string[]> {
  const [{ loadProfile }, { machineNames }] = await Promise.all([import('./prepare.ts'), import('./machine-names.ts')]);
  return machineNames((await loadProfile(services, file)).data, services.localHost);
}

interface Listing {
  readonly items: readonly Item[];
  readonly passed: readonly PassedFile[];
}

async function itemsOf(files: CleaningFiles, words: readonly string[], redactor: Redactor): Promise<Listing> {
  const found: CleaningFile[] = [];
  const passed: PassedFile[] = [];
  for (const word of words.length === 0 ? ['-'] : words) {
    const listed = word === '-' ? { files: [{ path: '-', name: 'stdin' }], passed: [] } : await files.list(word);
    if (listed === undefined)
      throw new OorError({
        code: 'no-such-file',
        message: `${word}: there is no such file or folder`,
        hint: 'oor redact FILE...',
        exitCode: ExitCode.usage,
      });
    found.push(...listed.files);
    passed.push(...listed.passed);
  }
  const taken = new Set<string>();
  return {
    items: found.map(({ path, name }) => ({ path, name: distinctName(cleanName(name, redactor), taken) })),
    passed: passed.map(({ name, kind }) => ({ name: cleanName(name, redactor), kind })),
  };
}

/** A mark has signs that a file name should not have. */
function cleanName(name: string, redactor: Redactor): string {
  return redactor.text(name).text.replace(/[*[\]:]+/g, '_');
}

function distinctName(name: string, taken: Set<string>): string {
  let distinct = name;
  for (let count = 2; taken.has(distinct); count++) distinct = `${name}.${count}`;
  taken.add(distinct);
  return distinct;
}

interface Cleaning {
  readonly services: Services;
  readonly files: CleaningFiles;
  readonly redactor: Redactor;
  readonly tally: Tally;
  readonly ledger: CleaningOutput | undefined;
  readonly out: string | undefined;
  /** Not beside pseudonyms: a name and its issuer in one line are more than either. */
  readonly tellsIssuers: boolean;
}

async function cleanItem({ services, files, redactor, tally, ledger, out, tellsIssuers }: Cleaning, { path, name }: Item): Promise<void> {
  const input = await files.open(path);
  tally.files++;
  const entries: string[] = [];
  const stream = redactor.stream((kind, line, issuer) => {
    tally.counts[kind] = (tally.counts[kind] ?? 0) + 1;
    const shown = tellsIssuers ? issuer : undefined;
    if (shown !== undefined) tally.issuers[shown] = (tally.issuers[shown] ?? 0) + 1;
    if (ledger !== undefined) entries.push(jsonLine({ item: name, line, rule: kind, ...(shown !== undefined && { issuer: shown }) }));
  });
  // What is no text leaves nothing behind but its size.
  const { encoding } = input;
  const output = await outputFor(files, out, name, input);
  const write = async (text: string): Promise<void> => {
    if (text !== '') await output?.write(text);
    await ledger?.write(entries.splice(0).join(''));
  };
  try {
    let withheld = 0;
    for await (const chunk of input.chunks()) {
      if (services.interruption.aborted)
        throw new OorError({ code: 'interrupted', message: 'interrupted', exitCode: ExitCode.interrupted });
      if (output?.isOver()) break;
      if (typeof chunk === 'string') await write(stream.push(chunk));
      else withheld += chunk.withheld;
    }
    await write(stream.end());
    if (withheld > 0) {
      tally.withheld++;
      if (tally.withheld_items.length < MOST_NAMED) tally.withheld_items.push(name);
      tally.withheld_bytes += withheld;
      if (encoding !== undefined) await write(`\n[${withheld} bytes that are no text were withheld]\n`);
    }
    await output?.close();
  } catch (error) {
    // Half of it would look like all of it.
    await output?.abandon();
    throw error;
  }
}

async function outputFor(
  files: CleaningFiles,
  out: string | undefined,
  name: string,
  { encoding, packed }: CleaningInput,
): Promise<CleaningOutput | undefined> {
  if (encoding === undefined) return undefined;
  return out === undefined ? files.standardOutput({ encoding }) : await files.create(out, name, { encoding, packed });
}
