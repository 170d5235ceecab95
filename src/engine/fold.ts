/** Events -> Session: the whole state of an incident as a fold of its journal. Pure. */
import type { Event, EventData } from './events.ts';
import type { FixState, Session, StepResult } from './session.ts';

export function fold(events: readonly Event[]): Session {
  const [first, ...rest] = events;
  if (first?.type !== 'session.started') throw new Error('a journal begins with session.started');
  return rest.reduce(apply, begin(first));
}

export function begin(event: Extract<Event, { type: 'session.started' }>): Session {
  return {
    started: event.data,
    startedAt: event.at,
    lastAt: event.at,
    seq: 0,
    loop: 0,
    since: event.data.flags.since,
    results: new Map(),
    history: [],
    running: new Map(),
    answers: new Map(),
    unanswered: new Map(),
    notes: [],
    notices: new Map(),
    told: [],
    taken: new Set(),
    verifying: new Set(),
    verifications: new Map(),
    pastVerifications: [],
    fixes: new Map(),
    rehearsals: new Map(),
    mitigating: false,
    deadlinePassed: false,
    interactive: event.data.flags.interactive,
    allowFix: event.data.flags.allow_fix,
    soak: { samples: 0, failed: 0 },
    issuers: {},
  };
}

export function apply(session: Session, event: Event): Session {
  const next = { ...session, lastAt: event.at, seq: session.seq + 1, issuers: addIssuers(session.issuers, event) };
  switch (event.type) {
    case 'session.started':
    case 'evidence.collected':
      return next;
    case 'session.resumed':
      return resume(next, event.data);
    case 'step.started':
      return {
        ...next,
        running: withEntry(session.running, event.data.key, { params: event.data.params, host: event.data.host, at: event.at }),
      };
    case 'step.finished':
      return finishStep(next, event.data, event.at);
    case 'step.decided':
      return decideStep(next, event.data, event.at);
    case 'answer.given':
      return {
        ...next,
        answers: withEntry(session.answers, event.data.id, { ...event.data, at: event.at, seq: next.seq }),
        unanswered: without(session.unanswered, event.data.id),
      };
    case 'answer.withdrawn':
      return { ...next, answers: without(session.answers, event.data.id), unanswered: without(session.unanswered, event.data.id) };
    case 'question.skipped':
      return { ...next, unanswered: withEntry(session.unanswered, event.data.id, { by: 'operator', reason: event.data.reason }) };
    case 'question.unanswered':
      return { ...next, unanswered: withEntry(session.unanswered, event.data.id, { by: 'nobody', reason: 'nobody could answer' }) };
    case 'note.added':
      return addNote(next, event.data, event.at);
    case 'notice.due':
      return { ...next, notices: withEntry(session.notices, event.data.notice, event.data) };
    case 'notice.finished':
      return { ...next, told: [...session.told, event.data], taken: withId(session.taken, event.data.id) };
    case 'verify.started':
      return { ...next, verifying: new Set([...session.verifying, event.data.key]) };
    case 'verify.finished':
      return finishVerification(next, event.data);
    case 'rehearsal.finished':
      return { ...next, rehearsals: withEntry(session.rehearsals, event.data.key, event.data.command) };
    case 'mitigation.requested':
      return { ...next, mitigating: true };
    case 'mitigation.closed':
      return { ...next, mitigating: false };
    case 'fix.validated':
      // One that stopped the bleeding is enough: the others need not be offered any more.
      return { ...applyFixEvent(next, event), mitigating: session.mitigating && !event.data.ok };
    case 'loop.started':
      return startLoop(next, event.data);
    case 'soak.sampled':
      return { ...next, soak: { samples: session.soak.samples + 1, failed: session.soak.failed + (event.data.ok ? 0 : 1) } };
    case 'soak.finished':
      return { ...next, soak: { ...session.soak, finished: event.data.ok } };
    case 'deadline.passed':
      return { ...next, deadlinePassed: true };
    case 'session.interrupted':
      return { ...next, interrupted: event.data.signal };
    case 'session.ended':
      return { ...next, ended: event.data, endedAt: event.at };
    default:
      return applyFixEvent(next, event);
  }
}

function addNote(session: Session, data: EventData['note.added'], at: number): Session {
  const { id, by, text, at: written, classified_at: classifiedAt, notified_at: notifiedAt } = data;
  const note = {
    at: written ?? at,
    text,
    ...(by !== undefined && { by }),
    ...(classifiedAt !== undefined && { classifiedAt }),
    ...(notifiedAt !== undefined && { notifiedAt }),
  };
  return { ...session, notes: [...session.notes, note], taken: withId(session.taken, id) };
}

function withId(taken: Session['taken'], id: string | undefined): Session['taken'] {
  return id === undefined ? taken : new Set([...taken, id]);
}

function addIssuers(before: Session['issuers'], { data }: Event): Session['issuers'] {
  const found = ('artifacts' in data ? (data.artifacts ?? []) : []).flatMap(({ issuers = {} }) => Object.entries(issuers));
  if (found.length === 0) return before;
  const sum = { ...before };
  for (const [issuer, cards] of found) sum[issuer] = (sum[issuer] ?? 0) + cards;
  return sum;
}

function resume(session: Session, { interactive, allow_fix }: EventData['session.resumed']): Session {
  const { ended: _ended, endedAt: _endedAt, interrupted: _interrupted, ...rest } = session;
  const fixes = new Map(
    [...session.fixes].map(([key, fix]) => [key, fix.stage === 'running' ? { ...fix, stage: 'interrupted' as const } : fix]),
  );
  const nobody = [...session.unanswered].filter(([, { by }]) => by === 'operator');
  return {
    ...rest,
    running: new Map(),
    verifying: new Set(session.verifications.keys()),
    fixes,
    interactive,
    allowFix: [...new Set([...session.allowFix, ...allow_fix])],
    unanswered: new Map(interactive ? nobody : session.unanswered),
    deadlinePassed: false,
    mitigating: false,
  };
}

function finishStep(session: Session, data: EventData['step.finished'], at: number): Session {
  const run = session.running.get(data.key);
  const result: StepResult = {
    key: data.key,
    loop: data.loop,
    seq: session.seq,
    status: data.judgement.status,
    judgement: data.judgement,
    facts: data.facts,
    durationMs: data.duration_ms,
    attempts: data.attempts,
    startedAt: run?.at ?? at,
    endedAt: at,
    params: run?.params ?? null,
    host: run?.host ?? session.started.local_host,
  };
  return addResult({ ...session, running: without(session.running, data.key) }, result);
}

function decideStep(session: Session, data: EventData['step.decided'], at: number): Session {
  return addResult(session, {
    key: data.key,
    loop: data.loop,
    seq: session.seq,
    status: data.status,
    ...(data.status === 'unknown' && { judgement: { status: 'unknown' as const, code: data.reason, data: { message: data.detail } } }),
    facts: null,
    durationMs: 0,
    attempts: [],
    reason: data.detail,
    startedAt: at,
    endedAt: at,
    params: null,
    host: session.started.local_host,
  });
}

function addResult(session: Session, result: StepResult): Session {
  return { ...session, results: withEntry(session.results, result.key, result), history: [...session.history, result] };
}

function startLoop(session: Session, { loop, since }: EventData['loop.started']): Session {
  return {
    ...session,
    loop,
    since,
    pastVerifications: [...session.pastVerifications, ...session.verifications.values()],
    verifications: new Map(),
    verifying: new Set(),
    rehearsals: new Map(),
  };
}

function finishVerification(session: Session, { key, loop, outcome, detail }: EventData['verify.finished']): Session {
  return { ...session, verifications: withEntry(session.verifications, key, { key, loop, outcome, detail }) };
}

type FixEvent = Extract<Event, { type: `fix.${string}` }>;

function applyFixEvent(session: Session, event: FixEvent): Session {
  const before = session.fixes.get(event.data.key) ?? {
    key: event.data.key,
    stage: 'consented' as const,
    guided: false,
    saved: {},
    commands: [],
    at: event.at,
    loop: session.loop,
  };
  const after = { ...before, ...advanceFix(before, event), at: event.at, loop: session.loop };
  return { ...session, fixes: withEntry(session.fixes, event.data.key, after) };
}

function advanceFix(before: FixState, event: FixEvent): Partial<FixState> {
  switch (event.type) {
    case 'fix.declined':
      return { stage: 'declined', reason: event.data.reason };
    case 'fix.consented':
      return { stage: 'consented', commands: [], guided: event.data.guided };
    case 'fix.saved':
      return { saved: { ...before.saved, [event.data.name]: event.data.command.output } };
    case 'fix.started':
      return { stage: 'running' };
    case 'fix.planned':
      return { stage: 'planned' };
    case 'fix.finished':
      return { stage: event.data.ok ? 'applied' : 'failed', commands: event.data.commands };
    case 'fix.validated':
      return { stage: event.data.ok ? 'validated' : 'not-validated' };
    case 'fix.rolled-back':
      return { stage: event.data.ok ? 'rolled-back' : 'rollback-failed', reason: event.data.reason };
  }
}

function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value);
}

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
