import { expect, test } from 'vitest';
import { tcpConntrack } from '../../src/checks/tcp-conntrack.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const facts = (tracked: number | null, dropped = 0) => ({
  observedAt: 0,
  tracked,
  most: tracked === null ? null : 100,
  percent: tracked ?? 0,
  dropped,
  totalDropped: 7,
});

test.each([
  ['roomy', facts(10), 'ok', 'ok'],
  ['at the bound', facts(90), 'ok', 'ok'],
  ['filling', facts(91), 'warn', 'filling'],
  ['nearly full', facts(96), 'fail', 'filling'],
  ['drops right now', facts(50, 3), 'fail', 'dropping'],
  ['no module', facts(null), 'not-applicable', 'none'],
])('judge: %s', (_name, given, status, code) => {
  expect(judge(tcpConntrack, given)).toMatchObject({ status, code });
});

const stat = (drop: string, early: string) =>
  `entries  clashres found new invalid ignore delete insert insert_failed drop early_drop icmp_error\n000000ff  0 0 0 0 0 0 0 00000009 ${drop} ${early} 0\n000000ff  0 0 0 0 0 0 0 0 00000001 00000000 0\n`;

test('probe: hexadecimal columns of every processor, by name', async () => {
  const files = {
    '/proc/sys/net/netfilter/nf_conntrack_max': '262144\n',
    '/proc/sys/net/netfilter/nf_conntrack_count': '240000\n',
    '/proc/net/stat/nf_conntrack': [stat('00000010', '00000000'), stat('0000001a', '00000002')],
  };
  const { facts: found, judgement } = await probeAndJudge(tcpConntrack, fakeHost({ files }));
  expect(found).toMatchObject({ tracked: 240_000, most: 262_144, percent: 91.6, dropped: 12, totalDropped: 29 });
  expect(judgement).toMatchObject({ status: 'fail', code: 'dropping' });
});

test('probe: without the module it does not wait for a sample', async () => {
  const context = fakeHost({ files: { '/proc/sys/net/netfilter/nf_conntrack_max': null }, lists: { '/proc/sys/net': [] } });
  expect((await probeAndJudge(tcpConntrack, context)).judgement.status).toBe('not-applicable');
  expect(context.calls).not.toContain('sleep 1000');
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  expect((await probeAndJudge(tcpConntrack, localContext())).judgement.status).not.toBe('unknown');
});
