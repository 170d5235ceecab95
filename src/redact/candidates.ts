import type { Codes } from './codes.ts';

/** Places that deserve a closer look, as pairs of start and end. */
export interface Candidates {
  /** Long words in letters of both cases: base64. */
  readonly words: readonly number[];
  /** Pairs of hexadecimal digits, one sign between them at most. */
  readonly bytes: readonly number[];
  /** Bytes with spaces between, as dumps have them. */
  readonly hasRows: boolean;
  /** Signs that are written otherwise than they are read: escapes, what lies beyond ASCII. One place a line. */
  readonly written: readonly number[];
}

const LOWER = 1;
const UPPER = 2;
const DIGIT = 4;
const HEX = 8;
/** Belongs to words of base64. */
const SIGN = 16;
/** Stands between bytes. */
const GAP = 32;
/** May begin an escape. */
const ESCAPE = 64;

/** Thirteen digits in base64. */
const MIN_WORD = 18;
/** Seven bytes: thirteen packed digits. */
const MIN_HEX = 14;
/** Without a letter only characters can be in it: thirteen digits take two each. */
const MIN_DECIMAL = 26;
const SPACES_OF_ROW = 3;

const CLASS = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const sign = String.fromCharCode(code);
  if (/[0-9]/.test(sign)) return DIGIT | HEX;
  if (/[a-z]/.test(sign)) return LOWER | (sign <= 'f' ? HEX : 0);
  if (/[A-Z]/.test(sign)) return UPPER | (sign <= 'F' ? HEX : 0);
  if ('%&\\\u001b\u0000'.includes(sign)) return ESCAPE;
  return ('+/_-'.includes(sign) ? SIGN : 0) | (' :-,'.includes(sign) ? GAP : 0);
});
const IN_WORD = LOWER | UPPER | DIGIT | SIGN;

/** One look at every character; what it leaves is a small part of a log. */
export function findCandidates(codes: Codes): Candidates {
  const words: number[] = [];
  const bytes: number[] = [];
  const written: number[] = [];
  let hasRows = false;
  let wordStart = 0;
  let wordKinds = 0;
  let hexStart = 0;
  let hexCount = 0;
  let hexLetters = 0;
  let group = 0;
  let spaces = 0;
  let nextLine = 0;
  for (let index = 0; index <= codes.length; index++) {
    const code = index < codes.length ? (codes[index] as number) : NEW_LINE;
    const kind = code < 0x80 ? (CLASS[code] as number) : isWrittenOtherwise(code) ? ESCAPE : 0;
    if ((kind & ESCAPE) !== 0 && index >= nextLine && (code !== BACKSLASH || opensEscape(codes[index + 1]))) {
      written.push(index);
      const lineEnd = codes.indexOf(NEW_LINE, index);
      nextLine = lineEnd === -1 ? codes.length : lineEnd;
    }
    if ((kind & IN_WORD) !== 0) wordKinds |= kind;
    else {
      if (index - wordStart >= MIN_WORD && (wordKinds & (LOWER | UPPER)) === (LOWER | UPPER)) words.push(wordStart, index);
      wordStart = index + 1;
      wordKinds = 0;
    }
    if ((kind & HEX) !== 0) {
      if (hexCount === 0) hexStart = index;
      hexCount++;
      group++;
      if ((kind & DIGIT) === 0) hexLetters++;
      continue;
    }
    if (hexCount === 0) continue;
    const isPrefix = (code === 0x78 && codes[index - 1] === 0x30) || (code === BACKSLASH && codes[index + 1] === 0x78);
    if (isPrefix) {
      // `0x34`, `\x34`: the zero is no digit of a byte.
      if (code === 0x78) {
        hexCount--;
        group--;
      } else index++;
      continue;
    }
    if ((kind & GAP) !== 0 && group % 2 === 0 && (group > 0 || code === 0x20)) {
      group = 0;
      if (code === 0x20) spaces++;
      continue;
    }
    // A word that begins with such letters is none of them.
    const isWord = (kind & (LOWER | UPPER)) !== 0 && spaces > 0;
    const end = isWord ? index - group : index;
    if (isWord) hexCount -= group;
    if (hexCount >= (hexLetters > 0 ? MIN_HEX : MIN_DECIMAL)) bytes.push(hexStart, end);
    if (spaces >= SPACES_OF_ROW && hexCount >= 10) hasRows = true;
    hexCount = 0;
    hexLetters = 0;
    group = 0;
    spaces = 0;
  }
  return { words, bytes, hasRows, written };
}

const NEW_LINE = 0x0a;
const BACKSLASH = 0x5c;

/** `\\u`, `\\x`, `\\0` to `\\7`, or one more backslash; `\\n` and `\\"` change nothing that is looked for. */
function opensEscape(next: number | undefined): boolean {
  return next === 0x75 || next === 0x78 || next === 0x65 || next === BACKSLASH || (next !== undefined && next >= 0x30 && next <= 0x37);
}

/** Letters of the world are what they are; digits, spaces, dashes and signs that are not seen stand for others. */
function isWrittenOtherwise(code: number): boolean {
  if (code === 0xa0 || code === 0xad) return true;
  if (code < 0x660 || (code >= 0x3100 && code < 0xa620) || (code >= 0xac00 && code < 0xd800)) return false;
  return OTHERWISE.test(String.fromCharCode(code));
}

const OTHERWISE = /[\p{Nd}\p{Zs}\p{Pd}\p{Cf}\ud835]/u;
