import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dbLocks } from '../../src/checks/db-locks.ts';
import { has, type Instance, POSTGRES_PASSWORD, startPostgres, stopDatabases } from '../adapters/databases.ts';
import { APP, addRoles, closeClients, openPostgres, postgresUrl, sessionOf, until, WATCH } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const waiter = {
  pid: 2,
  blockedBy: [1],
  user: 'app',
  application: 'till',
  state: 'active',
  seconds: 4,
  relation: 'orders',
  query: 'UPDATE orders',
};
const holder = { ...waiter, pid: 1, blockedBy: [], state: 'idle in transaction', seconds: 90 };
const facts = (seconds: number, more = {}) => ({
  observedAt: 0,
  session: sessionOf('connected'),
  missing: { errorCode: '', error: '' },
  role: 'oor',
  waiting: seconds > 0 ? [{ ...waiter, seconds }] : [],
  waitingCount: seconds > 0 ? 1 : 0,
  longestSeconds: seconds,
  roots: [holder],
  deadlocks: 0,
  newDeadlocks: 0,
  ...more,
});

describe('db.locks judges', () => {
  it.each([
    [0, 'ok', 'none'],
    [0.4, 'ok', 'waiting'],
    [4, 'warn', 'blocked'],
    [11, 'fail', 'blocked'],
  ])('a wait of %d s', (seconds, status, code) => {
    expect(judge(dbLocks, facts(seconds), { to: 'db' })).toMatchObject({ status, code });
  });

  it('names the holder, counts deadlocks, and knows nothing without rights', () => {
    expect(judge(dbLocks, facts(4), { to: 'db' }).data).toMatchObject({ holder: 1, who: 'app / till / idle in transaction', age: 90 });
    expect(judge(dbLocks, facts(0, { newDeadlocks: 2 }), { to: 'db' })).toMatchObject({ status: 'warn', code: 'deadlocks' });
    const missing = { errorCode: '1227', error: 'Access denied; you need the PROCESS privilege' };
    expect(judge(dbLocks, facts(0, { missing, session: sessionOf('connected', { kind: 'mysql' }) }), { to: 'db' })).toMatchObject({
      status: 'unknown',
      unlock: 'GRANT PROCESS, REPLICATION CLIENT ON *.* TO oor',
    });
    expect(judge(dbLocks, facts(0, { session: sessionOf('no-answer') }), { to: 'db' }).status).toBe('unknown');
  });
});

describe.skipIf(!has('postgres'))('db.locks asks a real server', () => {
  let server: Instance;
  /** As those of the check, without an end: on a crowded machine a wait may be long before it is seen. */
  const limits = { warn: 1, crit: 1_000, unit: 's', source: 'profile' };
  const ask = (login: string) => probeAndJudge(dbLocks, realContext(), { to: postgresUrl(server, login) }, limits);

  beforeAll(async () => {
    server = await startPostgres({ max_prepared_transactions: '2', deadlock_timeout: '200ms' });
    await addRoles(server);
    const setup = await openPostgres(server);
    await setup.query(
      'CREATE TABLE orders (id int PRIMARY KEY, state text); INSERT INTO orders VALUES (1, NULL), (2, NULL); GRANT ALL ON orders TO app',
    );
  });
  afterAll(() => {
    closeClients();
    stopDatabases();
  });

  it('nobody waits', async () => {
    expect((await ask(WATCH)).judgement).toMatchObject({ status: 'ok', code: 'none' });
  });

  it('a chain of two behind one that holds', async () => {
    const [first, second, third] = await Promise.all(['holder', 'second', 'third'].map((name) => openPostgres(server, name, APP)));
    await first!.query('BEGIN');
    await first!.query(`UPDATE orders SET state = '4111111111111111' WHERE id = 1`);
    const waits = [second!, third!].map((client) => client.query(`UPDATE orders SET state = 'x' WHERE id = 1`).catch(() => {}));
    const counter = await openPostgres(server);
    await until(async () => Number((await counter.query('SELECT count(*) FROM pg_locks WHERE NOT granted')).rows[0].count) === 2);
    await until(async () => (await ask(WATCH)).judgement.code === 'blocked');

    const { facts: seen, judgement } = await ask(WATCH);
    expect(judgement).toMatchObject({ status: 'warn', code: 'blocked', data: { count: 2, who: 'app / holder / idle in transaction' } });
    expect(seen).toMatchObject({ waitingCount: 2, roots: [{ application: 'holder', query: 'UPDATE orders SET state = ? WHERE id = ?' }] });
    expect(JSON.stringify(seen)).not.toContain('411111');

    const sooner = { ...limits, warn: 0.5, crit: 1 };
    const strict = await probeAndJudge(dbLocks, realContext(), { to: postgresUrl(server, WATCH) }, sooner);
    expect(strict.judgement).toMatchObject({ status: 'fail', code: 'blocked' });

    // Without pg_monitor the waits of others are seen all the same, without who they are.
    const admin = await openPostgres(server);
    await admin.query(`CREATE ROLE stranger LOGIN PASSWORD 'stranger-secret'`);
    const stranger = await ask('stranger:stranger-secret');
    expect(stranger.judgement).toMatchObject({ status: 'warn', code: 'blocked', data: { count: 2 } });
    await first!.query('ROLLBACK');
    await Promise.all(waits);
  });

  it('behind a transaction that was prepared and forgotten', async () => {
    const forgetful = await openPostgres(server, 'settlement');
    await forgetful.query(`CREATE TABLE batch (i int PRIMARY KEY); INSERT INTO batch VALUES (1)`);
    await forgetful.query(`BEGIN; UPDATE batch SET i = 2; PREPARE TRANSACTION 'settle-8'`);
    const late = await openPostgres(server, 'till');
    const waits = late.query('UPDATE batch SET i = 3').catch(() => {});
    await until(async () => (await ask(WATCH)).judgement.code === 'blocked');
    const { judgement } = await ask(WATCH);
    expect(judgement.data).toMatchObject({ holder: 0, who: 'postgres / prepared transaction settle-8 / prepared' });
    await forgetful.query(`ROLLBACK PREPARED 'settle-8'`);
    await waits;
  });

  it('the owner of the database sees on its machine who the holder is, without a login of his own', async () => {
    const holder = await openPostgres(server, 'maintenance', APP);
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE orders');
    const late = await openPostgres(server, 'till', APP);
    const waits = late.query(`SELECT * FROM orders`).catch(() => {});
    await until(async () => (await ask(WATCH)).judgement.code === 'blocked');
    const { facts: seen, judgement } = await probeAndJudge(dbLocks, asOwner(), { to: postgresUrl(server, APP), as_owner: true }, limits);
    expect(judgement).toMatchObject({ status: 'warn', code: 'blocked', data: { who: 'app / maintenance / idle in transaction' } });
    expect(seen).toMatchObject({ role: 'postgres', waiting: [{ relation: 'orders' }] });
    await holder.query('ROLLBACK');
    await waits;
  });

  it('who may not become the owner is told what would let him', async () => {
    const { host } = realContext();
    const refused = { exitCode: 1, stdout: '', stderr: 'runuser: may not be used by non-root users', durationMs: 1, truncated: false };
    const bySudo = { ...refused, stderr: 'sudo: a password is required' };
    const context = {
      ...realContext(),
      host: { ...host, run: async (argv: readonly string[]) => (argv[0] === 'sudo' ? bySudo : refused) },
    };
    await expect(probeAndJudge(dbLocks, context as never, { to: postgresUrl(server, APP), as_owner: true })).rejects.toMatchObject({
      reason: 'no-permission',
      unlock: expect.stringContaining('sudoers'),
    });
  });

  it('two that wait for each other', async () => {
    const [one, other, counter] = await Promise.all(['one', 'other', 'counter'].map((name) => openPostgres(server, name, APP)));
    const deadlocks = async (): Promise<number> =>
      Number((await counter!.query('SELECT sum(deadlocks) AS count FROM pg_stat_database')).rows[0].count);
    const before = await deadlocks();
    const clash = async () => {
      await Promise.all([one!.query('BEGIN'), other!.query('BEGIN')]);
      await Promise.all([one!.query('UPDATE orders SET id = id WHERE id = 1'), other!.query('UPDATE orders SET id = id WHERE id = 2')]);
      await Promise.allSettled([
        one!.query('UPDATE orders SET id = id WHERE id = 2'),
        other!.query('UPDATE orders SET id = id WHERE id = 1'),
      ]);
      await Promise.all([one!.query('ROLLBACK'), other!.query('ROLLBACK')]);
      // A backend hands in its counters with a later statement, at most once a second.
      await until(async () => {
        await Promise.all([one!.query('SELECT 1'), other!.query('SELECT 1')]);
        return (await deadlocks()) > before;
      });
    };
    const context = realContext();
    const between = { ...context, sleep: async (ms: number) => void (await Promise.all([clash(), context.sleep(ms)])) };
    const { facts: seen } = await probeAndJudge(dbLocks, between, { to: postgresUrl(server, WATCH) });
    expect(seen['newDeadlocks']).toBe(1);
  });
});

/** `runuser` needs the account postgres and its socket; this instance has a port and a password. */
function asOwner(): ReturnType<typeof realContext> {
  const context = realContext();
  const { host } = context;
  const run: typeof host.run = (argv, options) => {
    expect(argv.slice(0, 4)).toEqual(['runuser', '-u', 'postgres', '--']);
    const [env, ...rest] = argv.slice(4);
    return host.run([env as string, `PGPASSWORD=${POSTGRES_PASSWORD}`, 'PGUSER=postgres', 'PGHOST=127.0.0.1', ...rest], options);
  };
  return { ...context, host: Object.assign(Object.create(Object.getPrototypeOf(host)), host, { run }) };
}
