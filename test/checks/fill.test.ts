import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fillSlots, showSlots, tellSpan, withUnit } from '../../src/checks/fill.ts';
import { loadChecks } from '../../src/checks/index.ts';

describe('a slot', () => {
  const fill = (template: string, data: Record<string, string | number>) => fillSlots(template, (name) => data[name]);

  it.each([
    ['{n|file is|files are} gone', { n: 1 }, '1 file is gone'],
    ['{n|file is|files are} gone', { n: '1' }, '1 file is gone'],
    ['{n|file is|files are} gone', { n: 0 }, '0 files are gone'],
    ['{n|file is|files are} gone', { n: 11 }, '11 files are gone'],
    ['{bad} of {n|file|files}', { bad: 1, n: 3 }, '1 of 3 files'],
    ['{nothing} and {n|known|known}', {}, '{nothing} and {n|known|known}'],
    ['{what}', { what: '{n|a|b}', n: 1 }, '{n|a|b}'],
  ])('%s', (template, data, expected) => {
    expect(fill(template, data as Record<string, string | number>)).toBe(expected);
  });
});

it('a slot that nothing is filled into is shown without its forms', () => {
  expect(showSlots('{bad} of {n|file is|files are} gone')).toBe('{bad} of {n} files are gone');
});

it('a time span is told in the language of its reader', () => {
  expect(['3 d 4 h', '12 min', '0 s', '3 d 4 h x', 'h', 7].map((value) => tellSpan(value, 'zh-CN'))).toEqual([
    '3 天 4 小时',
    '12 分',
    '0 秒',
    '3 d 4 h x',
    'h',
    7,
  ]);
  expect(tellSpan('3 d 4 h', 'en')).toBe('3 d 4 h');
});

describe('a number and its unit', () => {
  it.each([
    [40, '%', '40%', '40%'],
    [14, 'days', '14 days', '14 天'],
    [1, 'days', '1 day', '1 天'],
    [-1, 'days', '-1 day', '-1 天'],
    [3, 'ms', '3 ms', '3 ms'],
    [1, 'processes', '1 process', '1 个进程'],
    ['>= 1', 'processes', '>= 1 processes', '>= 1 个进程'],
    [5, '', '5', '5'],
    [2, 'load15 per core', '2 load15 per core', '2（每核 load15）'],
  ])('%s %s', (value, unit, en, zh) => {
    expect([withUnit(value, unit, 'en'), withUnit(value, unit, 'zh-CN')]).toEqual([en, zh]);
  });

  it('has a word in Chinese for each unit that is a word', () => {
    const folder = new URL('../../src/checks/', import.meta.url);
    const named = readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) =>
        [...readFileSync(new URL(name, folder), 'utf8').matchAll(/(?:\bunit(?:: string)?(?::| =)) '([^']+)'/g)].map(
          ([, unit = '']) => unit,
        ),
      );
    const words = [...new Set(named)].filter((unit) => /[a-z]{4}/.test(unit) && !NAMES.has(unit));
    expect(words.length).toBeGreaterThan(25);
    expect(words.filter((unit) => !/\p{Script=Han}/u.test(withUnit(2, unit, 'zh-CN')))).toEqual([]);
  });
});

/** Units of service managers and of amounts, which are no units of a number. */
const NAMES = new Set(['nginx', 'paygw', 'major', 'minor', 'Mbit/s']);

describe('the sentences of checks', () => {
  it('say one thing as one', async () => {
    const messages = Object.values(await loadChecks()).flatMap((check) => Object.values(check.messages).map(({ en }) => en));
    const plurals = new Set(
      messages.flatMap((text) => [...text.matchAll(/\|([^|{}]+)\}/g)].flatMap(([, many = '']) => many.match(/\b[a-z]{2,}s\b/g) ?? [])),
    );
    plurals.delete('answers');
    expect(plurals.size).toBeGreaterThan(40);
    const wrong = new RegExp(`(?<!none of (?:the )?|among the )\\b1 (?:[a-z]+ )?(?:${[...plurals].join('|')})\\b`);
    expect(messages.filter((en) => wrong.test(fillSlots(en, (name) => (NO_NUMBERS.has(name) ? name : 1))))).toEqual([]);
  });
});

/** Slots before a word in the plural that hold no number of them, or never one. */
const NO_NUMBERS = new Set([
  'at',
  'host',
  'peer',
  'device',
  'name',
  'process',
  'ups',
  'container',
  'source',
  'who',
  'unit',
  'path',
  'max',
  'quota',
  'ms',
  'size',
  'passed',
  'url',
  'port',
  'address',
  'error',
  'factor',
  'attempts',
]);
