import { expect, test } from 'vitest';
import { netArpDup } from '../../src/checks/net-arp-dup.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';

const links = [
  { ifname: 'lo', flags: ['LOOPBACK', 'UP'], addr_info: [{ family: 'inet', local: '127.0.0.1' }] },
  { ifname: 'wg0', flags: ['POINTOPOINT', 'NOARP', 'UP'], addr_info: [{ family: 'inet', local: '10.9.0.1' }] },
  { ifname: 'eth0', flags: ['BROADCAST', 'UP'], addr_info: [{ family: 'inet', local: '10.0.0.5' }] },
];
const look = (arping: object | null, params = {}, stdout = JSON.stringify(links)) =>
  probeAndJudge(
    netArpDup,
    fakeHost({ commands: { 'ip -j -4 address show up': { stdout }, 'arping -D -c 2 -w 3 -I eth0 10.0.0.5': arping } }),
    params,
  );

test('nobody else answers', async () => {
  expect((await look({ exitCode: 0 })).judgement).toMatchObject({ status: 'ok', code: 'unique', data: { addresses: '10.0.0.5' } });
});

test('somebody else answers', async () => {
  const stdout =
    'ARPING 10.0.0.5 from 0.0.0.0 eth0\nUnicast reply from 10.0.0.5 [52:54:00:AA:BB:01]  0.708ms\nSent 1 probes (1 broadcast(s))\nReceived 1 response(s)\n';
  expect((await look({ exitCode: 1, stdout })).judgement).toMatchObject({
    status: 'fail',
    data: { owner: '52:54:00:AA:BB:01', device: 'eth0' },
  });
});

test('no address to ask about', async () => {
  expect((await look(null, {}, '[]')).judgement).toMatchObject({ status: 'not-applicable' });
  expect((await look(null, { interfaces: ['eth9'] })).judgement).toMatchObject({ status: 'not-applicable' });
});

test.each([
  [null, 'missing-tool'],
  [{ exitCode: 2, stderr: 'arping: socket: Operation not permitted' }, 'no-permission'],
  [{ exitCode: 2, stderr: 'arping: invalid option' }, 'io'],
])('%j: unknown', async (arping, reason) => {
  await expect(look(arping)).rejects.toMatchObject({ reason });
  expect(netArpDup).toMatchObject({ active: true, needsRoot: true });
});
