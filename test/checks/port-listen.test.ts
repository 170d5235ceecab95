import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { portListen } from '../../src/checks/port-listen.ts';
import { parseTcpTable } from '../../src/checks/proc-net.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';
import { realContext } from './real-context.ts';

const HEADER = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line = (local: string, state = '0A', inode = 77, queue = '00000000') =>
  `   0: ${local} 00000000:0000 ${state} 00000000:${queue} 00:00000000 00000000    33        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`;
const line6 = (local: string, inode = 78) =>
  `   0: ${local} 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 ${inode} 1 0 100 0 0 10 0\n`;

const ANY_443 = line('00000000:01BB');
const LOOPBACK_443 = line('0100007F:01BB');
const LAN_443 = line('0900000A:01BB');
const ANY6_443 = line6('00000000000000000000000000000000:01BB');
const SS = 'ss -H -l -t -n -p -e';
const FIND = 'find /proc -maxdepth 3 -path /proc/[0-9]*/fd/* -lname socket:* -printf %p %l\\n';

function machine(tcp: string, tcp6 = '', commands = {}, comm = 'nginx') {
  return fakeHost({
    files: {
      '/proc/net/tcp': HEADER + tcp,
      '/proc/net/tcp6': HEADER + tcp6,
      '/proc/9/stat': `9 (${comm}) S 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 100 1 1\n`,
      '/proc/9/cmdline': `/usr/sbin/${comm}\0`,
    },
    lists: { '/proc': ['9'] },
    commands,
  });
}

describe('port.listen', () => {
  it.each([
    ['any address', machine(ANY_443), { ports: 443 }, 'ok', 'listening'],
    ['IPv6 only socket table', machine('', ANY6_443), { ports: [443] }, 'ok', 'listening'],
    ['nothing', machine(''), { ports: 443 }, 'fail', 'not-listening'],
    ['a connection is no listener', machine(line('00000000:01BB', '01')), { ports: 443 }, 'fail', 'not-listening'],
    ['one of two', machine(ANY_443), { ports: [443, 8080] }, 'fail', 'not-listening'],
    ['loopback is enough where none is wanted', machine(LOOPBACK_443), { ports: 443 }, 'ok', 'listening'],
    ['loopback only', machine(LOOPBACK_443), { ports: 443, address: '0.0.0.0' }, 'fail', 'loopback-only'],
    ['loopback and another address', machine(LOOPBACK_443 + LAN_443), { ports: 443, address: '10.0.0.8' }, 'fail', 'other-address'],
    ['the wildcard covers an address', machine(ANY_443), { ports: 443, address: '10.0.0.9' }, 'ok', 'listening'],
    ['the IPv6 wildcard covers an address', machine('', ANY6_443), { ports: 443, address: '10.0.0.9' }, 'ok', 'listening'],
    ['another address', machine(LAN_443), { ports: 443, address: '10.0.0.8' }, 'fail', 'other-address'],
  ] as const)('%s', async (_name, context, params, status, code) => {
    expect((await probeAndJudge(portListen, context, params)).judgement).toMatchObject({ status, code });
  });

  it('of UDP is a socket that is bound to no peer', async () => {
    const udp = (...lines: readonly string[]) =>
      fakeHost({ files: { '/proc/net/udp': HEADER + lines.join(''), '/proc/net/udp6': null }, commands: {} });
    const ask = async (context: ReturnType<typeof udp>) =>
      (await probeAndJudge(portListen, context, { ports: 514, protocol: 'udp' })).judgement;
    expect(await ask(udp(line('00000000:0202', '07')))).toMatchObject({ status: 'ok', code: 'listening' });
    expect(await ask(udp(line('0100007F:0202', '01')))).toMatchObject({ status: 'fail', code: 'not-listening' });
    expect(await ask(udp())).toMatchObject({ status: 'fail', code: 'not-listening' });
  });

  it.skipIf(process.platform !== 'linux')('of UDP is seen on this machine, with its owner', async () => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    onTestFinished(() => void socket.close());
    const { port } = socket.address();
    const ask = (protocol: string) => probeAndJudge(portListen, realContext(), { ports: port, protocol, process: 'node' });
    const { facts, judgement } = await ask('udp');
    expect(judgement).toMatchObject({ status: 'ok', code: 'listening' });
    expect(facts['ports']).toMatchObject([{ listeners: [{ address: '127.0.0.1', pid: process.pid }] }]);
    expect((await ask('tcp')).judgement).toMatchObject({ status: 'fail', code: 'not-listening' });
  });

  it.each([
    ['ss', { [SS]: { stdout: 'LISTEN 0 511 0.0.0.0:443 0.0.0.0:* users:(("x",pid=9,fd=6)) uid:33 ino:77 sk:1 <->\n' } }],
    ['find', { [SS]: null, [FIND]: { exitCode: 1, stdout: '/proc/9/fd/6 socket:[77]\n', stderr: 'permission denied' } }],
  ] as const)('knows the owner by %s', async (_name, commands) => {
    const mine = await probeAndJudge(portListen, machine(ANY_443, '', commands), { ports: 443, process: 'nginx' });
    const other = await probeAndJudge(portListen, machine(ANY_443, '', commands, 'apache2'), { ports: 443, process: 'nginx' });
    expect(mine.judgement.code).toBe('listening');
    expect(other.judgement).toMatchObject({ status: 'fail', code: 'other-owner', data: { owner: 'apache2', pid: 9 } });
  });

  it('does not judge an owner it cannot see', async () => {
    const { judgement } = await probeAndJudge(
      portListen,
      machine(ANY_443, '', { [SS]: { stdout: 'LISTEN 0 511 0.0.0.0:443 0.0.0.0:* uid:33 ino:77\n' } }),
      { ports: 443, process: 'nginx' },
    );
    expect(judgement).toMatchObject({ status: 'ok', code: 'listening' });
  });

  it('tells where the process listens that should listen here', async () => {
    const there = { [SS]: { stdout: 'LISTEN 0 511 0.0.0.0:8443 0.0.0.0:* users:(("nginx",pid=9,fd=6)) uid:33 ino:77 sk:1 <->\n' } };
    const moved = machine(line('00000000:20FB'), '', there);
    const ask = async (context: typeof moved, ports: number | number[], runs_as: string) =>
      (await probeAndJudge(portListen, context, { ports, runs_as })).judgement;
    const data = { port: '443', process: 'nginx', others: '8443' };
    expect(await ask(moved, 443, 'nginx')).toMatchObject({ status: 'fail', code: 'elsewhere', data });
    expect(await ask(moved, 443, 'haproxy')).toMatchObject({ status: 'fail', code: 'not-listening' });
    expect(await ask(moved, 8443, 'haproxy')).toMatchObject({ status: 'ok', code: 'listening' });
    expect(await ask(machine(line('00000000:20FB'), '', { [SS]: null, [FIND]: null }), 443, 'nginx')).toMatchObject({
      code: 'not-listening',
    });
  });

  it('refuses no port at all', () => {
    expect(problemsOf(portListen, { ports: [] })).toHaveLength(1);
    expect(problemsOf(portListen, { ports: 70_000 })).toHaveLength(1);
  });

  it.skipIf(process.platform !== 'linux')('sees a real listener and who owns it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const { facts, judgement } = await probeAndJudge(portListen, realContext(), { ports: port, process: 'no-such-name' });
    server.close();
    const [owner] = (facts['ports'] as { listeners: { pid: number | null }[] }[])[0]?.listeners ?? [];
    expect(judgement.code).toBe(owner?.pid === null ? 'listening' : 'other-owner');
    expect([null, process.pid]).toContain(owner?.pid);
  });
});

describe('parseTcpTable', () => {
  it('reads addresses of both families', () => {
    const hex = [
      '0100007F:1F90',
      '00000000000000000000000001000000:1F90',
      '0000000000000000FFFF00000100007F:1F90',
      'B80D01200000000000000000010000FF:0050',
    ];
    const text =
      HEADER +
      line(hex[0] as string) +
      hex
        .slice(1)
        .map((each) => line6(each))
        .join('');
    expect(parseTcpTable(text).map(({ localAddress, localPort }) => `${localAddress} ${localPort}`)).toEqual([
      '127.0.0.1 8080',
      '::1 8080',
      '127.0.0.1 8080',
      '2001:db8::ff00:1 80',
    ]);
  });

  it('reads states and queues and skips what it does not know', () => {
    const text = [HEADER, line('00000000:01BB', '0A', 5, '00000081'), line('00000000:01BB', 'FF'), 'garbage\n'].join('');
    expect(parseTcpTable(text)).toMatchObject([{ state: 'LISTEN', receiveQueue: 129, uid: 33, inode: 5 }]);
  });
});
