import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Thresholds } from '../../src/checks/check.ts';
import { dbLongTransactions } from '../../src/checks/db-long-transactions.ts';
import { has, type Instance, startPostgres, stopDatabases } from '../adapters/databases.ts';
import { APP, addRoles, closeClients, openPostgres, postgresUrl, sessionOf, until, WATCH } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const open = { pid: 7, user: 'app', application: 'till', idle: true, ageSeconds: 400, quietSeconds: 90, query: 'UPDATE orders' };
const facts = (transactions: readonly (typeof open)[], hidden = 0) => ({
  observedAt: 0,
  session: sessionOf('connected'),
  missing: { errorCode: '', error: '' },
  role: 'oor',
  hidden,
  transactions,
  longestIdleSeconds: Math.max(0, ...transactions.filter(({ idle }) => idle).map(({ quietSeconds }) => quietSeconds)),
  oldestSeconds: 0,
});

describe('db.long_transactions judges', () => {
  it.each([
    ['nothing open', facts([]), 'ok', 'none'],
    ['idle for 60 s', facts([{ ...open, quietSeconds: 60 }]), 'ok', 'none'],
    ['idle for 90 s', facts([open]), 'warn', 'idle'],
    ['idle for 301 s', facts([{ ...open, quietSeconds: 301 }]), 'fail', 'idle'],
    ['active for 400 s', facts([{ ...open, idle: false }]), 'ok', 'none'],
    ['active for two hours', facts([{ ...open, idle: false, ageSeconds: 7_200 }]), 'warn', 'long'],
    ['what others do is hidden', facts([], 3), 'unknown', 'hidden'],
    ['prepared and forgotten', { ...facts([]), prepared: [{ name: 'settle-9', user: 'app', ageSeconds: 301 }] }, 'fail', 'prepared'],
    ['prepared just now', { ...facts([]), prepared: [{ name: 'settle-9', user: 'app', ageSeconds: 2 }] }, 'ok', 'none'],
    ['a finding in spite of hidden ones', facts([open], 3), 'warn', 'idle'],
  ])('%s', (_name, seen, status, code) => {
    expect(judge(dbLongTransactions, seen, { to: 'db' })).toMatchObject({ status, code });
  });
});

describe.skipIf(!has('postgres'))('db.long_transactions asks a real server', () => {
  let server: Instance;
  const ask = (login: string, limits?: Thresholds) =>
    probeAndJudge(dbLongTransactions, realContext(), { to: postgresUrl(server, login) }, limits);

  beforeAll(async () => {
    server = await startPostgres({ max_prepared_transactions: '2' });
    await addRoles(server);
  });
  afterAll(() => {
    closeClients();
    stopDatabases();
  });

  it('one that is left open', async () => {
    expect((await ask(WATCH)).judgement).toMatchObject({ status: 'ok', code: 'none' });
    const client = await openPostgres(server, 'forgetful', WATCH);
    await client.query('BEGIN');
    await client.query('SELECT 1');
    await until(async () => Number((await ask(WATCH)).facts['longestIdleSeconds']) > 0.2);
    const { facts: seen } = await ask(WATCH);
    expect(seen).toMatchObject({ hidden: 0, transactions: [{ user: 'watch', application: 'forgetful', idle: true, query: 'SELECT ?' }] });
    const within = (crit: number) => ask(WATCH, { warn: 0.1, crit, unit: 's', source: 'profile' });
    expect((await within(300)).judgement).toMatchObject({ status: 'warn', code: 'idle', data: { who: 'watch / forgetful' } });
    expect((await within(0.2)).judgement).toMatchObject({ status: 'fail', code: 'idle' });
    await client.query('ROLLBACK');
  });

  it('one that was prepared and forgotten', async () => {
    const client = await openPostgres(server, 'settlement');
    await client.query(`CREATE TABLE batch (i int); BEGIN; INSERT INTO batch VALUES (1); PREPARE TRANSACTION 'settle-9'`);
    const { facts: seen } = await ask(WATCH);
    expect(seen['prepared']).toEqual([{ name: 'settle-9', user: 'postgres', ageSeconds: expect.any(Number) }]);
    const limits = { warn: 0.001, crit: 300, unit: 's', source: 'profile' };
    await until(async () => (await ask(WATCH, limits)).judgement.code === 'prepared');
    expect((await ask(WATCH, limits)).judgement).toMatchObject({ status: 'warn', code: 'prepared' });
    await client.query(`ROLLBACK PREPARED 'settle-9'`);
  });

  it('says what right is missing', async () => {
    expect((await ask(APP)).judgement).toMatchObject({ status: 'unknown', code: 'hidden', unlock: 'GRANT pg_monitor TO app' });
  });
});
