import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dbPg } from '../../src/checks/db-pg.ts';
import { HostError } from '../../src/errors.ts';
import { has, type Instance, startPostgres, stopDatabases } from '../adapters/databases.ts';
import { findClosedPort } from '../adapters/servers.ts';
import { APP, addRoles, closeClients, openPostgres, postgresUrl, sessionOf } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

describe('db.pg judges', () => {
  const facts = (outcome: string, more = {}) => ({
    observedAt: 0,
    session: sessionOf(outcome),
    ready: outcome === 'connected',
    inRecovery: false,
    ...more,
  });

  it.each([
    ['connected', 'ok', 'ready'],
    ['refused', 'fail', 'refused'],
    ['timed-out', 'fail', 'timed-out'],
    ['no-answer', 'fail', 'hung'],
    ['auth-failed', 'fail', 'auth-failed'],
    ['no-such-database', 'fail', 'no-such-database'],
    ['too-many-connections', 'fail', 'too-many-connections'],
    ['starting-up', 'fail', 'starting-up'],
    ['shutting-down', 'fail', 'shutting-down'],
    ['tls-failed', 'fail', 'tls-failed'],
    ['protocol-error', 'fail', 'protocol-error'],
  ])('%s', (outcome, status, code) => {
    expect(judge(dbPg, facts(outcome), { to: 'db' })).toMatchObject({ status, code });
  });

  it('a standby by what it should be', () => {
    expect(judge(dbPg, facts('connected', { inRecovery: true }), { to: 'db' })).toMatchObject({ status: 'warn', code: 'recovery' });
    expect(judge(dbPg, facts('connected', { inRecovery: true }), { to: 'db', role: 'standby' })).toMatchObject({ status: 'ok' });
  });
});

describe.skipIf(!has('postgres'))('db.pg asks a real server', () => {
  let server: Instance;
  const ask = (to: string, more = {}) => probeAndJudge(dbPg, realContext(), { to, ...more });

  beforeAll(async () => {
    server = await startPostgres();
    await addRoles(server);
  });
  afterAll(() => {
    closeClients();
    stopDatabases();
  });

  it('that is well', async () => {
    const { facts, judgement } = await ask(postgresUrl(server, APP));
    expect(judgement).toMatchObject({ status: 'ok', code: 'ready' });
    expect(facts).toMatchObject({ ready: true, inRecovery: false, session: { serverVersion: expect.stringMatching(/^\d+/) } });
    expect(JSON.stringify(facts)).not.toContain('app-secret');
  });

  it('with a wrong password, without the database, at a closed port', async () => {
    expect((await ask(postgresUrl(server, 'app:wrong-one'))).judgement).toMatchObject({ status: 'fail', code: 'auth-failed' });
    expect((await ask(postgresUrl(server, APP, 'gone'))).judgement).toMatchObject({ status: 'fail', code: 'no-such-database' });
    const closed = await findClosedPort();
    expect((await ask(`postgres://${APP}@127.0.0.1:${closed}/postgres`)).judgement).toMatchObject({ status: 'fail', code: 'refused' });
  });

  it('without a login that could be tried', async () => {
    await expect(ask(`127.0.0.1:${server.port}`)).rejects.toThrow(HostError);
    await expect(ask(postgresUrl(server, 'app'))).rejects.toMatchObject({
      reason: 'no-permission',
      unlock: expect.stringContaining('password'),
    });
    await expect(probeAndJudge(dbPg, realContext(), { to: { env: 'NOT_SET' } })).rejects.toMatchObject({ reason: 'not-found' });
    await expect(ask('mysql://a:b@127.0.0.1:1/x')).rejects.toMatchObject({ reason: 'unsupported' });
  });

  it('that is full', async () => {
    const held = await Promise.all(Array.from({ length: 17 }, () => openPostgres(server, 'hoarder', APP)));
    expect((await ask(postgresUrl(server, APP))).judgement).toMatchObject({ status: 'fail', code: 'too-many-connections' });
    await Promise.all(held.map((client) => client.end()));
  });

  it('that hangs', async () => {
    server.hang();
    const { judgement } = await ask(postgresUrl(server, APP), { timeout: '700ms' });
    server.goOn();
    expect(judgement).toMatchObject({ status: 'fail', code: 'hung' });
  });
});
