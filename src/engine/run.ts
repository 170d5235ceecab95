/** The loop: decide (pure), act through a port, record, fold. */
import { diagnose } from './diagnose.ts';
import { applyFix, offerFix, rollBackFix, validateFix } from './fix.ts';
import { type NextStep, nextStep } from './next-step.ts';
import { judgeFacts, lookupCheck } from './probe.ts';
import { askStep } from './question.ts';
import type { Session } from './session.ts';
import type { RunDeps, TaskDeps } from './task.ts';
import { conclude } from './verdict.ts';
import { verifyCause } from './verify.ts';

/** What a run ended with; `paused`: the operator quit or a signal came, and it can be resumed. */
export interface RunEnd {
  readonly session: Session;
  readonly paused: boolean;
}

export async function run(deps: RunDeps): Promise<RunEnd> {
  const loop = createLoop(deps);
  const stopDeadline = armDeadline(deps, loop);
  try {
    return await loop.turn();
  } finally {
    stopDeadline();
    loop.over.abort();
    loop.work.abort();
    await Promise.allSettled(loop.tasks);
  }
}

interface Loop {
  readonly tasks: Set<Promise<void>>;
  readonly work: AbortController;
  readonly over: AbortController;
  turn(): Promise<RunEnd>;
}

function createLoop(deps: RunDeps): Loop {
  const { plan, recorder } = deps;
  const tasks = new Set<Promise<void>>();
  const work = new AbortController();
  const over = new AbortController();
  const busy = { asking: false, acting: false };
  let quit: string | undefined;
  let defect: unknown;

  const start = (job: Promise<void>, flag?: 'asking' | 'acting'): void => {
    if (flag) busy[flag] = true;
    const task = job
      .catch((error: unknown) => {
        defect ??= error;
      })
      .finally(() => {
        tasks.delete(task);
        if (flag) busy[flag] = false;
      });
    tasks.add(task);
  };

  const interrupted = new Promise<void>((resolve) => {
    if (deps.signal.aborted) resolve();
    else deps.signal.addEventListener('abort', () => resolve(), { once: true });
  });

  const turn = async (): Promise<RunEnd> => {
    for (;;) {
      if (deps.signal.aborted) quit ??= String(deps.signal.reason);
      if (defect !== undefined) throw defect;
      if (quit !== undefined) {
        over.abort();
        await recorder.record('session.interrupted', { signal: quit });
        return { session: recorder.session(), paused: true };
      }
      const step = nextStep(plan, recorder.session(), busy);
      if (step.kind === 'end') return await endRun(deps);
      if (step.kind === 'wait') {
        if (tasks.size === 0) throw new Error('nothing runs and nothing can start: the plan cannot be decided');
        await Promise.race([...tasks, interrupted]);
        continue;
      }
      await takeStep(step);
    }
  };

  const takeStep = async (step: Exclude<NextStep, { kind: 'end' | 'wait' }>): Promise<void> => {
    const session = recorder.session();
    const task: TaskDeps = { ...deps, signal: AbortSignal.any([deps.signal, work.signal]), over: AbortSignal.any([deps.signal, over.signal]) };
    switch (step.kind) {
      case 'decide':
        void recorder.record('step.decided', { key: step.key, loop: session.loop, status: step.status, reason: step.reason, detail: step.detail }).catch((error: unknown) => {
          defect ??= error;
        });
        return;
      case 'probe':
        return start(probeStep(task, step));
      case 'ask':
        return start(
          askStep(task, step.step).then((end) => {
            quit ??= end;
          }),
          'asking',
        );
      case 'verify':
        return start(
          verifyCause(task, step).then((end) => {
            quit ??= end;
          }),
          step.verify.kind === 'ask' ? 'asking' : undefined,
        );
      case 'offer-fix':
        return start(
          offerFix(task, step.offer).then((end) => {
            quit ??= end;
          }),
          'asking',
        );
      case 'close-mitigation':
        return await recorder.record('mitigation.closed', {});
      case 'apply-fix':
        return start(applyFix(task, step.offer), 'acting');
      case 'validate-fix':
        return start(validateFix(task, step.offer), 'acting');
      case 'roll-back':
        return start(rollBackFix(task, step.offer), 'acting');
      case 'loop':
        return await recorder.record('loop.started', { loop: session.loop + 1, since: deps.clock.now().wallMs });
    }
  };
  return { tasks, work, over, turn };
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

async function probeStep(deps: TaskDeps, { instance, step, params, host }: Extract<NextStep, { kind: 'probe' }>): Promise<void> {
  const { recorder, registry, prober, clock, plan, over } = deps;
  const { loop, since } = recorder.session();
  const check = lookupCheck(registry, step.uses);
  const started = recorder.record('step.started', { key: instance.key, loop, params, host });
  const begun = clock.now().monoMs;
  const attempts: { status: string; code: string; duration_ms: number }[] = [];
  for (;;) {
    const before = clock.now().monoMs;
    const timeout = step.timeoutMs === undefined ? {} : { timeoutMs: step.timeoutMs };
    const { facts, redactions, failure } = await prober({ key: instance.key, check, params, host, since, signal: deps.signal, ...timeout });
    if (over.aborted) return;
    const judgement = failure ?? judgeFacts({ check, params, facts, profile: plan.profile, step });
    attempts.push({ status: judgement.status, code: judgement.code, duration_ms: Math.round(clock.now().monoMs - before) });
    const again = ['fail', 'unknown'].includes(judgement.status) && attempts.length <= step.retry.max && !deps.signal.aborted;
    if (again) {
      await clock.sleep(step.retry.delayMs, deps.signal).catch(() => undefined);
      continue;
    }
    await started;
    if (over.aborted) return;
    const duration_ms = Math.round(clock.now().monoMs - begun);
    return await recorder.record('step.finished', { key: instance.key, loop, judgement, facts, duration_ms, attempts, redactions });
  }
}
