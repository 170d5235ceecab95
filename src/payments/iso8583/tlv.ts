export interface Tlv {
  /** Upper-case hexadecimal. */
  readonly tag: string;
  readonly value: Uint8Array;
}

const MAX_TAG_BYTES = 3;
const MAX_LENGTH_BYTES = 3;

/** The outer objects of BER-TLV (EMV book 3, annex B); undefined unless every byte has its place. */
export function readTlv(bytes: Uint8Array): readonly Tlv[] | undefined {
  const objects: Tlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    // Zero bytes between objects are padding.
    if (bytes[at] === 0) {
      at++;
      continue;
    }
    const tagEnd = endOfTag(bytes, at);
    const length = tagEnd === undefined ? undefined : readLength(bytes, tagEnd);
    if (tagEnd === undefined || length === undefined || length.end + length.value > bytes.length) return undefined;
    objects.push({ tag: toTag(bytes.subarray(at, tagEnd)), value: bytes.subarray(length.end, length.end + length.value) });
    at = length.end + length.value;
  }
  return objects;
}

export function isTlv(bytes: Uint8Array): boolean {
  const objects = readTlv(bytes);
  return objects !== undefined && objects.length > 0;
}

function endOfTag(bytes: Uint8Array, at: number): number | undefined {
  if (((bytes[at] ?? 0) & 0x1f) !== 0x1f) return at + 1;
  for (let end = at + 1; end < Math.min(at + MAX_TAG_BYTES, bytes.length); end++) if (((bytes[end] ?? 0) & 0x80) === 0) return end + 1;
  return undefined;
}

function readLength(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { value: first, end: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > MAX_LENGTH_BYTES || at + count >= bytes.length) return undefined;
  let value = 0;
  for (let index = 1; index <= count; index++) value = value * 256 + (bytes[at + index] ?? 0);
  return { value, end: at + 1 + count };
}

function toTag(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}
