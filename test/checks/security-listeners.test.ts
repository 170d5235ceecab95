import { createServer, type Server } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { securityListeners } from '../../src/checks/security-listeners.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const open = (port: number) => ({ port, address: '0.0.0.0', owner: 'x', uid: 0 });

test.each([
  [[22, 443], { allowed: [22, 443, 80] }, 'ok', 'expected'],
  [[22, 4_444], { allowed: [22] }, 'warn', 'unexpected'],
  [[22], {}, 'not-applicable', 'none'],
  [[22], { allowed: [] }, 'warn', 'unexpected'],
])('judge: %j against %j', (ports, params, status, code) => {
  expect(judge(securityListeners, { observedAt: 0, open: ports.map(open) }, params)).toMatchObject({ status, code });
});

test('a socket table that may not be read is unknown', async () => {
  const denied = new HostError('no-permission', 'EACCES', 'run as root');
  const context = fakeHost({ files: { '/proc/net/tcp': denied, '/proc/net/tcp6': denied } });
  await expect(probeAndJudge(securityListeners, context, { allowed: [22] })).rejects.toMatchObject({ reason: 'no-permission' });
});

describe.skipIf(process.platform !== 'linux')('real sockets', () => {
  const servers: Server[] = [];
  afterAll(() => servers.forEach((server) => server.close()));

  async function listen(host: string): Promise<number> {
    const server = createServer().listen(0, host);
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    return (server.address() as { port: number }).port;
  }

  test('one for the world is seen with its owner, one for loopback is not', async () => {
    const [world, local] = [await listen('0.0.0.0'), await listen('127.0.0.1')];
    const context = localContext();
    const before = (await probeAndJudge(securityListeners, context, { allowed: [] })).facts['open'] as { port: number; owner: string }[];
    expect(before.map(({ port }) => port)).not.toContain(local);
    expect(before.find(({ port }) => port === world)?.owner).toMatch(/node|\?/);
    const allowed = before.map(({ port }) => port);
    const others = allowed.filter((port) => port !== world);
    expect((await probeAndJudge(securityListeners, context, { allowed: others })).judgement.data?.['ports']).toContain(String(world));
  });
});
