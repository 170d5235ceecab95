import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { tcpResets } from '../../src/checks/tcp-resets.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const facts = (sent: number, broken: number, usual = 0) => ({
  observedAt: 0,
  sentPerSecond: sent,
  brokenPerSecond: broken,
  failedAttemptsPerSecond: 0,
  usualSentPerSecond: usual,
  usualBrokenPerSecond: usual,
});

test.each([
  ['quiet', facts(0, 0), 'ok', 'ok', 50],
  ['at the floor', facts(50, 50), 'ok', 'ok', 50],
  ['above the floor', facts(51, 0), 'warn', 'sends-resets', 50],
  ['usual here', facts(200, 0, 30), 'ok', 'ok', 300],
  ['ten times the usual', facts(301, 0, 30), 'warn', 'sends-resets', 300],
  ['connections break: named first', facts(900, 60), 'warn', 'connections-reset', 50],
])('judge: %s', (_name, given, status, code, threshold) => {
  expect(judge(tcpResets, given)).toMatchObject({ status, code, threshold });
});

test('probe: rates, and the mean since boot', async () => {
  const snmp = (rst: number, broken: number) => `Tcp: AttemptFails EstabResets OutRsts\nTcp: 4 ${broken} ${rst}\n`;
  const files = { '/proc/uptime': '1000.0 5.0\n', '/proc/net/snmp': [snmp(2_000, 10), snmp(2_070, 13)] };
  const { facts: found } = await probeAndJudge(tcpResets, fakeHost({ files }));
  expect(found).toMatchObject({
    sentPerSecond: 70,
    brokenPerSecond: 3,
    failedAttemptsPerSecond: 0,
    usualSentPerSecond: 2,
    usualBrokenPerSecond: 0.01,
  });
});

test.skipIf(process.platform !== 'linux')('a real burst of refused connections', async () => {
  const context = realContext();
  const port = await closedPort();
  const { judgement } = await probeAndJudge(tcpResets, {
    ...context,
    async sleep() {
      for (let round = 0; round < 20; round++)
        await Promise.all(Array.from({ length: 100 }, () => context.net.connect({ host: '127.0.0.1', port })));
    },
  });
  expect(judgement).toMatchObject({ status: 'warn', code: 'sends-resets' });
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
