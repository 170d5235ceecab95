/** Two numbers of one text, made in different ways, four bytes at a time. A quote within a text stands twice wherever it stands. */
export interface TextHash {
  first: number;
  second: number;
}

export const FIRST_OF_NOTHING = 0x11c9dc5;
export const SECOND_OF_NOTHING = 0x2545f491;

/** Four bytes, the first one lowest. */
function addToFirst(first: number, word: number): number {
  const mixed = Math.imul(first ^ word, 0x01000193);
  return mixed ^ (mixed >>> 13);
}

function addToSecond(second: number, word: number): number {
  const mixed = Math.imul(second ^ word, 0xcc9e2d51);
  return mixed ^ (mixed >>> 15);
}

/** The bytes that are left at the end, fewer than four, of a word that goes on behind them. */
function lastWord(word: number, count: number): number {
  return (word & ((1 << (count << 3)) - 1)) | (count << 28);
}

/** `view` must go on three bytes behind the text. */
export function hashText(hash: TextHash, view: DataView, from: number, to: number): void {
  let first = FIRST_OF_NOTHING;
  let second = SECOND_OF_NOTHING;
  for (let at = from; ; at += 4) {
    const isWhole = at + 4 <= to;
    const word = isWhole ? view.getInt32(at, true) : lastWord(view.getInt32(at, true), to - at);
    first = addToFirst(first, word);
    second = addToSecond(second, word);
    if (!isWhole) break;
  }
  hash.first = first;
  hash.second = second;
}
