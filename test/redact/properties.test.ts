import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const redactor = createRedactor({ secrets: ['known-value'] });

const PREFIXES = ['4', '51', '55', '2221', '2720', '34', '37', '36', '6011', '65', '3528', '62', '8100', '2200', '50', '67'];
const LENGTHS: Readonly<Record<string, number>> = { '34': 15, '37': 15, '36': 14 };
const SEPARATORS = [
  '',
  ' ',
  '-',
  '.',
  ',',
  '_',
  '/',
  '+',
  '\t',
  '  ',
  ' - ',
  '\u00a0',
  '\u2009',
  '\u202f',
  '\u3000',
  '\u2011',
  '\u200b',
  '\u00ad',
  '\ufeff',
  '%20',
  '%2D',
  '&nbsp;',
  '\\u00a0',
  '\u001b[31m',
  '\u001b[0m',
];

function checkDigit(body: string): number {
  const sum = [...body].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

const cardNumber = fc
  .tuple(fc.constantFrom(...PREFIXES), fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 18, maxLength: 18 }))
  .map(([prefix, rest]) => {
    const body = (prefix + rest.join('')).slice(0, (LENGTHS[prefix] ?? 16) - 1);
    return body + checkDigit(body);
  });

function grouped(number: string): readonly string[] {
  const sizes = number.length === 15 ? [4, 6, 5] : number.length === 14 ? [4, 6, 4] : [4, 4, 4, 4];
  return sizes.map((size, index) => {
    const from = sizes.slice(0, index).reduce((sum, before) => sum + before, 0);
    return number.slice(from, from + size);
  });
}

function fullWidth(text: string): string {
  return text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
}

describe('card numbers', () => {
  it('do not survive, whatever stands between their groups', () => {
    const surroundings = fc.constantFrom(
      ['', ''],
      ['paid ', ' ok'],
      ['{"card":"', '"}'],
      ['pan=', '&x=1'],
      ['(', ')'],
      ['x\n', '\ny'],
      ['12.50 EUR ', ' 12.50'],
    );
    fc.assert(
      fc.property(
        cardNumber,
        fc.constantFrom(...SEPARATORS),
        fc.boolean(),
        surroundings,
        (number, separator, wide, [before = '', after = '']) => {
          const rendering = grouped(number)
            .map((group) => (wide ? fullWidth(group) : group))
            .join(separator);
          const { text, counts } = redactor.text(before + rendering + after);
          expect(text).toBe(`${before}${number.slice(0, 6)}******${number.slice(-4)}${after}`);
          expect(counts).toEqual({ pan: 1 });
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('do not survive with one separator at every digit', () => {
    fc.assert(
      fc.property(cardNumber, fc.constantFrom(...SEPARATORS), (number, separator) => {
        expect(redactor.text(`a ${[...number].join(separator)} b`).text).toBe(`a ${number.slice(0, 6)}******${number.slice(-4)} b`);
      }),
      { numRuns: 1000 },
    );
  });

  it('do not survive among other words, numbers and each other', () => {
    const noise = fc.constantFrom('id', '42', '2026-11-23', '14:38:07', '12.50', 'EUR', 'ok;', '"x":', '7f3a', 'k=v', '\n');
    fc.assert(
      fc.property(fc.array(fc.oneof(noise, cardNumber), { minLength: 1, maxLength: 12 }), (words) => {
        const { text } = redactor.text(words.join(' '));
        for (const word of words) if (/^\d{14,}$/.test(word)) expect(text).not.toContain(word);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the output', () => {
  const fragment = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        ...'password token secret api_key cvv pin pinBlock track2 authorization Bearer Basic cookie card pan key CVV PIN SECRET'.split(' '),
      ),
    },
    {
      weight: 8,
      arbitrary: fc.constantFrom(
        '=',
        ': ',
        ':',
        ' ',
        '"',
        '\\"',
        "'",
        ',',
        ';',
        '&',
        '{',
        '}',
        '[',
        ']',
        '\n',
        '\\n',
        '<',
        '>',
        '/',
        '@',
        '://',
        '|',
        '^',
        '?',
        '*',
        '--',
        '%20',
        '%3D',
        '.',
        '-',
      ),
    },
    {
      weight: 5,
      arbitrary: fc.constantFrom(
        'hunter2',
        'abc',
        '123',
        '1234',
        'abcd1234efgh5678',
        '1A2B3C4D5E6F7788',
        'known-value',
        'dXNlcjpwYXNz',
        'sk_live_abcdefghijklmnop',
        '[CVV]',
        '[SECRET:password]',
        '25121011000012345678',
        'user',
        'eyJhbGciOiJI.eyJzdWIiOiI.c2ln',
        '-----BEGIN PRIVATE KEY-----',
        '-----END PRIVATE KEY-----',
        '12/25',
      ),
    },
    { weight: 3, arbitrary: cardNumber },
    { weight: 2, arbitrary: cardNumber.map((number) => grouped(number).join(' ')) },
    { weight: 2, arbitrary: fc.stringMatching(/^[0-9]{1,8}$/) },
    { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
  );

  it('gives itself when it is cleaned again', () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 24 }), (fragments) => {
        const once = redactor.text(fragments.join('')).text;
        expect(redactor.text(once)).toEqual({ text: once, counts: {} });
      }),
      { numRuns: 5000 },
    );
  });

  it('of JSON gives itself when it is cleaned again', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fragment, fc.oneof(fragment, fc.integer(), fc.array(fragment, { maxLength: 4 })), { maxKeys: 5 }),
        (value) => {
          const once = redactor.json(value).value;
          expect(redactor.json(once)).toEqual({ value: once, counts: {} });
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('of JSON text is JSON text', () => {
    const value = fc.dictionary(
      fc.constantFrom('password', 'cvv', 'pan', 'pin', 'token', 'note', 'amount'),
      fc.oneof(fc.integer({ min: 0 }), cardNumber.map(Number), cardNumber, fc.string(), fragment, fc.boolean()),
    );
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (record, indent) => {
        const text = JSON.stringify(record, undefined, indent);
        expect(Object.keys(JSON.parse(redactor.text(text).text) as object)).toEqual(Object.keys(record));
        const nested = JSON.stringify({ body: text });
        expect(() => JSON.parse((JSON.parse(redactor.text(nested).text) as { body: string }).body) as unknown).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});
