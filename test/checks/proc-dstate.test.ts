import { expect, test } from 'vitest';
import { procDstate } from '../../src/checks/proc-dstate.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { statLine } from './stat-line.ts';

const held = { pid: 8, name: 'cp', waitsIn: 'nfs_wait' };
const facts = { observedAt: 0, processes: 99, sawAll: true, count: 0, stuck: [] };

test.each([
  ['none', {}, 'ok', 'ok'],
  ['stuck', { count: 1, stuck: [held] }, 'warn', 'stuck'],
  ['stuck, place hidden', { count: 1, stuck: [{ ...held, waitsIn: '0' }] }, 'warn', 'stuck'],
  ['none, and the processes of others are hidden', { sawAll: false }, 'unknown', 'hidden'],
  ['stuck, and the processes of others are hidden', { sawAll: false, count: 1, stuck: [held] }, 'warn', 'stuck'],
])('%s', (_name, more, status, code) => {
  expect(judge(procDstate, { ...facts, ...more })).toMatchObject({ status, code });
});

const machine = () =>
  fakeHost({
    lists: { '/proc': ['1', '20', '21', '22', 'uptime'] },
    files: {
      '/proc/1/stat': statLine(1, 'init', 'S', 0),
      '/proc/20/stat': statLine(20, 'cp', 'D', 1),
      '/proc/21/stat': [statLine(21, 'dd', 'D', 1), statLine(21, 'dd', 'S', 1)],
      '/proc/22/stat': [statLine(22, 'busy', 'D', 1, 5), statLine(22, 'busy', 'D', 1, 6)],
      '/proc/20/wchan': 'nfs_wait_client_init_complete',
    },
  });

test('keeps who waits in both samples', async () => {
  const { facts: found, judgement } = await probeAndJudge(procDstate, machine());
  expect(found).toMatchObject({ processes: 4, sawAll: true, count: 1, stuck: [{ pid: 20, name: 'cp' }] });
  expect(judgement).toMatchObject({ status: 'warn', code: 'stuck', data: { waitsIn: ', nfs_wait_client_init_complete' } });
});

test('with a name only its processes count; without waiting processes there is no second sample', async () => {
  const context = machine();
  expect((await probeAndJudge(procDstate, context, { process: 'init' })).facts).toMatchObject({ processes: 1, stuck: [] });
  expect(context.calls.filter((call) => call.startsWith('sleep'))).toEqual([]);
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  const { facts: found } = await probeAndJudge(procDstate, localContext());
  expect(found).toMatchObject({ sawAll: true });
});
