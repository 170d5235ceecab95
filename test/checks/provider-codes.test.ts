import { describe, expect, it } from 'vitest';
import { providerCodes } from '../../src/checks/provider-codes.ts';
import { v } from '../../src/checks/schema.ts';
import { wilsonInterval } from '../../src/checks/wilson.ts';
import { probeAndJudge } from './judge.ts';
import { moneyFiles } from './money-files.ts';
import { realContext } from './real-context.ts';

const files = moneyFiles();
const MINUTE = 60_000;
/** `now` in the last ten minutes, `before` in the ten before. */
async function ask(now: readonly string[], before: readonly string[] = [], more: Record<string, unknown> = {}) {
  const at = Date.now();
  const spread = (lines: readonly string[], start: number) =>
    lines.map((line, index) => `${new Date(start + (index * 9 * MINUTE) / lines.length).toISOString()} ${line}\n`).join('');
  const file = files.write('payments.log', spread(before, at - 19.5 * MINUTE) + spread(now, at - 9.5 * MINUTE));
  return await probeAndJudge(providerCodes, realContext(), { file, table: 'unionpay-online', ...more });
}
const times = (count: number, code: string, more = ''): string[] => Array.from({ length: count }, () => `respCode=${code} ${more}`);
const good = times(190, '00');

describe('provider.codes', () => {
  it.each([
    ['paid', good, good, 'ok', 'ok'],
    ['a few busy answers', [...good, ...times(1, '06')], good, 'ok', 'ok'],
    ['many unknown outcomes', [...good, ...times(20, '04')], good, 'fail', 'unknown-outcome'],
    ['signatures', [...good, ...times(20, '11')], good, 'fail', 'signature'],
    ['not permitted', [...good, ...times(20, '32')], good, 'fail', 'permission'],
    ['asked too often', [...good, ...times(20, '37')], good, 'fail', 'rate-limited'],
    ['format', [...good, ...times(20, '10')], good, 'fail', 'parameter'],
    ['more than a warning', [...times(990, '00'), ...times(14, '11')], good, 'warn', 'signature'],
    ['as many limits as ever', [...good, ...times(9, '33')], [...good, ...times(9, '33')], 'ok', 'ok'],
    ['limits rise', [...good, ...times(20, '33')], good, 'warn', 'limit'],
    ['risk rises', [...good, ...times(20, '38')], good, 'warn', 'risk'],
    ['duplicates rise', [...good, ...times(20, '12')], good, 'warn', 'duplicate'],
    ['declines as ever', [...good, ...times(20, '64')], [...good, ...times(20, '64')], 'ok', 'ok'],
    ['declines rise', [...good, ...times(50, '64')], [...good, ...times(10, '64')], 'warn', 'declines'],
    ['three of three prove it', times(3, '11'), [], 'fail', 'signature'],
    ['one of five does not', [...times(4, '00'), ...times(1, '37')], [], 'ok', 'too-few'],
    ['silence', [], times(12, '00'), 'fail', 'silent'],
    ['an idle night', [], [], 'ok', 'idle'],
    ['a log about something else', ['INFO garbage collection'], [], 'unknown', 'not-understood'],
    ['codes of nobody', times(40, 'ZZ'), [], 'unknown', 'not-understood'],
  ] as const)('%s', async (_name, now, before, status, code) => {
    expect((await ask(now, before)).judgement).toMatchObject({ status, code });
  });

  it('tells the impact: failed, of unknown outcome, what they are worth, since when', async () => {
    const now = [
      ...times(20, '00', 'amount=5.00 currency=CNY'),
      ...times(2, '11', 'amount=12.50 currency=CNY'),
      ...times(1, '04', 'amount=30.00 currency=CNY'),
      ...times(1, '64', 'amount=77.00 currency=CNY'),
    ];
    const { facts } = await ask(now, [], { format: 'kv', fields: { code: 'respCode' } });
    expect(facts).toMatchObject({ failed: 2, unknownOutcome: 1, value: { CNY: '55.00' }, unpriced: 0 });
    expect(facts['firstBadAt']).toBeGreaterThan(facts['lastGoodAt'] as number);
    expect((await ask(times(3, '11'))).facts).toMatchObject({ failed: 3, value: {}, unpriced: 3 });
  });

  it('shows share, interval, code, the share before, and where it gathers', async () => {
    const now = [...times(100, '00', 'channel=a'), ...times(10, '00', 'channel=b'), ...times(20, '11', 'channel=b')];
    const { judgement, facts } = await ask(now, times(100, '00', 'channel=a'));
    expect(judgement.data).toEqual({
      attempts: 130,
      percent: 15.38,
      low: 10.19,
      high: 22.57,
      code: '11',
      before: 0,
      where: 'provider b: 20/30 (0/100)',
    });
    expect(facts['gatherings']).toEqual([
      { by: 'provider', key: 'b', outcome: 'SIGN/KEY/CERT', count: 20, of: 30, others: 0, othersOf: 100 },
    ]);
  });

  it('one provider alone, and each by its own table', async () => {
    const now = [
      ...times(40, '00', 'channel=card'),
      ...times(40, 'SYSTEM_ERROR', 'channel=wx').map((line) => line.replace('respCode', 'code')),
    ];
    const more = { format: 'regex', pattern: '(?:respCode|code)=(?P<code>\\w+) channel=(?P<provider>\\w+)', tables: { wx: 'wechat-v3' } };
    expect((await ask(now, [], { ...more, provider: 'card' })).judgement).toMatchObject({ status: 'ok', data: { attempts: 40 } });
    expect((await ask(now, [], { ...more, provider: 'wx' })).judgement).toMatchObject({ status: 'fail' });
  });

  it('words of one’s own', async () => {
    const now = [...times(40, 'OK'), ...times(10, 'GONE')];
    const more = { format: 'kv', fields: { code: 'respCode' }, outcomes: { OK: 'PAID', GONE: 'PROVIDER_DOWN' } };
    expect((await ask(now, [], more)).judgement).toMatchObject({ status: 'fail', code: 'provider-down' });
  });

  it('a table that is none is refused; a log that is not there warns; one that may not be read is unknown', async () => {
    expect(v.safeParse(providerCodes.params, { file: '/x', table: 'nobody' }).success).toBe(false);
    expect((await probeAndJudge(providerCodes, realContext(), { file: files.path('none.log') })).judgement).toMatchObject({
      status: 'warn',
      code: 'missing',
    });
    await expect(probeAndJudge(providerCodes, realContext(), { file: files.path('.') })).rejects.toMatchObject({ name: 'HostError' });
  });
});

describe('the interval of Wilson', () => {
  // Values of Newcombe 1998, table I, method 3.
  it.each([
    [81, 263, 25.53, 36.62],
    [15, 148, 6.24, 16.05],
    [0, 20, 0, 16.11],
    [1, 29, 0.61, 17.18],
  ])('%i of %i', (hits, of, low, high) => {
    const interval = wilsonInterval(hits, of);
    expect(interval.low).toBeCloseTo(low, 1);
    expect(interval.high).toBeCloseTo(high, 1);
  });
});
