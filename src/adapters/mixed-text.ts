/**
 * UTF-8 in which bytes of another encoding stand, as logs of several programs hold it. Each of those bytes becomes a low surrogate by
 * itself (U+DC80 to U+DCFF), which no UTF-8 holds, and that byte again on the way out; all else is read as what it is.
 */

export interface MixedDecoder {
  decode(chunk: Uint8Array): string;
  /** What a last, unfinished character has left. */
  end(): string;
}

const BYTE_BASE = 0xdc00;
/** Bytes of a character that goes on in the next chunk. */
const MAX_UNFINISHED = 3;
const NO_BYTES = new Uint8Array(0);

export function createMixedDecoder(): MixedDecoder {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let carried: Uint8Array = NO_BYTES;
  return {
    decode(chunk) {
      const bytes = carried.length === 0 ? chunk : Buffer.concat([carried, chunk]);
      const whole = bytes.length - unfinishedBytes(bytes);
      carried = Uint8Array.from(bytes.subarray(whole));
      const complete = bytes.subarray(0, whole);
      try {
        return strict.decode(complete);
      } catch {
        return decodeEach(complete);
      }
    },
    end() {
      const rest = carried;
      carried = NO_BYTES;
      return decodeEach(rest);
    },
  };
}

/** The bytes that were decoded. */
export function encodeMixed(text: string): Uint8Array {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const { index, 0: run } of text.matchAll(BYTES_BY_THEMSELVES)) {
    pieces.push(
      Buffer.from(text.slice(from, index)),
      Uint8Array.from(run, (sign) => sign.charCodeAt(0) - BYTE_BASE),
    );
    from = index + run.length;
  }
  return from === 0 ? Buffer.from(text) : Buffer.concat([...pieces, Buffer.from(text.slice(from))]);
}

const BYTES_BY_THEMSELVES = /(?<![\ud800-\udbff])[\udc80-\udcff]+/g;

function decodeEach(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = '';
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOfCharacter(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    text += buffer.toString('utf8', from, at) + String.fromCharCode(BYTE_BASE + (bytes[at] ?? 0));
    from = ++at;
  }
  return text + buffer.toString('utf8', from);
}

/** Of well-formed UTF-8 (Unicode, table 3-7): 1 to 4; 0: the byte begins no character. */
function lengthOfCharacter(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  const second = bytes[at + 1] ?? 0;
  const [least, most] = SECOND_BYTES.get(first) ?? [0x80, 0xbf];
  if (length === 0 || second < least || second > most) return 0;
  for (let next = at + 2; next < at + length; next++) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** No overlong forms, no surrogates, nothing past U+10FFFF. */
const SECOND_BYTES: ReadonlyMap<number, readonly [least: number, most: number]> = new Map([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
]);

/** At the end of a chunk: a first byte that announces more than there is. */
function unfinishedBytes(bytes: Uint8Array): number {
  for (let count = 1; count <= Math.min(MAX_UNFINISHED, bytes.length); count++) {
    const byte = bytes[bytes.length - count] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return count < (byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4) ? count : 0;
  }
  return 0;
}
