import { codeBeside } from './card-neighbour.ts';
import { isCardNumber, MAX_DIGITS, MEASURE_DIGITS, MIN_DIGITS, maskCardNumber } from './card-number.ts';
import { type Codes, codesOf } from './codes.ts';
import { type DigitGroup, type DigitRun, digitRuns } from './digit-run.ts';
import { type Digits, digitsOf } from './digit-stretch.ts';
import { GROUPINGS } from './grouping.ts';
import { cardNumberPlaces } from './packed.ts';
import type { Span } from './span.ts';
import { findTrack, track1At } from './track.ts';

const MAX_GROUPS = 7;
/** As programs print a large number: `4,111,111,111,111,111`. */
const THOUSANDS = /^[1-3](?:-3){4,6}$/;
const MIN_THOUSANDS_DIGITS = 15;

const CARD_WORD =
  '(?:(?:^|[^a-z0-9]|[a-z0-9]_)(?:[dfmv]?pan|cards?|cc|acct|visa|mastercard|amex|(?:de|df|f|field|bit)[ _.-]?0{0,2}2)' +
  '|c(?:ard|c)[ _.-]?(?:no|num|nr|number|pan)|(?:credit|debit)[ _.-]?card|acc(?:oun)?t[ _.-]?(?:no|num|number)|卡号|银行卡)';
/** A key that says "card", or the word itself, right before the number. */
const CARD_KEY_BEFORE = new RegExp(
  `${CARD_WORD}[\\])"'\`\\\\]{0,4}(?:[ \\t]{0,3}(?:[:=>：]{1,2}|%3[AaDd]|is|no\\.?|number|#)){0,2}[ \\t]{0,3}[\\["'\`\\\\]{0,4}$`,
  'i',
);
const CARD_KEY_LENGTH = 48;

/** Keys of numbers that are counted, summed or drawn: one in forty of sixteen digits looks like a card's. */
const OTHER_NUMBER_BEFORE =
  /(?:(?:^|[^a-z])(?:(?:order|trade|trace|span|parent|request|correlation|invoice|tracking|session|event|job|batch|snowflake|idempotency)[_. -]?(?:id|no|num|number|nr|ref|reference|sn|key)?|rrn|stan|seq(?:uence)?(?:[_. -]?(?:id|no|num|number))?|uuid|guid|epoch|timestamp|ts|offset|inode|lsn|zxid|cursor)|nonce|(?:trace|span|query|member|cluster|node|peer|leader|lease|replica|shard)[_ -]?id|hash[_ -]?total|control[_ -]?total|checksum)["'\\\])]{0,4}[ \t]{0,2}[=:：][ \t]{0,2}["'\\[(]{0,4}$/i;

const MEASURE_BEFORE =
  /(?:bytes|octets|size|length|len|total|used|free|avail(?:able)?|capacity|blocks|sectors|count|offset|position|lsn|duration|elapsed|time|[_-][nu]s|rx|tx|read|written|sent|received|max|limit|mem(?:ory)?)["'\])]{0,2}[ \t]{0,3}[:=]?[ \t]{0,3}["']?$/i;
const MEASURE_AFTER = /^[ \t]?(?:(?:[kKMGT]i?)?B\b|bytes|octets|blocks|sectors|[nuµm]s\b)/;

/** Does the key say that its number is counted or drawn? */
export function namesOtherNumber(key: string): boolean {
  return OTHER_NUMBER_BEFORE.test(`${key}=`);
}

/** Card numbers, whatever they are grouped by, and the tracks and verification codes that stand with them. */
export function findCardData(
  text: string,
  codes: Codes = codesOf(text),
  digits: Digits = digitsOf(codes),
  underCardKey = false,
): readonly Span[] {
  if (text.length < MIN_DIGITS) return [];
  const spans: Span[] = [];
  for (const run of digitRuns(text, codes, digits)) {
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
    const digits = run.digits.slice(first.from, last.to);
    const usual =
      count === 1 || GROUPINGS.has(sizes.join('-')) || (count !== 3 && count !== 4 && isWrittenAsNumber(place, sizes, digits.length));
    if (!isCardNumber(digits, usual)) continue;
    const certain = isCardNumber(digits, false);
    if (!standsAlone(place, count, !usual || !certain)) continue;
    const found = { spans: withCvv(place.text, panSpan(run, first.from, last.to, digits)), groups: count };
    if (certain) best = found;
    else likely = found;
  }
  return best ?? likely;
}

/** Grouped by thousands, by one sign throughout, or in scientific notation: a number that was taken for an amount. */
function isWrittenAsNumber({ text, run, index }: Place, sizes: readonly number[], digits: number): boolean {
  if (digits < MIN_THOUSANDS_DIGITS || (sizes.at(-1) !== 3 && sizes[0] !== 1)) return false;
  const gaps = run.groups.slice(index + 1, index + sizes.length).map(({ gap }) => gap);
  // A fraction behind it makes it an amount.
  const next = run.groups[index + sizes.length]?.gap ?? '';
  if (THOUSANDS.test(sizes.join('-')))
    return !/^[.,]$/.test(next) && gaps.every((gap) => gap === gaps[0] && ",._\u00a0\u202f' ".includes(gap));
  if (sizes.length !== 2 || sizes[0] !== 1 || gaps[0] !== '.') return false;
  const end = (run.at[(run.groups[index + 1]?.to ?? 1) - 1] ?? 0) + 1;
  const exponent = /^[eE]\+?(\d\d)(?!\d)/.exec(text.slice(end, end + 5))?.[1];
  return Number(exponent) === digits - 1;
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
  if (size === 2 && isTextInDump(text, run.at[first.from] ?? 0, (run.at[last.to - 1] ?? 0) + 1)) return undefined;
  return { spans: withCvv(text, panSpan(run, first.from, last.to, digits)), groups: count };
}

/** `2d 53 48 41 33 38 34 20 20`: bytes of a dump that are characters, and so are those beside them; what they say is read as a text. */
function isTextInDump(text: string, start: number, end: number): boolean {
  const before = BYTES_BEFORE.exec(text.slice(Math.max(0, start - BYTES_BESIDE), start))?.[0] ?? '';
  const after = BYTES_AFTER.exec(text.slice(end, end + BYTES_BESIDE))?.[0] ?? '';
  return before.length + after.length >= MIN_BYTES_BESIDE && CHARACTERS.test(before + text.slice(start, end) + after);
}

const BYTES_BEFORE = /(?:(?<![0-9A-Za-z])[0-9A-Fa-f]{2}[ \t]{1,3})+$/;
const BYTES_AFTER = /^(?: {1,3}[0-9A-Fa-f]{2}(?![0-9A-Za-z]))+/;
/** Eight bytes on a side, three at least. */
const BYTES_BESIDE = 26;
const MIN_BYTES_BESIDE = 9;
const CHARACTERS = /^(?:[ \t]*(?:[2-6][0-9A-Fa-f]|7[0-9A-Ea-e]|0[9ADad]))+[ \t]*$/;

function panSpan(run: DigitRun, from: number, to: number, digits: string): Span {
  return { start: run.at[from] ?? 0, end: (run.at[to - 1] ?? 0) + 1, kind: 'pan', replacement: maskCardNumber(digits), digits };
}

function withCvv(text: string, pan: Span): readonly Span[] {
  const code = codeBeside(text, pan);
  return code === undefined ? [pan] : [pan, code];
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
      ? first.gap === '.' || endsWith(OTHER_NUMBER_BEFORE, text, start, CARD_KEY_LENGTH) || measures(text, start, end, last.to - first.from)
      : isFraction(run, index, count) || isInList(run, index, count);
  const alone =
    (!needsKey && !isPart && startsClean(text, start) && endsClean(text, end, last.to - first.from)) ||
    underCardKey ||
    endsWith(CARD_KEY_BEFORE, text, start, CARD_KEY_LENGTH);
  // `DE02` is field 2 of ISO 8583, too.
  return alone && !isOfIban(text, start, end);
}

/** Does what stands before it end so? Before a number of JSON stands nothing, and a pattern that is never needed is never compiled. */
function endsWith(pattern: RegExp, text: string, end: number, length: number): boolean {
  return end > 0 && pattern.test(text.slice(Math.max(0, end - length), end));
}

function touchesMask(text: string, run: DigitRun, first: DigitGroup, last: DigitGroup): boolean {
  const [start, end] = [run.at[first.from] ?? 0, (run.at[last.to - 1] ?? 0) + 1];
  if (text[start - 1] !== '*' && text[end] !== '*') return false;
  if (isBold(text, start, end)) return false;
  // One star before a number that is whole is none of a mask.
  const isWhole = last.to - first.from >= MIN_DIGITS && !/\*\*$|\d\*$/.test(text.slice(Math.max(0, start - 2), start));
  return !isWhole || /^(?:\*\*|\*\d)/.test(text.slice(end, end + 2));
}

/** `**4111 1111 1111 1111**`: two stars on either side, and none of a mask beside them. */
function isBold(text: string, start: number, end: number): boolean {
  return /(?:^|[^*\d] ?)\*\*$/.test(text.slice(Math.max(0, start - 4), start)) && /^\*\*(?! ?[*\d])/.test(text.slice(end, end + 4));
}

/** `4417.810647026`: a number with all its digits. In scientific notation one stands before the point, and that may be a card's. */
function isFraction(run: DigitRun, index: number, count: number): boolean {
  const first = run.groups[index] as DigitGroup;
  return count === 2 && run.groups[index + 1]?.gap === '.' && first.to - first.from > 1;
}

/** Numbers before or after that the same comma, tab or the like parts: a row of a table. */
function isInList(run: DigitRun, index: number, count: number): boolean {
  const { gap = '' } = run.groups[index + 1] ?? {};
  const isOfTables = /[,:/_+.\t]|\s\s/.test(gap);
  return isOfTables && (run.groups[index]?.gap === gap || run.groups[index + count]?.gap === gap);
}

function measures(text: string, start: number, end: number, digits: number): boolean {
  if (digits > MEASURE_DIGITS) return false;
  return endsWith(MEASURE_BEFORE, text, start, 24) || (end < text.length && MEASURE_AFTER.test(text.slice(end, end + 12)));
}

function startsClean(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 24), start);
  if (/blk_-?$/.test(before)) return false;
  if (/(?:\\[nrtbf]|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|%[0-9A-Fa-f]{2}|\[[0-9;]{0,16}[mK])$/.test(before)) return true;
  const word = /[A-Za-z0-9]*$/.exec(before)?.[0] ?? '';
  return word === '' || (!/\d/.test(word) && !/^[A-Fa-f]+$/.test(word));
}

/** `F` fills an odd number up to whole bytes; `E15` is an exponent. */
function endsClean(text: string, end: number, digits: number): boolean {
  const word = /^[A-Za-z0-9]*/.exec(text.slice(end, end + 24))?.[0] ?? '';
  if (/^[eE]\+?1\d$/.test(text.slice(end, end + 4).replace(/[^eE+\d].*$/, ''))) return true;
  return word === '' || (/^[Ff]$/.test(word) && digits % 2 === 1) || (!/\d/.test(word) && !/^[A-Fa-f]+$/.test(word));
}

/** ISO 13616: two letters, two check digits, groups of four, and the whole is 1 modulo 97. */
function isOfIban(text: string, start: number, end: number): boolean {
  const head = /(?<![A-Za-z0-9])[A-Z]{2}\d\d(?: [A-Z0-9]{4}){0,7} ?$/.exec(text.slice(Math.max(0, start - 46), start))?.[0];
  if (head === undefined) return false;
  const tail = /^(?: ?[A-Z0-9]{4})*(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/.exec(text.slice(end, end + 30))?.[0] ?? '';
  const iban = (head + text.slice(start, end) + tail).replaceAll(' ', '');
  let rest = 0;
  for (const sign of iban.slice(4) + iban.slice(0, 4)) rest = Number(`${rest}${Number.parseInt(sign, 36)}`) % 97;
  return rest === 1;
}
