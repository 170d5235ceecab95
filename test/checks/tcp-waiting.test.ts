import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseSocketInfo } from '../../src/checks/ss-info.ts';
import { tcpWaiting, waitOf } from '../../src/checks/tcp-waiting.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const open: { destroy?: () => void; close?: () => void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.destroy ? each.destroy() : each.close?.();
});

const facts = {
  observedAt: 1,
  host: 'bank',
  port: 443,
  addresses: ['192.0.2.5'],
  connections: 4,
  waiting: 3,
  unsure: 0,
  longestMs: 2_500,
  unacknowledged: 0,
};
const to = { host: 'bank', port: 443 };

/** As iproute2 6.1 prints it. */
const SS = `0      0            10.0.0.1:41000     192.0.2.5:443
	 cubic wscale:7,7 rto:204 rtt:0.1/0.05 mss:1448 pmtu:1500 bytes_sent:500 bytes_acked:501 bytes_received:1200 segs_out:6 data_segs_out:2 lastsnd:2300 lastrcv:2310 lastack:2300 pacing_rate 1Mbps
0      0            10.0.0.1:41002     192.0.2.5:443
	 cubic bytes_sent:500 data_segs_out:2 lastsnd:900 lastrcv:860 lastack:860
0      0            10.0.0.1:41004     192.0.2.5:443
	 cubic data_segs_out:1 bytes_sent:300 unacked:1 retrans:1/2 lastsnd:1200 lastrcv:1900 lastack:1900
0      0            10.0.0.1:41006     192.0.2.9:443
	 cubic bytes_sent:500 lastsnd:9000 lastrcv:9900
0      0       [::ffff:10.0.0.1]:41008 [::ffff:192.0.2.5]:443
	 cubic lastsnd:5000 lastrcv:5000 lastack:5000
`;

describe('tcp.waiting', () => {
  it.each([
    [{}, 'fail', 'waiting'],
    [{ longestMs: 1_300 }, 'warn', 'waiting'],
    [{ unacknowledged: 2 }, 'fail', 'unacknowledged'],
    [{ unsure: 1 }, 'fail', 'waiting'],
    [{ unsure: 2 }, 'warn', 'waiting'],
    [{ waiting: 1 }, 'ok', 'answering'],
    [{ waiting: 0, longestMs: 400 }, 'ok', 'answering'],
    [{ connections: 0, waiting: 0, longestMs: 0 }, 'ok', 'idle'],
    [{ addresses: [] }, 'unknown', 'name-not-resolved'],
  ])('%o is %s, %s', (seen, status, code) => {
    expect(judge(tcpWaiting, { ...facts, ...seen }, to)).toMatchObject({ status, code });
  });

  it('a request is what was sent after the last byte that came', () => {
    expect(parseSocketInfo(SS, ['192.0.2.5']).map((socket) => waitOf(socket))).toEqual([
      { local: '10.0.0.1:41000', ms: 2300, acknowledged: true, sure: true },
      { local: '10.0.0.1:41002', ms: 0, acknowledged: true, sure: true },
      { local: '10.0.0.1:41004', ms: 1200, acknowledged: false, sure: true },
      { local: '[::ffff:10.0.0.1]:41008', ms: 0, acknowledged: true, sure: true },
    ]);
  });

  it('session tickets that come with the request are no answer, what comes later is one', () => {
    const ss = (sent: number, received: number): string =>
      `0 0 10.0.0.1:41000 192.0.2.5:443\n\t cubic rtt:20.5/3 bytes_sent:500 lastsnd:${sent} lastrcv:${received}\n`;
    const msOf = (text: string, tickets: number) => parseSocketInfo(text, ['192.0.2.5']).map((socket) => waitOf(socket, tickets))[0]?.ms;
    expect(msOf(ss(2300, 2280), 8)).toBe(2300);
    expect(msOf(ss(2300, 2280), 0)).toBe(0);
    expect(msOf(ss(2300, 2200), 8)).toBe(0);
  });

  it('tickets that came as late as a quick answer would leave it open, on a connection that had hardly more', () => {
    const ss = (received: number, segments: number): string =>
      `0 0 10.0.0.1:41000 192.0.2.5:443\n\t cubic rtt:0.1/3 ato:40 bytes_sent:989 data_segs_in:${segments} lastsnd:2372 lastrcv:${received}\n`;
    const seen = (received: number, segments: number, tickets = 8) =>
      parseSocketInfo(ss(received, segments), ['192.0.2.5']).map((socket) => waitOf(socket, tickets))[0];
    expect(seen(2328, 3)).toMatchObject({ ms: 2372, sure: false });
    expect(seen(2370, 3)).toMatchObject({ ms: 2372, sure: true });
    expect(seen(2328, 40)).toMatchObject({ ms: 0 });
    expect(seen(2200, 3)).toMatchObject({ ms: 0 });
    expect(seen(2328, 3, 0)).toMatchObject({ ms: 0 });
  });

  it('sees real requests that a real server answers, and that it leaves alone', async () => {
    let answers = true;
    const server = createServer((socket: Socket) => {
      open.push(socket);
      socket.on('data', () => answers && socket.write('here you are'));
    }).listen(0, '127.0.0.1');
    open.push(server);
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const params = { host: '127.0.0.1', port };
    expect((await probeAndJudge(tcpWaiting, realContext(), params)).judgement).toMatchObject({ status: 'ok', code: 'idle' });
    const clients = [1, 2, 3].map(() => connect(port, '127.0.0.1').on('error', () => undefined));
    open.push(...clients);
    const heard = clients.map((client) => once(client, 'data'));
    for (const client of clients) client.write('a question');
    await Promise.all(heard);
    expect((await probeAndJudge(tcpWaiting, realContext(), params)).judgement).toMatchObject({ status: 'ok', code: 'answering' });
    answers = false;
    for (const client of clients) client.write('another question');
    const { judgement, facts: seen } = await probeAndJudge(tcpWaiting, realContext(), params);
    expect(seen).toMatchObject({ connections: 3, waiting: 3, unacknowledged: 0 });
    expect(judgement).toMatchObject({ status: 'fail', code: 'waiting' });
  });

  it('a name that does not resolve tells nothing', async () => {
    const { judgement } = await probeAndJudge(tcpWaiting, realContext(), { host: 'no-such-host.invalid', port: 443 });
    expect(judgement).toMatchObject({ status: 'unknown', code: 'name-not-resolved' });
  });

  it('where ss fails it cannot tell', async () => {
    const argv = ['ss', '-H', '-t', '-n', '-i', 'state', 'established', 'dport', '=', ':443'];
    const context = fakeHost({ commands: { [argv.join(' ')]: { exitCode: 255, stderr: 'ss: not permitted' } } });
    await expect(probeAndJudge(tcpWaiting, context, { host: '192.0.2.5', port: 443 })).rejects.toMatchObject({ reason: 'io' });
  });
});
