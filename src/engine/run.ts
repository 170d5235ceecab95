/** The loop: decide (pure), act through a port, record, fold. */
import { diagnose } from './diagnose.ts';
import { applyFix, offerFix, rollBackFix, validateFix } from './fix.ts';
import { type NextStep, nextStep } from './next-step.ts';
import { probeStep } from './probe-step.ts';
import { askStep } from './question.ts';
import type { Session, StepResult } from './session.ts';
import type { RunDeps, TaskDeps } from './task.ts';
import { conclude } from './verdict.ts';
import { verifyCause } from './verify.ts';

/** What a run ended with; `paused`: the operator quit or a signal came, and it can be resumed. */
export interface RunEnd {
  readonly session: Session;
  readonly paused: boolean;
}

/** Longest that others wait for the first looks of those that watch. */
const FIRST_LOOK_MS = 100;

export async function run(deps: RunDeps): Promise<RunEnd> {
  const loop = createLoop(deps);
  const stopDeadline = armDeadline(deps, loop);
  try {
    return await turn(deps, loop);
  } finally {
    stopDeadline();
    loop.over.abort();
    loop.work.abort();
    await Promise.allSettled(loop.tasks);
  }
}

interface Loop {
  readonly tasks: Set<Promise<void>>;
  /** Of probes that watch: until each has taken its first look. */
  readonly looking: Set<Promise<void>>;
  /** Ends what is in flight: at the deadline, and when the run is over. */
  readonly work: AbortController;
  /** Aborted when nothing may be recorded any more. */
  readonly over: AbortController;
  readonly busy: { asking: boolean; acting: boolean };
  readonly interrupted: Promise<void>;
  quit: string | undefined;
  defect: { readonly error: unknown } | undefined;
}

function createLoop({ signal }: RunDeps): Loop {
  const interrupted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const controllers = { work: new AbortController(), over: new AbortController() };
  return {
    tasks: new Set(),
    looking: new Set(),
    ...controllers,
    busy: { asking: false, acting: false },
    interrupted,
    quit: undefined,
    defect: undefined,
  };
}

async function turn(deps: RunDeps, loop: Loop): Promise<RunEnd> {
  const { plan, recorder, signal } = deps;
  for (;;) {
    if (signal.aborted) loop.quit ??= String(signal.reason);
    if (loop.defect) throw loop.defect.error;
    if (loop.quit !== undefined) {
      loop.over.abort();
      await recorder.record('session.interrupted', { signal: loop.quit });
      return { session: recorder.session(), paused: true };
    }
    const step = nextStep(plan, recorder.session(), loop.busy);
    if (step.kind === 'end') return await endRun(deps);
    if (step.kind === 'wait') {
      if (loop.tasks.size === 0) throw new Error('nothing runs and nothing can start: the plan cannot be decided');
      await Promise.race([...loop.tasks, loop.interrupted]);
      continue;
    }
    if (step.kind === 'probe' && step.step.watchMs === undefined) await letLook(deps, loop);
    await takeStep(deps, loop, step);
  }
}

/** What watches takes its first look before all else asks for the processor: its time begins with that. */
async function letLook({ clock }: RunDeps, { looking, interrupted }: Loop): Promise<void> {
  if (looking.size === 0) return;
  const over = new AbortController();
  const enough = clock.sleep(FIRST_LOOK_MS, over.signal).catch(() => undefined);
  await Promise.race([Promise.all(looking), enough, interrupted]);
  over.abort();
  looking.clear();
}

async function takeStep(deps: RunDeps, loop: Loop, step: Exclude<NextStep, { kind: 'end' | 'wait' }>): Promise<void> {
  const { recorder, clock } = deps;
  const session = recorder.session();
  const signals = { signal: AbortSignal.any([deps.signal, loop.work.signal]), over: AbortSignal.any([deps.signal, loop.over.signal]) };
  const task: TaskDeps = { ...deps, ...signals };
  switch (step.kind) {
    case 'decide':
      return start(
        loop,
        recorder.record('step.decided', {
          key: step.key,
          loop: session.loop,
          status: step.status,
          reason: step.reason,
          detail: step.detail,
        }),
      );
    case 'probe':
      return startProbe(loop, task, step);
    case 'recall':
      return await recallResult(deps, step.result);
    case 'ask':
      return start(loop, pausable(loop, askStep(task, step.step)), 'asking');
    case 'verify':
      return start(loop, pausable(loop, verifyCause(task, step)), step.verify.kind === 'ask' ? 'asking' : undefined);
    case 'offer-fix':
      return start(loop, pausable(loop, offerFix(task, step.offer)), 'asking');
    case 'close-mitigation':
      return await recorder.record('mitigation.closed', {});
    case 'apply-fix':
      return start(loop, applyFix(task, step.offer), 'acting');
    case 'validate-fix':
      return start(loop, validateFix(task, step.offer), 'acting');
    case 'roll-back':
      return start(loop, rollBackFix(task, step.offer), 'acting');
    case 'loop':
      return await recorder.record('loop.started', { loop: session.loop + 1, since: clock.now().wallMs });
  }
}

function startProbe(loop: Loop, task: TaskDeps, step: Extract<NextStep, { kind: 'probe' }>): void {
  if (step.step.watchMs === undefined) return start(loop, probeStep(task, step));
  let waits: () => void = () => undefined;
  const looked = new Promise<void>((resolve) => {
    waits = resolve;
  });
  loop.looking.add(looked);
  start(loop, probeStep({ ...task, onWait: waits }, step).finally(waits));
}

/** A probe that is not made again; when it was made stands in its first record. */
async function recallResult({ recorder }: RunDeps, { key, judgement, facts, durationMs, attempts }: StepResult): Promise<void> {
  const { loop } = recorder.session();
  if (judgement) await recorder.record('step.finished', { key, loop, judgement, facts, duration_ms: durationMs, attempts, redactions: 0 });
}

function start(loop: Loop, job: Promise<void>, flag?: 'asking' | 'acting'): void {
  const { tasks, busy } = loop;
  if (flag) busy[flag] = true;
  const task = job
    .catch((error: unknown) => {
      loop.defect ??= { error };
    })
    .finally(() => {
      tasks.delete(task);
      if (flag) busy[flag] = false;
    });
  tasks.add(task);
}

/** A question may end with the wish to pause the run. */
async function pausable(loop: Loop, question: Promise<string | undefined>): Promise<void> {
  const wish = await question;
  loop.quit ??= wish;
}

async function endRun({ plan, registry, recorder }: RunDeps): Promise<RunEnd> {
  const session = recorder.session();
  const end = conclude(plan, session, diagnose(plan, session, registry));
  await recorder.record('session.ended', end);
  return { session: recorder.session(), paused: false };
}

function armDeadline({ recorder, clock }: RunDeps, { work }: Loop): () => void {
  const limit = recorder.session().started.flags.deadline_ms;
  const stop = new AbortController();
  if (limit !== null) {
    const spent = Math.max(0, clock.now().wallMs - recorder.session().startedAt);
    clock.sleep(Math.max(0, limit - spent), stop.signal).then(
      async () => {
        await recorder.record('deadline.passed', {});
        work.abort();
      },
      () => undefined,
    );
  }
  return () => stop.abort();
}
