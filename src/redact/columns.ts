import { classifyKey, type KeyKind, keyedSpan } from './key.ts';
import { isSadKind, type Span } from './span.ts';
import { rowsOfMarkup } from './table-in-markup.ts';
import type { Place } from './walk.ts';

/** Values that the name of their column gives away, and where the rows are read to. */
export interface Columns {
  readonly spans: readonly Span[];
  readonly end: number;
}

const MAX_HEAD = 2_000;
const MAX_ROWS = 100_000;
const NONE: Columns = { spans: [], end: 0 };

/** The key names a column of a statement, of a copy, or of a table of any kind. */
export function columnsUnder(text: string, key: Place): Columns {
  const lineStart = Math.max(0, signBefore(text, '\n', key.start) + 1, key.start - MAX_HEAD);
  const lineEnd = signBehind(text, '\n', key.end) ?? text.length;
  const found = inStatement(text, key) ?? inMarkup(text, key) ?? inString(text, key);
  if (found !== undefined || lineEnd - key.end > MAX_HEAD) return found ?? NONE;
  return inTable(text, lineStart, lineEnd) ?? inAligned(text, lineStart, lineEnd) ?? inList(text, key, lineEnd) ?? NONE;
}

/** `<tr><th>Number</th><th>CVV</th></tr><tr><td>...</td><td>123</td></tr>`. */
function inMarkup(text: string, key: Place): Columns | undefined {
  const [head, ...rows] = rowsOfMarkup(text, key);
  if (head === undefined || rows.length === 0) return undefined;
  const kinds = kindsOf(head.map((cell) => cell.text.trim()));
  const spans = rows.flatMap((cells) => cells.flatMap((cell, index) => inCell(cell.text, cell.at, kinds[index])));
  return spans.length === 0 ? undefined : { spans, end: rows.at(-1)?.at(-1)?.at ?? key.end };
}

const ESCAPED_LINE_END = /(?:\\{1,3}r)?\\{1,3}n/g;
const MAX_STRING = 2_000;
const SEPARATED = /[,;|\t]/;

/** `"pan,cvv\n4111...,123\n"`: a table in a string, whose line ends are escapes. */
function inString(text: string, key: Place): Columns | undefined {
  if (!SEPARATED.test(text[key.start - 1] ?? '') && !SEPARATED.test(text[key.end] ?? '')) return undefined;
  const behind = text.slice(key.end, key.end + MAX_STRING).split('\n', 1)[0] ?? '';
  if (behind.search(ESCAPED_LINE_END) === -1) return undefined;
  const before = text.slice(Math.max(0, key.start - MAX_HEAD), key.start);
  const start = key.start - before.length + Math.max(...['"', "'", '`', '\n'].map((sign) => before.lastIndexOf(sign))) + 1;
  const inner = text.slice(start, key.end) + (/^[^"'`]*/.exec(behind)?.[0] ?? '');
  const lines = inner.replace(ESCAPED_LINE_END, (sign) => `${' '.repeat(sign.length - 1)}\n`);
  const head = lines.lastIndexOf('\n', key.start - start - 1) + 1;
  const found = inTable(lines, head, endOfLine(lines, key.end - start));
  if (found === undefined) return undefined;
  const spans = found.spans.map(({ head: _, ...span }) => ({ ...span, start: span.start + start, end: span.end + start }));
  return { spans, end: found.end + start };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** No further than a head is long: a text of names alone would be searched to its ends for each of them. -1: none. */
function signBefore(text: string, sign: string, before: number): number {
  const from = Math.max(0, before - MAX_HEAD);
  const at = text.slice(from, before).lastIndexOf(sign);
  return at === -1 ? -1 : from + at;
}

function signBehind(text: string, sign: string, from: number): number | undefined {
  const at = text.slice(from, from + MAX_HEAD + 1).indexOf(sign);
  return at === -1 ? undefined : from + at;
}

const SQL_VALUES = /\)\s{0,8}(?:VALUES\s{0,8}(?=\()|FROM\s{1,8}stdin[^\n]{0,80}\n)/iy;
const SQL_ROW = /\s{0,8},?\s{0,8}\(((?:[^()']|'(?:[^'\\]|\\.|'')*'){0,4000})\)/y;

/** `INSERT INTO cards (pan, cvv) VALUES ('..', '123'), (..)`, `COPY cards (pan, cvv) FROM stdin;` with rows of tabs. */
function inStatement(text: string, key: Place): Columns | undefined {
  const open = signBefore(text, '(', key.start);
  const close = signBehind(text, ')', key.end);
  if (open === -1 || close === undefined) return undefined;
  SQL_VALUES.lastIndex = close;
  if (!SQL_VALUES.test(text)) return undefined;
  const kinds = kindsOf(text.slice(open + 1, close).split(','));
  if (/stdin/i.test(text.slice(close, SQL_VALUES.lastIndex))) return rowsBelow(text, SQL_VALUES.lastIndex, kinds, '\t');
  const spans: Span[] = [];
  let end = SQL_VALUES.lastIndex;
  SQL_ROW.lastIndex = end;
  for (let row = SQL_ROW.exec(text); row !== null; row = SQL_ROW.exec(text)) {
    const [whole, cells = ''] = row;
    end = SQL_ROW.lastIndex;
    spans.push(...inRow(cells, row.index + whole.length - 1 - cells.length, ',', kinds));
  }
  return { spans, end };
}

const SEPARATORS = [',', ';', '|', '\t', '\u2502', '~', '^'];
const NAME = /^[ "'`*\ufeff#]{0,4}[\p{L}\p{N}_ ./()-]{0,48}[ "'`*]{0,4}$/u;

/** Lines below a head, as long as they have as many columns. */
function inTable(text: string, start: number, lineEnd: number): Columns | undefined {
  const head = text.slice(start, lineEnd).replace(/\r$/, '');
  const [separator] = SEPARATORS.map((sign) => [sign, head.split(sign).length] as const).sort((a, b) => b[1] - a[1])[0] ?? [','];
  // Jira has two signs between the names of columns, and one between values.
  const names = cellsOf(/^[ \t]*\|\|.*\|\|[ \t]*$/.test(head) ? head.replaceAll('||', '|') : head, separator);
  if (names.length < 2 || !names.every((name) => NAME.test(name))) return undefined;
  const kinds = kindsOf(names);
  const found = rowsBelow(text, lineEnd + 1, kinds, separator);
  return found.end > lineEnd + 1 ? { ...found, spans: found.spans.map((span) => ({ ...span, head: { start, end: lineEnd } })) } : undefined;
}

function rowsBelow(text: string, from: number, kinds: Kinds, separator: string): Columns {
  const spans: Span[] = [];
  let at = from;
  for (let row = 0; row < MAX_ROWS && at < text.length; row++) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    const isRule = /^[-+|=:\u2500-\u257f ]+\r?$/.test(line);
    if (!isRule && cellsOf(line, separator).length !== kinds.length) break;
    if (!isRule) spans.push(...inRow(line, at, separator, kinds));
    at = end + 1;
  }
  return { spans, end: Math.min(at, text.length) };
}

const RULE = /^[ \t]{0,8}[-=]{2,80}(?:[ \t]{1,8}[-=]{2,80}){1,40}[ \t\r]*$/;
const WORDS = /[^\s](?:[^\s]|[ ](?=[^\s])){0,48}/g;

/** Columns that begin below their names, with a line of dashes between or none: the value starts or ends where its name does. */
function inAligned(text: string, start: number, lineEnd: number): Columns | undefined {
  const head = text.slice(start, lineEnd);
  const names = [...head.matchAll(WORDS)].map(({ 0: name, index }) => ({ name, index }));
  if (names.length < 2 || !names.every(({ name }) => NAME.test(name)) || !/[ \t]{2}/.test(head.trim())) return undefined;
  const spans: Span[] = [];
  let at = lineEnd + 1;
  for (let row = 0; row < MAX_ROWS && at < text.length; row++) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end).replace(/\r$/, '');
    if (line.trim() === '' || (row > 0 && !RULE.test(line) && line.split(/\s+/).length > 3 * names.length)) break;
    if (!RULE.test(line)) spans.push(...inAlignedRow(line, at, names));
    at = end + 1;
  }
  return spans.length === 0 ? undefined : { spans, end: at };
}

function inAlignedRow(line: string, at: number, names: readonly { readonly name: string; readonly index: number }[]): readonly Span[] {
  const words = [...line.matchAll(/\S+/g)];
  return names.flatMap(({ name, index }, place) => {
    const kind = sadKindOf(name);
    if (kind === undefined) return [];
    const word =
      words.length === names.length
        ? words[place]
        : words.find((one) => one.index === index || one.index + one[0].length === index + name.length);
    const span = word === undefined ? undefined : spanInColumn(kind, word[0], at + word.index);
    return span === undefined ? [] : [span];
  });
}

/** A column by itself: the name, and nothing but values below. */
function inList(text: string, key: Place, lineEnd: number): Columns | undefined {
  const kind = sadKindOf(text.slice(key.start, key.end));
  const around = text.slice(text.lastIndexOf('\n', key.start - 1) + 1, lineEnd);
  if (kind === undefined || around.trim().length > key.end - key.start + 2) return undefined;
  const spans: Span[] = [];
  let at = lineEnd + 1;
  for (let row = 0; row < MAX_ROWS && at < text.length; row++) {
    const end = endOfLine(text, at);
    const [value, lead = ''] = /^[ \t"']{0,8}(?=[0-9A-Fa-f])/.exec(text.slice(at, end)) === null ? [] : splitLead(text.slice(at, end));
    const span = value === undefined ? undefined : spanInColumn(kind, value, at + lead.length);
    if (span === undefined) break;
    spans.push(span);
    at = end + 1;
  }
  return spans.length === 0 ? undefined : { spans, end: at };
}

function splitLead(line: string): [value: string, lead: string] {
  const [, lead = '', value = ''] = /^([ \t"']*)([^\s"']*)/.exec(line) ?? [];
  return [value, lead];
}

type Kinds = readonly (KeyKind | undefined)[];

function kindsOf(names: readonly string[]): Kinds {
  return names.map((name) => sadKindOf(name));
}

function sadKindOf(name: string): KeyKind | undefined {
  const kind = classifyKey(name.replace(/^[\s"'`*#\ufeff]+|[\s"'`*]+$/g, ''));
  return kind !== undefined && (isSadKind(kind) || kind === 'track') ? kind : undefined;
}

/** A sign inside of quotes separates nothing. */
function cellsOf(line: string, separator: string): readonly string[] {
  if (!line.includes('"') && !line.includes("'")) return line.split(separator);
  const cells: string[] = [];
  let from = 0;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const sign = line[at] ?? '';
    if (quote === '' && (sign === '"' || sign === "'") && line.slice(from, at).trim() === '') quote = sign;
    else if (sign === quote) quote = '';
    else if (quote === '' && sign === separator) {
      cells.push(line.slice(from, at));
      from = at + 1;
    }
  }
  cells.push(line.slice(from));
  return quote === '' ? cells : line.split(separator);
}

function inRow(cells: string, start: number, separator: string, kinds: Kinds): Span[] {
  const spans: Span[] = [];
  let at = start;
  for (const [index, cell] of cellsOf(cells, separator).entries()) {
    spans.push(...inCell(cell, at, kinds[index]));
    at += cell.length + separator.length;
  }
  return spans;
}

function inCell(cell: string, at: number, kind: KeyKind | undefined): readonly Span[] {
  const value = kind === undefined ? null : /[^\s"'`]+/.exec(cell);
  const span = kind === undefined || value === null ? undefined : spanInColumn(kind, value[0], at + value.index);
  return span === undefined ? [] : [span];
}

/** Digits, or what they were sealed to: songs, parcels and types of files have tracks, too. */
const TRACK = /\d{6}|^[A-Za-z0-9+/=_-]{24,}$/;

function spanInColumn(kind: KeyKind, value: string, at: number): Span | undefined {
  return kind === 'track' && !TRACK.test(value) ? undefined : keyedSpan(kind, value, at);
}
