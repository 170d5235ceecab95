import { type Codes, isAscii } from './codes.ts';
import { runsOf, signSet } from './scanner.ts';

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
const WORD_SIGNS = signSet((sign) => ((CLASS[sign.charCodeAt(0)] ?? 0) & (LOWER | UPPER | DIGIT | SIGN)) !== 0);
const BYTE_SIGNS = signSet((sign) => ((CLASS[sign.charCodeAt(0)] ?? 0) & (HEX | GAP)) !== 0 || sign === 'x' || sign === '\\');

/** What is left of a log to be looked at properly is a small part of it. */
export function findCandidates(text: string, codes: Codes): Candidates {
  return { words: findWordsOfBothCases(codes), ...findBytes(codes), written: findEscapes(text, codes) };
}

function findWordsOfBothCases(codes: Codes): readonly number[] {
  const words: number[] = [];
  const runs = runsOf(codes, WORD_SIGNS, MIN_WORD);
  for (let run = 0; run < runs.length; run += 2) {
    const [start, end] = [runs[run] as number, runs[run + 1] as number];
    let kinds = 0;
    for (let index = start; index < end; index++) kinds |= CLASS[codes[index] as number] as number;
    if ((kinds & (LOWER | UPPER)) === (LOWER | UPPER)) words.push(start, end);
  }
  return words;
}

function kindOf(code: number): number {
  return code < 0x80 ? (CLASS[code] as number) : 0;
}

/** Stretches of hexadecimal digits and what stands between them are few and short. */
function findBytes(codes: Codes): Pick<Candidates, 'bytes' | 'hasRows'> {
  const bytes: number[] = [];
  let hasRows = false;
  const runs = runsOf(codes, BYTE_SIGNS, MIN_HEX);
  for (let run = 0; run < runs.length; run += 2) {
    if (readStretch(codes, runs[run] as number, runs[run + 1] as number, bytes)) hasRows = true;
  }
  return { bytes, hasRows };
}

/** Its pairs of digits go to `bytes`; does it look like a row of a dump? */
function readStretch(codes: Codes, start: number, stop: number, bytes: number[]): boolean {
  let hasRows = false;
  let hexStart = 0;
  let hexCount = 0;
  let hexLetters = 0;
  let marked = false;
  let group = 0;
  let spaces = 0;
  let lastGroup = 0;
  let rowGroups = 0;
  for (let index = start; index <= stop; index++) {
    const code = index < codes.length ? (codes[index] as number) : NEW_LINE;
    const kind = kindOf(code);
    if ((kind & HEX) !== 0) {
      if (hexCount === 0) hexStart = index;
      hexCount++;
      group++;
      if ((kind & DIGIT) === 0) hexLetters++;
      continue;
    }
    if (hexCount === 0) continue;
    if (code === LETTER_X && codes[index - 1] === ZERO) {
      // `0x34`: the zero is no digit of a byte.
      marked = true;
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
    if (hexCount >= (hexLetters > 0 || marked ? MIN_HEX : MIN_DECIMAL)) bytes.push(hexStart, isWord ? index - group : index);
    hexCount = 0;
    hexLetters = 0;
    marked = false;
    group = 0;
    spaces = 0;
    lastGroup = 0;
    rowGroups = 0;
  }
  return hasRows;
}

/** One place a line. Where all is ASCII the few signs that begin an escape are searched for. */
function findEscapes(text: string, codes: Codes): readonly number[] {
  const places: number[] = [];
  if (isAscii(codes)) {
    for (const sign of ['%', '&', '\\', '\u001b', '\0']) {
      for (let at = text.indexOf(sign); at !== -1; ) {
        const opens = sign !== '\\' || opensEscape(codes[at + 1]);
        if (opens) places.push(at);
        const lineEnd = opens ? text.indexOf('\n', at) : at;
        at = lineEnd === -1 ? -1 : text.indexOf(sign, lineEnd + 1);
      }
    }
    return places.sort((a, b) => a - b);
  }
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] as number;
    if (code < 0x80 ? (kindOf(code) & ESCAPE) === 0 || (code === BACKSLASH && !opensEscape(codes[index + 1])) : !isWrittenOtherwise(code))
      continue;
    places.push(index);
    const lineEnd = text.indexOf('\n', index);
    index = lineEnd === -1 ? codes.length : lineEnd;
  }
  return places;
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

/** Letters of the world are what they are, but for those of ASCII in the width of Chinese characters; digits, spaces, dashes and signs that are not seen stand for others. */
function isWrittenOtherwise(code: number): boolean {
  if (code === 0xa0 || code === 0xad || code === 0xb2 || code === 0xb3 || code === 0xb9) return true;
  if (code < 0x660 || (code >= 0x3100 && code < 0xa620) || (code >= 0xac00 && code < 0xd800)) return false;
  return OTHERWISE.test(String.fromCharCode(code));
}

const OTHERWISE = /[\uff21-\uff3a\uff41-\uff5a\p{Nd}\p{No}\p{Zs}\p{Pd}\p{Cf}\p{Me}\ud835]/u;
