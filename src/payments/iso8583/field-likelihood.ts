import type { FieldValue, Message } from './message.ts';

type Fields = Message['fields'];

/** In nearly every message of its kind: its absence would need a reason. */
const NEARLY_ALWAYS = 2;
/** In many and absent in as many: says nothing. */
const OFTEN = 0;
const SELDOM = -2;
const RARE = -4;
/** A value that its own code list or the fields beside it do not know speaks against the bit of its field. */
const NO_SUCH_VALUE = -2;
/** A card number that its check digit denies, a settlement months away. */
const IMPOSSIBLE_VALUE = -4;
/** A settlement is that many days after the transaction at most. */
const DAYS_TO_SETTLE = 4;

const WEIGHTS: readonly number[] = listWeights();

/** How well these fields with these values go together: only the difference of two readings of the same bytes means something. */
export function likelihood(message: Message): number {
  let sum = 0;
  for (const [number, value] of message.fields) sum += weigh(number, value, message);
  return sum;
}

/** The most that such a field can add. */
export function mostOf(number: number): number {
  return number === 25 ? NEARLY_ALWAYS : (WEIGHTS[number] ?? RARE);
}

export function isLikely(number: number, message: Message): boolean {
  const value = message.fields.get(number);
  return value === undefined || isLikelyValue(number, value, message);
}

function weigh(number: number, value: FieldValue, message: Message): number {
  if (!isLikelyValue(number, value, message))
    return Math.min(number === 2 || number === 15 ? IMPOSSIBLE_VALUE : NO_SUCH_VALUE, WEIGHTS[number] ?? RARE);
  return number === 25 && agrees(value, message.fields.get(22)) ? NEARLY_ALWAYS : (WEIGHTS[number] ?? RARE);
}

/** 1987: how the card was read, with its digit for the PIN. */
const ENTRY_MODE = /^(?:0[0-79]|10|79|8[0-2]|9[01578])[0-389]$/;
const LONG_ENTRY_MODE = /^[0-9A-Z]{12}$/;

/** Transaction and accounts, sums below 100 million, under which condition, how long a PIN may be, which of several cards. */
const CODES: readonly (RegExp | undefined)[] = Object.assign([], {
  3: /^\d\d\d0\d0$/,
  4: /^00/,
  23: /^0\d\d$/,
  25: /^(?:0\d|1[0-7]|[2-9]1|59|\d{4})$/,
  26: /^(?:0[04-9]|1[0-2]|\d{4})$/,
  // An institution has six digits or more.
  32: /^\d{6}/,
  33: /^\d{6}/,
  70: /[1-9]/,
  100: /^\d{6}/,
});

function isLikelyValue(number: number, value: FieldValue, { mti, fields }: Message): boolean {
  if (value.length === 0) return false;
  if (typeof value !== 'string') return isBinary(number) || value.every((byte) => byte >= 0x20);
  switch (number) {
    case 2:
      return isCardNumber(value);
    case 14:
      return !settles(value, fields);
    case 15:
      return value.length !== 4 || settles(value, fields);
    case 22:
      return ENTRY_MODE.test(value) || LONG_ENTRY_MODE.test(value);
    // How a PIN was captured says nothing without a PIN.
    case 26:
      return (value.length > 2 || fields.has(52)) && CODES[26]?.test(value) === true;
    // Codes about an answer come with it.
    case 44:
      return (mti.charAt(2) === '1' || mti.charAt(2) === '3') && /^[\w .]+$/.test(value);
    // The currency of the cardholder comes with his amount or his rate.
    case 51:
      return fields.has(6) || fields.has(10);
    default:
      return CODES[number]?.test(value) !== false;
  }
}

function isBinary(number: number): boolean {
  return number === 52 || number === 53 || number === 55 || number === 64 || number === 96 || number === 128;
}

/** The check digit of ISO/IEC 7812-1, annex B. */
function isCardNumber(digits: string): boolean {
  let sum = 0;
  for (let back = 0; back < digits.length; back++) {
    const digit = digits.charCodeAt(digits.length - 1 - back) - 0x30;
    sum += back % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
  }
  return sum % 10 === 0;
}

/** The usual conditions beside a known way to read the card; by mail, telephone or network only where no card was read. */
function agrees(condition: FieldValue, mode: FieldValue | undefined): boolean {
  if (typeof mode !== 'string' || typeof condition !== 'string' || !ENTRY_MODE.test(mode)) return false;
  return condition === '08' ? /^(?:0[01]|10|81)/.test(mode) : /^(?:0[0-356]|5[19])$/.test(condition);
}

/** Is this, as a date (MMDD), that of the transaction or one of the next days? */
function settles(text: string, fields: Fields): boolean {
  const date = fields.get(13) ?? fields.get(7);
  if (typeof date !== 'string') return false;
  const days = dayOfYear(text) - dayOfYear(date);
  return (days >= 0 && days <= DAYS_TO_SETTLE) || days <= DAYS_TO_SETTLE - 365;
}

const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

function dayOfYear(date: string): number {
  return (DAYS_BEFORE[Number(date.slice(0, 2)) - 1] ?? Number.NaN) + Number(date.slice(2, 4));
}

function listWeights(): readonly number[] {
  const weights = new Array<number>(193).fill(RARE);
  for (const number of [2, 3, 4, 7, 11, 12, 13, 22, 32, 35, 37, 39, 41, 42, 49, 55, 70]) weights[number] = NEARLY_ALWAYS;
  for (const number of [
    14, 15, 18, 23, 24, 25, 26, 33, 38, 43, 44, 48, 52, 53, 54, 60, 61, 62, 63, 64, 90, 95, 100, 102, 103, 123, 127, 128,
  ])
    weights[number] = OFTEN;
  for (const number of [19, 50, 51]) weights[number] = SELDOM;
  return weights;
}
