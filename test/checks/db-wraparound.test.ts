import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dbWraparound } from '../../src/checks/db-wraparound.ts';
import { has, type Instance, startPostgres, stopDatabases } from '../adapters/databases.ts';
import { APP, addRoles, closeClients, openPostgres, postgresUrl, sessionOf } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

function factsOf(percent: number, change: object = {}) {
  return {
    observedAt: 1,
    session: sessionOf('connected'),
    missing: { errorCode: '', error: '' },
    role: 'oor',
    databases: [{ name: 'pay', age: 1, percent }],
    percent,
    holders: [{ kind: 'prepared', name: 'settle-7', age: 5 }],
    ...change,
  };
}

describe('db.wraparound judges', () => {
  it.each([
    [10, 'ok', 'left'],
    [90, 'ok', 'left'],
    [91, 'warn', 'wraparound'],
    [98.5, 'fail', 'wraparound'],
  ])('%d %%: %s', (percent, status, code) => {
    expect(judge(dbWraparound, factsOf(percent), { to: 'x' })).toMatchObject({ status, code });
  });

  it('knows nothing without a session, and that MySQL has no such ids', () => {
    expect(judge(dbWraparound, factsOf(0, { session: sessionOf('refused') }), { to: 'x' })).toMatchObject({ status: 'unknown' });
    const mysql = factsOf(0, { session: sessionOf('connected', { kind: 'mysql' }), databases: [], percent: null });
    expect(judge(dbWraparound, mysql, { to: 'x' })).toMatchObject({ status: 'not-applicable' });
  });
});

describe.skipIf(!has('postgres'))('db.wraparound asks a real server', () => {
  let server: Instance;
  beforeAll(async () => {
    server = await startPostgres({ max_prepared_transactions: '2' });
    await addRoles(server);
  });
  afterAll(() => {
    closeClients();
    stopDatabases();
  });

  it('that is young, also without rights; and what holds vacuum back', async () => {
    const client = await openPostgres(server);
    await client.query(`CREATE TABLE t (i int); BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION 'settle-7'`);
    const { facts, judgement } = await probeAndJudge(dbWraparound, realContext(), { to: postgresUrl(server, APP) });
    expect(judgement).toMatchObject({ status: 'ok', code: 'left' });
    expect(facts['holders']).toContainEqual(expect.objectContaining({ kind: 'prepared', name: 'settle-7' }));
    await client.query(`ROLLBACK PREPARED 'settle-7'`);
  });

  it('that lets nobody in', async () => {
    const { judgement } = await probeAndJudge(dbWraparound, realContext(), { to: postgresUrl(server, 'app:wrong') });
    expect(judgement).toMatchObject({ status: 'unknown', code: 'no-session' });
  });

  it('whose ids come to an end', async () => {
    const client = await openPostgres(server);
    // A real age without two thousand million transactions: the catalogue says that this database was last frozen long ago.
    await client.query(
      `SET allow_system_table_mods = on; UPDATE pg_database SET datfrozenxid = ((txid_current()::bigint - 2050000000) & 4294967295)::text::xid WHERE datname = 'template1'`,
    );
    const { facts, judgement } = await probeAndJudge(dbWraparound, realContext(), { to: postgresUrl(server, APP) });
    expect(judgement).toMatchObject({ status: 'warn', code: 'wraparound', data: { database: 'template1' }, value: 95.5 });
    expect(facts['percent']).toBe(95.5);
  });
});
