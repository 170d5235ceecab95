import type { FieldFormat } from './field-format.ts';
import type { ProblemCode } from './message.ts';
import { isTlv } from './tlv.ts';

export interface ValueCheck {
  readonly code: ProblemCode;
  readonly message: string;
  holds(value: string): boolean;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Card number, separator, then nothing or an expiry (or a separator where there is none), service code and more. */
const TRACK_2 = /^;?\d{12,19}[=D](?:\d\d(?:0[1-9]|1[0-2])\d*|[=D]\d*)?[F?]?$/;
const TRACK_3 = /^;?\d{2,40}[=D][0-9=D]{0,103}[F?]?$/;
const CURRENCY = /^(?:\d{3}|[A-Z]{3})$/;
const CURRENCIES = new Set([49, 50, 51]);
const RESPONSE_CODE = 39;
const EXPIRY = 14;
const CHIP_DATA = 55;
/** Of a card without one. */
const NO_EXPIRY = '0000';

/** What a text in the right place must still be; undefined: anything. */
export function valueCheck(number: number, { type, size, moment }: FieldFormat): ValueCheck | undefined {
  if (moment !== undefined)
    return {
      code: 'bad-date',
      message: `there is no such date or time (${moment})`,
      holds: (value) => isMoment(value, moment) || (number === EXPIRY && value === NO_EXPIRY),
    };
  if (type === 'an') return alphanumeric(number, size);
  if (type === 'b' && number === CHIP_DATA)
    return {
      code: 'bad-tlv',
      message: 'objects and lengths of the BER-TLV do not fill the field',
      holds: (value) => value === '' || isHexTlv(value),
    };
  if (type !== 'z') return undefined;
  const pattern = number === 36 ? TRACK_3 : TRACK_2;
  return { code: 'bad-track', message: 'a track is digits, one separator (= or D), digits', holds: (value) => pattern.test(value) };
}

function alphanumeric(number: number, size: number): ValueCheck {
  const holds = (pattern: RegExp) => (value: string) => pattern.test(value);
  if (CURRENCIES.has(number) && size === 3)
    return { code: 'bad-character', message: 'a currency is three digits or three capital letters', holds: holds(CURRENCY) };
  if (number === RESPONSE_CODE)
    return { code: 'bad-character', message: 'a response code is letters and digits', holds: holds(/^[0-9A-Za-z]+$/) };
  return { code: 'bad-character', message: 'only letters, digits and spaces', holds: isAlphanumeric };
}

function isAlphanumeric(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isDigit && code !== 0x20 && ((code | 0x20) < 0x61 || (code | 0x20) > 0x7a || code < 0x41)) return false;
  }
  return true;
}

function isMoment(value: string, pattern: string): boolean {
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
