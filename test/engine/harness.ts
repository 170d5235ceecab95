/** A run without a host: canned facts by step instance, canned replies by question, a clock that only sleeps move. */
import { createHash } from 'node:crypto';
import { type CheckRegistry, defineCheck, gradeAbove } from '../../src/checks/check.ts';
import { showLimit } from '../../src/checks/limit.ts';
import { v } from '../../src/checks/schema.ts';
import type { Event, RunFlags } from '../../src/engine/events.ts';
import { fromEntry, toRecord } from '../../src/engine/events.ts';
import { fold } from '../../src/engine/fold.ts';
import { buildPlan, type Plan } from '../../src/engine/plan.ts';
import type { Observation, ProbeRequest, Prober } from '../../src/engine/probe.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { run } from '../../src/engine/run.ts';
import type { Session } from '../../src/engine/session.ts';
import type { RunDeps } from '../../src/engine/task.ts';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import type { Clock, CommandResult, HostActor, JournalRecord, Json, JsonObject, Operator, Question, Reply } from '../../src/ports.ts';

/** `{status}` as facts: the judgement is what the test says. */
const probe = (id: string) =>
  defineCheck<{ name?: string }, { status: 'ok' | 'warn' | 'fail'; code?: string; count?: number }>({
    id,
    phase: 'network',
    title: { en: id },
    params: v.looseObject({ name: v.optional(v.string()) }) as never,
    facts: v.looseObject({
      status: v.picklist(['ok', 'warn', 'fail']),
      code: v.optional(v.string()),
      count: v.optional(v.number()),
    }) as never,
    messages: { ok: { en: 'fine' }, warn: { en: 'so so' }, fail: { en: 'broken' }, expired: { en: 'expired' }, refused: { en: 'refused' } },
    example: {},
    probe: async () => ({ status: 'ok' }),
    judge: ({ status, code, count }) => ({ status, code: code ?? status, ...(count !== undefined && { value: count }) }),
  });

/** `{percent, mount}` as facts, judged against bounds that clear lower than they are passed. */
const graded = defineCheck<Record<string, never>, { percent: number; mount?: string }>({
  id: 'mem.available',
  phase: 'hardware',
  title: { en: 'graded' },
  params: v.looseObject({}) as never,
  facts: v.looseObject({ percent: v.number(), mount: v.optional(v.string()) }) as never,
  thresholds: { warn: 90, crit: 98, unit: '%', source: 'a project', clear: { warn: 80, crit: 90 } },
  messages: { ok: { en: 'fine' }, warn: { en: 'so so' }, fail: { en: 'broken' } },
  example: {},
  probe: async () => ({ percent: 0 }),
  judge: ({ percent, mount }, _params, limits) => {
    const grade = limits ? gradeAbove(percent, limits, mount) : 'ok';
    return { status: grade, code: grade, ...(mount !== undefined && { item: mount }), ...(limits && showLimit(percent, limits, grade)) };
  },
});

export const registry: CheckRegistry = {
  'cpu.util': { ...probe('cpu.util'), watchMs: 1_000 },
  'net.http': probe('net.http'),
  'net.tcp': probe('net.tcp'),
  'tls.cert': probe('tls.cert'),
  'disk.space': probe('disk.space'),
  'mem.available': graded,
};

export type Canned = Json | 'unknown' | 'hang' | ((request: ProbeRequest, call: number) => Json | 'unknown' | 'hang');

export interface Scenario {
  readonly yaml: string;
  readonly profile?: JsonObject;
  /** By step instance, or `verify:CAUSE#0`; `ok` where nothing is said. */
  readonly facts?: Readonly<Record<string, Canned>>;
  /** What happens while a step is probed; it is told what was begun so far. */
  readonly during?: Readonly<Record<string, (request: ProbeRequest, probed: readonly string[]) => Promise<void>>>;
  readonly replies?: Readonly<Record<string, Reply | ((question: Question, call: number) => Reply)>>;
  readonly interactive?: boolean;
  /** In place of every reply: what a person does at a question. */
  readonly waits?: (signal: AbortSignal) => Promise<Reply>;
  readonly flags?: Partial<RunFlags>;
  readonly symptom?: string;
  readonly act?: (argv: readonly string[]) => Partial<CommandResult>;
  readonly past?: readonly Event[];
  readonly recall?: RunDeps['recall'];
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: Event) => void;
}

export interface Outcome {
  readonly session: Session;
  readonly paused: boolean;
  readonly events: readonly Event[];
  readonly plan: Plan;
  readonly asked: readonly string[];
  readonly acted: readonly string[];
  readonly probed: readonly string[];
  /** Most probes that were in flight at once. */
  readonly widest: number;
}

export function planFrom(yaml: string, profile: JsonObject = {}): Plan {
  const parsed = parsePlaybook({
    file: 'test.yaml',
    text: yaml,
    registry,
    timeLimit: (evaluate) => evaluate(),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    include: () => undefined,
  });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ line, col, message }) => `${line}:${col} ${message}`).join('\n'));
  return buildPlan({ playbook: parsed.playbook, profile, inputs: {}, localHost: 'gw' });
}

export async function play(scenario: Scenario): Promise<Outcome> {
  const plan = planFrom(scenario.yaml, scenario.profile);
  const records: JournalRecord[] = [...(scenario.past ?? []).map(toRecord)];
  const past = scenario.past && fold(scenario.past);
  const journal = {
    sessionId: 'test',
    append: async (record: JournalRecord) => void records.push(structuredClone(record)),
    close: async () => undefined,
  };
  const clock = fakeClock();
  const observe = (event: Event): void => scenario.onEvent?.(event);
  const recorder = createRecorder({ journal, clock, redact: (value) => ({ value, count: 0 }), observe }, past);
  if (past) await recorder.record('session.resumed', { interactive: scenario.interactive ?? false, torn_bytes: 0, allow_fix: [] });
  else await recorder.record('session.started', startOf(scenario));
  const probing = cannedProber(scenario);
  const asked: string[] = [];
  const acted: string[] = [];
  const end = await run({
    plan,
    registry,
    recorder,
    prober: probing.prober,
    operator: cannedOperator(scenario, asked),
    clock,
    ...(scenario.recall && { recall: scenario.recall }),
    actors: () => cannedActor(scenario, acted),
    signal: scenario.signal ?? new AbortController().signal,
  });
  const events = records.map((record, seq) => fromEntry({ ...record, seq, prev_hash: '' }));
  return { ...end, events, plan, asked, acted, probed: probing.probed, widest: probing.widest() };
}

function startOf({ interactive = false, flags, symptom = '' }: Scenario) {
  return {
    schema_version: 1 as const,
    session: 'test-session',
    tool: { name: 'oor', version: '0' },
    playbook: { id: 'test', file: 'test.yaml', sha256: '', text: '', included: [] },
    profile: { file: '', sha256: '', data: {} },
    inputs: {},
    local_host: 'gw',
    language: 'en' as const,
    flags: { interactive, allow_fix: [], dry_run: false, concurrency: 8, since: 0, deadline_ms: null, ephemeral: false, ...flags },
    symptom,
  };
}

function cannedProber({ facts = {}, during: waits = {} }: Scenario): { prober: Prober; probed: string[]; widest: () => number } {
  const probed: string[] = [];
  let inFlight = 0;
  let widest = 0;
  const prober: Prober = async (request) => {
    const calls = probed.filter((key) => key === request.key).length;
    probed.push(request.key);
    inFlight++;
    widest = Math.max(widest, inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    if (waits[request.key]) await waits[request.key]?.(request, probed);
    const canned = facts[request.key] ?? { status: 'ok' };
    const given = typeof canned === 'function' ? canned(request, calls) : canned;
    if (given === 'hang' && !request.signal.aborted)
      await new Promise<void>((resolve) => request.signal.addEventListener('abort', () => resolve(), { once: true }));
    inFlight--;
    if (given === 'unknown' || given === 'hang')
      return {
        facts: null,
        redactions: 0,
        failure: { status: 'unknown', code: 'missing-tool', unlock: 'install it' },
      } satisfies Observation;
    return { facts: given, redactions: 0 };
  };
  return { prober, probed, widest: () => widest };
}

function cannedOperator({ replies = {}, interactive = false, waits }: Scenario, asked: string[]): Operator {
  return {
    interactive,
    async ask(question, signal) {
      const call = asked.filter((id) => id === question.id).length;
      asked.push(question.id);
      if (waits) return await waits(signal);
      const reply = replies[question.id];
      if (reply === undefined) return interactive ? { kind: 'skip', reason: 'no reply in the test' } : { kind: 'nobody' };
      const given = typeof reply === 'function' ? reply(question, call) : reply;
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      return given;
    },
  };
}

function cannedActor({ act }: Scenario, acted: string[]): HostActor {
  return {
    name: 'gw',
    async act(argv) {
      acted.push(argv.join(' '));
      return { argv, exitCode: 0, stdout: '', stderr: '', truncated: false, durationMs: 1, ...act?.(argv) };
    },
  };
}

/** Sleeping takes no time here, but the time shows. */
function fakeClock(): Clock {
  let now = 1_000_000;
  return {
    now: () => ({ wallMs: ++now, monoMs: now }),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      if (ms >= 60_000)
        return await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
    turn: async () => undefined,
  };
}

export const answer = (value: string | number | boolean): Reply => ({ kind: 'answer', value, source: 'operator' });
