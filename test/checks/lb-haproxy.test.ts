import { createServer as createHttp } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { lbHaproxy } from '../../src/checks/lb-haproxy.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';
import { recorded } from './recorded.ts';

const stats = recorded('haproxy-stats.csv');
const healthy = stats.replace(',DOWN,1,1,0,9,', ',UP,1,1,0,9,');
const dead = stats.replaceAll(/(gw\d.*),UP,/g, '$1,DOWN,').replace(/(paygw,BACKEND.*),UP,/, '$1,DOWN,');
const ARGV = 'sh -c echo "show stat" | socat -t 3 - "UNIX-CONNECT:$1" sh /run/haproxy.sock';
const look = (answer: object) => probeAndJudge(lbHaproxy, fakeHost({ commands: { [ARGV]: answer } }), { socket: '/run/haproxy.sock' });

test.each([
  ['all up, one in maintenance', healthy, 'ok', 'ok'],
  ['one down', stats, 'fail', 'server-down'],
  ['none left', dead, 'fail', 'backend-down'],
])('%s', async (_name, stdout, status, code) => {
  expect((await look({ stdout })).judgement).toMatchObject({ status, code });
});

test('names the server, since when and what its check met', async () => {
  const { judgement } = await look({ stdout: `\n${stats}` });
  expect(judgement).toMatchObject({ value: 1, data: { name: 'paygw/gw2', seconds: 95, check: 'L4CON', count: 1 } });
});

test.each([
  [{ exitCode: 127, stderr: 'sh: 1: socat: not found' }, 'missing-tool'],
  [{ exitCode: 1, stderr: 'socat E connect(5, AF=1 "/run/haproxy.sock", 20): Permission denied' }, 'no-permission'],
  [{ exitCode: 1, stderr: 'socat E connect(5, AF=1 "/run/haproxy.sock", 20): Connection refused' }, 'unreachable'],
  [{ stdout: '<html>' }, 'io'],
])('%j: unknown', async (answer, reason) => {
  await expect(look(answer)).rejects.toMatchObject({ reason, unlock: expect.any(String) });
});

test('nothing declared: not-applicable', async () => {
  expect((await probeAndJudge(lbHaproxy, fakeHost())).judgement).toMatchObject({ status: 'not-applicable' });
});

describe('over a real statistics page', () => {
  let status = 200;
  const server = createHttp((_request, response) => response.writeHead(status, { 'content-type': 'text/plain' }).end(stats));
  afterAll(() => server.close());

  test('reads it, and cannot tell when it refuses', async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/stats;csv`;
    expect((await probeAndJudge(lbHaproxy, realContext(), { url })).judgement).toMatchObject({ status: 'fail', code: 'server-down' });
    status = 401;
    await expect(probeAndJudge(lbHaproxy, realContext(), { url })).rejects.toMatchObject({ reason: 'no-permission' });
  });
});
