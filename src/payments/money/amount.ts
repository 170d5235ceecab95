/** Amounts as integers of the minor unit. Text goes in digit by digit: a float in between is the fault that is looked for. */

export type Unit = 'major' | 'minor';

export interface Amount {
  /** Rounded half away from zero where the text is finer than the currency. */
  readonly minor: number;
  /** The text has digits that the currency does not: `noise` of a binary float (19.989999999999998), or a `fraction` (19.995). */
  readonly finer: 'no' | 'noise' | 'fraction';
}

/** Characters; what is longer is no amount, and would take long to look at. */
const LONGEST = 64;

/** undefined: no amount, or one too large to be exact. */
export function parseAmount(text: string, exponent: number, unit: Unit = 'major'): Amount | undefined {
  const trimmed = text.trim();
  const match = trimmed.length > LONGEST ? null : /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(bare(trimmed));
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  const places = unit === 'major' ? exponent : 0;
  const kept = Number(whole + fraction.slice(0, places).padEnd(places, '0'));
  const rest = fraction.slice(places);
  const minor = kept + (Number(rest.charAt(0) || '0') >= 5 ? 1 : 0);
  if (!Number.isSafeInteger(minor)) return undefined;
  return { minor: sign === '-' && minor !== 0 ? -minor : minor, finer: describeRest(rest) };
}

/** For people: 1998 with exponent 2 is 19.98. */
export function showMinor(minor: number, exponent: number): string {
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const cut = digits.length - exponent;
  return `${minor < 0 ? '-' : ''}${digits.slice(0, cut)}${exponent > 0 ? `.${digits.slice(cut)}` : ''}`;
}

/** By currency, as text in major units. */
export function sumByCurrency(
  amounts: Iterable<{ readonly currency: string; readonly minor: number; readonly exponent: number }>,
): Readonly<Record<string, string>> {
  const sums = new Map<string, { minor: number; exponent: number }>();
  for (const { currency, minor, exponent } of amounts) sums.set(currency, { minor: (sums.get(currency)?.minor ?? 0) + minor, exponent });
  return Object.fromEntries([...sums].map(([currency, { minor, exponent }]) => [currency, showMinor(minor, exponent)]));
}

/** What a program that multiplies a float and cuts makes of an amount: 19.99 * 100 is 1998.9999999999998. */
export function cutByFloat(minor: number, exponent: number): number {
  return Math.trunc(Number(showMinor(minor, exponent)) * 10 ** exponent);
}

/** Thousands commas, a currency sign, blanks, and the marks that bills put before or behind a cell. */
function bare(text: string): string {
  const trimmed = text.replace(/^[`'"\s]+|[\s'"]+$/g, '').replace(/^([+-]?)\s*(?:[¥￥$€£]|[A-Z]{3}\s)\s*/, '$1');
  return /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(trimmed) ? trimmed.replaceAll(',', '') : trimmed;
}

/** Floats miss by a few units in the last of 16 digits; programs print from 6 of them on. */
const NOISE = /^(?:0{3,}\d*|9{3,}\d*|\d?(?:0{4,}|9{4,})\d*)$/;

function describeRest(rest: string): Amount['finer'] {
  if (/^0*$/.test(rest)) return 'no';
  return rest.length >= 4 && NOISE.test(rest) ? 'noise' : 'fraction';
}
