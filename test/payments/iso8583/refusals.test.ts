import { describe, expect, test } from 'vitest';
import { type Codec, compileDialect } from '../../../src/payments/iso8583/codec.ts';
import { decodeMessage, encodeMessage } from '../../../src/payments/iso8583/decode.ts';
import { codecsOf } from '../../../src/payments/iso8583/dialects.ts';
import { type Framing, parseFraming } from '../../../src/payments/iso8583/framing.ts';
import { fromHex, fromText } from './bytes.ts';

const framed = (id: string): Framing => parseFraming(id) as Framing;
const codecOf = (id: string, variant = 0): Codec => codecsOf(id)[variant] as Codec;
const refuse = (bytes: Uint8Array, dialect: string, framing = 'none') =>
  decodeMessage(bytes, codecOf(dialect), framed(framing)).problems.map(({ code, offset }) => `${code} at ${offset}`);

describe('what is wrong is named with its byte', () => {
  const head = '08002220000000800000'; // fields 3, 7, 11, 41
  const good = `${head}9900000131235959424242TERM0001`;

  test('the message that the cases below damage is sound', () => {
    expect(refuse(fromText(good), 'iso87-ascii')).toEqual([]);
  });

  test.each([
    ['nothing at all', '', 'empty at 0'],
    ['half a message type', '08', 'truncated at 0'],
    ['no class of message', good.replace('0800', '0000'), 'unknown-mti at 0'],
    ['letters for a type', good.replace('0800', 'ABCD'), 'unknown-mti at 0'],
    ['another version', good.replace('0800', '1800'), 'wrong-version at 0'],
    ['half a bitmap', good.slice(0, 12), 'truncated at 4'],
    ['no bitmap', good.replace('2220', '22x0'), 'bad-bitmap at 6'],
    ['a bitmap of two cases', good.replace('2220000000800000', 'aA20000000800000'), 'bad-bitmap at 5'],
    ['a third bitmap whose fields nobody knows', `0800${'8000000000000000'.repeat(2)}8000000000000000`, 'undefined-field at 36'],
    ['cut in a field', good.slice(0, -3), 'truncated at 42'],
    ['a letter among digits', good.replace('424242', '4242A2'), 'bad-digit at 40'],
    ['a byte over', `${good} `, 'trailing-bytes at 50'],
    ['the 31st of April', good.replace('0131235959', '0431235959'), 'bad-date at 26'],
    ['25 o’clock', good.replace('0131235959', '0131255959'), 'bad-date at 26'],
    ['a control character in a text', good.replace('TERM0001', 'TERM\u00070001'.slice(0, 8)), 'bad-character at 46'],
  ])('%s', (_name, text, expected) => {
    expect(refuse(fromText(text), 'iso87-ascii')).toEqual([expected]);
  });

  test.each([
    ['a length that is no number', '0200400000000000000016x11111', 'length-over-max at 20', '99'],
    ['more than the field may hold', '0200400000000000000020411111', 'length-over-max at 20', '20'],
    ['more than there is', '0200400000000000000016411111', 'truncated at 22', '16'],
  ])('%s', (_name, text, expected, length) => {
    expect(refuse(fromText(text.slice(0, 20) + length + text.slice(22)), 'iso87-ascii')).toEqual([expected]);
  });

  test('packed digits: a nibble that is none, a filler that is no filler', () => {
    expect(refuse(fromHex('0800 2020000000000000 00A000 000001'), 'iso87-binary')).toEqual(['bad-nibble at 11']);
    expect(refuse(fromHex('0800 0000010000000000 1301'), 'iso87-binary')).toEqual(['bad-padding at 10']);
    expect(refuse(fromHex('0200 4000000000000000 1A 41'), 'iso87-binary')).toEqual(['bad-length at 10']);
  });

  test('a track without its separator, chip data that does not fit', () => {
    expect(refuse(fromHex('0200 0000000020000000 18 411111111111111111'), 'iso87-binary')).toEqual(['bad-track at 11']);
    expect(refuse(fromHex('0200 0000000000000200 0005 9F26080102'), 'iso87-binary')).toEqual(['bad-tlv at 12']);
    expect(refuse(fromHex('0200 0000000000000200 0005 9F26020102'), 'iso87-binary')).toEqual([]);
  });

  test('the sign of a fee', () => {
    expect(refuse(fromText('02000000001000000000X00000001'), 'iso87-ascii')).toEqual(['bad-sign at 20']);
    expect(refuse(fromText('02000000001000000000D00000001'), 'iso87-ascii')).toEqual([]);
  });

  test('a field that every message of this peer must carry', () => {
    const codec = compileDialect({ ...codecOf('iso87-ascii').dialect, required: [64] });
    expect(decodeMessage(fromText(good), codec, framed('none')).problems).toEqual([
      { code: 'missing-field', offset: 50, message: 'field 64 is required and absent' },
    ]);
  });
});

describe('frames', () => {
  const body = '0800 2020000000000000 000000 000001';
  const bytes = fromHex(body);

  test.each([
    ['len2-binary', `0010 ${body}`],
    ['len2-bcd', `0016 ${body}`],
    ['len4-ascii', `30303136 ${body}`],
    ['len4-hex', `30303130 ${body}`],
    ['len4-binary', `00000010 ${body}`],
    ['vml', `0010 0000 ${body}`],
    ['vap', `0026 0000 16 0102 0026 ${'00'.repeat(17)} ${body}`],
    ['len2-binary-tpdu', `0015 6000030000 ${body}`],
    ['len2-binary-tpdu-header6', `001B 6000030000 603100311323 ${body}`],
    ['len4-ascii-base24', `30303238 49534F303236303030303530 ${body}`],
    ['len2-binary-inclusive', `0012 ${body}`],
    ['len2-binary-etx', `0011 ${body} 03`],
    ['none-tpdu', `6000030000 ${body}`],
    ['none', body],
  ])('%s', (id, hex) => {
    const codec = codecOf('iso87-binary');
    const { message, problems } = decodeMessage(fromHex(hex), codec, framed(id));
    expect(problems).toEqual([]);
    expect([...(message?.fields ?? [])]).toEqual([
      [3, '000000'],
      [11, '000001'],
    ]);
    if (message !== undefined) expect(encodeMessage(message, codec, framed(id))).toEqual(fromHex(hex));
  });

  test.each([
    ['len2-binary', `0011 ${body}`, 'length-mismatch at 0'],
    ['len4-ascii', `30303137 ${body}`, 'length-mismatch at 0'],
    ['len4-ascii', `3030313A ${body}`, 'bad-length at 0'],
    ['len2-bcd', `001A ${body}`, 'bad-length at 0'],
    ['vml', `0010 0001 ${body}`, 'bad-length at 0'],
    ['len2-binary-tpdu', `0015 5000030000 ${body}`, 'bad-tpdu at 2'],
    ['len2-binary-etx', `0011 ${body} 04`, 'bad-trailer at 18'],
    ['len2-binary-tpdu-header6', `001B 6000030000 303100311323 ${body}`, 'bad-header at 7'],
  ])('%s, damaged', (id, hex, expected) => {
    expect(refuse(fromHex(hex), 'iso87-binary', id)).toContain(expected);
  });

  test('no framing of a name that nobody gave', () => {
    for (const id of ['', 'len3-binary', 'none-etx', 'len2-binary-header6-tpdu', 'vap-base24']) expect(parseFraming(id)).toBeUndefined();
  });

  test('a message that does not fit its length is not sent', () => {
    const codec = codecOf('iso87-binary');
    const { message } = decodeMessage(bytes, codec, framed('none'));
    const fields = new Map([60, 61, 62, 63, 105, 106, 107, 108, 109, 110, 111].map((number) => [number, 'x'.repeat(999)]));
    expect(message && (() => encodeMessage({ ...message, fields }, codec, framed('len2-bcd')))).toThrow(/more than the framing/);
  });

  test.each([
    ['too long', new Map([[41, 'TERMINAL1']]), /field 41: its size is 8/],
    ['letters for digits', new Map([[11, 'ABCDEF']]), /field 11: only digits/],
    ['a field that the dialect does not have', new Map([[150, '1']]), /field 150 is not defined/],
  ])('%s: not encoded, and the value is not repeated', (_name, fields, message) => {
    const codec = codecOf('iso87-ascii');
    expect(() => encodeMessage({ mti: '0800', bitmaps: 1, envelope: {}, fields }, codec, framed('none'))).toThrow(message);
  });
});
