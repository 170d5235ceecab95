import { expect, test } from 'vitest';
import { netSoftnet } from '../../src/checks/net-softnet.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const facts = (dropped: number, squeezed: number, seconds = 1) => ({
  observedAt: 0,
  seconds,
  processed: 100,
  dropped,
  squeezed,
  totalDropped: 0,
  totalSqueezed: 0,
});

test.each([
  ['calm', facts(0, 0), 'ok', 'ok', 0],
  ['one drop within a second', facts(1, 0), 'warn', 'dropped', 60],
  ['drops go before squeezes', facts(2, 9), 'warn', 'dropped', 120],
  ['squeezed', facts(0, 3), 'warn', 'squeezed', 180],
  ['a longer sample', facts(1, 0, 6), 'ok', 'ok', 0],
])('judge: %s', (_name, given, status, code, value) => {
  expect(judge(netSoftnet, given)).toMatchObject({ status, code, value });
});

test('probe adds up the processors', async () => {
  const files = {
    '/proc/net/softnet_stat': [
      '0000000a 00000001 00000003 00000000\n00000010 00000000 00000000 00000000\n',
      '0000001a 00000002 00000003 00000000\n00000020 00000001 00000004 00000000\n',
    ],
  };
  const { facts: found } = await probeAndJudge(netSoftnet, fakeHost({ files }));
  expect(found).toMatchObject({ processed: 32, dropped: 2, squeezed: 4, totalDropped: 3, totalSqueezed: 7 });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  expect(['ok', 'warn']).toContain((await probeAndJudge(netSoftnet, localContext())).judgement.status);
});
