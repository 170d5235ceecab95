/** Real servers and tools from Debian that tests start; each ends with `stopPrograms`. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ProbeContext } from '../../src/checks/check.ts';

/** The upsd of Debian's PATH is a script that wants to be configured first. */
const FOLDERS = ['/lib/nut', ...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];

function findProgram(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** False prints why, for tests that skip. */
export function has(...names: readonly string[]): boolean {
  const missing = names.filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) process.stderr.write(`skipped: no ${missing.join(', ')} on this machine\n`);
  return missing.length === 0;
}

const stops: (() => void)[] = [];

export function stopPrograms(): void {
  for (const stop of stops.splice(0).reverse()) stop();
}

interface Program {
  /** Of its process group. */
  signal(name: NodeJS.Signals): void;
  stop(): void;
}

/** In the foreground, in a process group of its own. */
export function startProgram([name = '', ...args]: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const child = spawn(findProgram(name) ?? name, args, {
    detached: true,
    stdio: 'ignore',
    env: { PATH: FOLDERS.join(delimiter), LC_ALL: 'C', ...env },
  });
  child.on('error', () => {});
  const signal = (to: NodeJS.Signals): void => {
    try {
      process.kill(-(child.pid as number), to);
    } catch {
      // It has ended.
    }
  };
  const stop = (): void => signal('SIGKILL');
  stops.push(stop);
  return { signal, stop };
}

/** The same context, in which a tool gets these arguments first: where its private server listens. */
export function withArguments(context: ProbeContext, tool: string, first: readonly string[]): ProbeContext {
  const { host } = context;
  return {
    ...context,
    host: { ...host, run: ([name = '', ...rest], options) => host.run([name, ...(name === tool ? first : []), ...rest], options) },
  };
}

/** Asks again until the answer is this one: servers take a moment to notice. */
export async function comesTo<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean, withinMs = 120_000): Promise<T> {
  for (const end = performance.now() + withinMs; ; ) {
    const answer = await ask().catch((error: unknown) => {
      if (performance.now() > end) throw error;
      return undefined;
    });
    if (answer !== undefined && (wanted(answer) || performance.now() > end)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A supervisord of its own with these sections (`[program:x]` ...), and the arguments of a supervisorctl that asks it. */
export function startSupervisord(folder: string, programs: string): Program & { readonly arguments: readonly string[] } {
  const conf = join(folder, 'supervisord.conf');
  const socket = join(folder, 'socket');
  chmodSync(folder, 0o755);
  writeFileSync(
    conf,
    `[unix_http_server]\nfile=${socket}\nchmod=0700\n[supervisorctl]\nserverurl=unix://${socket}\n` +
      `[supervisord]\nnodaemon=true\nuser=root\nlogfile=/dev/null\nlogfile_maxbytes=0\nchildlogdir=${folder}\npidfile=${join(folder, 'pid')}\n` +
      `[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n${programs}`,
  );
  return { ...startProgram(['supervisord', '-c', conf]), arguments: ['-c', conf] };
}
