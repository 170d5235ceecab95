import { afterEach, describe, expect, test } from 'vitest';
import { payHsm } from '../../src/checks/pay-hsm.ts';
import { closeServers, findClosedPort, startTcp } from '../adapters/servers.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';
import { realContext } from './real-context.ts';

afterEach(closeServers);
const status = { command: '0000NC', answer: '0000ND00' };
const ask = (port: number, params: object = status) =>
  probeAndJudge(payHsm, { ...realContext(), timeoutMs: 1_200 }, { host: '127.0.0.1', port, ...params });

/** Two bytes of length, a header of four characters that is repeated, a command of two letters: the host interface of a payShield. */
const startHsm = (answerOf: (header: string, command: string) => string) => {
  const commands: string[] = [];
  const port = startTcp((socket) =>
    socket.on('data', (bytes) => {
      const length = bytes.readUInt16BE(0);
      const text = bytes.toString('latin1', 2, 2 + length);
      commands.push(text);
      const answer = Buffer.from(answerOf(text.slice(0, 4), text.slice(4)), 'latin1');
      socket.write(Buffer.concat([Buffer.of(answer.length >> 8, answer.length & 0xff), answer]));
    }),
  );
  return { port, commands };
};

describe('a module on loopback', () => {
  test('that is well', async () => {
    const { port, commands } = startHsm((header, command) =>
      command === 'NC' ? `${header}ND0026860477E56B9D20007-E000` : `${header}ZZ15`,
    );
    const { facts, judgement } = await ask(await port);
    expect(judgement).toMatchObject({ status: 'ok', code: 'answered', threshold: 1_000 });
    expect(commands).toEqual(['0000NC']);
    // The check value of its master key stays there.
    expect(facts).toMatchObject({ begins: '0000ND00' });
    expect(JSON.stringify(facts)).not.toContain('2686');
  });

  test('that reports an error', async () => {
    const { port } = startHsm((header) => `${header}ND13`);
    expect((await ask(await port)).judgement).toMatchObject({
      status: 'fail',
      code: 'error-code',
      value: '0000ND13',
      threshold: '0000ND00',
      thresholdSource: 'playbook',
    });
  });

  test('of which only the connection is tried', async () => {
    const { port, commands } = startHsm(() => '');
    expect((await ask(await port, {})).judgement).toMatchObject({ status: 'ok', code: 'connected' });
    expect(commands).toEqual([]);
  });

  test.each<[string, () => Promise<number>, object, string]>([
    ['that is not there', findClosedPort, status, 'refused'],
    ['that is not there, without a command', findClosedPort, {}, 'refused'],
    ['that says nothing', () => startTcp(() => {}), status, 'no-answer'],
    ['that hangs up', () => startTcp((socket) => socket.on('data', () => socket.end())), status, 'closed'],
  ])('%s', async (_name, start, params, code) => {
    expect((await ask(await start(), params)).judgement).toMatchObject({ status: 'fail', code });
  });
});

test('a late answer warns', () => {
  const exchange = { outcome: 'answered', bytes: 30, roundTripMs: 1_200, errorCode: '' };
  const facts = { observedAt: 0, peer: 'hsm:1500', connect: null, exchange, begins: '0000ND00' };
  expect(judge(payHsm, facts, status)).toMatchObject({ status: 'warn', code: 'slow', value: 1_200 });
});

test('none is declared', async () => {
  expect((await probeAndJudge(payHsm, fakeHost())).judgement).toMatchObject({ status: 'not-applicable', code: 'none' });
});

test.each([
  [{ command: '0000NC' }, 1],
  [{ answer: '0000ND00' }, 1],
  [{ command: '0000NC\n', answer: '0000ND00' }, 1],
])('%j is refused', (params, count) => {
  expect(problemsOf(payHsm, params)).toHaveLength(count);
});
