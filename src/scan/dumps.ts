/** What dumps show that are not in hexadecimal bytes: signs, octal and decimal bytes, words whose bytes are turned. */

export interface DumpedRows {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** od and hexdump: an offset of seven digits. */
const OFFSET = /^[0-9a-f]{7}(?= )/;
const LIKE_ROWS = /^[0-9a-f]{7} /m;
/** Four columns a byte: a sign, an escape, three octal or two or three decimal digits. */
const BYTES = /^(?: {3}[!-~]| {4}| {2}\\[0abtnvfr]| {2}\d\d| \d{3}| {2}[a-z]{2}| [a-z]{3}){1,64} *$/;
const OCTAL_WORDS = /^(?: [0-7]{6}){1,32} *$/;
const HEX_BYTES = /^((?: [0-9a-f]{2}){1,32}) *(?: {2}>.*<)?$/;
const HEX_WORDS = /^(?: {1,4}[0-9a-f]{4}){1,32} *$/;
const COLUMNS = 4;
const LONGEST_ROW = 300;
const LEAST_BYTES = 13;

export function* dumpedRows(text: string): Generator<DumpedRows> {
  if (!LIKE_ROWS.test(text)) return;
  let at = 0;
  let bytes: number[][] = [];
  for (let from = 0; from <= text.length; ) {
    const lineEnd = text.indexOf('\n', from);
    const end = lineEnd === -1 ? text.length : lineEnd;
    const line = end - from > LONGEST_ROW ? '' : text.slice(from, end).replace(/\r$/, '');
    const readings = OFFSET.test(line) ? readingsOf(line.slice(7)) : [];
    if (readings.length === 0) {
      // The same bytes once more, below each row (od -c -t x1).
      if (!line.startsWith('       ')) {
        yield* rowsAt(at, bytes);
        bytes = [];
      }
    } else {
      if (bytes.length !== readings.length) {
        yield* rowsAt(at, bytes);
        bytes = readings.map(() => []);
        at = from;
      }
      for (const [index, reading] of readings.entries()) bytes[index]?.push(...reading);
    }
    from = end + 1;
  }
  yield* rowsAt(at, bytes);
}

function* rowsAt(at: number, readings: readonly (readonly number[])[]): Generator<DumpedRows> {
  for (const bytes of readings) if (bytes.length >= LEAST_BYTES) yield { at, bytes: Uint8Array.from(bytes) };
}

/** Of one row: in words either byte may come first; three digits are octal or decimal. */
function readingsOf(row: string): readonly (readonly number[])[] {
  if (OCTAL_WORDS.test(row)) return bothOrders((row.match(/[0-7]{6}/g) ?? []).map((word) => Number.parseInt(word, 8)));
  if (HEX_WORDS.test(row)) return bothOrders((row.match(/[0-9a-f]{4}/g) ?? []).map((word) => Number.parseInt(word, 16)));
  const pairs = HEX_BYTES.exec(row)?.[1];
  if (pairs !== undefined) return [(pairs.match(/[0-9a-f]{2}/g) ?? []).map((pair) => Number.parseInt(pair, 16))];
  if (!BYTES.test(row)) return [];
  const fields = row.match(new RegExp(`.{${COLUMNS}}`, 'g')) ?? [];
  return [fields.map((field) => byteOf(field, 8)), fields.map((field) => byteOf(field, 10))];
}

function bothOrders(words: readonly number[]): readonly (readonly number[])[] {
  return [words.flatMap((word) => [word & 0xff, (word >> 8) & 0xff]), words.flatMap((word) => [(word >> 8) & 0xff, word & 0xff])];
}

function byteOf(field: string, base: 8 | 10): number {
  const shown = field.trim();
  if (/^\d{2,3}$/.test(shown)) return (shown.length === 2 ? Number(shown) : Number.parseInt(shown, base)) & 0xff;
  return shown.length === 1 ? shown.charCodeAt(0) : 0x20;
}
