import { describe, expect, it } from 'vitest';
import { type DecodeCodeRequest, decodeCode, looksLikeCode } from '../../src/cli/decode-code.ts';
import { OorError } from '../../src/errors.ts';
import { CODE_TABLES } from '../../src/payments/codes/codes.ts';

async function decode(request: Partial<DecodeCodeRequest>): Promise<{ readonly exitCode: number; readonly text: string }> {
  let text = '';
  const exitCode = await decodeCode(
    {
      async out(more) {
        text += more;
      },
    },
    { code: undefined, language: 'en', ...request },
  );
  return { exitCode, text };
}

async function decodeJson(
  request: Partial<DecodeCodeRequest>,
): Promise<{ readonly exitCode: number; readonly json: Record<string, unknown> }> {
  const { exitCode, text } = await decode({ ...request, json: true });
  return { exitCode, json: JSON.parse(text) };
}

describe('--json', () => {
  it('with a table: that table answers', async () => {
    expect(await decodeJson({ code: '34', table: 'unionpay-online' })).toEqual({
      exitCode: 0,
      json: {
        kind: 'code',
        table: 'unionpay-online',
        code: '34',
        matched: '34',
        field: 'respCode',
        meaning: 'no such transaction',
        who: 'us',
        money_moved: 'no',
        retry: 'after-query',
        outcome: 'NOT_PAID_FINAL',
        action: expect.stringMatching(/probe/),
        trap: expect.stringMatching(/txnTime/),
        certainty: 'documented',
        source: expect.any(String),
      },
    });
  });

  it('an alias answers under the id of its table', async () => {
    expect((await decodeJson({ code: '00', table: 'ACP' })).json).toMatchObject({ table: 'unionpay-online', money_moved: 'yes' });
  });

  it('without a table: all that know it, and no choice', async () => {
    const { exitCode, json } = await decodeJson({ code: '61' });
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ kind: 'code', code: '61', table: null });
    expect(json).not.toHaveProperty('outcome');
    expect(json['candidates']).toMatchObject([{ table: 'iso8583-1987' }, { table: 'unionpay-pos' }, { table: 'unionpay-online' }]);
  });

  it('has the same shape when only one table knows it', async () => {
    const { json } = await decodeJson({ code: 'ACQ.TRADE_NOT_EXIST' });
    expect(json).toMatchObject({ table: null, candidates: [{ table: 'alipay', matched: 'ACQ.TRADE_NOT_EXIST' }] });
  });

  it('speaks the language asked for; the words of the vocabulary stay', async () => {
    const { json } = await decodeJson({ code: '98', table: 'cup', language: 'zh-CN' });
    expect(json).toMatchObject({
      meaning: '银联处理中心收不到发卡方应答',
      money_moved: 'unknown',
      retry: 'after-query',
      outcome: 'UNKNOWN',
    });
  });

  it('a code that no table knows: exit 7, what was asked, what to do', async () => {
    const { exitCode, json } = await decodeJson({ code: 'ZZ' });
    expect(exitCode).toBe(7);
    expect(json).toMatchObject({
      code: 'ZZ',
      table: null,
      candidates: [],
      known: false,
      asked: CODE_TABLES.map(({ id }) => id),
      action: expect.stringMatching(/do not charge again/),
    });
  });

  it('a code that only other tables know: exit 7, and they are named, not used', async () => {
    const { exitCode, json } = await decodeJson({ code: 'A2', table: 'iso8583-1987' });
    expect(exitCode).toBe(7);
    expect(json).toMatchObject({ table: 'iso8583-1987', known: false, asked: ['iso8583-1987'], candidates: [{ table: 'unionpay-pos' }] });
    expect(json).not.toHaveProperty('outcome');
  });

  it('lists the tables', async () => {
    const { exitCode, json } = await decodeJson({});
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ kind: 'code-tables', tables: CODE_TABLES.map(({ id }) => ({ id, codes: expect.any(Number) })) });
  });
});

describe('for a person', () => {
  it('says which table answered, whether money moved and what to do', async () => {
    const { exitCode, text } = await decode({ code: '42', table: 'unionpay-online' });
    expect(exitCode).toBe(0);
    expect(text).toMatch(/^42 {2}charged, but after the allowed payment time\n {2}\[unionpay-online\]/);
    expect(text).toMatch(/money moved: yes\n/);
    expect(text).toMatch(/retry: never as it is \(never\)\n/);
    expect(text).toMatch(/do: .*refund/);
    expect(text).toMatch(/source: .*\(documented\)\n/);
  });

  it('in Chinese', async () => {
    const { text } = await decode({ code: 'A6', table: 'unionpay-pos', language: 'zh-CN' });
    expect(text).toMatch(/有缺陷的成功/);
    expect(text).toMatch(/资金是否已动: 是\n/);
    expect(text).toMatch(/绝不重复扣款/);
  });

  it('shows every table that knows it and asks for the right one', async () => {
    const { text } = await decode({ code: '98' });
    expect(text).toMatch(/^98: 3 tables know it and none was chosen.*--table ID\n/);
    expect([...text.matchAll(/^ {2}\[(.*?)\]/gm)].map(([, id]) => id)).toEqual(['iso8583-1987', 'unionpay-pos', 'unionpay-online']);
  });

  it('shows the class that answered', async () => {
    expect((await decode({ code: '199', table: 'iso93' })).text).toMatch(/^199 \(1xx\) {2}declined/);
  });

  it('a code unknown to the table: which others know it', async () => {
    const { exitCode, text } = await decode({ code: 'A2', table: 'de39' });
    expect(exitCode).toBe(7);
    expect(text).toMatch(/^A2: unknown to iso8583-1987\n.*other interfaces: unionpay-pos\n.*do not charge again/s);
  });

  it('what was typed cannot steer the terminal', async () => {
    expect((await decode({ code: '\u001b[2J', table: 'de39' })).text).toMatch(/^\\x1b\[2J: unknown/);
  });

  it('lists the tables with their aliases', async () => {
    expect((await decode({})).text).toMatch(/^unionpay-online +UnionPay online gateway.*acp/m);
  });
});

it('does not repeat a card number that was pasted as a code', async () => {
  for (const request of [{}, { json: true }, { table: 'stripe' }])
    expect((await decode({ code: '4111111111111111', ...request })).text).not.toMatch(/4111111111111111/);
});

it('refuses a table that does not exist, and lists those that do', async () => {
  const refused = await decode({ code: '61', table: 'unionpay' }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OorError);
  expect(refused).toMatchObject({ exitCode: 2, hint: expect.stringMatching(/unionpay-pos, unionpay-online/) });
});

describe('looksLikeCode', () => {
  it.each([
    '34',
    '00',
    'A6',
    '907',
    '20000',
    'ACQ.TRADE_NOT_EXIST',
    '40004/ACQ.SYSTEM_ERROR',
    'ORDER_NOT_EXIST',
    'SOME_NEW_ISSUE',
    'do_not_honor',
    'Refused',
  ])('a code: %s', (text) => expect(looksLikeCode(text)).toBe(true));

  it.each(['0800822000000000000004000000000000', '0800', 'dump.bin', './61', '-', '', 'AAAA'])('no code: %s', (text) =>
    expect(looksLikeCode(text)).toBe(false),
  );
});
