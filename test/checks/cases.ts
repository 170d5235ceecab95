/** Checks in a process of their own, in an environment that a shell script prepares: mounts, another user, other tools. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Status } from '../../src/checks/check.ts';

export interface Case {
  readonly check: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Default: the check's own. */
  readonly timeoutMs?: number;
}

export interface Said {
  readonly check: string;
  readonly status: Exclude<Status, 'skipped'>;
  readonly code: string;
  readonly unlock: string;
  readonly message: string;
  readonly wallMs: number;
  readonly deadlineMs: number;
}

export interface Told {
  readonly said: readonly Said[];
  /** The longest that this machine let the process wait for its turn. */
  readonly lateMs: number;
  readonly peakBytes: number;
}

export interface Lab {
  readonly folder: string;
  /** `script` ends with `exec "$@"`; `$LAB` is the folder. */
  ask(script: string, cases: readonly Case[], options?: { readonly atOnce?: number; readonly env?: Record<string, string> }): Promise<Told>;
  close(): void;
}

/** What ends a hang. */
const PATIENCE_MS = 200_000;

export async function openLab(): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), 'oor-cases-'));
  const program = join(folder, 'program.mjs');
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  await build({
    entryPoints: { program: join(import.meta.dirname, 'cases-program.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    banner,
    logLevel: 'error',
  });
  let turns = 0;
  return {
    folder,
    async ask(script, cases, { atOnce = 8, env = {} } = {}) {
      turns += 1;
      const file = join(folder, `cases-${turns}.json`);
      writeFileSync(file, JSON.stringify({ cases, atOnce }));
      return JSON.parse(
        await run(['sh', '-c', `set -e\n${script}`, 'sh', process.execPath, program, file], { LAB: folder, ...env }),
      ) as Told;
    },
    close: () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  };
}

function run([program = '', ...args]: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const group = -(child.pid as number);
  const timer = setTimeout(() => {
    if (child.exitCode === null) process.kill(group, 'SIGKILL');
  }, PATIENCE_MS);
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text.out += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    text.err += part;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status, signal) => {
      clearTimeout(timer);
      // What still holds the pipe is no part of the answer.
      setImmediate(() => {
        if (status === 0) resolve(text.out);
        else reject(new Error(`the lab ended with ${signal ?? status}: ${text.err.slice(-2_000)}`));
      });
    });
  });
}
