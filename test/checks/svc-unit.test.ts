import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { svcUnit } from '../../src/checks/svc-unit.ts';
import type { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { problemsOf } from './params.ts';
import { comesTo, has, startSupervisord, withArguments } from './programs.ts';
import { statLine } from './stat-line.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SHOW =
  'systemctl show -p LoadState,ActiveState,SubState,Result,NRestarts,MainPID,ExecMainStatus,ActiveEnterTimestampMonotonic,UnitFileState -- paygw';
const UPTIME_S = 100_000;
const properties = (more: Readonly<Record<string, string | number>>) =>
  Object.entries({
    LoadState: 'loaded',
    ActiveState: 'active',
    SubState: 'running',
    Result: 'success',
    NRestarts: 0,
    MainPID: 7,
    ExecMainStatus: 0,
    ActiveEnterTimestampMonotonic: (UPTIME_S - 3_600) * 1e6,
    ...more,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

const JOURNAL = 'journalctl --unit paygw --since -5min --no-pager --output=cat MESSAGE_ID=5eb03494b6584870a536b337290809b3';
/** As journalctl answers an ordinary user. */
const BLIND = { stdout: '-- No entries --\n', stderr: 'Hint: You are currently not seeing messages from other users and the system.\n' };

const systemd = (more: Readonly<Record<string, string | number>>, journal: object | null = BLIND) =>
  probeAndJudge(
    svcUnit,
    fakeHost({
      stats: { '/run/systemd/system': { kind: 'directory' } },
      files: { '/proc/uptime': `${UPTIME_S}.5 1\n`, '/proc/stat': null },
      commands: { [SHOW]: { stdout: properties(more) }, [JOURNAL]: journal },
    }),
    { unit: 'paygw' },
  );

const supervisor = (result: object | null) =>
  probeAndJudge(svcUnit, fakeHost({ stats: { '/run/systemd/system': null }, commands: { 'supervisorctl status paygw': result } }), {
    unit: 'paygw',
  });

describe('svc.unit under systemd', () => {
  it.each([
    ['active', {}, 'ok'],
    ['failed', { ActiveState: 'failed', SubState: 'failed', Result: 'exit-code', ExecMainStatus: 78 }, 'fail'],
    ['oom-killed', { ActiveState: 'failed', SubState: 'failed', Result: 'oom-kill' }, 'fail'],
    ['inactive', { ActiveState: 'inactive', SubState: 'dead' }, 'fail'],
    ['masked', { LoadState: 'masked', ActiveState: 'inactive', SubState: 'dead' }, 'fail'],
    ['not-found', { LoadState: 'not-found', ActiveState: 'inactive', SubState: 'dead' }, 'not-applicable'],
    ['activating', { ActiveState: 'activating', SubState: 'start' }, 'warn'],
    ['crash-looping', { ActiveState: 'activating', SubState: 'auto-restart', Result: 'exit-code', NRestarts: 1 }, 'fail'],
    ['crash-looping', { ActiveState: 'failed', SubState: 'failed', Result: 'start-limit-hit', NRestarts: 5 }, 'fail'],
    ['crash-looping', { NRestarts: 3, ActiveEnterTimestampMonotonic: (UPTIME_S - 60) * 1e6 }, 'fail'],
    ['active', { NRestarts: 3, ActiveEnterTimestampMonotonic: (UPTIME_S - 700) * 1e6 }, 'ok'],
    ['active', { NRestarts: 2, ActiveEnterTimestampMonotonic: (UPTIME_S - 60) * 1e6 }, 'ok'],
  ] as const)('%s: %j', async (code, more, status) => {
    expect((await systemd(more)).judgement).toMatchObject({ code, status });
  });

  const entries = (count: number) => ({ stdout: 'paygw.service: Scheduled restart job\n'.repeat(count) || '-- No entries --\n' });
  it.each([
    ['three of them lately', entries(3), 700, 3, 'crash-looping'],
    ['two of them lately', entries(2), 60, 2, 'active'],
    ['none of them lately', entries(0), 60, 0, 'active'],
    ['no journal to be read', BLIND, 60, null, 'crash-looping'],
    ['no journalctl', null, 60, null, 'crash-looping'],
  ] as const)('of 27 restarts, %s', async (_name, journal, upSeconds, recentRestarts, code) => {
    const { facts, judgement } = await systemd({ NRestarts: 27, ActiveEnterTimestampMonotonic: (UPTIME_S - upSeconds) * 1e6 }, journal);
    expect(facts).toMatchObject({ recentRestarts });
    expect(judgement.code).toBe(code);
  });

  it('knows since when it runs', async () => {
    expect((await systemd({})).facts).toMatchObject({ manager: 'systemd', mainPid: 7, activeMs: 3_600_500 });
  });
});

describe('svc.unit without systemd', () => {
  it.each([
    ['active', 'paygw                            RUNNING   pid 1234, uptime 1 day, 2:03:04\n', 'ok'],
    ['inactive', 'paygw                            STOPPED   Nov 23 02:00 PM\n', 'fail'],
    ['inactive', 'paygw                            EXITED    Nov 23 02:00 PM\n', 'fail'],
    ['crash-looping', 'paygw                            BACKOFF   Exited too quickly (process log may have details)\n', 'fail'],
    ['crash-looping', 'paygw                            FATAL     Exited too quickly (process log may have details)\n', 'fail'],
    ['activating', 'paygw                            STARTING\n', 'warn'],
    ['not-found', 'paygw: ERROR (no such process)\n', 'not-applicable'],
  ] as const)('%s: supervisor says %s', async (code, stdout, status) => {
    const { facts, judgement } = await supervisor({ stdout, exitCode: 3 });
    expect(judgement).toMatchObject({ code, status });
    expect(facts['manager']).toBe('supervisor');
  });

  it('reads the uptime of supervisor', async () => {
    expect((await supervisor({ stdout: 'paygw RUNNING   pid 1234, uptime 1 day, 2:03:04\n' })).facts).toMatchObject({
      mainPid: 1234,
      activeMs: ((26 * 60 + 3) * 60 + 4) * 1_000,
    });
  });

  it.each([
    ['no manager at all', null, 'missing-tool'],
    ['supervisor does not run', { exitCode: 4, stdout: 'unix:///var/run/supervisor.sock no such file\n' }, 'missing-tool'],
    ['not allowed', { exitCode: 1, stdout: "error: <class 'PermissionError'>, [Errno 13] Permission denied: file\n" }, 'no-permission'],
  ] as const)('%s is unknown', async (_name, result, reason) => {
    await expect(supervisor(result)).rejects.toMatchObject({ reason, unlock: expect.any(String) });
  });

  it.each([
    ['runs', 'paygw\0--port\x008080\0', 'S', 'ok', 'process-runs'],
    ['is not there', 'other\0', 'S', 'fail', 'process-missing'],
    ['is dead and waits for its parent', '', 'Z', 'fail', 'process-missing'],
  ] as const)(
    'without a manager a named process that %s is told, and that it was only looked for',
    async (_name, cmdline, state, status, code) => {
      const name = cmdline.startsWith('other') ? 'other' : 'paygw';
      const context = fakeHost({
        stats: { '/run/systemd/system': null },
        commands: { 'supervisorctl status paygw': null },
        lists: { '/proc': ['1', '7'] },
        files: {
          '/proc/1/stat': statLine(1, 'init', 'S', 0),
          '/proc/1/cmdline': 'init\0',
          '/proc/7/stat': statLine(7, name, state, 1),
          '/proc/7/cmdline': cmdline,
        },
      });
      const { judgement } = await probeAndJudge(svcUnit, context, { unit: 'paygw', process: 'paygw' });
      expect(judgement).toMatchObject({ status, code, data: { process: 'paygw' } });
    },
  );

  it('without a manager, where /proc hides the processes of others, none found is unknown', async () => {
    const context = fakeHost({
      stats: { '/run/systemd/system': null },
      commands: { 'supervisorctl status paygw': null },
      lists: { '/proc': ['7'] },
      files: { '/proc/7/stat': statLine(7, 'sh', 'S', 6), '/proc/7/cmdline': 'sh\0' },
    });
    await expect(probeAndJudge(svcUnit, context, { unit: 'paygw', process: 'paygw' })).rejects.toMatchObject({ reason: 'no-permission' });
  });

  it('refuses a unit that is an option', () => {
    expect(problemsOf(svcUnit, { unit: '--version' })).toHaveLength(1);
  });
});

const supervisord = has('supervisord', 'supervisorctl', 'setpriv') && process.getuid?.() === 0;

describe.skipIf(!supervisord || existsSync('/run/systemd/system'))('svc.unit asks a real supervisord', () => {
  const folder = temporaryFolder();
  const asked = withArguments(localContext(), 'supervisorctl', ['-c', join(folder, 'supervisord.conf')]);
  const ask = async (unit: string, context = asked) => (await probeAndJudge(svcUnit, context, { unit })).judgement;
  let server: ReturnType<typeof startSupervisord>;

  beforeAll(() => {
    server = startSupervisord(
      folder,
      '[program:paygw]\ncommand=sleep 600\nstartsecs=0\n[program:worker]\ncommand=false\nstartretries=0\n' +
        '[program:batch]\ncommand=sleep 600\nautostart=false\n[program:slow]\ncommand=sleep 600\nstartsecs=600\n',
    );
  });
  afterAll(() => {
    server.signal('SIGTERM');
  });

  it.each([
    ['paygw', 'ok', 'active'],
    ['worker', 'fail', 'crash-looping'],
    ['batch', 'fail', 'inactive'],
    ['slow', 'warn', 'activating'],
    ['nothing', 'not-applicable', 'not-found'],
  ] as const)('%s is %s', async (unit, status, code) => {
    expect(
      await comesTo(
        () => ask(unit),
        (answer) => answer.code === code,
      ),
    ).toMatchObject({ status, code });
  });

  it('is unknown to a user who may not use the socket, and where nothing listens', async () => {
    const run: typeof asked.host.run = (argv, options) =>
      asked.host.run(
        ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'supervisorctl', ...server.arguments, ...argv.slice(1)],
        options,
      );
    await expect(ask('paygw', { ...asked, host: { ...asked.host, run } })).rejects.toMatchObject({ reason: 'no-permission' });
    server.signal('SIGTERM');
    const refusal = await comesTo(
      () =>
        ask('paygw').then(
          () => undefined,
          (error: HostError) => error,
        ),
      (error) => error?.reason === 'missing-tool',
    );
    expect(refusal).toMatchObject({ reason: 'missing-tool' });
  });
});
