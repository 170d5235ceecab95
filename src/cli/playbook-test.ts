/** `oor playbook test`: the incidents that were written down for playbooks, played and held against what has to follow. */
import { loadChecks } from '../checks/index.ts';
import { ExitCode } from '../errors.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { jsonLine } from '../report/json-text.ts';
import { idOf, type Mutated, mutate, nameOfCheck, nameOfEvidence, type Stand } from './fixture-mutate.ts';
import { compare, type Played } from './fixture-play.ts';
import { loadSuite, type Suite } from './fixture-suite.ts';
import { type GlobalOptions, usage } from './options.ts';
import { loadPlaybook, nameOf } from './prepare.ts';
import type { Services } from './services.ts';

export interface TestOptions extends GlobalOptions {
  readonly mutate?: boolean;
}

/** 0 when every incident comes out as expected, and with `--mutate` nothing is dead and no cause unproved; else 1. */
export async function testCommand(services: Services, names: readonly string[], options: TestOptions): Promise<number> {
  // Places are told of what is dead, and what the build prepared has none.
  const at = options.mutate ? withoutPrepared(services) : services;
  const registry = await loadChecks();
  const given = names.length > 0;
  const wanted = given ? names : (await services.shippedPlaybooks()).map(({ file }) => nameOf(file));
  const suites: Suite[] = [];
  for (const name of wanted) suites.push(await loadSuite(at, name, registry));
  const standing = suites.filter((suite) => suite.fixtures.length > 0 || (!given && !isPart(suite, suites)));
  if (standing.every(({ fixtures }) => fixtures.length === 0))
    throw usage(
      `${wanted.join(', ')}: no incident is written down`,
      'put them into fixtures/ID beside the playbook, or make one: oor playbook record SESSION',
    );
  const stands: Stand[] = [];
  const failed: Failed[] = [];
  for (const suite of standing) {
    const played: Played[] = [];
    for (const fixture of suite.fixtures) {
      const run = await suite.play(fixture);
      const problems = compare(fixture, run.plan, run.session, { registry, end: run.end });
      if (problems.length > 0) failed.push({ playbook: suite.id, file: fixture.file, problems });
      // Each holds a whole session.
      if (options.mutate) played.push(run);
    }
    stands.push({ suite, played, parts: await partsOf(at, suite) });
  }
  const unproved = findUnproved(stands, given);
  const mutated = options.mutate ? await mutate(stands, given) : undefined;
  const result: Result = { fixtures: standing.reduce((sum, { fixtures }) => sum + fixtures.length, 0), failed, unproved, mutated };
  await services.out(options.json ? jsonLine({ schema_version: 1, ...result }, 2) : describe(result));
  const proved = !mutated || (mutated.dead.length === 0 && unproved.length === 0);
  return failed.length === 0 && proved ? ExitCode.healthy : ExitCode.fault;
}

/** What it has is proved in the incidents of those that take it in. */
function isPart({ playbook }: Suite, all: readonly Suite[]): boolean {
  return all.some((other) => (other.playbook.included ?? []).some(({ name }) => name === nameOf(playbook.file)));
}

function withoutPrepared(services: Services): Services {
  const plain = async () => (await services.shippedPlaybooks()).map(({ file, text }) => ({ file, text }));
  return { ...services, shippedPlaybooks: plain };
}

interface Failed {
  readonly playbook: string;
  readonly file: string;
  readonly problems: readonly string[];
}

export interface Unproved {
  readonly playbook: string;
  readonly cause: string;
  readonly why: 'never-leads' | 'never-loses';
}

interface Result {
  readonly fixtures: number;
  readonly failed: readonly Failed[];
  readonly unproved: readonly Unproved[];
  readonly mutated: Mutated | undefined;
}

/** What a playbook takes from parts is proved in any playbook that uses the part. */
async function partsOf(services: Services, { playbook }: Suite): Promise<ReadonlyMap<string, string>> {
  const parts = new Map<string, string>();
  for (const { name } of playbook.included ?? []) {
    const { playbook: part } = await loadPlaybook(services, name, {});
    for (const cause of part.causes) {
      parts.set(cause.id, part.file);
      for (const evidence of cause.evidence) parts.set(nameOfEvidence(cause, evidence), part.file);
    }
    for (const step of part.steps) if (step.kind === 'check') parts.set(nameOfCheck(step), part.file);
  }
  return parts;
}

/** Every cause has to lead in one incident, and in another to lose to a rival although something speaks for it. */
export function findUnproved(stands: readonly Stand[], alone: boolean): readonly Unproved[] {
  return stands.flatMap((stand) => {
    const { suite, parts } = stand;
    const causes = causesOf(suite).filter((id) => !(alone && parts.has(id)));
    return causes.flatMap((cause): Unproved[] => {
      const where = parts.has(cause) ? stands.filter((other) => other.parts.has(cause)) : [stand];
      const expectations = where.flatMap(({ suite: { fixtures } }) => fixtures.map(({ expect }) => expect));
      const leads = expectations.some(({ leading }) => leading !== null && idOf(leading) === cause);
      const loses = expectations.some(
        ({ leading, over }) => leading !== null && over.some((key) => key !== leading && idOf(key) === cause),
      );
      return [
        ...(leads ? [] : [{ playbook: suite.id, cause, why: 'never-leads' as const }]),
        // A playbook of one cause has no rival to lose to.
        ...(loses || causesOf(suite).length === 1 ? [] : [{ playbook: suite.id, cause, why: 'never-loses' as const }]),
      ];
    });
  });
}

function causesOf({ playbook }: Suite): readonly string[] {
  return [...new Set(playbook.causes.map(({ id }) => id))];
}

const WHY: Readonly<Record<Unproved['why'], string>> = {
  'never-leads': 'leads in no incident',
  'never-loses': 'loses to a rival in no incident',
};

function describe({ fixtures, failed, unproved, mutated }: Result): string {
  const lines = [
    ...failed.flatMap(({ playbook, file, problems }) => [`${playbook}/${file}`, ...problems.map((problem) => `  ${problem}`)]),
    ...(mutated ? unproved : []).map(({ playbook, cause, why }) => `${playbook}: ${cause} ${WHY[why]}`),
    ...(mutated?.dead ?? []).map(({ kind, file, line, col, id, what }) => `${file}:${line}:${col}: dead ${kind}: ${id}: ${what}`),
    `${fixtures} incidents, ${failed.length} failed; ${new Set(unproved.map(({ playbook, cause }) => `${playbook} ${cause}`)).size} causes without a proof`,
    ...(mutated ? [`${mutated.mutants} mutants, ${mutated.dead.length} changed nothing`] : []),
  ];
  return lines.map((line) => `${escapeControlInLine(line)}\n`).join('');
}
