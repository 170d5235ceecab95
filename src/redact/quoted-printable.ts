import type { Codes } from './codes.ts';
import type { Detector, Span } from './span.ts';
import { findInView } from './view.ts';

/** A line of a mail has 76 characters. */
const MAX_LINE = 4_096;
const MAX_LINES = 64;
const ESCAPE = /=(?:([0-9A-F]{2}(?:=[89AB][0-9A-F]){0,3})|[ \t]{0,8}\r?\n)/g;
const EQUALS = 0x3d;

/** What mails hold: `=34=31=31=31`, `4111=C2=A01111`, `cvv=3D123`; a line that ends in `=` goes on. */
export function findQuotedPrintable(text: string, codes: Codes, find: Detector): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('='); at !== -1; at = text.indexOf('=', at + 1)) {
    if (!opensEscape(codes, at)) continue;
    const start = text.lastIndexOf('\n', at) + 1;
    const end = endOfLines(text, at);
    const from = Math.max(start, at - MAX_LINE);
    spans.push(...findInLines(text.slice(from, end), from, find));
    at = end - 1;
  }
  return spans;
}

/** Two in a row, one between two digits, or an equals sign. `a=41` is none. */
function opensEscape(codes: Codes, at: number): boolean {
  const [high = 0, low = 0] = [codes[at + 1], codes[at + 2]];
  if (!isHex(high) || !isHex(low)) return false;
  if (codes[at + 3] === EQUALS) return isHex(codes[at + 4]) && isHex(codes[at + 5]);
  if (high === 0x33 && low === 0x44) return true;
  return high === 0x32 && (low === 0x30 || low === 0x44) && isDigit(codes[at - 1]) && isDigit(codes[at + 3]);
}

/** Capitals only, as RFC 2045 section 6.7 has them. */
function isHex(code: number | undefined): boolean {
  return isDigit(code) || (code !== undefined && code >= 0x41 && code <= 0x46);
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 0x30 && code <= 0x39;
}

function endOfLines(text: string, from: number): number {
  let end = from;
  for (let line = 0; line < MAX_LINES; line++) {
    const lineEnd = text.indexOf('\n', end);
    if (lineEnd === -1 || lineEnd - from > MAX_LINE) return Math.min(text.length, from + MAX_LINE);
    end = lineEnd + 1;
    if (!/=[ \t]{0,8}\r?$/.test(text.slice(Math.max(from, lineEnd - 10), lineEnd))) break;
  }
  return end;
}

function findInLines(lines: string, start: number, find: Detector): Span[] {
  let seen = '';
  const at: number[] = [];
  const ends: number[] = [];
  const write = (signs: string, from: number, to: number): void => {
    for (const sign of signs) {
      seen += sign;
      at.push(start + from);
      ends.push(start + to);
    }
  };
  let from = 0;
  for (const { 0: encoded, 1: bytes, index } of lines.matchAll(ESCAPE)) {
    for (; from < index; from++) write(lines[from] ?? '', from, from + 1);
    from = index + encoded.length;
    if (bytes !== undefined) write(characterOf(bytes), index, from);
  }
  for (; from < lines.length; from++) write(lines[from] ?? '', from, from + 1);
  const own = find(lines);
  return findInView({ text: seen, at, ends }, find)
    .filter((span) => !own.some((plain) => plain.start + start <= span.start && plain.end + start >= span.end))
    .map((span) => withLineEnd(span, lines.slice(span.start - start, span.end - start)));
}

function withLineEnd(span: Span, written: string): Span {
  return written.includes('\n') ? { ...span, replacement: `${span.replacement}\n` } : span;
}

/** One sign of ASCII for whatever it is: spaces and signs that are not seen stand between digits. */
function characterOf(bytes: string): string {
  const values = bytes.split('=').map((byte) => Number.parseInt(byte, 16));
  const [first = 0] = values;
  if (values.length === 1) return first === 10 || first === 13 || first > 0x7e ? ' ' : String.fromCharCode(first);
  // One sign of UTF-8, or ASCII before a byte that stands alone.
  if (first < 0x80) return `${String.fromCharCode(first)} `;
  return bytes === 'E2=80=8B' || bytes === 'C2=AD' ? '' : ' ';
}
