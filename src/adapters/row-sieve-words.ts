/** Words of a column: few stand in one, so each spelling is looked up once. */

const MAX_WORDS = 200;
/** No word of a bill is as long; what is longer goes to the database each time. */
const MAX_WORD_BYTES = 48;

interface Spelling {
  /** Its bytes, four by four, the first one lowest; of the last four those beyond its end are masked. */
  readonly packed: Int32Array;
  readonly lastMask: number;
  readonly bytes: number;
  readonly word: string;
  readonly meaning: number;
}

/** Told of each spelling that stands in a cell as it is: its bytes and its meaning. */
export type OnSpelling = (text: Uint8Array, meaning: number) => void;

/** A meaning of -1: nobody explained it. */
export interface Vocabulary {
  readonly meanings: Readonly<Record<string, number>>;
  readonly spellings: Spelling[];
  /** 1: it ends a cell, or must not stand in one. */
  readonly special: Uint8Array;
  readonly onSpelling: OnSpelling;
}

export function createVocabulary(meanings: Readonly<Record<string, number>>, special: Uint8Array, onSpelling: OnSpelling): Vocabulary {
  return { meanings, spellings: [], special, onSpelling };
}

function isHere({ packed, lastMask }: Spelling, view: DataView, from: number): boolean {
  const last = packed.length - 1;
  for (let word = 0; word < last; word++) if (view.getInt32(from + (word << 2), true) !== packed[word]) return false;
  return ((view.getInt32(from + (last << 2), true) ^ (packed[last] as number)) & lastMask) === 0;
}

/** The number of its meaning. The cell has no blanks around it. */
export function meaningOf(vocabulary: Vocabulary, bytes: Uint8Array, view: DataView, from: number, to: number): number {
  if (to - from > MAX_WORD_BYTES) return -1;
  const known = vocabulary.spellings.find((spelling) => spelling.bytes === to - from && isHere(spelling, view, from));
  if (known) return known.meaning;
  const word = new TextDecoder().decode(bytes.subarray(from, to)).toLowerCase();
  const meaning = Object.hasOwn(vocabulary.meanings, word) ? (vocabulary.meanings[word] as number) : -1;
  if (vocabulary.spellings.length < MAX_WORDS && isPlain(vocabulary, bytes, from, to)) {
    vocabulary.spellings.push(spell(bytes.subarray(from, to), word, meaning));
    vocabulary.onSpelling(bytes.subarray(from, to), meaning);
  }
  return meaning;
}

/** Without quotes it would be another number of cells. */
function isPlain({ special }: Vocabulary, bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (special[bytes[at] as number] !== 0) return false;
  return true;
}

/** A copy: the bytes will be written over. */
function spell(text: Uint8Array, word: string, meaning: number): Spelling {
  const words = Math.max(1, Math.ceil(text.length / 4));
  const view = new DataView(new ArrayBuffer(words * 4));
  new Uint8Array(view.buffer).set(text);
  const left = text.length - 4 * (words - 1);
  return {
    packed: Int32Array.from({ length: words }, (_, at) => view.getInt32(at * 4, true)),
    lastMask: left === 4 ? -1 : (1 << (left * 8)) - 1,
    bytes: text.length,
    word,
    meaning,
  };
}

/** All that were met, in the form in which they are compared. */
export function wordsOf({ spellings }: Vocabulary): readonly string[] {
  return [...new Set(spellings.map(({ word }) => word))];
}
