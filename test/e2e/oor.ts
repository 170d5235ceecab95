/** The built command as its users start it, in a small fixed environment and away from any oor.yaml. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LAUNCHER = join(process.cwd(), 'bin', 'oor.js');

export interface Ran {
  /** null: a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly wallMs: number;
}

export interface Running {
  readonly child: ChildProcess;
  readonly stderr: () => string;
  readonly ended: Promise<Ran>;
}

export interface Desk {
  /** Where it is typed: an empty folder. */
  readonly folder: string;
  readonly stateDir: string;
  /** Killed when it takes too long, unless it is to stay. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>, stays?: 'stays'): Running;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** File names in the state folder, deep. */
  kept(): string[];
  /** Arguments and environment, for a run that is not started here. */
  argv(args: readonly string[]): string[];
  readonly env: Readonly<Record<string, string>>;
  leave(): void;
}

/** Ends a hang; nothing is measured with it. */
const PATIENCE_MS = 180_000;

export function openDesk(): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'oor-e2e-'));
  const stateDir = join(folder, 'state');
  const { PATH = '/usr/sbin:/usr/bin:/sbin:/bin' } = process.env;
  const env = { PATH: `${PATH}:/usr/sbin:/sbin`, HOME: folder, TMPDIR: tmpdir(), LANG: 'en_US.UTF-8', OOR_STATE_DIR: stateDir };
  const running = new Set<ChildProcess>();
  const argv = (args: readonly string[]): string[] => [process.execPath, LAUNCHER, ...args];
  const start: Desk['start'] = (args, extra = {}, stays) => {
    const [file = '', ...rest] = argv(args);
    const begun = performance.now();
    const child = spawn(file, rest, { cwd: folder, env: { ...env, ...extra }, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    const timer = stays ? undefined : setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    const out = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      out.stderr += text;
    });
    const ended = new Promise<Ran>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, signal) => {
        clearTimeout(timer);
        running.delete(child);
        resolve({ status, signal, ...out, wallMs: performance.now() - begun });
      });
    });
    return { child, stderr: () => out.stderr, ended };
  };
  return {
    folder,
    stateDir,
    start,
    run: (args, extra) => start(args, extra).ended,
    kept: () => listFiles(stateDir),
    argv,
    env,
    leave() {
      for (const child of running) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name));
  } catch {
    return [];
  }
}

/** What `oor run --json` prints, as far as tests read it. */
export interface RunResult {
  readonly session: string;
  readonly verdict: string;
  readonly exit_code: number;
  readonly outcome: string;
  readonly scope: { readonly state: string; readonly failed: number; readonly unknown_outcome: number };
  readonly causes: readonly { readonly id: string; readonly score: number; readonly state: string; readonly component?: string }[];
  readonly findings: readonly { readonly id: string; readonly check: string; readonly status: string; readonly code: string }[];
}

export function parseRun({ stdout, stderr, status }: Ran): RunResult {
  try {
    return JSON.parse(stdout) as RunResult;
  } catch {
    throw new Error(`no JSON on stdout (exit ${status}):\n${stdout.slice(0, 2_000)}\n--- stderr\n${stderr.slice(-2_000)}`);
  }
}

/** Without those of the machine itself: while many tests run it may truly be short of processor or memory. */
export function causesOfSite<Cause extends { readonly id: string }>({ causes }: { readonly causes: readonly Cause[] }): readonly Cause[] {
  return causes.filter(({ id }) => !id.startsWith('host.'));
}

export interface Stack {
  readonly profile: string;
  stop(): Promise<void>;
}

/** The sandbox in a process of its own, which outlives any run against it. */
export async function startStack(desk: Desk, fault: string): Promise<Stack> {
  const { child, ended } = desk.start(['sandbox', 'start', '--fault', fault], {}, 'stays');
  const profile = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) resolve(text.split('\n', 1)[0] ?? '');
    });
    ended.then(({ stderr }) => reject(new Error(`the stack did not start: ${stderr}`)), reject);
  });
  return {
    profile,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
