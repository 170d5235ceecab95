/**
 * Plays one written-down incident through the real parser, checks and engine, without a host. A fixture says what each
 * step saw (by step instance key) and what the diagnosis has to be; a step it does not mention saw a healthy world.
 * Lines given for a log are read by the log check itself, so that patterns are tested with what programs really write.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../../src/checks/check.ts';
import { strictObject, v } from '../../src/checks/schema.ts';
import { type Diagnosis, diagnose } from '../../src/engine/diagnose.ts';
import type { EventData } from '../../src/engine/events.ts';
import { buildPlan, type Plan } from '../../src/engine/plan.ts';
import type { Observation, Prober } from '../../src/engine/probe.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { run } from '../../src/engine/run.ts';
import { rankCauses } from '../../src/engine/score.ts';
import type { Session } from '../../src/engine/session.ts';
import type { Playbook } from '../../src/playbook/playbook.ts';
import type { Clock, JournalRecord, Json, JsonObject, Operator } from '../../src/ports.ts';
import { checks as registry } from '../checks/registry.ts';
import { type Fixture, logLine, readFixture, readPlaybook, readProfile, readYaml } from './fixture-files.ts';
import { logContext } from './log-context.ts';

/** When every scenario takes place; the window of interest is the half hour before. */
const NOW = Date.UTC(2026, 2, 11, 3, 20, 0);
const SINCE = NOW - 30 * 60_000;

export interface Played {
  readonly fixture: Fixture;
  readonly plan: Plan;
  readonly session: Session;
  readonly end: EventData['session.ended'];
  /** `CAUSE: EXPRESSION` of all evidence that was true. */
  readonly spoke: ReadonlySet<string>;
}

export interface Suite {
  readonly id: string;
  readonly playbook: Playbook;
  readonly fixtures: readonly Fixture[];
  play(fixture: Fixture): Promise<Played>;
}

export function openSuite(id: string): Suite {
  const folder = join('playbooks', 'fixtures', id);
  const playbook = readPlaybook(join('playbooks', `${id}.yaml`));
  const shapes = readYaml(join('playbooks', 'fixtures', '_shapes.yaml')) as Record<string, Record<string, JsonObject>>;
  const profiles = new Map(
    readdirSync(join(folder, '_profiles')).map((file) => [file.replace('.yaml', ''), readProfile(join(folder, '_profiles', file))]),
  );
  const fixtures = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && !file.startsWith('_'))
    .map((file) => readFixture(join(folder, file), file));
  return {
    id,
    playbook,
    fixtures,
    play: async (fixture) => {
      const profile = fixture.profile === 'none' ? {} : profiles.get(fixture.profile);
      if (!profile) throw new Error(`${fixture.file}: no profile ${fixture.profile}`);
      const plan = buildPlan({ playbook, profile, inputs: {}, localHost: 'pay-1' });
      return await play(fixture, plan, shapes);
    },
  };
}

/** What of the expectations did not come true, one line each. */
export function compare(fixture: Fixture, plan: Plan, session: Session, end?: EventData['session.ended']): string[] {
  const { expect } = fixture;
  const { causes, leading }: Diagnosis = diagnose(plan, session, registry);
  const named = causes.filter(({ score }) => score >= 0.5).map(({ key }) => key);
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
  if (end) differ('verdict', [end.verdict, end.exit_code], [expect.verdict, expect.exit]);
  return problems;
}

// ---------------------------------------------------------------------------------------------- the run

type Shapes = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

async function play(fixture: Fixture, plan: Plan, shapes: Shapes): Promise<Played> {
  refuseStrangers(fixture, plan);
  const records: JournalRecord[] = [];
  const journal = {
    sessionId: 'fixture',
    append: async (record: JournalRecord) => void records.push(structuredClone(record)),
    close: async () => undefined,
  };
  const clock = stillClock();
  const recorder = createRecorder({ journal, clock, redact: (value) => ({ value, count: 0 }), observe: () => undefined }, undefined);
  const interactive = Object.keys(fixture.answers).length > 0;
  await recorder.record('session.started', startOf(plan, interactive));
  const { session } = await run({
    plan,
    registry,
    recorder,
    prober: createProber(fixture, plan, shapes),
    operator: answering(fixture, interactive),
    clock,
    actors: () => undefined,
    signal: new AbortController().signal,
  });
  const end = records.findLast(({ type }) => type === 'session.ended')?.data as EventData['session.ended'] | undefined;
  if (!end) throw new Error(`${fixture.file}: the run did not end`);
  const spoke = rankCauses({ plan, ...session }).all.flatMap(({ instance, because }) =>
    because.map(({ when }) => `${instance.cause.id}: ${when}`),
  );
  return { fixture, plan, session, end, spoke: new Set(spoke) };
}

function startOf(plan: Plan, interactive: boolean): EventData['session.started'] {
  return {
    schema_version: 1,
    session: 'fixture',
    tool: { name: 'oor', version: '0' },
    playbook: { id: plan.playbook.id, file: '', sha256: '', text: '', included: [] },
    profile: { file: '', sha256: '', data: plan.profile },
    inputs: {},
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
    if (!known) throw new Error(`${file}: the plan has no check ${key}`);
  }
}

function createProber(fixture: Fixture, plan: Plan, shapes: Shapes): Prober {
  const logs = collectLogs(fixture, plan);
  return async ({ key, check, params }) => {
    await Promise.resolve();
    const parsed = v.safeParse(check.params, params);
    if (!parsed.success) return failed('bad-params', parsed.issues[0].message);
    const said = fixture.facts[key];
    if (said === 'unknown') return failed('timed-out', 'not from here');
    const path = (params as { readonly file?: string }).file;
    if ((check.id === 'log.pattern' || check.id === 'log.status') && typeof path === 'string')
      return {
        facts: (await check.probe(parsed.output, logContext(path, logs.get(path) ?? [], { now: NOW, since: SINCE }))) as Json,
        redactions: 0,
      };
    if (said === undefined && key.startsWith('verify:')) return failed('timed-out', 'nothing was written down');
    return { facts: { ...factsOf(fixture, key, check, shapes), ...addressOf(check, params) }, redactions: 0 };
  };
}

function failed(code: string, message: string): Observation {
  return { facts: null, redactions: 0, failure: { status: 'unknown', code, data: { message }, unlock: 'look there' } };
}

function factsOf({ facts, file }: Fixture, key: string, check: Check, shapes: Shapes): JsonObject {
  const said = facts[key] ?? 'healthy';
  const name = typeof said === 'string' ? said : String(said['is'] ?? 'healthy');
  const shape = shapes[check.id]?.[name];
  if (!shape) throw new Error(`${file}: ${check.id} has no shape ${name}`);
  const { is: _is, ...changed } = typeof said === 'string' ? {} : said;
  const parsed = v.safeParse(check.facts, { ...shape, ...changed });
  if (!parsed.success) throw new Error(`${file}: ${key}: ${v.getDotPath(parsed.issues[0])}: ${parsed.issues[0].message}`);
  const strangers = Object.keys(changed).filter((each) => !Object.hasOwn(parsed.output as object, each));
  if (strangers.length > 0) throw new Error(`${file}: ${key}: ${check.id} has no fact ${strangers.join(', ')}`);
  return parsed.output as JsonObject;
}

/** Shapes speak of no site; the address is the one that was asked. */
function addressOf(check: Check, params: Json): JsonObject {
  const { url } = params as { readonly url?: string };
  return check.id === 'net.http' && url !== undefined ? { url } : {};
}

/** Log path -> its lines. A log step's facts can only be lines. */
function collectLogs({ facts, file }: Fixture, plan: Plan): ReadonlyMap<string, readonly string[]> {
  const logs = new Map<string, readonly string[]>();
  for (const [key, said] of Object.entries(facts)) {
    const step = plan.stepByKey.get(key);
    if (step?.step.kind !== 'check' || !step.step.uses.startsWith('log.') || typeof said === 'string') continue;
    const { file: path } = step.step.with.fill({ target: step.target?.data ?? {}, profile: plan.profile }) as { file: string };
    const lines = v.safeParse(strictObject({ lines: v.array(logLine) }), said);
    if (!lines.success) throw new Error(`${file}: ${key}: ${lines.issues[0].message}`);
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
  };
}
