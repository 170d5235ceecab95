/** What people say -> playbooks, best first: words with their usual endings and slips, and Chinese without word borders. Pure. */

export interface Proposable {
  readonly id: string;
  /** Words and phrases of both languages. */
  readonly symptoms: readonly string[];
  /** Titles: they count for less, as they name what every playbook is about. */
  readonly titles: readonly string[];
}

export interface Proposal {
  readonly id: string;
  readonly score: number;
  /** What of the vocabulary was heard. */
  readonly heard: readonly string[];
}

const SYMPTOM = 3;
const TITLE = 1;
/** Of what is only near. */
const NEAR = 0.6;

export function proposePlaybooks(said: string, playbooks: readonly Proposable[]): readonly Proposal[] {
  const text = normalise(said);
  const words = [...new Set(wordsOf(text))];
  const vocabulary = playbooks.map(({ id, symptoms, titles }) => ({
    id,
    terms: weigh(
      symptoms,
      titles.flatMap((title) => wordsOf(normalise(title))),
    ),
  }));
  const all = vocabulary.flatMap(({ terms }) => terms.map(({ term }) => term));
  // What is a word of its own is no slip of another: a shop is no stop.
  const known = new Set(all.flatMap(wordsOf));
  const heard = words.map((word) => ({ word, known: known.has(word) }));
  const spread = (term: string): number => all.filter((other) => other === term).length;
  const around = all.filter((term) => CJK.test(term) && text.includes(term));
  return vocabulary
    .map(({ id, terms }) => {
      const found = terms
        .map(({ term, weight }) => ({ term, score: (weight * hears(outside(text, term, around), heard, term)) / spread(term) }))
        .filter(({ score }) => score > 0);
      return { id, score: found.reduce((sum, { score }) => sum + score, 0), heard: found.map(({ term }) => term) };
    })
    .toSorted((one, other) => other.score - one.score);
}

interface Term {
  readonly term: string;
  readonly weight: number;
}

function weigh(symptoms: readonly string[], titles: readonly string[]): readonly Term[] {
  const said = new Set(symptoms.map(normalise));
  const named = new Set(titles.filter((word) => isTelling(word) && !said.has(word)));
  return [...[...said].map((term) => ({ term, weight: SYMPTOM })), ...[...named].map((term) => ({ term, weight: TITLE }))];
}

/** What was said without the longer words that hold this one: who says 支付宝 has not said 支付 yet. */
function outside(text: string, term: string, around: readonly string[]): string {
  return around.filter((other) => other !== term && other.includes(term)).reduce((left, other) => left.replaceAll(other, '\n'), text);
}

/** Full-width letters and digits as they are usually written. */
function normalise(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

const WORD = /[a-z0-9]+/g;
const CJK = /\p{Script=Han}/u;
/** Said of everything. */
const COMMON = new Set(
  'the a an of to at in on it is are and or all we our they not no with for from has have do does did be been'.split(' '),
);

function wordsOf(text: string): readonly string[] {
  return text.match(WORD) ?? [];
}

function isTelling(word: string): boolean {
  return word.length > 2 && !COMMON.has(word);
}

interface Heard {
  readonly word: string;
  /** It stands in the vocabulary. */
  readonly known: boolean;
}

/** 0 to about 2: a phrase that was said whole counts for more than a word. */
function hears(text: string, words: readonly Heard[], term: string): number {
  if (CJK.test(term)) return hearsChinese(text, term);
  const parts = wordsOf(term);
  const each = parts.map((part) => Math.max(0, ...words.map((word) => likeness(word, part))));
  const least = Math.min(...each);
  return parts.length === 0 || least === 0 ? 0 : least * (1 + (parts.length - 1) / 2);
}

/** Whole, its characters in order (刷不了卡 says 刷卡 too), or most of the neighbouring pairs of a longer one: 支付 alone is no 支付宝. */
function hearsChinese(text: string, term: string): number {
  const letters = [...term];
  if (text.includes(term)) return 1 + Math.min(letters.length - 2, 2) / 4;
  if (inOrder(text, letters)) return NEAR;
  const pairs = letters.slice(1).map((letter, at) => `${letters[at]}${letter}`);
  const share = pairs.filter((pair) => text.includes(pair)).length / pairs.length;
  return share > 0.5 ? share * NEAR : 0;
}

/** With at most three others between two of them. */
function inOrder(text: string, [first = '', ...rest]: readonly string[]): boolean {
  let ends = placesOf(text, first, 0, text.length);
  for (const letter of rest) ends = new Set([...ends].flatMap((end) => [...placesOf(text, letter, end + 1, end + 5)]));
  return ends.size > 0;
}

function placesOf(text: string, letter: string, from: number, to: number): Set<number> {
  const part = text.slice(from, to);
  const places = new Set<number>();
  for (let at = part.indexOf(letter); at !== -1; at = part.indexOf(letter, at + 1)) places.add(from + at);
  return places;
}

function likeness({ word, known }: Heard, term: string): number {
  if (word === term) return 1;
  if (stem(word) === stem(term)) return 0.9;
  if (known) return 0;
  const slips = term.length >= 8 ? 2 : term.length >= 4 ? 1 : 0;
  return slips > 0 && !/^\d+$/.test(term) && within(word, term, slips) ? NEAR : 0;
}

function stem(word: string): string {
  return /\d/.test(word) || word.length < 4 ? word : word.replace(/(?:ings?|ed|es|s|e)$/, '');
}

/** At most so many letters missing, wrong, too many or swapped. */
function within(one: string, other: string, slips: number): boolean {
  if (one === other) return true;
  if (slips === 0 || Math.abs(one.length - other.length) > slips) return false;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const [a, b] = [one.slice(at), other.slice(at)];
  const swapped = a.length > 1 && a[0] === b[1] && a[1] === b[0] && within(a.slice(2), b.slice(2), slips - 1);
  return swapped || within(a.slice(1), b.slice(1), slips - 1) || within(a.slice(1), b, slips - 1) || within(a, b.slice(1), slips - 1);
}
