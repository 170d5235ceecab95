import { expect, test } from 'vitest';
import { containerState } from '../../src/checks/container-state.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const ARGV = 'ps --all --no-trunc --format {{json .}}';
const look = (docker: object | null, podman: object | null = null, params = {}) =>
  probeAndJudge(containerState, fakeHost({ commands: { [`docker ${ARGV}`]: docker, [`podman ${ARGV}`]: podman } }), params);
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
