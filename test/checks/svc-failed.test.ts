import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { svcFailed } from '../../src/checks/svc-failed.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { comesTo, has, startProgram, withArguments } from './programs.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const LIST = 'systemctl list-units --failed --all --plain --no-legend --no-pager --full';
const systemd = (result: object) =>
  probeAndJudge(svcFailed, fakeHost({ stats: { '/run/systemd/system': { kind: 'directory' } }, commands: { [LIST]: result } }));
const supervisor = (result: object | null) =>
  probeAndJudge(svcFailed, fakeHost({ stats: { '/run/systemd/system': null }, commands: { 'supervisorctl status': result } }));

describe('under systemd', () => {
  it('is ok when the list is empty', async () => {
    expect((await systemd({ stdout: '' })).judgement).toMatchObject({ status: 'ok', code: 'ok', value: 0 });
  });

  it('warns and names what failed', async () => {
    const stdout = 'nginx.service loaded failed failed A high performance web server\nbackup.timer loaded failed failed Nightly\n';
    const { facts, judgement } = await systemd({ stdout });
    expect(facts).toMatchObject({ failed: [{ unit: 'nginx.service', state: 'failed' }, { unit: 'backup.timer' }] });
    expect(judgement).toMatchObject({ status: 'warn', code: 'failed', value: 2, data: { units: 'nginx.service, backup.timer' } });
  });

  it('cannot tell when systemctl does not answer', async () => {
    await expect(systemd({ exitCode: 1, stderr: 'Failed to connect to bus' })).rejects.toMatchObject({ reason: 'io' });
  });
});

describe('under supervisor', () => {
  const stdout = 'a RUNNING pid 1, uptime 0:00:01\nb FATAL Exited too quickly\nc STOPPED Not started\nd EXITED Nov 23 02:00 PM\n';
  it.each([
    ['one that gave up', { stdout, exitCode: 3 }, 'warn', 'failed'],
    ['none', { stdout: 'a RUNNING pid 1, uptime 0:00:01\n' }, 'ok', 'ok'],
    ['no supervisor', null, 'not-applicable', 'none'],
    ['one that does not run', { stdout: 'unix:///var/run/supervisor.sock no such file\n', exitCode: 4 }, 'not-applicable', 'none'],
  ])('%s', async (_name, result, status, code) => {
    expect((await supervisor(result)).judgement).toMatchObject({ status, code });
  });

  it('that may not be asked is unknown', async () => {
    const refused = { exitCode: 1, stdout: "error: <class 'PermissionError'>, [Errno 13] Permission denied: file\n" };
    await expect(supervisor(refused)).rejects.toMatchObject({ reason: 'no-permission', unlock: 'run as root' });
  });

  const supervisord = has('supervisord', 'supervisorctl') && !existsSync('/run/systemd/system');
  it.skipIf(!supervisord)('that is real: names the program that cannot be started', async () => {
    const conf = join(folder, 'supervisord.conf');
    const socket = join(folder, 'socket');
    writeFileSync(
      conf,
      `[unix_http_server]\nfile=${socket}\n[supervisorctl]\nserverurl=unix://${socket}\n` +
        `[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile=${join(folder, 'pid')}\n` +
        '[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n' +
        '[program:good]\ncommand=sleep 600\nstartsecs=0\n[program:bad]\ncommand=false\nstartretries=0\n[program:batch]\ncommand=true\nautostart=false\n',
    );
    const server = startProgram(['supervisord', '-c', conf]);
    onTestFinished(() => server.signal('SIGTERM'));
    const context = withArguments(localContext(), 'supervisorctl', ['-c', conf]);
    const { facts, judgement } = await comesTo(
      () => probeAndJudge(svcFailed, context),
      // It is given up after it has been tried again.
      ({ facts: seen }) => JSON.stringify(seen['failed']).includes('fatal'),
    );
    expect(facts).toMatchObject({ manager: 'supervisor', failed: [{ unit: 'bad', state: 'fatal' }] });
    expect(judgement).toMatchObject({ status: 'warn', data: { units: 'bad' } });
  });
});

it('names no more than a line can hold', () => {
  const failed = Array.from({ length: 9 }, (_, index) => ({ unit: `u${index}`, state: 'failed' }));
  expect(judge(svcFailed, { observedAt: 0, manager: 'systemd', failed }).data).toEqual({
    manager: 'systemd',
    count: 9,
    units: 'u0, u1, u2, u3, u4, ...',
  });
});

it.skipIf(process.platform !== 'linux')('answers on this machine, or says what would let it', async () => {
  const answer = await probeAndJudge(svcFailed, localContext()).catch((error: { unlock: string }) => error.unlock);
  expect(typeof answer === 'string' ? answer : answer.judgement.status).toBeTruthy();
});
