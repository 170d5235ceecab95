import { type Span, secretSpan } from './span.ts';
import { TOKEN_FORMATS } from './token-format.ts';

/** No token is shorter, and most lines have no longer word: only such words are looked into. */
const LONG_WORD = /[A-Za-z0-9_$.-]{15,}/g;

interface Format {
  readonly kind: string;
  readonly pattern: RegExp;
}

/** By what of a prefix stands before the first sign that ends a long word. */
const FORMATS_BY_BEGINNING = indexFormats();
/** The longest first: one may begin with another. */
const BEGINNINGS = new RegExp(
  [...FORMATS_BY_BEGINNING.keys()]
    .sort((a, b) => b.length - a.length)
    .map(escapeForPattern)
    .join('|'),
  'g',
);

/** Two or more parts of JSON in base64url: signed (JWS) or encrypted (JWE). */
const JWT = /eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{4,16384}(?:\.[A-Za-z0-9_-]{0,16384})*/y;
/** Telegram's bot tokens begin with a number. */
const TELEGRAM = /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))(?:bot)?\d{8,10}:AA[A-Za-z0-9_-]{32,35}(?![A-Za-z0-9_-])/g;
/** The key of a signature in the older payment interfaces: `...&key=` and 32 characters. */
const SIGNING_KEY = /&key=([A-Za-z0-9]{32})(?![A-Za-z0-9])/g;

/** Credentials that tell by their own form what they are. */
export function findTokens(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const { 0: word, index } of text.matchAll(LONG_WORD)) {
    spans.push(...findInWord(text, word, index));
  }
  if (text.includes(':AA')) {
    for (const { 0: token, index } of text.matchAll(TELEGRAM)) spans.push(secretSpan('telegram-token', index, index + token.length));
  }
  if (text.includes('&key=')) {
    for (const { 0: pair, index } of text.matchAll(SIGNING_KEY))
      spans.push(secretSpan('signing-key', index + '&key='.length, index + pair.length));
  }
  return spans;
}

function* findInWord(text: string, word: string, offset: number): Generator<Span> {
  for (const { 0: beginning, index } of word.matchAll(BEGINNINGS)) {
    const start = offset + index;
    if (!beginsHere(text, start)) continue;
    const found = FORMATS_BY_BEGINNING.get(beginning)?.find(({ pattern }) => matchesAt(pattern, text, start));
    if (found !== undefined) yield secretSpan(found.kind, start, found.pattern.lastIndex);
  }
  const jwt = word.indexOf('eyJ');
  if (jwt !== -1 && beginsHere(text, offset + jwt) && matchesAt(JWT, text, offset + jwt))
    yield secretSpan('jwt', offset + jwt, JWT.lastIndex);
}

function indexFormats(): ReadonlyMap<string, readonly Format[]> {
  const index = new Map<string, Format[]>();
  for (const { kind, prefixes, body } of TOKEN_FORMATS) {
    for (const prefix of prefixes) {
      const beginning = prefix.split('/')[0] ?? '';
      index.set(beginning, [...(index.get(beginning) ?? []), { kind, pattern: new RegExp(escapeForPattern(prefix) + body, 'y') }]);
    }
  }
  return index;
}

/** Not inside another word; the letter of an escape such as `\n` is none. */
function beginsHere(text: string, start: number): boolean {
  return (
    !/[A-Za-z0-9]/.test(text[start - 1] ?? ' ') ||
    (text[start - 2] === '\\' && /[nrt]/.test(text[start - 1] ?? '')) ||
    /%[0-9A-F]{2}$/i.test(text.slice(Math.max(0, start - 3), start))
  );
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function escapeForPattern(literal: string): string {
  return literal.replace(/[$.*+?^(){}|[\]\\/-]/g, '\\$&');
}
