import { afterAll, describe, expect, test } from 'vitest';
import { tcpRetrans } from '../../src/checks/tcp-retrans.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { makeNamespace } from './network-namespace.ts';

const facts = (repeated: number, sent: number, synRepeated = 0) => ({
  observedAt: 0,
  seconds: 1,
  sent,
  repeated,
  percent: (100 * repeated) / (sent + repeated),
  synRepeated,
  timeouts: 0,
  totalPercent: 0,
});

test.each([
  ['none', facts(0, 500), 'ok', 'ok'],
  ['one of twenty is chance', facts(1, 19), 'ok', 'ok'],
  ['three of a hundred are chance', facts(3, 97), 'ok', 'ok'],
  ['thirty of a thousand are not', facts(30, 970), 'warn', 'losses'],
  ['two of two are decisive', facts(2, 0), 'fail', 'losses'],
  ['many', facts(10, 90), 'fail', 'losses'],
  ['nobody answers', facts(10, 90, 8), 'fail', 'no-answer'],
])('judge: %s', (_name, given, status, code) => {
  expect(judge(tcpRetrans, given)).toMatchObject({ status, code });
});

const snmp = (out: number, again: number) =>
  `Ip: Forwarding DefaultTTL\nIp: 1 64\nTcp: RtoAlgorithm RetransSegs OutSegs MaxConn\nTcp: 1 ${again} ${out} -1\n`;

test('probe: counters by name, wherever they stand, over a second', async () => {
  const files = {
    '/proc/net/snmp': [snmp(1_000, 50), snmp(1_090, 60)],
    '/proc/net/netstat': [
      'TcpExt: SyncookiesSent TCPSynRetrans TCPTimeouts\nTcpExt: 0 7 9\n',
      'TcpExt: SyncookiesSent TCPSynRetrans TCPTimeouts\nTcpExt: 0 8 12\n',
    ],
  };
  const context = fakeHost({ files });
  const { facts: found, judgement } = await probeAndJudge(tcpRetrans, context);
  expect(found).toMatchObject({ seconds: 1, sent: 90, repeated: 10, percent: 10, synRepeated: 1, timeouts: 3, totalPercent: 5.22 });
  expect(judgement).toMatchObject({ status: 'fail', code: 'losses', value: 10, threshold: 5, thresholdSource: 'own' });
  expect(context.calls.filter((call) => call.startsWith('sleep'))).toEqual(['sleep 1000']);
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  expect(['ok', 'warn', 'fail']).toContain((await probeAndJudge(tcpRetrans, localContext())).judgement.status);
});

const namespace = makeNamespace('retrans');
afterAll(() => namespace?.remove());

describe.skipIf(!namespace)('in a network namespace', () => {
  test('a host that never answers: every first packet is repeated', async () => {
    namespace?.sh(
      'ip link add v0 type veth peer name v1 && ip link set v0 up && ip link set v1 up && ip address add 10.99.0.1/24 dev v0 && ip neigh add 10.99.0.2 lladdr 02:00:00:00:00:09 dev v0',
    );
    const context = namespace?.context ?? localContext();
    // As long as all six take: the first repeat comes after one second.
    const connect = () => context.host.run(['timeout', '6', 'bash', '-c', ': >/dev/tcp/10.99.0.2/9'], { timeoutMs: 120_000 });
    const connectAll = async (): Promise<void> => void (await Promise.all(Array.from({ length: 6 }, connect)));
    const { facts: found, judgement } = await probeAndJudge(tcpRetrans, { ...context, sleep: connectAll });
    // The two tables are read one after the other, so their counts may differ by what came between.
    expect(Number(found['synRepeated'])).toBeGreaterThan(0);
    expect(judgement).toMatchObject({ status: 'fail', code: 'no-answer' });
  });
});

test('segments that arrive damaged are not chance', () => {
  expect(judge(tcpRetrans, { ...facts(0, 400), damaged: 3 })).toMatchObject({ status: 'fail', code: 'damaged', value: 3 });
  expect(judge(tcpRetrans, { ...facts(0, 400), damaged: 2 })).toMatchObject({ status: 'ok' });
});
