/** The code units of a text side by side: a loop over them runs several times as fast as one over a string that was cut or joined. */
export type Codes = Uint16Array;

const encoder = new TextEncoder();
/** Below this the detour costs more than it saves. */
const SHORT = 256;

/** Of long texts that are ASCII; what was found when they were made need not be looked for again. */
const BYTES = new WeakMap<Codes, Uint8Array>();

/** Always of one type: code that meets two kinds of arrays is compiled for neither. */
export function codesOf(text: string): Codes {
  if (text.length >= SHORT) {
    const bytes = new Uint8Array(text.length);
    const { read, written } = encoder.encodeInto(text, bytes);
    // As many bytes as characters: all of them are ASCII.
    if (read === text.length && written === text.length) {
      const codes = new Uint16Array(bytes);
      BYTES.set(codes, bytes);
      return codes;
    }
  }
  const codes = new Uint16Array(text.length);
  for (let index = 0; index < text.length; index++) codes[index] = text.charCodeAt(index);
  return codes;
}

export function isAscii(codes: Codes): boolean {
  if (BYTES.has(codes)) return true;
  let all = 0;
  for (let index = 0; index < codes.length; index++) all |= codes[index] as number;
  return all < 0x80;
}

/** The bytes of a long text that is ASCII. */
export function asciiBytesOf(codes: Codes): Uint8Array | undefined {
  return BYTES.get(codes);
}
