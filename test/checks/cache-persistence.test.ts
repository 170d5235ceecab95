import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { cachePersistence } from '../../src/checks/cache-persistence.ts';
import { cacheRedis } from '../../src/checks/cache-redis.ts';
import { has, startRedis, stopDatabases } from '../adapters/databases.ts';
import { findClosedPort } from '../adapters/servers.ts';
import { sessionOf, until } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const facts = (more = {}) => ({
  observedAt: 0,
  session: sessionOf('connected', { kind: 'redis' }),
  missing: { errorCode: '', error: '' },
  role: 'master',
  lastSave: 'ok',
  aof: true,
  lastAofWrite: 'ok',
  lastAofRewrite: 'ok',
  changesSinceSave: 0,
  masterLink: '',
  masterLinkDownSeconds: null,
  replicas: 0,
  ...more,
});

describe('cache.persistence judges', () => {
  it.each([
    ['all well', facts(), 'ok', 'saved'],
    ['a failed snapshot', facts({ lastSave: 'err' }), 'fail', 'bgsave-failed'],
    ['a failed append', facts({ lastAofWrite: 'err' }), 'fail', 'aof-failed'],
    ['a failed rewrite', facts({ lastAofRewrite: 'err' }), 'warn', 'aof-rewrite-failed'],
    ['no append-only file', facts({ aof: false, lastAofWrite: 'err' }), 'ok', 'saved'],
    ['a lost master', facts({ role: 'slave', masterLink: 'down', masterLinkDownSeconds: 12 }), 'fail', 'master-link-down'],
    ['a master never seen', facts({ role: 'slave', masterLink: 'down', masterLinkDownSeconds: -1 }), 'fail', 'master-link-down'],
    ['no session', facts({ session: sessionOf('auth-failed', { kind: 'redis' }) }), 'unknown', 'no-session'],
    ['no right to look', facts({ missing: { errorCode: 'NOPERM', error: 'no' } }), 'unknown', 'no-rights'],
  ])('%s', (_name, seen, status, code) => {
    expect(judge(cachePersistence, seen, { to: 'redis' })).toMatchObject({ status, code });
  });
});

describe.skipIf(!has('redis'))('cache.persistence asks a real server', () => {
  const ask = (port: number) => probeAndJudge(cachePersistence, realContext(), { to: `redis://127.0.0.1:${port}` });

  afterEach(stopDatabases);

  it('whose snapshot fails: it refuses writes, and still has a session', async () => {
    const { port, dir } = await startRedis(['--save', '3600 1']);
    expect((await ask(port)).judgement).toMatchObject({ status: 'ok', code: 'saved' });
    // A folder where the file belongs.
    mkdirSync(join(dir, 'dump.rdb'));
    const client = new Redis({ port, host: '127.0.0.1' });
    await client.set('a', '1');
    await client.bgsave();
    await until(async () => (await client.info('persistence')).includes('rdb_last_bgsave_status:err'));
    client.disconnect();
    expect((await ask(port)).judgement).toMatchObject({ status: 'fail', code: 'bgsave-failed' });
    expect((await probeAndJudge(cacheRedis, realContext(), { to: `redis://127.0.0.1:${port}` })).judgement.status).toBe('ok');
  });

  it('that is gone', async () => {
    expect((await ask(await findClosedPort())).judgement).toMatchObject({ status: 'unknown', code: 'no-session' });
  });

  it('a replica without its master', async () => {
    const { port } = await startRedis(['--replicaof', `127.0.0.1 ${await findClosedPort()}`]);
    expect((await ask(port)).judgement).toMatchObject({ status: 'fail', code: 'master-link-down' });
  });
});
