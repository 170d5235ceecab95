/** Messages that stand in other texts, in a log or a dump: those with card data are found whole, and go whole. */
import { nibble } from './characters.ts';
import { isLadenMessage, MIN_BYTES } from './laden-message.ts';

/** A stretch of a text, and what may stand in its place. */
interface FoundMessage {
  readonly start: number;
  readonly end: number;
  readonly kind: 'card-message';
  readonly replacement: string;
}

const MIN_WORD = Math.ceil((MIN_BYTES * 4) / 3);
/** Perhaps a length and a header, then message type and bitmap in characters, then what there is up to the end of the line or of a quotation. */
const IN_CHARACTERS = /(?<![0-9A-Za-z])(?:[0-9A-F]{4})?(?:ISO\d{9})?[01][1-8][0-5][0-5][0-9A-Fa-f]{16}[\x20-\x21\x23-\x7e]{10,8000}/g;
const IN_PAIRS = /(?:[0-9A-Fa-f]{2}[ :-])+[0-9A-Fa-f]{2}/g;
/** An offset, then bytes: hexdump, xxd, tcpdump, Wireshark. */
const ROW = /^\s*(?:0x)?([0-9a-f]{4,8})(?::\s+|\s{2,4})((?:(?:[0-9a-f]{2}){1,2}(?:\s{1,2}|$)){1,32})(?:\s*\S.*)?$/i;
const HAS_ROWS =
  /^[ \t]*(?:0x)?[0-9A-Fa-f]{4,8}(?::[ \t]|[ \t]{2})[ \t]*[0-9A-Fa-f]{4}|^[ \t]*(?:0x)?[0-9A-Fa-f]{4,8}(?::[ \t]|[ \t]{2})[ \t]*[0-9A-Fa-f]{2} /m;
const ROW_BYTES = 16;

/** Every message in the text that holds card data; cheap where there is none. */
export function findMessages(text: string): readonly FoundMessage[] {
  if (text.length < MIN_BYTES) return [];
  const found = HAS_ROWS.test(text) ? inRows(text) : [];
  findRuns(
    text,
    (start, end) => found.push(...inWord(text, start, end)),
    (start, end) => found.push(...inPairs(text, start, end)),
  );
  for (const { 0: written, index } of text.matchAll(IN_CHARACTERS)) {
    const bytes = Uint8Array.from(written.trimEnd(), (character) => character.charCodeAt(0));
    if (isLadenMessage(bytes)) found.push(spanOf(index, index + written.length));
  }
  return found;
}

const HEX = 1;
const OTHER = 2;
const BETWEEN = 4;
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) =>
  nibble(code) >= 0
    ? HEX
    : /[0-9A-Za-z+/_]/.test(String.fromCharCode(code))
      ? OTHER
      : code === 0x2d
        ? OTHER | BETWEEN
        : code === 0x20 || code === 0x3a
          ? BETWEEN
          : 0,
);

/** Words long enough for a message in hexadecimal digits or base64, and stretches of digits with signs between them. */
function findRuns(text: string, onWord: (start: number, end: number) => void, onPairs: (start: number, end: number) => void): void {
  let word = 0;
  let pairs = 0;
  let digits = 0;
  let signs = 0;
  for (let at = 0; at <= text.length; at++) {
    const kind = at === text.length ? 0 : (CLASSES[text.charCodeAt(at)] ?? 0);
    if ((kind & (HEX | OTHER)) === 0) {
      if (at - word >= MIN_WORD) onWord(word, at);
      word = at + 1;
    }
    if (kind === HEX) digits++;
    else if ((kind & BETWEEN) !== 0) signs++;
    else {
      if (digits >= MIN_BYTES * 2 && signs * 4 >= digits) onPairs(pairs, at);
      pairs = at + 1;
      digits = 0;
      signs = 0;
    }
  }
}

function inWord(text: string, start: number, end: number): FoundMessage[] {
  const word = text.slice(start, end);
  const laden = /^[0-9A-Fa-f]+$/.test(word)
    ? inDigits(word)
    : inDigits(/[0-9A-Fa-f]{44,}/.exec(word)?.[0] ?? '') || isLadenMessage(fromBase64(word));
  return laden ? [spanOf(start, end)] : [];
}

function inPairs(text: string, start: number, end: number): FoundMessage[] {
  return Array.from(text.slice(start, end).matchAll(IN_PAIRS))
    .filter(({ 0: written }) => inDigits(written.replace(/[ :-]/g, '')))
    .map(({ 0: written, index }) => spanOf(start + index, start + index + written.length));
}

/** Half a byte on is a message, too. */
function inDigits(digits: string): boolean {
  return [0, 1].some((shift) => isLadenMessage(fromHex(digits.slice(shift))));
}

interface Row {
  readonly offset: number;
  readonly digits: string;
  readonly start: number;
  readonly end: number;
}

/** Rows that follow one another are one dump; with card data in it, all of it goes. */
function inRows(text: string): FoundMessage[] {
  const found: FoundMessage[] = [];
  let rows: Row[] = [];
  const close = (): void => {
    const [first] = rows;
    const last = rows.at(-1);
    const digits = rows.map((row) => row.digits).join('');
    if (first && last && inDigits(digits)) found.push(spanOf(first.start, last.end));
    rows = [];
  };
  let start = 0;
  for (const line of text.split('\n')) {
    const row = line.length > 200 ? undefined : rowAt(line, start);
    const before = rows.at(-1);
    if (row === undefined || (before !== undefined && row.offset !== before.offset + before.digits.length / 2)) close();
    if (row !== undefined) rows.push(row);
    start += line.length + 1;
  }
  close();
  return found;
}

function rowAt(line: string, start: number): Row | undefined {
  const [, offset, written = ''] = ROW.exec(line) ?? [];
  if (offset === undefined) return undefined;
  // What follows sixteen bytes is their characters, however much it looks like more of them.
  const digits = written.replace(/\s/g, '').slice(0, ROW_BYTES * 2);
  return { offset: Number.parseInt(offset, 16), digits, start, end: start + line.length };
}

function spanOf(start: number, end: number): FoundMessage {
  return { start, end, kind: 'card-message', replacement: '[CARD-MESSAGE]' };
}

function fromHex(digits: string): Uint8Array {
  const bytes = new Uint8Array(digits.length >> 1);
  for (let at = 0; at < bytes.length; at++) bytes[at] = (nibble(digits.charCodeAt(at * 2)) << 4) | nibble(digits.charCodeAt(at * 2 + 1));
  return bytes;
}

function fromBase64(word: string): Uint8Array {
  const letters = word.replace(/=+$/, '').replace(/-/g, '+').replace(/_/g, '/');
  const whole = letters.length % 4 === 1 ? letters.slice(0, -1) : letters;
  return Uint8Array.from(atob(whole), (character) => character.charCodeAt(0));
}
