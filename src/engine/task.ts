import type { CheckRegistry, Earlier } from '../checks/check.ts';
import type { Clock, HostActor, Json, Operator } from '../ports.ts';
import type { Plan, StepInstance } from './plan.ts';
import type { Prober } from './probe.ts';
import type { Recorder } from './recorder.ts';

export interface RecalledProbe {
  readonly instance: StepInstance;
  readonly params: Json;
  readonly host: string;
}

export interface RunDeps {
  readonly plan: Plan;
  readonly registry: CheckRegistry;
  readonly recorder: Recorder;
  readonly prober: Prober;
  readonly operator: Operator;
  readonly clock: Clock;
  readonly actors: (host: string) => HostActor | undefined;
  /** What the same check said of the same target in a run before this one. */
  readonly recall?: (probe: RecalledProbe) => Earlier | undefined;
  /** Aborted by a signal to the process; its reason is the signal's name. */
  readonly signal: AbortSignal;
}

/** What a piece of work in flight is given. */
export interface TaskDeps extends RunDeps {
  /** Aborted when the run is over or interrupted: nothing may be recorded any more. `signal` also ends work at the deadline. */
  readonly over: AbortSignal;
  /** Told when a probe has taken its first look and waits for the next. */
  readonly onWait?: () => void;
}
