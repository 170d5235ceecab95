import { describe, expect, it } from 'vitest';
import { timeSync } from '../../src/checks/time-sync.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';

const CHRONY = 'chronyc -n -c tracking';
const TIMEDATECTL = 'timedatectl show -p NTPSynchronized -p NTP';
const ADJTIMEX = 'adjtimex --print';
const tracking = (leap: string, stratum: number) => ({
  stdout: `A29FC87B,10.0.0.53,${stratum},1768478100.1,0.0,0.0,0.0,1.0,0.0,0.1,0.001,0.001,64.0,${leap}\n`,
});

const look = (commands: Readonly<Record<string, object | null>>, uptime = 100_000) =>
  probeAndJudge(
    timeSync,
    fakeHost({
      commands: { [CHRONY]: null, [TIMEDATECTL]: null, [ADJTIMEX]: null, ...commands },
      files: { '/proc/uptime': `${uptime}.0 1\n` },
    }),
    {},
  );

describe('time.sync', () => {
  it.each([
    ['chrony', { [CHRONY]: tracking('Normal', 3) }, 'ok', 'synchronised'],
    ['chrony without a source', { [CHRONY]: tracking('Not synchronised', 0) }, 'warn', 'unsynchronised'],
    ['chrony without its daemon', { [CHRONY]: { exitCode: 1, stdout: '506 Cannot talk to daemon' } }, 'warn', 'daemon-down'],
    ['systemd', { [TIMEDATECTL]: { stdout: 'NTP=yes\nNTPSynchronized=yes\n' } }, 'ok', 'synchronised'],
    ['systemd, not yet', { [TIMEDATECTL]: { stdout: 'NTP=yes\nNTPSynchronized=no\n' } }, 'warn', 'unsynchronised'],
    ['systemd, service off', { [TIMEDATECTL]: { stdout: 'NTP=no\nNTPSynchronized=no\n' } }, 'warn', 'daemon-down'],
    [
      'systemd does not run',
      {
        [TIMEDATECTL]: { exitCode: 1, stderr: 'Failed to connect to bus' },
        [ADJTIMEX]: { stdout: '         mode: 0\n       status: 8193\n' },
      },
      'ok',
      'synchronised',
    ],
    ['the kernel says no', { [ADJTIMEX]: { stdout: '       status: 64\n' } }, 'warn', 'unsynchronised'],
  ] as const)('%s', async (_name, commands, status, code) => {
    expect((await look(commands)).judgement).toMatchObject({ status, code });
  });

  it('gives a young host time', async () => {
    expect((await look({ [ADJTIMEX]: { stdout: 'status: 64\n' } }, 600)).judgement).toMatchObject({ status: 'ok', code: 'settling' });
  });

  it('is unknown where nothing can tell', async () => {
    await expect(look({})).rejects.toMatchObject({ reason: 'missing-tool', unlock: expect.any(String) });
  });
});
