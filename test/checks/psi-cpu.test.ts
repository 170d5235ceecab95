import { expect, test } from 'vitest';
import { psiCpu } from '../../src/checks/psi-cpu.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { calmFiles, PRESSURE_TEXT, pressureFacts } from './pressure-facts.ts';

test.each([
  ['calm', pressureFacts(49, 0), 'ok', 'ok'],
  ['processors are short', pressureFacts(51, 0), 'warn', 'stalled'],
  ['it never fails', pressureFacts(100, 100), 'warn', 'stalled'],
  ['not measured', { ...pressureFacts(0, 0), pressure: null }, 'not-applicable', 'none'],
])('%s', (_name, facts, status, code) => {
  expect(judge(psiCpu, facts)).toMatchObject({ status, code });
});

test('Linux before 5.13 has no full line for the processor', async () => {
  const files = { ...calmFiles('cpu'), '/proc/pressure/cpu': `${PRESSURE_TEXT.split('\n')[0]}\n` };
  const { facts } = await probeAndJudge(psiCpu, fakeHost({ files }));
  expect(facts).toMatchObject({ where: 'host', pressure: { some: { avg10: 79.1, avg60: 41.2 }, full: { avg60: 0 } } });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  const { judgement } = await probeAndJudge(psiCpu, localContext());
  expect(['ok', 'warn', 'not-applicable']).toContain(judgement.status);
});
