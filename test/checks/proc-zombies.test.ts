import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import { procZombies } from '../../src/checks/proc-zombies.ts';
import { parseProcessStat } from '../../src/checks/processes.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

function stat(pid: number, name: string, state: string, parent: number, ticks = 5, startTicks = 100): string {
  return `${pid} (${name}) ${state} ${parent} 1 1 0 -1 0 1 0 0 0 ${ticks} 0 0 0 20 0 1 0 ${startTicks} 1000 10 0\n`;
}

test('parseProcessStat: a name may hold brackets, spaces and what looks like fields', () => {
  expect(parseProcessStat(stat(7, 'a) R 1 (b', 'Z', 3, 9))).toEqual({
    pid: 7,
    name: 'a) R 1 (b',
    state: 'Z',
    parentPid: 3,
    cpuTicks: 9,
    startTicks: 100,
  });
  expect(parseProcessStat('')).toBeUndefined();
});

describe('judge', () => {
  const facts = (zombies: number, stuck: readonly unknown[] = []) => ({
    observedAt: 0,
    processes: 99,
    zombies,
    parents: zombies > 0 ? [{ pid: 3, name: 'paygw', zombies }] : [],
    stuck,
  });
  const held = [{ pid: 8, name: 'cp', waitsIn: 'nfs_wait' }];
  test.each([
    ['none', facts(0), 'ok', 'ok'],
    ['a few', facts(4), 'ok', 'ok'],
    ['five', facts(5), 'warn', 'zombies'],
    ['a thousand', facts(1_000), 'fail', 'zombies'],
    ['stuck', facts(0, held), 'warn', 'stuck'],
    ['both', facts(9, held), 'warn', 'zombies'],
    ['stuck, place hidden', facts(0, [{ pid: 8, name: 'cp', waitsIn: '0' }]), 'warn', 'stuck'],
  ])('%s', (_name, given, status, code) => {
    expect(judge(procZombies, given)).toMatchObject({ status, code });
  });
});

describe('probe', () => {
  test('counts zombies by parent and keeps who waits in both samples', async () => {
    const context = fakeHost({
      lists: { '/proc': ['1', '10', '11', '12', '20', '21', '22', 'uptime'] },
      files: {
        '/proc/1/stat': stat(1, 'init', 'S', 0),
        '/proc/10/stat': stat(10, 'paygw', 'S', 1),
        '/proc/11/stat': stat(11, 'worker', 'Z', 10),
        '/proc/12/stat': stat(12, 'worker', 'Z', 10),
        '/proc/20/stat': stat(20, 'cp', 'D', 1),
        '/proc/21/stat': [stat(21, 'dd', 'D', 1), stat(21, 'dd', 'S', 1)],
        '/proc/22/stat': [stat(22, 'busy', 'D', 1, 5), stat(22, 'busy', 'D', 1, 6)],
        '/proc/20/wchan': 'nfs_wait_client_init_complete',
      },
    });
    const { facts, judgement } = await probeAndJudge(procZombies, context);
    expect(facts).toMatchObject({
      processes: 7,
      zombies: 2,
      parents: [{ pid: 10, name: 'paygw', zombies: 2 }],
      stuck: [{ pid: 20, name: 'cp' }],
    });
    expect(judgement).toMatchObject({ status: 'warn', code: 'stuck', data: { waitsIn: ', nfs_wait_client_init_complete' } });
  });

  test('with a parent only its children count; without waiting processes there is no second sample', async () => {
    const files = { '/proc/1/stat': stat(1, 'init', 'S', 0), '/proc/11/stat': stat(11, 'x', 'Z', 1) };
    const context = fakeHost({ lists: { '/proc': ['1', '11'] }, files });
    expect((await probeAndJudge(procZombies, context, { parent: 'paygw' })).facts).toMatchObject({ zombies: 0, parents: [] });
    expect(context.calls.filter((call) => call.startsWith('sleep'))).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('sees real zombies and who left them', async () => {
    // exec: the shell's children now belong to sleep, which never collects them.
    const parent = spawn('sh', ['-c', 'for i in 1 2 3 4 5 6; do (exit 0) & done; exec sleep 60'], { stdio: 'ignore' });
    onTestFinished(() => void parent.kill('SIGKILL'));
    await once(parent, 'spawn');
    await wait(300);
    const context = { ...fakeHost(), host: createLocalHost(), sleep: (ms: number) => wait(ms) };
    const { facts, judgement } = await probeAndJudge(procZombies, context, { parent: 'sleep' });
    expect(facts.parents).toContainEqual({ pid: parent.pid, name: 'sleep', zombies: 6 });
    expect(judgement).toMatchObject({ status: 'warn', code: 'zombies' });
  });
});
