import { createSocket, type Socket } from 'node:dgram';
import { afterAll, describe, expect, it } from 'vitest';
import { timeOffset } from '../../src/checks/time-offset.ts';
import { HostError } from '../../src/errors.ts';
import type { HttpExchange, SntpAnswer } from '../../src/ports.ts';
import { findClosedPort } from '../adapters/servers.ts';
import { startChrony } from './chrony-lab.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { comesTo, has, stopPrograms } from './programs.ts';
import { realContext } from './real-context.ts';
import { temporaryFolder } from './temporary-folder.ts';

const CHRONY = 'chronyc -n -c tracking';
const tracking = (offset: string, leap = 'Normal', stratum = 3) => ({
  stdout: `A29FC87B,10.0.0.53,${stratum},1768478100.1,${offset},0.0,0.0,1.0,0.0,0.1,0.001,0.001,64.0,${leap}\n`,
});
const SOCKET = '/run/chrony/chronyd.sock';
const silent = new HostError('timed-out', 'no answer');

/** `servers` and `witnesses`: offset in seconds by name; null does not answer. */
function look({
  servers = {},
  witnesses = {},
  chrony = null as object | null,
  roundTripMs = 4,
}: {
  servers?: Readonly<Record<string, number | null>>;
  witnesses?: Readonly<Record<string, number | null>>;
  chrony?: object | null;
  roundTripMs?: number;
}) {
  const sntp = async ({ host }: { host: string }): Promise<SntpAnswer> => {
    const seconds = servers[host];
    if (seconds == null) throw silent;
    return { offsetMs: seconds * 1_000, roundTripMs, stratum: 2 };
  };
  const http = async ({ url }: { url: string }): Promise<HttpExchange> => {
    const seconds = witnesses[url];
    const headers: Record<string, string> = seconds == null ? {} : { date: new Date(FAKE_NOW + seconds * 1_000).toUTCString() };
    return {
      reached: 'done',
      status: 200,
      headers,
      body: '',
      timing: { dnsMs: null, connectMs: 1, tlsMs: null, firstByteMs: 1, totalMs: 2 },
    };
  };
  const params = { servers: Object.keys(servers), witnesses: Object.keys(witnesses) };
  const unknown = { files: { '/proc/net/udp': null, '/proc/net/udp6': null }, stats: { [SOCKET]: null } };
  return probeAndJudge(timeOffset, fakeHost({ ...unknown, net: { sntp, http }, commands: { [CHRONY]: chrony } }), params);
}

describe('chronyc is not started where there is no chronyd to answer', () => {
  const head = '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n';
  const row = (port: string): string =>
    `  42: 0100007F:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 77 2 0 0\n`;
  it.each([
    ['no socket and no port', head + row('007B'), '', null, false],
    ['its socket', head, '', { kind: 'socket' as const }, true],
    ['its port', head + row('0143'), '', null, true],
    ['its port over IPv6', head, row('0143').replace('0100007F', '0'.repeat(32)), null, true],
    ['its port, and a socket that may not be looked at', head + row('0143'), '', new HostError('no-permission', 'no'), true],
    ['a look that failed', head, '', new HostError('io', 'no'), true],
  ])('%s', async (_name, udp, udp6, socket, asked) => {
    const host = fakeHost({
      files: { '/proc/net/udp': udp, '/proc/net/udp6': udp6 },
      stats: { [SOCKET]: socket },
      commands: { [CHRONY]: tracking('0.000012') },
    });
    await probeAndJudge(timeOffset, host, {});
    expect(host.calls.includes(`run ${CHRONY}`)).toBe(asked);
  });

  it('nor where time servers tell', async () => {
    const host = fakeHost({ net: { sntp: async () => ({ offsetMs: 3, roundTripMs: 4, stratum: 2 }) } });
    expect((await probeAndJudge(timeOffset, host, { servers: ['a'] })).judgement.code).toBe('in-sync');
    expect(host.calls).not.toContain(`run ${CHRONY}`);
  });
});

describe('time.offset', () => {
  it.each([
    ['in sync', { servers: { a: 0.01 } }, 'ok', 'in-sync'],
    ['drifting', { servers: { a: 0.08 } }, 'warn', 'drifting'],
    ['behind', { servers: { a: 300 } }, 'fail', 'skewed'],
    ['ahead', { servers: { a: -0.9 } }, 'fail', 'skewed'],
    ['a long way makes it doubtful', { servers: { a: 0.3 }, roundTripMs: 600 }, 'ok', 'in-sync'],
    ['one of three is wrong', { servers: { a: 0.01, b: 0.02, c: 300 } }, 'warn', 'server-disagrees'],
    ['two of three say that we are', { servers: { a: 300, b: 300.02, c: 0.01 } }, 'fail', 'skewed'],
    ['one of two is wrong, our clock tells which', { servers: { a: 0.01, b: 300 } }, 'warn', 'server-disagrees'],
    [
      'the only server against a witness and our clock',
      { servers: { a: 300 }, witnesses: { 'https://bank/': 0 } },
      'warn',
      'server-disagrees',
    ],
    ['the only server with a witness against our clock', { servers: { a: 300 }, witnesses: { 'https://bank/': 300 } }, 'fail', 'skewed'],
    ['a witness is exact to a second only', { servers: { a: 0.01 }, witnesses: { 'https://bank/': 1 } }, 'ok', 'in-sync'],
    ['only witnesses', { witnesses: { 'https://bank/': 300, 'https://other/': 300 } }, 'fail', 'skewed'],
    ['one is silent', { servers: { a: 0.01, b: null } }, 'warn', 'server-silent'],
    ['all are silent', { servers: { a: null, b: null } }, 'warn', 'no-answer'],
    ['nothing is declared', {}, 'not-applicable', 'no-server'],
    ['chrony alone', { chrony: tracking('-0.000012') }, 'ok', 'in-sync'],
    ['chrony alone, off', { chrony: tracking('0.120') }, 'warn', 'drifting'],
    ['chrony alone, unsynchronised', { chrony: tracking('0.0', 'Not synchronised', 0) }, 'not-applicable', 'no-server'],
    [
      'chrony without its daemon',
      { servers: { a: 0.01 }, chrony: { exitCode: 1, stdout: '506 Cannot talk to daemon\n' } },
      'ok',
      'in-sync',
    ],
  ] as const)('%s', async (_name, clocks, status, code) => {
    expect((await look(clocks as object)).judgement).toMatchObject({ status, code });
  });

  it('names the server that is wrong', async () => {
    const { facts, judgement } = await look({ servers: { good: 0.01, fine: 0.02, bad: 300 } });
    expect(facts['disagreeing']).toEqual(['bad']);
    expect(judgement.data).toMatchObject({ servers: 'bad', off: 300 });
  });
});

const chrony = has('chronyd') && process.getuid?.() === 0;

describe('time.offset against a real server', () => {
  const folder = temporaryFolder();
  const sockets: Socket[] = [];
  afterAll(() => {
    for (const socket of sockets) socket.close();
  });

  /** An SNTP server whose clock is off, RFC 4330 section 5. */
  async function serve(offsetMs: number): Promise<string> {
    const socket = createSocket('udp4');
    socket.on('message', (request, { port, address }) => {
      const answer = Buffer.alloc(48);
      answer[0] = 0x24;
      answer[1] = 2;
      request.copy(answer, 24, 40, 48);
      const now = Date.now() + offsetMs;
      for (const at of [32, 40]) {
        answer.writeUInt32BE(Math.floor(now / 1_000) + 2_208_988_800, at);
        answer.writeUInt32BE(Math.floor(((now % 1_000) / 1_000) * 2 ** 32), at + 4);
      }
      socket.send(answer, port, address);
    });
    sockets.push(socket);
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return `127.0.0.1:${socket.address().port}`;
  }

  it.skipIf(!chrony)('that is chrony, and one beside it that is wrong', async () => {
    const { port } = startChrony(folder, 'server', await findClosedPort(), ['local stratum 3']);
    const right = `127.0.0.1:${port}`;
    const ask = async (servers: readonly string[]) => (await probeAndJudge(timeOffset, realContext(), { servers })).judgement;
    expect(
      await comesTo(
        () => ask([right]),
        ({ code }) => code === 'in-sync',
      ),
    ).toMatchObject({ status: 'ok', code: 'in-sync' });
    expect(await ask([right, await serve(300_000)])).toMatchObject({ status: 'warn', code: 'server-disagrees' });
    expect(await ask([await serve(300_000), await serve(300_010)])).toMatchObject({ status: 'fail', code: 'skewed' });
    stopPrograms();
    expect(
      await comesTo(
        () => ask([right]),
        ({ code }) => code !== 'in-sync',
      ),
    ).toMatchObject({ status: 'warn', code: 'no-answer' });
  });

  it('measures it', async () => {
    const [right, wrong] = [await serve(0), await serve(300_000)];
    // On a crowded machine the answer itself may be late.
    const limits = { warn: 30, crit: 60, unit: 's', source: 'profile' };
    expect((await probeAndJudge(timeOffset, realContext(), { servers: [right] }, limits)).judgement.status).toBe('ok');
    expect((await probeAndJudge(timeOffset, realContext(), { servers: [wrong] })).judgement.code).toBe('skewed');
    expect((await probeAndJudge(timeOffset, realContext(), { servers: [right, wrong] })).facts['disagreeing']).toEqual([wrong]);
  });
});
