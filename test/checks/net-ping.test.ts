import { describe, expect, it } from 'vitest';
import { netPing } from '../../src/checks/net-ping.ts';
import { parsePing } from '../../src/checks/ping-output.ts';
import type { ConnectResult } from '../../src/ports.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const summary = (sent: number, received: number, average = 1.5) =>
  `--- 10.0.0.5 ping statistics ---\n${sent} packets transmitted, ${received} received, ${Math.round((100 * (sent - received)) / sent)}% packet loss, time 403ms\n${received > 0 ? `rtt min/avg/max/mdev = 0.9/${average}/2.1/0.3 ms\n` : ''}`;
const FIRST = 'ping -n -c 3 -i 0.2 -W 3 -- 10.0.0.5';
const SECOND = 'ping -n -c 20 -i 0.2 -W 3 -- 10.0.0.5';
const LARGE = 'ping -n -c 3 -i 0.2 -W 3 -M do -s 1400 -- 10.0.0.5';

const tcp = (...outcomes: (ConnectResult['outcome'] | number)[]) => {
  let turn = 0;
  return async (): Promise<ConnectResult> => {
    const next = outcomes[Math.min(turn++, outcomes.length - 1)];
    return typeof next === 'number'
      ? { outcome: 'connected', address: '10.0.0.5', durationMs: next }
      : { outcome: next ?? 'connected', address: '10.0.0.5', durationMs: 2 };
  };
};

describe('net.ping', () => {
  it.each([
    ['all answered', { [FIRST]: { stdout: summary(3, 3) } }, {}, 'ok', 'ok'],
    ['far away', { [FIRST]: { stdout: summary(3, 3, 250) } }, {}, 'warn', 'high-latency'],
    ['very far away', { [FIRST]: { stdout: summary(3, 3, 501) } }, {}, 'fail', 'high-latency'],
    ['one lost in three is looked at again', { [FIRST]: { stdout: summary(3, 2) }, [SECOND]: { stdout: summary(20, 20) } }, {}, 'ok', 'ok'],
    ['two lost in 23', { [FIRST]: { stdout: summary(3, 2) }, [SECOND]: { stdout: summary(20, 19) } }, {}, 'warn', 'loss'],
    ['many lost', { [FIRST]: { stdout: summary(3, 2) }, [SECOND]: { stdout: summary(20, 15) } }, {}, 'fail', 'loss'],
    ['silence and no port', { [FIRST]: { exitCode: 1, stdout: summary(3, 0) } }, {}, 'unknown', 'no-icmp'],
    ['no ping and no port', { [FIRST]: null }, {}, 'unknown', 'no-icmp'],
    ['no way, said by this machine', { [FIRST]: { exitCode: 2, stderr: 'ping: connect: Network is unreachable' } }, {}, 'fail', 'no-route'],
    [
      'large packets vanish',
      { [FIRST]: { stdout: summary(3, 3) }, [LARGE]: { exitCode: 1, stdout: summary(3, 0) } },
      { size: 1400 },
      'fail',
      'large-packets-lost',
    ],
    [
      'a ping that knows no sizes',
      { [FIRST]: { stdout: summary(3, 3) }, [LARGE]: { exitCode: 1, stderr: 'ping: unrecognized option: M' } },
      { size: 1400 },
      'ok',
      'ok',
    ],
    ['large packets pass', { [FIRST]: { stdout: summary(3, 3) }, [LARGE]: { stdout: summary(3, 3) } }, { size: 1400 }, 'ok', 'ok'],
    [
      'large packets crawl',
      { [FIRST]: { stdout: summary(3, 3, 40) }, [LARGE]: { stdout: summary(3, 3, 700) } },
      { size: 1400 },
      'fail',
      'congested',
    ],
    [
      'all packets are late alike',
      { [FIRST]: { stdout: summary(3, 3, 520) }, [LARGE]: { stdout: summary(3, 3, 690) } },
      { size: 1400 },
      'fail',
      'high-latency',
    ],
    [
      'a limit this machine knows of',
      {
        [FIRST]: { stdout: summary(3, 3) },
        [LARGE]: { exitCode: 1, stdout: `ping: local error: message too long, mtu=1280\n${summary(3, 0)}` },
      },
      { size: 1400 },
      'ok',
      'ok',
    ],
  ] as const)('%s', async (_name, commands, params, status, code) => {
    expect((await probeAndJudge(netPing, fakeHost({ commands }), { host: '10.0.0.5', ...params })).judgement).toMatchObject({
      status,
      code,
    });
  });

  it.each([
    ['TCP answers', () => tcp('connected'), 'ok', 'no-icmp-but-tcp'],
    ['TCP is refused, so the machine lives', () => tcp('refused'), 'ok', 'no-icmp-but-tcp'],
    ['TCP is silent', () => tcp('timed-out'), 'fail', 'unreachable'],
    ['TCP is far away', () => tcp(620), 'fail', 'high-latency'],
    ['some TCP is lost', () => tcp('connected', 'timed-out', 'connected'), 'fail', 'loss'],
  ] as const)('without an answer to pings: %s', async (_name, connect, status, code) => {
    for (const first of [{ exitCode: 1, stdout: summary(3, 0) }, { exitCode: 2, stderr: 'ping: socket: Operation not permitted' }, null]) {
      const context = fakeHost({ commands: { [FIRST]: first }, net: { connect: connect() } });
      expect((await probeAndJudge(netPing, context, { host: '10.0.0.5', port: 443 })).judgement).toMatchObject({ status, code });
    }
  });

  it('lost pings are only a warning where TCP is well', async () => {
    const commands = { [FIRST]: { stdout: summary(3, 1) }, [SECOND]: { stdout: summary(20, 5) } };
    const well = await probeAndJudge(netPing, fakeHost({ commands, net: { connect: tcp(3) } }), { host: '10.0.0.5', port: 443 });
    const resent = await probeAndJudge(netPing, fakeHost({ commands, net: { connect: tcp(1_020) } }), { host: '10.0.0.5', port: 443 });
    expect([well.judgement.status, resent.judgement.status]).toEqual(['warn', 'fail']);
    expect(resent.facts['tcp']).toMatchObject({ retransmitted: 5 });
  });

  it('a name that does not resolve', async () => {
    const dns = async () => ({ outcome: 'no-such-name' as const, addresses: [], durationMs: 1 });
    expect((await probeAndJudge(netPing, fakeHost({ net: { dns } }), { host: 'nowhere.example.test' })).judgement).toMatchObject({
      status: 'fail',
      code: 'name-not-resolved',
    });
  });

  it('loopback for real, with or without a ping tool', async () => {
    const { judgement } = await probeAndJudge(netPing, realContext(), { host: '127.0.0.1', port: 9 });
    expect(judgement.status).toBe('ok');
  });
});

describe('parsePing', () => {
  it('reads busybox', () => {
    expect(
      parsePing('3 packets transmitted, 2 packets received, 33% packet loss\nround-trip min/avg/max = 0.056/0.107/0.134 ms'),
    ).toMatchObject({ sent: 3, received: 2, averageMs: 0.107 });
  });
  it('sees who says that there is no way', () => {
    expect(
      parsePing('From 10.0.0.1 icmp_seq=1 Destination Host Unreachable\n3 packets transmitted, 0 received, +3 errors, 100% packet loss'),
    ).toMatchObject({ sent: 3, received: 0, unreachable: true });
  });
});
