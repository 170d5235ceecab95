import type { Codes } from './codes.ts';

/** First and last prefix of a range, and the card lengths in it. Sources: ISO/IEC 7812 and the schemes' public BIN guides. */
type IssuerRange = readonly [from: string, to: string, lengths: readonly number[]];

const RANGES: readonly IssuerRange[] = [
  ['4', '4', [13, 16, 18, 19]], // Visa, and Electron, Dankort, Elo and mada on its ranges
  ['51', '55', [16]], // Mastercard
  ['2221', '2720', [16]], // Mastercard
  ['34', '34', [15]], // American Express
  ['37', '37', [15]],
  ['300', '305', [14, 16, 19]], // Diners Club
  ['3095', '3095', [14, 16, 19]],
  ['36', '36', [14, 16, 19]],
  ['38', '39', [14, 16, 19]],
  ['6011', '6011', [16, 17, 18, 19]], // Discover
  ['644', '649', [16, 17, 18, 19]],
  ['65', '65', [16, 17, 18, 19]], // Discover, RuPay, Elo, Troy, Verve
  ['3528', '3589', [16, 17, 18, 19]], // JCB
  ['1800', '1800', [15]],
  ['2131', '2131', [15]],
  ['62', '62', [16, 17, 18, 19]], // UnionPay
  ['8100', '8171', [16, 17, 18, 19]],
  ['2200', '2205', [16, 17, 18, 19]], // Mir, Borica
  ['50', '50', [16, 18, 19]], // Maestro, RuPay, Elo, Verve, Dankort
  ['5018', '5018', [13, 14, 15, 17]], // Maestro
  ['5020', '5020', [13, 14, 15, 17]],
  ['5038', '5038', [13, 14, 15, 17]],
  ['56', '58', [16, 18, 19]], // Maestro, UzCard, Cabal, Naranja, mada
  ['5893', '5893', [13, 14, 15, 17]],
  ['6304', '6304', [13, 14, 15, 17]],
  ['63', '63', [16, 18, 19]], // Maestro, InstaPayment, InterPayment, Elo
  ['67', '67', [16, 17, 18, 19]], // Maestro, Bancontact, Laser, Solo
  ['6759', '6763', [13, 14, 15]],
  ['60', '60', [16]], // RuPay, Hipercard, Cabal, PIT
  ['8172', '8299', [16]], // RuPay
  ['8600', '8600', [16]], // UzCard
  ['9860', '9860', [16]], // Humo
  ['9682', '9682', [16]], // mada
  ['9792', '9792', [16]], // Troy
  ['9704', '9704', [16, 19]], // Napas
  ['1946', '1946', [16, 18, 19]], // GPN
  ['3841', '3841', [13, 16, 19]], // Hipercard
];

/** No account: `2600000000000000` is what field 53 of ISO 8583 says of the PIN's encryption, other round numbers are sums and limits. */
const ZEROS = '0'.repeat(10);
const MAX_ROUND_DIGITS = 16;

export const MIN_DIGITS = 13;
export const MAX_DIGITS = 19;
/** Cards this short are rare, and disks of 4 and of 36 to 39 terabytes are not. */
export const MEASURE_DIGITS = 14;
const PREFIX_DIGITS = 4;

/** For each four-digit prefix a bit per card length, bit 0 for 13 digits. */
const LENGTHS_BY_PREFIX = tabulate(RANGES);

/**
 * Is this a card number? One of ten digit strings passes Luhn, so free text also needs an issuer's prefix and length;
 * beside a key that says "card" one of the two will do (UnionPay does not always obey Luhn).
 */
export function isCardNumber(digits: string, underCardKey: boolean): boolean {
  if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return false;
  return underCardKey ? isIssued(digits) || passesLuhn(digits) : isIssued(digits) && passesLuhn(digits) && !isRound(digits);
}

/** Longer ones may have lost their last digits. */
function isRound(digits: string): boolean {
  return digits.length <= MAX_ROUND_DIGITS && digits.endsWith(ZEROS);
}

/** Either proof will do; digits in a text, without taking them out of it. */
export function mayBeCard(codes: Codes, start: number, end: number): boolean {
  let prefix = 0;
  for (let index = start; index < start + PREFIX_DIGITS; index++) prefix = prefix * 10 + (codes[index] as number) - 0x30;
  if (((LENGTHS_BY_PREFIX[prefix] ?? 0) & (1 << (end - start - MIN_DIGITS))) !== 0) return true;
  let sum = 0;
  for (let index = end - 1, place = 0; index >= start; index--, place++) {
    const digit = (codes[index] as number) - 0x30;
    sum += place % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
  }
  return sum % 10 === 0;
}

export function isIssued(digits: string): boolean {
  const lengths = LENGTHS_BY_PREFIX[Number(digits.slice(0, PREFIX_DIGITS))] ?? 0;
  return (lengths & (1 << (digits.length - MIN_DIGITS))) !== 0;
}

/** First six and last four: the most that PCI DSS 3.4.1 lets be shown. */
export function maskCardNumber(digits: string): string {
  return `${digits.slice(0, 6)}******${digits.slice(-4)}`;
}

/** ISO/IEC 7812-1 annex B. A string of zeros passes, and is no card. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 0x30;
    sum += place % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
  }
  return sum > 0 && sum % 10 === 0;
}

function tabulate(ranges: readonly IssuerRange[]): Uint8Array {
  const table = new Uint8Array(10 ** PREFIX_DIGITS);
  for (const [from, to, lengths] of ranges) {
    const bits = lengths.reduce((mask, length) => mask | (1 << (length - MIN_DIGITS)), 0);
    const last = Number(to.padEnd(PREFIX_DIGITS, '9'));
    for (let prefix = Number(from.padEnd(PREFIX_DIGITS, '0')); prefix <= last; prefix++) table[prefix] = (table[prefix] ?? 0) | bits;
  }
  return table;
}
