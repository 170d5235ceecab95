import { afterAll, describe, expect, test } from 'vitest';
import type { ProbeContext } from '../../src/checks/check.ts';
import { hwSel } from '../../src/checks/hw-sel.ts';
import { startController } from './bmc-lab.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { comesTo, has, stopPrograms } from './programs.ts';
import { recorded } from './recorded.ts';
import { temporaryFolder } from './temporary-folder.ts';

const sdr = recorded('ipmitool-sdr-list.txt');
const well = sdr.replace('| cr', '| ok').replace('| nc', '| ok');
const sel = { stdout: recorded('ipmitool-sel-elist.txt') };
const look = (sensors: object | null, events: object | null, params = {}) =>
  probeAndJudge(
    hwSel,
    fakeHost({ stats: { '/dev/ipmi0': {} }, commands: { 'ipmitool sdr list': sensors, 'ipmitool sel elist last 50': events } }),
    params,
  );

test.each([
  ['all well, an old event', { stdout: well }, { stdout: sel.stdout.split('\n').slice(0, 2).join('\n') }, {}, 'ok', 'ok'],
  ['an event yesterday', { stdout: well }, sel, {}, 'warn', 'events'],
  ['only the last hour counts', { stdout: well }, sel, { within: '1h' }, 'ok', 'ok'],
  ['a fan stands still', { stdout: sdr }, sel, {}, 'fail', 'critical'],
  ['a voltage is low', { stdout: sdr.replace('| cr', '| ok') }, sel, {}, 'warn', 'warning'],
  ['no ipmitool', null, null, {}, 'unknown', 'unasked'],
  ['the log does not answer', { stdout: well }, { exitCode: 1, stderr: 'Get SEL Info command failed' }, {}, 'unknown', 'unasked'],
])('%s', async (_name, sensors, events, params, status, code) => {
  expect((await look(sensors, events, params)).judgement).toMatchObject({ status, code });
});

test('what ended and what has no date is left out', async () => {
  expect((await look({ stdout: well }, sel, { within: '60d' })).facts['events']).toEqual([
    { at: Date.UTC(2026, 0, 14, 3, 12, 44), sensor: 'Power Supply PS2 Status', text: 'Power Supply AC lost' },
    { at: Date.UTC(2025, 10, 20, 22, 40, 13), sensor: 'Memory #0x53', text: 'Correctable ECC' },
  ]);
});

const simulator = has('ipmi_sim', 'ipmitool');

describe.skipIf(!simulator)('a real controller answers ipmitool', () => {
  const folder = temporaryFolder();
  afterAll(stopPrograms);

  test('all well, then not', async () => {
    const ask = async (context: ProbeContext) => (await probeAndJudge(hwSel, context)).judgement;
    const good = await startController(folder, 'good');
    expect(
      await comesTo(
        () => ask(good.context),
        ({ status }) => status !== 'unknown',
      ),
    ).toMatchObject({ status: 'ok', code: 'ok' });
    const bad = await startController(folder, 'bad');
    expect(
      await comesTo(
        () => ask(bad.context),
        ({ status }) => status !== 'unknown',
      ),
    ).toMatchObject({ status: 'fail', code: 'critical', data: { name: 'FAN1', reading: '200 RPM' } });
  });
});
