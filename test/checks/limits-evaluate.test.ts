import { describe, expect, it } from 'vitest';
import { limitsEvaluate } from '../../src/checks/limits-evaluate.ts';
import { v } from '../../src/checks/schema.ts';
import { probeAndJudge } from './judge.ts';
import { moneyFiles } from './money-files.ts';
import { realContext } from './real-context.ts';

const files = moneyFiles();
const SINGLE = { name: 'single', owner: 'ours', max: 5000 };
const CARD_DAY = { name: 'card-day', owner: 'bank', per: 'day', of: 'card', max: 1000 };
/** `count` payments of the last minutes, all of one day. */
const lines = (count: number, text: (index: number) => string): string[] => Array.from({ length: count }, (_, index) => text(index));
const good = lines(60, (index) => `method=card amount=20.00 merchant=M1 card=62284800${index} rc=00`);

const DAY_MS = 86_400_000;

async function ask(texts: readonly string[], limits: readonly unknown[], more: Record<string, unknown> = {}) {
  const sinceMidnight = Date.now() % DAY_MS;
  const now = sinceMidnight < 200_000 ? Date.now() - sinceMidnight - 1 : Date.now();
  const log = texts.map((text, index) => `${new Date(now - (texts.length - index) * 1_000).toISOString()} ${text}\n`).join('');
  const file = files.write('payments.log', log);
  return await probeAndJudge(limitsEvaluate, realContext(), { file, limits, table: 'unionpay-pos', ...more });
}

describe('limits.evaluate', () => {
  it.each([
    ['nothing refused', good, [SINGLE], 'ok', 'ok'],
    ['one in many', [...lines(140, () => 'amount=20.00 rc=00'), 'amount=6000.00 rc=61'], [SINGLE], 'ok', 'ok'],
    ['ours', [...good, ...lines(20, () => 'amount=6000.00 rc=61')], [SINGLE], 'fail', 'ours'],
    ['the channel', [...good, ...lines(20, () => 'amount=6000.00 rc=61')], [{ ...SINGLE, owner: 'channel' }], 'fail', 'channel'],
    ['the scheme', [...good, ...lines(20, () => 'amount=6000.00 rc=61')], [{ ...SINGLE, owner: 'scheme' }], 'fail', 'scheme'],
    ['the regulator', [...good, ...lines(20, () => 'amount=6000.00 rc=61')], [{ ...SINGLE, owner: 'regulator' }], 'fail', 'regulator'],
    [
      'a least amount',
      [...good, ...lines(20, () => 'amount=0.50 rc=13')],
      [{ name: 'least', owner: 'channel', min: '1.00', codes: ['13'] }],
      'fail',
      'channel',
    ],
    [
      'the sum of a card on one day',
      [...good, ...lines(10, () => 'amount=100.00 pan=6228481234 rc=00'), ...lines(20, () => 'amount=100.00 pan=6228481234 rc=61')],
      [SINGLE, CARD_DAY],
      'fail',
      'bank',
    ],
    ['a limit that nobody wrote down', [...good, ...lines(20, () => 'amount=20.00 rc=61')], [SINGLE], 'fail', 'unexplained'],
    ['a limit of ours that does not hold', [...good, 'amount=9000.00 rc=00'], [SINGLE], 'warn', 'not-enforced'],
    ['declines are no limits', [...good, ...lines(20, () => 'amount=6000.00 rc=05')], [SINGLE], 'ok', 'ok'],
    ['a few in a small sample prove nothing', ['amount=20.00 rc=00', 'amount=20.00 rc=00'], [SINGLE], 'ok', 'ok'],
    ['a log about something else', lines(20, () => 'INFO garbage collection'), [SINGLE], 'unknown', 'not-understood'],
    ['no amounts', lines(20, () => 'rc=00'), [SINGLE], 'unknown', 'not-understood'],
    ['an idle night', [], [SINGLE], 'ok', 'no-payments'],
  ] as const)('%s', async (_name, texts, limits, status, code) => {
    const { judgement, facts } = await ask(texts, limits);
    expect(judgement).toMatchObject({ status, code });
    expect(JSON.stringify(facts)).not.toContain('6228481234');
  });

  it('names the rule, the payment, what came before and what is allowed', async () => {
    const paid = lines(10, () => 'amount=100.00 pan=6228481234 rc=00');
    const { judgement } = await ask([...paid, ...lines(20, () => 'amount=100.00 pan=6228481234 rc=61')], [SINGLE, CARD_DAY], {
      currency: 'CNY',
    });
    expect(judgement).toMatchObject({ data: { rule: 'card-day', amount: '100.00', before: '1000.00', bound: '1000' } });
  });

  it('codes of our own, fen, and JSON', async () => {
    const texts = [
      ...lines(30, () => JSON.stringify({ result: 'SUCCESS', fee: 2000 })),
      ...lines(10, () => JSON.stringify({ result: 'AMOUNT_LIMIT', fee: 600_000 })),
    ];
    const more = {
      format: 'json',
      fields: { code: 'result', amount: 'fee' },
      unit: 'minor',
      table: 'wechat-v3',
      outcomes: { AMOUNT_LIMIT: 'LIMIT' },
    };
    expect((await ask(texts, [SINGLE], more)).judgement).toMatchObject({ status: 'fail', code: 'ours', data: { amount: '6000.00' } });
  });

  it('rules that say nothing are refused', () => {
    for (const limits of [
      [{ name: 'x', owner: 'ours' }],
      [{ name: 'x', owner: 'somebody', max: 1 }],
      [{ name: 'x', owner: 'ours', count: 3 }],
    ])
      expect(v.safeParse(limitsEvaluate.params, { file: '/x', limits }).success).toBe(false);
    expect(v.safeParse(limitsEvaluate.params, { file: '/x', limits: [], table: 'nobody' }).success).toBe(false);
  });

  it('a log that is not there warns; one that may not be read is unknown', async () => {
    expect((await probeAndJudge(limitsEvaluate, realContext(), { file: files.path('none.log'), limits: [] })).judgement).toMatchObject({
      status: 'warn',
      code: 'missing',
    });
    await expect(probeAndJudge(limitsEvaluate, realContext(), { file: files.path('.'), limits: [] })).rejects.toMatchObject({
      name: 'HostError',
    });
  });
});
