import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { procThrottled } from '../../src/checks/proc-throttled.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';
import { statLine } from './stat-line.ts';

const GROUPS = findGroups();
if (GROUPS === undefined) console.log('proc.throttled: no control group can be made here; a real process is not limited');

const group = { path: '/sys/fs/cgroup/a', quotaCores: 0.2, periods: 10, throttledPercent: 0 };
const facts = { observedAt: 0, process: 'paygw', count: 1, groups: [group] };
const stat = (periods: number, throttled: number) => `nr_periods ${periods}\nnr_throttled ${throttled}\nthrottled_usec 1\n`;

function machine(files: Readonly<Record<string, string | string[] | null>>) {
  return fakeHost({
    lists: { '/proc': ['1', '20'] },
    files: {
      '/proc/1/stat': statLine(1, 'init', 'S', 0),
      '/proc/1/cmdline': '/sbin/init\0',
      '/proc/20/stat': statLine(20, 'paygw', 'S', 1),
      '/proc/20/cmdline': '/usr/bin/paygw\0',
      ...files,
    },
  });
}

describe('proc.throttled', () => {
  it.each([
    ['within its quota', { groups: [group] }, 'ok', 'ok'],
    ['stopped now and then', { groups: [{ ...group, throttledPercent: 40 }] }, 'warn', 'throttled'],
    ['stopped most of the time', { groups: [{ ...group, throttledPercent: 90 }, group] }, 'fail', 'throttled'],
    ['without a quota', { groups: [] }, 'ok', 'no-quota'],
    ['without a process', { count: 0, groups: [] }, 'not-applicable', 'not-running'],
  ] as const)('%s', (_name, more, status, code) => {
    expect(judge(procThrottled, { ...facts, ...more }, { process: 'paygw' })).toMatchObject({ status, code });
  });

  it('reads version 2, and every group above that has a quota', async () => {
    const { facts: found, judgement } = await probeAndJudge(
      procThrottled,
      machine({
        '/proc/20/cgroup': '0::/pay.slice/paygw.service\n',
        '/sys/fs/cgroup/pay.slice/paygw.service/cpu.max': 'max 100000\n',
        '/sys/fs/cgroup/pay.slice/cpu.max': '20000 100000\n',
        '/sys/fs/cgroup/pay.slice/cpu.stat': [stat(990, 20), stat(1_000, 20), stat(1_010, 30)],
      }),
      { process: 'paygw' },
    );
    expect(found['groups']).toEqual([{ path: '/sys/fs/cgroup/pay.slice', quotaCores: 0.2, periods: 10, throttledPercent: 100 }]);
    expect(judgement).toMatchObject({ status: 'fail', code: 'throttled', value: 100 });
  });

  it('reads version 1', async () => {
    const { facts: found } = await probeAndJudge(
      procThrottled,
      machine({
        '/proc/20/cgroup': '8:pids:/x\n4:cpu,cpuacct:/paygw\n0::/\n',
        '/sys/fs/cgroup/cpu,cpuacct/paygw/cpu.max': null,
        '/sys/fs/cgroup/cpu,cpuacct/paygw/cpu.cfs_quota_us': '50000\n',
        '/sys/fs/cgroup/cpu,cpuacct/paygw/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/cpu,cpuacct/paygw/cpu.stat': [stat(30, 4), stat(40, 4), stat(50, 7)],
      }),
      { process: 'paygw' },
    );
    expect(found['groups']).toEqual([{ path: '/sys/fs/cgroup/cpu,cpuacct/paygw', quotaCores: 0.5, periods: 10, throttledPercent: 30 }]);
  });

  it('has nothing to wait for without a quota, and looks at no group outside of what is shown', async () => {
    const context = machine({ '/proc/20/cgroup': '4:cpu:/../other\n' });
    expect((await probeAndJudge(procThrottled, context, { process: 'paygw' })).judgement).toMatchObject({ status: 'ok', code: 'no-quota' });
    expect(context.calls.filter((call) => call.startsWith('sleep'))).toEqual([]);
  });

  it.skipIf(GROUPS === undefined)('sees a real process that is stopped, and one that has enough', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oor-quota-'));
    const name = `busy${process.pid}`;
    writeFileSync(join(folder, name), 'while :; do :; done\n');
    const busy = spawn('/bin/sh', [join(folder, name)], { stdio: 'ignore' });
    const limited = join(GROUPS ?? '', `oor-${name}`);
    mkdirSync(limited);
    onTestFinished(async () => {
      busy.kill('SIGKILL');
      // It can be removed when the last process has left it.
      await vi.waitFor(() => rmdirSync(limited), { timeout: 20_000 });
      rmSync(folder, { recursive: true });
    });
    writeFileSync(join(limited, 'cgroup.procs'), String(busy.pid));
    const ask = async () => (await probeAndJudge(procThrottled, realContext(), { process: name })).judgement;
    limitTo(limited, 4_000);
    // On a crowded machine it may not even come to use up that.
    await vi.waitFor(async () => expect(await ask()).toMatchObject({ status: 'fail', code: 'throttled' }), { timeout: 60_000 });
    limitTo(limited, 800_000);
    await vi.waitFor(async () => expect(await ask()).toMatchObject({ status: 'ok', code: 'ok' }), { timeout: 60_000 });
  });
});

/** Where groups with a quota can be made; undefined where this account or kernel does not let us. */
function findGroups(): string | undefined {
  return ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup'].find((root) => {
    try {
      accessSync(join(root, 'cgroup.procs'), constants.W_OK);
      return root.endsWith('/cpu') || readFileSync(join(root, 'cgroup.subtree_control'), 'utf8').includes('cpu');
    } catch {
      return false;
    }
  });
}

/** In microseconds of processor time for each 100 ms. */
function limitTo(group: string, microseconds: number): void {
  if (existsSync(join(group, 'cpu.max'))) writeFileSync(join(group, 'cpu.max'), `${microseconds} 100000`);
  else writeFileSync(join(group, 'cpu.cfs_quota_us'), String(microseconds));
}
