import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dbConnections } from '../../src/checks/db-connections.ts';
import { has, type Instance, startPostgres, stopDatabases } from '../adapters/databases.ts';
import { APP, addRoles, closeClients, openPostgres, postgresUrl, sessionOf, until, WATCH } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const NOTHING = { errorCode: '', error: '' };

describe('db.connections judges', () => {
  const facts = (percent: number | null, session = sessionOf('connected'), missing = NOTHING) => ({
    observedAt: 0,
    session,
    missing,
    role: 'oor',
    used: percent,
    max: percent === null ? null : 100,
    percent,
    holders: [{ application: 'report', user: 'bi', state: 'idle', client: '10.0.0.7', count: 60, oldestSeconds: 9 }],
    hidden: 0,
  });

  it.each([
    [80, 'postgres', 'ok', 'used'],
    [81, 'postgres', 'warn', 'high'],
    [91, 'postgres', 'fail', 'high'],
    [100, 'postgres', 'fail', 'exhausted'],
    [71, 'mysql', 'warn', 'high'],
    [70, 'mysql', 'ok', 'used'],
  ])('%d %% of %s', (percent, kind, status, code) => {
    const judgement = judge(dbConnections, facts(percent, sessionOf('connected', { kind })), { to: 'db' });
    expect(judgement).toMatchObject({ status, code, value: percent });
    expect(judgement.thresholdSource).toContain(kind === 'mysql' ? 'mysql.conf' : 'postgres.conf');
  });

  it('obeys the profile for both kinds', () => {
    const limits = { warn: 10, crit: 20, unit: '%', source: 'profile' };
    expect(judge(dbConnections, facts(30, sessionOf('connected', { kind: 'mysql' })), { to: 'db' }, limits)).toMatchObject({
      status: 'fail',
      threshold: 20,
    });
  });

  it('a refusal for want of slots as the finding, any other as unknown', () => {
    expect(judge(dbConnections, facts(null, sessionOf('too-many-connections', { error: 'too many clients' })), { to: 'db' })).toMatchObject(
      {
        status: 'fail',
        code: 'exhausted',
      },
    );
    expect(judge(dbConnections, facts(null, sessionOf('refused')), { to: 'db' })).toMatchObject({ status: 'unknown', code: 'no-session' });
    expect(
      judge(dbConnections, facts(null, sessionOf('connected'), { errorCode: '42501', error: 'permission denied' }), { to: 'db' }),
    ).toMatchObject({
      status: 'unknown',
      unlock: 'GRANT pg_monitor TO oor',
    });
  });
});

describe.skipIf(!has('postgres'))('db.connections asks a real server', () => {
  let server: Instance;
  const ask = (login: string) => probeAndJudge(dbConnections, realContext(), { to: postgresUrl(server, login) });

  beforeAll(async () => {
    server = await startPostgres();
    await addRoles(server);
  });
  afterAll(() => {
    closeClients();
    stopDatabases();
  });

  it('that lets nobody in', async () => {
    expect((await ask('app:wrong')).judgement).toMatchObject({ status: 'unknown', code: 'no-session' });
  });

  it('that has room, fills up, and is full', async () => {
    // 17 for ordinary logins; the look itself takes one.
    const quiet = await openPostgres(server, 'probe');
    const count = async () => Number((await quiet.query('SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL')).rows[0].count);
    await until(async () => (await count()) === 1);
    expect((await ask(WATCH)).judgement).toMatchObject({ status: 'ok', code: 'used' });

    const held = await Promise.all(Array.from({ length: 12 }, () => openPostgres(server, 'hoarder', APP)));
    const pids = await Promise.all(held.map(async (client) => (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid));
    // A session that has ended is counted for a moment more.
    await until(async () => (await count()) === 13);
    const { facts, judgement } = await ask(WATCH);
    expect(judgement).toMatchObject({ status: 'warn', code: 'high', value: 82.4, data: { used: 14, max: 17 } });
    expect(facts['holders']).toContainEqual({
      application: 'hoarder',
      user: 'app',
      state: 'idle',
      client: '127.0.0.1',
      count: 12,
      oldestSeconds: expect.any(Number),
      pid: expect.toSatisfy((pid) => pids.includes(pid)),
    });
    expect(facts['hidden']).toBe(0);

    await until(async () => (await count()) === 13);
    const seenByApp = await ask(APP);
    expect(seenByApp.facts).toMatchObject({ used: 14, hidden: 1 });

    await until(async () => (await count()) === 13);
    held.push(...(await Promise.all(Array.from({ length: 4 }, () => openPostgres(server, 'hoarder', APP)))));
    expect((await ask(WATCH)).judgement).toMatchObject({ status: 'fail', code: 'exhausted', value: 100 });
    await Promise.all(held.map((client) => client.end()));
  });

  it('in which a pool works while some of its connections lie in open transactions', async () => {
    const kept = await Promise.all([
      openPostgres(server, 'pool', APP),
      openPostgres(server, 'pool', APP),
      openPostgres(server, 'pool', APP),
    ]);
    const [worker, ...taken] = kept;
    for (const client of taken) await client.query('BEGIN; SELECT 1');
    expect((await ask(APP)).facts['kept']).toEqual({ inTransaction: 0, outside: 0 });
    await vi.waitFor(
      async () => {
        await worker?.query('SELECT 1');
        expect((await ask(APP)).facts['kept']).toEqual({ inTransaction: 2, outside: 0 });
      },
      { timeout: 120_000, interval: 500 },
    );
    await Promise.all(kept.map((client) => client.end()));
  });

  it('whose role or database may have fewer', async () => {
    const admin = await openPostgres(server, 'setup');
    await admin.query('ALTER ROLE app CONNECTION LIMIT 2');
    const held = await Promise.all([openPostgres(server, 'till', APP), openPostgres(server, 'till', APP)]);
    const data = { kind: 'user', name: 'app', used: 2, max: 2 };
    await until(async () => (await ask(WATCH)).judgement.code === 'limit-of-one');
    expect((await ask(WATCH)).judgement).toMatchObject({ status: 'fail', data });
    // Refused, it is a finding all the same.
    expect((await ask(APP)).judgement).toMatchObject({ status: 'fail', code: 'exhausted', data: { why: expect.stringContaining('role') } });
    await Promise.all(held.map((client) => client.end()));
    await admin.query('ALTER ROLE app CONNECTION LIMIT -1; ALTER DATABASE postgres CONNECTION LIMIT 1');
    expect((await ask(WATCH)).judgement).toMatchObject({ status: 'fail', code: 'exhausted' });
    await admin.query('ALTER DATABASE postgres CONNECTION LIMIT -1');
  });
});
