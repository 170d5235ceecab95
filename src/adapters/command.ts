import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { HostError } from '../errors.ts';
import type { CommandResult, RunOptions } from '../ports.ts';
import { readMonoMs } from './clock.ts';
import { commandEnvironment } from './command-environment.ts';
import { describeLaunchFailure, findLaunchFailure, isNowhere, prepareLaunch } from './command-launch.ts';
import { drainForever, killGroup, killTagged, RUN_TAG, trackGroup, untrackGroup } from './command-processes.ts';
import { createOutputCapture, type OutputCapture } from './output-capture.ts';
import { giveBack } from './piece-memory.ts';
import { takeTurn } from './turns.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_OUTPUT_BYTES = 1024 * 1024;
/** Of each stream of a command that had to be ended: its answer nobody reads, it is evidence, which is cut shorter than this. */
const PRINTED_BYTES = 128 * 1024;
/** How long a killed command may take to be gone, and an ended one to have its last output read. */
export const GRACE_MS = 300;

export interface CommandOptions extends RunOptions {
  /** What the command started stays alive after it ended well (a service); otherwise nothing of it survives. */
  readonly keepSurvivors?: boolean;
  /** Variables beside the allowed ones of this process. */
  readonly extraEnv?: Readonly<Record<string, string>>;
}

export interface CommandOutcome {
  readonly exitCode: number | null;
  readonly stdout: OutputCapture;
  readonly stderr: OutputCapture;
  readonly durationMs: number;
}

/** Runs argv without a shell, in its own process group, within a deadline that holds whatever the command does. */
export async function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { exitCode, stdout, stderr, durationMs } = await runForBytes(argv, options);
  const result = {
    argv,
    exitCode,
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: stdout.truncated || stderr.truncated,
    durationMs,
  };
  stdout.release();
  stderr.release();
  return result;
}

/** As `runCommand`, for output that is not text. */
export async function runForBytes(argv: readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> {
  options.signal?.throwIfAborted();
  const tag = randomBytes(8).toString('hex');
  const child = await startCommand(argv, tag, options);
  const limit = options.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES;
  const stdout = createOutputCapture(limit);
  const stderr = createOutputCapture(limit);
  const closed = Promise.all([collect(child.stdout, stdout), collect(child.stderr, stderr)]);

  trackGroup(child.pid);
  try {
    const ending = await waitForEnding(child, options);
    if (ending.kind !== 'exited')
      throw await endForcibly(child, argv, tag, {
        ending,
        options,
        printed: () => [stdout, stderr].map((each) => each.text(PRINTED_BYTES)),
      });
    if (!options.keepSurvivors) killGroup(child.pid);
    const open = await outlasts(closed, () => stdout.totalBytes + stderr.totalBytes);
    if (open) leaveOutput(child, tag, options);
    const failure = child.viaShell ? findLaunchFailure(argv[0] as string, ending.exitCode, stderr.text()) : undefined;
    if (failure) throw failure;
    return { exitCode: ending.exitCode, stdout, stderr, durationMs: readMonoMs() - child.startMs };
  } finally {
    untrackGroup(child.pid);
    child.stdout.destroy();
    child.stderr.destroy();
    // A process that cannot die (state D) must not keep this one from ending.
    child.unref();
  }
}

type Child = Awaited<ReturnType<typeof startCommand>>;

/** In a process group of its own, with the tag in its environment. */
export async function startCommand(argv: readonly string[], tag: string, { keepSurvivors, extraEnv }: CommandOptions) {
  const env = { ...commandEnvironment(), ...extraEnv, ...(keepSurvivors ? {} : { [RUN_TAG]: tag }) };
  const { file, args, viaShell } = await prepareLaunch(argv, env.PATH);
  const name = argv[0] as string;
  // execa is loaded with the first command: it is the most expensive import of all.
  const { execa } = await import('execa');
  const options = {
    cwd: '/',
    env,
    extendEnv: false,
    detached: true,
    stdin: 'ignore',
    buffer: false,
    encoding: 'buffer',
    reject: false,
  } as const;
  // The thread stands still until the child has called exec: some milliseconds, and many start at once.
  await takeTurn();
  const startMs = readMonoMs();
  const subprocess = attempt(() => execa(file, args, options));
  // execa's own `timeout` and `cancelSignal` kill the direct child only and then wait for every holder of the pipe,
  // so its promise is used for the failure to start and nothing else.
  const settled = Promise.resolve(subprocess as PromiseLike<unknown>).then((result) => result as { code?: string; cause?: Error });
  settled.catch(() => {});
  const { pid, stdout, stderr } = subprocess;
  if (pid === undefined) {
    const { code, cause } = await settled;
    throw describeLaunchFailure(name, code === 'EACCES' && !viaShell && isNowhere(name, env.PATH) ? 'ENOENT' : code, cause?.message);
  }
  const exited = new Promise<number | null>((resolve) => {
    subprocess.once('exit', (code: number | null) => resolve(code));
  });
  return { pid, startMs, stdout, stderr, exited, viaShell, unref: () => subprocess.unref() };

  function attempt<T>(start: () => T): T {
    try {
      return start();
    } catch (error) {
      throw describeLaunchFailure(name, (error as NodeJS.ErrnoException).code, (error as Error).message);
    }
  }
}

/** Resolves when the stream is at its end, or broken. */
function collect(stream: NodeJS.ReadableStream, capture: OutputCapture): Promise<void> {
  return new Promise((resolve) => {
    stream.on('data', (chunk: Uint8Array) => {
      capture.add(chunk);
      giveBack(chunk);
    });
    stream.once('end', resolve).once('close', resolve).once('error', resolve);
  });
}

type Ending = { readonly kind: 'exited'; readonly exitCode: number | null } | { readonly kind: 'timed-out' } | { readonly kind: 'aborted' };

async function waitForEnding(child: Child, { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: CommandOptions): Promise<Ending> {
  const done = new AbortController();
  const timer = wait(timeoutMs, { kind: 'timed-out' } as const, { signal: done.signal });
  timer.catch(() => {});
  const aborted = new Promise<Ending>((resolve) => {
    signal?.addEventListener('abort', () => resolve({ kind: 'aborted' }), { once: true, signal: done.signal });
  });
  const exited = child.exited.then((exitCode): Ending => ({ kind: 'exited', exitCode }));
  try {
    return await Promise.race([exited, timer, aborted]);
  } finally {
    done.abort();
  }
}

interface Forced {
  readonly ending: Ending;
  readonly options: CommandOptions;
  readonly printed: () => readonly string[];
}

/** Kills what runs and returns what to throw; waits at most the grace for it to be gone. */
async function endForcibly(child: Child, argv: readonly string[], tag: string, { ending, options, printed }: Forced): Promise<unknown> {
  killGroup(child.pid);
  const exited = Promise.race([child.exited.then(() => true), wait(GRACE_MS, false)]);
  const [gone] = await Promise.all([exited, killTagged(tag, GRACE_MS)]);
  if (ending.kind === 'aborted') return options.signal?.reason;
  const survivor = gone ? '' : `; process ${child.pid} could not be killed`;
  return new HostError(
    'timed-out',
    `${argv.join(' ')}: no end within ${options.timeoutMs ?? DEFAULT_TIMEOUT_MS} ms${survivor}`,
    'a longer timeout',
    printed()
      .filter((text) => text !== '')
      .join('\n'),
  );
}

/** True when somebody still holds the pipe after the grace. Counts as long as data keeps coming in the last turn. */
async function outlasts(closed: Promise<unknown>, received: () => number): Promise<boolean> {
  let open = true;
  const end = closed.then(() => {
    open = false;
  });
  const done = new AbortController();
  await Promise.race([end, wait(GRACE_MS, undefined, { signal: done.signal }).catch(() => {})]);
  done.abort();
  // A busy event loop may fire the timer before it has read what the pipe holds already.
  for (let before = -1, turns = 0; open && before !== received() && turns < 64; turns += 1) {
    before = received();
    await nextTurn();
    await nextTurn();
  }
  return open;
}

function leaveOutput(child: Child, tag: string, { keepSurvivors }: CommandOptions): void {
  if (!keepSurvivors) {
    killTagged(tag, GRACE_MS).catch(() => {});
    return;
  }
  drainForever(child.stdout);
  drainForever(child.stderr);
}
