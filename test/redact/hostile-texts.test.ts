/** Texts that are taken for something else pass as they are; a card number among them does not. */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';
import { ALL_NAUGHTY, NAUGHTY } from '../hostile-texts.ts';

const redactor = createRedactor();
const GROUPS = '4539 5787 6362 1486';

describe.each(Object.entries(NAUGHTY))('%s', (_, texts) => {
  it('pass as they are: as text, in pieces, as facts', () => {
    for (const text of texts) {
      expect(redactor.text(text)).toEqual({ text, counts: {} });
      expect(streamed(text, 3)).toBe(text);
      const facts = { [text]: text, list: [text, [text]], size: 7 };
      expect(redactor.json(facts)).toEqual({ value: facts, counts: {} });
    }
  });

  it('hide no card number beside them', () => {
    for (const text of texts) {
      const line = `${text} ${GROUPS} ${text}\n`;
      const cleaned = redactor.text(line);
      expect({ text, left: cleaned.text.includes('5787') || cleaned.text.includes('6362') }).toEqual({ text, left: false });
      expect(streamed(line, 4_096)).toBe(cleaned.text);
      // Digits beside it may be taken for a part of it.
      if (/^\d|\d$/.test(text)) continue;
      expect(cleaned.text).toBe(`${text} 453957******1486 ${text}\n`);
      expect(redactor.json({ [`${text} ${GROUPS}`]: [`${GROUPS} ${text}`] }).value).toEqual({
        [`${text} 453957******1486`]: [`453957******1486 ${text}`],
      });
    }
  });
});

it('nor all of them in one text', () => {
  const all = ALL_NAUGHTY.map(([, text]) => text).join('\n');
  expect(redactor.text(all)).toEqual({ text: all, counts: {} });
  expect(redactor.text(`${all}\n${GROUPS}\n${all}`).counts).toEqual({ pan: 1 });
});

function streamed(text: string, size: number): string {
  const stream = redactor.stream(() => undefined);
  let out = '';
  for (let from = 0; from < text.length; from += size) out += stream.push(text.slice(from, from + size));
  return out + stream.end();
}
