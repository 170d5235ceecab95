/** The facts of a journal, judged and diagnosed anew by another playbook and other thresholds. No host is met. */
import type { Event, EventData } from '../engine/events.ts';
import type { Plan } from '../engine/plan.ts';
import type { Observation, Prober } from '../engine/probe.ts';
import { createRecorder } from '../engine/recorder.ts';
import { run } from '../engine/run.ts';
import type { Session } from '../engine/session.ts';
import type { RunDeps } from '../engine/task.ts';
import type { Clock, Operator } from '../ports.ts';

export interface Replay {
  readonly events: readonly Event[];
  readonly past: Session;
  /** Of that night: tells which check each step was. */
  readonly thatNight: Plan;
  /** To judge by. */
  readonly now: Plan;
  readonly registry: RunDeps['registry'];
}

/** As it was found, before any fix: what a fix changed would hide what was wrong. */
export async function judgeAgain({ events, past, thatNight, now, registry }: Replay): Promise<Session> {
  const { clock, goToEnd } = stillClock(past);
  const journal = { sessionId: past.started.session, append: async () => undefined, close: async () => undefined };
  const recorder = createRecorder({ journal, clock, redact: (value) => ({ value, count: 0 }) }, undefined);
  const flags = { ...past.started.flags, interactive: false, allow_fix: [], deadline_ms: null };
  await recorder.record('session.started', { ...past.started, profile: { ...past.started.profile, data: now.profile }, flags });
  goToEnd();
  const { session } = await run({
    plan: now,
    registry,
    recorder,
    prober: recordedProber(events, thatNight),
    operator: recordedOperator(past),
    clock,
    actors: () => undefined,
    signal: new AbortController().signal,
  });
  return session;
}

function recordedProber(events: readonly Event[], thatNight: Plan): Prober {
  const found = new Map<string, Pick<EventData['step.finished'], 'facts' | 'judgement'>>();
  const verified = new Map<string, EventData['verify.finished']>();
  for (const event of events) {
    if (event.type === 'step.finished' && !found.has(event.data.key)) found.set(event.data.key, event.data);
    if (event.type === 'verify.finished' && !verified.has(event.data.key)) verified.set(event.data.key, event.data);
  }
  return async ({ key, check }): Promise<Observation> => {
    if (key.startsWith('verify:')) {
      const facts = verified.get(key.slice('verify:'.length))?.facts ?? null;
      return facts === null ? notRecorded('this was not verified that night') : { facts, redactions: 0 };
    }
    const step = thatNight.stepByKey.get(key)?.step;
    const recorded = step?.kind === 'check' && step.uses === check.id ? found.get(key) : undefined;
    if (!recorded) return notRecorded(`no ${check.id} was recorded for ${key}`);
    if (recorded.facts !== null) return { facts: recorded.facts, redactions: 0 };
    return { facts: null, redactions: 0, failure: recorded.judgement };
  };
}

function notRecorded(message: string): Observation {
  const unlock = 'run again on the host: what was not recorded cannot be judged';
  return { facts: null, redactions: 0, failure: { status: 'unknown', code: 'not-recorded', data: { message }, unlock } };
}

function recordedOperator({ answers }: Session): Operator {
  return {
    interactive: false,
    async ask({ id }) {
      const given = answers.get(id);
      return given ? { kind: 'answer', value: given.value, source: given.source } : { kind: 'nobody' };
    },
  };
}

/** When it began, then when it ended; pauses between probes take no time, and deadlines never come. */
function stillClock({ startedAt, lastAt }: Session): { readonly clock: Clock; goToEnd(): void } {
  let wallMs = startedAt;
  let monoMs = 0;
  const clock: Clock = {
    now: () => ({ wallMs, monoMs: ++monoMs }),
    sleep: async (ms) => (ms < 1_000 ? undefined : await new Promise(() => undefined)),
    turn: async () => undefined,
  };
  const goToEnd = (): void => {
    wallMs = lastAt;
  };
  return { clock, goToEnd };
}
