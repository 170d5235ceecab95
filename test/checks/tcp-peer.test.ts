import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { tcpPeer } from '../../src/checks/tcp-peer.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const open: { destroy?: () => void; close?: () => void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.destroy ? each.destroy() : each.close?.();
});

const facts = {
  observedAt: 1,
  host: 'switch',
  port: 8583,
  addresses: ['192.0.2.5'],
  established: 1,
  connecting: 0,
  closeWait: 0,
  stalled: 0,
  unsentBytes: 0,
};
const to = { host: 'switch', port: 8583 };

describe('tcp.peer', () => {
  it.each([
    [{}, {}, 'ok', 'established'],
    [{ established: 0 }, {}, 'ok', 'none'],
    [{ established: 0 }, { persistent: true }, 'fail', 'none'],
    [{ established: 0, connecting: 2 }, {}, 'fail', 'connecting'],
    [{ stalled: 1, unsentBytes: 48 }, {}, 'fail', 'stalled'],
    [{ addresses: [], established: 0 }, { persistent: true }, 'unknown', 'name-not-resolved'],
  ])('%o with %o is %s, %s', (seen, params, status, code) => {
    expect(judge(tcpPeer, { ...facts, ...seen }, { ...to, ...params })).toMatchObject({ status, code });
  });

  it('sees a real connection, and that it is gone', async () => {
    const accepted: Socket[] = [];
    const server = createServer((socket) => accepted.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(server);
    const port = (server.address() as { port: number }).port;
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    open.push(socket);
    const params = { host: '127.0.0.1', port, persistent: true };
    expect((await probeAndJudge(tcpPeer, realContext(), params)).judgement).toMatchObject({ status: 'ok', code: 'established' });
    for (const each of accepted) each.write('late');
    await once(socket, 'data');
    const { receivedAgoMs } = (await probeAndJudge(tcpPeer, realContext(), params)).facts as { receivedAgoMs: number };
    expect(receivedAgoMs).toBeLessThan(60_000);
    socket.destroy();
    for (const each of accepted) each.destroy();
    expect((await probeAndJudge(tcpPeer, realContext(), params)).judgement).toMatchObject({ status: 'fail', code: 'none' });
  });

  it('a SYN that stays unanswered, and data that nobody acknowledges', async () => {
    const line = (port: string, state: string, unsent: string, resent: string): string =>
      `   1: 0100000A:${port} 050200C0:2187 ${state} ${unsent}:00000000 01:00000019 ${resent}     0        0 5000 1 0000000000000000`;
    const table = (...lines: string[]): string => ['  sl  local_address rem_address   st', ...lines, ''].join('\n');
    const ask = async (text: string) => {
      const context = fakeHost({
        files: { '/proc/net/tcp': text, '/proc/net/tcp6': null },
        commands: { 'ss -H -t -n -i state established dport = :8583': null },
      });
      return (await probeAndJudge(tcpPeer, context, { host: '192.0.2.5', port: 8583 })).judgement.code;
    };
    expect(await ask(table(line('9C40', '02', '00000001', '00000002')))).toBe('connecting');
    expect(await ask(table(line('9C40', '01', '00000030', '00000003')))).toBe('stalled');
    expect(await ask(table(line('9C40', '01', '00000030', '00000000')))).toBe('established');
  });

  it('without the socket tables nothing is claimed', async () => {
    const context = fakeHost({ files: { '/proc/net/tcp': null, '/proc/net/tcp6': null } });
    await expect(tcpPeer.probe({ host: '192.0.2.5', port: 8583, persistent: false }, context)).rejects.toMatchObject({
      reason: 'not-found',
    });
  });
});
