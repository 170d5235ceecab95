import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dbConnections } from '../../src/checks/db-connections.ts';
import { dbPool } from '../../src/checks/db-pool.ts';
import { explainUse } from '../../src/checks/db-pool-groups.ts';
import { readNumbers } from '../../src/checks/pool-metric.ts';
import { has, type Instance, startMariadb, startPostgres, stopDatabases } from '../adapters/databases.ts';
import { APP, addRoles, closeClients, mysqlUrl, openMysql, openPostgres, postgresUrl, sessionOf, until, WATCH } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

function groupOf(change: object = {}) {
  return {
    application: 'till',
    user: 'app',
    client: '10.0.0.9',
    count: 40,
    active: 0,
    waitingForLock: 0,
    idleInTransaction: 0,
    longestActive: 0,
    longestPause: 0,
    shortestPause: 0,
    ...change,
  };
}

function factsOf(change: object = {}) {
  return {
    observedAt: 1,
    session: sessionOf('connected'),
    missing: { errorCode: '', error: '' },
    role: 'oor',
    max: 40,
    groups: [groupOf()],
    hidden: 0,
    reported: null,
    reportedError: '',
    busy: 4,
    percent: 10,
    reason: null,
    ...change,
  };
}
const full = { busy: 40, percent: 100 };
const closed = sessionOf('too-many-connections');

describe('db.pool judges', () => {
  it.each<[string, object, string, string]>([
    ['room', {}, 'ok', 'free'],
    ['little room', { busy: 33, percent: 82.5 }, 'warn', 'high'],
    ['none, and why', { ...full, reason: 'leak' }, 'fail', 'leak'],
    ['none, and nobody knows why', { ...full, reason: null }, 'fail', 'exhausted'],
    ['more connections than the pool has', { groups: [groupOf({ count: 50 })] }, 'warn', 'beyond'],
    ['nobody there', { groups: [], busy: null, percent: null }, 'not-applicable', 'nobody'],
    ['no size', { max: null, percent: null }, 'unknown', 'unsized'],
    ['states hidden', { hidden: 3 }, 'unknown', 'no-rights'],
    ['no session', { session: closed, busy: null, percent: null, groups: [] }, 'unknown', 'no-session'],
    // The application knows its pool even where the server lets nobody in.
    ['no session, but the metric', { session: closed, groups: [], reported: { active: 4, waiting: 0, max: 40 } }, 'ok', 'free'],
    ['waiters', { ...full, percent: 100, reported: { active: 40, waiting: 7, max: 40 }, reason: 'exhausted' }, 'fail', 'exhausted'],
  ])('%s', (_, change, status, code) => {
    expect(judge(dbPool, factsOf(change), { to: 'x', max: 40 })).toMatchObject({ status, code });
  });
});

describe('what those in use do', () => {
  it.each<[object, string]>([
    [{ idleInTransaction: 40, longestPause: 61 }, 'leak'],
    [{ idleInTransaction: 40, longestPause: 60 }, 'waiting-outside'],
    [{ active: 40, waitingForLock: 20 }, 'lock'],
    [{ active: 40, waitingForLock: 19 }, 'slow-statements'],
    [{ active: 4, idleInTransaction: 4 }, 'exhausted'],
  ])('%j: %s', (change, reason) => {
    expect(explainUse(groupOf(change))).toBe(reason);
  });
});

describe('the page of an application', () => {
  it('as Prometheus text: the series of a name are summed', () => {
    const text = '# HELP x\nhikaricp_connections_active{pool="a"} 7.0\nhikaricp_connections_active{pool="b"} 3 1700000000000\nbad NaN\n';
    expect([...readNumbers(text)]).toEqual([['hikaricp_connections_active', 10]]);
  });

  it('as JSON', () => {
    expect([...readNumbers('{"db":{"pool":{"active":3,"max":10,"name":"x"}}}')]).toEqual([
      ['db.pool.active', 3],
      ['db.pool.max', 10],
    ]);
  });
});

describe.skipIf(!has('postgres'))('db.pool asks a real PostgreSQL', () => {
  let server: Instance;
  const servers: Server[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    await addRoles(server);
    const setup = await openPostgres(server, 'setup');
    await setup.query(
      'CREATE TABLE accounts (id int PRIMARY KEY, balance int); INSERT INTO accounts VALUES (1, 100); GRANT ALL ON accounts TO app',
    );
    await setup.end();
  });
  afterEach(async () => {
    closeClients();
    for (const each of servers.splice(0)) each.close();
    // A backend that sleeps does not see that its client has gone.
    const admin = await openPostgres(server, 'setup');
    const ended = `SELECT count(pg_terminate_backend(pid))::int AS left FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usesysid IS NOT NULL`;
    await until(async () => (await admin.query(ended)).rows[0].left === 0);
    closeClients();
  });
  afterAll(stopDatabases);
  const ask = (params: object) => probeAndJudge(dbPool, realContext(), { to: postgresUrl(server, WATCH), user: 'app', max: 4, ...params });
  const fill = async (each: string) =>
    Promise.all(
      [1, 2, 3, 4].map(async () => {
        const client = await openPostgres(server, 'till', APP);
        void client.query(each).catch(() => {});
        return client;
      }),
    );
  const untilCode = async (code: string, params: object = {}) => {
    await until(async () => (await ask(params)).judgement.code === code);
    return ask(params);
  };

  it('nobody, then a pool that is open and free', async () => {
    expect((await ask({})).judgement).toMatchObject({ status: 'not-applicable', code: 'nobody' });
    await fill('SELECT 1');
    expect((await untilCode('free')).judgement).toMatchObject({ status: 'ok', data: { busy: 0, max: 4 } });
    expect((await ask({ max: 2 })).judgement).toMatchObject({ status: 'warn', code: 'beyond' });
    expect((await ask({ max: 2, processes: 2 })).judgement).toMatchObject({ status: 'ok' });
  });

  it('full of slow statements: another finding than the limit of the server', async () => {
    await fill('SELECT pg_sleep(600)');
    expect((await untilCode('slow-statements')).judgement).toMatchObject({ status: 'fail', data: { busy: 4, active: 4 }, value: 100 });
    const limit = await probeAndJudge(dbConnections, realContext(), { to: postgresUrl(server, WATCH) });
    expect(limit.judgement).toMatchObject({ status: 'ok', code: 'used' });
  });

  it('full of transactions that wait for somebody else', async () => {
    await fill('BEGIN; SELECT 1');
    const { judgement, facts } = await untilCode('waiting-outside');
    expect(judgement).toMatchObject({ status: 'fail', data: { idle: 4, who: 'app / till / 127.0.0.1' } });
    expect(facts['groups']).toHaveLength(1);
  });

  it('full of sessions behind one lock', async () => {
    const holder = await openPostgres(server, 'migration');
    await holder.query('BEGIN; LOCK TABLE accounts');
    await fill('SELECT * FROM accounts');
    expect((await untilCode('lock')).judgement).toMatchObject({ status: 'fail', data: { locked: 4 } });
  });

  it('says what right is missing', async () => {
    await fill('SELECT pg_sleep(600)');
    const other = { to: postgresUrl(server, APP), user: 'postgres' };
    await openPostgres(server, 'till');
    expect((await ask(other)).judgement).toMatchObject({ status: 'unknown', code: 'no-rights' });
  });

  it.each([
    ['hikaricp_connections_active 4\nhikaricp_connections_max 4\nhikaricp_connections_pending 9\n', '', 'fail'],
    ['{"pool":{"acquired":1,"size":4}}', '#pool.acquired', 'ok'],
    ['<html>login</html>', '#pool.acquired', 'ok'],
  ])('with the figures of the application: %s', async (body, name, status) => {
    const page = createServer((_, response) => response.end(body));
    servers.push(page);
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    for (const client of await fill('SELECT 1')) await client.query('SELECT 1');
    const metric = `http://127.0.0.1:${(page.address() as AddressInfo).port}/metrics${name}`;
    const { judgement, facts } = await ask({ metric });
    expect(judgement).toMatchObject({ status });
    expect(facts[body.startsWith('<') ? 'reportedError' : 'reported']).toBeTruthy();
    expect(facts['reportedError']).toMatch(body.startsWith('<') ? /no number/ : /^$/);
  });
});

describe.skipIf(!has('mariadb'))('db.pool asks a real MariaDB', () => {
  let server: Instance;
  beforeAll(async () => {
    server = await startMariadb();
    const root = await openMysql(server);
    await root.query(`CREATE USER app@'127.0.0.1' IDENTIFIED BY 'app-secret'`);
    await root.query('CREATE DATABASE pay');
    await root.query('CREATE TABLE pay.t (i int PRIMARY KEY) ENGINE=InnoDB');
    await root.query(`GRANT ALL ON pay.* TO app@'127.0.0.1'`);
    await root.end();
  });
  afterAll(() => {
    closeClients();
    stopDatabases();
  });

  it('full of open transactions, and blind without PROCESS', async () => {
    for (const id of [1, 2, 3]) {
      const client = await openMysql(server, 'app', 'app-secret');
      await client.query('START TRANSACTION');
      await client.query(`INSERT INTO pay.t VALUES (${id})`);
    }
    const params = { to: mysqlUrl(server), kind: 'mysql', user: 'app', max: 3 };
    const { judgement } = await probeAndJudge(dbPool, realContext(), params);
    expect(judgement).toMatchObject({ status: 'fail', code: 'waiting-outside', data: { idle: 3 } });
    const root = await openMysql(server);
    await root.query(`CREATE USER look@'127.0.0.1' IDENTIFIED BY 'look-secret'`);
    const blind = { ...params, to: mysqlUrl(server, 'look:look-secret', '') };
    expect((await probeAndJudge(dbPool, realContext(), blind)).judgement).toMatchObject({ status: 'unknown', code: 'no-rights' });
  });
});
