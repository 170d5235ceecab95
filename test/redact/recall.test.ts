import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';
import { chanceOf } from './renderings.ts';
import { SAD_KINDS } from './sad-cases.ts';
import { SECRET_KINDS } from './secret-cases.ts';

const redactor = createRedactor();

describe.each([
  ['authentication data', SAD_KINDS],
  ['secrets', SECRET_KINDS],
])('%s', (_, kinds) => {
  it.each(Object.keys(kinds))('%s', (kind) => {
    const chance = chanceOf(20261128);
    for (let round = 0; round < 25; round++) {
      const { text, value } = kinds[kind]?.(chance) ?? { text: '', value: '' };
      const cleaned = redactor.text(text).text;
      expect({ text, leaks: cleaned.includes(value) }).toEqual({ text, leaks: false });
      expect(redactor.text(cleaned).text).toBe(cleaned);
    }
  });
});
