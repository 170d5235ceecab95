/** Real servers and tools from Debian that tests start; each ends with `stopPrograms`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin', '/lib/nut'];

/** Where it is. undefined prints why a test skips. */
export function findProgram(name: string): string | undefined {
  const found = FOLDERS.map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (!found) process.stderr.write(`skipped: no ${name} on this machine\n`);
  return found;
}

export function has(...names: readonly string[]): boolean {
  return names.every((name) => findProgram(name) !== undefined);
}

const stops: (() => void)[] = [];

export function stopPrograms(): void {
  for (const stop of stops.splice(0).reverse()) stop();
}

export interface Program {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  stop(): void;
}

/** In the foreground, in a process group of its own. */
export function startProgram([name = '', ...args]: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const child = spawn(findProgram(name) ?? name, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: FOLDERS.join(delimiter), LC_ALL: 'C', ...env },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  child.on('error', () => {});
  const stop = (): void => {
    try {
      process.kill(-(child.pid as number), 'SIGKILL');
    } catch {
      // It has ended.
    }
  };
  stops.push(stop);
  return { child, output: () => text, stop };
}
