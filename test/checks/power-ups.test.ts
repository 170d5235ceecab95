import { describe, expect, test } from 'vitest';
import { powerUps } from '../../src/checks/power-ups.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

const params = { ups: 'rack@localhost' };

function facts(states: string, extra: Record<string, unknown> = {}) {
  return {
    observedAt: 0,
    ups: 'rack@localhost',
    connected: true,
    states: states.split(' ').filter(Boolean),
    chargePercent: 100,
    runtimeSeconds: 1_800,
    loadPercent: 20,
    inputVolts: 230,
    ...extra,
  };
}

describe('judge', () => {
  test.each([
    ['on mains', facts('OL'), 'ok', 'online'],
    ['charging', facts('OL CHRG', { chargePercent: 80 }), 'ok', 'online'],
    ['numbers missing', facts('OL', { chargePercent: null, loadPercent: null, runtimeSeconds: null }), 'ok', 'online'],
    ['on battery', facts('OB DISCHRG'), 'warn', 'on-battery'],
    ['on battery, nearly empty', facts('OB LB DISCHRG', { chargePercent: 12 }), 'fail', 'low-battery'],
    ['forced shutdown', facts('FSD OL'), 'fail', 'low-battery'],
    ['charge below 40 %', facts('OB', { chargePercent: 39 }), 'fail', 'charge'],
    ['charge below 75 %', facts('OL', { chargePercent: 70 }), 'warn', 'charge'],
    ['overload', facts('OL OVER'), 'warn', 'overload'],
    ['load above 80 %', facts('OL', { loadPercent: 85 }), 'warn', 'overload'],
    ['load above 95 %', facts('OL', { loadPercent: 96 }), 'fail', 'overload'],
    ['battery to be replaced', facts('OL RB'), 'warn', 'replace-battery'],
    ['bypassed', facts('BYPASS'), 'warn', 'bypassed'],
    ['server lost the UPS', facts('', { connected: false }), 'warn', 'connection-lost'],
    ['no state at all', facts(''), 'unknown', 'silent'],
    ['not declared', facts('', { ups: null }), 'not-applicable', 'none'],
  ])('%s', (_name, given, status, code) => {
    expect(judge(powerUps, given, params)).toMatchObject({ status, code });
  });
});

describe('probe', () => {
  const upsc = (result: object | null) => fakeHost({ commands: { 'upsc rack@localhost': result } });

  test('reads what upsc prints', async () => {
    const stdout =
      'battery.charge: 97\nbattery.runtime: 1320.5\nbattery.type: PbAc\ninput.voltage: 231.0\nups.load: 34\nups.status: OL CHRG\n';
    const { facts: found, judgement } = await probeAndJudge(
      powerUps,
      upsc({ stdout, stderr: 'Init SSL without certificate database\n' }),
      params,
    );
    expect(found).toMatchObject({
      connected: true,
      states: ['OL', 'CHRG'],
      chargePercent: 97,
      runtimeSeconds: 1_320.5,
      loadPercent: 34,
      inputVolts: 231,
    });
    expect(judgement).toMatchObject({ status: 'ok', code: 'online' });
  });

  test.each(['Error: Data stale', 'Error: Driver not connected'])('%s: the server lost the UPS', async (stderr) => {
    expect((await probeAndJudge(powerUps, upsc({ exitCode: 1, stderr }), params)).judgement).toMatchObject({
      status: 'warn',
      code: 'connection-lost',
    });
  });

  test.each(['Error: Connection failure: Connection refused', 'Error: Unknown UPS'])('%s: cannot tell', async (stderr) => {
    await expect(probeAndJudge(powerUps, upsc({ exitCode: 1, stderr }), params)).rejects.toMatchObject({
      reason: 'unreachable',
      unlock: expect.any(String),
    });
  });

  test('without upsc it cannot tell; without a declared UPS there is nothing to tell and nothing is run', async () => {
    await expect(probeAndJudge(powerUps, upsc(null), params)).rejects.toMatchObject({ reason: 'missing-tool' });
    const context = fakeHost();
    expect((await probeAndJudge(powerUps, context)).judgement).toMatchObject({ status: 'not-applicable', code: 'none' });
    expect(context.calls).toEqual([]);
  });

  test('refuses a name that upsc would take for an option', async () => {
    await expect(probeAndJudge(powerUps, fakeHost(), { ups: '-l localhost' })).rejects.toThrow(/name@host/);
  });
});
