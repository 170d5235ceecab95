import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createLocalHost } from '../../../src/adapters/local-host.ts';
import { createProtocols } from '../../../src/adapters/protocols/index.ts';
import { createSecrets } from '../../../src/adapters/secrets.ts';
import type { RedisRequest } from '../../../src/ports.ts';
import { issue } from '../certificates.ts';
import { has, startRedis, stopDatabases } from '../databases.ts';
import { waitFor } from '../processes.ts';
import { closeServers, startTcp, startTls } from '../servers.ts';

const host = createLocalHost();
const net = createProtocols(host);
const secrets = createSecrets({ env: {}, readFile: host.readFile });
const folder = mkdtempSync(join(tmpdir(), 'oor-redis-'));
const openSockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
const ask = (to: string, more: Partial<RedisRequest> = {}) => net.redis({ to, secrets, timeoutMs: 60_000, commands: [['PING']], ...more });

afterEach(() => {
  closeServers();
  stopDatabases();
});
afterAll(() => rmSync(folder, { recursive: true }));

type Peer = { write(text: string): void; end(text?: string): void; on(event: 'data', listener: () => void): void };

describe('an answer of the server', () => {
  it.each([
    ['nothing', () => {}, 'no-answer'],
    ['the end', (socket: Peer) => socket.end(), 'closed'],
    [
      'loading',
      (socket: Peer) => socket.on('data', () => socket.write('-LOADING Redis is loading the dataset in memory\r\n')),
      'starting-up',
    ],
    ['protected mode', (socket: Peer) => socket.end('-DENIED Redis is running in protected mode\r\n'), 'rejected'],
    ['no slot', (socket: Peer) => socket.end('-ERR max number of clients reached\r\n'), 'too-many-connections'],
    ['a busy script', (socket: Peer) => socket.on('data', () => socket.write('-BUSY Redis is busy running a script\r\n')), 'rejected'],
    ['writes refused', (socket: Peer) => socket.on('data', () => socket.write('-MISCONF Errors writing to disk\r\n')), 'connected'],
    ['another protocol', (socket: Peer) => socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')), 'protocol-error'],
  ] as const)('%s', async (_name, behave, outcome) => {
    const before = openSockets();
    const port = await startTcp(behave as (socket: Socket) => void);
    const timeoutMs = outcome === 'no-answer' ? 800 : 60_000;
    expect((await ask(`redis://127.0.0.1:${port}`, { timeoutMs })).outcome).toBe(outcome);
    closeServers();
    expect(await waitFor(() => openSockets() <= before)).toBe(true);
  });

  it('over TLS, verified', async () => {
    const ca = issue({ name: 'Root', ca: true });
    const { keyPem: key, pem: cert } = issue({ name: 'cache', names: ['127.0.0.1'], issuer: ca });
    const port = await startTls({ key, cert }, (socket) => socket.on('data', () => socket.write('+PONG\r\n')));
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, ca.pem);
    expect(await ask(`rediss://127.0.0.1:${port}`, { caFile })).toMatchObject({ outcome: 'connected', answers: [{ reply: 'PONG' }] });
    expect(await ask(`rediss://127.0.0.1:${port}`)).toMatchObject({ outcome: 'tls-failed' });
  });
});

describe.skipIf(!has('redis'))('a Redis server', () => {
  it('answers each command for itself', async () => {
    const { port } = await startRedis(['--requirepass', 'pw']);
    const commands: RedisRequest['commands'] = [
      ['CONFIG', 'GET', 'maxmemory'],
      ['SLOWLOG', 'GET', 'x'],
      ['INFO', 'server'],
    ];
    const session = await ask(`redis://:pw@127.0.0.1:${port}`, { commands });
    expect(session).toMatchObject({ outcome: 'connected', serverVersion: expect.stringMatching(/^\d/) });
    expect(session.answers).toMatchObject([
      { reply: ['maxmemory', '0'] },
      { reply: null, errorCode: 'ERR' },
      { reply: expect.stringContaining('redis_version') },
    ]);
  });
});
