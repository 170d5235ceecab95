/** Bytes to characters and back, without one object a byte. */

/** EBCDIC code page 037: the ISO 8859-1 character of each byte, in rows of 16 (IBM's registration, a bijection). */
const CP037_ROWS = [
  '00010203 9c09867f 978d8e0b 0c0d0e0f',
  '10111213 9d850887 1819928f 1c1d1e1f',
  '80818283 840a171b 88898a8b 8c050607',
  '90911693 94959604 98999a9b 14159e1a',
  '20a0e2e4 e0e1e3e5 e7f1a22e 3c282b7c',
  '26e9eaeb e8edeeef ecdf2124 2a293bac',
  '2d2fc2c4 c0c1c3c5 c7d1a62c 255f3e3f',
  'f8c9cacb c8cdcecf cc603a23 40273d22',
  'd8616263 64656667 6869abbb f0fdfeb1',
  'b06a6b6c 6d6e6f70 7172aaba e6b8c6a4',
  'b57e7374 75767778 797aa1bf d0dddeae',
  '5ea3a5b7 a9a7b6bc bdbe5b5d afa8b4d7',
  '7b414243 44454647 4849adf4 f6f2f3f5',
  '7d4a4b4c 4d4e4f50 5152b9fb fcf9faff',
  '5cf75354 55565758 595ab2d4 d6d2d3d5',
  '30313233 34353637 3839b3db dcd9da9f',
];

export type Charset = 'ascii' | 'ebcdic';

const NOT_BCD = '';
const HEX = '0123456789ABCDEF';

const FROM_EBCDIC = Uint8Array.from((CP037_ROWS.join('').match(/[0-9a-f]{2}/g) ?? []).map((pair) => Number.parseInt(pair, 16)));
const TO_EBCDIC = invert(FROM_EBCDIC);

/** The two digits of a byte, empty when a nibble is no digit; with `D` (the separator of a track) in the second table. */
const DIGIT_PAIRS = pairs('0123456789');
const TRACK_PAIRS = pairs('0123456789___D');
const HEX_PAIRS = pairs(HEX);

export function readCharacters(bytes: Uint8Array, from: number, length: number, charset: Charset): string {
  return charset === 'ascii' ? readLatin1(bytes, from, length) : readLatin1(translate(bytes, from, length), 0, length);
}

/** Place of the first byte that is no printable character, -1 when all are. */
export function findUnprintable(bytes: Uint8Array, from: number, length: number, charset: Charset): number {
  for (let at = from; at < from + length; at++) {
    const code = charset === 'ascii' ? at : FROM_EBCDIC[bytes[at] as number];
    const character = charset === 'ascii' ? (bytes[at] as number) : (code as number);
    if (character < 0x20 || character > 0x7e) return at;
  }
  return -1;
}

/** Place of the first byte that is no digit, -1 when all are. */
export function findNoDigit(bytes: Uint8Array, from: number, length: number, charset: Charset): number {
  const zero = charset === 'ascii' ? 0x30 : 0xf0;
  for (let at = from; at < from + length; at++) {
    const byte = bytes[at] as number;
    if (byte < zero || byte > zero + 9) return at;
  }
  return -1;
}

/** The digits of packed bytes; empty when one is none. */
export function readPacked(bytes: Uint8Array, from: number, length: number, track: boolean): string {
  const table = track ? TRACK_PAIRS : DIGIT_PAIRS;
  let text = '';
  for (let at = from; at < from + length; at++) {
    const pair = table[bytes[at] as number] as string;
    if (pair === NOT_BCD) return '';
    text += pair;
  }
  return text;
}

/** Place of the byte that `readPacked` stumbled over. */
export function findNoPacked(bytes: Uint8Array, from: number, length: number, track: boolean): number {
  const table = track ? TRACK_PAIRS : DIGIT_PAIRS;
  for (let at = from; at < from + length; at++) if (table[bytes[at] as number] === NOT_BCD) return at;
  return -1;
}

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX_PAIRS[byte];
  return text;
}

/** Writes the low eight bits of each character. */
export function writeCharacters(text: string, into: Uint8Array, from: number, charset: Charset): void {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at) & 0xff;
    into[from + at] = charset === 'ascii' ? code : (TO_EBCDIC[code] as number);
  }
}

/** Two hexadecimal digits a byte; the text has an even length. */
export function writeNibbles(text: string, into: Uint8Array, from: number): void {
  for (let at = 0; at < text.length; at += 2) into[from + at / 2] = (nibble(text.charCodeAt(at)) << 4) | nibble(text.charCodeAt(at + 1));
}

/** Value of a hexadecimal digit's character code, -1 when it is none. */
export function nibble(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x41 && code <= 0x46) return code - 0x37;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
}

/** Eight characters a call: one string, not eight. */
function readLatin1(bytes: Uint8Array, from: number, length: number): string {
  const end = from + length;
  let text = '';
  let at = from;
  for (; at + 8 <= end; at += 8)
    text += String.fromCharCode(
      bytes[at] as number,
      bytes[at + 1] as number,
      bytes[at + 2] as number,
      bytes[at + 3] as number,
      bytes[at + 4] as number,
      bytes[at + 5] as number,
      bytes[at + 6] as number,
      bytes[at + 7] as number,
    );
  for (; at < end; at++) text += String.fromCharCode(bytes[at] as number);
  return text;
}

function translate(bytes: Uint8Array, from: number, length: number): Uint8Array {
  const characters = new Uint8Array(length);
  for (let at = 0; at < length; at++) characters[at] = FROM_EBCDIC[bytes[from + at] as number] as number;
  return characters;
}

function invert(table: Uint8Array): Uint8Array {
  const inverse = new Uint8Array(256);
  table.forEach((character, byte) => {
    inverse[character] = byte;
  });
  return inverse;
}

function pairs(alphabet: string): readonly string[] {
  return Array.from({ length: 256 }, (_, byte) => {
    const [high, low] = [alphabet[byte >> 4], alphabet[byte & 15]];
    return high === undefined || low === undefined || high === '_' || low === '_' ? NOT_BCD : high + low;
  });
}
