/** What ran, runs and shall run. */
import { type PhaseCount, type RunningStep, type StepStatus, worseOf } from './progress-lines.ts';
import type { DecidedStep, FinishedStep, StartedStep } from './progress-port.ts';
import type { TableRow } from './progress-table.ts';

/** They ask for nothing, and stand in the table as long as their phase is under way. */
const QUIET: readonly StepStatus[] = ['ok'];
/** They stand there, too, where nothing scrolls by; a failure even when its phase is over. */
const LOUD: readonly StepStatus[] = ['fail', 'warn', 'unknown'];

/** `quiet`: beside what scrolls by. */
type Extent = 'quiet' | 'all';

export interface EndedPhase {
  readonly id: string;
  readonly worst: StepStatus;
  readonly counts: ReadonlyMap<StepStatus, number>;
  readonly durationMs: number;
}

interface Phase {
  planned: number;
  started: number;
  done: number;
  worst: StepStatus;
  since: number | undefined;
  counts: Map<StepStatus, number>;
  /** Of the last time that it ended. */
  whole: EndedPhase | undefined;
}

interface Ended extends FinishedStep {
  readonly timeoutMs: number;
}

export function createBoard(now: () => number) {
  const startedAt = now();
  const running = new Map<string, StartedStep & { readonly since: number }>();
  const ended = new Map<string, Ended & { readonly of: string }>();
  const phases = new Map<string, Phase>();
  const counts = new Map<StepStatus, number>();
  const phaseOf = (id = ''): Phase => {
    const phase = phases.get(id) ?? openPhase();
    phases.set(id, phase);
    return phase;
  };
  // A phase that is looked at once more begins anew.
  const reopen = (id = ''): Phase => {
    const phase = phaseOf(id);
    if (phase.whole) phases.set(id, { ...openPhase(), planned: phase.planned });
    return phaseOf(id);
  };
  const close = ({ id, phase: name = '', status }: DecidedStep): EndedPhase | undefined => {
    const phase = reopen(name);
    // A step may end without having started: its condition was not met.
    if (!running.delete(id)) phase.started += 1;
    phase.done += 1;
    phase.worst = worseOf(phase.worst, status);
    phase.counts.set(status, (phase.counts.get(status) ?? 0) + 1);
    if (phase.planned === 0 || phase.done < Math.max(phase.planned, phase.started)) return undefined;
    for (const [key, { of, status: was }] of ended) if (of === name && was !== 'fail') ended.delete(key);
    phase.whole = { id: name, worst: phase.worst, counts: phase.counts, durationMs: now() - (phase.since ?? now()) };
    return phase.whole;
  };
  return {
    plan(planned: readonly { readonly id: string; readonly steps: number }[]): void {
      for (const { id, steps } of planned) phaseOf(id).planned = steps;
    },
    start(step: StartedStep): void {
      running.set(step.id, { ...step, since: now() });
      const phase = reopen(step.phase);
      phase.started += 1;
      phase.since ??= now();
    },
    /** The phase that ends with it, if one does. */
    finish(step: FinishedStep): EndedPhase | undefined {
      const begun = running.get(step.id);
      const id = step.phase ?? begun?.phase;
      ended.delete(step.id);
      if ([...QUIET, ...LOUD].includes(step.status)) ended.set(step.id, { ...step, timeoutMs: begun?.timeoutMs ?? 0, of: id ?? '' });
      counts.set(step.status, (counts.get(step.status) ?? 0) + 1);
      return close({ id: step.id, status: step.status, ...(id !== undefined && { phase: id }) });
    },
    decide: close,
    /** In the order of the phases. */
    over: (): EndedPhase[] => [...phases.values()].flatMap(({ whole }) => whole ?? []),
    counts: () => counts,
    elapsedMs: () => now() - startedAt,
    running: (): RunningStep[] => [...running.values()].map(({ id, since, timeoutMs }) => ({ id, timeoutMs, elapsedMs: now() - since })),
    phases: (): PhaseCount[] =>
      [...phases].map(([id, { planned, started, done, worst }]) => ({ id, done, worst, total: Math.max(planned, started) })),
    rows: (extent: Extent): TableRow[] => [
      ...[...ended.values()].filter(({ status }) => extent === 'all' || QUIET.includes(status)).map(rowOf),
      ...[...running.values()].map(({ id, since, timeoutMs }) => ({ id, state: 'running' as const, timeoutMs, elapsedMs: now() - since })),
    ],
  };
}

function rowOf({ id, status, value, limit, picture, durationMs, timeoutMs }: Ended): TableRow {
  return {
    id,
    state: status,
    ...(value !== undefined && { value }),
    ...(limit !== undefined && { limit }),
    ...(picture && { picture }),
    elapsedMs: durationMs,
    timeoutMs,
  };
}

function openPhase(): Phase {
  return { planned: 0, started: 0, done: 0, worst: 'not-applicable', since: undefined, counts: new Map(), whole: undefined };
}
