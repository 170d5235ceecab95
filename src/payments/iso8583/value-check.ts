import type { FieldFormat } from './field-format.ts';
import type { ProblemCode } from './message.ts';
import { isTlv } from './tlv.ts';

export interface ValueCheck {
  readonly code: ProblemCode;
  readonly message: string;
  holds(value: string): boolean;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Digits, one separator, digits; filler and the sentinels of a card reader may stand around. */
const TRACK = /^;?\d{1,19}[=D][0-9]{0,32}[F?]?$/;
const TRACK_3 = /^;?\d{2,40}[=D][0-9=D]{0,103}[F?]?$/;

/** What a text in the right place must still be; undefined: anything. */
export function valueCheck(number: number, { type, moment }: FieldFormat): ValueCheck | undefined {
  if (moment !== undefined)
    return { code: 'bad-date', message: `there is no such date or time (${moment})`, holds: (value) => isMoment(value, moment) };
  if (type !== 'z') return undefined;
  const pattern = number === 36 ? TRACK_3 : TRACK;
  return { code: 'bad-track', message: 'a track is digits, one separator (= or D), digits', holds: (value) => pattern.test(value) };
}

/** Text that looks like hexadecimal BER-TLV or like plain text; raw BER-TLV is looked at as bytes. */
export function isMoment(value: string, pattern: string): boolean {
  let month = 0;
  let day = 0;
  let year = -1;
  for (let at = 0; at < pattern.length; at += 2) {
    const part = (value.charCodeAt(at) - 0x30) * 10 + value.charCodeAt(at + 1) - 0x30;
    const unit = pattern.charCodeAt(at);
    if (unit === 0x4d) month = part;
    else if (unit === 0x44) day = part;
    else if (unit === 0x59) year = part;
    else if (part > (unit === 0x68 ? 23 : 59)) return false;
    if (unit === 0x4d && (part < 1 || part > 12)) return false;
    if (unit === 0x44 && part < 1) return false;
  }
  if (day === 0) return true;
  // A century is not sent: every fourth year is taken for a leap year.
  if (month === 2 && day === 29) return year < 0 || year % 4 === 0;
  return day <= (DAYS[month - 1] ?? 31);
}

export function isHexTlv(text: string): boolean {
  if (text.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(text)) return false;
  return isTlv(Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}
