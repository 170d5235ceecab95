import { expect, it } from 'vitest';
import { cpuUtil } from '../../src/checks/cpu-util.ts';
import { judge } from './judge.ts';

const facts = (ready: number, more = {}) => ({
  ...{ observedAt: 0, sampleMs: 1000, cores: 2, busyPercent: 60, userPercent: 55, systemPercent: 5, iowaitPercent: 0, stealPercent: 0 },
  ...{ group: null, ready, top: [{ pid: 7, name: 'export-job', cpuMs: 500, percent: 50 }] },
  ...more,
});
const group = { quotaCores: 1, busyPercent: 100, throttledPercent: 90 };

it.each([
  ['eight for two cores, besides this program', facts(9), 'fail', 'crowded'],
  ['one fewer', facts(8), 'ok', 'ok'],
  ['twelve for a quota of one core, which throttling alone would only warn of', facts(12, { group }), 'fail', 'crowded'],
  ['a quota that is used up by few', facts(2, { group: { ...group, busyPercent: 70 } }), 'warn', 'throttled'],
])('%s', (_what, seen, status, code) => {
  expect(judge(cpuUtil, seen)).toMatchObject({ status, code });
});

it('names what uses most', () => {
  expect(judge(cpuUtil, facts(9)).data).toMatchObject({ ready: 9, cores: 2, name: 'export-job' });
});
