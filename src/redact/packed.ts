import { isCardNumber, isIssued, MAX_DIGITS, MIN_DIGITS } from './card-number.ts';
import type { DigitGroup, DigitRun } from './digit-run.ts';

/** A card number among other digits: `from` and `to` are places in the run, `digits` what they stand for. */
interface CardNumberPlace {
  readonly from: number;
  readonly to: number;
  readonly digits: string;
}

/** Message type, bitmap (half of its nibbles may be letters) and a second bitmap before field 2. */
const ISO8583_HEAD = 4 + 16 + 16;
/** Length and number; the bitmap may end in letters. */
const ISO8583_MIN_DIGITS = 2 + MIN_DIGITS;
const HEX_TEXT_DIGITS = 2 * MIN_DIGITS;

/** Card numbers that other digits touch, where the bytes around say so. */
export function cardNumberPlaces(text: string, run: DigitRun, index: number): readonly CardNumberPlace[] {
  const group = run.groups[index] as DigitGroup;
  if (group.to - group.from < MIN_DIGITS) return [...codePlaces(run, index), ...hexTextPlaces(run, index)];
  const prefixed = lengthPrefixed(run, group) ?? emvPlace(text, run, group) ?? iso8583Place(text, run, group);
  return prefixed === undefined ? hexTextPlaces(run, index) : [prefixed];
}

/** `16` + 16 digits and nothing else: a field with its length. `0` + an odd number: filled up to whole bytes. */
function lengthPrefixed(run: DigitRun, group: DigitGroup): CardNumberPlace | undefined {
  const size = group.to - group.from;
  // Nineteen places for any number.
  if (size === MAX_DIGITS && /^0{3,4}(?=[1-9])/.test(run.digits.slice(group.from, group.to))) {
    const zeros = run.digits[group.from + 3] === '0' ? 4 : 3;
    const filled = placeOf(run, group.from + zeros, group.to);
    if (filled !== undefined) return filled;
  }
  if (run.digits[group.from] === '0' && size % 2 === 0) return placeOf(run, group.from + 1, group.to);
  const length = Number(run.digits.slice(group.from, group.from + 2));
  // Hardly a card has 17, and one in a thousand counters begins so.
  return group.to - group.from === length + 2 && length !== 17 ? placeOf(run, group.from + 2, group.to) : undefined;
}

/** EMV tag 5A, a length in bytes, the number in BCD (padded with F when odd). */
function emvPlace(text: string, run: DigitRun, group: DigitGroup): CardNumberPlace | undefined {
  const start = run.at[group.from] ?? 0;
  if (!/5[Aa]$/.test(text.slice(Math.max(0, start - 2), start))) return undefined;
  const bytes = Number(run.digits.slice(group.from, group.from + 2));
  const to = Math.min(group.from + 2 + bytes * 2, group.to);
  return placeOf(run, group.from + 2, to);
}

/** Message type, bitmap with bit 2, length, number: an ISO 8583 message in text, headers before it or not. */
function iso8583Place(text: string, run: DigitRun, group: DigitGroup): CardNumberPlace | undefined {
  const start = run.at[group.from] ?? 0;
  if (group.to - group.from < ISO8583_MIN_DIGITS) return undefined;
  const head = /[0-9A-Fa-f]*$/.exec(text.slice(Math.max(0, start - ISO8583_HEAD), start))?.[0].length ?? 0;
  const line = text.slice(start - head, (run.at[group.to - 1] ?? 0) + 1);
  for (const { 1: found = '', index } of line.matchAll(/(?=(0[1-8][0-9][0-5][4-7C-Fc-f][0-9A-Fa-f]{15}))/g)) {
    const secondary = /[C-Fc-f89]/.test(found[4] ?? '') ? 16 : 0;
    const lengthAt = index + found.length + secondary;
    const length = Number(line.slice(lengthAt, lengthAt + 2));
    const from = group.from + lengthAt + 2 - head;
    if (from < group.from || from + length > group.to) continue;
    const place = placeOf(run, from, from + length);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** `[52,49,49,...]`: the bytes of characters in decimal, as buffers are printed. */
function codePlaces(run: DigitRun, index: number): readonly CardNumberPlace[] {
  if (digitByCode(run, index) === undefined || digitByCode(run, index - 1) !== undefined) return [];
  let digits = '';
  for (let next = index; ; next++) {
    const digit = digitByCode(run, next);
    if (digit === undefined) break;
    digits += digit;
  }
  const first = run.groups[index] as DigitGroup;
  return isCardNumber(digits, false) ? [{ from: first.from, to: first.from + 2 * digits.length, digits }] : [];
}

function digitByCode(run: DigitRun, index: number): string | undefined {
  const group = run.groups[index];
  if (group === undefined || group.to - group.from !== 2) return undefined;
  const digit = Number(run.digits.slice(group.from, group.to)) - 0x30;
  return digit >= 0 && digit <= 9 ? String(digit) : undefined;
}

/** A hex dump of text: each digit is a byte `3x`, with or without spaces between the bytes. */
function hexTextPlaces(run: DigitRun, index: number): readonly CardNumberPlace[] {
  const start = run.groups[index]?.from ?? 0;
  const digits = run.digits.slice(start, endOfEvenGroups(run, index));
  if (digits.length < HEX_TEXT_DIGITS) return [];
  for (const shift of [0, 1]) {
    const places: CardNumberPlace[] = [];
    for (let at = shift; at + 1 < digits.length; at += 2) {
      let count = 0;
      while (digits[at + count * 2] === '3' && at + count * 2 + 1 < digits.length) count++;
      const text = Array.from({ length: count }, (_, index) => digits[at + index * 2 + 1]).join('');
      if (isCardNumber(text, false)) places.push({ from: start + at, to: start + at + count * 2, digits: text });
      at += count * 2;
    }
    if (places.length > 0) return places;
  }
  return [];
}

/** Nothing but at the first of a row of such groups, so that a long row is read once. */
function endOfEvenGroups(run: DigitRun, index: number): number {
  const isEven = (group: DigitGroup | undefined) => group !== undefined && (group.to - group.from) % 2 === 0;
  const group = run.groups[index];
  if (group !== undefined && !isEven(group)) return group.to;
  if (isEven(run.groups[index - 1])) return 0;
  let end = index;
  while (isEven(run.groups[end])) end++;
  return run.groups[end - 1]?.to ?? 0;
}

function placeOf(run: DigitRun, from: number, to: number): CardNumberPlace | undefined {
  const digits = run.digits.slice(from, to);
  if (digits.length > MAX_DIGITS) return undefined;
  return isCardNumber(digits, false) || (digits.startsWith('62') && isIssued(digits)) ? { from, to, digits } : undefined;
}
