import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dbReadonly } from '../../src/checks/db-readonly.ts';
import { has, type Instance, startPostgres, stopDatabases } from '../adapters/databases.ts';
import { APP, addRoles, closeClients, openPostgres, postgresUrl, sessionOf } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const facts = (standby: boolean, setting = '', outcome = 'connected') => ({
  observedAt: 0,
  session: sessionOf(outcome),
  missing: { errorCode: '', error: '' },
  role: 'oor',
  standby,
  setting,
});

describe('db.readonly judges', () => {
  it.each([
    ['a primary', facts(false), {}, 'ok', 'writable'],
    ['a demoted primary', facts(true), {}, 'fail', 'standby'],
    ['a closed primary', facts(false, 'read_only'), {}, 'fail', 'read-only'],
    ['a standby', facts(true), { role: 'standby' }, 'ok', 'standby-as-agreed'],
    ['a promoted standby', facts(false), { role: 'standby' }, 'fail', 'second-primary'],
    ['no session', facts(false, '', 'auth-failed'), {}, 'unknown', 'no-session'],
  ])('%s', (_name, seen, params, status, code) => {
    expect(judge(dbReadonly, seen, { to: 'db', ...params })).toMatchObject({ status, code });
  });
});

describe.skipIf(!has('postgres'))('db.readonly asks a real server', () => {
  let server: Instance;
  const ask = () => probeAndJudge(dbReadonly, realContext(), { to: postgresUrl(server, APP) });

  beforeAll(async () => {
    server = await startPostgres();
    await addRoles(server);
  });
  afterAll(() => {
    closeClients();
    stopDatabases();
  });

  it('that lets nobody in', async () => {
    const wrong = { to: postgresUrl(server, 'app:wrong') };
    expect((await probeAndJudge(dbReadonly, realContext(), wrong)).judgement).toMatchObject({ status: 'unknown', code: 'no-session' });
  });

  it('that takes writes, and then does not', async () => {
    expect((await ask()).judgement).toMatchObject({ status: 'ok', code: 'writable' });
    const admin = await openPostgres(server);
    await admin.query('ALTER DATABASE postgres SET default_transaction_read_only = on');
    expect((await ask()).judgement).toMatchObject({
      status: 'fail',
      code: 'read-only',
      data: { setting: 'default_transaction_read_only' },
    });
  });
});
