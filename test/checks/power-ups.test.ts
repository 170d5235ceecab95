import { chmodSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { powerUps } from '../../src/checks/power-ups.ts';
import { findClosedPort } from '../adapters/servers.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { comesTo, has, startProgram, stopPrograms } from './programs.ts';
import { temporaryFolder } from './temporary-folder.ts';

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
    ['the driver does not know yet', facts('WAIT'), 'unknown', 'silent'],
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

  const apc = { ups: 'apcupsd://localhost:3551' };
  const apcaccess = (result: object | null) => fakeHost({ commands: { 'apcaccess status localhost:3551': result } });
  const report = (status: string, charge = '100.0') =>
    `APC      : 001,036,0879\nSTATUS   : ${status} \nLINEV    : 230.0 Volts\nLOADPCT  : 21.0 Percent\nBCHARGE  : ${charge} Percent\nTIMELEFT : 45.5 Minutes\nEND APC  : 2026-01-15 12:00:00 +0000\n`;

  test.each([
    ['ONLINE', '100.0', 'ok', 'online'],
    ['ONBATT', '80.0', 'warn', 'on-battery'],
    ['ONBATT LOWBATT', '80.0', 'fail', 'low-battery'],
    ['ONBATT SHUTTING DOWN', '80.0', 'fail', 'low-battery'],
    ['ONLINE REPLACEBATT', '100.0', 'warn', 'replace-battery'],
    ['ONLINE OVERLOAD', '100.0', 'warn', 'overload'],
    ['COMMLOST', '100.0', 'warn', 'connection-lost'],
    ['ONLINE', '39.0', 'fail', 'charge'],
    ['', '100.0', 'unknown', 'silent'],
  ])('apcupsd says %s at %s %%', async (state, charge, status, code) => {
    const { facts: found, judgement } = await probeAndJudge(powerUps, apcaccess({ stdout: report(state, charge) }), apc);
    expect(found).toMatchObject({ runtimeSeconds: 2_730, loadPercent: 21, inputVolts: 230 });
    expect(judgement).toMatchObject({ status, code });
  });

  test('an apcupsd that does not answer, or no apcaccess: cannot tell', async () => {
    const refused = { exitCode: 1, stderr: 'Error contacting apcupsd @ localhost:3551: Connection refused\n' };
    await expect(probeAndJudge(powerUps, apcaccess(refused), apc)).rejects.toMatchObject({
      reason: 'unreachable',
      unlock: expect.any(String),
    });
    await expect(probeAndJudge(powerUps, apcaccess(null), apc)).rejects.toMatchObject({ reason: 'missing-tool' });
  });

  test('refuses a name that upsc would take for an option', async () => {
    await expect(probeAndJudge(powerUps, fakeHost(), { ups: '-l localhost' })).rejects.toThrow(/name@host/);
  });
});

const nut = has('upsc', 'upsd', 'dummy-ups');

describe.skipIf(!nut)('a real upsd with the driver that reads a UPS from a file', () => {
  const folder = temporaryFolder();
  afterAll(stopPrograms);

  test('follows it from the mains to an empty battery, to a lost driver and a server that ended', async () => {
    const port = await findClosedPort();
    // The driver reads the file again when its time of change has another second.
    let second = Math.floor(Date.now() / 1_000) - 1_000;
    const tell = (status: string, more = '') => {
      const next = join(folder, 'rack.next');
      writeFileSync(next, `ups.status: ${status}\nbattery.charge: 97\nbattery.runtime: 1320\nups.load: 34\n${more}`);
      second += 2;
      utimesSync(next, second, second);
      renameSync(next, join(folder, 'rack.dev'));
    };
    tell('OL CHRG');
    writeFileSync(
      join(folder, 'ups.conf'),
      `pollinterval = 1\n[rack]\ndriver = dummy-ups\nport = ${join(folder, 'rack.dev')}\npollinterval = 1\n`,
    );
    writeFileSync(join(folder, 'upsd.conf'), `LISTEN 127.0.0.1 ${port}\nSTATEPATH ${folder}\n`);
    writeFileSync(join(folder, 'upsd.users'), '');
    chmodSync(folder, 0o700);
    const env = { NUT_CONFPATH: folder, NUT_STATEPATH: folder };
    const driver = startProgram(['dummy-ups', '-a', 'rack', '-u', 'root', '-FF'], env);
    const server = startProgram(['upsd', '-F', '-u', 'root'], env);
    const ups = `rack@127.0.0.1:${port}`;
    const becomes = (wanted: string) =>
      comesTo(
        async () => (await probeAndJudge(powerUps, localContext(), { ups })).judgement,
        ({ code }) => code === wanted,
      );
    expect(await becomes('online')).toMatchObject({ status: 'ok', code: 'online', value: 'OL CHRG' });
    for (const [status, more, code, grade] of [
      ['OB DISCHRG', '', 'on-battery', 'warn'],
      ['OB LB DISCHRG', '', 'low-battery', 'fail'],
      ['OL RB', '', 'replace-battery', 'warn'],
      ['OL OVER', '', 'overload', 'warn'],
      ['OL', 'battery.charge: 30\n', 'charge', 'fail'],
    ] as const) {
      tell(status, more);
      expect(await becomes(code)).toMatchObject({ status: grade, code });
    }
    driver.stop();
    expect(await becomes('connection-lost')).toMatchObject({ status: 'warn', code: 'connection-lost' });
    await expect(probeAndJudge(powerUps, localContext(), { ups: `desk@127.0.0.1:${port}` })).rejects.toMatchObject({
      reason: 'unreachable',
    });
    server.stop();
    await expect(probeAndJudge(powerUps, localContext(), { ups })).rejects.toMatchObject({
      reason: 'unreachable',
      unlock: expect.any(String),
    });
  });
});
