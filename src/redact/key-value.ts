import { folded, NAME_STEM } from './authentication-name.ts';
import { findAuthorization } from './authorization.ts';
import { columnsUnder } from './columns.ts';
import { type Gap, gapAfter } from './gap.ts';
import { isHomonym, isOfMachine } from './homonym.ts';
import { CODE_NAMES, classifyKey, type KeyKind, keyedSpan } from './key.ts';
import { kindByParts, nameOfParts } from './name-parts.ts';
import { isSadKind, type SadKind, type Span, sadSpan } from './span.ts';
import { boundValue } from './sql-parameters.ts';
import { readValue, type Value } from './value.ts';
import { blocksBehind, restOfList, valueBefore, walkToValues } from './walk.ts';

/** Pieces of words that begin or make a key of interest; what they belong to is read around them. */
const STEM = new RegExp(
  [
    'pass(?: ?phrase)?|pwd|psw|secret(?: key)?|token|(?:(?:api|access|private|signing|encryption|master|account|subscription) )?key|cred|cookie',
    'sessid|sessionid|(?<=connect\\.)sid|auth|jwt|bearer|basic|identified by',
    'cv[vcnd]|cv[x2]2?|cve2|csc|cav2|(?:security|verification|card|sec|signature[ _-]?panel)[ _-]?(?:code|value|number)|security[ _-]?no(?![a-z])|card[ _-]?(?:verif|valid|secur|ident|id[ _-]?(?:code|num))|4dbc',
    'cid(?![a-bd-mo-uw-z])|kbv|codigo(?:[ _-]?de)?[ _-]?seguridad|cryptogramme(?:[ _-]visuel)?|codice[ _-]?sicurezza|(?:karten)?pr(?:ue|ü)f(?:nummer|ziffer)|(?<=code[ _-]?(?:de[ _-]?)?)securite|track(?: ?[123](?: data)?)?|magstripe|magnetic|swipe|msr',
    'pin ?(?:密文[块塊]?|块|塊)|密码[块塊]|pin(?:[ _.-]?bl(?:oc)?c?k|[ _.-]?(?:number|value|data|code|no))?(?![a-z]|码)|epb|pvv',
    '(?<![a-z])t?otp|[sm]ms_?code|mfa_?code|one_?time|zmk|zpk|tmk|tpk|zak|bdk|ipek|kek|dek|pvk|cvk|(?<![a-z])(?:pik|mak|tdk)(?![a-z])|indpw',
    '(?:\\bde|\\bdf|\\bf|\\bfield|\\bbit)[ _.-]?0?(?:35|45|52)\\b|密码|口令|密钥|安全码|验证码|校验码|pin码|磁道',
  ].join('|'),
  'iy',
);
/** Names of the code that other words rarely begin like; tried where the first letter fits and nothing else did. */
const CODE_STEM = new RegExp(
  String.raw`${CODE_NAMES}|${NAME_STEM}|c[. ]v[. ][vc2]\.?|p\.i\.n\.?|código(?:[ _-]?de)?[ _-]?seguridad|(?<=code de )(?:s[ée]curit[ée]|vérification)|セキュリティ(?:コード|番号)`,
  'iy',
);
/** Our own marks, and nobody's secrets. People label with `[CVV]: 123`, too. */
const MARK = /\[(?:SECRET:[a-z0-9-]{1,40}\]|TRACK[123]\]|PIN-BLOCK\]|(?:CVV|PIN)\](?![ \t]{0,3}[:=]>?[ \t]{0,3}["']?\d))/y;
const MAX_KEY = 64;

const HSM_KEY = /(?:mac|clear|working|master|zone|terminal|transport|encryption|session|derivation|pin|des|aes)[ _-]key$/i;
/** A PIN block byte by byte. */
const BLOCK_IN_BYTES = /(?:[0-9A-Fa-f]{2}[ :-]){7}(?:(?:[0-9A-Fa-f]{2}[ :-]){8})?[0-9A-Fa-f]{2}(?![0-9A-Za-z])/y;
/** A code digit by digit: `7 3 1`. */
const SPACED_CODE = /\d(?:[ -]\d){2,5}(?![ -]?\d)/y;
/** Values that their keys give away, in the notations of logs, JSON, YAML, forms, command lines, SQL and XML. */
export function findKeyed(text: string, places: readonly number[]): readonly Span[] {
  const spans: Span[] = [];
  let next = 0;
  // Names that stand in rows which were read under their columns are values themselves.
  let rowsEnd = 0;
  for (const from of places) {
    if (from < next) continue;
    const end = endOfStem(text, from);
    const found = (end === 0 ? undefined : findAt(text, from, end)) ?? findByParts(text, from, end);
    if (found === undefined) continue;
    if (found.span !== undefined)
      spans.push(found.span, ...(isSadKind(found.span.kind) ? restOfList(text, found.span, found.span.kind) : []));
    else if (found.named !== undefined && from >= rowsEnd) {
      const named = namedElsewhere(text, found.named);
      spans.push(...named.spans);
      rowsEnd = named.end;
    }
    next = Math.max(found.next, from + 1);
  }
  return spans;
}

interface Named {
  readonly key: Key;
  readonly kind: SadKind | 'track';
}

/** Authentication data that stands neither behind its name nor far from it: further on, before it, below it, in a list of parameters. */
function namedElsewhere(text: string, { key, kind }: Named): { readonly spans: readonly Span[]; readonly end: number } {
  if (isOfMachine(text, key, kind)) return { spans: [], end: 0 };
  if (kind !== 'track') {
    const walked = walkToValues(text, key, kind);
    const labelledBlocks = kind === 'pin' || kind === 'pin-block' ? blocksBehind(text, key) : [];
    if (walked.length + labelledBlocks.length > 0) return { spans: [...walked, ...labelledBlocks], end: 0 };
    const before = valueBefore(text, key, kind);
    if (before !== undefined) return { spans: [before], end: 0 };
  }
  const bound = boundValue(text, key, kind);
  if (bound !== undefined) return { spans: [bound], end: 0 };
  const label = labelled(text, key, kind);
  return label === undefined ? columnsUnder(text, key) : { spans: [label], end: 0 };
}

/** `cs1Label=cvv cs1=123` of CEF. */
function labelled(text: string, key: Key, kind: KeyKind): Span | undefined {
  const name = /\b((?:cs|cn|flexString|flexNumber|c6a|cfp)\d)Label=$/.exec(text.slice(Math.max(0, key.start - 24), key.start))?.[1];
  if (name === undefined) return undefined;
  const line = text.slice(key.end, Math.min(text.length, key.end + 1_000)).split('\n', 1)[0] ?? '';
  const found = new RegExp(`\\b${name}=([^ ]{1,120})`).exec(line);
  return found?.[1] === undefined ? undefined : keyedSpan(kind, found[1], key.end + found.index + found[0].length - found[1].length);
}

/** First letters of the names that are tried where nothing else fitted, in pairs. */
const PAIRS_OF_CODE = new Set(
  'be bi bm cc co có cl cr cv c. c\u0020 de en fi fl f0 f3 f_ f. f- f\u0020 gü gu ge ha he if in is ko ka ke lo lö ni pe pi pa p. p0 p3 p4 p5 p_ p- p\u0020 si se sé sc sp sä sa sk s0 s3 s5 s- tr tu ve vé wa za as aş ad'
    .split(' ')
    .map((pair) => pairOf(pair.charCodeAt(0), pair.charCodeAt(1))),
);

/** First letters of the words that names are put together from. */
const PAIRS_OF_PARTS = new Set(
  'am ba be bi ca cc cr gu gü ka ká ko pr pü se sé si su ta sa sä tu ve za'
    .split(' ')
    .map((pair) => pairOf(pair.charCodeAt(0), pair.charCodeAt(1))),
);

/** Of letters in either case; what is no letter has no other. */
function pairOf(first: number, second: number): number {
  return ((first | 0x20) << 8) | (second > 0x40 ? second | 0x20 : second);
}

/** `pinKodu`, `PinBlockData`: a capital letter begins another word. */
function isPinOfCamelCase(text: string, from: number): boolean {
  return /^(?:[Pp]in[A-Z]|PIN[A-Z][a-z])/.test(text.slice(from, from + 5));
}

/** 0: none begins there. */
function endOfStem(text: string, from: number): number {
  STEM.lastIndex = from;
  if (STEM.test(text)) return STEM.lastIndex;
  if (isPinOfCamelCase(text, from)) return from + 3;
  const first = text.charCodeAt(from);
  if (first < 0x80 && !PAIRS_OF_CODE.has(pairOf(first, text.charCodeAt(from + 1)))) return 0;
  CODE_STEM.lastIndex = from;
  return CODE_STEM.test(text) ? CODE_STEM.lastIndex : 0;
}

interface Found {
  readonly span?: Span | undefined;
  /** Of authentication data whose value does not stand behind it. */
  readonly named?: Named | undefined;
  /** Where to look on. */
  readonly next: number;
}

/** undefined: no key that is known as a whole. */
function findAt(text: string, stemStart: number, stemEnd: number): Found | undefined {
  const authorization = findAuthorization(text, stemStart);
  if (authorization !== undefined) return { span: authorization, next: authorization.end };
  const key = keyAround(text, stemStart, stemEnd);
  MARK.lastIndex = key.start - 1;
  if (MARK.test(text)) return { next: MARK.lastIndex };
  const name = text.slice(key.start, key.end);
  const kind = kindOfKey(text, key, name);
  if (kind === undefined) return undefined;
  return kind === 'pan' ? { next: key.end } : valueUnder(text, key, kind);
}

function findByParts(text: string, place: number, stemEnd: number): Found | undefined {
  const first = text.charCodeAt(place);
  const isPart = first > 0x7f || PAIRS_OF_PARTS.has(pairOf(first, text.charCodeAt(place + 1)));
  const key = isPart ? nameOfParts(text, keyAround(text, place, Math.max(stemEnd, place + 1)), place, folded) : undefined;
  const name = key === undefined ? '' : text.slice(key.start, key.end);
  const kind = key === undefined ? undefined : kindByParts(folded(name), name);
  if (key === undefined || kind === undefined) return stemEnd === 0 ? undefined : { next: keyAround(text, place, stemEnd).end };
  return valueUnder(text, key, kind);
}

function valueUnder(text: string, key: Key, kind: KeyKind): Found {
  const name = text.slice(key.start, key.end);
  if (isHomonym(text, key, kind)) return { next: key.end };
  const gap = gapAfter(text, key, kind);
  const named = isSadKind(kind) || kind === 'track' ? { key, kind } : passwordOfCard(text, key, name);
  if (gap === undefined) return { span: codeInName(kind, name, key.end), named, next: key.end };
  if (closesHere(text, key, gap)) return { named, next: key.end };
  if (/^[ \t]*$/.test(gap.text) && (isOfMachine(text, key, kind) || /^csc$/i.test(name))) return { next: key.end };
  if (kind === 'cvv' || kind === 'pin') {
    SPACED_CODE.lastIndex = gap.end;
    if (SPACED_CODE.test(text)) return { span: sadSpan(kind, gap.end, SPACED_CODE.lastIndex), next: SPACED_CODE.lastIndex };
  }
  const value = readValue(text, gap.end, { wholeLine: takesLine(text, key.start, gap, kind), element: gap.element });
  if (kind === 'pin-block') {
    BLOCK_IN_BYTES.lastIndex = gap.end + (/^["'[]/.test(text[gap.end] ?? '') ? 1 : 0);
    const start = BLOCK_IN_BYTES.lastIndex;
    if (BLOCK_IN_BYTES.test(text)) return { span: sadSpan(kind, start, BLOCK_IN_BYTES.lastIndex), next: BLOCK_IN_BYTES.lastIndex };
  }
  const span = value === undefined || isProse(text, gap, value) || isReference(text, value) ? undefined : spanOf(kind, text, value);
  return span === undefined ? { named, next: key.end } : { span, next: span.end };
}

function kindOfKey(text: string, key: Key, name: string): KeyKind | undefined {
  if (CARD_ID.test(name) && standsByCard(text, key)) return 'cvv';
  const kind = classifyKey(name);
  return kind === 'key' && HSM_KEY.test(text.slice(Math.max(0, key.start - 16), key.end)) ? 'hsm-key' : kind;
}

/** What is called a password where a card is used is its PIN. */
function passwordOfCard(text: string, key: Key, name: string): Named | undefined {
  const before = name === '密码' ? OF_CARD.exec(text.slice(Math.max(0, key.start - 4), key.start))?.[0] : undefined;
  return before === undefined ? undefined : { key: { ...key, start: key.start - before.length }, kind: 'pin' };
}

const OF_CARD = /(?:卡|交易|支付|取款|联机|消费|查询|6位)的?$/;

/** `CVV731`. */
function codeInName(kind: KeyKind, name: string, end: number): Span | undefined {
  const code = kind === 'cvv' ? /^cv[vcn]2?_?(\d{3})$/i.exec(name)?.[1] : undefined;
  return code === undefined ? undefined : sadSpan('cvv', end - code.length, end);
}

/** A `cid` by itself is that of a connection, a customer, a container; by a card it is the code of American Express. */
const CARD_ID = /^cid$/i;
const CARD_BESIDE =
  /(?:^|[^a-z])(?:pan|amex|american express|card[ _-]?(?:no|num|number|holder)?|cc[ _-]?(?:no|num|number)|exp(?:iry|iration)?(?:[ _-]?(?:date|month|year))?)["'\\]{0,8}[ \t]{0,3}[:=>]|amex|american express|\d{6}[ -]?\*{4,6}|(?:\d[ -]?){15,16}/i;
const NEAR = 160;

function standsByCard(text: string, { start, end }: Key): boolean {
  const from = Math.max(text.lastIndexOf('\n', start) + 1, start - NEAR);
  const lineEnd = text.indexOf('\n', end);
  const around = `${text.slice(from, start)} ${text.slice(end, Math.min(lineEnd === -1 ? text.length : lineEnd, end + NEAR))}`;
  return CARD_BESIDE.test(around);
}

interface Key {
  readonly start: number;
  readonly end: number;
}

function keyAround(text: string, stemStart: number, stemEnd: number): Key {
  let start = stemStart;
  while (start > stemStart - MAX_KEY && isKeyCharacter(text.charCodeAt(start - 1), true)) start--;
  // `card%5Bcvv%5D`: the bracket is no part of it.
  if (text[start - 1] === '%' && stemStart - start >= 2 && /^[0-9A-Fa-f]{2}/.test(text.slice(start, start + 2))) start += 2;
  // An escape such as `\n` is no part of the key.
  if (text[start - 1] === '\\' && start < stemStart && 'nrt'.includes(text[start] ?? '')) start++;
  let end = stemEnd;
  // `安全码123`: digits are no part of a word that is not written in these letters.
  while (text.charCodeAt(stemEnd - 1) < 0x300 && end < stemEnd + MAX_KEY && isKeyCharacter(text.charCodeAt(end), false)) end++;
  return { start, end };
}

/** Letters of alphabets, digits, `_`, `-`; before the stem also `.`. */
function isKeyCharacter(code: number, before: boolean): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    (code >= 0xc0 && code < 0x530 && code !== 0xd7 && code !== 0xf7) ||
    (before && code === 0x2e)
  );
}

/** The quote after `'password='` is the one that closes the whole. */
function closesHere(text: string, key: Key, gap: Gap): boolean {
  const quote = text[key.start - 1] ?? '';
  return '"\'`'.includes(quote) && quote !== '' && text[gap.end] === quote && !gap.text.includes(quote);
}

/** A pass phrase of several words, as YAML and header lines have it. */
function takesLine(text: string, keyStart: number, gap: Gap, kind: KeyKind): boolean {
  if (!/^[:：][ \t]+$/.test(gap.text)) return false;
  if (kind === 'cookie') return true;
  const before = text.slice(Math.max(0, keyStart - MAX_KEY), keyStart);
  return kind === 'password' && (keyStart < MAX_KEY ? /(?:^|\n)[ \t]*(?:- )?$/ : /\n[ \t]*(?:- )?$/).test(before);
}

/** `${{ profile.metrics.credentials }}` of a playbook names where a value comes from; the text of a playbook must be kept to be replayed. */
function isReference(text: string, { start, end }: Value): boolean {
  return /^\$\{\{[^{}]*\}\}$/.test(text.slice(start, end));
}

/** `token: expired`: a colon and a word, in the middle of a line, is talk. A word with a colon is the next key. */
function isProse(text: string, gap: Gap, value: Value): boolean {
  if (value.quoted || value.line || gap.element) return false;
  const word = text.slice(value.start, value.end);
  return /^[\w.-]{2,40}:$/.test(word) || (/[:：][ \t]+$/.test(gap.text) && /^[A-Za-z]+[.!]?$/.test(word));
}

function spanOf(kind: KeyKind, text: string, value: Value): Span | undefined {
  const digits = isSadKind(kind)
    ? /^\d+(?:[ \t]{0,3}[:=][ \t]{0,3}\d{3,12})*/.exec(text.slice(value.start, value.start + 64))?.[0]
    : undefined;
  const written = text.slice(value.start, value.end);
  // `SecretStr(` is what holds the value.
  if (isSadKind(kind) && /^[A-Za-z]{3,24}\($/.test(written)) return undefined;
  const whole = keyedSpan(kind, written, value.start);
  return whole ?? (digits === undefined ? undefined : keyedSpan(kind, digits, value.start));
}
