import { describe, expect, test } from 'vitest';
import { hostIdentity } from '../../src/checks/host-identity.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';

const ABSENT = Object.fromEntries(
  [
    '/etc/os-release',
    '/proc/sys/kernel/osrelease',
    '/proc/sys/kernel/hostname',
    '/proc/cpuinfo',
    '/proc/meminfo',
    '/sys/class/dmi/id/sys_vendor',
    '/sys/class/dmi/id/product_name',
    '/run/systemd/container',
    '/.dockerenv',
    '/run/.containerenv',
    '/proc/1/cgroup',
    '/sys/fs/cgroup/memory.max',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes',
    '/sys/fs/cgroup/cpu.max',
    '/sys/fs/cgroup/cpu/cpu.cfs_quota_us',
    '/sys/fs/cgroup/cpu/cpu.cfs_period_us',
  ].map((path) => [path, null]),
);
const FILES = {
  ...ABSENT,
  '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
  '/proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
  '/proc/sys/kernel/hostname': 'gw1\n',
  '/proc/cpuinfo': 'processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu hypervisor sse\n\nprocessor\t: 1\nmodel name\t: AMD EPYC\n',
  '/proc/meminfo': 'MemTotal:  4194304 kB\n',
};
const BARE = { 'systemd-detect-virt': { exitCode: 1, stdout: 'none\n' } };

describe('probe and judge', () => {
  test('a virtual machine, all its hints kept', async () => {
    const files = { ...FILES, '/sys/class/dmi/id/sys_vendor': 'QEMU\n', '/sys/class/dmi/id/product_name': 'Standard PC\n' };
    const { facts, judgement } = await probeAndJudge(
      hostIdentity,
      fakeHost({ files, commands: { 'systemd-detect-virt': { stdout: 'kvm\n' } } }),
    );
    expect(facts).toMatchObject({
      hostName: 'gw1',
      osId: 'debian',
      kernel: '6.1.0-18-amd64',
      cores: 2,
      processor: 'AMD EPYC',
      memoryBytes: 4 * 1024 ** 3,
      virtualization: { detected: 'kvm', vendor: 'QEMU', product: 'Standard PC', hypervisorFlag: true },
      container: null,
      cgroup: { memoryLimitBytes: null, cpuCores: null },
    });
    expect(judgement).toMatchObject({ status: 'ok', code: 'identified', data: { memory: '4 GiB', place: ', kvm' } });
  });

  test('a container with limits', async () => {
    const files = {
      ...FILES,
      '/proc/1/cgroup': '0::/kubepods/burstable/pod1/abc\n',
      '/sys/fs/cgroup/memory.max': '536870912\n',
      '/sys/fs/cgroup/memory.current': '1000\n',
      '/sys/fs/cgroup/memory.stat': 'inactive_file 0\n',
      '/sys/fs/cgroup/cpu.max': '50000 100000\n',
    };
    const { facts, judgement } = await probeAndJudge(hostIdentity, fakeHost({ files, commands: { 'systemd-detect-virt': null } }));
    expect(facts).toMatchObject({
      container: 'kubernetes',
      virtualization: { detected: null },
      cgroup: { memoryLimitBytes: 536_870_912, cpuCores: 0.5 },
    });
    expect(judgement.data?.place).toBe(', vm, container kubernetes, cgroup 512 MiB, 0.5 cpu');
  });

  test.each([
    ['/run/systemd/container', 'lxc\n', 'lxc'],
    ['/.dockerenv', '', 'docker'],
    ['/run/.containerenv', '', 'podman'],
  ])('%s means a container', async (path, text, container) => {
    const { facts } = await probeAndJudge(hostIdentity, fakeHost({ files: { ...FILES, [path]: text }, commands: BARE }));
    expect(facts).toMatchObject({ container });
  });

  test('bare metal', async () => {
    const files = { ...FILES, '/proc/cpuinfo': 'processor: 0\nflags : fpu\n' };
    const { judgement } = await probeAndJudge(hostIdentity, fakeHost({ files, commands: BARE }));
    expect(judgement.data?.place).toBe('');
  });

  test('a host that shows nothing is still identified by its name', async () => {
    const { facts } = await probeAndJudge(hostIdentity, fakeHost({ name: 'gw', files: ABSENT, commands: { 'systemd-detect-virt': null } }));
    expect(facts).toMatchObject({ hostName: 'gw', osName: 'Linux', kernel: '?', cores: 1 });
  });
});
