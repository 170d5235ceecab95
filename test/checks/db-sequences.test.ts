import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dbSequences } from '../../src/checks/db-sequences.ts';
import { has, type Instance, startPostgres, stopDatabases } from '../adapters/databases.ts';
import { APP, addRoles, closeClients, openPostgres, postgresUrl, sessionOf } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const facts = (percent: number | null, more = {}) => ({
  observedAt: 0,
  session: sessionOf('connected'),
  missing: { errorCode: '', error: '' },
  role: 'oor',
  count: 1,
  hidden: 0,
  fullest: percent === null ? [] : [{ name: 'orders_id_seq', last: percent, max: 100, percent }],
  ...more,
});

describe('db.sequences judges', () => {
  it.each([
    ['room', facts(10), 'ok', 'room'],
    ['76 %', facts(76), 'warn', 'filling'],
    ['91 %', facts(91), 'fail', 'filling'],
    ['the end', facts(100), 'fail', 'exhausted'],
    ['none', facts(null), 'ok', 'none'],
    ['hidden', facts(10, { hidden: 2 }), 'unknown', 'hidden'],
    ['no session', facts(10, { session: sessionOf('hung', { outcome: 'no-answer' }) }), 'unknown', 'no-session'],
  ])('%s', (_name, seen, status, code) => {
    expect(judge(dbSequences, seen, { to: 'db' })).toMatchObject({ status, code });
  });
});

describe.skipIf(!has('postgres'))('db.sequences asks a real server', () => {
  let server: Instance;
  const ask = (login?: string) => probeAndJudge(dbSequences, realContext(), { to: postgresUrl(server, login) });

  beforeAll(async () => {
    server = await startPostgres();
    await addRoles(server);
  });
  afterAll(() => {
    closeClients();
    stopDatabases();
  });

  it('an integer column near its end under a bigint sequence', async () => {
    expect((await ask()).judgement).toMatchObject({ status: 'ok', code: 'none' });
    const admin = await openPostgres(server);
    await admin.query(`CREATE TABLE wide (id bigserial PRIMARY KEY); CREATE TABLE orders (id serial PRIMARY KEY); ALTER SEQUENCE orders_id_seq AS bigint;
      SELECT setval('orders_id_seq', 1700000000), setval('wide_id_seq', 1700000000)`);
    const { facts: seen, judgement } = await ask();
    expect(judgement).toMatchObject({ status: 'warn', code: 'filling', data: { name: 'public.orders_id_seq', max: 2147483647 } });
    expect(seen).toMatchObject({ count: 2, hidden: 0 });
    await admin.query(`SELECT setval('orders_id_seq', 2147483647)`);
    expect((await ask()).judgement).toMatchObject({ status: 'fail', code: 'exhausted' });
    expect((await ask(APP)).judgement).toMatchObject({
      status: 'unknown',
      code: 'hidden',
      unlock: expect.stringContaining('GRANT pg_read_all_data TO app'),
    });
  });
});
