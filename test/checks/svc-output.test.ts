import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { svcOutput } from '../../src/checks/svc-output.ts';
import type { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { comesTo, has, startSupervisord, withArguments } from './programs.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SHOW =
  'systemctl show -p LoadState,ActiveState,SubState,Result,NRestarts,MainPID,ExecMainStatus,ActiveEnterTimestampMonotonic,UnitFileState -- paygw';
const JOURNAL = 'journalctl --unit paygw --lines 40 --since -10min --no-pager --output=cat';
const params = { unit: 'paygw', patterns: { missing_file: '(?i)no such file', threads: '(?i)new thread' } };

const systemd = (state: string, journal: object | null) =>
  probeAndJudge(
    svcOutput,
    fakeHost({
      stats: { '/run/systemd/system': { kind: 'directory' } },
      files: { '/proc/uptime': '100000.5 1\n', '/proc/stat': null },
      commands: { [SHOW]: { stdout: state }, [JOURNAL]: journal },
    }),
    params,
  );
const DEAD = 'LoadState=loaded\nActiveState=activating\nSubState=auto-restart\nResult=exit-code\n';
const up = (seconds: number) =>
  `LoadState=loaded\nActiveState=active\nSubState=running\nActiveEnterTimestampMonotonic=${(100_000 - seconds) * 1e6}\n`;

describe('svc.output', () => {
  it('what a unit of systemd said as it died', async () => {
    const { facts, judgement } = await systemd(DEAD, { stdout: 'starting\nopen /srv/ca.pem: no such file or directory\n' });
    expect(facts).toMatchObject({ settled: false, lines: 2, matches: 1, byPattern: { missing_file: 1, threads: 0 } });
    expect(judgement).toMatchObject({ status: 'warn', code: 'said', data: { sample: 'open /srv/ca.pem: no such file or directory' } });
  });

  it.each([
    ['one that is up for a minute is not asked', up(60), null, 'ok', 'settled'],
    ['one that started just now is', up(5), { stdout: "can't start new thread\n" }, 'warn', 'said'],
    ['one that says nothing', DEAD, { stdout: 'starting\n' }, 'ok', 'quiet'],
    ['none', 'LoadState=not-found\nActiveState=inactive\n', null, 'not-applicable', 'not-found'],
  ] as const)('%s', async (_title, state, journal, status, code) => {
    expect((await systemd(state, journal)).judgement).toMatchObject({ status, code });
  });

  it('a journal that may not be read is unknown', async () => {
    const stderr = 'Hint: You are currently not seeing messages from other users and the system.\n';
    await expect(systemd(DEAD, { stdout: '', stderr })).rejects.toMatchObject({ reason: 'no-permission', unlock: expect.any(String) });
  });

  it('a machine without a service manager is unknown', async () => {
    const host = fakeHost({ stats: { '/run/systemd/system': null }, commands: { 'supervisorctl status paygw': null } });
    await expect(probeAndJudge(svcOutput, host, params)).rejects.toMatchObject({ reason: 'missing-tool', unlock: expect.any(String) });
  });
});

const supervisord = has('supervisord', 'supervisorctl') && process.getuid?.() === 0;

describe.skipIf(!supervisord || existsSync('/run/systemd/system'))('svc.output asks a real supervisord', () => {
  const folder = temporaryFolder();
  const asked = withArguments(localContext(), 'supervisorctl', ['-c', join(folder, 'supervisord.conf')]);
  const ask = (unit: string) => probeAndJudge(svcOutput, asked, { ...params, unit });
  let server: ReturnType<typeof startSupervisord>;

  beforeAll(() => {
    server = startSupervisord(
      folder,
      '[program:errors]\ncommand=cat /srv/there-is-none\nstartretries=0\n' +
        '[program:joined]\ncommand=cat /srv/there-is-none\nstartretries=0\nredirect_stderr=true\n' +
        '[program:silent]\ncommand=false\nstartretries=0\n',
    );
  });
  afterAll(() => {
    server.signal('SIGTERM');
  });

  it.each([
    ['errors', 'warn', 'said'],
    ['joined', 'warn', 'said'],
    ['silent', 'ok', 'quiet'],
    ['nothing', 'not-applicable', 'not-found'],
  ] as const)('%s is %s', async (unit, status, code) => {
    const { judgement } = await comesTo(
      () => ask(unit),
      (answer) => answer.judgement.code === code,
    );
    expect(judgement).toMatchObject({ status, code });
  });

  it('is unknown where it is gone', async () => {
    server.signal('SIGTERM');
    const refusal = await comesTo(
      () =>
        ask('errors').then(
          () => undefined,
          (error: HostError) => error,
        ),
      (error) => error?.reason === 'missing-tool',
    );
    expect(refusal).toMatchObject({ reason: 'missing-tool' });
  });
});
