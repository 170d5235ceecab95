import { type Codes, isAscii } from './codes.ts';
import { beginningScanner, TABLE_BYTES } from './scanner.ts';

const FOLD = 31;
const LETTERS = 4;
/** Of the words that begin with four letters: one goes on with any, or with nothing; all go on with some. */
const ANY_FIFTH = 1;
const SOME_FIFTHS = 2;

/**
 * Where one of these words may begin, by its first four letters in either case, and the fifth where the word has one: few places
 * are left to look at properly. A word of three stands for all fourth letters. Beyond ASCII by the first character.
 */
export function wordFinder(words: readonly string[]): (codes: Codes) => readonly number[] {
  const table = new Uint8Array(1 << (5 * LETTERS));
  const first = new Uint8Array(TABLE_BYTES);
  const others = new Set<number>();
  const fifths = new Map<number, number>();
  for (const word of words) {
    // Beyond ASCII in the case in which it stands there.
    const [a = 0, b = 0, c = 0, d, e] = [...(word.charCodeAt(0) > 0x7f ? word : word.toLowerCase())].map((letter) => letter.charCodeAt(0));
    const key = ((a & FOLD) << 15) | ((b & FOLD) << 10) | ((c & FOLD) << 5);
    if (a > 0x7f) {
      others.add(a);
      continue;
    }
    first[key >> 5] = 1;
    if (d === undefined) table.fill(ANY_FIFTH, key, key + FOLD + 1);
    else if (e === undefined) table[key | (d & FOLD)] = ANY_FIFTH;
    else if (table[key | (d & FOLD)] !== ANY_FIFTH) {
      table[key | (d & FOLD)] = SOME_FIFTHS;
      fifths.set(key | (d & FOLD), (fifths.get(key | (d & FOLD)) ?? 0) | (1 << (e & FOLD)));
    }
  }
  const fits = (key: number, fifth: number | undefined): boolean =>
    table[key] === ANY_FIFTH || (table[key] === SOME_FIFTHS && (((fifths.get(key) ?? 0) >> ((fifth ?? 0) & FOLD)) & 1) === 1);
  const findThirds = beginningScanner(first);
  return (codes) => {
    const places: number[] = [];
    for (const third of findThirds(codes)) {
      const start = third - 2;
      if (start < 0 || third >= codes.length) continue;
      const letters = (((codes[start] as number) & FOLD) << 15) | (((codes[start + 1] as number) & FOLD) << 10);
      const key = letters | (((codes[third] as number) & FOLD) << 5);
      const fourth = codes[third + 1];
      if (fourth === undefined ? table[key] === ANY_FIFTH : fits(key | (fourth & FOLD), codes[third + 2])) places.push(start);
    }
    if (isAscii(codes)) return places;
    for (let index = 0; index < codes.length; index++) {
      const code = codes[index] as number;
      if (code > 0x7f && others.has(code)) places.push(index);
    }
    return places.sort((a, b) => a - b);
  };
}

/** Where one of these may stand at the beginning of a word, by their first three characters. */
export function prefixFinder(prefixes: readonly string[]): (codes: Codes) => readonly number[] {
  const table = new Uint8Array(1 << 21);
  const folded = new Uint8Array(TABLE_BYTES);
  for (const prefix of prefixes) {
    const [first, second] = [prefix.charCodeAt(0), prefix.charCodeAt(1)];
    const key = (first << 14) | (second << 7);
    const foldedKey = ((first & FOLD) << 10) | ((second & FOLD) << 5);
    if (prefix.length === 2) {
      table.fill(1, key, key + 0x80);
      folded.fill(1, foldedKey, foldedKey + FOLD + 1);
    } else {
      table[key | prefix.charCodeAt(2)] = 1;
      folded[foldedKey | (prefix.charCodeAt(2) & FOLD)] = 1;
    }
  }
  const findThirds = beginningScanner(folded);
  return (codes) => {
    const places: number[] = [];
    for (const place of findThirds(codes)) {
      const [first = 0x80, second = 0x80, third = 0x80] = [codes[place - 2], codes[place - 1], codes[place]];
      if ((first | second | third) < 0x80 && table[(first << 14) | (second << 7) | third] === 1 && beginsWord(codes, place - 2))
        places.push(place - 2);
    }
    return places;
  };
}

/** What an escape leaves behind it is a beginning: `\nsk_live_...`, `%20sk_live_...`. */
function beginsWord(codes: Codes, start: number): boolean {
  const before = codes[start - 1];
  if (before === BACKSLASH) return !isEscape(codes, start - 1);
  if (!isInWord(before)) return before !== PERCENT || !isInWord(codes[start]) || !isInWord(codes[start + 1]);
  return isEscape(codes, start - 2) || (codes[start - 3] === PERCENT && isInWord(codes[start - 2]));
}

/** The last of an odd number of backslashes. */
function isEscape(codes: Codes, at: number): boolean {
  let from = at;
  while (codes[from] === BACKSLASH) from--;
  return (at - from) % 2 === 1;
}

const BACKSLASH = 0x5c;
const PERCENT = 0x25;
/** ASCII letters and digits. */
const IN_WORD = Uint8Array.from({ length: 0x80 }, (_, code) => (/[A-Za-z0-9]/.test(String.fromCharCode(code)) ? 1 : 0));

function isInWord(code: number | undefined): boolean {
  return code !== undefined && code < 0x80 && IN_WORD[code] === 1;
}
