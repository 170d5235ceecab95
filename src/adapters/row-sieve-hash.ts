/** Two numbers of one text, made in different ways, four bytes at a time. */
export interface TextHash {
  start(): void;
  /** Four bytes, the first one lowest. */
  add(word: number): void;
  /** The bytes that are left: fewer than four. */
  end(bytes: Uint8Array, from: number, to: number): void;
  /** Of a whole text. A quote within stands twice wherever it stands. */
  make(bytes: Uint8Array, view: DataView, from: number, to: number): void;
  first(): number;
  second(): number;
}

export function createHash(): TextHash {
  let first = 0;
  let second = 0;
  const start = (): void => {
    first = 0x11c9dc5;
    second = 0x2545f491;
  };
  const add = (word: number): void => {
    const mixed = Math.imul(first ^ word, 0x01000193);
    first = mixed ^ (mixed >>> 13);
    second = Math.imul(((second << 5) | (second >>> 27)) ^ word, 0x9e3779b1);
  };
  const end = (bytes: Uint8Array, from: number, to: number): void => {
    let rest = to - from;
    for (let at = from; at < to; at++) rest = (rest << 8) | (bytes[at] as number);
    add(rest);
  };
  return {
    start,
    add,
    end,
    make(bytes, view, from, to) {
      start();
      let at = from;
      for (; at + 4 <= to; at += 4) add(view.getInt32(at, true));
      end(bytes, at, to);
    },
    first: () => first,
    second: () => second,
  };
}
