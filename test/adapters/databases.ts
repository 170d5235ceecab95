/** Private instances of real databases and caches on loopback; each ends with `stopDatabases`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findClosedPort } from './servers.ts';

export interface Instance {
  readonly port: number;
  readonly dir: string;
  readonly process: ChildProcess;
  /** SIGSTOP to all its processes, and back. */
  hang(): void;
  goOn(): void;
}

const stops: (() => void)[] = [];

export function stopDatabases(): void {
  for (const stop of stops.splice(0).reverse()) stop();
}

function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const path = [...folders, ...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return path.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

const POSTGRES_ROOT = '/usr/lib/postgresql';
const postgresFolders = existsSync(POSTGRES_ROOT) ? readdirSync(POSTGRES_ROOT).map((version) => join(POSTGRES_ROOT, version, 'bin')) : [];

const programs = {
  postgres: findProgram('initdb', postgresFolders),
  mariadb: findProgram('mariadbd'),
  redis: findProgram('redis-server'),
};

/** False prints why, for tests that skip. */
export function has(name: keyof typeof programs): boolean {
  if (programs[name] === undefined) console.log(`skipped: no ${name} server on this machine`);
  return programs[name] !== undefined;
}

/** PostgreSQL and MariaDB refuse to run as root. */
function unprivileged(argv: readonly string[]): readonly [string, ...string[]] {
  const other = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : [];
  return [...other, ...argv] as [string, ...string[]];
}

function makeFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'oor-db-'));
  chmodSync(dir, 0o777);
  stops.push(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return dir;
}

function runOnce(argv: readonly string[], cwd: string): void {
  const [program, ...args] = unprivileged(argv);
  execFileSync(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' } });
}

function start(argv: readonly string[], dir: string, port: number): Instance {
  const [program, ...args] = unprivileged(argv);
  const child = spawn(program, args, { cwd: dir, stdio: 'ignore', detached: true, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' } });
  const group = -(child.pid as number);
  const signal = (name: NodeJS.Signals, to: number) => {
    try {
      process.kill(to, name);
    } catch {
      // It has ended.
    }
  };
  stops.push(() => {
    for (const pid of [group, ...familyOf(child.pid as number)]) signal('SIGKILL', pid);
  });
  const all = (name: NodeJS.Signals) => {
    for (const pid of [child.pid as number, ...familyOf(child.pid as number)]) signal(name, pid);
  };
  return { port, dir, process: child, hang: () => all('SIGSTOP'), goOn: () => all('SIGCONT') };
}

/** Backends of PostgreSQL have process groups of their own. */
function familyOf(parent: number): number[] {
  try {
    return execFileSync('ps', ['-o', 'pid=', '--ppid', String(parent)], { encoding: 'utf8' })
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 1);
  } catch {
    return [];
  }
}

/** Of a server that does not get ready. */
const PATIENCE_MS = 120_000;

async function until(what: string, server: ChildProcess, reached: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end && server.exitCode === null; ) {
    if (await reached()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} (exit ${server.exitCode})`);
}

function untilOpen({ port, process: server }: Instance): Promise<void> {
  return until(`nothing listens on ${port}`, server, () => {
    return new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  });
}

export const POSTGRES_PASSWORD = 'root-secret';

/** Superuser `postgres`; 20 connections, 3 of them reserved. */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<Instance> {
  const dir = makeFolder();
  const data = join(dir, 'data');
  writeFileSync(join(dir, 'password'), POSTGRES_PASSWORD);
  runOnce(
    [
      bin('initdb'),
      '-D',
      data,
      '-U',
      'postgres',
      '-N',
      '--auth=scram-sha-256',
      `--pwfile=${join(dir, 'password')}`,
      '--no-locale',
      '-E',
      'UTF8',
    ],
    dir,
  );
  return servePostgres(dir, data, settings);
}

/** A copy of a running server that follows it. */
export async function startStandby(primary: Instance, name: string): Promise<Instance> {
  const dir = makeFolder();
  const data = join(dir, 'data');
  const source = `host=127.0.0.1 port=${primary.port} user=postgres password=${POSTGRES_PASSWORD} application_name=${name}`;
  runOnce([bin('pg_basebackup'), '-D', data, '-d', source, '-R', '-c', 'fast', '-X', 'stream'], dir);
  return servePostgres(dir, data, {});
}

async function servePostgres(dir: string, data: string, settings: Readonly<Record<string, string>>): Promise<Instance> {
  const port = await findClosedPort();
  const all = {
    max_connections: '20',
    superuser_reserved_connections: '3',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    port: String(port),
    ...settings,
  };
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const instance = start([bin('postgres'), '-D', data, ...options], dir, port);
  await untilOpen(instance);
  await untilReady(instance);
  return instance;
}

/** It listens before it lets anybody in. */
function untilReady({ port, process: server }: Instance): Promise<void> {
  return until('PostgreSQL does not get ready', server, () => {
    try {
      runOnce([bin('pg_isready'), '-q', '-h', '127.0.0.1', '-p', String(port)], '/');
      return true;
    } catch {
      return false;
    }
  });
}

function bin(name: string): string {
  return join(programs.postgres as string, '..', name);
}

/** Superuser `root` without a password, from 127.0.0.1. */
export async function startMariadb(settings: readonly string[] = []): Promise<Instance> {
  const dir = makeFolder();
  const data = join(dir, 'data');
  runOnce(
    [
      'mariadb-install-db',
      '--no-defaults',
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
    ],
    dir,
  );
  const port = await findClosedPort();
  const argv = [
    programs.mariadb as string,
    '--no-defaults',
    `--datadir=${data}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${join(dir, 'socket')}`,
    '--skip-name-resolve',
    '--innodb-buffer-pool-size=16M',
    '--innodb-flush-log-at-trx-commit=0',
    ...settings,
  ];
  const instance = start(argv, dir, port);
  await untilOpen(instance);
  return instance;
}

export async function startRedis(settings: readonly string[] = []): Promise<Instance> {
  const dir = makeFolder();
  const port = await findClosedPort();
  const log = join(dir, 'log');
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--logfile', log];
  const instance = start([programs.redis as string, ...place, '--save', '', ...settings], dir, port);
  // A look by a connection would count as a client for a while.
  const isReady = (): boolean => existsSync(log) && readFileSync(log, 'utf8').includes('Ready to accept connections');
  await until('Redis does not get ready', instance.process, isReady);
  return instance;
}
