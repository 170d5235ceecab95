import { expect, test } from 'vitest';
import { containerState } from '../../src/checks/container-state.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const ARGV = 'ps --all --no-trunc --format {{json .}}';
/** Answers to `ps` by engine, and to the inspection of what it lists. */
const look = (docker: { stdout?: string; [key: string]: unknown } | null, podman: typeof docker = null, params = {}, details = '') => {
  const inspect = (engine: string, stdout = '') => {
    const names = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => [JSON.parse(line).Names].flat()[0]);
    return {
      [`${engine} inspect --type container --format ${FORMAT} ${names.join(' ')}`]: { stdout: details, exitCode: details === '' ? 1 : 0 },
    };
  };
  const commands = { [`docker ${ARGV}`]: docker, [`podman ${ARGV}`]: podman };
  const inspections = { ...inspect('docker', docker?.stdout), ...inspect('podman', podman?.stdout) };
  return probeAndJudge(containerState, fakeHost({ commands: { ...commands, ...inspections } }), params);
};
const FORMAT =
  '{"name":{{json .Name}},"oomKilled":{{json .State.OOMKilled}},"restarts":{{json .RestartCount}},"startedAt":{{json .State.StartedAt}}}';
const detail = (oomKilled: boolean, restarts: number, minutesAgo: number) =>
  `${JSON.stringify({ name: '/paygw', oomKilled, restarts, startedAt: new Date(FAKE_NOW - minutesAgo * 60_000).toISOString() })}\n`;
const rows = (...all: readonly (readonly [name: string, state: string, status: string])[]) => ({
  stdout: all
    .map(([Names, State, Status]) => `${JSON.stringify({ Names, State, Status, Image: 'img:1', Labels: 'a=b', Ports: '' })}\n`)
    .join(''),
});
const up = ['paygw', 'running', 'Up 3 days (healthy)'] as const;
const sick = ['paygw', 'running', 'Up 3 minutes (unhealthy)'] as const;
const dead = ['paygw', 'exited', 'Exited (137) 5 minutes ago'] as const;
const done = ['migrate', 'exited', 'Exited (0) 2 hours ago'] as const;
const wanted = { containers: ['paygw'] };

test.each([
  ['all well, one did its work', rows(up, done), {}, 'ok', 'ok'],
  ['unhealthy', rows(sick), {}, 'warn', 'unhealthy'],
  ['killed', rows(up, ['worker', 'exited', 'Exited (137) 5 minutes ago']), {}, 'warn', 'not-running'],
  ['restarting', rows(['a', 'restarting', 'Restarting (1) 3 seconds ago']), {}, 'warn', 'not-running'],
  ['none at all', { stdout: '' }, {}, 'ok', 'ok'],
  ['the declared one is well, another is not', rows(up, ['worker', 'dead', 'Dead']), wanted, 'ok', 'ok'],
  ['the declared one is unhealthy', rows(sick), wanted, 'fail', 'unhealthy'],
  ['the declared one was killed', rows(dead), wanted, 'fail', 'not-running'],
  ['the declared one ended well, and should not have', rows(['paygw', 'exited', 'Exited (0) 1 hour ago']), wanted, 'fail', 'not-running'],
  ['the declared one is gone', rows(done), wanted, 'fail', 'missing'],
])('%s', async (_name, docker, params, status, code) => {
  expect((await look(docker, null, params)).judgement).toMatchObject({ status, code });
});

test.each([
  ['killed for lack of memory', [dead], detail(true, 0, 5), {}, 'warn', 'oom-killed'],
  ['the declared one was', [dead], detail(true, 0, 5), wanted, 'fail', 'oom-killed'],
  ['a process in it was, and it runs on', [up], detail(true, 0, 500), wanted, 'warn', 'oom-killed'],
  ['keeps restarting', [up], detail(false, 3, 9), {}, 'warn', 'crash-looping'],
  ['the declared one keeps restarting', [up], detail(false, 3, 9), wanted, 'fail', 'crash-looping'],
  ['was restarted often, and has settled', [up], detail(false, 30, 10), wanted, 'ok', 'ok'],
  ['was restarted twice', [up], detail(false, 2, 1), wanted, 'ok', 'ok'],
  ['a date that is none', [up], '{"name":"/paygw","oomKilled":false,"restarts":9,"startedAt":"-"}\n', wanted, 'ok', 'ok'],
] as const)('inspected: %s', async (_name, all, details, params, status, code) => {
  const { facts, judgement } = await look(rows(...all), null, params, details);
  expect(facts).toMatchObject({ containers: [{ restarts: expect.any(Number) }] });
  expect(judgement).toMatchObject({ status, code });
});

test('podman writes names as a list; without any engine it is not-applicable', async () => {
  const stdout = `${JSON.stringify({ Names: ['paygw'], State: 'running', Status: 'Up 2 hours (starting)', Image: 'img' })}\n`;
  expect((await look(null, { stdout })).facts).toMatchObject({ engine: 'podman', containers: [{ name: 'paygw', health: 'starting' }] });
  expect((await look(null, null)).judgement).toMatchObject({ status: 'not-applicable' });
  expect((await look(null, null, wanted)).judgement).toMatchObject({ status: 'unknown', code: 'no-engine' });
});

test.each([
  ['permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock', 'no-permission'],
  ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?', 'unreachable'],
])('%s: unknown', async (stderr, reason) => {
  await expect(look({ exitCode: 1, stderr })).rejects.toMatchObject({ reason, unlock: expect.any(String) });
});

test.skipIf(process.platform !== 'linux')('answers on this machine, or says what would let it', async () => {
  const answer = await probeAndJudge(containerState, localContext()).catch((error: { unlock: string }) => error.unlock);
  expect(typeof answer === 'string' ? answer : answer.judgement.status).toBeTruthy();
});
