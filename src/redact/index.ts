import { isCardNumber, isIssued, MEASURE_DIGITS, MIN_DIGITS } from './card-number.ts';
import { cleanText } from './clean.ts';
import { createFinder, type RedactorOptions } from './finder.ts';
import { classifyKey, type KeyKind, keyedSpan } from './key.ts';
import { MIN_SECRET_LENGTH } from './known-secret.ts';
import { namesOtherNumber } from './pan.ts';
import type { Pseudonym } from './pseudonym.ts';
import { type Detector, issuerOf, type Span } from './span.ts';
import { createTextStream, type TextStream } from './stream.ts';

export type { Pseudonym, RedactorOptions, TextStream };

/** How many of each kind were removed, e.g. `{ pan: 2, cvv: 1, password: 1 }`. */
export type Counts = Readonly<Record<string, number>>;

export interface Redactor {
  text(input: string): { readonly text: string; readonly counts: Counts };
  /** Strings, keys and numbers at any depth. The structure stays; a number that is a card's becomes a string. */
  json<T>(value: T): { readonly value: T; readonly counts: Counts };
  /** A text of any length, in chunks cut anywhere. `line` is that of the input, from 1; `issuer` the first six digits of a card number. */
  stream(onRemoved: (kind: string, line: number, issuer: string | undefined) => void): TextStream;
}

/** Removes card data and secrets. Pure: the same input gives the same output, and the output gives itself. */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  const { secrets = [], harmless = [] } = options;
  // A known secret may be a number of six digits; nothing else below the length of a card number is told by its digits.
  const plainDigits = secrets.length > 0 ? MIN_SECRET_LENGTH : MIN_DIGITS;
  const keys = new Map<string, KeyKind | undefined>();
  const texts = new Set<string>(harmless);
  const find = createFinder(options);

  function clean(input: string, kind: KeyKind | undefined, tally: Tally): string {
    const findHere: Detector = (text) => [...spansUnderKey(text, kind), ...find(text, kind === 'pan')];
    return cleanText(input, findHere(input), findHere, (span) => {
      tally[span.kind] = (tally[span.kind] ?? 0) + 1;
      const issuer = issuerOf(span);
      if (issuer !== undefined) options.onIssuer?.(issuer);
    });
  }

  return {
    text(input) {
      const counts: Tally = {};
      return { text: clean(input, undefined, counts), counts };
    },
    json(value) {
      const counts: Tally = {};
      const walker: Walker = { clean: (text, kind) => clean(text, kind, counts), keys, texts, plainDigits };
      return { value: walk(value, undefined, walker) as typeof value, counts };
    },
    stream: (onRemoved) =>
      createTextStream({ find: (text) => find(text, false), onRemoved: (span, line) => onRemoved(span.kind, line, issuerOf(span)) }),
  };
}

type Tally = Record<string, number>;

interface Walker {
  clean(text: string, kind: KeyKind | undefined): string;
  /** Keys with nothing to remove, and what they say of their value. The facts of a run have few, over and over. */
  readonly keys: Map<string, KeyKind | undefined>;
  /** Short texts with nothing to remove, under keys that say nothing of them: `ok`, an address, a path, over and over. */
  readonly texts: Set<string>;
  /** A number with fewer digits than this hides nothing by itself. */
  readonly plainDigits: number;
}

const MAX_KEYS = 2_000;
const MAX_KEY_LENGTH = 64;
const MAX_TEXTS = 2_000;
const MAX_TEXT_LENGTH = 64;

function spansUnderKey(input: string, kind: KeyKind | undefined): readonly Span[] {
  const span = kind === undefined ? undefined : keyedSpan(kind, input, 0);
  return span === undefined ? [] : [span];
}

function walk(value: unknown, kind: KeyKind | undefined, walker: Walker): unknown {
  if (typeof value === 'string') return kind === undefined ? cleanRepeated(value, walker) : walker.clean(value, kind);
  if (typeof value === 'number') return cleanNumber(value, kind, walker);
  if (Array.isArray(value)) return walkArray(value, kind, walker);
  return typeof value === 'object' && value !== null ? walkObject(value, walker) : value;
}

function cleanRepeated(text: string, { clean, texts }: Walker): string {
  if (texts.has(text)) return text;
  const cleaned = clean(text, undefined);
  if (cleaned === text && text.length <= MAX_TEXT_LENGTH && texts.size < MAX_TEXTS) texts.add(text);
  return cleaned;
}

/** Digits of a card number one by one, or as they are printed. */
const LEAST_GROUPS = 3;
const GROUP = /^\d{1,7}$/;

function isGroup(item: unknown): boolean {
  return (typeof item === 'string' || typeof item === 'number') && GROUP.test(String(item));
}

/** After an item that is a flag (`--password`) comes its value; a pair is a name and a value. */
function walkArray(items: readonly unknown[], kind: KeyKind | undefined, walker: Walker): unknown[] {
  const joined = items.length < LEAST_GROUPS || !items.every(isGroup) ? '' : items.join(' ');
  const cleaned = joined === '' ? joined : walker.clean(joined, undefined);
  if (cleaned !== joined) return [cleaned];
  return items.map((item, index) => {
    const before = items[index - 1];
    const isNamed = typeof before === 'string' && (/^--?[A-Za-z]/.test(before) || items.length === 2);
    return walk(item, kind ?? (isNamed ? classifyKey(before) : undefined), walker);
  });
}

/** The code of American Express; elsewhere the id of a connection, a customer, a container. */
const CARD_ID = /^cid$/i;
const BESIDE_CARD_ID = /^(?:pan|(?:card|cc)[a-z_-]{0,12}|exp[a-z_-]{0,16})$/i;

/** `{ name, value }` and `{ key, value }` are a key and its value too. */
function walkObject(object: object, walker: Walker): object {
  const entries = Object.entries(object);
  const named = entries.find(([key, value]) => /^(?:name|key)$/i.test(key) && typeof value === 'string')?.[1] as string | undefined;
  const taken = new Set<string>();
  const parts = cardInParts(entries, walker);
  const hasCard = entries.length > 1 && entries.some(([key]) => CARD_ID.test(key)) && entries.some(([key]) => BESIDE_CARD_ID.test(key));
  return Object.fromEntries(
    entries.map(([key, value]) => {
      const { name, kind } = readKey(key, walker);
      const own = named !== undefined && /^value$/i.test(key) ? classifyKey(named) : hasCard && CARD_ID.test(key) ? 'cvv' : kind;
      const isOther = own === undefined && LONG_NUMBER.test(String(value)) && namesOtherNumber(key);
      return [distinct(name, taken), isOther ? cleanUnder(key, value, walker) : (parts?.get(key) ?? walk(value, own, walker))];
    }),
  );
}

const LONG_NUMBER = /^-?\d{13,20}$/;

/** The number of a trace, of a query, of a member: with its key, as a text has it. */
function cleanUnder(key: string, value: unknown, { clean }: Walker): unknown {
  const head = `${key}=`;
  const written = `${head}${value}`;
  const cleaned = clean(written, undefined);
  return cleaned === written || !cleaned.startsWith(head) ? value : cleaned.slice(head.length);
}

const CARD_PART = /(?:^|[^a-z])(?:pan|card|cc|part|group|first|middle|last|bin)/i;

/** Values under keys such as `pan1`, `pan2` that are one number: it stands in place of the first of them. */
function cardInParts(
  entries: readonly (readonly [key: string, value: unknown])[],
  { clean }: Walker,
): ReadonlyMap<string, string> | undefined {
  if (entries.length < LEAST_GROUPS) return undefined;
  const parts = entries.filter(([key, value]) => isGroup(value) && String(value).length > 3 && CARD_PART.test(key));
  if (parts.length < LEAST_GROUPS) return undefined;
  const joined = parts.map(([, value]) => String(value)).join(' ');
  const cleaned = clean(joined, undefined);
  return cleaned === joined ? undefined : new Map(parts.map(([key], index) => [key, index === 0 ? cleaned : '[PAN]']));
}

function readKey(key: string, { clean, keys }: Walker): { readonly name: string; readonly kind: KeyKind | undefined } {
  if (keys.has(key)) return { name: key, kind: keys.get(key) };
  const name = clean(key, undefined);
  const kind = classifyKey(key);
  if (name === key && key.length <= MAX_KEY_LENGTH && keys.size < MAX_KEYS) keys.set(key, kind);
  return { name, kind };
}

/** Two keys may become one when they are redacted. */
function distinct(key: string, taken: Set<string>): string {
  let name = key;
  for (let count = 2; taken.has(name); count++) name = `${key}#${count}`;
  taken.add(name);
  return name;
}

/**
 * Past 2^53 a number has lost its last digits, and with them the proof: the issuer's prefix must do.
 * Without a key, a number that is no longer than a disk's size in bytes is one.
 */
function cleanNumber(value: number, kind: KeyKind | undefined, { clean, plainDigits }: Walker): number | string {
  const digits = String(Math.abs(value));
  if (kind === undefined && digits.length < plainDigits) return value;
  if (kind === undefined && digits.length <= MEASURE_DIGITS && isCardNumber(digits, false)) return value;
  const lostDigits = !Number.isSafeInteger(value) && /^\d{13,19}$/.test(digits) && isIssued(digits);
  const cleaned = clean(digits, lostDigits ? 'pan' : kind);
  return cleaned === digits ? value : cleaned;
}
