import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import { procZombies } from '../../src/checks/proc-zombies.ts';
import { parseProcessStat } from '../../src/checks/processes.ts';
import { descendantsOf, waitFor } from '../adapters/processes.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { statLine } from './stat-line.ts';

test('parseProcessStat: a name may hold brackets, spaces and what looks like fields', () => {
  expect(parseProcessStat(statLine(7, 'a) R 1 (b', 'Z', 3, 9))).toEqual({
    pid: 7,
    name: 'a) R 1 (b',
    state: 'Z',
    parentPid: 3,
    cpuTicks: 9,
    startTicks: 100,
    hasNoArguments: true,
  });
  expect(parseProcessStat('')).toBeUndefined();
});

describe('judge', () => {
  const facts = (zombies: number, sawAll = true) => ({
    observedAt: 0,
    processes: 99,
    sawAll,
    zombies,
    parents: zombies > 0 ? [{ pid: 3, name: 'paygw', zombies }] : [],
  });
  test.each([
    ['none', facts(0), 'ok', 'ok'],
    ['a few', facts(4), 'ok', 'ok'],
    ['five', facts(5), 'warn', 'zombies'],
    ['a thousand', facts(1_000), 'fail', 'zombies'],
    ['none, and the processes of others are hidden', facts(0, false), 'unknown', 'hidden'],
    ['five, and the processes of others are hidden', facts(5, false), 'warn', 'zombies'],
  ])('%s', (_name, given, status, code) => {
    expect(judge(procZombies, given)).toMatchObject({ status, code });
  });
});

describe('probe', () => {
  test('counts zombies by parent', async () => {
    const context = fakeHost({
      lists: { '/proc': ['1', '10', '11', '12', 'uptime'] },
      files: {
        '/proc/1/stat': statLine(1, 'init', 'S', 0),
        '/proc/10/stat': statLine(10, 'paygw', 'S', 1),
        '/proc/11/stat': statLine(11, 'worker', 'Z', 10),
        '/proc/12/stat': statLine(12, 'worker', 'Z', 10),
      },
    });
    const { facts, judgement } = await probeAndJudge(procZombies, context);
    expect(facts).toMatchObject({ processes: 4, sawAll: true, zombies: 2, parents: [{ pid: 10, name: 'paygw', zombies: 2 }] });
    expect(judgement).toMatchObject({ status: 'ok', value: 2 });
  });

  test('with a parent only its children count', async () => {
    const files = { '/proc/1/stat': statLine(1, 'init', 'S', 0), '/proc/11/stat': statLine(11, 'x', 'Z', 1) };
    const context = fakeHost({ lists: { '/proc': ['1', '11'] }, files });
    expect((await probeAndJudge(procZombies, context, { parent: 'paygw' })).facts).toMatchObject({ zombies: 0, parents: [] });
  });

  test.skipIf(process.platform !== 'linux')('sees real zombies and who left them', async () => {
    // exec: the shell's children now belong to sleep, which never collects them. They end with their input, when it is sleep already.
    const parent = spawn('sh', ['-c', 'exec 3<&0; for i in 1 2 3 4 5 6; do read x <&3 & done; exec sleep 600'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    onTestFinished(() => void parent.kill('SIGKILL'));
    await once(parent, 'spawn');
    const nameOf = (pid: number): string => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    expect(await waitFor(() => nameOf(parent.pid ?? 0) === 'sleep')).toBe(true);
    parent.stdin.end();
    const zombies = (): number =>
      descendantsOf(parent.pid ?? 0).filter((pid) => /^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))).length;
    expect(await waitFor(() => zombies() === 6)).toBe(true);
    const context = { ...fakeHost(), host: createLocalHost(), sleep: (ms: number) => wait(ms) };
    const { facts, judgement } = await probeAndJudge(procZombies, context, { parent: 'sleep' });
    expect(facts.parents).toContainEqual({ pid: parent.pid, name: 'sleep', zombies: 6 });
    expect(judgement).toMatchObject({ status: 'warn', code: 'zombies' });
  });
});
