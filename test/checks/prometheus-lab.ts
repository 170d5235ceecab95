/** A private Prometheus on loopback with weeks of samples in it; ends with `stop`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findClosedPort } from '../adapters/servers.ts';

const PROGRAMS = ['/usr/bin/prometheus', '/usr/bin/promtool'];

export function hasPrometheus(): boolean {
  const there = PROGRAMS.every((file) => existsSync(file));
  if (!there) console.log('skipped: no prometheus on this machine');
  return there;
}

export interface Sample {
  readonly metric: string;
  /** Seconds since the epoch. */
  readonly at: number;
  readonly value: number;
}

export interface Lab {
  readonly url: string;
  stop(): void;
}

/** `users`: bcrypt hashes by name; with it a login is asked for. */
export async function startPrometheus(
  samples: readonly Sample[],
  { prefix = '', users }: { readonly prefix?: string; readonly users?: Readonly<Record<string, string>> } = {},
): Promise<Lab> {
  const dir = mkdtempSync(join(tmpdir(), 'oor-prometheus-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const names = [...new Set(samples.map(({ metric }) => metric.replace(/\{.*/, '')))];
  const families = names.map((name) => {
    const own = samples.filter(({ metric }) => metric.replace(/\{.*/, '') === name).toSorted((a, b) => a.at - b.at);
    return `# TYPE ${name} gauge\n${own.map(({ metric, at, value }) => `${metric} ${value} ${at}\n`).join('')}`;
  });
  const data = join(dir, 'data');
  execFileSync('/usr/bin/promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file('samples', `${families.join('')}# EOF\n`), data], {
    stdio: 'pipe',
  });
  const port = await findClosedPort();
  const web = users ? [`--web.config.file=${file('web.yml', JSON.stringify({ basic_auth_users: users }))}`] : [];
  const child = spawn(
    '/usr/bin/prometheus',
    [
      `--config.file=${file('prometheus.yml', 'global: {}\n')}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=90d',
      `--web.listen-address=127.0.0.1:${port}`,
      `--web.external-url=http://127.0.0.1:${port}${prefix}/`,
      ...web,
    ],
    { stdio: 'ignore' },
  );
  const stop = (): void => {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  const url = `http://127.0.0.1:${port}${prefix}`;
  try {
    await untilReady(child, `${url}/-/ready`);
  } catch (error) {
    stop();
    throw error;
  }
  return { url, stop };
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  for (let tries = 0; tries < 1_200 && child.exitCode === null; tries++) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200 || status === 401) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('prometheus did not start');
}
