import { isCardNumber, isIssued, MAX_DIGITS } from './card-number.ts';

/**
 * As orders and transactions are numbered. Longer ones can be a message with a card number in it, or a text in hexadecimal digits; `0x` is a
 * mark of bytes.
 */
const NUMBERED = /^(\d{1,22})([A-WYZa-wyz]?)$|^\d{23,34}$/;
/** Characters in hexadecimal digits: digits side by side, or a text of twelve and more. */
const CHARACTERS = /(?:3\d){4}|^(?=.{24})(?:[02-7]\d)+$/;
/** A card number ends where the digits end, behind what fills it up, or behind its own length. */
const MOST_BEFORE = 2;

/** A number, or one with a letter behind it, in which there is nothing to remove. False: it deserves a closer look. */
export function isPlainNumber(text: string): boolean {
  const number = NUMBERED.exec(text);
  if (number === null || CHARACTERS.test(text)) return false;
  const [, digits = '', letter = ''] = number;
  if (digits.length > MAX_DIGITS + MOST_BEFORE) return true;
  // With a hexadecimal digit behind it a whole number is a piece of something longer; F fills up.
  const least = /[A-Ea-e]/.test(letter) ? 1 : 0;
  for (let start = least; start <= MOST_BEFORE; start++) if (mayBeCardNumber(digits.slice(start))) return false;
  return true;
}

/** UnionPay does not always obey Luhn. */
function mayBeCardNumber(digits: string): boolean {
  return isCardNumber(digits, false) || (digits.startsWith('62') && isIssued(digits));
}
