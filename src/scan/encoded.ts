import { dumpedRows } from './dumps.ts';

/** Bytes that a text holds in another writing. */
export interface Blob {
  readonly at: number;
  readonly how: 'base64' | 'hex' | 'hexdump' | 'dump' | 'decimal' | 'quoted-printable';
  readonly bytes: Uint8Array;
}

const BASE64 = /[A-Za-z0-9+/_-]{18,}={0,2}(?:\r?\n[ \t]{0,8}[A-Za-z0-9+/_-]{4,}={0,2}(?=\s|$|["'<\\]))*/g;
/** Thirteen digits. */
const MIN_BASE64 = 18;
const BASE64_LINE = /^[A-Za-z0-9+/_-]{40,}$/;
/** The codes of digits, some in a row, and a list of bytes around them. */
const DECIMAL_DIGITS = /(?:(?<!\d)(?:4[89]|5[0-7])(?!\d)[, \n\t)(a-z]{1,12}){4}/;
const DECIMAL = /(?<!\d)(?:\d{2,3}(?:,[ \n]{0,8}| |\)[.+, ]{1,3}chr\()){12,}\d{2,3}(?!\d)/g;
/** RFC 2045: bytes in a row, with line ends that are none; groups with spaces or hyphens between. */
const QUOTED = [/(?:=[0-9A-F]{2}(?:=\r?\n)?){6,}/g, /\d{4,6}(?:=(?:20|2D|C2=A0|E2=80=(?:8B|AF|89|93))\d{3,6}){2,4}(?!\d)/g];
/** Byte by byte with one sign between at most, in strings of programs and in runs. */
const HEX =
  /(?<![0-9A-Za-z])(?:(?:0x|\\{1,16}x)?[0-9A-Fa-f]{2}(?:, ?|[ \t:-]|h[, ]{1,2}|(?=[0-9A-Fa-f\\]))){6,}(?:0x|\\{1,16}x)?[0-9A-Fa-f]{2}(?![0-9A-Za-z])/g;
/** `00000010  41 42 ...  |AB..|`, `00000010: 4142 4344  AB..`, `0x0010:  4142 4344  AB..`. */
const DUMP_LINE =
  /^.{0,80}?(?:0x)?([0-9A-Fa-f]{4,8})(?::[ \t]+|[ \t]{2,}|[ \t]\|[ \t])((?:(?:[0-9A-Fa-f]{2}){1,8}(?:[ \t]{1,2}|$)-?[ \t]?){1,32})/;
const DUMP_LINES =
  /(?:^.{0,80}?(?:0x)?[0-9A-Fa-f]{4,8}(?::[ \t]+|[ \t]{2,}|[ \t]\|[ \t])[0-9A-Fa-f]{2,16}(?![0-9A-Za-z]).*(?:\n|$)){1,4096}/gm;
const USUAL_ROW = 16;
/** What rows of a dump hold and few lines else: the search line by line is slow. */
const LIKE_DUMP = /(?:[0-9A-Fa-f]{2} ){5}|(?:[0-9A-Fa-f]{4} ){3}/;

export function* blobs(text: string): Generator<Blob> {
  if (LIKE_DUMP.test(text)) {
    for (const { 0: lines, index } of text.matchAll(DUMP_LINES)) {
      yield { at: index, how: 'hexdump', bytes: fromDump(lines, 0) };
      // As a little-endian machine shows words (xxd -e).
      for (const digits of [4, 8])
        if (new RegExp(`(?:[0-9a-f]{${digits}} ){3}`).test(lines)) yield { at: index, how: 'hexdump', bytes: fromDump(lines, digits) };
    }
  }
  for (const { at, bytes } of dumpedRows(text)) yield { at, how: 'dump', bytes };
  if (DECIMAL_DIGITS.test(text))
    for (const { 0: list, index } of text.matchAll(DECIMAL)) yield { at: index, how: 'decimal', bytes: fromDecimal(list) };
  for (const pattern of QUOTED)
    for (const { 0: run, index } of text.matchAll(pattern)) yield { at: index, how: 'quoted-printable', bytes: fromQuoted(run) };
  for (const { 0: digits, index } of text.matchAll(HEX)) yield { at: index, how: 'hex', bytes: fromHex(digits) };
  for (const { 0: run, index } of text.matchAll(BASE64)) {
    for (const part of base64Parts(run)) yield { at: index, how: 'base64', bytes: fromBase64(part) };
  }
}

/** The column of characters may look like more bytes: the offsets say how many there are in a row. */
function fromDump(lines: string, turned: number): Uint8Array {
  const rows = lines.split('\n').flatMap((line) => DUMP_LINE.exec(line) ?? []);
  const matches = Array.from({ length: rows.length / 3 }, (_, index) => ({
    offset: Number.parseInt(rows[index * 3 + 1] ?? '', 16),
    hex: rows[index * 3 + 2] ?? '',
  }));
  const step = (matches[1]?.offset ?? 0) - (matches[0]?.offset ?? 0);
  const size = step > 0 && step <= 64 ? step : USUAL_ROW;
  const turn = (hex: string): string =>
    turned === 0 ? hex : hex.replace(new RegExp(`[0-9A-Fa-f]{${turned}}`, 'g'), (word) => (word.match(/../g) ?? []).reverse().join(''));
  return fromHex(
    matches
      .map(({ hex }) =>
        turn(hex)
          .replace(/[^0-9A-Fa-f]/g, '')
          .slice(0, size * 2),
      )
      .join(''),
  );
}

/** Lines of one block belong together; words in a row do not. A prefix may be glued on with a sign of the alphabet. */
function* base64Parts(run: string): Generator<string> {
  const words = run.split(/\s+/);
  const isBlock = words.length > 1 && words.slice(0, -1).every((word) => BASE64_LINE.test(word) && word.length === words[0]?.length);
  if (isBlock) yield words.join('');
  for (const word of words) {
    if (word.length < MIN_BASE64) continue;
    if (!isBlock) yield word;
    if (/[/_-]/.test(word)) for (const part of word.split(/[/_-]+/)) if (part.length >= MIN_BASE64 && part.length < word.length) yield part;
  }
}

function fromHex(text: string): Uint8Array {
  const digits = text.replace(/0x|\\{1,16}x|[^0-9A-Fa-f]/g, '');
  return Uint8Array.from({ length: digits.length >> 1 }, (_, index) => Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16));
}

function fromBase64(text: string): Uint8Array {
  const letters = text.replace(/=/g, '').replace(/-/g, '+').replace(/_/g, '/');
  const whole = letters.length % 4 === 1 ? letters.slice(0, -1) : letters;
  const characters = atob(whole);
  return Uint8Array.from({ length: characters.length }, (_, index) => characters.charCodeAt(index));
}

function fromDecimal(list: string): Uint8Array {
  return Uint8Array.from((list.match(/\d+/g) ?? []).map(Number).filter((code) => code < 256));
}

function fromQuoted(run: string): Uint8Array {
  const text = run.replace(/=\r?\n/g, '');
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '=') {
      bytes.push(Number.parseInt(text.slice(at + 1, at + 3), 16));
      at += 2;
    } else bytes.push(text.charCodeAt(at));
  }
  return Uint8Array.from(bytes);
}
