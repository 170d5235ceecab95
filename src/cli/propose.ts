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
  const known = playbooks.map(({ id, symptoms, titles }) => ({
    id,
    terms: [...weigh(symptoms, SYMPTOM), ...weigh(titles.flatMap((title) => wordsOf(normalise(title))).filter(isTelling), TITLE)],
  }));
  const spread = (term: string): number => known.filter(({ terms }) => terms.some((other) => other.term === term)).length;
  return known
    .map(({ id, terms }) => {
      const found = terms
        .map(({ term, weight }) => ({ term, score: (weight * hears(text, words, term)) / spread(term) }))
        .filter(({ score }) => score > 0);
      return { id, score: found.reduce((sum, { score }) => sum + score, 0), heard: found.map(({ term }) => term) };
    })
    .toSorted((one, other) => other.score - one.score);
}

function weigh(terms: readonly string[], weight: number): readonly { readonly term: string; readonly weight: number }[] {
  return [...new Set(terms.map(normalise))].map((term) => ({ term, weight }));
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

/** 0 to about 2: a phrase that was said whole counts for more than a word. */
function hears(text: string, words: readonly string[], term: string): number {
  if (CJK.test(term)) return hearsChinese(text, term);
  const parts = wordsOf(term);
  const each = parts.map((part) => Math.max(0, ...words.map((word) => likeness(word, part))));
  const least = Math.min(...each);
  return parts.length === 0 || least === 0 ? 0 : least * (1 + (parts.length - 1) / 2);
}

/** Whole, or most of its neighbouring pairs: 刷不了卡 says 刷卡 too. */
function hearsChinese(text: string, term: string): number {
  const length = [...term].length;
  if (text.includes(term)) return 1 + Math.min(length - 2, 2) / 4;
  if (length === 2) return inOrder(text, term) ? NEAR : 0;
  const pairs = [...term].slice(1).map((letter, at) => `${[...term][at]}${letter}`);
  const share = pairs.filter((pair) => text.includes(pair)).length / pairs.length;
  return share >= 0.5 ? share * NEAR : 0;
}

/** Its two characters with at most three others between them. */
function inOrder(text: string, term: string): boolean {
  const [first = '', second = ''] = term;
  for (let at = text.indexOf(first); at !== -1; at = text.indexOf(first, at + 1)) {
    if (text.slice(at + 1, at + 5).includes(second)) return true;
  }
  return false;
}

function likeness(word: string, term: string): number {
  if (word === term) return 1;
  if (stem(word) === stem(term)) return 0.9;
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
