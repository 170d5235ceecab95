import type { CheckRegistry } from '../checks/check.ts';
import type { Clock, HostActor, Operator } from '../ports.ts';
import type { Plan } from './plan.ts';
import type { Prober } from './probe.ts';
import type { Recorder } from './recorder.ts';

export interface RunDeps {
  readonly plan: Plan;
  readonly registry: CheckRegistry;
  readonly recorder: Recorder;
  readonly prober: Prober;
  readonly operator: Operator;
  readonly clock: Clock;
  readonly actors: (host: string) => HostActor | undefined;
  /** Aborted by a signal to the process; its reason is the signal's name. */
  readonly signal: AbortSignal;
}

/** What a piece of work in flight is given. */
export interface TaskDeps extends RunDeps {
  /** Aborted when the run is over or interrupted: nothing may be recorded any more. `signal` also ends work at the deadline. */
  readonly over: AbortSignal;
}
