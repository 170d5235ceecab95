/** Files -> a plan: which profile, which playbook, which inputs. Nothing runs here. */
import type { CheckRegistry } from '../checks/check.ts';
import { loadChecks, loadChecksNamedIn } from '../checks/index.ts';
import type { SessionStarted } from '../engine/events.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { Compile, CreateCompiler } from '../playbook/expr-scope.ts';
import type { ParseOptions, ParseResult } from '../playbook/parse-with.ts';
import type { Input, Playbook, Problem } from '../playbook/playbook.ts';
import type { Prepared, Reopened, ReopenOptions, Wanted } from '../playbook/prepared.ts';
import { suggestion } from '../playbook/suggest.ts';
import type { JsonObject } from '../ports.ts';
import { type GlobalOptions, usage } from './options.ts';
import type { NamedText, Services } from './services.ts';

export const DEFAULT_PLAYBOOK = 'payment-gateway';
/** One byte more than the parser accepts, so that it can say how much is too much without reading a giant file. */
const READ_LIMIT = 256 * 1024 + 1;

export interface LoadedProfile {
  /** '' when there is none: local checks only. */
  readonly file: string;
  readonly text: string;
  readonly data: JsonObject;
}

export async function loadProfile(services: Services, file: string | undefined): Promise<LoadedProfile> {
  const found = file === undefined ? await findProfile(services) : { file, text: await mustRead(services, file, 'profile') };
  if (!found) return { file: '', text: '', data: {} };
  const { parseProfile, profileData } = await import('../playbook/profile.ts');
  const parsed = parseProfile({ ...found, registry: await loadGraded(found.text) });
  if (!parsed.ok) throw await invalid(parsed.problems, found, 'profile');
  return { ...found, data: profileData(parsed.profile) };
}

/** The bounds a profile sets name checks; one that no check has is answered with all that could have been meant. */
async function loadGraded(text: string): Promise<CheckRegistry> {
  return /\bthresholds\b/.test(text) ? await loadChecks() : {};
}

async function findProfile(services: Services): Promise<NamedText | undefined> {
  for (const file of services.profilePlaces) {
    const text = await services.readFile(file, READ_LIMIT);
    if (text !== undefined) return { file, text };
  }
  return undefined;
}

export interface LoadedPlaybook {
  readonly playbook: Playbook;
  /** The checks that it uses. */
  readonly registry: CheckRegistry;
  readonly included: readonly { readonly name: string; readonly text: string }[];
}

/** A shipped name, a path, or chosen by the words of the symptom. */
export async function loadPlaybook(
  services: Services,
  name: string | undefined,
  options: Pick<GlobalOptions, 'symptom' | 'trust'>,
  wanted?: Wanted,
): Promise<LoadedPlaybook> {
  if (name !== undefined && isPath(name)) {
    const source = { file: name, text: await mustRead(services, name, 'playbook') };
    await demandTrust(services, source, options.trust);
    return await parseLoaded(services, source, INCLUDES.test(source.text) ? await services.shippedPlaybooks() : []);
  }
  const shipped = await services.shippedPlaybooks();
  const source = findShipped(shipped, name ?? (await choosePlaybook(services, shipped, options.symptom)));
  return await parseLoaded(services, source, shipped, wanted);
}

/** The texts of a session that this program ships, as its build saw them. */
export async function shippedTexts(services: Services, { text, included }: SessionStarted['playbook']): Promise<readonly string[]> {
  const shipped = (await services.shippedPlaybooks()).filter(({ prepared }) => prepared !== undefined).map((each) => each.text);
  return [text, ...included.map((each) => each.text)].filter((each) => shipped.includes(each));
}

function isPath(name: string): boolean {
  return /[/.]/.test(name);
}

/** It may stand in a comment; then the shipped playbooks are read for nothing. */
const INCLUDES = /\buse\b/;

/** Reads a text that is already trusted: shipped, checked, or out of a journal. */
export async function parseLoaded(
  services: Services,
  source: NamedText,
  shipped: readonly NamedText[],
  wanted?: Wanted,
): Promise<LoadedPlaybook> {
  const included: { name: string; text: string }[] = [];
  const include = (name: string): NamedText | undefined => {
    const found = shipped.find(({ file }) => nameOf(file) === name);
    if (found && !included.some((other) => other.name === name)) included.push({ name, text: found.text });
    return found;
  };
  const language = createLanguage();
  const { timeLimit, sha256 } = services;
  const common = { ...source, timeLimit, sha256, include, createCompiler: language.createCompiler };
  const reopened = source.prepared && (await reopen(source, source.prepared, shipped, common, wanted));
  if (reopened) {
    if (reopened.expressions > 0) await language.load();
    return { playbook: reopened.playbook, registry: reopened.registry, included };
  }
  const registry = await loadChecksNamedIn(source.text, ...shipped.map(({ text }) => text));
  const parsed = await parseAll(language, { ...common, registry });
  if (parsed.ok) return { playbook: parsed.playbook, registry, included };
  // A word that is no check gets the nearest of all checks for an answer.
  const again = await parseAll(language, { ...common, registry: await loadChecks() });
  throw await invalid(again.ok ? parsed.problems : again.problems, source, 'playbook');
}

async function reopen(
  source: NamedText,
  prepared: Prepared,
  shipped: readonly NamedText[],
  common: Omit<ReopenOptions, 'registry' | 'prepared'>,
  wanted: Wanted | undefined,
): Promise<(Reopened & { readonly registry: CheckRegistry }) | undefined> {
  const { reopenPlaybook, checkSteps } = await import('../playbook/prepared.ts');
  const files = filesOf(source, prepared, shipped);
  const registry = wanted
    ? await loadChecks([...new Set(files.flatMap(({ raw }) => checkSteps(raw).filter(wanted)).map(({ uses }) => uses))])
    : await loadChecksNamedIn(...files.map(({ text }) => text));
  const found = reopenPlaybook({
    ...common,
    registry,
    prepared: ({ file }) => (file === source.file ? prepared : shipped.find((other) => other.file === file)?.prepared),
    wanted,
  });
  return found && { ...found, registry };
}

/** A playbook and all that it includes. */
function filesOf(
  source: NamedText,
  { raw }: Prepared,
  shipped: readonly NamedText[],
): { readonly text: string; readonly raw: Prepared['raw'] }[] {
  const files = new Map([[source.file, { text: source.text, raw }]]);
  for (const { raw: each } of files.values()) {
    for (const name of [each.use ?? []].flat()) {
      const used = shipped.find(({ file }) => nameOf(file) === name);
      if (used?.prepared && !files.has(used.file)) files.set(used.file, { text: used.text, raw: used.prepared.raw });
    }
  }
  return [...files.values()];
}

/** The expression language, loaded when there is an expression. */
function createLanguage(): { readonly createCompiler: CreateCompiler; load(): Promise<void> } {
  let loaded: CreateCompiler | undefined;
  return {
    createCompiler: (options) => {
      let compile: Compile | undefined;
      return (text, place) => {
        if (!loaded) throw new LanguageNeeded();
        compile ??= loaded(options);
        return compile(text, place);
      };
    },
    async load() {
      loaded = (await import('../playbook/expr.ts')).createCompiler;
    },
  };
}

class LanguageNeeded extends Error {}

/** Where the author wrote an expression in the usual way, it is not found out by parsing twice. */
const EXPRESSIONS = /\$\{\{|\b(?:if|expect|when|predict|impact)\s*:/;

async function parseAll(language: ReturnType<typeof createLanguage>, options: ParseOptions): Promise<ParseResult> {
  const { parseWith } = await import('../playbook/parse-with.ts');
  if (EXPRESSIONS.test(options.text)) await language.load();
  try {
    return parseWith(language.createCompiler, options);
  } catch (error) {
    if (!(error instanceof LanguageNeeded)) throw error;
    await language.load();
    return parseWith(language.createCompiler, options);
  }
}

/**
 * What people see may be a consequence, so words alone never narrow what is looked at: only a playbook that takes the default one in can be
 * chosen by them. A narrower one is chosen by its name.
 */
async function choosePlaybook(services: Services, shipped: readonly NamedText[], symptom: string | undefined): Promise<string> {
  const wider = shipped.filter(({ text }) => TAKES_DEFAULT_IN.test(text));
  if (symptom === undefined || symptom.trim() === '' || wider.length === 0) return DEFAULT_PLAYBOOK;
  const words = symptom.toLowerCase();
  const scored = await Promise.all(
    [findShipped(shipped, DEFAULT_PLAYBOOK), ...wider].map(async (source) => {
      const { playbook } = await parseLoaded(services, source, shipped);
      return { id: nameOf(source.file), hits: playbook.symptoms.filter((word) => words.includes(word.toLowerCase())).length };
    }),
  );
  return scored.sort((one, other) => other.hits - one.hits)[0]?.id ?? DEFAULT_PLAYBOOK;
}

const TAKES_DEFAULT_IN = new RegExp(`^use:.*\\b${DEFAULT_PLAYBOOK}\\b`, 'm');

function findShipped(shipped: readonly NamedText[], name: string): NamedText {
  const known = shipped.find(({ file }) => nameOf(file) === name);
  if (known) return known;
  throw usage(
    `no playbook is called ${name}; shipped: ${shipped.map(({ file }) => nameOf(file)).join(', ')}`,
    suggestion(
      name,
      shipped.map(({ file }) => nameOf(file)),
    ) ?? 'list them with: oor playbook list',
  );
}

/** A playbook names commands, so a file that somebody else could have written runs only when its digest was looked at. */
async function demandTrust(services: Services, { file, text }: NamedText, trust: string | undefined): Promise<void> {
  const digest = services.sha256(text);
  if (trust !== undefined ? trust.toLowerCase() === digest : !(await services.isForeign(file))) return;
  throw new OorError({
    code: 'untrusted-playbook',
    message:
      trust === undefined ? `${file} could have been written by another user` : `${file} has the digest ${digest}, not the trusted one`,
    hint: `read it, then run it with: --trust ${digest}`,
    exitCode: ExitCode.untrustedPlaybook,
  });
}

/** A consent that is mistyped would be none. Throws for a fix that the playbook does not have; `fix@target` names one of its targets. */
export function checkConsents({ allowFix }: Pick<GlobalOptions, 'allowFix'>, { id, fixes }: Playbook): void {
  const known = fixes.map((fix) => fix.id);
  const unknown = allowFix.map((given) => given.split('@', 1)[0] ?? '').find((given) => !known.includes(given));
  if (unknown === undefined) return;
  throw usage(`--allow-fix ${unknown}: ${id} has no such fix`, suggestion(unknown, known) ?? 'list them with: oor playbook list --json');
}

/** Inputs of the playbook from `--set`, the environment and defaults. */
export function readInputs(playbook: Playbook, { set }: Pick<GlobalOptions, 'set'>, env: Services['env']): JsonObject {
  const unknown = Object.keys(set).find((name) => !playbook.inputs.some((input) => input.name === name));
  if (unknown !== undefined)
    throw usage(
      `--set ${unknown}: ${playbook.id} has no such input`,
      `its inputs: ${playbook.inputs.map(({ name }) => name).join(', ') || 'none'}`,
    );
  const entries = playbook.inputs.flatMap((input) => {
    const raw = set[input.name] ?? env[input.env ?? `OOR_INPUT_${input.name.toUpperCase().replaceAll('-', '_')}`];
    if (raw !== undefined) return [[input.name, convertInput(input, raw)] as const];
    if (input.default !== undefined) return [[input.name, input.default] as const];
    if (input.required) throw usage(`${playbook.id} needs the input ${input.name}`, `give it with: --set ${input.name}=VALUE`);
    return [];
  });
  return Object.fromEntries(entries);
}

function convertInput(input: Input, raw: string): string | number | boolean {
  const wrong = (expected: string): OorError =>
    usage(`--set ${input.name}=${raw}: expected ${expected}`, `give it with: --set ${input.name}=VALUE`);
  if (input.enum && !input.enum.includes(raw)) throw wrong(input.enum.join(' or '));
  if (input.pattern !== undefined && !new RegExp(input.pattern, 'u').test(raw)) throw wrong(`a value like ${input.pattern}`);
  if (input.type === 'boolean') {
    if (raw !== 'true' && raw !== 'false') throw wrong('true or false');
    return raw === 'true';
  }
  if (input.type !== 'int' && input.type !== 'number') return raw;
  const value = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(value) || (input.type === 'int' && !Number.isInteger(value)))
    throw wrong(input.type === 'int' ? 'a whole number' : 'a number');
  if ((input.min !== undefined && value < input.min) || (input.max !== undefined && value > input.max))
    throw wrong(`a number from ${input.min ?? '-'} to ${input.max ?? '-'}`);
  return value;
}

async function mustRead(services: Services, file: string, what: string): Promise<string> {
  const text = await services.readFile(file, READ_LIMIT);
  if (text !== undefined) return text;
  throw new OorError({
    code: 'no-such-file',
    message: `the ${what} ${file} does not exist`,
    hint: `check the path, or leave it out`,
    exitCode: ExitCode.usage,
  });
}

async function invalid(problems: readonly Problem[], source: NamedText, what: string): Promise<OorError> {
  const { createProblemTeller } = await import('./masked-problem.ts');
  const tell = await createProblemTeller();
  const shown = problems.slice(0, 20).map((problem) => tell.format(problem, problem.file === source.file ? source.text : ''));
  const more = problems.length > shown.length ? [`... and ${problems.length - shown.length} more`] : [];
  return new OorError({
    code: `invalid-${what}`,
    message: [`the ${what} ${source.file} has ${problems.length} problem${problems.length === 1 ? '' : 's'}`, ...shown, ...more].join('\n'),
    hint: what === 'playbook' ? `check it again with: oor playbook lint ${source.file}` : `correct ${source.file} and run again`,
    exitCode: ExitCode.invalidInput,
  });
}

/** `payment-gateway` of `.../payment-gateway.yaml`. */
export function nameOf(file: string): string {
  return (file.split('/').at(-1) ?? file).replace(/(\.oor)?\.ya?ml$/, '');
}
