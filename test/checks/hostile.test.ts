/** Mounts that never answer, files without an end and tools that misbehave: every check is back in time, nothing stays behind. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProcesses, waitFor } from '../adapters/processes.ts';
import { type Case, type Lab, openLab, type Told } from './cases.ts';
import { checks } from './registry.ts';

const SLACK_MS = 500;
const MOST_BYTES = 150 * 1024 ** 2;
/** As a step of a playbook sets it; short, so that the tests are. */
const DEADLINE_MS = 2_500;

const HUNG = `mkdir -p "$LAB/hung"; exec 7<>/dev/fuse
mount -i -t fuse -o fd=7,rootmode=40000,user_id=0,group_id=0 oor-hung "$LAB/hung"
exec "$@"`;
const mounts = spawnSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs oor-test /mnt && exec 7<>/dev/fuse']).status === 0;
if (!mounts) process.stderr.write('skipped: no mount can be made here that never answers\n');

/** Every check, with these paths in the place of its files. */
function overFiles(file: string, folder: string): Case[] {
  const params: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'backup.age': { path: folder },
    'change.config': { paths: [folder] },
    'config.keys': { file, required: ['KEY'] },
    'cron.age': { marker: file, every: '1d' },
    'disk.fill_eta': { path: folder },
    'disk.inodes': { path: folder },
    'disk.latency': { path: folder },
    'disk.space': { path: folder },
    'file.access': { path: file, need: 'read', user: 'root' },
    'file.checksum': { manifest: file },
    'file.value': { file, want: 'x' },
    'fs.hung': { path: folder },
    'fs.readonly': { path: folder },
    'lb.haproxy': { socket: file },
    'log.freshness': { file },
    'log.pattern': { file, patterns: { any: 'bank' } },
    'log.status': { file },
    'log.volume': { file },
    'mount.opts': { mount: folder, options: ['noexec'] },
    'security.logins': { file },
    'tls.file': { file },
    'tls.keypair': { certificate: file, key: file },
  };
  return Object.entries(params).map(([check, given]) => ({ check, params: given, timeoutMs: DEADLINE_MS }));
}

function expectInTime({ said, lateMs, peakBytes }: Told): void {
  expect(said.filter(({ wallMs, deadlineMs }) => wallMs > deadlineMs + SLACK_MS + lateMs)).toEqual([]);
  expect(said.filter(({ code }) => code === 'check-crashed' || code === 'bad-params')).toEqual([]);
  expect(said.filter(({ status, unlock }) => status === 'unknown' && unlock === '')).toEqual([]);
  expect(peakBytes).toBeLessThan(MOST_BYTES);
}

/** Checks that start tools. */
const ANY = /^(?!(?:cache|cpu|db|fd|iso8583|mem|metric|pay|psi)\.)/;
/** One for each way in which a check starts one; a gigabyte takes its time. */
const ONE_A_WAY = /^(?:backup\.age|change\.config|config\.test|disk\.smart|kernel\.events|net\.firewall|net\.ping|power\.ups|tcp\.ports)$/;

describe('nothing holds a check', () => {
  let lab: Lab;
  let turns = 0;
  beforeAll(async () => {
    lab = await openLab();
  });
  afterAll(() => lab.close());

  it.skipIf(!mounts)('not a mount that never answers, wherever it is named', async () => {
    const hung = join(lab.folder, 'hung');
    const told = await lab.ask(
      `exec unshare --mount --propagation private sh -ec '${HUNG}' sh "$@"`,
      overFiles(join(hung, 'file'), join(hung, 'folder')),
    );
    expectInTime(told);
    // The table of mounts tells how it is mounted without a question to it.
    expect(told.said.filter(({ status, check }) => status === 'ok' && check !== 'fs.readonly')).toEqual([]);
    expect(findProcesses(hung)).toEqual([]);
  });

  it.skipIf(!mounts)('nor one that nobody asked about', async () => {
    const cases = Object.values(checks).map(({ id, example }) => ({ check: id, params: example }));
    expectInTime(await lab.ask(`exec unshare --mount --propagation private sh -ec '${HUNG}' sh "$@"`, cases, { atOnce: 16 }));
  });

  it.each([
    ['a FIFO that nobody writes to', 'mkfifo "$LAB/fifo"', 'fifo'],
    ['a line of 500 MB', 'head -c 500000000 /dev/zero | tr "\\0" x > "$LAB/line"', 'line'],
    ['a device without an end', ': ', '/dev/zero'],
  ])('nor %s', async (_name, script, name) => {
    const file = name.startsWith('/') ? name : join(lab.folder, name);
    expectInTime(await lab.ask(`${script}\nexec "$@"`, overFiles(file, lab.folder), { atOnce: 4 }));
  });

  it.each([
    ['leaves a grandchild with its pipe', (mark: string) => `(sleep ${mark} &)\necho x`, ANY, DEADLINE_MS, 16],
    ['starts a session of its own', (mark: string) => `setsid sleep ${mark} &\nsleep ${mark}`, ANY, DEADLINE_MS, 16],
    // As long as a probe has by default: what prints for ever is read to its end, for a count.
    ['prints 1 GB', () => 'exec head -c 1000000000 /dev/zero', ONE_A_WAY, 10_000, 1],
    ['ignores every polite signal', (mark: string) => `trap '' TERM INT HUP PIPE\nwhile :; do sleep ${mark}; done`, ANY, DEADLINE_MS, 16],
  ])(
    'nor a tool that %s',
    // Where other work crowds the processors the collector comes late, and the peak is its lateness: the second look counts.
    { timeout: 100_000, retry: 1 },
    async (_name, body, among, deadlineMs, atOnce) => {
      turns += 1;
      const mark = `${process.pid}${turns}0000`;
      const bin = join(lab.folder, `bin${turns}`);
      mkdirSync(bin);
      for (const tool of TOOLS) {
        writeFileSync(join(bin, tool), `#!/bin/sh\nPATH=/usr/bin:/bin\n${body(mark)}\n`);
        chmodSync(join(bin, tool), 0o755);
      }
      const cases = Object.values(checks)
        .filter(({ id }) => among.test(id))
        .map(({ id, example }) => ({ check: id, params: example, timeoutMs: deadlineMs }));
      expectInTime(await lab.ask('exec "$@"', cases, { atOnce, env: { PATH: `${bin}:${process.env['PATH']}` } }));
      expect(await waitFor(() => findProcesses(`sleep ${mark}`).length === 0, 1_000)).toBe(true);
    },
  );
});

/** Every tool that a check starts. */
const TOOLS = [
  ...['adjtimex', 'arping', 'chronyc', 'coredumpctl', 'date', 'dd', 'dmesg', 'docker', 'dpkg-query', 'find', 'getent', 'id', 'ip'],
  ...[
    'ipmitool',
    'journalctl',
    'needs-restarting',
    'nft',
    'nginx',
    'nvme',
    'openssl',
    'perccli64',
    'ping',
    'podman',
    'rabbitmqctl',
    'readlink',
  ],
  ...['rpm', 'runmqsc', 'sha256sum', 'smartctl', 'socat', 'ss', 'stat', 'storcli64', 'supervisorctl', 'systemctl', 'systemd-detect-virt'],
  ...['timedatectl', 'upsc'],
];
