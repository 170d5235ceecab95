import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { commandEnvironment } from './command-environment.ts';
import { describeLaunchFailure, prepareLaunch } from './command-launch.ts';
import { killGroup, trackGroup, untrackGroup } from './command-processes.ts';

export interface SshProcess {
  readonly stdin: ChildProcessWithoutNullStreams['stdin'];
  readonly stdout: ChildProcessWithoutNullStreams['stdout'];
  readonly stderr: ChildProcessWithoutNullStreams['stderr'];
  /** Resolves with the exit code; null: ended by a signal. */
  readonly exited: Promise<number | null>;
  /** Kills ssh and what it started (a ProxyCommand). */
  kill(): void;
}

/**
 * The system's ssh in a process group of its own. It never keeps this process alive: whoever waits for it has a timer that does.
 * If this process is killed, ssh reads the end of its input and goes too.
 */
export async function startSsh(args: readonly string[]): Promise<SshProcess> {
  const env = commandEnvironment();
  const { file, args: given } = await prepareLaunch(['ssh', ...args], env.PATH);
  const child = spawn(file, [...given], { cwd: '/', env, detached: true, stdio: 'pipe' });
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) => reject(describeLaunchFailure('ssh', error.code, error.message)));
  });
  const pid = child.pid as number;
  trackGroup(pid);
  void exited.then(() => untrackGroup(pid));
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr] as unknown as Socket[]) {
    stream.unref();
    // EPIPE and the like: the exit tells.
    stream.on('error', () => {});
  }
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    kill: () => {
      killGroup(pid);
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    },
  };
}
