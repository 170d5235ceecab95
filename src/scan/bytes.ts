/** Shares of zero bytes at even and odd places that only UTF-16 of a mostly Latin text has. */
const UTF16_SHARE = 0.3;
const EBCDIC_DIGITS = 12;
/** Code page 037 from 0x40 on, where it is the same as others: letters, digits, and the signs between them. */
const EBCDIC = ebcdicTable();
const UTF8 = new TextDecoder();

export interface Reading {
  readonly text: string;
  readonly how: 'UTF-16' | 'EBCDIC' | undefined;
}

/** The texts that the bytes may be: UTF-8 or UTF-16, and EBCDIC where there are its digits. */
export function readings(bytes: Uint8Array): readonly Reading[] {
  const utf16 = utf16Kind(bytes);
  const text = (utf16 === undefined ? UTF8 : new TextDecoder(utf16)).decode(bytes);
  const plain: Reading = { text, how: utf16 === undefined ? undefined : 'UTF-16' };
  return hasEbcdicDigits(bytes) ? [plain, { text: fromEbcdic(bytes), how: 'EBCDIC' }] : [plain];
}

/** Bytes that are no text: a tenth of them or more have no sign. */
export function isBinary(bytes: Uint8Array): boolean {
  let strange = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const following = lengthOfCharacter(bytes, at) - 1;
    if (following > 0) at += following;
    else if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte >= 0x7f) strange++;
  }
  return strange * 10 > bytes.length;
}

/** Letters beyond ASCII are text as well: of a character of UTF-8, 2 to 4; else 1. */
function lengthOfCharacter(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 1;
  for (let next = at + 1; next < at + length; next++) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 1;
  return length;
}

/** Thirteen packed digits fill six bytes, wherever they begin. */
const PACKED_BYTES = 6;

/** Without so many bytes of two digits in a row there is no packed number, and most bytes have none. */
export function mayBePacked(bytes: Uint8Array): boolean {
  let run = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    run = byte < 0xa0 && (byte & 0x0f) < 10 ? run + 1 : 0;
    if (run === PACKED_BYTES) return true;
  }
  return false;
}

export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += (byte < 16 ? '0' : '') + byte.toString(16);
  return hex;
}

function utf16Kind(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  const end = Math.min(bytes.length, 4096);
  for (let at = 0; at < end; at++) if (bytes[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros.map((count) => count / Math.max(1, end / 2));
  if (odd > UTF16_SHARE && even < odd / 4) return 'utf-16le';
  return even > UTF16_SHARE && odd < even / 4 ? 'utf-16be' : undefined;
}

function hasEbcdicDigits(bytes: Uint8Array): boolean {
  let count = 0;
  for (const byte of bytes) {
    if (byte >= 0xf0 && byte <= 0xf9) {
      if (++count >= EBCDIC_DIGITS) return true;
    } else if (byte !== 0x40 && byte !== 0x60) count = 0;
  }
  return false;
}

function fromEbcdic(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += EBCDIC[byte] ?? '';
  return text;
}

function ebcdicTable(): readonly string[] {
  const table = Array.from({ length: 256 }, () => '\u00a4');
  const rows: readonly (readonly [number, string])[] = [
    [0x40, ' '],
    [0x4b, '.<(+|&'],
    [0x5b, '$*);'],
    [0x60, '-/'],
    [0x6b, ',%_>?'],
    [0x7a, ':#@\'="'],
    [0x81, 'abcdefghi'],
    [0x91, 'jklmnopqr'],
    [0xa2, 'stuvwxyz'],
    [0xb0, '^'],
    [0xc1, 'ABCDEFGHI'],
    [0xd1, 'JKLMNOPQR'],
    [0xe2, 'STUVWXYZ'],
    [0xf0, '0123456789'],
  ];
  for (const [from, signs] of rows) for (const [index, sign] of [...signs].entries()) table[from + index] = sign;
  table[0x15] = '\n';
  table[0x25] = '\n';
  return table;
}
