import { isCard, isLayout } from './card.ts';
import type { Hit } from './numbers.ts';

/** A word that says "card" without which groups apart are nothing. */
const CUE =
  /card|(?<![a-z])(?:pan|cc)(?![a-z]{2})|kart|tarjeta|\u5361\u53f7|\u94f6\u884c\u5361|first[_ -]?(?:six|6)|(?<![a-z])bin(?![a-z])/gi;
const REACH = 400;
const LONGEST_GAP = 60;
/** Digits of an index (`pan1`, `card[0]`, `part 2:`) are none of the number. */
const GROUP = /(?<![0-9A-Za-z.])\d{4,8}(?![0-9A-Za-z.])/g;
/** What people say between groups. */
const SAID =
  /^[\s\p{P}\p{S}]*(?:(?:and|then|next|first|last|middle|second|third|fourth|the|four|digits?|number|ends?|ending|begins?|is|are|in|with|space|dash|hyphen|minus|und|dann|y|luego|et|puis|\u7136\u540e|\u63a5\u7740|\u518d|\u7a7a\u683c)[\s\p{P}\p{S}]*){1,6}$/iu;
const KEYED =
  /(?<![a-z])(?:pan|card|cc|acct|account|kart|part|group|block|seg(?:ment)?|digits|middle|mid|rest|last)[\w[\]. -]{0,16}["'\]\\]{0,4}\s{0,3}[=:>]{1,2}\s{0,3}["'\\]{0,4}$|value=\\?["']$|^(?:<\/\w{1,24}>\s{0,8}<\w{1,24}>)$/i;

/** Card numbers whose groups stand under keys of their own, or with words between. Only behind a word that says "card", and near it. */
export function* spelledNumbers(text: string): Generator<Hit> {
  let done = 0;
  for (const { index } of text.matchAll(CUE)) {
    if (index < done) continue;
    const found = groupsIn(text, index);
    if (found === undefined) continue;
    yield { kind: 'pan', at: found.at };
    done = found.end;
  }
}

function groupsIn(text: string, from: number): { readonly at: number; readonly end: number } | undefined {
  const near = text.slice(from, from + REACH);
  const groups = Array.from(near.matchAll(GROUP), ({ 0: digits, index }) => ({ digits, index, end: index + digits.length }));
  for (let first = 0; first < Math.min(groups.length, 3); first++) {
    let digits = groups[first]?.digits ?? '';
    const sizes = [digits.length];
    for (let next = first + 1; next < groups.length; next++) {
      const [before, group] = [groups[next - 1], groups[next]];
      if (before === undefined || group === undefined || !joins(near.slice(before.end, group.index))) break;
      digits += group.digits;
      sizes.push(group.digits.length);
      if ((isLayout(sizes) || isHalves(sizes)) && isCard(digits)) return { at: from + (groups[first]?.index ?? 0), end: from + group.end };
    }
  }
  return undefined;
}

/** Two of a card of sixteen digits. */
function isHalves([first, second, third]: readonly number[]): boolean {
  return first === 8 && second === 8 && third === undefined;
}

function joins(gap: string): boolean {
  return gap.length <= LONGEST_GAP && (SAID.test(gap) || KEYED.test(gap));
}
