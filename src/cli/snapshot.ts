/** `oor check --snapshot FILE` on a healthy day, `oor check --compare FILE` in an incident. */

import { collectSections, parseSnapshot, type Snapshot } from '../checks/snapshot.ts';
import { compareSections } from '../checks/snapshot-compare.ts';
import { describeDifference } from '../checks/snapshot-meaning.ts';
import { ExitCode, HostError, OorError } from '../errors.ts';
import type { Json, JsonObject } from '../ports.ts';
import { renderChangesJson, renderChangesText } from '../report/check-changes.ts';
import { jsonLine } from '../report/json-text.ts';
import { type CheckOptions, chooseFormat } from './check-options.ts';
import { policyOf, usage } from './options.ts';
import { loadProfile } from './prepare.ts';
import type { Services } from './services.ts';
import { tell } from './tell.ts';

/** For all sections together; each probe inside has its own. */
const BUDGET_MS = 60_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** Names of hosts and packages are nobody else's business. */
const OWNER_ONLY = 0o600;

export async function snapshotCommand(services: Services, options: CheckOptions): Promise<number> {
  const { snapshot: file, compare } = options;
  if (file === undefined || file === '') throw usage('--snapshot needs a file', 'for example: oor check --snapshot healthy.json');
  if (compare !== undefined) throw usage('--snapshot and --compare together', 'take one of them');
  const taken = await takeSnapshot(services, options);
  await services.writeFile(file, jsonLine(taken, 1), OWNER_ONLY);
  const sections = Object.entries(taken.sections).map(([id, { items, unseen }]) => ({ id, items: Object.keys(items).length, unseen }));
  if (chooseFormat(options) === 'json') {
    await services.out(jsonLine({ schema_version: 1, file, taken_at: taken.taken_at, host: taken.host, sections }, 2));
  } else {
    const { escapeControlInLine } = await import('../report/escape.ts');
    const lines = sections.flatMap(({ id, items, unseen }) => [
      `${id}: ${items}\n`,
      ...unseen.map(({ item, why, unlock }) => `  ? ${escapeControlInLine(`${item === '*' ? 'all of it' : item}: ${why} -> ${unlock}`)}\n`),
    ]);
    await services.out(`${lines.join('')}kept in ${file}; in an incident: oor check --compare ${file}\n`);
  }
  return sections.some(({ items }) => items > 0) ? ExitCode.healthy : ExitCode.inconclusive;
}

export async function compareCommand(services: Services, options: CheckOptions): Promise<number> {
  const { compare: file = '' } = options;
  if (options.snapshot !== undefined) throw usage('--snapshot and --compare together', 'take one of them');
  const format = chooseFormat(options);
  if (format !== 'text' && format !== 'json') throw usage(`--compare does not speak ${format}`, '--format text or json');
  const before = await readSnapshot(services, file);
  const now = await takeSnapshot(services, options);
  if (before.host !== now.host) await tell(services, options, `the snapshot is of ${before.host}, this is ${now.host}`);
  const { language } = policyOf(options, services);
  const found = compareSections(before.sections, now.sections);
  const counted = options.failOn === 'warn' || options.failOn === 'unknown';
  const changed = (counted && found.differences.length > 0) || (options.failOn === 'unknown' && found.unseen.length > 0);
  // A change is worth knowing and no fault by itself.
  const exitCode = changed ? ExitCode.fault : found.compared.length === 0 ? ExitCode.inconclusive : ExitCode.healthy;
  const { tool, host, taken_at: comparedAt } = now;
  const differences = found.differences.map((difference) => ({ ...difference, text: describeDifference(difference) }));
  const origin = { host: before.host, taken_at: before.taken_at, tool: before.tool };
  const changes = { ...found, differences, tool, host, comparedAt, snapshot: origin };
  // The file may have been written by another hand, so it passes through here as well.
  const redact = await services.redactor({});
  const clean = redact(changes as unknown as Json).value as unknown as typeof changes;
  const text = format === 'json' ? renderChangesJson(clean, exitCode, language) : renderChangesText(clean, language);
  if (options.output === undefined) await services.out(text);
  else await services.writeFile(options.output, text, OWNER_ONLY);
  return exitCode;
}

async function takeSnapshot(services: Services, options: CheckOptions): Promise<Snapshot> {
  const profile = await loadProfile(services, options.profile);
  const access = (await services.hosts({}, options.stateDir))(services.localHost);
  if (!access) throw new OorError({ code: 'no-host', message: 'this machine cannot be looked at', exitCode: ExitCode.internal });
  const { wallMs } = services.clock.now();
  const stop = new AbortController();
  const signal = AbortSignal.any([services.interruption, stop.signal]);
  const sleep = (ms: number): Promise<void> => services.clock.sleep(ms, signal);
  try {
    const context = { ...access, timeoutMs: BUDGET_MS, signal, since: wallMs - options.since, sleep };
    const sections = await Promise.race([collectSections(context, profile.data), endOf(services, options.deadline ?? BUDGET_MS, signal)]);
    const redact = await services.redactor(profile.data);
    return {
      schema_version: 1,
      kind: 'oor-snapshot',
      tool: { name: 'oor', version: services.version },
      taken_at: new Date(wallMs).toISOString(),
      host: services.localHost,
      site: siteOf(profile.data),
      sections: redact(sections as unknown as Json).value as unknown as Snapshot['sections'],
    };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new OorError({
      code: 'no-snapshot',
      message: error.message,
      hint: error.unlock ?? 'try again',
      exitCode: ExitCode.inconclusive,
      cause: error,
    });
  } finally {
    stop.abort();
  }
}

async function endOf({ clock, interruption }: Services, ms: number, signal: AbortSignal): Promise<never> {
  await clock.sleep(ms, signal).catch(() => undefined);
  if (interruption.aborted)
    throw new OorError({ code: 'interrupted', message: 'interrupted: nothing is kept', exitCode: ExitCode.interrupted });
  throw new HostError('timed-out', `this machine could not be read within ${ms / 1_000} s`, 'a longer --deadline');
}

async function readSnapshot(services: Services, file: string): Promise<Snapshot> {
  const text = await services.readFile(file, MAX_BYTES);
  if (text === undefined) throw usage(`the snapshot ${file} does not exist`, `take it on a healthy day: oor check --snapshot ${file}`);
  const parsed = parseSnapshot(parseJson(text));
  if (parsed.ok) return parsed.snapshot;
  throw new OorError({
    code: 'invalid-snapshot',
    message: `${file} is no snapshot of oor (${parsed.message})`,
    hint: `take one on a healthy day: oor check --snapshot ${file}`,
    exitCode: ExitCode.invalidInput,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function siteOf({ site }: JsonObject): string {
  return typeof site === 'string' ? site : '';
}
