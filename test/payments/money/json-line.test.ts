import { describe, expect, it } from 'vitest';
import { parseObject } from '../../../src/payments/money/json-line.ts';
import { readTable } from '../../../src/payments/money/table.ts';

const LONG = '12345678901234567890';

describe('a line of JSON', () => {
  it.each([
    [`{"id":${LONG}}`, { id: LONG }],
    [`{"a" : ${LONG} , "b":1}`, { a: LONG, b: 1 }],
    [`{"a":[${LONG},2]}`, { a: [LONG, 2] }],
    [`{"a":{"b":${LONG}}}`, { a: { b: LONG } }],
    // Digits in a text are part of it, whatever stands around them.
    [`{"raw":"{\\"id\\":${LONG}}"}`, { raw: `{"id":${LONG}}` }],
    [`{"raw":"a\\\\","id":${LONG}}`, { raw: 'a\\', id: LONG }],
    [`{"raw":": ${LONG},"}`, { raw: `: ${LONG},` }],
    [`{"${LONG}":"x"}`, { [LONG]: 'x' }],
    // Amounts stay numbers.
    ['{"a":123456789012345}', { a: 123456789012345 }],
    ['{"a":0.1234567890123456,"b":-1.5,"c":1e3}', { a: 0.1234567890123456, b: -1.5, c: 1000 }],
    ['{"a":1234567890123456.5}', { a: 1234567890123456.5 }],
    ['{"a":1e0000000000000001}', { a: 10 }],
  ])('%s', (line, value) => {
    expect(parseObject(line)).toEqual(value);
  });

  it.each(['', 'null', '[1]', '{"a":1', `{"a":"${LONG}`, '{"a":"\\', 'x'])('%j is no object', (line) => {
    expect(parseObject(line)).toBeUndefined();
  });

  it('nested deeper than any order is no object, and none of a table', () => {
    const nested = (levels: number): string => `{"a":`.repeat(levels).concat('1', '}'.repeat(levels));
    const deep = nested(20_000);
    expect(parseObject(nested(50))).toBeDefined();
    expect(parseObject(deep)).toBeUndefined();
    expect(parseObject(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)).toBeUndefined();
    expect(readTable(`{"a":1}\n${deep}\n`)).toMatchObject({ ragged: 1, rows: [{ cells: { a: '1' } }] });
  });

  it('is looked through once, whatever stands in it', () => {
    // Of each of these a second look at every character would take minutes.
    for (const hostile of ['\\"', '"\\"', '"', '1', ' 1234567890123456', `1234567890123456${' '.repeat(99)}`])
      for (const begin of ['{"a":', '{"a":"']) expect(parseObject(begin + hostile.repeat(1_000_000 / hostile.length))).toBeUndefined();
  });

  it('of a table keeps long numbers whole', () => {
    expect(readTable(`{"order_no":${LONG},"amount":1.5}\n`).rows).toEqual([{ line: 1, cells: { order_no: LONG, amount: '1.5' } }]);
  });
});
