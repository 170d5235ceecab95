/** Cells of a row as bytes. Only the plain forms are read here; whatever else there is goes to the database, which has the last word. */

const ZERO = 48;
const POINT = 46;
export const MAX_WHOLE_DIGITS = 11;

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

/** `=`, `+`, `@`, `-`, and the first byte of their wide forms and of all blanks before them: a cell that begins so may be a formula of a spreadsheet; the database looks closer. */
export const MAY_BE_FORMULA = new Uint8Array(256).fill(1, 0, 33);
for (const byte of [61, 43, 64, 45, 0xc2, 0xe1, 0xe2, 0xe3, 0xef]) MAY_BE_FORMULA[byte] = 1;

/** What a digit is worth; beyond any part of a time for all other bytes. */
const DIGITS = new Uint16Array(256).fill(20_000);
for (let digit = 0; digit <= 9; digit++) DIGITS[ZERO + digit] = digit;

/** `2026-11-27T10:00:00`, or a blank for the T: seconds since 1970. NaN: another form. What follows is for `readRest`. */
export function readSeconds(bytes: Uint8Array, from: number): number {
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
  return daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
}

/** Of a time, what stands behind the seconds. */
export interface TimeRest {
  micros: number;
  /** Seconds that the zone is ahead of UTC. */
  offset: number;
  /** It names its zone. */
  zoned: boolean;
}

export function noRest(): TimeRest {
  return { micros: 0, offset: 0, zoned: false };
}

/** A fraction of up to six digits, then `Z`, `+08:00` or nothing. False: anything else. */
export function readRest(rest: TimeRest, bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  rest.micros = 0;
  rest.offset = 0;
  rest.zoned = at < to;
  if (at < to && bytes[at] === POINT) {
    let scale = 100_000;
    for (at += 1; at < to; at++) {
      const digit = DIGITS[bytes[at] as number] as number;
      if (digit > 9) break;
      rest.micros += digit * scale;
      scale = (scale / 10) | 0;
    }
    if (at - from < 2 || at - from > 7) return false;
    rest.zoned = at < to;
  }
  if (at === to || (at + 1 === to && bytes[at] === 90)) return true;
  const sign = bytes[at] === 43 ? 1 : bytes[at] === 45 ? -1 : 0;
  const minutes = twoDigits(bytes, at + 1) * 60 + twoDigits(bytes, at + 4);
  rest.offset = sign * minutes * 60;
  return sign !== 0 && at + 6 === to && bytes[at + 3] === 58 && minutes < 24 * 60;
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
