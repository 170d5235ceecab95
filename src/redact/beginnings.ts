import type { Codes } from './codes.ts';

const FOLD = 31;
const LETTERS = 4;
/** Of the words that begin with four letters: one goes on with any, or with nothing; all go on with some. */
const ANY_FIFTH = 1;
const SOME_FIFTHS = 2;

/**
 * Where one of these words may begin, by its first four letters in either case, and the fifth where the word has one: a table
 * look-up per character leaves few places to look at properly. A word of three stands for all fourth letters. Beyond ASCII by the
 * first character.
 */
export function wordFinder(words: readonly string[]): (codes: Codes) => readonly number[] {
  const table = new Uint8Array(1 << (5 * LETTERS));
  // The first three letters fit into the fastest memory.
  const first = new Uint8Array(1 << 15);
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
    table[key] === ANY_FIFTH || (((fifths.get(key) ?? 0) >> ((fifth ?? 0) & FOLD)) & 1) === 1;
  return (codes) => {
    const places: number[] = [];
    let key = 0;
    for (let index = 0; index < codes.length; index++) {
      const code = codes[index] as number;
      if (code > 0x7f && others.has(code)) places.push(index);
      key = ((key << 5) & 0xfffff) | (code & FOLD);
      if (first[key >> 5] === 1 && table[key] !== 0 && index >= LETTERS - 1 && fits(key, codes[index + 1]))
        places.push(index - (LETTERS - 1));
    }
    // The last three letters have no fourth behind them.
    if (codes.length >= LETTERS - 1 && table[(key << 5) & 0xfffff] === ANY_FIFTH) places.push(codes.length - (LETTERS - 1));
    return places;
  };
}

/** Where one of these may stand at the beginning of a word, by their first three characters. */
export function prefixFinder(prefixes: readonly string[]): (codes: Codes) => readonly number[] {
  const table = new Uint8Array(1 << 21);
  for (const prefix of prefixes) {
    const key = (prefix.charCodeAt(0) << 14) | (prefix.charCodeAt(1) << 7);
    if (prefix.length === 2) table.fill(1, key, key + 0x80);
    else table[key | prefix.charCodeAt(2)] = 1;
  }
  return (codes) => {
    const places: number[] = [];
    let inWord = false;
    for (let index = 0; index < codes.length - 2; index++) {
      const code = codes[index] as number;
      const isStart = !inWord;
      inWord = code < 0x80 && IN_WORD[code] === 1;
      if (inWord) {
        if (!isStart) continue;
        const [second, third] = [codes[index + 1] as number, codes[index + 2] as number];
        if ((second | third) < 0x80 && table[(code << 14) | (second << 7) | third] === 1) places.push(index);
      } else if (code === BACKSLASH) index++;
      else if (code === PERCENT && isInWord(codes[index + 1]) && isInWord(codes[index + 2])) index += 2;
    }
    return places;
  };
}

const BACKSLASH = 0x5c;
const PERCENT = 0x25;
/** ASCII letters and digits. */
const IN_WORD = Uint8Array.from({ length: 0x80 }, (_, code) => (/[A-Za-z0-9]/.test(String.fromCharCode(code)) ? 1 : 0));

function isInWord(code: number | undefined): boolean {
  return code !== undefined && code < 0x80 && IN_WORD[code] === 1;
}
