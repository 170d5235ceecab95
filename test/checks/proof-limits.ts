/** Proofs that no machine of the tests can give on a real part; facts in the format of the kernel or the tool stand in for it. */
import type { Judgement } from '../../src/checks/check.ts';

interface Limit {
  readonly statuses: readonly Judgement['status'][];
  readonly why: string;
}

const NO_HARDWARE = 'no such hardware, and nothing that stands in for it';
const WHOLE_HOST = 'a counter or a limit of the whole host, which others use while tests run';
const TOO_BIG = 'a product too large to install for a test';
const BOTH = ['ok', 'fail'] as const;

export const ON_PAPER: Readonly<Record<string, Limit>> = {
  'bond.slaves': { statuses: BOTH, why: 'a kernel without the bonding driver' },
  'cache.slow': { statuses: ['fail'], why: 'a command that slow holds its server for seconds' },
  'container.state': { statuses: BOTH, why: TOO_BIG },
  'cpu.iowait': { statuses: ['warn'], why: WHOLE_HOST },
  'cpu.load': { statuses: BOTH, why: 'a mean over fifteen minutes, of the whole host' },
  'cpu.steal': { statuses: ['warn'], why: 'only the host below a virtual machine can steal' },
  'cpu.throttle': { statuses: ['ok', 'warn'], why: NO_HARDWARE },
  'cpu.util': { statuses: BOTH, why: WHOLE_HOST },
  'db.wraparound': { statuses: ['fail'], why: 'thousand million transactions' },
  'disk.io': { statuses: ['warn'], why: 'how busy a disk gets depends on the machine' },
  'disk.latency': { statuses: BOTH, why: 'how slow a disk is depends on the machine' },
  'disk.nvme': { statuses: BOTH, why: NO_HARDWARE },
  'disk.smart': { statuses: BOTH, why: NO_HARDWARE },
  'fd.system': { statuses: ['fail'], why: WHOLE_HOST },
  'host.reachable': { statuses: ['ok', 'fail', 'unknown'], why: 'test/adapters/ssh-host.test.ts asks a real sshd' },
  'kernel.events': { statuses: ['fail'], why: 'the log of the whole host' },
  'mem.ecc': { statuses: BOTH, why: NO_HARDWARE },
  'mem.majfault': { statuses: ['warn'], why: WHOLE_HOST },
  'mem.oom': { statuses: ['warn'], why: WHOLE_HOST },
  'mem.swap': { statuses: BOTH, why: 'a swap area would be the whole host’s' },
  'mq.depth': { statuses: BOTH, why: TOO_BIG },
  'net.http': { statuses: ['unknown'], why: 'only a host that cannot open sockets' },
  'net.softnet': { statuses: ['warn'], why: WHOLE_HOST },
  'net.tcp': { statuses: ['unknown'], why: 'only a host that cannot open sockets' },
  'power.battery': { statuses: BOTH, why: NO_HARDWARE },
  'power.mains': { statuses: BOTH, why: NO_HARDWARE },
  'proc.dstate': { statuses: ['warn'], why: 'a task that the kernel cannot wake would stay after the test' },
  'psi.cpu': { statuses: ['ok', 'warn', 'fail'], why: WHOLE_HOST },
  'psi.io': { statuses: ['ok', 'warn', 'fail'], why: WHOLE_HOST },
  'psi.mem': { statuses: ['ok', 'warn', 'fail'], why: WHOLE_HOST },
  'raid.hw': { statuses: BOTH, why: NO_HARDWARE },
  'raid.md': { statuses: BOTH, why: 'a kernel without the md driver' },
  'site.drift': {
    statuses: ['ok', 'unknown'],
    why: 'two machines that stay alike while tests run on them; what differs is seen behind a real sshd',
  },
  'svc.failed': { statuses: ['ok', 'warn', 'fail'], why: 'systemd runs no machine of the tests' },
  'tcp.conntrack': { statuses: ['fail'], why: WHOLE_HOST },
  'tcp.mem': { statuses: ['fail'], why: WHOLE_HOST },
  'tcp.orphans': { statuses: ['fail'], why: WHOLE_HOST },
  'temp.sensor': { statuses: BOTH, why: NO_HARDWARE },
};

/** A peer that says nothing is itself what these report, so they are never without an answer. */
export const NEVER_UNKNOWN: ReadonlySet<string> = new Set(['net.dns', 'pay.hsm', 'time.offset']);
