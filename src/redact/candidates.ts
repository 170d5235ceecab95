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
/** As many groups of one size with spaces between are a row of a dump, or may be. */
const GROUPS_OF_ROW = 4;

const CLASS = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const sign = String.fromCharCode(code);
  if (/[0-9]/.test(sign)) return DIGIT | HEX;
  if (/[a-z]/.test(sign)) return LOWER | (sign <= 'f' ? HEX : 0);
  if (/[A-Z]/.test(sign)) return UPPER | (sign <= 'F' ? HEX : 0);
  if ('%&\\\u001b\u0000'.includes(sign)) return ESCAPE;
  return ('+/_-'.includes(sign) ? SIGN : 0) | (' :-,'.includes(sign) ? GAP : 0);
});
const IN_WORD = LOWER | UPPER | DIGIT | SIGN;

/** What is left of a log to be looked at properly is a small part of it. */
export function findCandidates(codes: Codes): Candidates {
  return { words: findWordsOfBothCases(codes), ...findBytesAndEscapes(codes) };
}

/** No long word is missed by a look at every so manieth character. */
function findWordsOfBothCases(codes: Codes): readonly number[] {
  const words: number[] = [];
  for (let probe = MIN_WORD - 1; probe < codes.length; probe += MIN_WORD) {
    if ((kindOf(codes[probe] as number) & IN_WORD) === 0) continue;
    let kinds = 0;
    let start = probe;
    for (let kind = IN_WORD; start > 0; start--) {
      kind = kindOf(codes[start - 1] as number);
      if ((kind & IN_WORD) === 0) break;
      kinds |= kind;
    }
    let end = probe;
    for (; end < codes.length; end++) {
      const kind = kindOf(codes[end] as number);
      if ((kind & IN_WORD) === 0) break;
      kinds |= kind;
    }
    if (end - start >= MIN_WORD && (kinds & (LOWER | UPPER)) === (LOWER | UPPER)) words.push(start, end);
    probe = end;
  }
  return words;
}

function kindOf(code: number): number {
  return code < 0x80 ? (CLASS[code] as number) : 0;
}

function findBytesAndEscapes(codes: Codes): Omit<Candidates, 'words'> {
  const bytes: number[] = [];
  const written: number[] = [];
  let hasRows = false;
  let nextLine = 0;
  let hexStart = 0;
  let hexCount = 0;
  let hexLetters = 0;
  let group = 0;
  let spaces = 0;
  let lastGroup = 0;
  let rowGroups = 0;
  for (let index = 0; index <= codes.length; index++) {
    const code = index < codes.length ? (codes[index] as number) : NEW_LINE;
    const kind = code < 0x80 ? (CLASS[code] as number) : isWrittenOtherwise(code) ? ESCAPE : 0;
    if ((kind & HEX) !== 0) {
      if (hexCount === 0) hexStart = index;
      hexCount++;
      group++;
      if ((kind & DIGIT) === 0) hexLetters++;
      continue;
    }
    if ((kind & ESCAPE) !== 0 && index >= nextLine && (code !== BACKSLASH || opensEscape(codes[index + 1]))) {
      written.push(index);
      const lineEnd = codes.indexOf(NEW_LINE, index);
      nextLine = lineEnd === -1 ? codes.length : lineEnd;
    }
    if (hexCount === 0) continue;
    if (code === LETTER_X && codes[index - 1] === ZERO) {
      // `0x34`: the zero is no digit of a byte.
      hexCount--;
      group--;
      continue;
    }
    if (code === BACKSLASH && codes[index + 1] === LETTER_X) {
      index++;
      continue;
    }
    if ((kind & GAP) !== 0 && group % 2 === 0 && (group > 0 || code === SPACE)) {
      if (code === SPACE) {
        spaces++;
        if (group > 0) {
          rowGroups = group <= 8 && group === lastGroup ? rowGroups + 1 : 1;
          lastGroup = group;
        }
        if (rowGroups >= GROUPS_OF_ROW) hasRows = true;
      }
      group = 0;
      continue;
    }
    // A word that begins with such letters is none of them.
    const isWord = (kind & (LOWER | UPPER)) !== 0 && spaces > 0;
    if (isWord) hexCount -= group;
    if (hexCount >= (hexLetters > 0 ? MIN_HEX : MIN_DECIMAL)) bytes.push(hexStart, isWord ? index - group : index);
    hexCount = 0;
    hexLetters = 0;
    group = 0;
    spaces = 0;
    lastGroup = 0;
    rowGroups = 0;
  }
  return { bytes, hasRows, written };
}

const ZERO = 0x30;
const LETTER_X = 0x78;
const SPACE = 0x20;
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
