import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeJudgement } from '../../src/checks/check.ts';
import { iso8583Traffic } from '../../src/checks/iso8583-traffic.ts';
import { v } from '../../src/checks/schema.ts';
import { probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'oor-traffic-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Lines of the last minutes, each a number of seconds ago. */
async function ask(lines: readonly (readonly [secondsAgo: number, text: string])[], params: Record<string, unknown> = {}) {
  const file = join(folder, 'switch.log');
  const text = lines
    .toSorted(([one], [other]) => other - one)
    .map(([ago, line]) => `${new Date(Date.now() - ago * 1_000).toISOString()} ${line}\n`)
    .join('');
  writeFileSync(file, text);
  return (await probeAndJudge(iso8583Traffic, realContext(), { file, ...params })).judgement;
}

const repeat = (from: number, to: number, step: number, text: (index: number) => string) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => [from + index * step, text(index)] as const);
const good = repeat(5, 230, 5, (index) => `INFO 0200 tid=T${index % 4} bin=62254${index % 3} stan=${900 - index} rc=00 in 120 ms`);
const declined = repeat(7, 230, 50, () => 'INFO 0200 tid=T2 bin=622541 rc=51 in 130 ms');

describe('iso8583.traffic', () => {
  it.each([
    ['payments and a few declines', [...good, ...declined], 'ok', 'ok'],
    ['an idle night', [[100, 'INFO echo answered rc=00']], 'ok', 'no-traffic'],
    [
      'the host refuses',
      [
        [200, 'INFO link: connected to switch:8583'],
        [20, 'ERROR link: lost: EOF'],
        ...repeat(1, 15, 3, () => 'ERROR link: connect to switch:8583 failed: [Errno 111] Connection refused'),
      ],
      'fail',
      'link-refused',
    ],
    ['the host is silent', repeat(1, 30, 5, () => 'WARN connection to acquirer timed out'), 'fail', 'link-silent'],
    [
      'it was down and is back',
      [...good, [60, 'ERROR connection refused while connecting, connect failed: refused'], [50, 'INFO link connected']],
      'ok',
      'ok',
    ],
    [
      'it comes and goes',
      [...good, ...repeat(10, 90, 20, () => 'ERROR link lost'), ...repeat(5, 85, 20, () => 'INFO link connected')],
      'fail',
      'flapping',
    ],
    [
      'echoes take seconds and some payments are given up',
      [
        [90, 'INFO link: connected'],
        ...repeat(3, 60, 6, () => 'INFO echo: response 0810 rc=00 2501ms'),
        ...repeat(1, 60, 9, () => 'ERROR 0200 terminal=T0000003 no response from host within 4s -> 68'),
        ...repeat(4, 60, 9, () => 'INFO 0200 terminal=T0000031 amount=000000000100 rc=00'),
      ],
      'fail',
      'echo-slow',
    ],
    ['echoes take seconds, nothing is given up', repeat(3, 60, 6, () => 'INFO echo: response 0810 rc=00 2501ms'), 'warn', 'echo-slow'],
    [
      'it was slow and has fallen silent',
      [...repeat(40, 90, 6, () => 'INFO echo: response 0810 rc=00 2501ms'), ...repeat(1, 30, 3, () => 'ERROR no response from host')],
      'fail',
      'unanswered',
    ],
    ['each echo is refused', [...repeat(3, 60, 6, () => 'ERROR echo: response 0810 rc=91 1ms'), ...good], 'fail', 'echo-refused'],
    ['network management of 1993 is accepted with 800', repeat(3, 60, 6, () => 'INFO echo 1814 rc=800 1ms'), 'ok', 'no-traffic'],
    [
      'nobody answers',
      [[60, 'INFO link: connected'], ...repeat(1, 30, 3, () => 'ERROR echo: no 0810 from host within 3s')],
      'fail',
      'unanswered',
    ],
    ['garbage', [...good, [3, 'ERROR undecodable message from host: bad bitmap'], [2, 'ERROR link: lost']], 'fail', 'undecodable'],
    ['a wrong MAC', [...good, [3, 'ERROR MAC verification failed for 0210']], 'fail', 'mac-failed'],
    [
      'issuers inoperative',
      [...repeat(125, 230, 5, () => 'INFO 0200 rc=00 100 ms'), ...repeat(1, 100, 5, () => 'INFO 0200 tid=1 rc=91 90 ms')],
      'fail',
      'issuer-inoperative',
    ],
    ['twelve of twelve', repeat(1, 12, 1, () => 'WARN 0200 answered de39=96'), 'fail', 'system-malfunction'],
    ['no answer in time, said by the switch', repeat(1, 60, 5, () => 'ERROR 0200 tid=9 -> 68'), 'fail', 'unanswered'],
    [
      'answers that nobody waits for',
      [...good, ...repeat(3, 60, 9, () => 'WARN late response 0210 stan=000001: nobody waits for it')],
      'warn',
      'late',
    ],
    ['codes of 1993: issuer', repeat(1, 60, 5, () => 'INFO 1210 rc=912 in 90 ms'), 'fail', 'issuer-inoperative'],
    ['codes of 1993: approved', repeat(1, 60, 5, () => 'INFO 1210 rc=002 in 90 ms'), 'ok', 'ok'],
    [
      'frames out of step: some fail their MAC, too',
      [
        ...good,
        [4, 'ERROR MAC verification failed for 0210'],
        [3, 'ERROR undecodable message from host'],
        [2, 'ERROR MAC verification failed'],
      ],
      'fail',
      'undecodable',
    ],
    ['keys', repeat(1, 60, 5, () => 'WARN 0210 resp_code=A0'), 'fail', 'keys-out-of-step'],
    ['slow', repeat(1, 60, 5, () => 'INFO 0200 rc=00 in 6100 ms'), 'fail', 'slow'],
    [
      'more declines than before',
      [...repeat(125, 230, 5, () => 'INFO rc=00'), ...repeat(1, 60, 5, () => 'INFO rc=51'), ...repeat(61, 110, 10, () => 'INFO rc=00')],
      'warn',
      'declines',
    ],
    ['a log about something else', repeat(1, 60, 5, () => 'INFO garbage collection took a while'), 'unknown', 'not-understood'],
  ] as const)('%s', async (_name, lines, status, code) => {
    expect(await ask(lines)).toMatchObject({ status, code });
  });

  it('how long a code took tells where it comes from', async () => {
    const judgement = await ask(repeat(1, 60, 5, () => 'INFO 0200 rc=91 in 21000 ms'));
    expect(describeJudgement(iso8583Traffic, judgement, 'en')).toMatch(/end in 91 after 21000 ms/);
  });

  it('failures that gather at one BIN are named', async () => {
    const file = join(folder, 'bins.log');
    const line = (ago: number, bin: string, rc: string) => `${new Date(Date.now() - ago * 1_000).toISOString()} bin=${bin} rc=${rc}\n`;
    writeFileSync(
      file,
      Array.from({ length: 60 }, (_, index) =>
        line(100 - index, index % 6 === 0 ? '411111' : '622848', index % 6 === 0 ? '91' : '00'),
      ).join(''),
    );
    const { facts } = await probeAndJudge(iso8583Traffic, realContext(), { file });
    expect(facts['concentrations']).toEqual([{ by: 'bin', key: '411111', transactions: 10, failed: 10 }]);
  });

  it.each([
    [
      'json',
      { format: 'json', fields: { code: 'answer.code', bin: 'card' } },
      (rc: string) => JSON.stringify({ answer: { code: rc }, card: '62284812' }),
    ],
    ['kv', { format: 'kv', fields: { code: 'result' } }, (rc: string) => `result=${rc} other="1 2"`],
    ['csv', { format: 'csv', delimiter: ';', fields: { code: 3 } }, (rc: string) => `x;y;${rc};z`],
    ['regex', { format: 'regex', pattern: 'ended (?P<code>[0-9A-Z]{2})' }, (rc: string) => `ended ${rc}`],
  ] as const)('the mapping of the profile: %s', async (_format, mapping, line) => {
    expect(
      await ask(
        repeat(1, 60, 5, () => line('91')),
        mapping,
      ),
    ).toMatchObject({ status: 'fail', code: 'issuer-inoperative' });
  });

  it('a regex without a pattern, and a pattern that is none, are refused', () => {
    for (const params of [{ file: '/x', format: 'regex' }, { file: '/x', format: 'regex', pattern: '(' }, { format: 'auto' }])
      expect(v.safeParse(iso8583Traffic.params, params).success).toBe(false);
  });

  it('a log that is not there warns; one that may not be read is unknown', async () => {
    expect((await probeAndJudge(iso8583Traffic, realContext(), { file: join(folder, 'none.log') })).judgement).toMatchObject({
      status: 'warn',
      code: 'missing',
    });
    await expect(iso8583Traffic.probe(v.parse(iso8583Traffic.params, { file: folder }), realContext())).rejects.toMatchObject({
      name: 'HostError',
    });
  });
});
