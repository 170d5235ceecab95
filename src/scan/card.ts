/** The digits of an issued card by length: ISO/IEC 7812 and the networks' own tables of ranges. */
const ISSUED: Readonly<Record<number, RegExp>> = {
  13: /^(?:4|50(?:18|20|38)|5893|6304|67(?:59|6[0-3]))/,
  14: /^(?:30[0-5]|3095|36|3[89]|50(?:18|20|38)|5893|6304|67(?:59|6[0-3]))/,
  15: /^(?:3[47]|1800|2131|50(?:18|20|38)|5893|6304|67(?:59|6[0-3]))/,
  16: /^(?:4|5[0-8]|6(?:0|2|3|4[4-9]|5|7)|2(?:2[2-9]|[3-6]|7[01]|720|20[0-5])|3(?:52[89]|5[3-8]|6|[89]|0[0-5]|095)|8(?:1|2|600)|9(?:682|704|792|860)|1946)/,
  17: /^(?:50(?:18|20|38)|5893|6304|6(?:011|2|4[4-9]|5|7)|35(?:2[89]|[3-8])|8(?:10|1[1-6]|17[01])|220[0-5])/,
  18: /^(?:4|5[0678]|6(?:011|2|3|4[4-9]|5|7)|35(?:2[89]|[3-8])|8(?:10|1[1-6]|17[01])|220[0-5]|1946)/,
  19: /^(?:4|5[0678]|6(?:011|2|3|4[4-9]|5|7)|3(?:52[89]|5[3-8]|6|[89]|0[0-5]|095)|8(?:10|1[1-6]|17[01])|220[0-5]|9704|1946)/,
};
/** Twice a digit, its own digits summed. */
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];

/** How many digits stand together, in three groups or more: as cards are printed and people type them. */
const LAYOUT = /^(?:4,4,4,4(?:,[123])?|4,4,4,[1237]|4,4,5|4,[56],[456]|5,4,4|5,5,[56]|6,4,[46]|6,5,4|6,6,[4567]|6,4,4,4)$/;

/** Sums, limits, and `2600000000000000` in field 53 of ISO 8583. */
const ROUND = /^\d{3,6}0{10}$/;

export const SHORTEST_CARD = 13;
export const LONGEST_CARD = 19;

/** An issuer's prefix, a length that goes with it, and the check digit. */
export function isCard(digits: string): boolean {
  return hasIssuer(digits) && checkDigitFits(digits) && !ROUND.test(digits);
}

export function isLayout(sizes: readonly number[]): boolean {
  return LAYOUT.test(sizes.join());
}

function hasIssuer(digits: string): boolean {
  return ISSUED[digits.length]?.test(digits) ?? false;
}

function checkDigitFits(digits: string): boolean {
  let total = 0;
  let twice = false;
  for (let at = digits.length - 1; at >= 0; at--) {
    const digit = digits.charCodeAt(at) - 48;
    total += twice ? (DOUBLED[digit] ?? 0) : digit;
    twice = !twice;
  }
  return total % 10 === 0 && total > 0;
}
