import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../src/checks/check.ts';
import { dbConnections } from '../../src/checks/db-connections.ts';
import { dbLocks } from '../../src/checks/db-locks.ts';
import { dbLongTransactions } from '../../src/checks/db-long-transactions.ts';
import { dbMysql } from '../../src/checks/db-mysql.ts';
import { dbReadonly } from '../../src/checks/db-readonly.ts';
import { dbReplication } from '../../src/checks/db-replication.ts';
import { dbSequences } from '../../src/checks/db-sequences.ts';
import { dbSlowStatements } from '../../src/checks/db-slow-statements.ts';
import { askSlots } from '../../src/cli/doctor-slot.ts';
import type { Services } from '../../src/cli/services.ts';
import { has, type Instance, startMariadb, stopDatabases } from '../adapters/databases.ts';
import { closeClients, mysqlUrl, openMysql, sessionOf, until } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

describe('db.mysql judges', () => {
  it.each([
    ['connected', 'ok', 'ready'],
    ['refused', 'fail', 'refused'],
    ['no-answer', 'fail', 'hung'],
    ['auth-failed', 'fail', 'auth-failed'],
    ['too-many-connections', 'fail', 'too-many-connections'],
    ['closed', 'fail', 'closed'],
  ])('%s', (outcome, status, code) => {
    const facts = { observedAt: 0, session: sessionOf(outcome, { kind: 'mysql' }), ready: outcome === 'connected' };
    expect(judge(dbMysql, facts, { to: 'db' })).toMatchObject({ status, code });
  });
});

describe.skipIf(!has('mariadb'))('a real MariaDB', () => {
  let server: Instance;
  let admin: Awaited<ReturnType<typeof openMysql>>;
  const ask = (check: Check, login?: string, more = {}) => probeAndJudge(check, realContext(), { to: mysqlUrl(server, login), ...more });

  beforeAll(async () => {
    server = await startMariadb(['--max-connections=20', '--log-bin', '--server-id=1']);
    admin = await openMysql(server);
    for (const statement of [
      `CREATE USER app@'127.0.0.1' IDENTIFIED BY 'app-secret'`,
      'CREATE DATABASE pay',
      'CREATE TABLE pay.orders (id int PRIMARY KEY AUTO_INCREMENT, state varchar(40)) ENGINE=InnoDB',
      'INSERT INTO pay.orders VALUES (1, NULL)',
      `GRANT SELECT, UPDATE ON pay.* TO app@'127.0.0.1'`,
    ]) {
      await admin.query(statement);
    }
  });
  afterAll(() => {
    closeClients();
    stopDatabases();
  });

  const APP = 'app:app-secret';
  const inPay = (login: string) => mysqlUrl(server, login, 'pay');

  it('answers, and refuses a wrong password and a database it lacks', async () => {
    expect((await ask(dbMysql)).judgement).toMatchObject({
      status: 'ok',
      code: 'ready',
      data: { version: expect.stringContaining('MariaDB') },
    });
    expect((await ask(dbMysql, 'app:wrong-one')).judgement).toMatchObject({ status: 'fail', code: 'auth-failed' });
    await expect(ask(dbMysql, 'app')).rejects.toMatchObject({ reason: 'no-permission' });
    const { judgement } = await probeAndJudge(dbMysql, realContext(), { to: mysqlUrl(server, 'root:', 'gone') });
    expect(judgement).toMatchObject({ status: 'fail', code: 'no-such-database' });
  });

  async function countSessions(which = ''): Promise<number> {
    const [rows] = await admin.query(`SELECT count(*) AS count FROM information_schema.processlist ${which}`);
    return Number((rows as { count: number }[])[0]?.count);
  }

  it('counts its connections until it is full', async () => {
    expect((await ask(dbConnections)).judgement).toMatchObject({ status: 'ok', code: 'used', data: { max: 20 } });
    const held = await Promise.all(Array.from({ length: 14 }, () => openMysql(server, 'app', 'app-secret')));
    // A session that has ended is counted for a moment more.
    await until(async () => (await countSessions()) === 15);
    const { facts, judgement } = await ask(dbConnections);
    expect(judgement).toMatchObject({ status: 'warn', code: 'high', value: 80, thresholdSource: 'Netdata mysql.conf' });
    expect(facts).toMatchObject({
      holders: expect.arrayContaining([expect.objectContaining({ user: 'app', state: 'Sleep', count: 14 })]),
      kept: { inTransaction: 0, outside: 0 },
      hidden: 0,
    });
    await until(async () => (await countSessions()) === 15);
    held.push(...(await Promise.all(Array.from({ length: 5 }, () => openMysql(server, 'app', 'app-secret')))));
    expect((await probeAndJudge(dbConnections, realContext(), { to: inPay(APP) })).judgement).toMatchObject({
      status: 'fail',
      code: 'exhausted',
    });
    for (const connection of held) connection.destroy();
    await until(async () => (await countSessions(`WHERE user = 'app'`)) === 0);
  });

  it('an account that may have fewer', async () => {
    await admin.query(`ALTER USER app@'127.0.0.1' WITH MAX_USER_CONNECTIONS 2`);
    const held = await Promise.all([1, 2].map(() => openMysql(server, 'app', 'app-secret')));
    const { judgement } = await ask(dbConnections);
    expect(judgement).toMatchObject({ status: 'fail', code: 'limit-of-one', data: { kind: 'user', name: 'app', used: 2, max: 2 } });
    // Refused, it is a finding all the same.
    expect((await probeAndJudge(dbConnections, realContext(), { to: inPay(APP) })).judgement).toMatchObject({
      status: 'fail',
      code: 'exhausted',
    });
    for (const connection of held) connection.destroy();
    await until(async () => (await countSessions(`WHERE user = 'app'`)) === 0);
    await admin.query(`ALTER USER app@'127.0.0.1' WITH MAX_USER_CONNECTIONS 0`);
  });

  it('keeps a connection for accounts that may use it', async () => {
    const slot = async (login: string) => {
      const { net, secrets } = realContext();
      const profile = { databases: [{ name: 'main', kind: 'mysql', url: mysqlUrl(server, login, '') }] };
      const services = { hosts: async () => () => ({ net, secrets }), localHost: 'here', interruption: new AbortController().signal };
      return await askSlots(services as unknown as Services, profile);
    };
    expect(await slot('root:')).toEqual([]);
    expect(await slot('app:app-secret')).toEqual([
      {
        database: 'main',
        why: expect.stringContaining('all 20 are taken'),
        unlock: expect.stringContaining('GRANT CONNECTION ADMIN ON *.* TO app@127.0.0.1'),
      },
    ]);
  });

  it('a replica that is behind on purpose', async () => {
    const source = await startMariadb(['--log-bin', '--server-id=1']);
    const replica = await startMariadb(['--server-id=2']);
    const [at, of] = [await openMysql(source), await openMysql(replica)];
    await at.query('CREATE DATABASE pay');
    await of.query(
      `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${source.port}, MASTER_USER='root', MASTER_PASSWORD='', MASTER_DELAY=600`,
    );
    await of.query('START SLAVE');
    await at.query('CREATE TABLE pay.t (i int)');
    const look = async () => probeAndJudge(dbReplication, realContext(), { to: mysqlUrl(replica) });
    const limits = { warn: 1, crit: 600, unit: 's', source: 'profile' };
    await until(async () => {
      const { facts } = await look();
      return facts['receiving'] === true && Number(facts['lagSeconds']) >= 2;
    });
    expect(judge(dbReplication, (await look()).facts, { to: 'db' }, limits)).toMatchObject({ status: 'warn', code: 'lagging' });
    expect((await probeAndJudge(dbReplication, realContext(), { to: mysqlUrl(source) })).judgement).toMatchObject({
      status: 'ok',
      code: 'streaming',
    });
    await of.query('STOP SLAVE');
    expect((await look()).judgement).toMatchObject({ status: 'fail', code: 'receiver-down' });
  });

  it('shows who waits for whom, and what is left open', async () => {
    expect((await ask(dbLocks)).judgement).toMatchObject({ status: 'ok', code: 'none' });
    const [holder, waiter] = await Promise.all([openMysql(server, 'app', 'app-secret'), openMysql(server, 'app', 'app-secret')]);
    await holder.query('BEGIN');
    await holder.query(`UPDATE pay.orders SET state = '4111111111111111' WHERE id = 1`);
    const waits = waiter.query(`UPDATE pay.orders SET state = 'x' WHERE id = 1`).catch(() => {});
    const locks = { warn: 1, crit: 1_000, unit: 's', source: 'profile' };
    const seeLocks = () => probeAndJudge(dbLocks, realContext(), { to: mysqlUrl(server) }, locks);
    await until(async () => (await seeLocks()).judgement.code === 'blocked');
    const { facts, judgement } = await seeLocks();
    expect(judgement).toMatchObject({ status: 'warn', code: 'blocked', data: { count: 1, holder: holder.threadId, who: 'app / Sleep' } });
    expect(facts).toMatchObject({
      waiting: [{ pid: waiter.threadId, blockedBy: [holder.threadId], query: 'UPDATE pay.orders SET state = ? WHERE id = ?' }],
    });

    const limits = { warn: 1, crit: 1_000, unit: 's', source: 'profile' };
    await until(async () => judge(dbLongTransactions, (await ask(dbLongTransactions)).facts, { to: 'db' }, limits).code === 'idle');
    const open = await ask(dbLongTransactions);
    expect(open.facts['transactions']).toContainEqual(expect.objectContaining({ pid: holder.threadId, idle: true, user: 'app' }));
    expect(judge(dbLongTransactions, open.facts, { to: 'db' }, limits)).toMatchObject({ status: 'warn', code: 'idle' });

    const slow = await ask(dbSlowStatements);
    expect(slow.facts['active']).toContainEqual(expect.objectContaining({ pid: waiter.threadId }));
    await holder.query('ROLLBACK');
    await waits;
  });

  it.each([
    ['db.locks', dbLocks],
    ['db.long_transactions', dbLongTransactions],
    ['db.slow_statements', dbSlowStatements],
  ])('%s says what right an ordinary login lacks', async (_id, check) => {
    const { judgement } = await probeAndJudge(check, realContext(), { to: inPay(APP) });
    expect(judgement).toMatchObject({
      status: 'unknown',
      code: 'no-rights',
      unlock: 'GRANT PROCESS, REPLICATION CLIENT ON *.* TO app@127.0.0.1',
    });
  });

  it('says when an AUTO_INCREMENT column is near its end', async () => {
    expect((await ask(dbSequences)).judgement).toMatchObject({ status: 'ok', code: 'room' });
    await admin.query('ALTER TABLE pay.orders AUTO_INCREMENT = 2000000000');
    expect((await ask(dbSequences)).judgement).toMatchObject({
      status: 'fail',
      code: 'filling',
      data: { name: 'pay.orders.id', max: 2147483647 },
    });
  });

  it('says when it takes no writes', async () => {
    expect((await ask(dbReadonly)).judgement).toMatchObject({ status: 'ok', code: 'writable' });
    await admin.query('SET GLOBAL read_only = 1');
    expect((await ask(dbReadonly)).judgement).toMatchObject({ status: 'fail', code: 'read-only', data: { setting: 'read_only' } });
    await admin.query('SET GLOBAL read_only = 0');
  });

  it('says that a replica receives nothing', async () => {
    expect((await ask(dbReplication)).judgement).toMatchObject({ status: 'not-applicable', code: 'alone' });
    expect((await ask(dbReplication, undefined, { standbys: ['second'] })).judgement).toMatchObject({ status: 'fail', code: 'missing' });
    await admin.query(`CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1, MASTER_USER = 'none', MASTER_CONNECT_RETRY = 1`);
    expect((await ask(dbReplication)).judgement).toMatchObject({ status: 'fail', code: 'receiver-down' });
    await admin.query('RESET SLAVE ALL');
  });

  it('that hangs', async () => {
    server.hang();
    const { judgement } = await ask(dbMysql, undefined, { timeout: '700ms' });
    server.goOn();
    expect(judgement).toMatchObject({ status: 'fail', code: 'hung' });
  });
});
