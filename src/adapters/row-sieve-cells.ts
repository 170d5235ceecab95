/** Cells of a row as bytes. Only the plain forms are read here; whatever else there is goes to the database, which has the last word. */

const ZERO = 48;
const POINT = 46;
export const MAX_WHOLE_DIGITS = 11;
const MAX_WORDS = 200;

/** Digits with a point, as an integer of the minor unit; -1: anything else, and what is finer than the currency. */
export function readMinor(bytes: Uint8Array, from: number, to: number, exponent: number): number {
  let value = 0;
  let at = from;
  for (; at < to; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at === from || at - from > MAX_WHOLE_DIGITS) return -1;
  let places = exponent;
  if (at < to) {
    if (bytes[at] !== POINT || at + 1 === to) return -1;
    for (at += 1; at < to; at++) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) return -1;
      if (places > 0) {
        value = value * 10 + digit;
        places -= 1;
      } else if (digit !== 0) return -1;
    }
  }
  for (; places > 0; places--) value *= 10;
  return value;
}

/** `=`, `+`, `@`, `-`: a cell that begins so may be a formula of a spreadsheet; the database looks closer. */
export const MAY_BE_FORMULA = new Uint8Array(256);
for (const byte of [61, 43, 64, 45]) MAY_BE_FORMULA[byte] = 1;

/** What a digit is worth; beyond any part of a time for all other bytes. */
const DIGITS = new Uint16Array(256).fill(20_000);
for (let digit = 0; digit <= 9; digit++) DIGITS[ZERO + digit] = digit;

/** `2026-11-27T10:00:00`, a blank for the T, a fraction, `Z` or `+08:00` behind it: seconds since 1970, of UTC where it names a zone. NaN: another form. */
export function readSeconds(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 19) return Number.NaN;
  const year = twoDigits(bytes, from) * 100 + twoDigits(bytes, from + 2);
  const month = twoDigits(bytes, from + 5);
  const day = twoDigits(bytes, from + 8);
  const hour = twoDigits(bytes, from + 11);
  const minute = twoDigits(bytes, from + 14);
  const second = twoDigits(bytes, from + 17);
  const between = bytes[from + 10];
  const isForm =
    bytes[from + 4] === 45 &&
    bytes[from + 7] === 45 &&
    (between === 84 || between === 32) &&
    bytes[from + 13] === 58 &&
    bytes[from + 16] === 58;
  const isTime = year >= 1970 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59;
  if (!isForm || !isTime || (day > 28 && day > daysOf(year, month))) return Number.NaN;
  return daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second + readRest(bytes, from + 19, to);
}

/** Of a time that `readSeconds` has read. */
export function namesZone(bytes: Uint8Array, from: number, to: number): boolean {
  const sign = bytes[to - 6];
  return bytes[to - 1] === 90 || (to - from > 19 && (sign === 43 || sign === 45));
}

/** The fraction, less the distance of its zone. */
export function readRest(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  let fraction = 0;
  if (at < to && bytes[at] === POINT) {
    let scale = 0.1;
    for (at += 1; at < to; at++) {
      const digit = DIGITS[bytes[at] as number] as number;
      if (digit > 9) break;
      fraction += digit * scale;
      scale /= 10;
    }
    if (at - from < 2 || at - from > 7) return Number.NaN;
  }
  if (at === to || (at + 1 === to && bytes[at] === 90)) return fraction;
  const sign = bytes[at] === 43 ? 1 : bytes[at] === 45 ? -1 : Number.NaN;
  const minutes = twoDigits(bytes, at + 1) * 60 + twoDigits(bytes, at + 4);
  return at + 6 === to && bytes[at + 3] === 58 && minutes < 24 * 60 ? fraction - sign * minutes * 60 : Number.NaN;
}

export function twoDigits(bytes: Uint8Array, at: number): number {
  return (DIGITS[bytes[at] as number] as number) * 10 + (DIGITS[bytes[at + 1] as number] as number);
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function daysSince1970(year: number, month: number, day: number): number {
  const years = month <= 2 ? year - 1 : year;
  const months = month <= 2 ? month + 9 : month - 3;
  const leaps = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leaps + Math.floor((months * 153 + 2) / 5) + day - 719_469;
}

export interface Vocabulary {
  /** The number of its meaning; -1: nobody explained it. */
  find(bytes: Uint8Array, from: number, to: number): number;
  /** Where a word that was met before ends, when it begins here and is a whole cell; -1: none. */
  pass(bytes: Uint8Array, from: number, special: Uint8Array): number;
  /** The meaning of the word that was passed last; before, of an empty cell. */
  passed(): number;
  /** All that were met, in the form in which they are compared. */
  words(): readonly string[];
}

/** Few words stand in a column: each spelling is looked up once. */
export function createVocabulary(meanings: Readonly<Record<string, number>>): Vocabulary {
  const spellings: { readonly bytes: Uint8Array; readonly word: string; readonly meaning: number }[] = [];
  let recent = 0;
  let passed = meanings[''] ?? -1;
  const begins = (at: number, bytes: Uint8Array, from: number, special: Uint8Array): boolean => {
    const { bytes: spelling } = spellings[at] as (typeof spellings)[number];
    return special[bytes[from + spelling.length] as number] !== 0 && isSame(spelling, bytes, from, from + spelling.length);
  };
  const learn = (bytes: Uint8Array, from: number, to: number): number => {
    // A copy: the bytes will be written over.
    const spelling = new Uint8Array(bytes.subarray(from, to));
    const word = new TextDecoder()
      .decode(spelling)
      .replace(/^ +| +$/g, '')
      .toLowerCase();
    const meaning = Object.hasOwn(meanings, word) ? (meanings[word] as number) : -1;
    if (spellings.length < MAX_WORDS) spellings.push({ bytes: spelling, word, meaning });
    return meaning;
  };
  return {
    find(bytes, from, to) {
      const usual = spellings[recent];
      if (usual !== undefined && isSame(usual.bytes, bytes, from, to)) return usual.meaning;
      for (let at = 0; at < spellings.length; at++) {
        const { bytes: spelling, meaning } = spellings[at] as (typeof spellings)[number];
        if (!isSame(spelling, bytes, from, to)) continue;
        recent = at;
        return meaning;
      }
      return learn(bytes, from, to);
    },
    pass(bytes, from, special) {
      if (recent >= spellings.length || !begins(recent, bytes, from, special)) {
        const other = spellings.findIndex((_, at) => begins(at, bytes, from, special));
        if (other < 0) return -1;
        recent = other;
      }
      const { bytes: spelling, meaning } = spellings[recent] as (typeof spellings)[number];
      passed = meaning;
      return from + spelling.length;
    },
    passed: () => passed,
    words: () => [...new Set(spellings.map(({ word }) => word))],
  };
}

function isSame(spelling: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (spelling.length !== to - from) return false;
  for (let at = 0; at < spelling.length; at++) if (spelling[at] !== bytes[from + at]) return false;
  return true;
}
