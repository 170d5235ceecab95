import { expect, test } from 'vitest';
import { diskNvme } from '../../src/checks/disk-nvme.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { recorded } from './recorded.ts';

const log = recorded('nvme-smart-log.json');
const look = (answer: object | null, names: string[] | null = ['nvme0']) =>
  probeAndJudge(diskNvme, fakeHost({ lists: { '/sys/class/nvme': names }, commands: { 'nvme smart-log /dev/nvme0 -o json': answer } }));

test.each([
  ['healthy', { stdout: log }, 'ok', 'ok'],
  ['worn', { stdout: log.replace('"percent_used": 3', '"percent_used": 80') }, 'warn', 'worn'],
  ['read-only and degraded', { stdout: log.replace('"critical_warning": 0', '"critical_warning": 12') }, 'fail', 'critical'],
  [
    'an object since version 2',
    { stdout: log.replace('"critical_warning": 0', '"critical_warning": {"value": 1, "available_spare": 1}') },
    'fail',
    'critical',
  ],
  ['no nvme-cli', null, 'unknown', 'unasked'],
  ['not root', { exitCode: 1, stderr: 'open: Permission denied' }, 'unknown', 'unasked'],
  ['nothing said', { stdout: '' }, 'unknown', 'unasked'],
])('%s', async (_name, answer, status, code) => {
  expect((await look(answer)).judgement).toMatchObject({ status, code });
});

test('names the warnings; Kelvin become degrees; no NVMe disk is not-applicable', async () => {
  const { facts, judgement } = await look({ stdout: log.replace('"critical_warning": 0', '"critical_warning": 12') });
  expect(judgement.data).toEqual({ device: '/dev/nvme0', warnings: 'reliability degraded, read-only' });
  expect(facts['disks']).toMatchObject([{ celsius: 38, usedPercent: 3, sparePercent: 100 }]);
  expect((await look(null, null)).judgement).toMatchObject({ status: 'not-applicable' });
});
