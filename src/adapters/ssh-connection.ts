import { setTimeout as wait } from 'node:timers/promises';
import type { Reach } from '../ports.ts';
import { readMonoMs } from './clock.ts';
import { CONNECT_TIMEOUT_S, type SshOptions, type SshTarget, sshArguments } from './ssh-arguments.ts';
import { createControlPath } from './ssh-control-path.ts';
import { explainSshFailure, SshUnreachable, tookTooLong, wentSilent } from './ssh-failure.ts';
import { type Lane, LaneNotOpened, openLane } from './ssh-lane.ts';
import { createRefusals } from './ssh-refusals.ts';
import { asking, ECHO, reaping } from './ssh-script.ts';

const OPENING_TIMEOUT_MS = 2 * CONNECT_TIMEOUT_S * 1000;
/** A failure is believed this long before the machine is tried again. */
const REMEMBERED_MS = 30_000;
/** `reach` asked again within this time means the same attempt. */
const SAME_LOOK_MS = 1_000;
/** A machine that does not even echo within this time is gone. */
const ECHO_TIMEOUT_MS = 3_000;

/** One login on the other machine that everything else goes through. */
export interface SshConnection {
  readonly target: SshTarget;
  readonly platform: 'linux' | 'darwin' | 'other';
  /** Their wall clock minus ours. */
  readonly clockOffsetMs: number;
  /** Resolves while the machine answers; else throws `SshUnreachable`, at once when that is known. */
  readonly ready: () => Promise<void>;
  /** Aborted with `SshUnreachable` when the machine that answered until then is lost. */
  readonly down: AbortSignal;
  /** A look at the way there; a failure that is known is looked at again. */
  reach(): Promise<Reach>;
  /** Arguments for one more session over this login. */
  arguments(options?: Pick<SshOptions, 'flags' | 'command' | 'master'>): string[];
  /** Why the other machine did not connect to `host:port` the last time. */
  refusalOf(address: string): string | undefined;
  /** Something took too long: is it the machine? */
  suspect(): void;
  /** Ends what a shell left running there. */
  reap(lane: Lane): void;
}

interface Attempt {
  readonly opened: Promise<Lane>;
  readonly down: AbortController;
  failure?: SshUnreachable;
  failedAt?: number;
}

export interface SshConnectionOptions {
  /** Another file than ~/.ssh/config. */
  readonly configFile?: string;
}

export function createSshConnection(target: SshTarget, options: SshConnectionOptions = {}): SshConnection {
  return new Connection(target, options);
}

class Connection implements SshConnection {
  readonly target: SshTarget;
  platform: SshConnection['platform'] = 'linux';
  clockOffsetMs = 0;
  readonly #options: SshConnectionOptions;
  readonly #refusals = createRefusals();
  #attempt: Attempt | undefined;
  #controlPath: string | null = null;
  #echo: Promise<void> | undefined;

  constructor(target: SshTarget, options: SshConnectionOptions) {
    this.target = target;
    this.#options = options;
  }

  readonly ready = async (): Promise<void> => {
    this.#forget(REMEMBERED_MS);
    this.#attempt ??= this.#open();
    const attempt = this.#attempt;
    await attempt.opened.catch((error: unknown) => {
      throw attempt.failure ?? error;
    });
    if (attempt.failure) throw attempt.failure;
  };

  get down(): AbortSignal {
    this.#attempt ??= this.#open();
    return this.#attempt.down.signal;
  }

  async reach(): Promise<Reach> {
    const start = readMonoMs();
    this.#forget(SAME_LOOK_MS);
    const isOld = this.#attempt !== undefined;
    try {
      await this.ready();
      if (isOld) await this.#checkEcho();
      await this.ready();
      return { outcome: 'reached', durationMs: readMonoMs() - start };
    } catch (error) {
      if (!(error instanceof SshUnreachable)) throw error;
      const { outcome, words, unlock } = error;
      return { outcome, error: words, ...(unlock !== undefined && { unlock }), durationMs: readMonoMs() - start };
    }
  }

  arguments(options: Parameters<SshConnection['arguments']>[0] = {}): string[] {
    return sshArguments({ target: this.target, controlPath: this.#controlPath, ...this.#options, ...options });
  }

  refusalOf(address: string): string | undefined {
    return this.#refusals.of(address);
  }

  suspect(): void {
    this.#echo ??= this.#checkEcho().finally(() => {
      this.#echo = undefined;
    });
  }

  reap({ pid, tag }: Lane): void {
    this.#attempt?.opened.then((master) => master.ask(reaping(pid, tag))).catch(() => {});
  }

  #forget(olderThanMs: number): void {
    const { failedAt } = this.#attempt ?? {};
    if (failedAt !== undefined && readMonoMs() - failedAt > olderThanMs) this.#attempt = undefined;
  }

  #open(): Attempt {
    const attempt: Attempt = { opened: this.#openMaster(), down: new AbortController() };
    attempt.opened
      .then(async (lane) => fail(attempt, wentSilent(this.target, await lane.ended)))
      .catch((error: unknown) => {
        if (error instanceof SshUnreachable) fail(attempt, error);
        // No ssh here, no folder for its socket: not the other machine's fault.
        else this.#attempt = undefined;
      });
    return attempt;
  }

  async #openMaster(): Promise<Lane> {
    this.#controlPath = await createControlPath();
    const timeout = new AbortController();
    // Keeps this process alive meanwhile, which an open login does not.
    const timer = setTimeout(() => timeout.abort(), OPENING_TIMEOUT_MS);
    try {
      const lane = await openLane(this.arguments({ master: true, flags: ['-v'] }), timeout.signal, this.#refusals.read);
      Object.assign(this, await meet(lane));
      return lane;
    } catch (error) {
      if (timeout.signal.aborted) throw tookTooLong(this.target);
      throw error instanceof LaneNotOpened ? explainSshFailure(this.target, error.message) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #checkEcho(): Promise<void> {
    const attempt = this.#attempt;
    const lane = await attempt?.opened.catch(() => undefined);
    if (!attempt || !lane || attempt.failure) return;
    const heard = new AbortController();
    const tooLate = wait(ECHO_TIMEOUT_MS, false, { signal: heard.signal });
    tooLate.catch(() => {});
    const asked = lane.ask(ECHO).then(
      () => true,
      () => false,
    );
    const answered = await Promise.race([asked, tooLate]);
    heard.abort();
    if (answered || attempt.failure) return;
    fail(attempt, wentSilent(this.target, `it stopped answering (${ECHO_TIMEOUT_MS} ms)`));
    lane.close();
  }
}

function fail(attempt: Attempt, failure: SshUnreachable): void {
  attempt.failure ??= failure;
  attempt.failedAt ??= readMonoMs();
  attempt.down.abort(attempt.failure);
}

/** What kind of machine it is, and how far its clock is from ours: of three looks the quickest is the most exact. */
async function meet(lane: Lane): Promise<{ platform: SshConnection['platform']; clockOffsetMs: number }> {
  const system = (await lane.ask(asking('uname -s'))).stdout.toString('latin1').trim().toLowerCase();
  const looks: { offset: number; tookMs: number }[] = [];
  for (let look = 0; look < 3; look += 1) {
    const [wall, mono] = [Date.now(), readMonoMs()];
    const { stdout } = await lane.ask(asking('date +%s.%N'));
    const tookMs = readMonoMs() - mono;
    // Without %N (other than GNU) the middle of the second.
    const text = stdout.toString('latin1').trim();
    const theirs = /^\d+\.\d+$/.test(text) ? Number(text) * 1000 : Number.parseInt(text, 10) * 1000 + 500;
    looks.push({ offset: theirs - (wall + tookMs / 2), tookMs });
  }
  const best = looks.reduce((one, other) => (other.tookMs < one.tookMs ? other : one));
  return {
    platform: system === 'linux' || system === 'darwin' ? system : 'other',
    clockOffsetMs: Number.isFinite(best.offset) ? best.offset : 0,
  };
}
