import { type Span, sadSpan } from './span.ts';

/** The verification code by what it looks like and where it stands: `the 3 digits on the back are 123`, `4 digit code on the front 1234`, `3 digit code: 123`. */
const SIDE = '(?:back|front|reverse|signature (?:strip|panel)|sig\\.? (?:strip|panel))';
/** What is answered stands in the line below, too, behind the name of who says it. */
const ANSWERED = String.raw`\?(?:[ \t]{1,2}|[ \t]{0,4}(?:\r?\n|<br ?/?>)[ \t]{0,8})(?:[<[]?[A-Za-z][A-Za-z ]{1,20}[\]>]?[:>][ \t]{1,3})?(?=\d)`;
const DESCRIBED = new RegExp(
  String.raw`(?:\b(?:3|4|three|four)[ -]?digits?(?:[ -](?:security |verification |card )?(?:code|number))?(?: (?:on|at|from) (?:the )?${SIDE})?|\blast (?:3|three) (?:on|at|from) (?:the )?${SIDE}|\b(?:code|number|digits) (?:printed |written |shown )?(?:on|at|from) (?:the )?${SIDE}(?: side)?|\bback of (?:the )?card(?: (?:code|number|digits)|(?=[ \t]?[:=])))(?: of (?:the|my|your|his|her|their) (?:card|amex|visa|mastercard))?(?:${ANSWERED}|(?: (?:is|are|was|were))?[ \t]{0,2}[:=#,-]?[ \t]{1,2}|[:=])["'(]?(\d{3,4})(?![\d:%]|\.\d)`,
  'gi',
);
/** `and then 123 on the back`, where a card is told of. */
const SAID_BEFORE =
  /(?<![\d.,:$€£])(\d{3,4}),? (?:is )?(?:on|at) the (?:back|reverse|front)(?![ -]?(?:end|page|burner|cover|door|row|office|desk)|[a-z])/gi;
const CARD_TOLD = /(?<![a-z])(?:card|expir\w{0,5}|exp|cc|amex|visa|mastercard)(?![a-z])|\d{4}[ -]?\d{4}$|\*{4}/i;
const TOLD_WITHIN = 96;
const LONGEST_SIDE = 16;
/** EMV 9F1F and 9F20, the end of a track: the issuer's checks of the card and of its PIN. */
const DISCRETIONARY =
  /discretionary(?:[ _-]?data)?(?:[ \t]\([^()\n]{1,24}\))?["'\\]{0,8}[ \t]{0,3}[:=>]{0,2}[ \t]{0,3}["'\\[]{0,8}((?:[0-9A-F]{2} ?){3,16}[0-9A-F]{1,2})(?![0-9A-Za-z])/iy;
/** What is found at the beginning of a word, in either case, and the only places around which the pattern is tried. */
const CUE = /digit|(?<=(?:on|the|from|at) )(?:back|sig|reverse)|back of/iy;
const LETTER_B = 0x62;
const LETTER_D = 0x64;
const LETTER_R = 0x72;
const LETTER_S = 0x73;
/** From the beginning of a phrase to its cue, and from there to the end of the code. */
const BEFORE = 32;
const AFTER = 128;

export function findDescribed(text: string, places: readonly number[]): readonly Span[] {
  const spans: Span[] = [];
  let done = 0;
  for (const place of places) {
    if (place < done) continue;
    const first = text.charCodeAt(place) | 0x20;
    if (first !== LETTER_B && first !== LETTER_D && first !== LETTER_R && first !== LETTER_S) continue;
    DISCRETIONARY.lastIndex = place;
    const data = first === LETTER_D ? DISCRETIONARY.exec(text)?.[1] : undefined;
    if (data !== undefined) {
      done = DISCRETIONARY.lastIndex;
      spans.push(sadSpan('track2', done - data.length, done));
      continue;
    }
    CUE.lastIndex = place;
    if (!CUE.test(text)) continue;
    const from = Math.max(done, place - BEFORE);
    const said = saidBefore(text, place, done);
    if (said !== undefined) {
      done = place;
      spans.push(said);
    }
    for (const { 0: said, 1: code = '', index } of text.slice(from, place + AFTER).matchAll(DESCRIBED)) {
      done = from + index + said.length;
      spans.push(sadSpan('cvv', done - code.length, done));
    }
  }
  return spans;
}

function saidBefore(text: string, place: number, done: number): Span | undefined {
  const from = Math.max(done, place - BEFORE);
  const found = [...text.slice(from, place + LONGEST_SIDE).matchAll(SAID_BEFORE)].at(-1);
  if (found === undefined || !CARD_TOLD.test(text.slice(Math.max(0, from + found.index - TOLD_WITHIN), from + found.index)))
    return undefined;
  const start = from + found.index;
  return sadSpan('cvv', start, start + (found[1] ?? '').length);
}
