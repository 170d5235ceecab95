import { afterAll, expect, test } from 'vitest';
import { tcpMem } from '../../src/checks/tcp-mem.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { makeNamespace } from './network-namespace.ts';

test.each([
  [100, 'ok', 'ok', 300],
  [300, 'ok', 'ok', 300],
  [301, 'warn', 'pressure', 300],
  [361, 'fail', 'exhausted', 360],
])('judge: %s pages of 300 and 400', (used, status, code, threshold) => {
  expect(judge(tcpMem, { observedAt: 0, used, pressure: 300, limit: 400 })).toMatchObject({ status, code, threshold });
});

test('probe reads pages and marks', async () => {
  const files = {
    '/proc/net/sockstat': 'sockets: used 72\nTCP: inuse 11 orphan 0 tw 403 alloc 11 mem 600001\nUDP: inuse 4 mem 7\n',
    '/proc/sys/net/ipv4/tcp_mem': '287898\t383867\t575796\n',
  };
  const { facts, judgement } = await probeAndJudge(tcpMem, fakeHost({ files }));
  expect(facts).toMatchObject({ used: 600_001, pressure: 383_867, limit: 575_796 });
  expect(judgement).toMatchObject({ status: 'fail', data: { used: '2.3 GiB' } });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  expect((await probeAndJudge(tcpMem, localContext())).judgement.status).toBe('ok');
});

const namespace = makeNamespace('tcpmem');
afterAll(() => namespace?.remove());

test.skipIf(!namespace)('a network namespace does not show the marks: unknown, and says where to run', async () => {
  await expect(probeAndJudge(tcpMem, namespace?.context ?? localContext())).rejects.toMatchObject({
    reason: 'not-found',
    unlock: expect.stringContaining('host'),
  });
});
