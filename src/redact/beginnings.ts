const FOLD = 31;

/**
 * Where one of these words may begin, by its first three letters in either case: a table look-up per character leaves
 * one place in a hundred to look at properly. Beyond ASCII by the first character.
 */
export function wordFinder(words: readonly string[]): (text: string) => readonly number[] {
  const table = new Uint8Array(1 << 15);
  const others = new Set<number>();
  for (const word of words) {
    const [a = 0, b = 0, c = 0] = [...word.toLowerCase()].map((letter) => letter.charCodeAt(0));
    if (a > 0x7f) others.add(a);
    else table[((a & FOLD) << 10) | ((b & FOLD) << 5) | (c & FOLD)] = 1;
  }
  return (text) => {
    const places: number[] = [];
    let key = 0;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f && others.has(code)) places.push(index);
      key = ((key << 5) & 0x7fff) | (code & FOLD);
      if (table[key] === 1 && index > 1) places.push(index - 2);
    }
    return places;
  };
}

/** Where one of these may stand at the beginning of a word, by their first two characters. */
export function prefixFinder(prefixes: readonly string[]): (text: string) => readonly number[] {
  const table = new Uint8Array(1 << 14);
  for (const prefix of prefixes) table[(prefix.charCodeAt(0) << 7) | prefix.charCodeAt(1)] = 1;
  return (text) => {
    const places: number[] = [];
    let inWord = false;
    for (let index = 0; index < text.length - 1; index++) {
      const code = text.charCodeAt(index);
      const isStart = !inWord;
      inWord = IN_WORD[code] === 1;
      if (inWord && isStart) {
        const next = text.charCodeAt(index + 1);
        if (next < 0x80 && table[(code << 7) | next] === 1) places.push(index);
      } else if (code === 0x5c) index++;
      else if (code === 0x25 && IN_WORD[text.charCodeAt(index + 1)] === 1 && IN_WORD[text.charCodeAt(index + 2)] === 1) index += 2;
    }
    return places;
  };
}

/** ASCII letters and digits. */
const IN_WORD = Uint8Array.from({ length: 0x10000 }, (_, code) =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) ? 1 : 0,
);
