import { expect, test } from 'vitest';
import { mqDepth } from '../../src/checks/mq-depth.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';
import { recorded } from './recorded.ts';

const CTL = 'rabbitmqctl --quiet list_queues --formatter json name messages consumers arguments';
const rabbit = (answer: object | null, params = {}) =>
  probeAndJudge(mqDepth, fakeHost({ commands: { [CTL]: answer } }), { kind: 'rabbitmq', ...params });
const queue = (name: string, messages: number, consumers: number, limit?: number) => ({
  name,
  messages,
  consumers,
  arguments: limit === undefined ? [] : { 'x-max-length': limit },
});
const rows = (...all: readonly object[]) => ({ stdout: JSON.stringify(all) });

test.each([
  ['calm', rows(queue('a', 10, 2, 1_000)), {}, 'ok', 'ok'],
  ['filling', rows(queue('a', 850, 2, 1_000)), {}, 'warn', 'filling'],
  ['full, by the limit of the playbook', rows(queue('a', 950, 2)), { full: 1_000 }, 'fail', 'filling'],
  ['nobody reads', rows(queue('a', 950, 0)), {}, 'warn', 'unread'],
  ['another is full', rows(queue('a', 1, 1, 10), queue('b', 10, 1, 10)), { queues: ['a'] }, 'ok', 'ok'],
  ['the declared one is gone', rows(queue('b', 1, 1)), { queues: ['a'] }, 'fail', 'missing'],
  ['no queue', rows(), {}, 'not-applicable', 'none'],
  [
    'down',
    { exitCode: 69, stderr: 'Error: unable to perform an operation on node rabbit@gw1. Please see diagnostics information' },
    {},
    'fail',
    'down',
  ],
])('RabbitMQ: %s', async (_name, answer, params, status, code) => {
  expect((await rabbit(answer, params)).judgement).toMatchObject({ status, code });
});

test.each([
  [null, 'missing-tool'],
  [{ exitCode: 1, stdout: 'Only root or rabbitmq can run rabbitmqctl' }, 'no-permission'],
  [{ exitCode: 64, stderr: 'unknown formatter' }, 'io'],
])('RabbitMQ: %j is unknown', async (answer, reason) => {
  await expect(rabbit(answer)).rejects.toMatchObject({ reason, unlock: expect.any(String) });
});

const MQSC = 'sh -c printf "%s\\n" "DISPLAY QLOCAL(*) CURDEPTH MAXDEPTH IPPROCS" "DISPLAY QMSTATUS LOGUTIL" | runmqsc $1 sh PAY1';
const ibm = (answer: object) => probeAndJudge(mqDepth, fakeHost({ commands: { [MQSC]: answer } }), { kind: 'ibm-mq', manager: 'PAY1' });

test('IBM MQ: depths, the queues of the system left out', async () => {
  const { facts, judgement } = await ibm({ stdout: recorded('runmqsc-qlocal.txt') });
  expect(facts['queues']).toEqual([{ name: 'PAY.REQUEST', depth: 4_700, most: 5_000, readers: 2 }]);
  expect(judgement).toMatchObject({ status: 'fail', code: 'filling', value: 94, threshold: 90 });
});

/** As DISPLAY QMSTATUS answers from 9.1 on. */
const status = (percent: number) => `     2 : DISPLAY QMSTATUS LOGUTIL
AMQ8705I: Display Queue Manager Status Details.
   QMNAME(PAY1)                            STATUS(RUNNING)
   LOGUTIL(${percent})
`;

test.each([
  [79, 'ok', 'ok'],
  [85, 'warn', 'log'],
  [95, 'fail', 'log'],
])('IBM MQ: a log that is %d %% full', async (percent, grade, code) => {
  const queues = recorded('runmqsc-qlocal.txt').replace('CURDEPTH(4700)', 'CURDEPTH(70)');
  const { facts, judgement } = await ibm({ stdout: `${queues}${status(percent)}` });
  expect(judgement).toMatchObject({ status: grade, code });
  expect(facts).toMatchObject({ logPercent: percent, queues: [{ name: 'PAY.REQUEST', depth: 70 }] });
});

test('IBM MQ: down, refused, not installed', async () => {
  expect((await ibm({ exitCode: 20, stdout: 'AMQ8146E: IBM MQ queue manager not available.' })).judgement).toMatchObject({ code: 'down' });
  await expect(ibm({ exitCode: 20, stdout: 'AMQ8135E: Not authorized.' })).rejects.toMatchObject({ reason: 'no-permission' });
  await expect(ibm({ exitCode: 127, stderr: 'sh: 1: runmqsc: not found' })).rejects.toMatchObject({ reason: 'missing-tool' });
  expect(problemsOf(mqDepth, { kind: 'ibm-mq', manager: 'a; reboot' })).toHaveLength(1);
});
