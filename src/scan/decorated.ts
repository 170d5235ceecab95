import { isCard, isLayout, LONGEST_CARD, SHORTEST_CARD } from './card.ts';
import type { Hit } from './numbers.ts';

/** Two of them are a number only within one word that is marked up. */
const HALVES = new Set(['8,8', '8,5', '6,10', '6,9', '6,12', '6,13', '4,12', '4,15', '4,11', '8,11']);
const MOST_SIGNS = 16;
const LONGEST_TAG = 160;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

interface Group {
  readonly from: number;
  readonly to: number;
  /** What stands between it and the group before, each kind of decoration as one sign. */
  readonly gap: string;
  /** Nothing but marks of one word stands there. */
  readonly glued: boolean;
}

/**
 * Groups of digits with nothing but decoration between them: marks, quotes, brackets, tags. Every place is read once, and no pattern is
 * tried on what is longer than a tag.
 */
export function* decoratedNumbers(text: string): Generator<Hit> {
  const runs = /\d+/g;
  for (let run = runs.exec(text); run !== null; run = runs.exec(text)) {
    const second = groupAfter(text, runs.lastIndex);
    if (second === undefined) continue;
    const groups: Group[] = [{ from: run.index, to: runs.lastIndex, gap: '', glued: false }];
    for (let next: Group | undefined = second; next !== undefined; next = groupAfter(text, next.to)) groups.push(next);
    yield* numbersOf(text, groups);
    runs.lastIndex = groups.at(-1)?.to ?? text.length;
  }
}

function* numbersOf(text: string, groups: readonly Group[]): Generator<Hit> {
  for (let index = 0; index < groups.length; index++) {
    const count = countOfCard(text, groups, index);
    if (count === 0) continue;
    yield { kind: 'pan', at: groups[index]?.from ?? 0 };
    index += count - 1;
  }
}

function countOfCard(text: string, groups: readonly Group[], index: number): number {
  let digits = '';
  const sizes: number[] = [];
  for (let count = 1; index + count <= groups.length; count++) {
    const { from, to } = groups[index + count - 1] as Group;
    if (digits.length + to - from > LONGEST_CARD) return 0;
    digits += text.slice(from, to);
    sizes.push(to - from);
    if (count < 2 || digits.length < SHORTEST_CARD || !isCard(digits)) continue;
    if (belongTogether(text, groups, { index, count, sizes })) return count;
  }
  return 0;
}

interface Window {
  readonly index: number;
  readonly count: number;
  readonly sizes: readonly number[];
}

function belongTogether(text: string, groups: readonly Group[], { index, count, sizes }: Window): boolean {
  const [first, last] = [groups[index] as Group, groups[index + count - 1] as Group];
  const gaps = groups.slice(index + 1, index + count);
  if (!gaps.some(({ gap }) => DECORATION.test(gap))) return false;
  if (/(?:[A-Za-z0-9.]|\*{3})$/.test(text.slice(Math.max(0, first.from - 3), first.from))) return false;
  if (/^(?:[A-Za-z0-9]|\*{3})/.test(text.slice(last.to, last.to + 3))) return false;
  const isWord = gaps.every(({ glued }) => glued) && (count > 2 || HALVES.has(sizes.join()));
  const isOneByOne = sizes.every((size) => size === 1);
  if (!isWord && !isLayout(sizes) && !isOneByOne) return false;
  const kinds = new Set(gaps.map(({ gap }) => gap));
  // One of a longer row of groups of one size is an item like its neighbours.
  const [before, after] = [groups[index - 1], groups[index + count]];
  const isItem = (before !== undefined && sizeOf(before) === sizeOf(first)) || (after !== undefined && sizeOf(after) === sizeOf(last));
  // Counters stand between such signs, too.
  const isApart =
    (count > 3 && sizes.slice(0, 4).every((size) => size === 4)) ||
    isOneByOne ||
    gaps.some(({ gap }) => /["'`*~|<\n]/.test(gap)) ||
    (before === undefined && after === undefined);
  return kinds.size <= 2 && !isItem && isApart;
}

function sizeOf({ from, to }: Group): number {
  return to - from;
}

/** What numbers in plain groups do not have between them; those are found elsewhere. */
const DECORATION = /[^\s.,_/+:~-]|, ?\n|.{4}/;

/** `411111******1111`: what stands behind the mask goes on with nothing. */
const IS_MASK = /\*{3}/;

function groupAfter(text: string, start: number): Group | undefined {
  let gap = '';
  let glued = true;
  let signs = 0;
  let breaks = 0;
  for (let at = start; at < text.length && signs <= MOST_SIGNS; signs++) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) {
      if (IS_MASK.test(gap)) return undefined;
      return breaks > 0 && !/[",<]/.test(gap) ? undefined : { from: at, to: endOfDigits(text, at), gap: squeeze(gap), glued };
    }
    const mark = markAt(text, at);
    if (mark === undefined) return undefined;
    if (mark.sign === '\n') breaks++;
    gap += mark.sign;
    glued &&= mark.glued;
    at = mark.end;
  }
  return undefined;
}

interface Mark {
  readonly sign: string;
  readonly end: number;
  readonly glued: boolean;
}

/** Tags that may stand within a word; those of cells and items part one value from another. */
const WITHIN =
  /^<(?:\/?(?:b|i|u|s|em|strong|span|font|mark|small|big|sub|sup|code|tt|wbr|br|a|abbr|bdi|bdo|kbd|var|samp|del|ins)\b[^<>]*|!--[^<>]*--)\/?>$/i;
const ESCAPED = /^\\{1,3}[nrt"']/;
const BBCODE = /^\[\/?[a-z]{1,12}(?:=[^[\]\s]{1,40})?\]/i;

/** One piece of decoration; undefined: it is more than that. */
function markAt(text: string, at: number): Mark | undefined {
  const sign = text[at] ?? '';
  if (sign === '<' && /[A-Za-z/!]/.test(text[at + 1] ?? '')) {
    const near = text.slice(at, at + LONGEST_TAG);
    const tag = near.slice(0, near.indexOf('>') + 1);
    return WITHIN.test(tag) ? { sign: '<', end: at + tag.length, glued: true } : undefined;
  }
  if (sign === '[') {
    const code = BBCODE.exec(text.slice(at, at + 60))?.[0];
    if (code !== undefined) return { sign: '<', end: at + code.length, glued: true };
  }
  if (sign === '\\') {
    const written = ESCAPED.exec(text.slice(at, at + 4))?.[0];
    if (written !== undefined) return { sign: /["']$/.test(written) ? '"' : ' ', end: at + written.length, glued: false };
  }
  if (isLetter(sign.charCodeAt(0))) return undefined;
  const isMark = sign < '\x7f' ? sign >= ' ' || /\s/.test(sign) : /[\p{P}\p{S}\s\p{Cf}]/u.test(sign);
  return isMark ? { sign, end: at + 1, glued: '*`_~'.includes(sign) } : undefined;
}

/** The same decoration is the same gap, however much white space there is. */
function squeeze(gap: string): string {
  return gap
    .replace(/<+/g, '<')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n');
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}

function isDigit(code: number): boolean {
  return code >= DIGIT_0 && code <= DIGIT_9;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
