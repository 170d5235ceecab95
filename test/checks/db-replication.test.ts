import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dbReadonly } from '../../src/checks/db-readonly.ts';
import { dbReplication } from '../../src/checks/db-replication.ts';
import { has, type Instance, startPostgres, startStandby, stopDatabases } from '../adapters/databases.ts';
import { APP, addRoles, closeClients, openPostgres, postgresUrl, sessionOf, until, WATCH } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const follower = { name: 's1', client: '10.0.0.6', state: 'streaming', sync: 'async', lagBytes: 0, lagSeconds: 0 };
const slot = { name: 'old', active: false, retainedBytes: 0, walStatus: 'extended' };
const facts = (more = {}) => ({
  observedAt: 0,
  session: sessionOf('connected'),
  missing: { errorCode: '', error: '' },
  role: 'oor',
  standby: false,
  followers: [follower],
  waitsFor: '',
  receiving: null,
  lagSeconds: null,
  error: '',
  ...more,
});

describe('db.replication judges', () => {
  it.each([
    ['in step', facts(), ['s1'], 'ok', 'streaming'],
    ['known by address', facts(), [{ name: 'db2', host: '10.0.0.6' }], 'ok', 'streaming'],
    ['11 s behind', facts({ followers: [{ ...follower, lagSeconds: 11 }] }), [], 'warn', 'lagging'],
    ['31 s behind', facts({ followers: [follower, { ...follower, lagSeconds: 31 }] }), [], 'fail', 'lagging'],
    ['one is missing', facts(), ['s1', 's2'], 'fail', 'missing'],
    ['catching up', facts({ followers: [{ ...follower, state: 'catchup' }] }), [], 'warn', 'catching-up'],
    ['commits wait in vain', facts({ waitsFor: 's9' }), [], 'fail', 'sync-missing'],
    ['commits wait for one that is there', facts({ waitsFor: 's1', followers: [{ ...follower, sync: 'sync' }] }), [], 'ok', 'streaming'],
    ['a standby that receives', facts({ standby: true, followers: [], receiving: true, lagSeconds: 1 }), [], 'ok', 'receiving'],
    ['a standby far behind', facts({ standby: true, followers: [], receiving: true, lagSeconds: 40 }), [], 'fail', 'lagging'],
    ['a standby cut off', facts({ standby: true, followers: [], receiving: false, error: 'stopped' }), [], 'fail', 'receiver-down'],
    ['nobody follows, nobody should', facts({ followers: [] }), [], 'not-applicable', 'alone'],
    ['hidden', facts({ followers: [{ ...follower, state: '' }] }), [], 'unknown', 'hidden'],
    ['a slot that keeps much', facts({ followers: [], slots: [{ ...slot, retainedBytes: 2 * 1024 ** 3 }] }), [], 'warn', 'slot-retains'],
    ['a slot that keeps little', facts({ slots: [{ ...slot, retainedBytes: 1024 }] }), [], 'ok', 'streaming'],
    ['a slot in use', facts({ slots: [{ ...slot, active: true, retainedBytes: 2 * 1024 ** 3 }] }), [], 'ok', 'streaming'],
    ['a slot that lost its log', facts({ slots: [{ ...slot, walStatus: 'lost' }] }), [], 'warn', 'slot-lost'],
    ['no session', facts({ session: sessionOf('refused') }), ['s1'], 'unknown', 'no-session'],
  ])('%s', (_name, seen, standbys, status, code) => {
    expect(judge(dbReplication, seen, { to: 'db', standbys })).toMatchObject({ status, code });
  });
});

describe.skipIf(!has('postgres'))('db.replication asks real servers', () => {
  let primary: Instance;
  let standby: Instance;
  const ask = (server: Instance, login: string, standbys: string[] = []) =>
    probeAndJudge(dbReplication, realContext(), { to: postgresUrl(server, login), standbys });

  beforeAll(async () => {
    primary = await startPostgres();
    await addRoles(primary);
    standby = await startStandby(primary, 'second');
    await until(async () => (await ask(primary, WATCH)).judgement.code === 'streaming');
  });
  afterAll(() => {
    closeClients();
    stopDatabases();
  });

  it('a primary with its standby, and one that is missing', async () => {
    expect((await ask(primary, WATCH, ['second'])).judgement).toMatchObject({ status: 'ok', code: 'streaming', data: { count: 1 } });
    expect((await ask(primary, WATCH, ['second', 'third'])).judgement).toMatchObject({
      status: 'fail',
      code: 'missing',
      data: { name: 'third' },
    });
    expect((await ask(primary, APP, ['second'])).judgement).toMatchObject({ status: 'unknown', unlock: 'GRANT pg_monitor TO app' });
  });

  it('a slot that nobody reads', async () => {
    const admin = await openPostgres(primary, 'setup');
    await admin.query(`SELECT pg_create_physical_replication_slot('old', true)`);
    await admin.query('CREATE TABLE log AS SELECT generate_series(1, 20000) AS i');
    const { facts: seen } = await ask(primary, WATCH, ['second']);
    const [kept] = seen['slots'] as [{ retainedBytes: number }];
    expect(kept).toMatchObject({ name: 'old', active: false, walStatus: 'reserved' });
    expect(kept.retainedBytes).toBeGreaterThan(500_000);
    await admin.query(`SELECT pg_drop_replication_slot('old')`);
  });

  it('the standby itself', async () => {
    expect((await ask(standby, WATCH)).judgement).toMatchObject({ status: 'ok', code: 'receiving' });
    expect((await probeAndJudge(dbReadonly, realContext(), { to: postgresUrl(standby, APP) })).judgement).toMatchObject({
      status: 'fail',
      code: 'standby',
    });
  });

  it('a standby that stands still falls behind', async () => {
    standby.hang();
    const writer = await openPostgres(primary);
    await writer.query('CREATE TABLE t AS SELECT generate_series(1, 10000)');
    const { facts: seen } = await ask(primary, WATCH);
    standby.goOn();
    expect((seen['followers'] as { lagBytes: number }[])[0]!.lagBytes).toBeGreaterThan(10_000);
  });

  it('a primary whose commits wait for a standby that is not there', async () => {
    const admin = await openPostgres(primary);
    await admin.query(`SET synchronous_commit = local`);
    await admin.query(`ALTER SYSTEM SET synchronous_standby_names = 'third'`);
    await admin.query('SELECT pg_reload_conf()');
    await until(async () => (await ask(primary, WATCH)).judgement.code === 'sync-missing');
  });
});
