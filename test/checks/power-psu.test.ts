import { expect, test } from 'vitest';
import { powerPsu } from '../../src/checks/power-psu.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { recorded } from './recorded.ts';

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
