import type { Codes } from './codes.ts';
import type { Detector, Span } from './span.ts';

/** Digits at the end of a line, and how the next one begins with digits: white space, a quotation's or a frame's sign. */
const BEFORE = /[0-9](?:[ \t.,_/+-]{0,2}[0-9]){0,18}[ \t]{0,2}(?:\\|=)?\r?$/;
const AFTER = /^[ \t]{0,40}(?:[>|#*] ?)?[0-9](?:[ \t.,_/+-]{0,2}[0-9]){0,18}/;
const WINDOW = 96;
const SHAPE = 8;

/** Card numbers that a line end cuts in two. The line end stays. */
export function findWrapped(text: string, codes: Codes, find: Detector): Span[] {
  const spans: Span[] = [];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) {
    // Nearly every line ends here: no digit is before, or letters follow.
    const next = codes[end + 1] ?? 0x7f;
    if ((next > 0x39 && next < 0x7c && next !== QUOTE) || next === 0x5b || !hasDigitBefore(codes, end) || beginsWithDate(codes, end + 1))
      continue;
    const span = numberAcross(text, end, find);
    if (span !== undefined) spans.push(span);
  }
  return spans;
}

/** `2026-`, `2026/`: most lines that begin with digits. */
function beginsWithDate(codes: Codes, start: number): boolean {
  const sign = codes[start + 4];
  return codes[start] === 0x32 && codes[start + 1] === 0x30 && (sign === 0x2d || sign === 0x2f);
}

/** `> ` of a mail. */
const QUOTE = 0x3e;
const MOST_BETWEEN = 5;

/** Blanks, a carriage return or a sign of continuation may stand between. */
function hasDigitBefore(codes: Codes, end: number): boolean {
  for (let index = end - 1; index >= 0 && index >= end - MOST_BETWEEN; index--) {
    const code = codes[index] as number;
    if (code >= 0x30 && code <= 0x39) return true;
    if (code !== 0x20 && code !== 0x09 && code !== 0x0d && code !== 0x5c && code !== 0x3d) return false;
  }
  return false;
}

function numberAcross(text: string, end: number, find: Detector): Span | undefined {
  const left = text.slice(Math.max(0, end - WINDOW, text.lastIndexOf('\n', end - 1) + 1), end);
  const right = text.slice(end + 1, end + 1 + WINDOW).split('\n', 1)[0] ?? '';
  const [before = ''] = BEFORE.exec(left) ?? [];
  const [after = ''] = AFTER.exec(right) ?? [];
  if (before === '' || after === '') return undefined;
  const indent = after.length - (/[0-9].*$/.exec(after)?.[0].length ?? 0);
  const head = left.replace(/[ \t]{0,2}(?:\\|=)?\r?$/, '');
  // Cut inside of a group, or between two.
  for (const between of ['', ' ']) {
    const joined = head + between + right.slice(indent);
    const crossing = find(joined).find(
      (span) => span.kind === 'pan' && span.start < head.length && span.end > head.length + between.length,
    );
    if (crossing === undefined) continue;
    if (beginsRecord(text, end)) return undefined;
    const start = end - left.length + crossing.start;
    const to = end + 1 + indent + crossing.end - head.length - between.length;
    return { ...crossing, start, end: to, replacement: `${crossing.replacement}\n` };
  }
  return undefined;
}

/** A line that begins as its neighbours do is a record of its own, and its first number too. */
function beginsRecord(text: string, end: number): boolean {
  const own = shapeAt(text, end + 1);
  const before = text.lastIndexOf('\n', end - 1) + 1;
  const beforeThat = before === 0 ? undefined : shapeAt(text, text.lastIndexOf('\n', before - 2) + 1);
  const following = text.indexOf('\n', end + 1) + 1;
  const after = following === 0 || following >= text.length ? undefined : shapeAt(text, following);
  const isHalfOnly = /^[ \t]*[0-9 .-]*[\r\\=]?$/.test(text.slice(before, end));
  return (
    own === beforeThat ||
    own === after ||
    (!isHalfOnly && own === shapeAt(text, before)) ||
    /^\d\d(?:\d\d)?[-/.]\d\d[-/.]\d\d/.test(text.slice(end + 1, end + 12))
  );
}

function shapeAt(text: string, from: number): string {
  return text
    .slice(from, from + SHAPE)
    .replace(/[0-9]/g, '0')
    .replace(/[A-Za-z]/g, 'a');
}
