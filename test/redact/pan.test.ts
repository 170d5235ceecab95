import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const redactor = createRedactor();

function clean(text: string): string {
  return redactor.text(text).text;
}

function counts(text: string): Readonly<Record<string, number>> {
  return redactor.text(text).counts;
}

/** A number with that beginning and length that passes Luhn. */
function withCheckDigit(prefix: string, length: number): string {
  const body = prefix.padEnd(length - 1, '7302914658');
  const sum = [...body].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return body + ((10 - (sum % 10)) % 10);
}

describe('card numbers of every scheme', () => {
  it.each([
    ['Visa', '4111111111111111', '411111******1111'],
    ['Visa', '4012888888881881', '401288******1881'],
    ['Visa of 13 digits', '4222222222222', '422222******2222'],
    ['Mastercard', '5555555555554444', '555555******4444'],
    ['Mastercard', '5105105105105100', '510510******5100'],
    ['Mastercard, 2 series', '2223003122003222', '222300******3222'],
    ['American Express', '378282246310005', '378282******0005'],
    ['American Express', '371449635398431', '371449******8431'],
    ['Diners Club', '30569309025904', '305693******5904'],
    ['Diners Club', '38520000023237', '385200******3237'],
    ['Diners Club', '36227206271667', '362272******1667'],
    ['Discover', '6011111111111117', '601111******1117'],
    ['Discover', '6445644564456445', '644564******6445'],
    ['JCB', '3530111333300000', '353011******0000'],
    ['JCB', '3566002020360505', '356600******0505'],
    ['UnionPay', '6200000000000005', '620000******0005'],
    ['UnionPay of 19 digits', '6205500000000000004', '620550******0004'],
    ['Maestro', '6759649826438453', '675964******8453'],
    ['Maestro', '5000550000000029', '500055******0029'],
    ['Maestro of 19 digits', '6799990100000000019', '679999******0019'],
    ['Bancontact', '6703444444444449', '670344******4449'],
    ['Elo', '5066991111111118', '506699******1118'],
    ['Hipercard', '6062826786276634', '606282******6634'],
  ])('%s %s', (_, number, masked) => {
    expect(clean(number)).toBe(masked);
    expect(counts(`paid by ${number}.`)).toEqual({ pan: 1 });
  });

  it.each([
    ['Mir', '2200', 16],
    ['RuPay', '6521', 16],
    ['RuPay', '8172', 16],
    ['UnionPay', '8171', 17],
    ['Troy', '9792', 16],
    ['UzCard', '8600', 16],
    ['Humo', '9860', 16],
    ['Verve', '5060', 19],
    ['mada', '9682', 16],
    ['Napas', '9704', 19],
    ['Visa', '4', 18],
    ['Visa', '4', 19],
    ['JCB', '1800', 15],
    ['Diners Club', '36', 19],
    ['Discover', '65', 17],
    ['first of the 2 series', '2221', 16],
    ['last of the 2 series', '2720', 16],
    ['GPN', '1946', 16],
    ['Maestro of 13 digits', '6304', 13],
  ])('%s %s of %i digits', (_, prefix, length) => {
    const number = withCheckDigit(prefix, length);
    expect(clean(`n ${number} n`)).toBe(`n ${number.slice(0, 6)}******${number.slice(-4)} n`);
  });
});

describe('renderings', () => {
  it.each([
    ['spaces', '4111 1111 1111 1111'],
    ['dashes', '4111-1111-1111-1111'],
    ['dots', '4111.1111.1111.1111'],
    ['commas', '4111,1111,1111,1111'],
    ['underscores', '4111_1111_1111_1111'],
    ['slashes', '4111/1111/1111/1111'],
    ['plus signs of a form', '4111+1111+1111+1111'],
    ['tabs', '4111\t1111\t1111\t1111'],
    ['two spaces', '4111  1111  1111  1111'],
    ['two dashes', '4111--1111--1111--1111'],
    ['spaced dashes', '4111 - 1111 - 1111 - 1111'],
    ['mixed signs', '4111-1111 1111.1111'],
    ['no-break spaces', '4111\u00a01111\u00a01111\u00a01111'],
    ['narrow no-break spaces', '4111\u202f1111\u202f1111\u202f1111'],
    ['ideographic spaces', '4111\u30001111\u30001111\u30001111'],
    ['en dashes', '4111–1111–1111–1111'],
    ['non-breaking hyphens', '4111‑1111‑1111‑1111'],
    ['zero-width spaces', '4111\u200b1111\u200b1111\u200b1111'],
    ['a zero-width character at every digit', [...'4111111111111111'].join('\u200d')],
    ['soft hyphens', '41111111\u00ad11111111'],
    ['a byte order mark', '41111111\ufeff11111111'],
    ['full-width digits', '４１１１１１１１１１１１１１１１'],
    ['full-width digits and spaces', '４１１１　１１１１　１１１１　１１１１'],
    ['Arabic digits', '٤١١١١١١١١١١١١١١١'],
    ['Persian digits', '۴۱۱۱۱۱۱۱۱۱۱۱۱۱۱۱'],
    ['%20', '4111%201111%201111%201111'],
    ['%2D', '4111%2D1111%2D1111%2D1111'],
    ['%2B', '4111%2b1111%2b1111%2b1111'],
    ['%C2%A0', '4111%C2%A01111%C2%A01111%C2%A01111'],
    ['&nbsp;', '4111&nbsp;1111&nbsp;1111&nbsp;1111'],
    ['\\u00a0', '4111\\u00a01111\\u00a01111\\u00a01111'],
    ['colour codes', '4111\u001b[1;31m1111\u001b[0m11111111'],
    ['colour codes written out', '4111\\u001b[31m1111\\u001b[0m11111111'],
    ["grep's marks", '4111\u001b[01;31m\u001b[K1111\u001b[m\u001b[K11111111'],
    ['a space at every digit', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'],
    ['a dash at every digit', '4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1'],
    ['pairs', '41 11 11 11 11 11 11 11'],
    ['halves', '41111111 11111111'],
    ['six and ten', '411111 1111111111'],
    ['hex of ASCII', '34313131313131313131313131313131'],
    ['hex bytes', '34 31 31 31 31 31 31 31 31 31 31 31 31 31 31 31'],
    ['a hex dump', '3431 3131 3131 3131 3131 3131 3131 3131'],
  ])('%s', (_, rendering) => {
    expect(clean(rendering)).toBe('411111******1111');
    expect(clean(`a ${rendering} b`)).toBe('a 411111******1111 b');
    expect(counts(rendering)).toEqual({ pan: 1 });
  });

  it.each([
    ['3782 822463 10005', '378282******0005'],
    ['3782-822463-10005', '378282******0005'],
    ['3056 930902 5904', '305693******5904'],
    ['6205 5000 0000 0000 004', '620550******0004'],
    ['620550 0000000000004', '620550******0004'],
  ])('%s', (rendering, masked) => expect(clean(rendering)).toBe(masked));
});

describe('surroundings', () => {
  it.each([
    ['{"pan":"4111111111111111"}', '{"pan":"411111******1111"}'],
    ['{"pan":4111111111111111}', '{"pan":"411111******1111"}'],
    ['{\\"pan\\": 4111111111111111}', '{\\"pan\\": \\"411111******1111\\"}'],
    ['pan=4111111111111111&amount=10', 'pan=411111******1111&amount=10'],
    ['pan%3D4111111111111111%26amount', 'pan%3D411111******1111%26amount'],
    ['%204111111111111111', '%20411111******1111'],
    ['\\u00204111111111111111', '\\u0020411111******1111'],
    ['line\\n4111111111111111\\n', 'line\\n411111******1111\\n'],
    ['(4111111111111111)', '(411111******1111)'],
    ['<pan>4111111111111111</pan>', '<pan>411111******1111</pan>'],
    ['PAN4111111111111111', 'PAN411111******1111'],
    ['4111111111111111EUR', '411111******1111EUR'],
    ['/cards/4111111111111111/pay', '/cards/411111******1111/pay'],
    ['pay-4111111111111111.log', 'pay-411111******1111.log'],
    ['4111111111111111.0', '411111******1111.0'],
    ['card_4111111111111111_2026', 'card_411111******1111_2026'],
    ['4111111111111111 5555555555554444', '411111******1111 555555******4444'],
    ['4111111111111111,378282246310005', '411111******1111,378282******0005'],
    ['amount 100 4111 1111 1111 1111 12/25', 'amount 100 411111******1111 12/25'],
    ['2026-01-02 4111111111111111', '2026-01-02 411111******1111'],
    ['164111111111111111', '16411111******1111'],
    ['5A0841111111111111115F2403251231', '5A08411111******11115F2403251231'],
    [
      '0200723A800128A08000164111111111111111000000000000100011221530000001',
      '0200723A800128A0800016411111******1111000000000000100011221530000001',
    ],
    [
      '0123' + '0200F23A800128A0800000000000000000201641111111111111110000000000001000',
      '0123' + '0200F23A800128A08000000000000000002016411111******11110000000000001000',
    ],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    ['cardNo=6221558812340000', 'cardNo=622155******0000'],
    ['卡号：6221558812340000', '卡号：622155******0000'],
    ['card number: 6221 5588 1234 0000', 'card number: 622155******0000'],
    ['"pan": "9111111111111110"', '"pan": "911111******1110"'],
    ['DE2: 1354000000000000', 'DE2: 135400******0000'],
    ['cc=411 1111 111111 111', 'cc=411111******1111'],
  ])('a key that says card needs less proof: %s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each(['ref 6221558812340000', 'id 1354000000000000', 'span=6221558812340000', 'discard=6221558812340000'])(
    'without one it stays: %s',
    (text) => expect(clean(text)).toBe(text),
  );
});

describe('what is not a card number', () => {
  it.each([
    ['fails Luhn', '4111111111111112'],
    ['no issuer', '9111111111111111'],
    ['no issuer', '0000000000000000'],
    ['wrong length for its issuer', '37828224631000'],
    ['20 digits', '41111111111111111111'],
    ['inside a longer run', '99941111111111111111000'],
    ['HDFS block', 'blk_4111111111111111'],
    ['HDFS block', 'blk_-4111111111111111'],
    ['a fraction', '0.4111111111111111'],
    ['hex', 'a4111111111111111'],
    ['hex', '4111111111111111f0'],
    ['hex', '0x4111111111111111'],
    ['a token', 'x9Kq4111111111111111'],
    ['a token', '4111111111111111a9Kq'],
    ['UUID', '41111111-1111-1111-8111-111111111111'],
    ['trace id', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['epoch ms', '1748503543012'],
    ['epoch us', '1748503543012345'],
    ['epoch ns', '1748503543012345678'],
    ['date and time', '20261123143807'],
    ['snowflake', '1849374625118937088'],
    ['IP addresses', '10.20.30.40 192.168.100.200 255.255.255.0'],
    ['date, time and address', '2026-11-23 14:38:07,123 10.77.20.2 4096'],
    ['columns of numbers', '1024 2048 4096 8192 512 256'],
    ['sizes', '4111 111 11 11111 1111'],
    ['phone', '+49 30 901820 12'],
    ['IBAN', 'DE89 3704 0044 0532 0130 00'],
    ['a size', 'totalBytes=4222222222222 used: 30569309025904'],
    ['a size', '4222222222222 bytes, 38520000023237 B'],
    ['a list', '1000,4111,1111,1111,1111,2000'],
    ['a table', '4111\t1111\t1111\t1111\t12'],
    ['masked already', '411111******1111'],
    ['masked already', '4111 11** **** 1111'],
    ['the end of a mask', '411111******3622 720627 1667'],
    ['masked with X', '411111XXXXXX1111'],
    ['last four', 'card ending 1111'],
    ['BIN', 'bin=411111'],
    ['RRN', 'rrn=632815000123'],
    ['MAC addresses', '52:54:00:12:34:56'],
    ['an amount with separators', '4,111,111,111,111,111.00'],
    ['IPv6', '2001:0:4111:1111:1111:1111:0:1'],
  ])('%s: %s', (_, text) => {
    expect(clean(text)).toBe(text);
    expect(counts(text)).toEqual({});
  });
});

it.each([
  ['card **4111 1111 1111 1111** ok', 'card **411111******1111** ok'],
  ['**4111111111111111**', '**411111******1111**'],
])('a number in bold is no mask: %s', (text, expected) => expect(createRedactor().text(text).text).toBe(expected));

it('rows of a dump between bars', () => {
  const dump =
    '|00000000| 52 45 51 34 31 31 31 31 31 31 31 31 31 31 31 31 |REQ4111111111111|\n|00000010| 31 31 31 7c                                     |111|            |';
  expect(createRedactor().text(dump).text).not.toMatch(/31 31 31|4111111/);
});

it.each([
  '2026-11-28T13:37:39,651270+00:00 [   9363]   990  9363     5858     4330     2016     2314         0    86016        0             0 python3',
  'total      4111     1111     1111     1111     2222',
])('columns of a table are no number: %s', (text) => expect(createRedactor().text(text).text).toBe(text));
