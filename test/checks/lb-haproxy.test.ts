import { writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lbHaproxy } from '../../src/checks/lb-haproxy.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { comesTo, has, startProgram, stopPrograms } from './programs.ts';
import { realContext } from './real-context.ts';
import { recorded } from './recorded.ts';
import { temporaryFolder } from './temporary-folder.ts';

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
  const { judgement } = await look({ stdout: `\n${stats.replace(',L4CON,', ',* L4CON,')}` });
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

const haproxy = has('haproxy', 'socat');

describe.skipIf(!haproxy)('a real haproxy', () => {
  const folder = temporaryFolder();
  const socket = join(folder, 'stats');
  const servers: Server[] = [];
  afterAll(() => {
    stopPrograms();
    for (const server of servers) server.close();
  });

  test('with both servers, with one, with none, and gone', async () => {
    for (let each = 0; each < 2; each += 1) {
      const server = createServer((connection) => connection.destroy());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      servers.push(server);
    }
    const ports = servers.map((server) => (server.address() as { port: number }).port);
    writeFileSync(
      join(folder, 'haproxy.cfg'),
      `global\n  stats socket ${socket}\ndefaults\n  mode tcp\n  timeout connect 1s\n  timeout client 1s\n  timeout server 1s\nbackend paygw\n` +
        ports.map((port, index) => `  server gw${index + 1} 127.0.0.1:${port} check inter 100 fall 1 rise 1\n`).join(''),
    );
    const proxy = startProgram(['haproxy', '-db', '-f', join(folder, 'haproxy.cfg')]);
    const becomes = (wanted: string) =>
      comesTo(
        async () => (await probeAndJudge(lbHaproxy, localContext(), { socket })).judgement,
        ({ code }) => code === wanted,
      );
    expect(await becomes('ok')).toMatchObject({ status: 'ok', code: 'ok' });
    servers[1]?.close();
    expect(await becomes('server-down')).toMatchObject({ status: 'fail', data: { name: 'paygw/gw2', check: 'L4CON' } });
    servers[0]?.close();
    expect(await becomes('backend-down')).toMatchObject({ status: 'fail', code: 'backend-down' });
    proxy.stop();
    await expect(probeAndJudge(lbHaproxy, localContext(), { socket })).rejects.toMatchObject({ reason: 'unreachable' });
  });
});
