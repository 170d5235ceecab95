import { describe, expect, test } from 'vitest';
import { hostUptime } from '../../src/checks/host-uptime.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

const HOUR = 3_600;

describe('judge', () => {
  const facts = (uptimeSeconds: number, windowSeconds = 1_800) => ({
    observedAt: FAKE_NOW,
    since: FAKE_NOW - windowSeconds * 1_000,
    uptimeSeconds,
    bootedAt: FAKE_NOW - uptimeSeconds * 1_000,
  });
  test.each([
    ['days', facts(49 * HOUR), 'ok', 'ok', '2 d 1 h', 'Netdata reboot.conf'],
    ['minutes', facts(300, 60), 'warn', 'rebooted', '5 min', 'Netdata reboot.conf'],
    ['inside the window', facts(1_200), 'warn', 'rebooted', '20 min', 'own: inside the window of interest'],
    ['before the window', facts(1_200, 900), 'ok', 'ok', '20 min', 'Netdata reboot.conf'],
  ])('%s', (_name, given, status, code, uptime, thresholdSource) => {
    expect(judge(hostUptime, given)).toMatchObject({ status, code, thresholdSource, data: { uptime } });
  });
});

test('probe', async () => {
  const { facts } = await probeAndJudge(hostUptime, fakeHost({ files: { '/proc/uptime': '1580.44 2985.01\n' } }));
  expect(facts).toEqual({ observedAt: FAKE_NOW, since: FAKE_NOW - 1_800_000, uptimeSeconds: 1_580.44, bootedAt: FAKE_NOW - 1_580_440 });
  await expect(probeAndJudge(hostUptime, fakeHost({ files: { '/proc/uptime': '' } }))).rejects.toMatchObject({ reason: 'io' });
});
