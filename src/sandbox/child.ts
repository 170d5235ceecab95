/** Runs `oor sandbox serve` as a child, in a temporary folder that goes with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode, OorError } from '../errors.ts';
import { ownerOf, SANDBOX_DIR_PREFIX } from './leftovers.ts';

export interface SandboxChild {
  readonly dir: string;
  readonly profilePath: string;
  /** Ends the child and removes its folder. */
  stop(): Promise<void>;
  /** Lets this process end and the stack stay up for a while. */
  leave(): void;
}

export interface ChildOptions {
  /** The script that answers `sandbox serve`. */
  readonly launcher: string;
  /** A fault id or `none`. */
  readonly fault: string;
}

const READY_MS = 20_000;
const STOP_MS = 5_000;
const MAX_ERROR_CHARS = 2_000;

export async function startInChild({ launcher, fault }: ChildOptions): Promise<SandboxChild> {
  const dir = await mkdtemp(join(tmpdir(), SANDBOX_DIR_PREFIX));
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const argv = [launcher, 'sandbox', 'serve', '--dir', dir, '--fault', fault];
  // A group of its own: Ctrl-C at the terminal is for the parent, who then stops the child in order.
  const child = spawn(process.execPath, argv, { detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env });
  const stop = async () => {
    await endProcess(child);
    await rm(dir, { recursive: true, force: true });
  };
  try {
    return { dir, profilePath: await readFirstLine(child), stop, leave: () => letGo(child) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The stack that an earlier run left behind in this folder; undefined when it is gone. */
export function findLeft(dir: string): Pick<SandboxChild, 'stop'> | undefined {
  const pid = ownerOf(dir);
  if (pid === undefined) return undefined;
  return {
    async stop() {
      process.kill(pid, 'SIGTERM');
      const until = Date.now() + STOP_MS;
      while (ownerOf(dir) !== undefined && Date.now() < until) await sleep(50);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function letGo(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.disconnect();
  child.unref();
}

function readFirstLine(child: ChildProcess): Promise<string> {
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-MAX_ERROR_CHARS);
  });
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new OorError({ code: 'sandbox-failed', message: `the sandbox did not start: ${why}`, exitCode: ExitCode.internal }));
    };
    const timer = setTimeout(() => fail(`not ready after ${READY_MS / 1000} s`), READY_MS);
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) => fail(complaint.trim() || `exit code ${code}`));
    if (!child.stdout) return fail('no output');
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      resolve(line);
    });
  });
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
