import { describe, expect, it } from 'vitest';
import { settlementFile } from '../../src/checks/settlement-file.ts';
import { judge, probeAndJudge } from './judge.ts';
import { csv, moneyFiles } from './money-files.ts';
import { realContext } from './real-context.ts';

const files = moneyFiles();
const DAY = 86_400_000;
const day = (back: number): string => new Date(Date.now() - back * DAY).toISOString().slice(0, 10).replaceAll('-', '');
/** A time of day that lies so many minutes in the past, or in the future; never across midnight for the days below. */
const clock = (minutesAgo: number): string => new Date(Date.now() - minutesAgo * 60_000).toISOString().slice(11, 16);
const write = (name: string, text: string, back = 1): string => files.write(`${name}-${day(back)}.csv`, text);
const ask = async (name: string, more: Record<string, unknown> = {}) =>
  (await probeAndJudge(settlementFile, realContext(), { file: files.path(`${name}-%Y%m%d.csv`), ...more })).judgement;

const WECHAT =
  '交易时间,微信订单号,商户订单号,应结订单金额,退款金额,手续费\n`2026-11-27 10:00:00,`42001,`A1,`12.00,`0.00,`0.07200\n`2026-11-27 10:01:00,`42002,`A2,`8.00,`0.00,`0.04800\n';
const sums = (count: string, settled: string, fee = '0.12000') =>
  `总交易单数,应结订单总金额,退款总金额,手续费总金额\n\`${count},\`${settled},\`0.00,\`${fee}\n`;
const ALIPAY =
  '#账号：[2088]\n支付宝交易号,商户订单号,业务类型,商家实收（元）\n2026001\t,A1\t,交易,0.03\n2026002\t,A2\t,交易,0.03\n2026003\t,A1\t,退款,-0.03\n';
const OWN = {
  totals: { delimiter: '|', record: { H: { count: 3 }, T: { count: 2, sum: 3 } }, rows: { prefix: 'D', sum: 3 }, unit: 'minor' },
};

describe('settlement.file', () => {
  it.each([
    ['whole', WECHAT + sums('2', '20.00'), {}, 'ok', 'ok'],
    ['a row is missing', WECHAT + sums('3', '20.00'), {}, 'fail', 'control-total'],
    ['money is missing', WECHAT + sums('2', '20.01'), {}, 'fail', 'control-total'],
    ['a fee of five decimals', WECHAT + sums('2', '20.00', '0.12001'), {}, 'fail', 'control-total'],
    ['cut off', WECHAT, {}, 'fail', 'cut'],
    ['alipay', `${ALIPAY}#交易合计：2笔，商家实收共0.06元\n#退款合计：1笔，商家实收共-0.03元\n`, {}, 'ok', 'ok'],
    ['alipay counts refunds as trades', `${ALIPAY}#交易合计：3笔，商家实收共0.06元\n`, {}, 'fail', 'control-total'],
    ['alipay without its footer', ALIPAY, {}, 'fail', 'cut'],
    ['records of its own', 'H|20261127|2\nD|A|1200\nD|B|800\nT|2|2000\n', OWN, 'ok', 'ok'],
    ['records that do not count', 'H|20261127|3\nD|A|1200\nD|B|800\nT|2|2000\n', OWN, 'fail', 'control-total'],
    ['records that do not sum up', 'H|20261127|2\nD|A|1200\nD|B|801\nT|2|2000\n', OWN, 'fail', 'control-total'],
    ['records without a trailer', 'H|20261127|2\nD|A|1200\nD|B|800\n', OWN, 'fail', 'cut'],
    ['a trailer without a number', 'H|20261127|2\nD|A|1200\nD|B|800\nT|x|2000\n', OWN, 'fail', 'control-total'],
    ['no totals', csv(['order_no', 'amount'], ['A', '1.00']), {}, 'ok', 'no-totals'],
    ['a header alone', csv(['order_no', 'amount']), {}, 'fail', 'empty'],
    ['nothing', '', {}, 'fail', 'empty'],
  ] as const)('%s', async (_name, text, more, status, code) => {
    write('bill', text);
    expect(await ask('bill', more)).toMatchObject({ status, code });
  });

  it('late, by the clock of the sender', async () => {
    // 00:00 UTC has always come: the file of yesterday is due.
    expect(await ask('none', { due: '00:00' })).toMatchObject({ code: 'late' });
    expect(await ask('none')).toMatchObject({ status: 'warn', code: 'missing' });
  });

  it.each([
    [90, 'warn'],
    [121, 'fail'],
  ] as const)('%i min late', (minutes, status) => {
    const facts = {
      observedAt: minutes * 60_000,
      file: '/bill',
      dueAt: 0,
      exists: false,
      size: 0,
      modifiedAt: null,
      past: [],
      medianPastSize: null,
    };
    const rest = { sameAs: '', rows: 0, ragged: 0, kind: 'none', cut: false, totals: [] };
    expect(judge(settlementFile, { ...facts, ...rest }, { file: '/bill' })).toMatchObject({ status, code: 'late', value: minutes });
  });

  it('before it is due the file of the day before counts', async () => {
    write('early', csv(['order_no', 'amount'], ['A', '1.00']), 2);
    const { facts } = await probeAndJudge(settlementFile, realContext(), { file: files.path('early-%Y%m%d.csv'), due: clock(-2) });
    const crossed = clock(-2) < clock(0);
    expect(facts['exists']).toBe(!crossed);
  });

  it('one file that is written anew every day', async () => {
    const text = csv(['order_no', 'amount'], ['A', '1.00']);
    const file = files.write('latest.csv', text);
    expect((await probeAndJudge(settlementFile, realContext(), { file, due: '00:00' })).judgement).toMatchObject({ status: 'ok' });
    files.write('latest.csv', text, Date.now() - 3 * DAY);
    expect((await probeAndJudge(settlementFile, realContext(), { file, due: '00:00' })).judgement).toMatchObject({ code: 'late' });
  });

  it('an old file sent again, and a size unlike the others', async () => {
    const rows = (count: number) => csv(['order_no', 'amount'], ...Array.from({ length: count }, (_, at) => [`A${at}`, '1.00']));
    for (let back = 2; back <= 8; back++) write('sized', rows(100 + back), back);
    write('sized', rows(105));
    expect(await ask('sized')).toMatchObject({ status: 'fail', code: 'duplicate' });
    write('sized', rows(10));
    expect(await ask('sized')).toMatchObject({ status: 'warn', code: 'size-outlier', threshold: 4 });
    write('sized', rows(90));
    expect(await ask('sized')).toMatchObject({ status: 'ok' });
  });

  it('what cannot be read is unknown', async () => {
    write('packed', 'PK\x03\x04...');
    await expect(ask('packed')).rejects.toMatchObject({ reason: 'io' });
  });
});
