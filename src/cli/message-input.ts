/** What somebody pastes: hexadecimal digits, a dump of them, base64, the characters of a message. */

export interface MessageInput {
  readonly form: 'hex' | 'dump' | 'base64' | 'text' | 'binary';
  readonly bytes: Uint8Array;
}

const BETWEEN_DIGITS = /[\s:,_-]|\\x|0x/gi;
/** `00000010  41 42 ...  |AB..|` (hexdump -C), `00000010: 4142 4344  AB..` (xxd), `0x0010:  4142 4344  AB..` (tcpdump). */
const DUMP_LINE = /^\s*(?:0x)?([0-9a-f]{4,8})(?::\s+|\s{2,})((?:(?:[0-9a-f]{2}){1,2}(?:\s{1,2}|$)){1,16})(?:\s.*|\|.*)?$/i;
/** A message in characters: perhaps a length and BASE24's header, then a message type. */
const MESSAGE_TEXT = /^(?:[0-9A-F]{4})?(?:ISO\d{9})?[0-9][1-8]\d\d[ -~]{16,}$/i;
const OFFSET_ONLY = /^\s*[0-9a-f]{4,8}\s*$/i;

/** Every way to read it, the likeliest first; empty: nothing to read. */
export function readMessageText(text: string): readonly MessageInput[] {
  const inputs: MessageInput[] = [];
  const dump = readDump(text);
  if (dump !== undefined) inputs.push({ form: 'dump', bytes: dump });
  const hex = readHex(text);
  if (hex !== undefined && dump === undefined) inputs.push({ form: 'hex', bytes: hex });
  const line = text.replace(/\r?\n$/, '');
  if (dump === undefined && MESSAGE_TEXT.test(line))
    inputs.push({ form: 'text', bytes: Uint8Array.from(line, (character) => character.charCodeAt(0)) });
  const base64 = hex === undefined && dump === undefined ? readBase64(text) : undefined;
  if (base64 !== undefined) inputs.push({ form: 'base64', bytes: base64 });
  return inputs;
}

/** A file: as it is when it holds anything but text. */
export function readMessageBytes(bytes: Uint8Array): readonly MessageInput[] {
  const isText = bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13);
  if (!isText) return [{ form: 'binary', bytes }];
  const inputs = readMessageText(new TextDecoder('latin1').decode(bytes));
  // A message in characters may end in what a text would not.
  return [...inputs, { form: 'binary', bytes }];
}

/** Pairs of hexadecimal digits, whatever stands between them. */
export function readHex(text: string): Uint8Array | undefined {
  const digits = text.replace(BETWEEN_DIGITS, '');
  if (digits.length === 0 || digits.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(digits)) return undefined;
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

function readDump(text: string): Uint8Array | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !OFFSET_ONLY.test(line));
  const matches = lines.map((line) => DUMP_LINE.exec(line));
  if (matches.length === 0 || matches.includes(null)) return undefined;
  const offsets = matches.map((match) => Number.parseInt(match?.[1] ?? '', 16));
  const rows = matches.map((match) => readHex(match?.[2] ?? '') ?? new Uint8Array(0));
  let expected = offsets[0] ?? 0;
  for (const [index, row] of rows.entries()) {
    if (offsets[index] !== expected) return undefined;
    expected += row.length;
  }
  return Uint8Array.from(rows.flatMap((row) => [...row]));
}

function readBase64(text: string): Uint8Array | undefined {
  const packed = text.replace(/\s/g, '').replace(/-/g, '+').replace(/_/g, '/');
  if (packed.length < 16 || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return undefined;
  const whole = packed.replace(/=+$/, '');
  if (whole.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(whole), (character) => character.charCodeAt(0));
}
