import type { Candidates } from './candidates.ts';
import { fromEbcdic } from './ebcdic.ts';
import { type Detector, issuerOf, type Span } from './span.ts';

const LINE_AFTER = /\r?\n([A-Za-z0-9+/_-]{4,})(?=[=\s"'<\\]|$)/y;
const PADDING = /={1,2}/y;
const MIN_LINE = 40;
const MAX_LENGTH = 4 * 1024 * 1024;
/** What decodes to less than this is looked at only when it is text. */
const MIN_DIGITS = 12;

/** Card data and secrets in base64. The whole word goes: what is left of it would decode to nonsense. */
export function findBase64(text: string, { words }: Candidates, find: Detector): Span[] {
  const spans: Span[] = [];
  for (let index = 0; index < words.length; index += 2) {
    const start = words[index] ?? 0;
    if (!mayBeBase64(text.slice(start, words[index + 1]))) continue;
    const block = blockAt(text, words, index);
    for (const { word, offset } of wordsOf(text.slice(start, block))) {
      const found = findInWord(word, find);
      if (found !== undefined) spans.push({ ...found, start: start + offset, end: start + offset + word.length });
    }
    while ((words[index + 2] ?? Number.POSITIVE_INFINITY) < block) index += 2;
  }
  return spans;
}

/** Lines of one length follow each other; the last may be shorter. */
function blockAt(text: string, words: readonly number[], first: number): number {
  const start = words[first] ?? 0;
  const size = (words[first + 1] ?? 0) - start;
  let end = words[first + 1] ?? 0;
  if (size >= MIN_LINE) {
    LINE_AFTER.lastIndex = end;
    for (let line = LINE_AFTER.exec(text)?.[1]; line !== undefined && line.length <= size; line = LINE_AFTER.exec(text)?.[1]) {
      end = LINE_AFTER.lastIndex;
      if (line.length < size) break;
    }
  }
  PADDING.lastIndex = end;
  return PADDING.test(text) ? PADDING.lastIndex : end;
}

/** Identifiers and paths have no digits; digits themselves may decode to letters only. */
function mayBeBase64(run: string): boolean {
  return /[0-9]|[MNO][DTjz][AEIMQUYcgk][wxyz]/.test(run);
}

interface Word {
  readonly word: string;
  readonly offset: number;
}

function* wordsOf(run: string): Generator<Word> {
  yield { word: run, offset: 0 };
  // A name or a path may be glued on.
  if (/[/_-]/.test(run) && !run.includes('\n'))
    for (const { 0: word, index } of run.matchAll(/[A-Za-z0-9+]{18,}={0,2}/g)) if (word !== run) yield { word, offset: index };
}

function findInWord(word: string, find: Detector): Span | undefined {
  const decoded = PACKED_WORD.test(word) ? PACKED : decode(word);
  if (decoded === undefined) return undefined;
  if (decoded === PACKED) return { start: 0, end: word.length, kind: 'packed', replacement: '[PACKED]' };
  for (const text of decoded) {
    const [first] = find(text);
    if (first !== undefined) {
      const { digits: _, ...span } = first;
      const issuer = issuerOf(first);
      return { ...span, ...(issuer !== undefined && { issuer }), replacement: span.kind === 'pan' ? '[PAN:base64]' : span.replacement };
    }
  }
  return undefined;
}

/** gzip and zip in base64: nobody here unpacks it, so nobody can vouch for it. */
const PACKED_WORD = /^(?:H4sI|UEsD)[A-Za-z0-9+/_-]{24}/;
const PACKED: readonly string[] = [];

/** The texts that it may be: characters as they are, every second one where the others are zero, EBCDIC. */
function decode(word: string): readonly string[] | undefined {
  const letters = word.replace(/[\s=]/g, '').replace(/-/g, '+').replace(/_/g, '/');
  if (letters.length > MAX_LENGTH) return undefined;
  const bytes = atob(letters.length % 4 === 1 ? letters.slice(0, -1) : letters);
  if (!worthReading(bytes)) return CHIP_DATA.test(bytes) ? [hexOf(bytes)] : undefined;
  const readings = [bytes];
  if (bytes.includes('\0')) readings.push(bytes.replace(/\0/g, ''));
  if (/[\xf0-\xf9]{4}/.test(bytes)) readings.push(Array.from(bytes, (byte) => fromEbcdic(byte.charCodeAt(0))).join(''));
  return readings;
}

/** EMV: the tags of number and track 2, and their lengths in bytes. */
const CHIP_DATA = /\x5a[\x07-\x0a]|\x57[\x08-\x13]/;

function hexOf(bytes: string): string {
  return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

function worthReading(bytes: string): boolean {
  let digits = 0;
  let strange = 0;
  for (let index = 0; index < bytes.length; index++) {
    const code = bytes.charCodeAt(index);
    if ((code >= 0x30 && code <= 0x39) || (code >= 0xf0 && code <= 0xf9)) digits++;
    else if (code < 9 || (code > 13 && code < 32) || code > 126) strange++;
  }
  return digits >= MIN_DIGITS || strange * 20 < bytes.length;
}
