import type { Candidates } from './candidates.ts';
import { isCardNumber, MIN_DIGITS, maskCardNumber } from './card-number.ts';
import type { Codes } from './codes.ts';
import { fromEbcdic } from './ebcdic.ts';
import { type Detector, type Span, sadSpan } from './span.ts';
import { findInView, type View } from './view.ts';

/** Packed digits, digits as ASCII or as EBCDIC: without any of them there is nothing but perhaps a text. */
const WORTH_READING = /[0-9]{13}|(?:3[0-9]){4}|(?:[Ff][0-9]){4}/;
const TEXT_LENGTH = 24;
const DIGIT_PAIRS = /(?:3[0-9]){4}/;
const EBCDIC_PAIRS = /(?:[Ff][0-9]){4}/;
const PRINTABLE = /^(?:[2-6][0-9A-Fa-f]|7[0-9A-Ea-e]|0[9AaDd])+$/;

/** What stands in hexadecimal digits: characters (ASCII, EBCDIC) and packed digits. */
export function findHexadecimal(text: string, codes: Codes, { bytes }: Candidates, find: Detector): Span[] {
  const spans: Span[] = [];
  for (let index = 0; index < bytes.length; index += 2) {
    const [start = 0, end = 0] = [bytes[index], bytes[index + 1]];
    if (isIdentifier(codes, start, end) || isGluedOn(text, start, end)) continue;
    const nibbles = readNibbles(text.slice(start, end), start);
    spans.push(...findInNibbles(nibbles, find));
    // `0x41 0x11 ...`: what is marked as bytes needs no filling.
    if (text.startsWith('0x', start - 1) || text.startsWith('0x', start + 3)) spans.push(...findUnfilled(nibbles));
  }
  return spans;
}

/** A hash or an identifier in one piece: no thirteen decimal digits in a row, no four characters that are digits, and no text. */
function isIdentifier(codes: Codes, start: number, end: number): boolean {
  let decimals = 0;
  let isText = end - start >= TEXT_LENGTH;
  const threes = [0, 0];
  const highs = [0, 0];
  for (let index = start; index < end; index++) {
    const code = codes[index] as number;
    const isDigit = code >= 0x30 && code <= 0x39;
    // Bytes with signs between them are read properly.
    if (!isDigit && !(code >= 0x41 && code <= 0x46) && !(code >= 0x61 && code <= 0x66)) return false;
    decimals = isDigit ? decimals + 1 : 0;
    const side = (index - start) & 1;
    threes[side] = code === 0x33 ? (threes[side] ?? 0) + 1 : 0;
    highs[side] = (code | 0x20) === 0x66 ? (highs[side] ?? 0) + 1 : 0;
    if (decimals >= MIN_DIGITS || (threes[side] ?? 0) >= 4 || (highs[side] ?? 0) >= 4) return false;
    if (side === 0 && (code < 0x32 || code > 0x37) && code !== 0x30) isText = false;
  }
  return !isText;
}

/** Digits at the end of a word are a part of the word. */
function isGluedOn(text: string, start: number, end: number): boolean {
  return /[G-Zg-z]/.test(text[end] ?? ' ') && /[0-9A-Fa-f]/.test(text[end - 1] ?? ' ') && !/\s/.test(text.slice(start, end));
}

export function findInNibbles(nibbles: View, find: Detector): Span[] {
  const isText = nibbles.text.length >= TEXT_LENGTH && PRINTABLE.test(nibbles.text);
  if (!isText && !WORTH_READING.test(nibbles.text)) return [];
  const wide = WIDE_DIGITS.exec(nibbles.text);
  const spans = [...findPacked(nibbles), ...(wide ? findInNibbles(withoutZeros(nibbles, wide.index), find) : [])];
  if (isText || DIGIT_PAIRS.test(nibbles.text))
    for (const shift of [0, 1])
      spans.push(
        ...findInView(
          readCharacters(nibbles, shift, (byte) => String.fromCharCode(byte)),
          find,
        ),
      );
  if (EBCDIC_PAIRS.test(nibbles.text))
    for (const shift of [0, 1]) spans.push(...findInView(readCharacters(nibbles, shift, fromEbcdic), find));
  return spans;
}

/** UTF-16: of each digit's two bytes one is zero. */
const WIDE_DIGITS = /(?:3[0-9]00){6}/;

function withoutZeros({ text, at, ends }: View, from: number): View {
  const kept = Array.from({ length: text.length }, (_, index) => index).filter((index) => {
    const byte = index - ((((index - from) % 2) + 2) % 2);
    return text.slice(byte, byte + 2) !== '00';
  });
  return {
    text: kept.map((index) => text[index]).join(''),
    at: kept.map((index) => at[index] ?? 0),
    ends: kept.map((index) => ends[index] ?? 0),
  };
}

export function readNibbles(word: string, start: number): View {
  let text = '';
  const at: number[] = [];
  for (let index = 0; index < word.length; index++) {
    const sign = word[index] ?? '';
    if ((sign === '0' && word[index + 1] === 'x') || (sign === '\\' && word[index + 1] === 'x')) {
      index++;
      continue;
    }
    if (!/[0-9A-Fa-f]/.test(sign)) continue;
    text += sign;
    at.push(start + index);
  }
  return { text, at, ends: at.map((place) => place + 1) };
}

function readCharacters({ text, at, ends }: View, shift: number, decode: (byte: number) => string): View {
  let characters = '';
  const places: number[] = [];
  const placeEnds: number[] = [];
  for (let index = shift; index + 1 < text.length; index += 2) {
    characters += decode(Number.parseInt(text.slice(index, index + 2), 16));
    places.push(at[index] ?? 0);
    placeEnds.push(ends[index + 1] ?? 0);
  }
  return { text: characters, at: places, ends: placeEnds };
}

/** EMV: application PAN and track 2 with their length in bytes. */
const TAGGED = /5(?:[Aa](0[7-9Aa])|7(0[89A-Fa-f]|1[0-3]))/g;
/** Number, separator, expiry, service code: track 2 as chips and field 35 pack it. Of 2000 is what every TLS hello seems to hold: versions, a length. */
const TRACK = /([0-9]{13,21})[Dd](?!00)[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3,}[Ff]?/g;
/** A message type and a bitmap with bit 2; the first nibble of the bitmap says whether a second follows. */
const MESSAGE = /(?=[0-2][1-8][0-9][0-5]([4-7C-Fc-f])[0-9A-Fa-f]{15})/g;
const MESSAGE_HEAD = 20;
/** All of it is one number, filled up to whole bytes or half a byte on. */
const FILLED = [/^([0-9]{13,19})[Ff]$/, /^[0Ff]([0-9]{13,19})[0-9A-Fa-f]?$/];

function findPacked(view: View): Span[] {
  const { text } = view;
  const spans: Span[] = [];
  for (const pattern of FILLED) {
    const digits = pattern.exec(text)?.[1] ?? '';
    if (isCardNumber(digits, false)) spans.push(panSpan(view, text.indexOf(digits), digits));
  }
  for (const { 0: track, 1: digits = '', index } of text.matchAll(TRACK)) {
    const length = [19, 18, 17, 16, 15, 14, 13].find((size) => size <= digits.length && isCardNumber(digits.slice(-size), false));
    if (length !== undefined)
      spans.push(
        sadSpan('track2', view.at[index + digits.length - length] ?? 0, view.ends[index + track.length - 1] ?? 0, digits.slice(-length)),
      );
  }
  for (const { 0: tag, 1: panBytes, index } of text.matchAll(TAGGED)) {
    const bytes = Number.parseInt(panBytes ?? tag.slice(2), 16);
    const digits = /^[0-9]*/.exec(text.slice(index + 4, index + 4 + bytes * 2))?.[0].slice(0, 19) ?? '';
    if (panBytes !== undefined && digits.length >= bytes * 2 - 1 && isCardNumber(digits, false))
      spans.push(panSpan(view, index + 4, digits));
  }
  for (const { 1: first = '', index } of text.matchAll(MESSAGE)) {
    const from = index + MESSAGE_HEAD + (/[C-F]/i.test(first) ? 16 : 0);
    const length = Number(text.slice(from, from + 2));
    for (const start of [from + 2, from + 3]) {
      const digits = text.slice(start, start + length);
      if (isCardNumber(digits, false) && (start === from + 2 || text[from + 2] === '0')) spans.push(panSpan(view, start, digits));
    }
  }
  return spans;
}

function findUnfilled(view: View): Span[] {
  return isCardNumber(view.text, false) ? [panSpan(view, 0, view.text)] : [];
}

function panSpan({ at, ends }: View, from: number, digits: string): Span {
  return { start: at[from] ?? 0, end: ends[from + digits.length - 1] ?? 0, kind: 'pan', replacement: maskCardNumber(digits), digits };
}
