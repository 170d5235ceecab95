import { describe, expect, it } from 'vitest';
import { svcUnit } from '../../src/checks/svc-unit.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';

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

const systemd = (more: Readonly<Record<string, string | number>>) =>
  probeAndJudge(
    svcUnit,
    fakeHost({
      stats: { '/run/systemd/system': { kind: 'directory' } },
      files: { '/proc/uptime': `${UPTIME_S}.5 1\n` },
      commands: { [SHOW]: { stdout: properties(more) } },
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

  it('refuses a unit that is an option', () => {
    expect(problemsOf(svcUnit, { unit: '--version' })).toHaveLength(1);
  });
});
