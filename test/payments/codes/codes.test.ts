import { describe, expect, it } from 'vitest';
import type { CodeEntry } from '../../../src/payments/codes/code-entry.ts';
import { CODE_TABLES, findTable, lookUp, lookUpEverywhere, outcomeOf } from '../../../src/payments/codes/codes.ts';

const CHINESE = /\p{Script=Han}/u;

/** Throws instead of returning undefined, so that a missing row is a failing test. */
function row(table: string, code: string): CodeEntry {
  const found = findTable(table);
  const entry = found && lookUp(found, code);
  if (!entry) throw new Error(`${table} does not know ${code}`);
  return entry;
}

describe('the tables', () => {
  it('are these nine', () => {
    expect(CODE_TABLES.map(({ id }) => id)).toEqual([
      'iso8583-1987',
      'iso8583-1993',
      'unionpay-pos',
      'unionpay-online',
      'alipay',
      'wechat-v3',
      'stripe',
      'adyen',
      'paypal',
    ]);
  });

  it('share no name', () => {
    const names = CODE_TABLES.flatMap(({ id, aliases }) => [id, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  });

  it('answer to aliases, whatever their case', () => {
    expect(findTable('ACP')?.id).toBe('unionpay-online');
    expect(findTable('de39')?.id).toBe('iso8583-1987');
    expect(findTable('cup')?.id).toBe('unionpay-pos');
    // Two interfaces of one company: the bare name would be a guess.
    expect(findTable('unionpay')).toBeUndefined();
  });
});

describe.each(CODE_TABLES)('$id', ({ entries, title }) => {
  it('has no code twice', () => {
    const codes = entries.map(({ code }) => code.toLowerCase());
    expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
  });

  it('says everything in both languages', () => {
    expect(title['zh-CN']).toMatch(CHINESE);
    for (const { code, field, meaning, action, trap, source } of entries) {
      for (const text of [meaning, action, ...(trap ? [trap] : [])]) {
        expect(text.en, code).toMatch(/^[\x20-\x7e]+$/);
        expect(text['zh-CN'], code).toMatch(CHINESE);
      }
      expect(
        [field, source].every((text) => text.length > 0),
        code,
      ).toBe(true);
    }
  });

  it('never lets money be taken twice: whatever may have moved is queried or repeated under its own number', () => {
    const careless = entries.filter(({ moneyMoved, retry }) => moneyMoved !== 'no' && !['never', 'same-id', 'after-query'].includes(retry));
    expect(careless.map(({ code }) => code)).toEqual([]);
  });

  it('does not contradict itself', () => {
    for (const { code, outcome, moneyMoved, retry } of entries) {
      if (outcome === 'PAID') expect([code, moneyMoved, retry]).toEqual([code, 'yes', 'never']);
      if (moneyMoved === 'yes') expect([code, outcome]).toEqual([code, 'PAID']);
      if (outcome === 'UNKNOWN') expect([code, moneyMoved]).toEqual([code, 'unknown']);
      if (outcome === 'NOT_PAID_FINAL' || outcome === 'NOT_A_PAYMENT') expect([code, moneyMoved]).toEqual([code, 'no']);
      if (outcome === 'DUPLICATE') expect([code, moneyMoved]).toEqual([code, 'unknown']);
    }
  });

  it('finds every row again by its own code', () => {
    for (const entry of entries) expect(row(findTableOf(entry), entry.code)).toBe(entry);
  });
});

function findTableOf(entry: CodeEntry): string {
  return CODE_TABLES.find(({ entries }) => entries.includes(entry))?.id ?? '';
}

describe('one code, several meanings', () => {
  it.each<[code: string, table: string, meaning: RegExp, outcome: string]>([
    ['61', 'iso8583-1987', /amount limit/, 'LIMIT'],
    ['61', 'unionpay-pos', /amount limit/, 'LIMIT'],
    ['61', 'unionpay-online', /card number/, 'NOT_PAID_FINAL'],
    ['12', 'iso8583-1987', /invalid transaction/, 'PERMISSION/CONTRACT'],
    ['12', 'unionpay-online', /duplicate/, 'DUPLICATE'],
    ['12', 'adyen', /balance/, 'NOT_PAID_FINAL'],
    ['98', 'iso8583-1987', /cash limit/, 'LIMIT'],
    ['98', 'unionpay-pos', /no answer from the issuer/, 'UNKNOWN'],
    ['98', 'unionpay-online', /file/, 'NOT_A_PAYMENT'],
    ['68', 'iso8583-1987', /too late/, 'UNKNOWN'],
    ['68', 'unionpay-pos', /timed out/, 'UNKNOWN'],
    ['68', 'unionpay-online', /does not support/, 'NOT_PAID_FINAL'],
    ['91', 'iso8583-1987', /inoperative/, 'PROVIDER_DOWN'],
    ['91', 'unionpay-online', /authentication failed/, 'NOT_PAID_FINAL'],
    ['92', 'iso8583-1987', /routing/, 'PROVIDER_DOWN'],
    ['92', 'unionpay-online', /licence/, 'PERMISSION/CONTRACT'],
    ['34', 'iso8583-1987', /fraud/, 'RISK'],
    ['34', 'unionpay-online', /no such transaction/, 'NOT_PAID_FINAL'],
    ['42', 'iso8583-1987', /account/, 'NOT_PAID_FINAL'],
    ['42', 'unionpay-online', /charged/, 'PAID'],
    ['10', 'iso8583-1987', /partial/, 'PAID'],
    ['10', 'unionpay-online', /format/, 'PARAM'],
  ])('%s in %s', (code, table, meaning, outcome) => {
    expect(row(table, code).meaning.en).toMatch(meaning);
    expect(outcomeOf(table, code)).toBe(outcome);
  });

  it('all of them are found, none is chosen', () => {
    const tables = lookUpEverywhere('61').map(({ table }) => table.id);
    expect(tables).toEqual(['iso8583-1987', 'unionpay-pos', 'unionpay-online']);
    expect(lookUpEverywhere('400').map(({ table }) => table.id)).toEqual(['iso8583-1993', 'wechat-v3', 'stripe']);
  });
});

describe('traps', () => {
  it.each(['A2', 'A4', 'A5', 'A6'])('UnionPay %s is success, to be reconciled and never charged again', (code) => {
    expect(row('unionpay-pos', code)).toMatchObject({ outcome: 'PAID', moneyMoved: 'yes', retry: 'never' });
    expect(row('unionpay-pos', code).action.en).toMatch(/never charge again.*reconcil/i);
  });

  it.each([
    ['iso8583-1987', '09'],
    ['iso8583-1987', '68'],
    ['unionpay-pos', '68'],
    ['unionpay-pos', '98'],
    ['iso8583-1993', '911'],
  ])('%s %s: unknown, query or reverse', (table, code) => {
    expect(row(table, code)).toMatchObject({ outcome: 'UNKNOWN', moneyMoved: 'unknown', retry: 'after-query' });
    expect(row(table, code).action.en).toMatch(/query.*reverse/i);
  });

  it.each(['22', '77', '99', 'A0'])('UnionPay %s tells to sign on again', (code) => {
    expect(row('unionpay-pos', code).action.en).toMatch(/sign on again/);
  });

  it('UnionPay online 42 has charged although it looks like an error', () => {
    expect(row('unionpay-online', '42')).toMatchObject({ moneyMoved: 'yes', retry: 'never' });
    expect(row('unionpay-online', '42').action.en).toMatch(/refund/);
  });

  it.each(['03', '04', '05'])('UnionPay online %s is queried', (code) => {
    expect(row('unionpay-online', code)).toMatchObject({ outcome: 'UNKNOWN', retry: 'after-query' });
  });

  it('Alipay 20000 is unknown, and may be a wrong parameter', () => {
    expect(row('alipay', '20000')).toMatchObject({ outcome: 'UNKNOWN', moneyMoved: 'unknown' });
    expect(row('alipay', '20000').trap?.en).toMatch(/wrong parameters/);
  });

  it('Alipay says it with two codes: the sub_code decides, but only if it belongs to the table', () => {
    expect(row('alipay', '40004').outcome).toBe('UNKNOWN');
    expect(row('alipay', '40004/ACQ.TRADE_NOT_EXIST').code).toBe('ACQ.TRADE_NOT_EXIST');
    expect(outcomeOf('alipay', '40004/ACQ.TRADE_HAS_SUCCESS')).toBe('PAID');
    expect(outcomeOf('alipay', '40004/ACQ.NEVER_HEARD_OF')).toBeUndefined();
    expect(row('wechat-v3', '404/ORDER_NOT_EXIST').field).toBe('code');
  });

  it('a closed Alipay trade may have been paid and refunded', () => {
    expect(row('alipay', 'ACQ.TRADE_HAS_CLOSE')).toMatchObject({ moneyMoved: 'unknown', retry: 'after-query' });
  });

  it('WeChat SYSTEM_ERROR: the same parameters again, and look at mchid and serial', () => {
    expect(row('wechat-v3', 'SYSTEM_ERROR')).toMatchObject({ outcome: 'UNKNOWN', retry: 'same-id' });
    expect(row('wechat-v3', 'SYSTEM_ERROR').trap?.en).toMatch(/mchid, serial/);
  });

  it('WeChat FREQUENCY_LIMITED may be a payment under way', () => {
    expect(row('wechat-v3', 'FREQUENCY_LIMITED')).toMatchObject({ outcome: 'RATE', moneyMoved: 'unknown', retry: 'after-query' });
    expect(row('wechat-v3', 'FREQUENCY_LIMITED').trap?.en).toMatch(/re-entrancy/);
  });

  it('Stripe repeats a saved 500, and forgets keys', () => {
    for (const code of ['500', 'api_error', 'idempotency_error'])
      expect(row('stripe', code)).toMatchObject({
        moneyMoved: 'unknown',
        retry: 'after-query',
        trap: { en: expect.stringMatching(/24 hours/) },
      });
  });

  it.each([
    ['alipay', 'ACQ.TRADE_NOT_EXIST'],
    ['wechat-v3', 'ORDER_NOT_EXIST'],
    ['unionpay-online', '34'],
    ['stripe', 'resource_missing'],
    ['paypal', 'RESOURCE_NOT_FOUND'],
  ])('%s %s: not found is what a probe hopes for, and no licence to pay again at once', (table, code) => {
    expect(row(table, code)).toMatchObject({ outcome: 'NOT_PAID_FINAL', moneyMoved: 'no', retry: 'after-query' });
    expect(row(table, code).action.en).toMatch(/probe number this is the healthy answer/);
  });

  it.each([
    ['alipay', 'ACQ.TRADE_HAS_SUCCESS'],
    ['paypal', 'ORDER_ALREADY_CAPTURED'],
  ])('%s %s is an error answer for a paid order', (table, code) => {
    expect(outcomeOf(table, code)).toBe('PAID');
  });
});

describe('classes of 1993', () => {
  it('answer for codes without a row, in their own table only', () => {
    expect(row('iso8583-1993', '199').code).toBe('1xx');
    expect(row('iso8583-1993', '116').code).toBe('116');
    expect(outcomeOf('iso8583-1987', '199')).toBeUndefined();
    expect(lookUpEverywhere('199')).toEqual([]);
  });

  it('an unknown 9xx is no licence to retry', () => {
    expect(row('iso8583-1993', '999')).toMatchObject({ moneyMoved: 'unknown', certainty: 'field-knowledge' });
  });
});

describe('what is not known', () => {
  it('stays unknown', () => {
    expect(outcomeOf('unionpay-online', '17')).toBeUndefined();
    expect(outcomeOf('no-such-table', '00')).toBeUndefined();
    expect(lookUpEverywhere('')).toEqual([]);
    expect(lookUpEverywhere('/')).toEqual([]);
  });

  it('a lost zero is not put back', () => {
    expect(outcomeOf('iso8583-1987', '05')).toBe('NOT_PAID_FINAL');
    expect(outcomeOf('iso8583-1987', '5')).toBeUndefined();
  });

  it('case and blanks around do not matter', () => {
    expect(outcomeOf('unionpay-pos', ' a6 ')).toBe('PAID');
    expect(outcomeOf('adyen', 'AUTHORISED')).toBe('PAID');
  });

  it('what the sources do not settle says so', () => {
    expect(row('unionpay-pos', '77').certainty).toBe('field-knowledge');
    expect(row('wechat-v3', 'OUT_TRADE_NO_USED').certainty).toBe('field-knowledge');
    expect(row('unionpay-pos', 'A2').certainty).toBe('documented');
  });
});
