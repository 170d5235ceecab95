import { describe, expect, test } from 'vitest';
import { compileDialect } from '../../../src/payments/iso8583/codec.ts';
import { decodeMessage, encodeMessage } from '../../../src/payments/iso8583/decode.ts';
import { describeMessage, maskCardNumber } from '../../../src/payments/iso8583/describe.ts';
import { codecsOf, DIALECTS } from '../../../src/payments/iso8583/dialects.ts';
import { type Framing, parseFraming } from '../../../src/payments/iso8583/framing.ts';
import type { FieldValue, Message } from '../../../src/payments/iso8583/message.ts';
import { validatePair } from '../../../src/payments/iso8583/pair.ts';
import { parseDialect } from '../../../src/payments/iso8583/parse-dialect.ts';
import { sniff } from '../../../src/payments/iso8583/sniff.ts';
import { fromHex, fromText } from './bytes.ts';

const message = (mti: string, fields: Readonly<Record<number, FieldValue>>): Message => ({
  mti,
  fields: new Map(Object.entries(fields).map(([number, value]) => [Number(number), value])),
  bitmaps: 1,
  envelope: {},
});
const shown = (fields: Readonly<Record<number, FieldValue>>): Readonly<Record<string, string>> =>
  Object.fromEntries(describeMessage(message('0200', fields)).fields.map(({ number, value }) => [number, value]));

describe('what is shown of a message', () => {
  const PAN = '4111111111111111';

  test('no card number, track, PIN block, verification code or key', () => {
    expect(
      shown({
        2: PAN,
        34: `9${PAN}`,
        35: `${PAN}=28121011234567890`,
        36: `${PAN}==1`,
        45: `B${PAN}^A/B^2812`,
        48: 'CVV2 123',
        52: fromHex('D1EEF419D0AE2609'),
        53: '1234567890ABCDEF',
        96: '0000000000000001',
        126: '123',
        127: 'x',
      }),
    ).toEqual({
      2: '411111******1111',
      34: '941111*******1111',
      35: '[TRACK2]',
      36: '[TRACK3]',
      45: '[TRACK1]',
      48: '[PRIVATE]',
      52: '[PIN-BLOCK]',
      53: '[KEY]',
      96: '[KEY]',
      126: '[PRIVATE]',
      127: '[PRIVATE]',
    });
  });

  test.each([
    ['as digits', PAN, '[CARD-DATA]'],
    ['spaced', `ref 4111 1111 1111 1111`, '[CARD-DATA]'],
    ['packed', fromHex(`00${PAN}`), '[CARD-DATA]'],
    ['shifted by a nibble', fromHex(`0${PAN}0`), '[CARD-DATA]'],
    ['in EBCDIC', fromHex(PAN.replace(/\d/g, 'F$&')), '[CARD-DATA]'],
    ['in hexadecimal text', PAN.replace(/\d/g, '3$&'), '[CARD-DATA]'],
    ['another card', '5555555555554444', '[PRIVATE]'],
    ['another card, packed', fromHex('005555555555554444'), '[PRIVATE]'],
    ['of UnionPay, which need not obey Luhn', '6221558812340000', '[PRIVATE]'],
    ['a reference', 'order 20260131-0001', 'order 20260131-0001'],
  ])('a card number in a private field, %s', (_name, value, expected) => {
    expect(shown({ 2: PAN, 61: value })[61]).toBe(expected);
  });

  test('chip data: the tags that say how it went, not those that say who', () => {
    expect(shown({ 55: fromHex('5A084111111111111111 57024111 9F36020157 7004 9F360201 95050000000000') })[55]).toBe(
      '5A=[HIDDEN] 57=[HIDDEN] 9F36=0157 70=[HIDDEN] 95=0000000000',
    );
    expect(shown({ 55: '9F3602015A5A021234' })[55]).toBe('9F36=015A 5A=[HIDDEN]');
  });

  test('masks', () => {
    expect(['4111111111111111', '378282246310005', '62210101010101010', '12345678', '1234'].map(maskCardNumber)).toEqual([
      '411111******1111',
      '378282*****0005',
      '622101*******1010',
      '****5678',
      '****',
    ]);
  });

  test('names and types in both languages', () => {
    const { meaning, fields } = describeMessage(message('0421', { 39: '00', 111: 'x' }));
    expect(meaning).toEqual({ en: 'reversal or chargeback advice, from the acquirer, repeated', 'zh-CN': '冲正或退单通知,收单方重发' });
    expect(fields.map(({ name }) => name)).toEqual([
      { en: 'response code', 'zh-CN': '应答码' },
      { en: 'reserved', 'zh-CN': '保留域' },
    ]);
  });
});

describe('a request and its response', () => {
  const { echoes } = codecsOf('iso87-ascii')[0]?.dialect ?? { echoes: [] };
  const request = message('0200', { 7: '0131235959', 11: '000001', 41: 'TERM0001' });
  const fields = { 7: '0131235959', 11: '000001', 39: '00', 41: 'TERM0001' };
  const check = (response: Message, asked = request) =>
    validatePair(asked, response, { echoes }).map(({ code, field }) => `${code} ${field}`);

  test('a response that belongs', () => {
    expect(check(message('0210', fields))).toEqual([]);
    expect(check(message('0410', fields), message('0401', { 11: '000001' }))).toEqual([]);
    expect(check(message('1814', fields), message('1804', { 11: '000001' }))).toEqual([]);
  });

  test('a response that does not', () => {
    const { 39: _code, ...silent } = fields;
    expect(check(message('0230', fields))).toEqual(['wrong-response-type undefined']);
    expect(check(message('0210', { ...fields, 11: '000002' }))).toEqual(['not-echoed 11']);
    expect(check(message('0210', { 11: '000001', 39: '00', 41: 'TERM0001' }))).toEqual(['not-echoed 7']);
    expect(check(message('0210', silent))).toEqual(['response-code-absent 39']);
    expect(check(message('0220', fields), message('0210', {}))).toEqual(['wrong-response-type undefined']);
  });
});

describe('sniffing', () => {
  test('two dialects that read the same: the usual one, half sure, and the other is named', () => {
    const { best, confidence, runnerUp } = sniff(fromHex('0800 2020000000000000 000000 000001'));
    expect([best?.codec.dialect.id, runnerUp?.codec.dialect.id, confidence]).toEqual(['iso87-binary', 'unionpay-pos', 0.7]);
  });

  test('two dialects that read different values: no better than a coin', () => {
    // Field 23 as 0010: padded left it is 010, padded right 001.
    const { best, confidence, runnerUp } = sniff(fromHex('0200 0020020000000000 000001 0010'));
    expect(best?.decoded.message?.fields.get(23)).not.toBe(runnerUp?.decoded.message?.fields.get(23));
    expect(confidence).toBe(0.5);
  });

  test('the entry mode that exists decides between two', () => {
    expect(sniff(fromHex('0200 0020040000000000 000001 0510')).best?.decoded.message?.fields.get(22)).toBe('051');
  });

  test('a length that counts itself is a length that is wrong, until somebody says so', () => {
    const bytes = fromHex('0012 0800 2020000000000000 000000 000001');
    const { best, confidence, runnerUp } = sniff(bytes);
    expect(best?.decoded.problems.map(({ code }) => code)).toEqual(['length-mismatch']);
    expect([runnerUp?.framing.id, runnerUp?.decoded.problems.length, confidence]).toEqual(['len2-binary-inclusive', 0, 0.5]);
    const framings = [parseFraming('len2-binary-inclusive') as Framing];
    expect(sniff(bytes, { framings }).best?.decoded.problems).toEqual([]);
  });

  test('nothing of the sort', () => {
    expect(sniff(fromText('hello, world')).best).toBeUndefined();
    expect(sniff(new Uint8Array(0)).best).toBeUndefined();
    expect(sniff(new Uint8Array(64)).best).toBeUndefined();
  });

  test('what is cut is refused where it ends', () => {
    const whole = fromText('02003220000000808000000010000000001500120604120000000112340001840');
    expect(sniff(whole).best?.decoded.problems).toEqual([]);
    for (let size = 0; size < whole.length; size++)
      expect(sniff(whole.subarray(0, size)).best?.decoded.problems ?? ['none']).not.toEqual([]);
  });
});

describe('a dialect of one’s own', () => {
  test('a peer in EBCDIC with a field of its own', () => {
    const parsed = parseDialect({
      id: 'acme',
      extends: 'iso87-binary',
      text: 'ebcdic',
      lengths: 'binary',
      fields: { 48: 'ans..20', 62: null, 57: { format: 'n..9', digits: 'ebcdic' } },
    });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const codec = compileDialect(parsed.dialect);
    const framing = parseFraming('len2-binary') as Framing;
    const sent = message('0200', { 11: '000001', 41: 'TERM0001', 48: 'AB', 57: '123' });
    const bytes = encodeMessage(sent, codec, framing);
    expect(Buffer.from(bytes).toString('hex')).toBe('001c02000020000000810080000001e3c5d9d4f0f0f0f102c1c203f1f2f3');
    expect(Object.fromEntries(decodeMessage(bytes, codec, framing).message?.fields ?? [])).toEqual(Object.fromEntries(sent.fields));
    expect(() => encodeMessage(message('0200', { 62: 'x' }), codec, framing)).toThrow('field 62 is not defined');
  });

  test('every mistake at once, with its place', () => {
    const parsed = parseDialect({
      id: 'ISO 87',
      extends: 'iso86',
      pad: 'middle',
      colour: 'red',
      fields: { 1: 'n6', 48: 'ans..200', 49: 'x', 50: { format: 'n3', pda: 'left' }, 51: 3 },
      required: ['64'],
    });
    expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path)).toEqual([
      'colour',
      'id',
      'extends',
      'pad',
      'fields.1',
      'fields.48',
      'fields.49',
      'fields.50.pda',
      'fields.51',
      'required',
    ]);
    expect(parseDialect('iso87-ascii').ok).toBe(false);
    expect(parseDialect({ id: 'iso93', extends: 'iso93' }).ok).toBe(false);
  });

  test('every dialect of the shelf compiles', () => {
    for (const dialect of DIALECTS) expect(() => compileDialect(dialect)).not.toThrow();
  });
});
