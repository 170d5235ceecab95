/** A private sshd on loopback with keys of its own; all end with `stopSshServers`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createSshConnection, type SshConnection } from '../../src/adapters/ssh-connection.ts';
import { descendantsOf, kill } from './processes.ts';
import { findClosedPort } from './servers.ts';

export interface SshServer {
  readonly port: number;
  readonly dir: string;
  /** A configuration of ssh that knows the server by the name `box`, with its key and host key. */
  readonly configFile: string;
  readonly process: ChildProcess;
  /** All processes of the server, those of the sessions included, but not what runs in them. */
  pids(): readonly number[];
  connect(ssh?: string): SshConnection;
}

const SSHD = '/usr/sbin/sshd';
const stops: (() => void)[] = [];

export function stopSshServers(): void {
  for (const stop of stops.splice(0).reverse()) stop();
}

/** False prints why, for tests that skip. */
export function hasSshd(): boolean {
  const there = existsSync(SSHD) && existsSync('/usr/bin/ssh-keygen') && existsSync('/usr/bin/ssh');
  if (!there) console.log('skipped: no sshd and ssh on this machine');
  return there;
}

export interface SshServerOptions {
  /** More lines of sshd_config. */
  readonly server?: readonly string[];
  /** More lines of ssh_config for `box`. */
  readonly client?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export async function startSshServer({ server = [], client = [], env = {} }: SshServerOptions = {}): Promise<SshServer> {
  const dir = mkdtempSync(join(tmpdir(), 'oor-sshd-'));
  stops.push(() => rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  const file = (name: string) => join(dir, name);
  for (const name of ['host', 'user', 'other']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
  writeFileSync(file('authorized'), readFileSync(file('user.pub')));
  const port = await findClosedPort();
  writeFileSync(file('known'), `[127.0.0.1]:${port} ${readFileSync(file('host.pub'), 'utf8')}`);
  const settings = [
    ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${file('host')}`, `AuthorizedKeysFile ${file('authorized')}`],
    ...[`PidFile ${file('pid')}`, 'UsePAM no', 'StrictModes no', 'PermitRootLogin yes', 'LogLevel ERROR', 'PasswordAuthentication no'],
  ];
  // The first value of a keyword counts.
  writeFileSync(file('sshd_config'), `${[...server, ...settings].join('\n')}\n`);
  const login = [`HostName 127.0.0.1`, `Port ${port}`, `User ${userInfo().username}`, `IdentityFile ${file('user')}`];
  const known = ['IdentitiesOnly yes', `UserKnownHostsFile ${file('known')}`, 'GlobalKnownHostsFile /dev/null'];
  writeFileSync(file('ssh_config'), `Host box\n${[...client, ...login, ...known].map((line) => ` ${line}`).join('\n')}\n`);
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn(SSHD, ['-D', '-e', '-f', file('sshd_config')], {
    stdio: 'ignore',
    detached: true,
    env: { PATH: process.env['PATH'], ...env },
  });
  const pids = () => [child.pid as number, ...descendantsOf(child.pid as number).filter((pid) => nameOf(pid) === 'sshd')];
  stops.push(() => {
    for (const pid of [...descendantsOf(child.pid as number), child.pid as number]) kill(pid, 'SIGKILL');
  });
  await untilListening(port);
  const connectTo = (ssh = 'box') => createSshConnection({ name: 'box', ssh }, { configFile: file('ssh_config') });
  return { port, dir, configFile: file('ssh_config'), process: child, pids, connect: connectTo };
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

async function untilListening(port: number): Promise<void> {
  for (const end = performance.now() + 120_000; performance.now() < end; ) {
    const answered = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port }, () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`sshd does not listen on port ${port}`);
}
