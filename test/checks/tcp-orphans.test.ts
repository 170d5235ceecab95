import { afterAll, expect, test } from 'vitest';
import { tcpOrphans } from '../../src/checks/tcp-orphans.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { makeNamespace } from './network-namespace.ts';

test.each([
  [25, 'ok', 'ok'],
  [26, 'warn', 'many'],
  [51, 'fail', 'many'],
])('judge: %s %%', (percent, status, code) => {
  expect(judge(tcpOrphans, { observedAt: 0, orphans: percent, most: 100, percent })).toMatchObject({ status, code });
});

test('probe counts against the limit', async () => {
  const files = {
    '/proc/net/sockstat': 'sockets: used 72\nTCP: inuse 11 orphan 4096 tw 403 alloc 11 mem 0\n',
    '/proc/sys/net/ipv4/tcp_max_orphans': '8192\n',
  };
  expect((await probeAndJudge(tcpOrphans, fakeHost({ files }))).judgement).toMatchObject({ status: 'warn', value: 50 });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  expect((await probeAndJudge(tcpOrphans, localContext())).judgement.status).toBe('ok');
});

const namespace = makeNamespace('orphans');
afterAll(() => namespace?.remove());

test.skipIf(!namespace)('a network namespace does not show the limit: unknown, and says where to run', async () => {
  await expect(probeAndJudge(tcpOrphans, namespace?.context ?? localContext())).rejects.toMatchObject({
    reason: 'not-found',
    unlock: expect.stringContaining('host'),
  });
});
