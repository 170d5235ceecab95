import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheRedis } from '../../src/checks/cache-redis.ts';
import { has, type Instance, startRedis, stopDatabases } from '../adapters/databases.ts';
import { findClosedPort } from '../adapters/servers.ts';
import { sessionOf } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

describe('cache.redis judges', () => {
  it.each([
    ['connected', 'master', {}, 'ok', 'ready'],
    ['connected', 'slave', {}, 'warn', 'replica'],
    ['connected', 'slave', { role: 'replica' }, 'ok', 'ready'],
    ['connected', '', {}, 'ok', 'ready'],
    ['starting-up', '', {}, 'fail', 'starting-up'],
    ['no-answer', '', {}, 'fail', 'hung'],
  ])('%s as %s', (outcome, role, more, status, code) => {
    const facts = { observedAt: 0, session: sessionOf(outcome, { kind: 'redis' }), role };
    expect(judge(cacheRedis, facts, { to: 'redis', ...more })).toMatchObject({ status, code });
  });
});

describe.skipIf(!has('redis'))('cache.redis asks a real server', () => {
  let server: Instance;
  const ask = (login: string, more = {}) =>
    probeAndJudge(cacheRedis, realContext(), { to: `redis://${login}127.0.0.1:${server.port}`, ...more });

  beforeAll(async () => {
    server = await startRedis(['--requirepass', 'redis-secret']);
  });
  afterAll(stopDatabases);

  it('that is well', async () => {
    const { facts, judgement } = await ask(':redis-secret@');
    expect(judgement).toMatchObject({ status: 'ok', code: 'ready', data: { version: expect.stringMatching(/^\d/) } });
    expect(JSON.stringify(facts)).not.toContain('redis-secret');
  });

  it('with a wrong password, with none, at a closed port', async () => {
    expect((await ask(':wrong-one@')).judgement).toMatchObject({ status: 'fail', code: 'auth-failed' });
    await expect(ask('')).rejects.toMatchObject({ reason: 'no-permission', unlock: expect.stringContaining('password') });
    const closed = await findClosedPort();
    const { judgement } = await probeAndJudge(cacheRedis, realContext(), { to: `127.0.0.1:${closed}` });
    expect(judgement).toMatchObject({ status: 'fail', code: 'refused' });
  });

  it('a replica', async () => {
    const replica = await startRedis(['--replicaof', `127.0.0.1 ${server.port}`, '--masterauth', 'redis-secret']);
    const { judgement } = await probeAndJudge(cacheRedis, realContext(), { to: `redis://127.0.0.1:${replica.port}` });
    expect(judgement).toMatchObject({ status: 'warn', code: 'replica' });
  });

  it('that hangs', async () => {
    server.hang();
    const { judgement } = await ask(':redis-secret@', { timeout: '700ms' });
    server.goOn();
    expect(judgement).toMatchObject({ status: 'fail', code: 'hung' });
  });
});
