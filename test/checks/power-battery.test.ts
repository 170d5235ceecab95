import { expect, test } from 'vitest';
import { powerBattery } from '../../src/checks/power-battery.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const battery = (chargePercent: number | null, state = 'Discharging', name = 'BAT0') => ({
  name,
  kind: 'battery',
  online: null,
  state,
  chargePercent,
});

test.each([
  ['full', [battery(98, 'Full')], 'ok', 'ok'],
  ['at the bound', [battery(10)], 'ok', 'ok'],
  ['low', [battery(9)], 'warn', 'low'],
  ['low and charging', [battery(2, 'Charging')], 'warn', 'low'],
  ['nearly empty', [battery(2)], 'fail', 'low'],
  ['the worse of two', [battery(90), battery(8, 'Discharging', 'BAT1')], 'warn', 'low'],
  ['one does not tell', [battery(90), battery(null, '?', 'BAT1')], 'unknown', 'silent'],
  ['one does not tell, the other is low', [battery(8), battery(null, '?', 'BAT1')], 'warn', 'low'],
  ['none', [], 'not-applicable', 'none'],
])('%s', (_name, batteries, status, code) => {
  expect(judge(powerBattery, { observedAt: 0, batteries })).toMatchObject({ status, code });
});

test('reads the batteries of the machine, not those of a mouse or the mains', async () => {
  const folder = '/sys/class/power_supply';
  const entry = (name: string, values: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      ['type', 'scope', 'online', 'status', 'capacity'].map((key) => [`${folder}/${name}/${key}`, values[key] ?? null] as const),
    );
  const context = fakeHost({
    lists: { [folder]: ['AC', 'BAT0', 'mouse'] },
    files: {
      ...entry('AC', { type: 'Mains\n', online: '0\n' }),
      ...entry('BAT0', { type: 'Battery\n', status: 'Discharging\n', capacity: '7\n' }),
      ...entry('mouse', { type: 'Battery\n', scope: 'Device\n', capacity: '1\n' }),
    },
  });
  const { facts, judgement } = await probeAndJudge(powerBattery, context);
  expect(facts).toMatchObject({ batteries: [{ name: 'BAT0', chargePercent: 7 }] });
  expect(judgement).toMatchObject({ status: 'warn', value: 7, data: { name: 'BAT0' } });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  const { judgement } = await probeAndJudge(powerBattery, localContext());
  expect(judgement.status).toBeTruthy();
});
