import { type Span, sadSpan } from './span.ts';

/**
 * The verification code by the place it has in a message: field 126.10 of Visa (whether it is there and what is asked for before the code),
 * element 92 in field 48 of Mastercard.
 */
const BY_NUMBER =
  /(?<=(?<![A-Za-z])(?:de|df|f|p|s|bit|field|fld|element)[ _.#-]{0,2}0?)(?:126(?:[._-]| sub-?(?:field|element)? )10|48[._-](?:SE)?92|0?48(?:[ \t,:/>._-]{0,4}(?:SE|DE|PDS|SF|tag|sub-?(?:element|field))[ _.#-]{0,2}0?92))(?![0-9])["'\])]{0,2}(?:[ \t]{0,3}[([]?[A-Za-z][A-Za-z0-9 ]{2,48}[)\]]?)?[ \t]{0,3}[:=>| \t-]{1,4}["'[]?(?:1[01] )?(\d{3,4})(?!\d|[.,:-]\d)/iy;
/** The same field as jPOS prints it, its elements in one of its own. */
const IN_ELEMENT = /isomsg id=["'](?<field>126|48)["'][^<>\r\n]{0,60}>(?<elements>(?:\s{0,60}<field [^<>\r\n]{1,160}\/>){1,60})/iy;
const ELEMENTS: Readonly<Record<string, RegExp>> = {
  48: /<field id=["']92["'] value=["'](\d{3,4})["']/i,
  126: /<field id=["']10["'] value=["'](?:1[01] ?)?(\d{3,4})["']/i,
};
/** EMV 9F1F and 9F20 as the names of their values: what an issuer puts on a track behind the service code. */
const DISCRETIONARY_BY_TAG =
  /9F(?:1F|20)(?![0-9A-Za-z])(?=[^\r\n]{0,48}(?:["':=>|[(]|va?l?[ \t]|data[ \t]))(?:["'\\\])>]|[ \t:=|,>-]|["'\\([{]|(?:len|length|l|value|val|v|track|discretionary|data|hex|[12])(?![A-Za-z0-9])|(?:0x)?\d{1,2}(?=[ \t:=\]),|])){1,32}?(?<=["':=>|\])-][ \t]{0,3}["'\\[]{0,3}|(?:data|value|val|v)[ \t]{1,3})((?:\d\d ?){3,15}\d[\dF]|(?:[2-7][0-9A-F] ?){4,30}[2-7][0-9A-F])(?![0-9A-Za-z ]?[0-9A-Za-z])/iy;

const DIGIT_1 = 0x31;
const DIGIT_4 = 0x34;
const DIGIT_9 = 0x39;
const LETTER_I = 0x69;

/** Authentication data that nothing but the number of its place in a message or of its tag tells. */
export function findSubFields(text: string, places: readonly number[]): readonly Span[] {
  const spans: Span[] = [];
  for (const place of places) {
    const first = text.charCodeAt(place) | 0x20;
    const span =
      first === DIGIT_9
        ? valueBy(DISCRETIONARY_BY_TAG, text, place, 'track2')
        : first === DIGIT_1 || first === DIGIT_4
          ? valueBy(BY_NUMBER, text, place, 'cvv')
          : first === LETTER_I
            ? codeInElement(text, place)
            : undefined;
    if (span !== undefined) spans.push(span);
  }
  return spans;
}

/** The value is the last of the pattern. */
function valueBy(pattern: RegExp, text: string, place: number, kind: 'cvv' | 'track2'): Span | undefined {
  pattern.lastIndex = place;
  const value = pattern.exec(text)?.[1];
  return value === undefined ? undefined : sadSpan(kind, pattern.lastIndex - value.length, pattern.lastIndex);
}

function codeInElement(text: string, place: number): Span | undefined {
  IN_ELEMENT.lastIndex = place;
  const { field = '', elements = '' } = IN_ELEMENT.exec(text)?.groups ?? {};
  const found = ELEMENTS[field]?.exec(elements);
  if (found?.[1] === undefined) return undefined;
  const end = IN_ELEMENT.lastIndex - elements.length + found.index + found[0].length - 1;
  return sadSpan('cvv', end - found[1].length, end);
}
