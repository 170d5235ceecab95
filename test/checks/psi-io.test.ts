import { expect, test } from 'vitest';
import { psiIo } from '../../src/checks/psi-io.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { calmFiles, PRESSURE_TEXT, pressureFacts } from './pressure-facts.ts';

test.each([
  ['calm', pressureFacts(90, 10), 'ok', 'ok'],
  ['disks hold everything up', pressureFacts(90, 11), 'warn', 'stalled'],
  ['it never fails', pressureFacts(100, 100), 'warn', 'stalled'],
  ['not measured', { ...pressureFacts(0, 0), pressure: null }, 'not-applicable', 'none'],
])('%s', (_name, facts, status, code) => {
  expect(judge(psiIo, facts)).toMatchObject({ status, code });
});

test('reads the line full', async () => {
  const { facts, judgement } = await probeAndJudge(psiIo, fakeHost({ files: { ...calmFiles('io'), '/proc/pressure/io': PRESSURE_TEXT } }));
  expect(facts).toMatchObject({ pressure: { full: { avg10: 3.1, avg60: 2.2 } } });
  expect(judgement).toMatchObject({ status: 'ok', value: 2.2 });
});
