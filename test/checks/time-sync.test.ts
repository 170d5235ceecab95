import { afterAll, describe, expect, it } from 'vitest';
import { timeSync } from '../../src/checks/time-sync.ts';
import { findClosedPort } from '../adapters/servers.ts';
import { startChrony } from './chrony-lab.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { comesTo, has, stopPrograms, withArguments } from './programs.ts';
import { temporaryFolder } from './temporary-folder.ts';

const CHRONY = 'chronyc -n -c tracking';
const TIMEDATECTL = 'timedatectl show -p NTPSynchronized -p NTP';
const ADJTIMEX = 'adjtimex --print';
const tracking = (leap: string, stratum: number) => ({
  stdout: `A29FC87B,10.0.0.53,${stratum},1768478100.1,0.0,0.0,0.0,1.0,0.0,0.1,0.001,0.001,64.0,${leap}\n`,
});

const look = (commands: Readonly<Record<string, object | null>>, uptime = 100_000, process = 'init') =>
  probeAndJudge(
    timeSync,
    fakeHost({
      commands: { [CHRONY]: null, [TIMEDATECTL]: null, [ADJTIMEX]: null, ...commands },
      files: { '/proc/uptime': `${uptime}.0 1\n`, '/proc/7/stat': `7 (${process}) S 1 0 0` },
      lists: { '/proc': ['7', 'uptime'] },
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

  it('does not call a daemon down that runs and may not be asked', async () => {
    await expect(look({ [CHRONY]: { exitCode: 1, stdout: '506 Cannot talk to daemon' } }, 100_000, 'chronyd')).rejects.toMatchObject({
      reason: 'no-permission',
      unlock: expect.any(String),
    });
  });

  it('is unknown where nothing can tell', async () => {
    await expect(look({})).rejects.toMatchObject({ reason: 'missing-tool', unlock: expect.any(String) });
  });
});

const chrony = has('chronyd', 'chronyc', 'setpriv');

describe.skipIf(!chrony || process.getuid?.() !== 0)('time.sync asks a real chronyd', () => {
  const folder = temporaryFolder();
  afterAll(stopPrograms);

  it('that has a source, that has none, that may not be asked', async () => {
    const server = startChrony(folder, 'server', await findClosedPort(), ['local stratum 3']);
    const follower = startChrony(folder, 'follower', 0, [`server 127.0.0.1 port ${server.port} iburst minpoll -6 maxpoll -6`]);
    const lost = startChrony(folder, 'lost', 0, [`server 127.0.0.1 port ${await findClosedPort()} iburst`]);
    const here = localContext();
    const readFile: typeof here.host.readFile = (path, options) =>
      path === '/proc/uptime'
        ? Promise.resolve({ text: '100000.0 1', offset: 0, bytesRead: 10, size: 0 })
        : here.host.readFile(path, options);
    const grown = { ...here, host: { ...here.host, readFile } };
    const ask = async (socket: string) => (await probeAndJudge(timeSync, withArguments(grown, 'chronyc', ['-h', socket]))).judgement;
    expect(
      await comesTo(
        () => ask(follower.socket),
        ({ code }) => code === 'synchronised',
      ),
    ).toMatchObject({
      status: 'ok',
      data: { source: 'chrony', reference: '127.0.0.1' },
    });
    expect(
      await comesTo(
        () => ask(lost.socket),
        ({ code }) => code === 'unsynchronised',
      ),
    ).toMatchObject({ status: 'warn', code: 'unsynchronised' });
    await expect(ask(`${follower.socket}.gone`)).rejects.toMatchObject({ reason: 'no-permission' });
  });
});
