/**
 * Plays one written-down incident through the real parser, checks and engine, without a host. A fixture says what each step saw (by step
 * instance key) and what the diagnosis has to be; a step that it does not mention saw a healthy world. Lines given for a log are read by the
 * log check itself, so that patterns are tested with what programs really write.
 */
import type { Check, CheckRegistry, ProbeContext } from '../checks/check.ts';
import { strictObject, v } from '../checks/schema.ts';
import { diagnose } from '../engine/diagnose.ts';
import type { EventData } from '../engine/events.ts';
import type { Plan } from '../engine/plan.ts';
import type { Observation, Prober } from '../engine/probe.ts';
import { createRecorder } from '../engine/recorder.ts';
import { run } from '../engine/run.ts';
import { NAMED, rankCauses } from '../engine/score.ts';
import type { Session } from '../engine/session.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { Clock, Host, Json, JsonObject, Operator } from '../ports.ts';
import { type Fixture, logLine } from './fixture-shape.ts';
import { type Shapes, shapeFacts } from './shape-facts.ts';

/** When every incident takes place; the window of interest is the half hour before. */
const NOW = Date.UTC(2026, 2, 11, 3, 20, 0);
const SINCE = NOW - 30 * 60_000;

export interface Stage {
  readonly registry: CheckRegistry;
  readonly shapes: Shapes;
  /** A machine that has this log and nothing else. */
  openLog(log: { readonly path: string; readonly lines: readonly string[]; readonly now: number }): Host;
}

export interface Played {
  readonly fixture: Fixture;
  readonly plan: Plan;
  readonly session: Session;
  readonly end: EventData['session.ended'];
  /** `CAUSE: EXPRESSION` of all evidence that was true. */
  readonly spoke: ReadonlySet<string>;
}

export async function playFixture(stage: Stage, fixture: Fixture, plan: Plan): Promise<Played> {
  refuseStrangers(fixture, plan);
  const clock = stillClock();
  const journal = { sessionId: 'fixture', append: async () => undefined, close: async () => undefined };
  const recorder = createRecorder({ journal, clock, redact: (value) => ({ value: structuredClone(value), count: 0 }) }, undefined);
  const interactive = Object.keys(fixture.answers).length > 0;
  await recorder.record('session.started', startOf(plan, interactive));
  const { session } = await run({
    plan,
    registry: stage.registry,
    recorder,
    prober: createProber(stage, fixture, plan),
    operator: answering(fixture, interactive),
    clock,
    actors: () => undefined,
    signal: new AbortController().signal,
  });
  if (!session.ended) throw new Error(`${fixture.file}: the run did not end`);
  return { fixture, plan, session, end: session.ended, spoke: trueEvidence(plan, session) };
}

function trueEvidence(plan: Plan, session: Session): ReadonlySet<string> {
  return new Set(
    rankCauses({ plan, ...session }).all.flatMap(({ instance, because }) => because.map(({ when }) => `${instance.cause.id}: ${when}`)),
  );
}

/** What of the expectations did not come true, one line each. */
export function compare(
  { expect }: Fixture,
  plan: Plan,
  session: Session,
  { registry, end }: { readonly registry: CheckRegistry; readonly end?: EventData['session.ended'] },
): string[] {
  const { causes, leading } = diagnose(plan, session, registry);
  const named = causes.filter(({ score }) => score >= NAMED).map(({ key }) => key);
  const wanted = expect.named ?? (expect.leading === null ? [] : [expect.leading]);
  const problems: string[] = [];
  const differ = (what: string, is: unknown, should: unknown): void => {
    if (JSON.stringify(is) !== JSON.stringify(should)) problems.push(`${what}: ${JSON.stringify(is)}, expected ${JSON.stringify(should)}`);
  };
  differ('leading', leading && named.includes(leading.key) ? leading.key : null, expect.leading);
  differ('named', named.toSorted(), wanted.toSorted());
  const { all } = rankCauses({ plan, ...session });
  for (const key of expect.over) {
    const rival = all.find(({ instance }) => instance.key === key);
    if (!rival?.because.some(({ effect }) => effect === 'supports')) problems.push(`${key} has nothing that speaks for it`);
  }
  for (const key of expect.confirmed) differ(`state of ${key}`, causes.find((cause) => cause.key === key)?.state, 'confirmed');
  for (const [key, status] of Object.entries(expect.path)) differ(`status of ${key}`, statusOf(plan, session, key), status);
  if (end) differ('verdict', [end.verdict, end.exit_code], [expect.verdict, expect.exit]);
  return problems;
}

/** Of a question: whether it was answered. */
function statusOf(plan: Plan, session: Session, key: string): string {
  if (session.answers.has(key)) return 'answered';
  return session.results.get(key)?.status ?? (plan.stepByKey.get(key)?.empty ? 'not-applicable' : 'unknown');
}

// ---------------------------------------------------------------------------------------------- the run

function startOf(plan: Plan, interactive: boolean): EventData['session.started'] {
  return {
    schema_version: 1,
    session: 'fixture',
    tool: { name: 'oor', version: '0' },
    playbook: { id: plan.playbook.id, file: '', sha256: '', text: '', included: [] },
    profile: { file: '', sha256: '', data: plan.profile },
    inputs: plan.inputs,
    local_host: plan.localHost,
    language: 'en',
    flags: { interactive, allow_fix: [], dry_run: false, concurrency: 16, since: SINCE, deadline_ms: null, ephemeral: false },
    symptom: '',
  };
}

/** A fixture that speaks of a step the plan does not have would prove nothing. */
function refuseStrangers({ facts, file }: Fixture, plan: Plan): void {
  for (const key of Object.keys(facts)) {
    const cause = /^verify:(.+)#(\d+)$/.exec(key);
    const verify = cause && plan.causes.find((each) => each.key === cause[1])?.cause.verify[Number(cause[2])];
    const known = cause ? verify?.kind === 'check' : plan.stepByKey.get(key)?.step.kind === 'check';
    if (!known) throw wrong(file, `the plan has no check ${key}`);
  }
}

function wrong(file: string, message: string): OorError {
  return new OorError({
    code: 'invalid-fixture',
    message: `${file}: ${message}`,
    hint: 'facts are written by step instance: STEP or STEP@TARGET',
    exitCode: ExitCode.invalidInput,
  });
}

function createProber(stage: Stage, fixture: Fixture, plan: Plan): Prober {
  const logs = collectLogs(fixture, plan);
  return async ({ key, check, params }) => {
    await Promise.resolve();
    const parsed = v.safeParse(check.params, params);
    if (!parsed.success) return failed('unknown', 'bad-params', parsed.issues[0].message);
    const said = fixture.facts[key];
    if (said === 'unknown') return failed('unknown', 'timed-out', 'not from here');
    if (said === 'not-applicable') return failed('not-applicable', 'unsupported', 'not here');
    const path = (params as { readonly file?: string }).file;
    if (isLog(check) && typeof path === 'string' && (said === undefined || isLines(said)))
      return { facts: (await check.probe(parsed.output, logContext(stage, path, logs.get(path) ?? []))) as Json, redactions: 0 };
    if (said === undefined && key.startsWith('verify:')) return failed('unknown', 'timed-out', 'nothing was written down');
    return { facts: { ...factsOf(stage, fixture, key, check), ...addressOf(check, params) }, redactions: 0 };
  };
}

function isLog({ id }: Check): boolean {
  return id === 'log.pattern' || id === 'log.status';
}

function isLines(said: Fixture['facts'][string]): boolean {
  return typeof said === 'object' && 'lines' in said && Array.isArray(said['lines']);
}

function failed(status: 'unknown' | 'not-applicable', code: string, message: string): Observation {
  return {
    facts: null,
    redactions: 0,
    failure: { status, code, data: { message }, ...(status === 'unknown' && { unlock: 'look there' }) },
  };
}

function logContext({ openLog }: Stage, path: string, lines: readonly string[]): ProbeContext {
  const refuse = (): never => {
    throw new Error('a log check needs its file only');
  };
  return {
    host: openLog({ path, lines, now: NOW }),
    net: {} as ProbeContext['net'],
    secrets: { reveal: refuse },
    pacer: { take: refuse },
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    since: SINCE,
    sleep: async () => undefined,
  };
}

/** What was recorded whole needs no shape. */
function factsOf({ shapes }: Stage, { facts, file }: Fixture, key: string, check: Check): JsonObject {
  const said = facts[key] ?? 'healthy';
  const name = typeof said === 'string' ? said : String(said['is'] ?? 'healthy');
  const { is: named, ...changed } = typeof said === 'string' ? { is: said } : (said as { readonly is?: unknown } & JsonObject);
  const whole = named === undefined ? v.safeParse(check.facts, changed) : undefined;
  if (whole?.success) return whole.output as JsonObject;
  return shapeFacts(shapes, check, { is: name, changed }, (message) => wrong(file, `${key}: ${message}`));
}

/** Shapes speak of no site; the address is the one that was asked. */
function addressOf(check: Check, params: Json): JsonObject {
  const { url } = params as { readonly url?: string };
  return check.id === 'net.http' && url !== undefined ? { url } : {};
}

/** Log path -> its lines. */
function collectLogs({ facts, file }: Fixture, plan: Plan): ReadonlyMap<string, readonly string[]> {
  const logs = new Map<string, readonly string[]>();
  for (const [key, said] of Object.entries(facts)) {
    const step = plan.stepByKey.get(key);
    if (step?.step.kind !== 'check' || !step.step.uses.startsWith('log.') || !isLines(said)) continue;
    const { file: path } = step.step.with.fill({ target: step.target?.data ?? {}, profile: plan.profile }) as { file: string };
    const lines = v.safeParse(strictObject({ lines: v.array(logLine) }), said);
    if (!lines.success) throw wrong(file, `${key}: ${lines.issues[0].message}`);
    logs.set(
      path,
      lines.output.lines.flatMap((each) => (typeof each === 'string' ? [each] : Array<string>(each.times).fill(each.line))),
    );
  }
  return logs;
}

function answering({ answers }: Fixture, interactive: boolean): Operator {
  return {
    interactive,
    async ask({ id }) {
      const value = answers[id];
      if (value !== undefined) return { kind: 'answer', value, source: 'operator' };
      return interactive ? { kind: 'skip', reason: 'nobody knows' } : { kind: 'nobody' };
    },
  };
}

function stillClock(): Clock {
  let now = NOW;
  return {
    now: () => ({ wallMs: ++now, monoMs: now }),
    // Pauses between probes take no time; deadlines never come.
    sleep: async (ms) => (ms < 1_000 ? undefined : await new Promise(() => undefined)),
    turn: async () => undefined,
  };
}
