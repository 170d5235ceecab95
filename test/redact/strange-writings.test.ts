/** How much of the writings that nobody had in mind goes, and what the gate sees of them by itself. What is not read at all stands in the bounds. */
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';
import { findSensitive } from '../../src/scan/index.ts';
import { chanceOf } from './renderings.ts';
import { STRANGE_CODES, STRANGE_NUMBERS, strangeNumber } from './strange-writings.ts';

const redactor = createRedactor();
const ROUNDS = 12;
const gunzip = (bytes: Uint8Array, maxBytes: number): Uint8Array => gunzipSync(bytes, { maxOutputLength: maxBytes });
const seen = (text: string): boolean => findSensitive('x', Buffer.from(text), { depth: 2, gunzip }).length > 0;

/** Least shares: redaction, gate. */
const BOUNDS: Readonly<Record<string, readonly [redacted: number, seen: number]>> = {
  'one sign between groups': [0.9, 0.93],
  'more signs between groups': [0.95, 0.95],
  'spaces that are none': [1, 1],
  markup: [0.88, 0.65],
  'groups under keys of their own': [0.95, 0.95],
  'words between groups': [0.95, 0.95],
  'lists of groups': [0.82, 0.82],
  'joined by programs': [0.72, 0.66],
  'glued to letters': [0.9, 0.9],
  dumps: [0.75, 0.68],
  'encoded otherwise': [0.72, 0.66],
};

describe.each(Object.entries(STRANGE_NUMBERS))('card numbers: %s', (kind, writes) => {
  it('go, and are seen by the gate', () => {
    const chance = chanceOf(4711);
    const samples = Object.values(writes).flatMap((write) => Array.from({ length: ROUNDS }, () => strangeNumber(write, chance)));
    const gone = samples.filter(({ text, gone }) => !redactor.text(text).text.includes(gone)).length / samples.length;
    const [redacted, found] = BOUNDS[kind] ?? [1, 1];
    expect(gone).toBeGreaterThanOrEqual(redacted);
    expect(samples.filter(({ text }) => seen(text)).length / samples.length).toBeGreaterThanOrEqual(found);
  });
});

it('codes and PINs as people say them go', () => {
  const chance = chanceOf(4711);
  const samples = Object.values(STRANGE_CODES).flatMap((make) => Array.from({ length: 5 }, () => make(chance)));
  const left = samples.filter(({ text, gone }) => redactor.text(text).text.includes(gone));
  expect(left.length / samples.length).toBeLessThan(0.03);
  expect(samples.filter(({ text }) => seen(text)).length / samples.length).toBeGreaterThan(0.5);
});
