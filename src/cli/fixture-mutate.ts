/**
 * Which parts of a playbook no incident needs. Each piece of evidence is taken away, each check is made blind. What changes no diagnosis, no
 * status of another step and no number of the impact in any incident is dead, or its incident is still to be written.
 */
import { diagnose } from '../engine/diagnose.ts';
import type { Plan } from '../engine/plan.ts';
import { NAMED } from '../engine/score.ts';
import type { Session, StepResult } from '../engine/session.ts';
import { conclude } from '../engine/verdict.ts';
import type { Cause, CheckStep, Evidence, Playbook, Position } from '../playbook/playbook.ts';
import { compare, type Played } from './fixture-play.ts';
import type { Suite } from './fixture-suite.ts';

export interface Dead extends Position {
  readonly kind: 'evidence' | 'check';
  readonly file: string;
  /** The cause of a piece of evidence, or the step. */
  readonly id: string;
  /** The expression, or the check. */
  readonly what: string;
}

export interface Mutated {
  readonly mutants: number;
  readonly dead: readonly Dead[];
}

/** A suite that was played. */
export interface Stand {
  readonly suite: Suite;
  readonly played: readonly Played[];
  /** What its playbook takes from parts, by `nameOfEvidence` and `nameOfCheck`, with the file of the part: proved in any playbook that uses it. */
  readonly parts: ReadonlyMap<string, string>;
}

export function nameOfEvidence({ id }: Cause, { when }: Evidence): string {
  return `${id}: ${when.text}`;
}

export function nameOfCheck({ id }: CheckStep): string {
  return `check ${id}`;
}

/** `alone`: the playbooks that use the same parts are not all here, so parts are left out. */
export async function mutate(stands: readonly Stand[], alone: boolean): Promise<Mutated> {
  const known = new Map<string, { alive: boolean; readonly dead: Dead }>();
  for (const stand of stands) {
    const judge = {
      ...stand,
      bases: new Map(stand.played.map((run) => [run, outcomeOf(stand.suite, run, run.plan, untested(run.session))])),
    };
    for (const { name, dead, decides } of mutantsOf(judge)) {
      const key = stand.parts.has(name) ? name : `${stand.suite.id}: ${name}`;
      const before = known.get(key);
      if (before?.alive || (alone && stand.parts.has(name))) continue;
      known.set(key, { alive: await decides(), dead: before?.dead ?? dead });
    }
  }
  const all = [...known.values()];
  return { mutants: all.length, dead: all.filter(({ alive }) => !alive).map(({ dead }) => dead) };
}

interface Judge extends Stand {
  readonly bases: ReadonlyMap<Played, string>;
}

interface Mutant {
  readonly name: string;
  readonly dead: Dead;
  readonly decides: () => boolean | Promise<boolean>;
}

function mutantsOf(judge: Judge): readonly Mutant[] {
  const { playbook } = judge.suite;
  const fileOf = (name: string): string => judge.parts.get(name) ?? playbook.file;
  const evidence = playbook.causes.flatMap((cause) =>
    cause.evidence.map((item, index): Mutant => {
      const name = nameOfEvidence(cause, item);
      const { line, col } = item.position;
      const dead: Dead = { kind: 'evidence', file: fileOf(name), line, col, id: cause.id, what: item.when.text };
      return { name, dead, decides: () => evidenceDecides(judge, cause, index) };
    }),
  );
  const steered = stepsThatSteer(playbook);
  const checks = playbook.steps.flatMap((step): Mutant[] => {
    if (step.kind !== 'check') return [];
    const name = nameOfCheck(step);
    const { line, col } = step.position;
    const dead: Dead = { kind: 'check', file: fileOf(name), line, col, id: step.id, what: step.uses };
    return [{ name, dead, decides: () => checkDecides(judge, step, steered) }];
  });
  return [...evidence, ...checks];
}

// ---------------------------------------------------------------------------------------------- evidence

function evidenceDecides(judge: Judge, cause: Cause, index: number): boolean {
  const name = nameOfEvidence(cause, cause.evidence[index] as Evidence);
  const poorer = { ...cause, evidence: cause.evidence.filter((_, at) => at !== index) };
  // Only an incident in which it is true can miss it.
  return judge.played.some((run) => run.spoke.has(name) && changes(judge, run, cause, poorer));
}

function changes({ suite, bases }: Judge, run: Played, cause: Cause, mutant: Cause): boolean {
  const causes = run.plan.causes.map((each) => (each.cause === cause ? { ...each, cause: mutant } : each));
  return outcomeOf(suite, run, { ...run.plan, causes }, untested(run.session)) !== bases.get(run);
}

// ---------------------------------------------------------------------------------------------- checks

async function checkDecides({ suite, played, bases }: Judge, step: CheckStep, steered: ReadonlySet<string>): Promise<boolean> {
  const own = (run: Played) => run.plan.steps.filter((instance) => instance.step.id === step.id && !instance.empty).map(({ key }) => key);
  const speaks = (run: Played): number => (own(run).some((key) => key in run.fixture.facts) ? 0 : 1);
  for (const run of played.toSorted((one, other) => speaks(one) - speaks(other))) {
    const keys = own(run);
    if (keys.length === 0) continue;
    if (outcomeOf(suite, run, run.plan, untested(blind(run.session, keys))) !== bases.get(run)) return true;
    // Only these decide whether and how others run.
    if (!steered.has(step.id)) continue;
    const unseen = Object.fromEntries(keys.map((key) => [key, 'unknown']));
    const again = await suite.play({ ...run.fixture, facts: { ...run.fixture.facts, ...unseen } });
    if (statusesBut(keys, again.session) !== statusesBut(keys, run.session)) return true;
  }
  return false;
}

/** What an experiment said is left out: without its evidence a cause would not have been tested. */
function untested(session: Session): Session {
  return { ...session, verifications: new Map() };
}

function blind(session: Session, keys: readonly string[]): Session {
  const unseen = (result: StepResult): StepResult => {
    if (!keys.includes(result.key)) return result;
    const { judgement: _, ...rest } = result;
    return { ...rest, status: 'unknown', facts: null };
  };
  return {
    ...session,
    results: new Map([...session.results].map(([key, result]) => [key, unseen(result)])),
    history: session.history.map(unseen),
  };
}

function stepsThatSteer({ steps }: Playbook): ReadonlySet<string> {
  return new Set(
    steps.flatMap((step) => [
      ...step.needs,
      ...(step.if?.steps ?? []),
      ...(step.kind === 'check' ? [...step.with.steps, ...(step.on?.steps ?? [])] : []),
    ]),
  );
}

function statusesBut(keys: readonly string[], { results }: Session): string {
  return JSON.stringify(
    [...results.values()]
      .filter(({ key }) => !keys.includes(key))
      .map(({ key, status }) => [key, status])
      .sort(),
  );
}

// ---------------------------------------------------------------------------------------------- outcome

/** All that an operator or a pipeline acts on. */
function outcomeOf({ registry }: Suite, { fixture }: Played, plan: Plan, session: Session): string {
  const diagnosis = diagnose(plan, session, registry);
  const { causes, leading, scope } = diagnosis;
  const named = causes.filter(({ score }) => score >= NAMED).map(({ key, state, fixes }) => [key, state, fixes.map((offer) => offer.key)]);
  return JSON.stringify([
    compare(fixture, plan, session, { registry }),
    leading?.key,
    named.sort(),
    scope,
    conclude(plan, session, diagnosis),
  ]);
}

/** `tls.expired` of `tls.expired@web`. */
export function idOf(key: string): string {
  return key.split('@')[0] as string;
}
