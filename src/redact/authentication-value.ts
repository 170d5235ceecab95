import type { SadKind } from './span.ts';

const NUMBER_ENDS = String.raw`(?![0-9A-Za-z*%]|[.:,/-]\d|[ \t]{0,2}(?:ms|sec|seconds?|minutes?|bytes|[kKMG]i?B|%)(?![A-Za-z]))`;
const DIGIT_WORD = '(?:zero|one|two|three|four|five|six|seven|eight|nine)';
/** `[7, 3, 1]`, `7-3-1`, `seven three one`. */
function digitByDigit(least: number, most: number): string {
  const more = `{${least - 1},${most - 1}}`;
  return String.raw`\d(?:,[ ]?\d)${more}(?=[ ]?\])|\d(?:[ -]\d)${more}(?![ -]?[\dA-Za-z:.])|${DIGIT_WORD}(?:[ ,-]{1,2}${DIGIT_WORD})${more}(?![A-Za-z])`;
}
const BLOCK_ENDS = '(?![0-9A-Za-z])';
/** What the value looks like. Where no sign says that it is one (`CVV 123`) others look closer. */
export const VALUES: Partial<Record<SadKind, RegExp>> = {
  cvv: new RegExp(String.raw`(?:\d{3,4}${NUMBER_ENDS}|${digitByDigit(3, 4)})`, 'iy'),
  pin: new RegExp(
    String.raw`(?:${digitByDigit(4, 12)}|(?:[0-9A-Fa-f]{16}|(?:[0-9A-Fa-f]{2}[ :-]){7}[0-9A-Fa-f]{2})${BLOCK_ENDS}|\d{4,12}${NUMBER_ENDS})`,
    'iy',
  ),
  'pin-block':
    /(?:(?:0x[0-9A-Fa-f]{2}(?:,[ ]?|[ ]|(?![0-9A-Za-z, ]))){8,16}|(?=\[?-?\d)-?\d{1,3}(?:,[ ]?-?\d{1,3}){7}(?:(?:,[ ]?-?\d{1,3}){8})?(?=[ ]?[\]})])|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{16}|(?:[0-9A-Fa-f]{2}[ :-]){7}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}[ :-]){3}[0-9A-Fa-f]{4}|(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])[A-Za-z0-9+/]{10,22}==?)(?![0-9A-Za-z])/y,
  track1: /[%]?B\d{12,19}\^[^\r\n"'<>]{10,90}/y,
  track2: /;?\d{12,19}[=D]\d{7,40}F?\??/y,
  track3: /;?\d{14,21}=[0-9=]{16,104}\??/y,
};

/** A PIN block where a PIN may stand as well. */
export function isHexBlock(value: string): boolean {
  return /^(?:[0-9A-Fa-f]{2}[ :-]?){8}$/.test(value);
}
