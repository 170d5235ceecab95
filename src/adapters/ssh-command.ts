import { HostError } from '../errors.ts';
import type { CommandResult, RunOptions } from '../ports.ts';
import { readMonoMs } from './clock.ts';
import { createOutputCapture } from './output-capture.ts';
import type { LaneAnswer } from './ssh-lane.ts';
import type { SshPool } from './ssh-pool.ts';
import { running } from './ssh-script.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_OUTPUT_BYTES = 1024 * 1024;

/** argv on the other machine: no shell reads it, nothing of it survives, and it ends with its deadline even when we are gone. */
export async function runOverSsh(pool: SshPool, name: string, argv: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxOutputBytes = DEFAULT_OUTPUT_BYTES, signal } = options;
  refuseOdd(argv);
  const start = readMonoMs();
  // A byte more than is kept, so that a cut is seen.
  const headBytes = Math.ceil(maxOutputBytes / 2);
  const tailBytes = Math.max(1, maxOutputBytes - headBytes) + 1;
  const script = running({ argv, timeoutMs, headBytes, tailBytes });
  const answer = await pool.command(script, { timeoutMs, signal, what: argv.join(' ') });
  return toResult(argv, name, answer, maxOutputBytes, readMonoMs() - start);
}

export function refuseOdd(argv: readonly string[]): void {
  if (!argv[0]) throw new HostError('unsupported', 'empty command');
  if (argv.some((word) => word.includes('\0'))) throw new HostError('unsupported', 'a command with a NUL byte');
}

export function toResult(
  argv: readonly string[],
  name: string,
  { exitCode, stdout, stderr }: LaneAnswer,
  maxOutputBytes: number,
  durationMs: number,
): CommandResult {
  const [out, complaints] = [stdout, stderr].map((bytes) => {
    const capture = createOutputCapture(maxOutputBytes);
    capture.add(bytes);
    return capture;
  }) as [ReturnType<typeof createOutputCapture>, ReturnType<typeof createOutputCapture>];
  refuseLaunchFailure(name, argv[0] as string, exitCode, complaints.totalBytes > 0 ? complaints.text() : out.text());
  return {
    argv,
    exitCode: endedBySignal(exitCode) ? null : exitCode,
    stdout: out.text(),
    stderr: complaints.text(),
    truncated: out.truncated || complaints.truncated,
    durationMs,
  };
}

/** A shell tells the signal as 128 and its number: HUP, INT, QUIT, ILL, ABRT, BUS, FPE, KILL, SEGV, PIPE, TERM. */
function endedBySignal(exitCode: number): boolean {
  return [1, 2, 3, 4, 6, 7, 8, 9, 11, 13, 15].includes(exitCode - 128);
}

/** What timeout(1), setsid(1) or the shell say when they cannot start a command. */
function refuseLaunchFailure(name: string, tool: string, exitCode: number, stderr: string): void {
  if (exitCode !== 126 && exitCode !== 127) return;
  if (!/^(timeout|setsid|sh): /m.test(stderr)) return;
  if (exitCode === 127)
    throw new HostError(
      'missing-tool',
      `${tool}: not found on ${name}`,
      `install ${tool} on ${name}, or put it in the PATH of the login there`,
    );
  throw new HostError('no-permission', `${tool}: not allowed to run it on ${name}`, `execute permission on ${tool} on ${name}`);
}
