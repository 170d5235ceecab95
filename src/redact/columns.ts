import { classifyKey, type KeyKind, keyedSpan } from './key.ts';
import { isSadKind, type Span } from './span.ts';

/** A column in a head that names authentication data. */
const COLUMN =
  /(?<=[,;|\t("\s]["'`]?(?:\w{1,20}_)?)(?:cvv2?|cvc2?|cvn2?|csc|cvd|security_?code|pin|pin_?block|track_?[12]?(?:_?data)?)["'`]?[ ]?(?=[,;|\t)\r\n]|$)/iy;
const MAX_HEAD = 1_000;
const MAX_ROWS = 10_000;
const SQL_VALUES = /\)\s{0,8}VALUES\s{0,8}(?=\()/iy;
const SQL_ROW = /\s{0,8},?\s{0,8}\(([^()]{0,2000})\)/y;
/** A bitmap field that holds the PIN block, in the lists that switches print: `[052] 1A2B...`, `[052] b(8) 1A2B...`, `"52":"..."`, `<field id="52" value="..."/>`. */
const PIN_BLOCK_FIELD =
  /(?<![0-9A-Za-z.:])0?52(?:["'\])}]{1,2}\s{0,3}(?:b[. ]?\(?\d{1,2}\)?\s{1,3})?(?:[:：=|]>?|->)?|\s{0,3}[:：=|]>?|"\s{1,4}value=)\s{0,3}["'[<]{0,2}([0-9A-Fa-f]{16})(?![0-9A-Za-z])/y;

/** Authentication data that its column or its field number gives away. */
export function findColumns(text: string, places: readonly number[]): readonly Span[] {
  const spans: Span[] = [];
  let done = 0;
  for (const index of places) {
    if (index < done || !'csptCSPT'.includes(text[index] ?? '_') || !' ,;|\t("\'`_\n'.includes(text[index - 1] ?? '\n')) continue;
    COLUMN.lastIndex = index;
    if (!COLUMN.test(text)) continue;
    done = index + 1;
    const lineStart = Math.max(text.lastIndexOf('\n', index) + 1, index - MAX_HEAD);
    const found = inStatement(text, index) ?? inTable(text, lineStart);
    spans.push(...found);
  }
  for (let at = text.indexOf('52'); at !== -1; at = text.indexOf('52', at + 1)) {
    const block = pinBlockAt(text, at);
    if (block !== undefined) spans.push(block);
  }
  return spans;
}

function pinBlockAt(text: string, at: number): Span | undefined {
  if (!'"\'])}:：=| '.includes(text[at + 2] ?? 'x')) return undefined;
  PIN_BLOCK_FIELD.lastIndex = text[at - 1] === '0' ? at - 1 : at;
  const block = PIN_BLOCK_FIELD.exec(text)?.[1];
  return block === undefined ? undefined : keyedSpan('pin-block', block, PIN_BLOCK_FIELD.lastIndex - block.length);
}

/** `INSERT INTO cards (pan, cvv) VALUES ('..', '123'), (..)`. */
function inStatement(text: string, index: number): Span[] | undefined {
  const open = text.lastIndexOf('(', index + 1);
  const close = text.indexOf(')', index);
  if (open === -1 || close === -1 || index - open > MAX_HEAD || close - index > MAX_HEAD) return undefined;
  SQL_VALUES.lastIndex = close;
  if (!SQL_VALUES.test(text)) return undefined;
  const kinds = kindsOf(text.slice(open + 1, close).split(','));
  const spans: Span[] = [];
  SQL_ROW.lastIndex = SQL_VALUES.lastIndex;
  for (let row = SQL_ROW.exec(text); row !== null; row = SQL_ROW.exec(text)) {
    const [whole, cells = ''] = row;
    spans.push(...inRow(cells, row.index + whole.length - 1 - cells.length, ',', kinds));
  }
  return spans;
}

/** Lines below a head, as long as they have as many columns. */
function inTable(text: string, start: number): Span[] {
  let end = text.indexOf('\n', start);
  if (end === -1 || end - start > MAX_HEAD) return [];
  const head = text.slice(start, end).replace(/\r$/, '');
  const [separator = ','] = [',', ';', '|', '\t'].filter((sign) => head.includes(sign));
  const names = head.split(separator);
  if (names.length < 2 || !names.every((name) => /^[ "'`]{0,3}[\w .-]{0,40}[ "'`]{0,3}$/.test(name))) return [];
  const kinds = kindsOf(names);
  const spans: Span[] = [];
  for (let row = 0; row < MAX_ROWS; row++) {
    const from = end + 1;
    end = text.indexOf('\n', from);
    const line = text.slice(from, end === -1 ? undefined : end);
    const isRule = /^[-+|=: ]+$/.test(line);
    if (!isRule && line.split(separator).length !== names.length) break;
    if (!isRule) spans.push(...inRow(line, from, separator, kinds));
    if (end === -1) break;
  }
  return spans;
}

function kindsOf(names: readonly string[]): readonly (KeyKind | undefined)[] {
  return names
    .map((name) => classifyKey(name.trim()))
    .map((kind) => (kind !== undefined && (isSadKind(kind) || kind === 'track') ? kind : undefined));
}

function inRow(cells: string, start: number, separator: string, kinds: readonly (KeyKind | undefined)[]): Span[] {
  const spans: Span[] = [];
  let at = start;
  for (const [index, cell] of cells.split(separator).entries()) {
    const kind = kinds[index];
    const value = /[^\s"'`]+/.exec(cell);
    const span = kind === undefined || value === null ? undefined : keyedSpan(kind, value[0], at + value.index);
    if (span !== undefined) spans.push(span);
    at += cell.length + separator.length;
  }
  return spans;
}
