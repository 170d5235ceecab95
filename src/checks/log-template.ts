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

/** Those of the window, the one that grew most surely first. */
export function rankTemplates({ before, now }: { readonly before: readonly Line[]; readonly now: readonly Line[] }): readonly Template[] {
  const miner = createMiner();
  for (const { text } of before) miner.find(text, (group) => (group.before += 1));
  for (const { text, at } of now)
    miner.find(text, (group) => {
      group.now += 1;
      group.firstAt ??= at;
    });
  return miner.groups
    .filter((group) => group.now > 0)
    .map((group) => ({ group, chance: chanceOfGrowth(group.now, group.before) }))
    .toSorted((one, other) => one.chance - other.chance || other.group.now - one.group.now)
    .slice(0, MOST_SHOWN)
    .map(({ group: { tokens, now: count, before: earlier, firstAt } }) => ({
      text: tokens.join(' ').slice(0, SHOWN_LENGTH),
      now: count,
      before: earlier,
      firstAt,
    }));
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

/** Figures, ids, addresses, quoted values as `#`; the time in front is left out. */
function maskLine(line: string): string {
  return line
    .slice(0, LONGEST)
    .replace(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '#')
    .replace(/\b(?=[0-9a-f]*\d)(?:0x)?[0-9a-f]{8,}\b/gi, '#')
    .replace(/(=|: ?)"[^"]{0,200}\d[^"]{0,200}"/g, '$1"#"')
    .replace(/\d+/g, '#')
    .replace(/#(?:[-:./,T ]*#)+/g, '#')
    .replace(/\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b(?=[ /]*#)/g, '#')
    .replace(/#(?:[-:./,T ]*#)+/g, '#')
    .replace(/\s+/g, ' ')
    .replace(/^\[?#(?:[zZ]| UTC| [+-]#)?\]?,? /, '')
    .trim();
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
