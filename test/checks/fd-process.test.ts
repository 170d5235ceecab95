import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { fdProcess } from '../../src/checks/fd-process.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const one = (percent: number) => [{ pid: 7, name: 'paygw', open: percent, most: 100, percent }];

test.each([
  ['roomy', { processes: one(20), hidden: 0 }, {}, 'ok', 'ok'],
  ['others are hidden', { processes: one(20), hidden: 4 }, {}, 'unknown', 'hidden'],
  ['others are not even shown', { processes: one(20), hidden: 0, sawAll: false }, {}, 'unknown', 'hidden'],
  ['nearly full', { processes: one(96), hidden: 4 }, {}, 'warn', 'many'],
  ['full', { processes: one(100), hidden: 0 }, {}, 'fail', 'many'],
  ['the wanted one is hidden', { processes: [], hidden: 1 }, { process: 'paygw' }, 'unknown', 'hidden'],
  ['one of the wanted ones is hidden', { processes: one(20), hidden: 1 }, { process: 'paygw' }, 'unknown', 'hidden'],
  ['all are hidden', { processes: [], hidden: 9 }, {}, 'unknown', 'hidden'],
  ['not running', { processes: [], hidden: 0 }, { process: 'paygw' }, 'not-applicable', 'no-process'],
])('judge: %s', (_name, given, params, status, code) => {
  expect(judge(fdProcess, { observedAt: 0, found: 1, sawAll: true, ...given }, params)).toMatchObject({ status, code });
});

test('probe: a refusal is hidden, an ended process is none', async () => {
  const stat = (pid: number) => `${pid} (p${pid}) S 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 99 0 0`;
  const limits =
    'Limit                     Soft Limit           Hard Limit           Units     \nMax open files            4                    1048576              files     \n';
  const context = fakeHost({
    lists: {
      '/proc': ['7', '8', '9', 'stat'],
      '/proc/7/fd': ['0', '1', '2'],
      '/proc/8/fd': new HostError('no-permission', 'EACCES'),
      '/proc/9/fd': null,
    },
    files: { '/proc/7/stat': stat(7), '/proc/8/stat': stat(8), '/proc/9/stat': stat(9), '/proc/7/limits': limits },
  });
  expect((await probeAndJudge(fdProcess, context)).facts).toMatchObject({
    found: 2,
    hidden: 1,
    processes: [{ pid: 7, name: 'p7', open: 3, most: 4, percent: 75 }],
  });
});

describe.skipIf(process.platform !== 'linux')('a real process with few files left', () => {
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  async function hold(name: string, files: number): Promise<number> {
    const script = `ulimit -n 64; for i in $(seq 3 ${files - 1}); do eval "exec $i</dev/null"; done; echo ready; exec -a ${name} sleep 600`;
    const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    return child.pid ?? 0;
  }

  test('nearly all, and some', async () => {
    const [full, half] = [`oorfull${process.pid}`, `oorhalf${process.pid}`];
    const pid = await hold(full, 62);
    await hold(half, 30);
    const context = localContext();
    const look = async (wanted: string) => (await probeAndJudge(fdProcess, context, { process: wanted })).judgement;
    await expect.poll(() => look(full), { timeout: 120_000 }).toMatchObject({ status: 'warn', code: 'many', data: { most: 64 } });
    execFileSync('prlimit', [`--pid=${pid}`, '--nofile=60:64']);
    expect(await look(full)).toMatchObject({ status: 'fail', code: 'many', data: { most: 60 } });
    await expect.poll(() => look(half), { timeout: 120_000 }).toMatchObject({ status: 'ok', data: { most: 64 } });
    expect(await look('oor-nobody-runs-this')).toMatchObject({ status: 'not-applicable' });
  });
});
