import { expect, test } from 'vitest';
import { cpuThrottle } from '../../src/checks/cpu-throttle.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';

const CPUS = '/sys/devices/system/cpu';
const look = (core: readonly string[] | null) => {
  const file = (cpu: number, kind: string): string => `${CPUS}/cpu${cpu}/thermal_throttle/${kind}_throttle_count`;
  const context = fakeHost({
    lists: { [CPUS]: ['cpu0', 'cpu1', 'cpufreq', 'cpuidle'] },
    files: { [file(0, 'core')]: core, [file(0, 'package')]: core && '3', [file(1, 'core')]: core && '0', [file(1, 'package')]: null },
  });
  return probeAndJudge(cpuThrottle, context);
};

test.each([
  ['never', ['0', '0', '0'], 'ok', 0, 3],
  ['long ago', ['40', '40', '40'], 'ok', 0, 43],
  ['now', ['40', '40', '42'], 'warn', 2, 45],
])('%s', async (_name, core, status, events, sinceBoot) => {
  const { facts, judgement } = await look(core);
  expect(judgement).toMatchObject({ status, value: events });
  expect(facts).toMatchObject({ processors: 2, sinceBoot });
});

test('nothing counts it: not-applicable, and nobody waits', async () => {
  expect((await look(null)).judgement).toMatchObject({ status: 'not-applicable', code: 'none' });
});
