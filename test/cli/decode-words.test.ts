import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tellDecoded } from '../../src/cli/decode-words-zh.ts';
import { literalsFrom } from '../source-literals.ts';

const FOLDER = 'src/payments/iso8583';
const SAID = /\b(?:stop|doubt|report)\('[a-z-]+', |\bmessage: (?=['`])/g;

const said = readdirSync(FOLDER)
  .filter((name) => !/^(?:pair|parse-dialect|refusal)\.ts$/.test(name))
  .flatMap((name) => {
    const source = readFileSync(join(FOLDER, name), 'utf8');
    return [...source.matchAll(SAID)].flatMap(({ index, 0: start }) =>
      literalsFrom(source, index + start.length, !start.startsWith('message')).map((text) => `${name}: ${text}`),
    );
  });

it('what is wrong with a message is found in the sources', () => {
  expect(said.length).toBeGreaterThan(30);
  expect(said).toContain('codec.ts: the message type needs {} bytes, {} are left');
});

it.each(said)('%s, told in Chinese', (line) => {
  const text = line.slice(line.indexOf(': ') + 2).replaceAll('{}', '7');
  expect(tellDecoded(text)).toMatch(/\p{Script=Han}/u);
});

it.each([
  ['field 4: this is no digit (ascii)', '域 4：不是数字（ascii）'],
  ['field 55: objects and lengths of the BER-TLV do not fill the field', '域 55：BER-TLV 的对象与长度未能填满该域'],
  [
    'with field 3 and 4 in place of 5, every byte has its place too: a bit of the bitmap may be wrong',
    '以域 3 和 4 代替域 5 后所有字节也各有归属：位图可能有一位错误',
  ],
])('%s', (en, zh) => {
  expect(tellDecoded(en)).toBe(zh);
});
