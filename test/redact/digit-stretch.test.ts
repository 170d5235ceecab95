import { expect, test } from 'vitest';
import { codesOf } from '../../src/redact/codes.ts';
import { findDecorated } from '../../src/redact/decorated.ts';
import { type Digits, digitsOf } from '../../src/redact/digit-stretch.ts';
import { findCardData } from '../../src/redact/pan.ts';
import { chanceOf } from './renderings.ts';

const NUMBERS = ['4111111111111111', '5500000000000004', '378282246310005', '4222222222222', '6011000990139424', '6304939304310009610'];
/** What may stand between the digits of a number: separators, their escapes, what is not seen, tags, quotes, marks. */
const GAPS =
  ' |-|.|  |     |......|_|/|,|, |\t|\n|\r\n|%20|%C2%A0|%E2%80%8B|\\u00a0|\\u200b|\\n|\\t|&nbsp;|&#160;|&#8203;|\u00a0|\u200b|\u00ad|\u2013|\u3000|\u30fb|\u00b7|\u300b|\u001b[0;31m|\u001b[m|\\033[1;31m|\\u001b[0m|<b>|</b>|</td><td class="c1" x>|</h2><h2>|<!-- 1 a -->|<br>\n|[b]|[/b]|[color=1]|[size=4]|","|\',\'|**|`|"|]["|; |{|}|=|!|> | - '.split(
    '|',
  );
const WORDS =
  '2026-11-29 12:13:14.123|Nov 29 12:13:14|[pay-12] INFO|10.0.0.14:5432|in 35 ms|id=|card |52, 57, 57|$1.10|</p>|<i>|中文|é|%|\\|&|x|D|E15|0|41|1 1|200 "|*'.split(
    '|',
  );

/** Of the groups of a number; 0: drawn anew for each. */
const SIZES = [0, 1, 2, 3, 4, 5, 6, 19];

/** All of its groups are one stretch of either kind, so that nothing is passed over. */
function unparted({ groups }: Digits): Digits {
  return { groups, plain: [0, groups.length], decorated: [0, groups.length] };
}

test('what is passed over holds no number: the same is found in drawn texts where nothing is', () => {
  const chance = chanceOf(20_261_130);
  const pick = (list: readonly string[]): string => list[chance(list.length)] ?? '';
  const cut = (): string => {
    const [number, size, one] = [pick(NUMBERS), SIZES[chance(SIZES.length)] ?? 0, chance(3) > 0 ? pick(GAPS) : undefined];
    let written = '';
    for (let at = 0; at < number.length; ) {
      const length = size === 0 ? 1 + chance(6) : size;
      written += (at === 0 ? '' : (one ?? pick(GAPS))) + number.slice(at, at + length);
      at += length;
    }
    return written;
  };
  let found = 0;
  for (let round = 0; round < 8_000; round++) {
    const text = Array.from({ length: 1 + chance(8) }, () => (chance(3) === 0 ? cut() : pick(WORDS) + pick(GAPS))).join(pick(['', ' ']));
    const codes = codesOf(text);
    const digits = digitsOf(codes);
    const all = [...findCardData(text, codes, unparted(digits)), ...findDecorated(text, codes, unparted(digits))];
    expect([...findCardData(text, codes, digits), ...findDecorated(text, codes, digits)], text).toEqual(all);
    found += all.length;
  }
  expect(found).toBeGreaterThan(2_000);
});
