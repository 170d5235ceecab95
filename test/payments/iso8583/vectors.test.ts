import { describe, expect, test } from 'vitest';
import { encodeMessage } from '../../../src/payments/iso8583/decode.ts';
import { describeMessage } from '../../../src/payments/iso8583/describe.ts';
import { sniff } from '../../../src/payments/iso8583/sniff.ts';
import { fromHex, fromText, toHexText } from './bytes.ts';

interface Vector {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly dialect: string;
  readonly framing: string;
  readonly mti: string;
  /** As it may be shown. */
  readonly fields: Readonly<Record<number, string>>;
  readonly confidence: number;
}

const VECTORS: readonly Vector[] = [
  {
    name: '1987, packed, as the guide of jPOS writes it',
    bytes: fromHex('0800 A020000000800010 0400000000000000 000000 000001 3239313130303031 0006 6A504F532036 0301'),
    dialect: 'iso87-binary',
    framing: 'none',
    mti: '0800',
    fields: { 3: '000000', 11: '000001', 41: '29110001', 60: 'jPOS 6', 70: '301' },
    confidence: 0.99,
  },
  {
    name: '1993 as PayEx sends it: text, raw bitmap, four digits of length',
    bytes: fromHex('30303530 31383230 0230010100000000 30393130313532383431 333832393130 303930393130313532383431 383331 3035 3130303331'),
    dialect: 'iso93',
    framing: 'len4-ascii',
    mti: '1820',
    fields: { 7: '0910152841', 11: '382910', 12: '090910152841', 24: '831', 32: '10031' },
    confidence: 0.99,
  },
  {
    name: '1987 in text with a bitmap in hexadecimal',
    bytes: fromText('02003220000000808000000010000000001500120604120000000112340001840'),
    dialect: 'iso87-ascii',
    framing: 'none',
    mti: '0200',
    fields: { 3: '000010', 4: '000000001500', 7: '1206041200', 11: '000001', 41: '12340001', 49: '840' },
    confidence: 0.99,
  },
  {
    name: '1993 in text with two bitmaps in hexadecimal',
    bytes: fromText(
      '1200F230040102A0000000000000040000001048468112122012340000100000001107221800000001161204171926FABCDE123ABD06414243000termid1210Community11112341234234',
    ),
    dialect: 'iso93',
    framing: 'none',
    mti: '1200',
    fields: {
      2: '******1212',
      3: '201234',
      4: '000010000000',
      7: '1107221800',
      11: '000001',
      12: '161204171926',
      22: 'FABCDE123ABD',
      32: '414243',
      39: '000',
      41: 'termid12',
      43: 'Community1',
      102: '*******4234',
    },
    confidence: 0.99,
  },
  {
    name: 'UnionPay terminal, sign-on: length, TPDU, terminal header, packed digits',
    bytes: fromHex(
      `0052 6000030000 603100311323 0800 0020000000C00016 000123 3132333435363738 383938313131353431313130303031
       0011 000000010030 0020 53657175656E6365204E6F313233343536373831 0003 303120`,
    ),
    dialect: 'unionpay-pos',
    framing: 'len2-binary-tpdu-header6',
    mti: '0800',
    fields: { 11: '000123', 41: '12345678', 42: '898111541110001', 60: '00000001003', 62: '[PRIVATE]', 63: '01 ' },
    confidence: 0.99,
  },
  {
    name: 'UnionPay terminal, sale: card number, track, PIN block, chip data and MAC',
    bytes: fromHex(
      `00B6 6000060000 603100311003 0200 702406C020C09A11 16 6222021234567890 000000 000000000001 000403 2806 0710 0000 00 12
       34 6222021234567890 D280620139490310 13 3130303030303139 383530313030303832343130303032 313536 D1EEF419D0AE2609 2600000000000000
       0053 9F2608 95BBE372271DDA7C 9F2701 80 9F3602 0157 9505 0000000000 9A03 190830 5A08 6222021234567890 9F0206 000000000001 0000
       0014 22000024000600 3846363531423236`,
    ),
    dialect: 'unionpay-pos',
    framing: 'len2-binary-tpdu-header6',
    mti: '0200',
    fields: {
      2: '622202******7890',
      3: '000000',
      4: '000000000001',
      11: '000403',
      14: '2806',
      22: '071',
      23: '000',
      25: '00',
      26: '12',
      35: '[TRACK2]',
      41: '10000019',
      42: '850100082410002',
      49: '156',
      52: '[PIN-BLOCK]',
      53: '2600000000000000',
      55: '9F26=95BBE372271DDA7C 9F27=80 9F36=0157 95=0000000000 9A=190830 5A=[HIDDEN] 9F02=000000000001',
      60: '22000024000600',
      64: '3846363531423236',
    },
    confidence: 0.99,
  },
];

describe('messages written from the layouts that are public', () => {
  test.each(VECTORS.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    const { best, confidence } = sniff(vector.bytes);
    expect(best?.decoded.problems).toEqual([]);
    expect({ dialect: best?.codec.dialect.id, framing: best?.framing.id }).toEqual({ dialect: vector.dialect, framing: vector.framing });
    const message = best?.decoded.message;
    if (best === undefined || message === undefined) throw new Error('refused');
    const described = describeMessage(message);
    expect(described.mti).toBe(vector.mti);
    expect(Object.fromEntries(described.fields.map(({ number, value }) => [number, value]))).toEqual(vector.fields);
    expect(toHexText(encodeMessage(message, best.codec, best.framing))).toBe(toHexText(vector.bytes));
    expect(confidence).toBe(vector.confidence);
  });
});
