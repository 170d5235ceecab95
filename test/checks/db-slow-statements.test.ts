import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Thresholds } from '../../src/checks/check.ts';
import { dbSlowStatements } from '../../src/checks/db-slow-statements.ts';
import { shapeOfQuery } from '../../src/checks/sql-session.ts';
import { has, type Instance, startPostgres, stopDatabases } from '../adapters/databases.ts';
import { APP, addRoles, closeClients, openPostgres, postgresUrl, sessionOf, until, WATCH } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const running = { pid: 7, user: 'app', application: 'till', seconds: 1, waitsFor: '', query: 'SELECT * FROM orders' };
const facts = (active: readonly (typeof running)[], hidden = 0) => ({
  observedAt: 0,
  session: sessionOf('connected'),
  missing: { errorCode: '', error: '' },
  role: 'oor',
  hidden,
  active,
  longestSeconds: active[0]?.seconds ?? 0,
  top: [],
});

describe('db.slow_statements judges', () => {
  it.each([
    ['nothing', facts([]), 'ok', 'none'],
    ['5 s', facts([{ ...running, seconds: 5 }]), 'ok', 'none'],
    ['6 s', facts([{ ...running, seconds: 6 }]), 'warn', 'slow'],
    ['31 s', facts([{ ...running, seconds: 31 }]), 'fail', 'slow'],
    ['a long VACUUM', facts([{ ...running, seconds: 900, query: 'VACUUM orders' }]), 'warn', 'maintenance'],
    ['a backup', facts([{ ...running, seconds: 900, application: 'pg_dump' }]), 'warn', 'maintenance'],
    ['hidden', facts([], 2), 'unknown', 'hidden'],
  ])('%s', (_name, seen, status, code) => {
    expect(judge(dbSlowStatements, seen, { to: 'db' })).toMatchObject({ status, code });
  });
});

describe('the text of a statement', () => {
  it.each([
    [`SELECT * FROM t1 WHERE pan = '4111111111111111' AND n = 42.5`, 'postgres', 'SELECT * FROM t1 WHERE pan = ? AND n = ?'],
    [`INSERT INTO t VALUES ('it''s', 'cut off in the mid`, 'postgres', 'INSERT INTO t VALUES (?, ?'],
    [`SELECT "column" FROM t WHERE a = $1`, 'postgres', 'SELECT "column" FROM t WHERE a = $1'],
    [`SELECT $$a secret$$, $x$another$x$`, 'postgres', 'SELECT ?, ?'],
    [`SELECT * FROM t WHERE a = "Zhang" AND b = 'x\\'y'`, 'mysql', 'SELECT * FROM t WHERE a = ? AND b = ?'],
    [`SELECT 0xCAFE, 6217000010001234567`, 'mysql', 'SELECT ?, ?'],
  ] as const)('%s', (text, kind, shape) => {
    expect(shapeOfQuery(text, kind)).toBe(shape);
  });
});

describe.skipIf(!has('postgres'))('db.slow_statements asks a real server', () => {
  let server: Instance;
  const ask = (login: string, limits?: Thresholds) =>
    probeAndJudge(dbSlowStatements, realContext(), { to: postgresUrl(server, login) }, limits);

  beforeAll(async () => {
    server = await startPostgres({ shared_preload_libraries: 'pg_stat_statements' });
    await addRoles(server);
  });
  afterAll(() => {
    closeClients();
    stopDatabases();
  });

  it('one that runs, and where the time went', async () => {
    expect((await ask(WATCH)).judgement).toMatchObject({ status: 'ok', code: 'none' });
    const client = await openPostgres(server, 'till', APP);
    const sleeping = client.query('SELECT pg_sleep(600)').catch(() => {});
    const sleepsLongerThan = async (seconds: number) => Number((await ask(WATCH)).facts['longestSeconds']) > seconds;
    await until(() => sleepsLongerThan(0.1));
    const { facts: seen } = await ask(WATCH);
    expect(seen).toMatchObject({ top: [], active: [{ application: 'till', waitsFor: 'Timeout: PgSleep', query: 'SELECT pg_sleep(?)' }] });
    const within = (crit: number) => ask(WATCH, { warn: 0.1, crit, unit: 's', source: 'profile' });
    expect((await within(300)).judgement).toMatchObject({ status: 'warn', code: 'slow' });
    await until(() => sleepsLongerThan(0.2));
    expect((await within(0.2)).judgement).toMatchObject({ status: 'fail', code: 'slow' });

    const admin = await openPostgres(server);
    await admin.query('CREATE EXTENSION pg_stat_statements');
    await admin.query('SELECT count(*) FROM generate_series(1, 200000)');
    expect(((await ask(WATCH)).facts['top'] as { query: string }[]).map(({ query }) => query)).toContain(
      'SELECT count(*) FROM generate_series($1, $2)',
    );
    expect((await ask(APP)).judgement).toMatchObject({ status: 'unknown', unlock: 'GRANT pg_monitor TO app' });
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'`);
    await sleeping;
  });
});
