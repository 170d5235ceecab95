import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { cacheMemory } from '../../src/checks/cache-memory.ts';
import { has, startRedis, stopDatabases } from '../adapters/databases.ts';
import { sessionOf } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const facts = (more = {}) => ({
  observedAt: 0,
  session: sessionOf('connected', { kind: 'redis' }),
  missing: { errorCode: '', error: '' },
  usedBytes: 50,
  maxBytes: 100,
  systemBytes: 1_000,
  percent: 50,
  policy: 'noeviction',
  clients: 1,
  maxClients: 100,
  evicted: 0,
  refusedWrites: 0,
  rejectedTotal: 0,
  rejected: 0,
  ...more,
});

describe('cache.memory judges', () => {
  it.each([
    ['room', facts(), 'ok', 'ok'],
    ['no limit', facts({ maxBytes: 0, percent: null }), 'ok', 'ok'],
    ['81 %', facts({ percent: 81 }), 'warn', 'high'],
    ['96 %', facts({ percent: 96 }), 'fail', 'high'],
    ['full', facts({ percent: 100 }), 'fail', 'maxmemory'],
    ['refused writes', facts({ refusedWrites: 2 }), 'fail', 'maxmemory'],
    ['full, and evicting is allowed', facts({ percent: 100, policy: 'allkeys-lru' }), 'ok', 'ok'],
    ['evicting', facts({ percent: 100, policy: 'allkeys-lru', evicted: 9 }), 'warn', 'evicting'],
    ['clients rejected', facts({ rejected: 1 }), 'fail', 'rejecting'],
    ['clients rejected long ago', facts({ rejectedTotal: 9 }), 'ok', 'ok'],
    ['no slot for us', facts({ session: sessionOf('too-many-connections', { kind: 'redis' }), rejected: null }), 'fail', 'rejecting'],
    ['an old version', facts({ refusedWrites: null, rejected: null, maxClients: null }), 'ok', 'ok'],
    ['no right to look', facts({ missing: { errorCode: 'NOPERM', error: 'NOPERM no permission' } }), 'unknown', 'no-rights'],
    ['no session', facts({ session: sessionOf('refused', { kind: 'redis' }) }), 'unknown', 'no-session'],
  ])('%s', (_name, seen, status, code) => {
    expect(judge(cacheMemory, seen, { to: 'redis' })).toMatchObject({ status, code });
  });
});

describe.skipIf(!has('redis'))('cache.memory asks a real server', () => {
  const clients: Redis[] = [];
  const open = (port: number): Redis => {
    const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => null });
    client.on('error', () => {});
    clients.push(client);
    return client;
  };
  const ask = (port: number, during: () => Promise<unknown> = async () => {}) => {
    const context = realContext();
    return probeAndJudge(cacheMemory, { ...context, sleep: async () => void (await during()) }, { to: `redis://127.0.0.1:${port}` });
  };

  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
    stopDatabases();
  });

  it('that fills up and refuses writes', async () => {
    const { port } = await startRedis(['--maxmemory', '8mb', '--maxmemory-policy', 'noeviction']);
    expect((await ask(port)).judgement).toMatchObject({ status: 'ok', code: 'ok', unit: '%' });
    const client = open(port);
    const fill = async () => {
      for (let key = 0; key < 200; key++) await client.set(`key-${key}`, 'x'.repeat(60_000)).catch(() => {});
    };
    await fill();
    expect((await ask(port, () => client.set('one-more', 'x'.repeat(60_000)).catch(() => {}))).judgement).toMatchObject({
      status: 'fail',
      code: 'maxmemory',
    });
  });

  it('that evicts', async () => {
    const { port } = await startRedis(['--maxmemory', '4mb', '--maxmemory-policy', 'allkeys-lru']);
    const client = open(port);
    const { facts: seen, judgement } = await ask(port, async () => {
      for (let key = 0; key < 100; key++) await client.set(`key-${key}`, 'x'.repeat(60_000));
    });
    expect(judgement).toMatchObject({ status: 'warn', code: 'evicting' });
    expect(seen['evicted']).toBeGreaterThan(0);
  });

  it('that has no slot left', async () => {
    const { port } = await startRedis(['--maxclients', '3']);
    await Promise.all([1, 2, 3].map(() => open(port).ping()));
    expect((await ask(port)).judgement).toMatchObject({ status: 'fail', code: 'rejecting' });
  });

  it('that lets us see nothing', async () => {
    const { port } = await startRedis();
    await open(port).call('ACL', 'SETUSER', 'blind', 'on', '>blind-secret', '+ping');
    const { judgement } = await probeAndJudge(cacheMemory, realContext(), { to: `redis://blind:blind-secret@127.0.0.1:${port}` });
    expect(judgement).toMatchObject({ status: 'unknown', code: 'no-rights', unlock: expect.stringContaining('+info') });
  });
});
