/** Finds card data in samples and logs as `oor redact` does and as simpler tools do, in a process of its own; prints what each found and what it cost, as JSON. */
import { readFileSync } from 'node:fs';
import { createRedactor } from '../../src/redact/index.ts';
import { type Chance, chanceOf, RENDERINGS, sample } from '../redact/renderings.ts';
import { SAD_KINDS } from '../redact/sad-cases.ts';
import { SECRET_KINDS } from '../redact/secret-cases.ts';

interface Task {
  readonly seed: number;
  readonly rounds: number;
  readonly logs: readonly string[];
}

type Clean = (text: string) => { readonly text: string; readonly hits: number };

/** Of each log. */
const TIMES = 3;
const { seed, rounds, logs } = JSON.parse(readFileSync(0, 'utf8')) as Task;
const CLEANERS: Readonly<Record<string, Clean>> = {
  'oor, all rules': ours(createRedactor()),
  'oor, card data': ours(createRedactor({ only: 'card' })),
  'ccsrch-like': ccsrchLike,
  'regexp and Luhn': (text) => replaceCounted(text, /\b(?:\d[ -]?){12,18}\d\b/g, luhn),
  regexp: (text) => replaceCounted(text, /\b(?:\d[ -]?){12,18}\d\b/g, () => true),
};

const chance = chanceOf(seed);
const renderings = recall(
  Object.fromEntries(Object.keys(RENDERINGS).map((name) => [name, (one: Chance) => sample(name, one)])),
  ({ text, middle }, output) => text !== output && !output.includes(middle),
);
const sad = recall(SAD_KINDS, ({ value }, output) => !output.includes(value));
const secrets = recall(SECRET_KINDS, ({ value }, output) => !output.includes(value));
process.stdout.write(JSON.stringify({ renderings, sad, secrets, logs: logs.map(measureLog) }));

function ours(redactor: ReturnType<typeof createRedactor>): Clean {
  return (text) => {
    const cleaned = redactor.text(text);
    return { text: cleaned.text, hits: Object.values(cleaned.counts).reduce((sum, count) => sum + count, 0) };
  };
}

/** Share that is gone, by kind and cleaner. */
function recall<T extends { readonly text: string }>(
  kinds: Readonly<Record<string, (chance: Chance) => T>>,
  isGone: (one: T, output: string) => boolean,
): Record<string, Record<string, number>> {
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, make]) => {
      const samples = Array.from({ length: rounds }, () => make(chance));
      const shares = Object.entries(CLEANERS).map(([name, clean]) => [
        name,
        samples.filter((one) => isGone(one, clean(one.text).text)).length / rounds,
      ]);
      return [kind, Object.fromEntries(shares) as Record<string, number>];
    }),
  );
}

/** Hits and processor time, the cleaners in turns; of several times the best, since others run beside. */
function measureLog(log: string): Record<string, { hits: number; seconds: number; bytes: number }> {
  const text = readFileSync(log, 'latin1');
  // The first pieces warm the compiler up.
  measureOnce(text.slice(0, text.length / 5));
  const [first = {}, ...others] = Array.from({ length: TIMES }, () => measureOnce(text));
  for (const other of others)
    for (const [name, result] of Object.entries(first)) result.seconds = Math.min(result.seconds, other[name]?.seconds ?? result.seconds);
  return first;
}

function measureOnce(text: string): Record<string, { hits: number; seconds: number; bytes: number }> {
  const piece = 512 * 1024;
  const results = Object.fromEntries(Object.keys(CLEANERS).map((name) => [name, { hits: 0, seconds: 0, bytes: 0 }]));
  for (let from = 0; from < text.length; from += piece) {
    const part = text.slice(from, from + piece);
    for (const [name, clean] of Object.entries(CLEANERS)) {
      const start = process.cpuUsage();
      const { hits } = clean(part);
      const { user, system } = process.cpuUsage(start);
      const result = results[name];
      if (result === undefined) continue;
      result.hits += hits;
      result.seconds += (user + system) / 1e6;
      result.bytes += part.length;
    }
  }
  return results;
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    sum += place % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
  }
  return sum % 10 === 0;
}

function replaceCounted(
  text: string,
  pattern: RegExp,
  isCard: (digits: string) => boolean,
): { readonly text: string; readonly hits: number } {
  let hits = 0;
  const cleaned = text.replace(pattern, (found) => {
    if (!isCard(found.replace(/\D/g, ''))) return found;
    hits++;
    return '*'.repeat(found.length);
  });
  return { text: cleaned, hits };
}

/** As ccsrch does with -w: one character after the other, digits collected over separators and line ends, prefix and Luhn of the last 14 to 16. */
function ccsrchLike(text: string): { readonly text: string; readonly hits: number } {
  const hits: [number, number][] = [];
  let digits = '';
  let places: number[] = [];
  const check = (): void => {
    const isCard =
      (digits.length === 16 && /^(?:4|5[1-5]|6011|3[0-9])/.test(digits)) ||
      (digits.length === 15 && /^3[47]/.test(digits)) ||
      (digits.length === 14 && /^3[068]/.test(digits));
    if (isCard && luhn(digits)) hits.push([places[0] ?? 0, (places.at(-1) ?? 0) + 1]);
  };
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) {
      digits += text[index];
      places.push(index);
    } else if (code !== 0x2d && code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0) {
      check();
      digits = '';
      places = [];
    }
  }
  check();
  let cleaned = text;
  for (const [from, to] of hits.reverse()) cleaned = cleaned.slice(0, from) + '*'.repeat(to - from) + cleaned.slice(to);
  return { text: cleaned, hits: hits.length };
}
