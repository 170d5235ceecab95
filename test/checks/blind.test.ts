/** Machines that hide what a check looks at: whatever it is, the answer is never ok and never a fault. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Case, type Lab, openLab } from './cases.ts';
import { openProof } from './proof.ts';
import { checks } from './registry.ts';

/** In a mount namespace of its own; the program keeps a name that stays reachable. */
const APART = `exec unshare --mount --propagation private sh -ec ': > "$LAB/node"; mount --bind "$1" "$LAB/node"; shift; eval "$INSIDE"' sh "$@"`;
const cover = (folders: string): string => `for each in ${folders}; do mount -t tmpfs oor-test "$each"; done; exec "$LAB/node" "$@"`;
const NO_KERNEL_FILES = cover('/sys /proc');
const NOTHING = cover('/sys /proc /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin');
const NO_TOOLS = cover('/usr/local/sbin /usr/local/bin /usr/sbin /usr/bin');
const NOBODY = 'exec setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all -- "$LAB/node" "$@"';

const possible = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'oor-test', '/mnt']).status === 0;
if (!possible) process.stderr.write('skipped: nothing can be hidden from a check here, that needs root\n');

const HIDDEN_WITH_KERNEL_FILES = [
  'cpu.iowait',
  'cpu.load',
  'cpu.steal',
  'cpu.util',
  'disk.fill_eta',
  'disk.inodes',
  'disk.io',
  'disk.space',
  'fd.process',
  'fd.system',
  'fs.hung',
  'fs.readonly',
  'host.uptime',
  'kernel.param',
  'mem.available',
  'mem.majfault',
  'mem.oom',
  'mem.swap',
  'mount.opts',
  'net.bandwidth',
  'net.errors',
  'net.softnet',
  'nic.link',
  'port.listen',
  'proc.match',
  'proc.pids',
  'proc.throttled',
  'proc.zombies',
  'security.listeners',
  'tcp.conntrack',
  'tcp.mem',
  'tcp.orphans',
  'tcp.ports',
  'tcp.resets',
  'tcp.retrans',
];
const HIDDEN_WITH_TOOLS = [
  'change.config',
  'config.test',
  'container.state',
  'core.dumps',
  'disk.nvme',
  'disk.smart',
  'kernel.events',
  'mq.depth',
  'mtu.path',
  'net.arp_dup',
  'net.route',
  'pkg.version',
  'power.ups',
  'security.logins',
  'svc.unit',
  'time.sync',
  'time.tz',
  'user.exists',
];

const HIDDEN_WITH_BOTH = [
  'bond.slaves',
  'change.packages',
  'cpu.throttle',
  'host.identity',
  'host.reboot_required',
  'hw.sel',
  'mem.ecc',
  'net.firewall',
  'net.gateway',
  'port.backlog',
  'power.battery',
  'power.mains',
  'power.psu',
  'proc.dstate',
  'psi.cpu',
  'psi.io',
  'psi.mem',
  'raid.hw',
  'raid.md',
  'svc.failed',
  'tcp.peer',
  'temp.sensor',
  'web.upstreams',
];

describe.skipIf(!possible)('a check that is not shown what it looks at is unknown', () => {
  let lab: Lab;
  let locked: string;

  beforeAll(async () => {
    lab = await openLab();
    chmodSync(lab.folder, 0o755);
    locked = join(lab.folder, 'locked');
    mkdirSync(locked, { mode: 0o700 });
    writeFileSync(join(locked, 'file'), 'text\n');
  });
  afterAll(() => lab.close());

  const examplesOf = (ids: readonly string[]): Case[] => ids.map((id) => ({ check: id, params: checks[id]?.example ?? {} }));

  async function expectUnknown(inside: string, cases: readonly Case[]): Promise<void> {
    const proofs = cases.map(({ check }) => openProof(check, 'real'));
    const { said } = await lab.ask(APART, cases, { env: { INSIDE: inside } });
    const verdicts = said.filter(({ status, unlock }) => status !== 'unknown' || unlock === '');
    expect(verdicts).toEqual([]);
    expect(said.map(({ check }) => check).toSorted()).toEqual(cases.map(({ check }) => check).toSorted());
    for (const prove of proofs) prove('unknown');
  }

  it('without /proc and /sys', () => expectUnknown(NO_KERNEL_FILES, examplesOf(HIDDEN_WITH_KERNEL_FILES)));

  it('without any tool', () => expectUnknown(NO_TOOLS, examplesOf(HIDDEN_WITH_TOOLS)));

  it('without either', () => expectUnknown(NOTHING, examplesOf(HIDDEN_WITH_BOTH)));

  it('within a moment', () => expectUnknown('exec "$LAB/node" "$@"', [{ check: 'host.inventory', params: {}, timeoutMs: 20 }]));

  it('as a user who may read nothing', async () => {
    const file = join(locked, 'file');
    await expectUnknown(NOBODY, [
      { check: 'backup.age', params: { path: file } },
      { check: 'change.config', params: { paths: [locked] } },
      { check: 'config.keys', params: { file, required: ['KEY'] } },
      { check: 'cron.age', params: { marker: file, every: '1d' } },
      { check: 'disk.latency', params: { path: locked } },
      { check: 'file.access', params: { path: file, need: 'read' } },
      { check: 'file.checksum', params: { manifest: file } },
      { check: 'file.value', params: { file, want: 'text' } },
      { check: 'kernel.param', params: { name: 'vm.stat_refresh', min: 1 } },
      { check: 'log.freshness', params: { file } },
      { check: 'log.pattern', params: { file, patterns: { any: '.' } } },
      { check: 'log.status', params: { file } },
      { check: 'log.volume', params: { file } },
      { check: 'mtu.path', params: { host: '127.0.0.1' } },
      { check: 'net.ping', params: { host: '127.0.0.1' } },
      { check: 'security.logins', params: { file } },
      { check: 'tls.file', params: { file } },
      { check: 'tls.keypair', params: { certificate: file, key: file } },
    ]);
  });
});
