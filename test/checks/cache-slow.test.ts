import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { cacheSlow } from '../../src/checks/cache-slow.ts';
import { has, type Instance, startRedis, stopDatabases } from '../adapters/databases.ts';
import { sessionOf } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

function factsOf(ms: number, change: object = {}) {
  const commands = ms === 0 ? [] : [{ command: 'KEYS', ms, words: 2, at: 1, client: '10.0.0.9:1', name: 'report' }];
  return {
    observedAt: 2,
    since: 0,
    session: sessionOf('connected', { kind: 'redis' }),
    missing: { errorCode: '', error: '' },
    keptFromMs: 10,
    commands,
    count: commands.length,
    longestMs: ms,
    ...change,
  };
}

describe('cache.slow judges', () => {
  it.each([
    [0, 'ok', 'none'],
    [100, 'ok', 'none'],
    [101, 'warn', 'slow'],
    [1_001, 'fail', 'slow'],
  ])('%d ms: %s', (ms, status, code) => {
    expect(judge(cacheSlow, factsOf(ms), { to: 'x' })).toMatchObject({ status, code });
  });

  it('no slow log, no right, no session: unknown', () => {
    expect(judge(cacheSlow, factsOf(0, { keptFromMs: -0.001 }), { to: 'x' })).toMatchObject({ status: 'unknown', code: 'off' });
    const denied = factsOf(0, { missing: { errorCode: 'NOPERM', error: 'no' } });
    expect(judge(cacheSlow, denied, { to: 'x' })).toMatchObject({ status: 'unknown', code: 'no-rights' });
    expect(judge(cacheSlow, factsOf(0, { session: sessionOf('refused', { kind: 'redis' }) }), { to: 'x' })).toMatchObject({
      status: 'unknown',
    });
  });
});

describe.skipIf(!has('redis'))('cache.slow asks a real server', () => {
  afterEach(stopDatabases);
  /** A crowded machine makes short commands longer, and long ones too. */
  const limits = { warn: 200, crit: 1e6, unit: 'ms', source: 'profile' };
  const ask = async ({ port }: Instance, since = Date.now() - 60_000) =>
    probeAndJudge(cacheSlow, realContext({ since }), { to: `redis://127.0.0.1:${port}` }, limits);

  it('whose clients waited for one command, and keeps its arguments to itself', async () => {
    const server = await startRedis();
    const client = new Redis({ port: server.port, host: '127.0.0.1', lazyConnect: true });
    await client.connect();
    try {
      expect((await ask(server)).judgement).toMatchObject({ status: 'ok', code: 'none' });
      await client.call('CLIENT', 'SETNAME', 'report');
      await client.eval(
        `local t = redis.call('TIME'); local e = t[1] * 1000000 + t[2] + 250000
        repeat t = redis.call('TIME') until t[1] * 1000000 + t[2] > e return ARGV[1]`,
        0,
        '4111111111111111',
      );
      const { facts, judgement } = await ask(server);
      expect(judgement).toMatchObject({ status: 'warn', code: 'slow', data: { command: 'EVAL', client: 'report' } });
      expect(JSON.stringify(facts)).not.toContain('4111');
      expect((await ask(server, Date.now() + 60_000)).judgement).toMatchObject({ status: 'ok' });
      await client.config('SET', 'slowlog-log-slower-than', '-1');
      expect((await ask(server)).judgement).toMatchObject({ status: 'unknown', code: 'off' });
    } finally {
      client.disconnect();
    }
  });
});
