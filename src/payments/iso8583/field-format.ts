import type { LengthCoding } from './dialect.ts';

export type FieldType = 'n' | 'an' | 'ans' | 'z' | 'x+n' | 'b' | 'tlv';

export interface FieldFormat {
  readonly type: FieldType;
  /** Digits of the length that goes before; 0: fixed. */
  readonly lengthDigits: number;
  /** Digits, characters or bytes; the most of them when there is a length before. */
  readonly size: number;
  /** What a date or time is made of, as `MMDDhhmmss`. */
  readonly moment: string | undefined;
}

/** Where lengths are binary one byte stands for two digits, two for three or four. */
const BINARY_MOST = [0, 0, 0xff, 0xffff, 0xffff];
const FORMAT = /^(n|an|ans|z|x\+n|b|tlv)(\.{0,6})(\d{1,6})(?::((?:YY|MM|DD|hh|mm|ss)+))?$/;

/** `n..19` and the like; the reason when it is not one. */
export function parseFieldFormat(text: string, lengths?: LengthCoding): FieldFormat | string {
  const [, type, dots = '', digits = '', moment] = FORMAT.exec(text) ?? [];
  if (type === undefined) return `"${text}" is no format; write for example n6, n..19, ans...999, b8, z..37, tlv...255 or n4:MMDD`;
  const size = Number(digits);
  if (size === 0) return `"${text}" has no room`;
  if (dots.length === 1) return `"${text}" has a length of one digit; write two dots or more, or none`;
  const most = Math.max(10 ** dots.length - 1, lengths === 'binary' ? (BINARY_MOST[dots.length] ?? 0) : 0);
  if (dots.length > 0 && size > most) return `"${text}": a length of ${dots.length} digits cannot say ${size}`;
  if (type === 'x+n' && (size < 2 || dots.length > 0)) return `"${text}": a signed amount is fixed, the sign and at least one digit`;
  if (type === 'tlv' && dots.length === 0) return `"${text}": BER-TLV needs a length before it`;
  if (moment !== undefined && (type !== 'n' || dots.length > 0 || moment.length !== size))
    return `"${text}": ${moment} needs n${moment.length}`;
  return { type: type as FieldType, lengthDigits: dots.length, size, moment };
}
