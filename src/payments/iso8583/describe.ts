import type { Text } from '../../ports.ts';
import { toHex } from './characters.ts';
import { nameField } from './field-names.ts';
import type { FieldValue, Message } from './message.ts';
import { describeMti } from './mti.ts';
import { readTlv, type Tlv } from './tlv.ts';

export interface DescribedField {
  readonly number: number;
  readonly name: Text;
  /** Fit for eyes and for disk: card data is cut or gone. */
  readonly value: string;
  /** True when `value` is not the whole. */
  readonly masked: boolean;
}

export interface DescribedMessage {
  readonly mti: string;
  readonly meaning: Text;
  readonly fields: readonly DescribedField[];
}

/** What may be shown of a message: no card number in full, no track, PIN block, verification code or key. */
export function describeMessage(message: Message): DescribedMessage {
  const card = cardNumberOf(message);
  const fields = [...message.fields].map(([number, value]) => {
    const shown = showField(number, value, card);
    return { number, name: nameField(number), value: shown, masked: shown !== plain(value) };
  });
  return { mti: message.mti, meaning: describeMti(message.mti), fields };
}

/** First six, last four; shorter than 13 digits it may be any account: last four only. */
export function maskCardNumber(digits: string): string {
  if (digits.length <= 4) return '*'.repeat(digits.length);
  const shownFirst = digits.length >= 13 ? 6 : 0;
  return digits.slice(0, shownFirst) + '*'.repeat(digits.length - shownFirst - 4) + digits.slice(-4);
}

/** Not shown in any part. 48, 62, 126, 127: verification codes and working keys travel there; 96, 53 beyond its 16 digits: keys. */
const HIDDEN: Readonly<Record<number, string>> = {
  35: '[TRACK2]',
  36: '[TRACK3]',
  45: '[TRACK1]',
  48: '[PRIVATE]',
  52: '[PIN-BLOCK]',
  62: '[PRIVATE]',
  96: '[KEY]',
  126: '[PRIVATE]',
  127: '[PRIVATE]',
};
const ACCOUNTS = new Set([2, 34, 102, 103]);
/** Fields of the standard that hold digits or codes and never a card number, whatever the digits look like. */
const HARMLESS = new Set([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 37, 38, 39, 41, 42, 64, 70, 90, 95, 128]);
const CONTROL_INFORMATION = 53;
const CHIP_DATA = 55;
/** Card number, tracks, cardholder, expiry, sequence number and verification data among the tags of EMV. */
const SENSITIVE_TAGS = new Set(['56', '57', '5A', '5F20', '5F24', '5F34', '99', '9F0B', '9F1F', '9F20', '9F6B', 'DF11', 'DF12', 'DF8129']);
const MIN_CARD_DIGITS = 13;
/** Of a card number: with its first six or its last four shown elsewhere, more would tell too much. */
const PART_DIGITS = 8;
const LONG_PART_DIGITS = 12;
/** Different ones among eight. */
const TELLING_DIGITS = 4;

function showField(number: number, value: FieldValue, card: string): string {
  const hidden = HIDDEN[number];
  if (hidden !== undefined) return hidden;
  if (ACCOUNTS.has(number)) return typeof value === 'string' ? maskAccount(value) : '[ACCOUNT]';
  if (number === CONTROL_INFORMATION)
    return typeof value === 'string' && /^\d{16}$/.test(value) && value.endsWith('0000') ? value : '[KEY]';
  if (number === CHIP_DATA) return showChipData(value);
  const text = plain(value);
  const harmless = HARMLESS.has(number);
  if (card !== '' && holdsCard(text, card, harmless)) return '[CARD-DATA]';
  return harmless || !looksLikeCard(text) ? text : '[PRIVATE]';
}

/** Account fields of the eighties hold letters too. */
function maskAccount(value: string): string {
  return /^\d+$/.test(value) ? maskCardNumber(value) : '*'.repeat(Math.max(value.length - 4, 0)) + value.slice(-4);
}

function showChipData(value: FieldValue): string {
  const bytes = typeof value === 'string' ? fromHex(value) : value;
  const objects = readTlv(bytes);
  return objects === undefined ? '[CHIP-DATA]' : objects.map(showTlv).join(' ');
}

/** A constructed object (bit 6 of its tag) may hold any of the others. */
function showTlv({ tag, value }: Tlv): string {
  const constructed = (Number.parseInt(tag.slice(0, 2), 16) & 0x20) !== 0;
  const text = toHex(value);
  return `${tag}=${SENSITIVE_TAGS.has(tag) || constructed || looksLikeCard(text) ? '[HIDDEN]' : text}`;
}

/** Printable characters, or hexadecimal digits of the bytes. */
function plain(value: FieldValue): string {
  return typeof value === 'string' ? value : toHex(value);
}

function cardNumberOf({ fields }: Message): string {
  const account = fields.get(2);
  if (typeof account === 'string') return account;
  const track = fields.get(35);
  return typeof track === 'string' ? (/\d{13,19}/.exec(track)?.[0] ?? '') : '';
}

/**
 * Eight digits in a row of the message's own card number, as digits or as the hexadecimal codes of digits (ASCII, EBCDIC). Zeros alone
 * are no part of it; in amounts and references neither are a few digits repeated, short of twelve.
 */
function holdsCard(text: string, card: string, harmless: boolean): boolean {
  if (card.length < MIN_CARD_DIGITS) return false;
  const digits = text.replace(/[\s-]/g, '');
  for (let from = 0; from + PART_DIGITS <= card.length; from++) {
    const eight = card.slice(from, from + PART_DIGITS);
    const telling = new Set(eight).size >= (harmless ? TELLING_DIGITS : 2);
    const part = telling ? eight : card.slice(from, from + LONG_PART_DIGITS);
    if (!telling && (part.length < LONG_PART_DIGITS || part.startsWith('0'))) continue;
    if ([part, ...['3', 'F'].map((zone) => part.replace(/\d/g, (digit) => zone + digit))].some((form) => digits.includes(form)))
      return true;
  }
  return false;
}

/** A run of digits that is long enough, as text or in a dump of packed or zoned bytes. */
function looksLikeCard(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '');
  const runs = [/\d{13,}/g, /(?:3\d){13,}/g, /(?:F\d){13,}/gi].flatMap((pattern) => digits.match(pattern) ?? []);
  return runs.some((run) => !/^0*$/.test(run) && passesSomewhere(run.length >= 2 * MIN_CARD_DIGITS ? [run, unzone(run)] : [run]));
}

function unzone(run: string): string {
  return run.replace(/[3Ff](\d)/g, '$1');
}

/** Lengths by first digits, as the schemes issue cards (ISO/IEC 7812). */
const CARD =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[0-8]|2[2-7])\d{14}|3[47]\d{13}|3[0689]\d{12,17}|35\d{14,17}|6\d{15,18}|8[16]\d{14,17}|9[79]\d{14,17})$/;

/** One stretch has a card's first digits and length and obeys Luhn, or it is UnionPay's, which need not. */
function passesSomewhere(runs: readonly string[]): boolean {
  return runs.some((run) => {
    for (let from = 0; from + MIN_CARD_DIGITS <= run.length; from++) {
      if (run.startsWith('62', from) && run.length - from >= 16) return true;
      for (let size = MIN_CARD_DIGITS; size <= 19 && from + size <= run.length; size++) {
        const stretch = run.slice(from, from + size);
        if (CARD.test(stretch) && passesLuhn(stretch)) return true;
      }
    }
    return false;
  });
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, double = false; at >= 0; at--, double = !double) {
    const digit = digits.charCodeAt(at) - 0x30;
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
