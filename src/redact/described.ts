import { type Span, sadSpan } from './span.ts';

/** The verification code by what it looks like and where it stands: `the 3 digits on the back are 123`, `4 digit code on the front 1234`, `3 digit code: 123`. */
const DESCRIBED =
  /(?:\b(?:3|4|three|four)[ -]?digits?(?:[ -](?:security |verification |card )?(?:code|number))?(?: (?:on|at) (?:the )?(?:back|front))?|\b(?:code|number|digits) on (?:the )?(?:back|front)(?: side)?|\bback of (?:the )?card (?:code|number))(?: of (?:the|my|your|his|her|their) card)?(?:(?: (?:is|are|was|were))?[ \t]{0,2}[:=#-]?[ \t]{1,2}|[:=])["'(]?(\d{3,4})(?![\d.:%])/gi;
/** In either case; without one of them at the beginning of a word the pattern is not tried. */
const CUE = /digit|back/iy;

export function findDescribed(text: string, places: readonly number[]): readonly Span[] {
  if (!places.some((place) => isCue(text, place))) return [];
  return Array.from(text.matchAll(DESCRIBED), ({ 0: said, 1: code = '', index }) => {
    const end = index + said.length;
    return sadSpan('cvv', end - code.length, end);
  });
}

function isCue(text: string, place: number): boolean {
  CUE.lastIndex = place;
  return CUE.test(text);
}
