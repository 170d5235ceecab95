import { folded } from './authentication-name.ts';
import { findAuthorization } from './authorization.ts';
import { columnsUnder } from './columns.ts';
import { type Gap, gapAfter } from './gap.ts';
import { isCidOfCard, isHomonym, isOfMachine } from './homonym.ts';
import { classifyKey, type KeyKind, keyedSpan, looksLikeSecret } from './key.ts';
import { endOfStem, type Key, keyAround, MAX_KEY, mayBePart } from './key-stem.ts';
import { kindByParts, nameOfParts } from './name-parts.ts';
import { isOtherUse } from './other-use.ts';
import { isSadKind, type SadKind, type Span, sadSpan } from './span.ts';
import { boundValue } from './sql-parameters.ts';
import { repeatsName } from './stand-in.ts';
import { unusualValues, valueBeforeName } from './unusual-value.ts';
import { readValue, type Value } from './value.ts';
import { valueBefore } from './value-before.ts';
import { blocksBehind, codesBehind, restOfList, walkToValues } from './walk.ts';

/** Our own marks, and nobody's secrets. People label with `[CVV]: 123`, too. */
const MARK = /\[(?:SECRET:[a-z0-9-]{1,40}\]|TRACK[123]\]|PIN-BLOCK\]|(?:CVV|PIN)\](?![ \t]{0,3}[:=]>?[ \t]{0,3}["'[(]?\d))/y;

/** What needs no closer look: a key of that length would be none, and its end is far. */
const LONGER_THAN_KEYS = /[^\s"'`<]{520}/y;
const HSM_KEY = /(?:mac|clear|working|master|zone|terminal|transport|encryption|decryption|session|derivation|pin|des|aes)[ _-]key$/i;
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
    if (found.others !== undefined) spans.push(...found.others);
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
    const labelledCodes = walked.length === 0 && (kind === 'pin' || kind === 'cvv') ? codesBehind(text, key, kind) : [];
    const told = [...walked, ...labelledBlocks, ...labelledCodes];
    if (told.length > 0) return { spans: told, end: 0 };
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

interface Found {
  readonly span?: Span | undefined;
  /** Of a list. */
  readonly others?: readonly Span[];
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
  return kind === 'pan' || (kind === 'key' && '/.(['.includes(text[key.end] ?? '/')) ? { next: key.end } : valueUnder(text, key, kind);
}

function findByParts(text: string, place: number, stemEnd: number): Found | undefined {
  const key = mayBePart(text, place) ? nameOfParts(text, keyAround(text, place, Math.max(stemEnd, place + 1)), place, folded) : undefined;
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
  if (gap === undefined)
    return {
      span: codeInName(text, kind, name, key.end) ?? (named === undefined ? valueBeforeName(text, key, kind) : undefined),
      named,
      next: key.end,
    };
  if (closesHere(text, key, gap)) return { named, next: key.end };
  if (/^[ \t]*$/.test(gap.text) && (isOfMachine(text, key, kind) || /^csc$/i.test(name))) return { next: key.end };
  if (kind === 'key') {
    LONGER_THAN_KEYS.lastIndex = gap.end;
    if (LONGER_THAN_KEYS.test(text)) return { next: key.end };
  }
  if (kind === 'cvv' || kind === 'pin') {
    SPACED_CODE.lastIndex = gap.end;
    if (SPACED_CODE.test(text)) return { span: sadSpan(kind, gap.end, SPACED_CODE.lastIndex), next: SPACED_CODE.lastIndex };
  }
  const value = isSadKind(kind) ? readUnder(text, key, gap, kind) : (readBlock(text, gap) ?? readUnder(text, key, gap, kind));
  if (kind === 'pin-block') {
    BLOCK_IN_BYTES.lastIndex = gap.end + (/^["'[]/.test(text[gap.end] ?? '') ? 1 : 0);
    const start = BLOCK_IN_BYTES.lastIndex;
    if (BLOCK_IN_BYTES.test(text)) return { span: sadSpan(kind, start, BLOCK_IN_BYTES.lastIndex), next: BLOCK_IN_BYTES.lastIndex };
  }
  if (value === undefined && named === undefined) {
    const others = unusualValues(text, key, kind, gap.end);
    if (others.length > 0) return { others, next: others.at(-1)?.end ?? key.end };
  }
  const isNone = value === undefined || isNoSecret(text, key, gap, value, kind) || isOtherUse(text, key, { ...value, gap: gap.text }, kind);
  const span = isNone ? undefined : spanOf(kind, text, value);
  return span === undefined ? { named, next: key.end } : { span, next: span.end };
}

function readUnder(text: string, key: Key, gap: Gap, kind: KeyKind): Value | undefined {
  if (gap.text === ',') {
    CELL.lastIndex = gap.end;
    return CELL.test(text) ? { start: gap.end, end: CELL.lastIndex, quoted: false, line: false } : undefined;
  }
  return readValue(text, gap.end, { wholeLine: takesLine(text, key.start, gap, kind), element: gap.element });
}

/** One of a table's. */
const CELL = /[^\s,"'`<>]{1,512}/y;

/** `password: |` of YAML: the lines below that are further in. */
function readBlock(text: string, gap: Gap): Value | undefined {
  if (!gap.text.includes(':')) return undefined;
  BLOCK.lastIndex = gap.end;
  const lines = BLOCK.exec(text)?.[2];
  return lines === undefined ? undefined : { start: BLOCK.lastIndex - lines.length, end: BLOCK.lastIndex, quoted: true, line: false };
}

const BLOCK = /[|>][-+]?\d?[ \t]{0,4}\r?\n([ \t]{1,40})(?=\S)([^\r\n]{1,1024}(?:\r?\n\1[^\r\n]{0,1024}){0,60})/y;

function isNoSecret(text: string, key: Key, gap: Gap, value: Value, kind: KeyKind): boolean {
  if (isProse(text, gap, value) || isReference(text, value)) return true;
  if (isSadKind(kind)) return false;
  const written = text.slice(value.start, value.end);
  const name = text.slice(key.start, key.end);
  if (gap.weak && !looksLikeSecret(written)) return true;
  if (value.quoted) return repeatsName(name, written);
  // `${API_KEY:?required}` of a shell.
  if (written.startsWith('?') && text.startsWith('${', key.start - 2)) return true;
  return !value.line && (CODE.test(written) || (kind !== 'password' && VARIABLE.test(written)));
}

/** `credentials.secret`, `aws_secret_key`, `EntityIds.accountKey`: where a program has it. */
const VARIABLE = /^[A-Za-z_]+(?:\.[A-Za-z_]+)+$|^[a-z]+(?:_[a-z]+)*_(?:key|secret|token|id)$/;

/** `$_POST[`, `(char`, `var.db_password`, `#{secret}`, `{TOKEN}`: where a program or a template gets it from. */
const CODE =
  /^(?:\\?\$\w{1,40}(?:\[|->)|\([A-Za-z]{2,12}$|[a-z_]\w{0,40}(?:\.\w{1,40}){1,6}\[|#\{|\{[A-Za-z_][\w.]{0,60}\}?$|(?:var|local|data|module|process\.env|os\.environ|env|config|settings|self|this|args|params|options|props)\.[A-Za-z_][\w.]{0,80}$|[A-Za-z_][\w.]{2,60}\(|:[A-Za-z_]{2,60}(?:\(|$))/;

function kindOfKey(text: string, key: Key, name: string): KeyKind | undefined {
  if (isCidOfCard(text, key, name)) return 'cvv';
  const kind = classifyKey(name);
  return kind === 'key' && HSM_KEY.test(text.slice(Math.max(0, key.start - 16), key.end)) ? 'hsm-key' : kind;
}

/** What is called a password where a card is used is its PIN. */
function passwordOfCard(text: string, key: Key, name: string): Named | undefined {
  if (/^senha$/i.test(name) || (name === '비밀번호' && SIZED.test(text.slice(key.end, key.end + 12)))) return { key, kind: 'pin' };
  const before =
    name === '密码' || name === '비밀번호' || name === '비번'
      ? OF_CARD.exec(text.slice(Math.max(0, key.start - 4), key.start))?.[0]
      : undefined;
  return before === undefined ? undefined : { key: { ...key, start: key.start - before.length }, kind: 'pin' };
}

/** `비밀번호 4자리`: a password of so few digits is a PIN. */
const SIZED = /^[ \t]?(?:앞 ?|뒤 ?)?(?:[4-6]|네|여섯) ?자리/;
const OF_CARD = /(?:卡|交易|支付|取款|联机|消费|查询|6位)的?$|(?:카드|출금|인출|ATM) ?$/;

/** `CVV731`, `cvv-731`; `CVC-500 failed` is an error. */
function codeInName(text: string, kind: KeyKind, name: string, end: number): Span | undefined {
  const [, hyphen, code] = (kind === 'cvv' ? /^cv[vcn]2?(-?)_?(\d{3})$/i.exec(name) : null) ?? [];
  return code === undefined || (hyphen === '-' && !/^(?:$|[\s,;)]*(?:$|[\r\n,;)]))/.test(text.slice(end, end + 8)))
    ? undefined
    : sadSpan('cvv', end - code.length, end);
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

/** `token: expired`: a colon and a word, in the middle of a line, is talk. A word with a colon is the next key, but right behind a sign of equality. */
function isProse(text: string, gap: Gap, value: Value): boolean {
  if (value.quoted || value.line || gap.element) return false;
  const word = text.slice(value.start, value.end);
  return (/^[\w.-]{2,40}:$/.test(word) && !gap.text.endsWith('=')) || (/[:：][ \t]+$/.test(gap.text) && /^[A-Za-z]+[.!]?$/.test(word));
}

function spanOf(kind: KeyKind, text: string, value: Value): Span | undefined {
  const digits = isSadKind(kind)
    ? /^\d+(?:[ \t]{0,3}[:=][ \t]{0,3}\d{3,12})*/.exec(text.slice(value.start, value.start + 64))?.[0]
    : undefined;
  const written = text.slice(value.start, value.end);
  // `SecretStr(` and `bytes.fromhex(` are what holds the value.
  if (isSadKind(kind) && /^[A-Za-z_][\w.]{2,60}\($/.test(written)) return undefined;
  const whole = keyedSpan(kind, written, value.start);
  return whole ?? (digits === undefined ? undefined : keyedSpan(kind, digits, value.start));
}
