import { isCardNumber, MAX_DIGITS, MEASURE_DIGITS, MIN_DIGITS, maskCardNumber } from './card-number.ts';
import { type Codes, codesOf } from './codes.ts';
import { type DigitGroup, type DigitRun, digitRuns } from './digit-run.ts';
import { cardNumberPlaces } from './packed.ts';
import { type Span, sadSpan } from './span.ts';
import { findTrack, track1At } from './track.ts';

/** How cards print and people type their numbers. Other groupings in a line of numbers are chance. */
const GROUPINGS = new Set(
  [
    '4-4-4-4 4-4-4-4-1 4-4-4-4-2 4-4-4-4-3 4-4-4-7 4-4-4-1 4-4-4-2 4-4-4-3',
    '4-6-5 4-6-4 4-5-6 4-5-5 4-4-5 5-4-4 5-5-5 5-5-6 6-4-6 6-6-4 6-6-6 6-6-7 6-4-4-4',
    '8-8 8-11 8-5 6-9 6-10 6-12 6-13 4-9 4-10 4-11 4-15',
  ].flatMap((line) => line.split(' ')),
);
const MAX_GROUPS = 5;

/** `PAN|MM|YY|CVV`, as test tools and thieves write it. */
const EXPIRY_AND_CVV = /[|;:,/\s]{1,3}(?:0[1-9]|1[0-2])[|;:,/\s-]{0,3}(?:20)?\d\d[|;:,/\s]{1,3}(\d{3,4})(?![.,]?\d)/y;

const CARD_WORD =
  '(?:(?:^|[^a-z0-9]|[a-z0-9]_)(?:[dfmv]?pan|cards?|cc|acct|visa|mastercard|amex|(?:de|df|f|field|bit)[ _.-]?0{0,2}2)' +
  '|c(?:ard|c)[ _.-]?(?:no|num|nr|number|pan)|(?:credit|debit)[ _.-]?card|acc(?:oun)?t[ _.-]?(?:no|num|number)|卡号|银行卡)';
/** A key that says "card", or the word itself, right before the number. */
const CARD_KEY_BEFORE = new RegExp(
  `${CARD_WORD}[\\])"'\`\\\\]{0,4}(?:[ \\t]{0,3}(?:[:=>：]{1,2}|%3[AaDd]|is|no\\.?|number|#)){0,2}[ \\t]{0,3}[\\["'\`\\\\]{0,4}$`,
  'i',
);
const CARD_KEY_LENGTH = 48;

/** Keys of numbers that are counted or drawn: one in forty of sixteen digits looks like a card's. */
const OTHER_NUMBER_BEFORE =
  /(?:^|[^a-z])(?:(?:order|trade|trace|span|parent|request|correlation|invoice|tracking|session|event|job|batch|snowflake|idempotency)[_. -]?(?:id|no|num|number|nr|ref|reference|sn|key)?|rrn|stan|seq(?:uence)?(?:[_. -]?(?:id|no|num|number))?|uuid|guid|epoch|timestamp|ts|nonce|offset|inode|lsn|zxid|cursor)["'\\\])]{0,4}[ \t]{0,2}[=:：][ \t]{0,2}["'\\[(]{0,4}$/i;

const MEASURE_BEFORE =
  /(?:bytes|octets|size|length|len|total|used|free|avail(?:able)?|capacity|blocks|sectors|count|offset|position|lsn|duration|elapsed|time|[_-][nu]s|rx|tx|read|written|sent|received|max|limit|mem(?:ory)?)["'\])]{0,2}[ \t]{0,3}[:=]?[ \t]{0,3}["']?$/i;
const MEASURE_AFTER = /^[ \t]?(?:(?:[kKMGT]i?)?B\b|bytes|octets|blocks|sectors|[nuµm]s\b)/;

/** Card numbers, whatever they are grouped by, and the tracks and verification codes that stand with them. */
export function findCardData(text: string, codes: Codes = codesOf(text), underCardKey = false): readonly Span[] {
  if (text.length < MIN_DIGITS) return [];
  const spans: Span[] = [];
  for (const run of digitRuns(text, codes)) {
    for (let index = 0; index < run.groups.length; ) {
      const found = matchAt({ text, run, index, underCardKey });
      spans.push(...found.spans);
      index += found.groups;
    }
  }
  return spans;
}

interface Place {
  readonly text: string;
  readonly run: DigitRun;
  /** Of the group. */
  readonly index: number;
  readonly underCardKey: boolean;
}

interface Found {
  readonly spans: readonly Span[];
  /** How many groups are dealt with. */
  readonly groups: number;
}

function matchAt(place: Place): Found {
  const { text, run, index } = place;
  const group = run.groups[index] as DigitGroup;
  const track = findTrack(text, run, group);
  if (track !== undefined) return { spans: [track], groups: 1 };
  const whole = matchGroups(place) ?? matchEqualGroups(place);
  if (whole !== undefined) return whole;
  if (touchesMask(text, run, group, group)) return { spans: [], groups: 1 };
  return { spans: cardNumberPlaces(text, run, index).map(({ from, to, digits }) => panSpan(run, from, to, digits)), groups: 1 };
}

/** The longest sequence of groups from here that is one card number; beside a card key, less will do. */
function matchGroups(place: Place): Found | undefined {
  const { run, index } = place;
  const sizes: number[] = [];
  const first = run.groups[index] as DigitGroup;
  let best: Found | undefined;
  let likely: Found | undefined;
  for (let count = 1; count <= MAX_GROUPS; count++) {
    const last = run.groups[index + count - 1];
    if (last === undefined || last.to - first.from > MAX_DIGITS) break;
    sizes.push(last.to - last.from);
    const track = track1At(place.text, run.at[first.from] ?? 0, (run.at[last.to - 1] ?? 0) + 1);
    if (track !== undefined) return { spans: [track], groups: count };
    const usual = count === 1 || GROUPINGS.has(sizes.join('-'));
    const digits = run.digits.slice(first.from, last.to);
    if (!isCardNumber(digits, usual)) continue;
    const certain = isCardNumber(digits, false);
    if (!standsAlone(place, count, !usual || !certain)) continue;
    const found = { spans: withCvv(place.text, panSpan(run, first.from, last.to, digits)), groups: count };
    if (certain) best = found;
    else likely = found;
  }
  return best ?? likely;
}

/** `4 1 1 1 ...` and `41 11 11 ...`: only when all of the equal groups together are the number. */
function matchEqualGroups(place: Place): Found | undefined {
  const { text, run, index } = place;
  const first = run.groups[index] as DigitGroup;
  const size = first.to - first.from;
  const before = run.groups[index - 1];
  if (size > 2 || (before !== undefined && before.to - before.from === size)) return undefined;
  let count = 1;
  for (let next = run.groups[index + count]; next !== undefined && next.to - next.from === size; next = run.groups[index + count]) count++;
  const last = run.groups[index + count - 1] as DigitGroup;
  const digits = run.digits.slice(first.from, last.to);
  if (!isCardNumber(digits, false) || !standsAlone(place, count, false)) return undefined;
  return { spans: withCvv(text, panSpan(run, first.from, last.to, digits)), groups: count };
}

function panSpan(run: DigitRun, from: number, to: number, digits: string): Span {
  return { start: run.at[from] ?? 0, end: (run.at[to - 1] ?? 0) + 1, kind: 'pan', replacement: maskCardNumber(digits), digits };
}

function withCvv(text: string, pan: Span): readonly Span[] {
  EXPIRY_AND_CVV.lastIndex = pan.end;
  const match = EXPIRY_AND_CVV.exec(text);
  const code = match?.[1];
  return code === undefined ? [pan] : [pan, sadSpan('cvv', EXPIRY_AND_CVV.lastIndex - code.length, EXPIRY_AND_CVV.lastIndex)];
}

/** Not a piece of something longer: a mask, a hex string, a token, a fraction, a table, an HDFS block id. A card key settles it. */
function standsAlone({ text, run, index, underCardKey }: Place, count: number, needsKey: boolean): boolean {
  const first = run.groups[index] as DigitGroup;
  const last = run.groups[index + count - 1] as DigitGroup;
  if (touchesMask(text, run, first, last)) return false;
  const start = run.at[first.from] ?? 0;
  const end = (run.at[last.to - 1] ?? 0) + 1;
  const isPart =
    count === 1
      ? first.gap === '.' ||
        OTHER_NUMBER_BEFORE.test(text.slice(Math.max(0, start - CARD_KEY_LENGTH), start)) ||
        measures(text, start, end, last.to - first.from)
      : isInList(run, index, count);
  if (!needsKey && !isPart && startsClean(text, start) && endsClean(text, end)) return true;
  return underCardKey || CARD_KEY_BEFORE.test(text.slice(Math.max(0, start - CARD_KEY_LENGTH), start));
}

function touchesMask(text: string, run: DigitRun, first: DigitGroup, last: DigitGroup): boolean {
  return text[(run.at[first.from] ?? 0) - 1] === '*' || text[(run.at[last.to - 1] ?? 0) + 1] === '*';
}

/** Numbers before or after that the same comma, tab or the like parts: a row of a table. */
function isInList(run: DigitRun, index: number, count: number): boolean {
  const { gap = '' } = run.groups[index + 1] ?? {};
  const isOfTables = /[,:/_+.\t]|\s\s/.test(gap);
  return isOfTables && (run.groups[index]?.gap === gap || run.groups[index + count]?.gap === gap);
}

function measures(text: string, start: number, end: number, digits: number): boolean {
  if (digits > MEASURE_DIGITS) return false;
  return MEASURE_BEFORE.test(text.slice(Math.max(0, start - 24), start)) || MEASURE_AFTER.test(text.slice(end, end + 12));
}

function startsClean(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 24), start);
  if (/blk_-?$/.test(before)) return false;
  if (/(?:\\[nrtbf]|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|%[0-9A-Fa-f]{2}|\[[0-9;]{0,16}[mK])$/.test(before)) return true;
  const word = /[A-Za-z0-9]*$/.exec(before)?.[0] ?? '';
  return word === '' || (!/\d/.test(word) && !/^[A-Fa-f]+$/.test(word));
}

function endsClean(text: string, end: number): boolean {
  const word = /^[A-Za-z0-9]*/.exec(text.slice(end, end + 24))?.[0] ?? '';
  return word === '' || (!/\d/.test(word) && !/^[A-Fa-f]+$/.test(word));
}
