import { describe, expect, test } from 'vitest';
import { powerMains } from '../../src/checks/power-mains.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

const mains = (online: boolean, name = 'AC') => ({ name, kind: 'mains', online, state: null, chargePercent: null });
const usb = (online: boolean) => ({ name: 'usb', kind: 'usb', online, state: null, chargePercent: null });
const battery = (state: string, chargePercent: number | null = 80) => ({
  name: 'BAT0',
  kind: 'battery',
  online: null,
  state,
  chargePercent,
});

describe('judge', () => {
  test.each([
    ['on mains', [mains(true), battery('Full')], 'ok', 'ok'],
    ['mains lost, battery left', [mains(false), battery('Discharging')], 'fail', 'on-battery'],
    ['mains lost, no battery', [mains(false)], 'fail', 'lost'],
    ['one of two inputs lost', [mains(true, 'A'), mains(false, 'B')], 'warn', 'partial'],
    ['both inputs lost', [mains(false, 'A'), mains(false, 'B')], 'fail', 'lost'],
    ['fed by USB-C', [mains(false), usb(true), battery('Charging')], 'ok', 'ok'],
    ['an idle USB port says nothing', [mains(true), usb(false)], 'ok', 'ok'],
    ['battery only, discharging', [battery('Discharging', null)], 'fail', 'on-battery'],
    ['battery only, charging', [battery('Charging')], 'ok', 'ok'],
    ['battery only, state unknown', [battery('Unknown')], 'not-applicable', 'none'],
    ['nothing', [], 'not-applicable', 'none'],
  ])('%s', (_name, supplies, status, code) => {
    expect(judge(powerMains, { observedAt: 0, supplies })).toMatchObject({ status, code });
  });
});

describe('probe', () => {
  const attributes = (name: string, values: Record<string, string>) =>
    Object.fromEntries(
      ['type', 'scope', 'online', 'status', 'capacity'].map((key) => [`/sys/class/power_supply/${name}/${key}`, values[key] ?? null]),
    );

  test('reads inputs and batteries, not those of a mouse', async () => {
    const context = fakeHost({
      lists: { '/sys/class/power_supply': ['BAT0', 'AC', 'hidpp_battery_0'] },
      files: {
        ...attributes('AC', { type: 'Mains\n', online: '0\n' }),
        ...attributes('BAT0', { type: 'Battery\n', status: 'Discharging\n', capacity: '41\n' }),
        ...attributes('hidpp_battery_0', { type: 'Battery\n', scope: 'Device\n', status: 'Discharging\n' }),
      },
    });
    const { facts, judgement } = await probeAndJudge(powerMains, context);
    expect(facts.supplies).toEqual([mains(false), battery('Discharging', 41)]);
    expect(judgement).toMatchObject({ status: 'fail', code: 'on-battery', data: { charge: ' (41 %)' } });
  });

  test.each([
    ['an empty folder', []],
    ['no folder', null],
  ])('%s is not-applicable', async (_name, names) => {
    const context = fakeHost({ lists: { '/sys/class/power_supply': names } });
    expect((await probeAndJudge(powerMains, context)).judgement).toMatchObject({ status: 'not-applicable', code: 'none' });
  });
});
