/**
 * Lines that differ only in figures, ids, addresses and quoted values, put together: templates (after Drain, He et al. 2017).
 * One pass, bounded memory.
 */
import { chanceOfGrowth } from './two-windows.ts';

/** Of a line so much shapes its template. */
const LONGEST = 600;
/** Tokens by which a template is told from others of the same length before they are compared. */
const PREFIX_TOKENS = 2;
/** Two lines of one length belong together when so many tokens agree. */
const LIKENESS = 0.6;
const MOST_TEMPLATES = 2_000;
/** Lines of one length and one start; more kinds of them would cost more than they tell. */
const MOST_OF_A_KIND = 50;
const MOST_SHOWN = 8;
/** Lines of each window that are looked at. */
export const MOST_MINED = 2_000;
const SHOWN_LENGTH = 200;
const ANY = '<*>';

export interface Template {
  readonly text: string;
  readonly now: number;
  readonly before: number;
  /** Of the window; null when its lines carry no time. */
  readonly firstAt: number | null;
}

interface Line {
  readonly text: string;
  readonly at: number | null;
}

export interface Matching {
  /** The lines that were kept, oldest first. */
  readonly lines: readonly Line[];
  /** All of them; the kept ones stand for the rest. */
  readonly count: number;
}

/** Those of the window, the one that grew most surely first. */
export function rankTemplates({ before, now }: { readonly before: Matching; readonly now: Matching }): readonly Template[] {
  const miner = createMiner();
  const earlier = thinOut(before);
  const later = thinOut(now);
  for (const { text } of earlier.lines) miner.find(text, (group) => (group.before += 1));
  for (const { text, at } of later.lines)
    miner.find(text, (group) => {
      group.now += 1;
      group.firstAt ??= at;
    });
  // Lines that stand for others are not so many observations.
  const weight = Math.max(earlier.weight, later.weight);
  return miner.groups
    .filter((group) => group.now > 0)
    .map(({ tokens, firstAt, ...group }) => {
      const counts = { now: Math.round(group.now * later.weight), before: Math.round(group.before * earlier.weight) };
      const chance = chanceOfGrowth(Math.round(counts.now / weight), Math.round(counts.before / weight));
      return { chance, template: { text: tokens.join(' ').slice(0, SHOWN_LENGTH), ...counts, firstAt } };
    })
    .toSorted((one, other) => one.chance - other.chance || other.template.now - one.template.now)
    .slice(0, MOST_SHOWN)
    .map(({ template }) => template);
}

/** Evenly over the window, so that a burst costs no more than it tells. `weight`: how many lines each one stands for. */
export function thinOut({ lines, count }: Matching): { readonly lines: readonly Line[]; readonly weight: number } {
  const step = Math.ceil(lines.length / MOST_MINED);
  const thin = step > 1 ? lines.filter((_, index) => index % step === 0) : lines;
  return { lines: thin, weight: thin.length > 0 ? count / thin.length : 1 };
}

interface Group {
  readonly tokens: string[];
  now: number;
  before: number;
  firstAt: number | null;
}

interface Miner {
  readonly groups: readonly Group[];
  find(line: string, count: (group: Group) => void): void;
}

function createMiner(): Miner {
  const kinds = new Map<string, Group[]>();
  const groups: Group[] = [];
  /** The same text again, which is most of a burst, needs no comparing. */
  const known = new Map<string, Group>();
  const find = (text: string): Group | undefined => {
    const same = known.get(text);
    if (same) return same;
    const tokens = text.split(' ');
    const kind = `${tokens.length} ${tokens.slice(0, PREFIX_TOKENS).join(' ')}`;
    const alike = kinds.get(kind) ?? [];
    const near = nearest(alike, tokens);
    if (near) merge(near, tokens);
    else if (groups.length >= MOST_TEMPLATES || alike.length >= MOST_OF_A_KIND) return undefined;
    const group = near ?? { tokens, now: 0, before: 0, firstAt: null };
    if (!near) {
      groups.push(group);
      alike.push(group);
      kinds.set(kind, alike);
    }
    if (known.size < MOST_TEMPLATES) known.set(text, group);
    return group;
  };
  return {
    groups,
    find(line, count) {
      const group = find(maskLine(line));
      if (group) count(group);
    },
  };
}

const FIGURE = 35;
const DASH = 45;
const NINE = 57;
/** What is left of a time in front: `# #,`, `[#]`, `Jan # #`. */
const LEADING_TIME = /^(?:[[(]?(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) )?#(?:Z|[+]#)?[\])]?,? )+/;

/** Figures, ids, addresses as `#`; the time in front is left out. By hand: it sees each of thousands of lines once. */
function maskLine(line: string): string {
  const end = Math.min(line.length, LONGEST);
  let out = '';
  /** What stands before it is in `out`. */
  let copied = 0;
  let afterFigure = false;
  let at = 0;
  while (at < end) {
    const start = at;
    while (at < end && !isWordCode(line.charCodeAt(at))) at += 1;
    const wordStart = at;
    let digits = false;
    for (; at < end && isWordCode(line.charCodeAt(at)); at += 1) digits ||= line.charCodeAt(at) <= NINE;
    const joins = afterFigure && isJoint(line, start, wordStart);
    const inId: boolean = afterFigure && wordStart - start === 1 && line.charCodeAt(start) === DASH;
    const masked: string | undefined = digits || inId ? maskWord(line.slice(wordStart, at), digits, inId) : undefined;
    if (masked === undefined) {
      afterFigure = false;
      continue;
    }
    // `#-#`, `#.#` and `#:#` are one `#`.
    if (joins && masked.charCodeAt(0) === FIGURE) out += line.slice(copied, start) + masked.slice(1);
    else out += line.slice(copied, wordStart) + masked;
    copied = at;
    afterFigure = masked.charCodeAt(masked.length - 1) === FIGURE;
  }
  out += line.slice(copied, end);
  return (/\s\s|[^\S ]/.test(out) ? out.replace(/\s+/g, ' ') : out).replace(LEADING_TIME, '').trim();
}

/** Only `-:./,` between two words, or nothing. */
function isJoint(line: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const code = line.charCodeAt(at);
    // , - . / stand in a row.
    if (code !== 58 && (code < 44 || code > 47)) return false;
  }
  return true;
}

/** `inId`: behind a dash that follows a figure, as the parts of a UUID are. */
function maskWord(word: string, digits: boolean, inId: boolean): string {
  if ((word.length >= 8 || inId) && /^(?:0x)?[0-9a-f]+$/i.test(word)) return '#';
  return digits ? word.replace(/\d+(?:T\d+)?/g, '#') : word;
}

function isWordCode(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code > 127;
}

function nearest(groups: readonly Group[], tokens: readonly string[]): Group | undefined {
  let best: Group | undefined;
  let likeness = LIKENESS;
  for (const group of groups) {
    let same = 0;
    for (let at = 0; at < tokens.length; at++) if (group.tokens[at] === tokens[at] || group.tokens[at] === ANY) same += 1;
    if (same / tokens.length < likeness) continue;
    likeness = same / tokens.length;
    best = group;
  }
  return best;
}

function merge(group: Group, tokens: readonly string[]): void {
  for (let at = 0; at < tokens.length; at++) if (group.tokens[at] !== tokens[at]) group.tokens[at] = ANY;
}
