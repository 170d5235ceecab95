import { describe, expect, test } from 'vitest';
import { psiMem } from '../../src/checks/psi-mem.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { calmFiles, PRESSURE_TEXT, pressureFacts } from './pressure-facts.ts';

test.each([
  ['calm', pressureFacts(90, 10), 'ok', 'ok'],
  ['memory stalls', pressureFacts(30, 11), 'warn', 'stalled'],
  ['memory stands still', pressureFacts(90, 61), 'fail', 'stalled'],
  ['not measured', { ...pressureFacts(0, 0), pressure: null }, 'not-applicable', 'none'],
])('%s', (_name, facts, status, code) => {
  expect(judge(psiMem, facts)).toMatchObject({ status, code });
});

describe('probe', () => {
  const group = '/sys/fs/cgroup/memory.pressure';

  test('in a container the pressure of its own control group decides', async () => {
    const files = {
      ...calmFiles('memory'),
      '/sys/fs/cgroup/cgroup.type': 'domain\n',
      [group]: 'full avg10=0.00 avg60=61.00 avg300=1.00 total=1\n',
    };
    const { facts, judgement } = await probeAndJudge(psiMem, fakeHost({ files }));
    expect(facts).toMatchObject({ where: 'container' });
    expect(judgement).toMatchObject({ status: 'fail', value: 61, data: { where: 'container' } });
  });

  test('a container that is not shown its own is told that of the host', async () => {
    const files = {
      ...calmFiles('memory'),
      '/sys/fs/cgroup/cgroup.type': 'domain\n',
      [group]: null,
      '/proc/pressure/memory': PRESSURE_TEXT,
    };
    expect((await probeAndJudge(psiMem, fakeHost({ files }))).facts).toMatchObject({ where: 'host', pressure: { full: { avg60: 2.2 } } });
  });

  test.each([
    ['an old kernel', null],
    ['psi=0', new HostError('io', 'EOPNOTSUPP')],
  ])('%s is not-applicable', async (_name, answer) => {
    const files = { ...calmFiles('memory'), '/proc/pressure/memory': answer };
    expect((await probeAndJudge(psiMem, fakeHost({ files }))).judgement.status).toBe('not-applicable');
  });

  test('a refusal is not', async () => {
    const files = { ...calmFiles('memory'), '/proc/pressure/memory': new HostError('no-permission', 'denied') };
    await expect(probeAndJudge(psiMem, fakeHost({ files }))).rejects.toMatchObject({ reason: 'no-permission' });
  });
});
