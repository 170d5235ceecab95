import { afterAll, describe, expect, test } from 'vitest';
import type { ProbeContext } from '../../src/checks/check.ts';
import { powerPsu } from '../../src/checks/power-psu.ts';
import { startController } from './bmc-lab.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { comesTo, has, stopPrograms } from './programs.ts';
import { recorded } from './recorded.ts';
import { temporaryFolder } from './temporary-folder.ts';

const lost = recorded('ipmitool-sdr-power.txt');
const look = (answer: object | null, device: object | null = {}) =>
  probeAndJudge(
    powerPsu,
    fakeHost({
      stats: { '/dev/ipmi0': device, '/dev/ipmi/0': null, '/dev/ipmidev/0': null },
      commands: { 'ipmitool sdr type Power Supply': answer },
    }),
  );

test.each([
  ['all well', { stdout: lost.replace(', Power Supply AC lost', '') }, 'ok', 'ok'],
  ['one lost its input', { stdout: lost }, 'fail', 'failed'],
  ['one failed', { stdout: lost.replace('Power Supply AC lost', 'Failure detected') }, 'fail', 'failed'],
  ['one will fail', { stdout: lost.replace('Power Supply AC lost', 'Predictive failure') }, 'warn', 'warning'],
  ['a critical sensor', { stdout: 'PS1 Temp | 5Ah | cr | 10.1 | 71 degrees C\n' }, 'fail', 'failed'],
  ['a sensor warning', { stdout: 'PS1 Temp | 5Ah | nc | 10.1 | 61 degrees C\n' }, 'warn', 'warning'],
  ['no sensor of that kind', { stdout: '' }, 'not-applicable', 'silent'],
  ['no ipmitool', null, 'unknown', 'unasked'],
  ['not root', { exitCode: 1, stderr: 'Could not open device at /dev/ipmi0: Permission denied' }, 'unknown', 'unasked'],
  ['the controller is stuck', { exitCode: 1, stderr: 'Get SDR command failed' }, 'unknown', 'unasked'],
])('%s', async (_name, answer, status, code) => {
  expect((await look(answer)).judgement).toMatchObject({ status, code });
});

test('a virtual machine has no controller, and nothing is run', async () => {
  expect((await look(null, null)).judgement).toMatchObject({ status: 'not-applicable', code: 'none' });
});

const simulator = has('ipmi_sim', 'ipmitool');

describe.skipIf(!simulator)('a real controller answers ipmitool', () => {
  const folder = temporaryFolder();
  afterAll(stopPrograms);

  test('all well, then not', async () => {
    const ask = async (context: ProbeContext) => (await probeAndJudge(powerPsu, context)).judgement;
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
    ).toMatchObject({ status: 'fail', code: 'failed', data: { name: 'PS1 Status' } });
  });
});
