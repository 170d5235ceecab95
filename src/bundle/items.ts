/** A journal -> what was captured, in the order of the steps, and what was not and why. Pure. */
import type { Artifact, CommandRecord, Event, SessionStarted } from '../engine/events.ts';
import { logsOfProfile } from '../engine/named-logs.ts';
import { type Absent, describeSource } from './manifest.ts';

/** A captured text with the step that it belongs to. `text` is there where the journal itself holds it. */
export interface Captured {
  readonly step: string;
  readonly artifact: Artifact;
  readonly text?: string;
}

/** The step of what no check asked for. */
const LOG_STEP = 'logs';

/** What a narrower window leaves lines out of. */
export function isLogIn({ profile }: SessionStarted): (captured: Captured) => boolean {
  const isNamed = logsOfProfile(profile.data);
  return ({ step, artifact }) => step === LOG_STEP || isNamed(artifact.source);
}

export function capturedIn(events: readonly Event[]): readonly Captured[] {
  return events.flatMap((event): readonly Captured[] => {
    switch (event.type) {
      case 'step.finished':
        return (event.data.artifacts ?? []).map((artifact) => ({ step: event.data.key, artifact }));
      case 'verify.finished':
        return (event.data.artifacts ?? []).map((artifact) => ({ step: `verify-${event.data.key}`, artifact }));
      case 'evidence.collected':
        return event.data.artifacts.map((artifact) => ({ step: LOG_STEP, artifact }));
      case 'fix.saved':
        return [ofCommand(event, event.data.command)];
      case 'fix.finished':
      case 'fix.rolled-back':
        return event.data.commands.map((command) => ofCommand(event, command));
      default:
        return [];
    }
  });
}

function ofCommand(event: Extract<Event, { type: `fix.${string}` }>, { argv, exit_code, output, duration_ms }: CommandRecord): Captured {
  const about = { source: { argv }, host: '', exit_code, at: event.at - duration_ms, duration_ms };
  const text = output === '' ? '' : `${output}\n`;
  return {
    step: `fix-${event.data.key}`,
    artifact: { ...about, collected: 'ok', bytes: text.length, truncated: false },
    text,
  };
}

export function absentIn(events: readonly Event[]): readonly Absent[] {
  const told = new Set(
    events.flatMap((event) => (event.type === 'step.finished' && event.data.judgement.status !== 'unknown' ? [event.data.key] : [])),
  );
  const artifacts = capturedIn(events).flatMap(({ step, artifact }): readonly Absent[] => {
    const { collected, why = '', unlock, source } = artifact;
    if (collected === 'ok') return [];
    // That a file is not there may be just what the check wanted to know: where it could tell, there is nothing to correct.
    const advice = unlock !== undefined && !(collected === 'not-found' && told.has(step)) && { unlock };
    return [{ step, what: describeSource(source), collected, why, ...advice }];
  });
  const all = [...artifacts, ...events.flatMap(absentStep)];
  const known = new Set<string>();
  return all.filter(({ step, what, why }) => {
    const key = JSON.stringify([step, what, why]);
    return !known.has(key) && known.add(key);
  });
}

const BY_CODE: Readonly<Record<string, Absent['collected']>> = {
  'missing-tool': 'not-installed',
  'not-found': 'not-found',
  'no-permission': 'no-permission',
  'timed-out': 'timed-out',
};

/** A whole step that could not tell, or was not taken. */
function absentStep(event: Event): readonly Absent[] {
  if (event.type === 'step.finished') {
    const { key, judgement } = event.data;
    if (judgement.status !== 'unknown') return [];
    const why = String(judgement.data?.['message'] ?? judgement.code);
    const collected = BY_CODE[judgement.code] ?? 'failed';
    return [{ step: key, what: 'the step', collected, why, ...(judgement.unlock !== undefined && { unlock: judgement.unlock }) }];
  }
  if (event.type === 'step.decided' && (event.data.reason === 'deadline' || event.data.reason === 'ended'))
    return [{ step: event.data.key, what: 'the step', collected: 'timed-out', why: event.data.detail, unlock: 'a longer --deadline' }];
  if (event.type === 'question.skipped')
    return [{ step: event.data.id, what: 'the answer', collected: 'skipped-by-operator', why: event.data.reason }];
  return [];
}
