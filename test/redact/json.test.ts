import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const redactor = createRedactor({ secrets: ['known-value'] });

function clean(value: unknown): unknown {
  return redactor.json(value).value;
}

describe('json', () => {
  it('leaves what is known to be harmless, as a whole and to the letter', () => {
    const text = 'port: 5432 # pan 4111111111111111 known-value';
    const { json } = createRedactor({ secrets: ['known-value'], harmless: [text] });
    expect(json({ text, more: `${text}.` })).toEqual({
      value: { text, more: 'port: 5432 # pan 411111******1111 [SECRET:known].' },
      counts: { pan: 1, known: 1 },
    });
  });

  it('knows a secret that is a number', () => {
    const { json } = createRedactor({ secrets: ['876543'] });
    expect(json({ a: 876543, b: 87654, c: 12345678 }).value).toEqual({ a: '[SECRET:known]', b: 87654, c: 12345678 });
  });

  it.each([
    ['strings at any depth', { a: [{ b: 'pay 4111111111111111' }] }, { a: [{ b: 'pay 411111******1111' }] }],
    ['numbers', { n: 4111111111111111, m: 4111111111111112, k: 5 }, { n: '411111******1111', m: 4111111111111112, k: 5 }],
    ['numbers that have lost their last digits', { n: Number('6205500000000000004') }, { n: '620550******0000' }],
    [
      'numbers of 13 digits only under a card key',
      { size: 4222222222222, pan: 4222222222222 },
      { size: 4222222222222, pan: '422222******2222' },
    ],
    ['keys', { '4111111111111111': 1 }, { '411111******1111': 1 }],
    ['keys that become equal', { '4111111111111111': 1, '411111 1111111111': 2 }, { '411111******1111': 1, '411111******1111#2': 2 }],
    ['values under a key', { password: 'hunter2', user: 'app' }, { password: '[SECRET:password]', user: 'app' }],
    ['numbers under a key', { cvv: 123, pin: 1234, password: 12345678 }, { cvv: '[CVV]', pin: '[PIN]', password: '[SECRET:password]' }],
    ['lists under a key', { tokens: ['a'], apiKey: ['abcd1234'] }, { tokens: ['a'], apiKey: ['[SECRET:api-key]'] }],
    [
      'card numbers that only a key proves',
      { cardNumber: '6221558812340000', ref: '6221558812340000' },
      { cardNumber: '622155******0000', ref: '6221558812340000' },
    ],
    [
      'references to secrets',
      { password: { env: 'DB_PASSWORD' }, url: { env: 'DB_URL' } },
      { password: { env: 'DB_PASSWORD' }, url: { env: 'DB_URL' } },
    ],
    ['switches under a key', { token: true, secret: null, password: '' }, { token: true, secret: null, password: '' }],
    ['argument lists', ['mysql', '--password', 'hunter2', '-h', 'db'], ['mysql', '--password', '[SECRET:password]', '-h', 'db']],
    ['joined arguments', ['mysql', '--password=hunter2'], ['mysql', '--password=[SECRET:password]']],
    [
      'pairs',
      [
        ['X-Api-Key', 'abcd1234'],
        ['Accept', 'json-1'],
      ],
      [
        ['X-Api-Key', '[SECRET:api-key]'],
        ['Accept', 'json-1'],
      ],
    ],
    ['name and value', [{ name: 'DB_PASSWORD', value: 'hunter2' }], [{ name: 'DB_PASSWORD', value: '[SECRET:password]' }]],
    [
      'headers',
      { authorization: 'Bearer abc.def', cookie: 'a=b; c=d' },
      { authorization: 'Bearer [SECRET:bearer]', cookie: '[SECRET:cookie]' },
    ],
    ['tracks', { track2: ';4111111111111111=25121011000?' }, { track2: '[TRACK2]' }],
    ['JSON in a string', { body: '{"cvv":123,"token":"abcd1234"}' }, { body: '{"cvv":"[CVV]","token":"[SECRET:token]"}' }],
    [
      'numbers that are drawn, and one that is not',
      { trace_id: Number('4266247047529477710'), queryid: '4266247047529477710', account: '4111111111111111' },
      { trace_id: Number('4266247047529477710'), queryid: '4266247047529477710', account: '411111******1111' },
    ],
    [
      'digest',
      { authorization: 'Digest username="a", response="b"' },
      { authorization: 'Digest username="a", response="[SECRET:authorization]"' },
    ],
    ['known values', ['x known-value'], ['x [SECRET:known]']],
    [
      'keys that come again',
      [
        { pin: '1234', ok: 1 },
        { pin: '1234', ok: 1 },
      ],
      [
        { pin: '[PIN]', ok: 1 },
        { pin: '[PIN]', ok: 1 },
      ],
    ],
    ['counts under words that also mean secrets', { pass: 12, fail: 3, tokens: 5000 }, { pass: 12, fail: 3, tokens: 5000 }],
    ['a bare string', '4111111111111111', '411111******1111'],
    ['nothing', null, null],
  ])('cleans %s', (_, value, expected) => expect(clean(value)).toEqual(expected));

  it('says of short words and numbers what it says of them when it looks for all there is', () => {
    const [quick, careful] = [createRedactor(), createRedactor({ secrets: ['no word at all'] })];
    const pieces = fc.oneof(
      fc.constantFrom(
        ...'password token secret apikey cvv pin pan track key AKIA ghp_ sk_live xox eyJ _ DE f52 pass pwd = : 123 4111111111111111 52'.split(
          ' ',
        ),
      ),
      fc.stringMatching(/^[A-Za-z_]{0,8}$/),
      fc.stringMatching(/^\d{0,19}$/),
    );
    const words = fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join(''));
    const property = fc.property(words, (word) => {
      expect(quick.text(word)).toEqual(careful.text(word));
    });
    fc.assert(property, { numRuns: 3_000 });
  });

  it('cleans a text that comes again under a key that says what it is', () => {
    const { json } = createRedactor();
    const facts = { note: 'hunter2x', password: 'hunter2x', again: 'hunter2x' };
    expect(json(facts).value).toEqual({ note: 'hunter2x', password: '[SECRET:password]', again: 'hunter2x' });
    expect(json(facts)).toEqual({ value: { note: 'hunter2x', password: '[SECRET:password]', again: 'hunter2x' }, counts: { password: 1 } });
  });

  it('counts by kind', () => {
    expect(redactor.json({ a: '4111111111111111', b: ['4111111111111111'], cvv: 123, password: 'x y' }).counts).toEqual({
      pan: 2,
      cvv: 1,
      password: 1,
    });
  });

  it('leaves the given value as it is', () => {
    const value = { a: ['4111111111111111'] };
    clean(value);
    expect(value).toEqual({ a: ['4111111111111111'] });
  });

  it('makes __proto__ a key like any other', () => {
    const cleaned = clean(JSON.parse('{"__proto__":{"password":"hunter2"}}'));
    expect(JSON.stringify(cleaned)).toBe('{"__proto__":{"password":"[SECRET:password]"}}');
  });

  it('keeps the structure of any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(shapeOf(clean(value))).toEqual(shapeOf(value));
      }),
      { numRuns: 300 },
    );
  });
});

/** Types and sizes, texts and numbers left out. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === 'object' && value !== null) return Object.values(value).map(shapeOf);
  return typeof value === 'number' || typeof value === 'string' ? 'scalar' : value;
}
