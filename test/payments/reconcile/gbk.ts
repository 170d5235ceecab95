/** GBK of a text: the two bytes of each character, found by decoding all of them once. */
let table: ReadonlyMap<string, readonly [number, number]> | undefined;

export function gbk(text: string): Buffer {
  table ??= makeTable();
  const known = table;
  return Buffer.from(
    [...text].flatMap((letter) => {
      if (letter < '\u0080') return [letter.charCodeAt(0)];
      const bytes = known.get(letter);
      if (!bytes) throw new Error(`${letter} is not in GBK`);
      return bytes;
    }),
  );
}

function makeTable(): ReadonlyMap<string, readonly [number, number]> {
  const decoder = new TextDecoder('gbk');
  const entries: [string, readonly [number, number]][] = [];
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++)
      if (trail !== 0x7f) entries.push([decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]]);
  return new Map(entries.reverse());
}
