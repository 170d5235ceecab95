/** Places that deserve a closer look, as pairs of start and end. */
export interface Candidates {
  /** Long words in letters of both cases: base64. */
  readonly words: readonly number[];
  /** Pairs of hexadecimal digits, one sign between them at most. */
  readonly bytes: readonly number[];
  /** Bytes with spaces between, as dumps have them. */
  readonly hasRows: boolean;
}

const LOWER = 1;
const UPPER = 2;
const DIGIT = 4;
const HEX = 8;
/** Belongs to words of base64. */
const SIGN = 16;
/** Stands between bytes. */
const GAP = 32;

/** Thirteen digits in base64. */
const MIN_WORD = 18;
/** Seven bytes: thirteen packed digits. */
const MIN_HEX = 14;
/** Without a letter only characters can be in it: thirteen digits take two each. */
const MIN_DECIMAL = 26;
const SPACES_OF_ROW = 3;

const CLASS = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const sign = String.fromCharCode(code);
  if (/[0-9]/.test(sign)) return DIGIT | HEX;
  if (/[a-z]/.test(sign)) return LOWER | (sign <= 'f' ? HEX : 0);
  if (/[A-Z]/.test(sign)) return UPPER | (sign <= 'F' ? HEX : 0);
  return ('+/_-'.includes(sign) ? SIGN : 0) | (' :-,'.includes(sign) ? GAP : 0);
});
const IN_WORD = LOWER | UPPER | DIGIT | SIGN;

/** One look at every character; what it leaves is a small part of a log. */
export function findCandidates(text: string): Candidates {
  const words: number[] = [];
  const bytes: number[] = [];
  let hasRows = false;
  let wordStart = 0;
  let wordKinds = 0;
  let hexStart = 0;
  let hexCount = 0;
  let hexLetters = 0;
  let group = 0;
  let spaces = 0;
  for (let index = 0; index <= text.length; index++) {
    const code = index < text.length ? text.charCodeAt(index) : 0;
    const kind = code < 0x80 ? (CLASS[code] ?? 0) : 0;
    if ((kind & IN_WORD) !== 0) wordKinds |= kind;
    else {
      if (index - wordStart >= MIN_WORD && (wordKinds & (LOWER | UPPER)) === (LOWER | UPPER)) words.push(wordStart, index);
      wordStart = index + 1;
      wordKinds = 0;
    }
    if ((kind & HEX) !== 0) {
      if (hexCount === 0) hexStart = index;
      hexCount++;
      group++;
      if ((kind & DIGIT) === 0) hexLetters++;
      continue;
    }
    if (hexCount === 0) continue;
    const isPrefix = (code === 0x78 && text.charCodeAt(index - 1) === 0x30) || (code === 0x5c && text.charCodeAt(index + 1) === 0x78);
    if (isPrefix) {
      // `0x34`, `\x34`: the zero is no digit of a byte.
      if (code === 0x78) {
        hexCount--;
        group--;
      } else index++;
      continue;
    }
    if ((kind & GAP) !== 0 && group % 2 === 0 && (group > 0 || code === 0x20)) {
      group = 0;
      if (code === 0x20) spaces++;
      continue;
    }
    // A word that begins with such letters is none of them.
    const isWord = (kind & (LOWER | UPPER)) !== 0 && spaces > 0;
    const end = isWord ? index - group : index;
    if (isWord) hexCount -= group;
    if (hexCount >= (hexLetters > 0 ? MIN_HEX : MIN_DECIMAL)) bytes.push(hexStart, end);
    if (spaces >= SPACES_OF_ROW && hexCount >= 10) hasRows = true;
    hexCount = 0;
    hexLetters = 0;
    group = 0;
    spaces = 0;
  }
  return { words, bytes, hasRows };
}
