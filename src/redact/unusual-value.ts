import { type KeyKind, keyedSpan, looksLikeSecret } from './key.ts';
import type { Key } from './key-stem.ts';
import type { Span } from './span.ts';

/** `{x}` of ODBC, in which `}}` is a brace. */
const IN_BRACES = /\{((?:[^{}\n]|\}\}){1,256})\}(?=[;"'\s]|$)/y;
/** `<<EOT`, lines, `EOT` of HCL, Ruby and shells. */
const HERE_DOCUMENT =
  /<<[-~]?["']?([A-Z][A-Z0-9_]{1,20})["']?\r?\n([^\n]{1,512}(?:\n[^\n]{0,512}){0,40}?)\r?\n[ \t]{0,40}\1(?![A-Za-z0-9_])/y;
/** `[a, 'b']` of YAML and JSON. */
const LIST = /\[[ \t\r\n]{0,24}(?=[^\s[\]{}])([^[\]{}]{3,2048})\]/y;
/** `- a` in the lines below, of YAML. */
const ITEMS = /[ \t]{0,4}\r?\n((?:[ \t]{0,40}-[ \t]{1,4}[^\r\n]{1,256}(?:\r?\n|$)){1,40})/y;
const ITEM = /(["'])((?:(?!\1)[^\r\n]){1,256})\1|(?<=[[,\s-])([^\s"',[\]{}]{1,256})(?=[,\s\]]|$)/g;
/** Names of several secrets. */
const PLURAL = /(?:password|passwd|secret|token|key|community_string|communit)(?:s|ies)$/i;
const OF_ACCESS = /(?:api|access|auth|bearer|bot|deploy|secret|signing)[_-]?(?:tokens|keys|secrets)$/i;
/** `"value":"x","name":"` before a name. */
const VALUE_BEFORE =
  /\\{0,3}["']?value\\{0,3}["']?[ \t]{0,2}:[ \t]{0,2}(\\{0,3}["'])([^"'\\\n]{1,256})\1[ \t]{0,2},\s{0,24}\\{0,3}["']?(?:name|key)\\{0,3}["']?[ \t]{0,2}:[ \t]{0,2}\\{0,3}["']$/;
const REACH = 400;

/** Secrets that stand neither as one word nor in quotes behind their name: in braces, in a document of their own, in a list. */
export function unusualValues(text: string, key: Key, kind: KeyKind, gapEnd: number): readonly Span[] {
  const sign = text[gapEnd];
  if (sign === '{') return kind === 'password' && text[key.start - 1] === ';' ? madeUp(text, kind, IN_BRACES, gapEnd) : [];
  if (sign === '<') return madeUp(text, kind, HERE_DOCUMENT, gapEnd);
  const name = text.slice(key.start, key.end);
  if (!PLURAL.test(name)) return [];
  const kindOfItems = kind === 'key' && OF_ACCESS.test(name) ? 'made-up' : kind;
  for (const [pattern, from] of [
    [LIST, gapEnd],
    [ITEMS, endOfBlanks(text, key.end, gapEnd)],
  ] as const) {
    pattern.lastIndex = from;
    const items = pattern.exec(text)?.[1];
    if (items !== undefined) return itemsOf(items, text.indexOf(items, from), kindOfItems);
  }
  return [];
}

/** `{"value":"x","name":"DB_PASSWORD"}`. */
export function valueBeforeName(text: string, key: Key, kind: KeyKind): Span | undefined {
  if (!/["']/.test(text[key.start - 1] ?? '')) return undefined;
  const from = Math.max(0, key.start - REACH);
  const before = VALUE_BEFORE.exec(text.slice(from, key.start));
  const value = before?.[2];
  if (before === null || value === undefined) return undefined;
  return keyedSpan(kind, value, from + before.index + before[0].indexOf(value, before[0].indexOf(':')));
}

function madeUp(text: string, kind: KeyKind, pattern: RegExp, from: number): readonly Span[] {
  pattern.lastIndex = from;
  const value = pattern.exec(text)?.at(-1);
  if (value === undefined || !/[\d!#%&*+;?@^~]/.test(value)) return [];
  const span = keyedSpan(kind, value, text.indexOf(value, from + 1));
  return span === undefined ? [] : [span];
}

function itemsOf(items: string, start: number, kind: KeyKind): readonly Span[] {
  return Array.from(items.matchAll(ITEM)).flatMap(({ 0: whole, 2: quoted, 3: bare, index }) => {
    const value = quoted ?? bare ?? '';
    const span = looksLikeSecret(value) ? keyedSpan(kind, value, start + index + (whole.length - value.length) / 2) : undefined;
    return span === undefined ? [] : [span];
  });
}

function endOfBlanks(text: string, keyEnd: number, gapEnd: number): number {
  const colon = text.slice(keyEnd, gapEnd).lastIndexOf(':');
  return colon === -1 ? gapEnd : keyEnd + colon + 1;
}
