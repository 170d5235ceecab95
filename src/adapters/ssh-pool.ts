import { HostError } from '../errors.ts';
import type { SshConnection } from './ssh-connection.ts';
import { type Lane, type LaneAnswer, LaneClosed, openLane } from './ssh-lane.ts';

/** sshd allows ten sessions over one login by default (MaxSessions); one is the login itself, one is left for streams. */
const QUICK_LANES = 3;
const COMMAND_LANES = 5;
/** A quick question that takes longer holds up those behind it, and they move to another lane. */
const STALL_MS = 1_000;

export interface Bounds {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What is waited for, for the message. */
  readonly what: string;
}

/** Answers of the other machine, each within its deadline, whatever hangs there or on the way. */
export interface SshPool {
  /** Short and without effect: many at once over one shell, so that a hundred cost one journey. */
  quick(script: string, bounds: Bounds): Promise<LaneAnswer>;
  /** Has a shell to itself for as long as it runs. */
  command(script: string, bounds: Bounds): Promise<LaneAnswer>;
}

export function createSshPool(connection: SshConnection): SshPool {
  const quickLanes = new LaneSet(connection, QUICK_LANES);
  const commandLanes = new LaneSet(connection, COMMAND_LANES);
  return {
    quick: (script, bounds) => quickLanes.ask(script, bounds, pipelined),
    command: (script, bounds) => commandLanes.ask(script, bounds, alone),
  };
}

type Choose = (lanes: readonly Lane[], mayOpen: boolean) => Lane | 'open' | 'wait';

/** The emptiest; another one before any has much to do. */
const pipelined: Choose = (lanes, mayOpen) => {
  const emptiest = lanes.reduce<Lane | undefined>((best, lane) => (best && best.waiting() <= lane.waiting() ? best : lane), undefined);
  if (emptiest && (!mayOpen || emptiest.waiting() < 8)) return emptiest;
  return mayOpen ? 'open' : 'wait';
};

const alone: Choose = (lanes, mayOpen) => lanes.find((lane) => lane.waiting() === 0) ?? (mayOpen ? 'open' : 'wait');

class LaneSet {
  readonly #connection: SshConnection;
  #most: number;
  #lanes: Lane[] = [];
  #opening = 0;
  #waiters: (() => void)[] = [];

  constructor(connection: SshConnection, most: number) {
    this.#connection = connection;
    this.#most = most;
  }

  async ask(script: string, { timeoutMs, signal, what }: Bounds, choose: Choose): Promise<LaneAnswer> {
    signal?.throwIfAborted();
    // The login has a deadline of its own; a question must not pay for it.
    await (signal ? orAborted(this.#connection.ready(), signal) : this.#connection.ready());
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(this.#late(what, timeoutMs)), timeoutMs);
    const onAbort = () => over.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      for (;;) {
        const answer = await this.#tryOnce(script, choose, over.signal);
        if (answer) return answer;
      }
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** undefined: the lane went away under it, which says nothing about the question. */
  async #tryOnce(script: string, choose: Choose, deadline: AbortSignal): Promise<LaneAnswer | undefined> {
    await orAborted(this.#connection.ready(), deadline);
    const over = AbortSignal.any([deadline, this.#connection.down]);
    const lane = await this.#take(choose, over);
    const asked = lane.ask(script);
    const watch = choose === pipelined ? this.#watch(lane) : undefined;
    try {
      const answer = await orAborted(asked, over);
      if (!lane.isOpen()) lane.close();
      return answer;
    } catch (error) {
      if (error instanceof LaneClosed) return undefined;
      this.#abandon(lane);
      throw error;
    } finally {
      clearInterval(watch);
      this.#release();
    }
  }

  async #take(choose: Choose, over: AbortSignal): Promise<Lane> {
    for (;;) {
      this.#lanes = this.#lanes.filter((lane) => lane.isOpen());
      const chosen = choose(this.#lanes, this.#lanes.length + this.#opening < this.#most);
      if (chosen === 'open') await this.#open(over);
      else if (chosen !== 'wait') return chosen;
      else await orAborted(new Promise<void>((resolve) => this.#waiters.push(resolve)), over);
      over.throwIfAborted();
    }
  }

  async #open(over: AbortSignal): Promise<void> {
    this.#opening += 1;
    try {
      // Not in one expression: the list may be another one after the wait.
      const lane = await openLane(this.#connection.arguments(), over);
      this.#lanes.push(lane);
    } catch (error) {
      over.throwIfAborted();
      await orAborted(this.#connection.ready(), over);
      // The machine is there and gives no more sessions (MaxSessions): the lanes that are open must do.
      this.#most = this.#lanes.length + this.#opening - 1;
      if (this.#most < 1)
        throw new HostError(
          'unsupported',
          `${this.#connection.target.name}: ${(error as Error).message}`,
          'a higher MaxSessions in its sshd_config',
        );
    } finally {
      this.#opening -= 1;
      this.#release();
    }
  }

  #watch(lane: Lane): NodeJS.Timeout {
    let answered = lane.answered();
    return setInterval(() => {
      const stalled = lane.answered() === answered;
      answered = lane.answered();
      if (!stalled || !lane.isOpen()) return;
      lane.retire();
      this.#connection.suspect();
      this.#release();
    }, STALL_MS);
  }

  /** What still runs there is ended there too; its shell may hang in it. */
  #abandon(lane: Lane): void {
    lane.close();
    this.#connection.reap(lane);
    this.#connection.suspect();
  }

  #release(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  #late(what: string, timeoutMs: number): HostError {
    return new HostError(
      'timed-out',
      `${what}: no end within ${Math.round(timeoutMs)} ms on ${this.#connection.target.name}`,
      'a longer timeout',
    );
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => {});
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
