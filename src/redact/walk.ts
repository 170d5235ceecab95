import { isHexBlock, VALUES } from './authentication-value.ts';
import { STEP, TELLING } from './connector.ts';
import { answerBelow } from './dialogue.ts';
import { type SadKind, type Span, sadSpan } from './span.ts';
import { blockBefore, comparedWith, inArguments, saidFurther } from './told-further.ts';

/** Where a key stands in a text. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

const MOST_STEPS = 24;
const REACH = 240;

interface Way {
  /** A sign that a value follows. */
  told: boolean;
  /** `with value "123"`. */
  valued: boolean;
  /** `PIN set to 1234`. */
  said: boolean;
  /** `changed from 123`. */
  aimed: boolean;
  /** `CVV da cartão 123`. */
  ofCard: boolean;
  /** The list in which key and value are neighbours: `('cvv', '123')`. */
  paired: boolean;
  cell: boolean;
  lines: number;
}

/**
 * From a key to its value through whatever programs put between: quotes, brackets, tags, wrappers (`Some(`), types, line ends,
 * `"name": "cvv", "value":`, tuples, dots. Undefined where words of another kind stand between, or the value is none.
 */
export function walkToValues(text: string, key: Place, kind: SadKind): readonly Span[] {
  const value = VALUES[kind];
  if (value === undefined) return [];
  const given = inArguments(text, key, kind);
  if (given.length > 0) return given;
  const walked = walk(text, key, kind, value);
  if (walked.length > 0) return walked;
  const further =
    saidFurther(text, key, kind) ??
    answerBelow(text, key, kind) ??
    (kind === 'pin-block' || kind === 'pin' ? blockBefore(text, key) : undefined);
  return further === undefined ? [] : [further];
}

function walk(text: string, key: Place, kind: SadKind, value: RegExp): readonly Span[] {
  const way: Way = { told: false, valued: false, said: false, aimed: false, ofCard: false, paired: false, cell: false, lines: 0 };
  let at = key.end;
  for (let step = 0; step < MOST_STEPS && at < key.end + REACH; step++) {
    value.lastIndex = at;
    if (isBorder(text, at, key) && value.test(text)) {
      if (isBelieved(text, key, kind, at, value.lastIndex, way)) return listFrom(text, at, value, kind, way);
      return [];
    }
    STEP.lastIndex = at;
    const groups = STEP.exec(text)?.groups;
    if (groups === undefined || !goOn(text, key, kind, groups, way, at === key.end)) return [];
    at = STEP.lastIndex;
  }
  return [];
}

function goOn(
  text: string,
  key: Place,
  kind: SadKind,
  groups: Readonly<Record<string, string | undefined>>,
  way: Way,
  isFirst: boolean,
): boolean {
  if (TELLING.some((name) => groups[name] !== undefined)) way.told = true;
  if (groups.leader !== undefined)
    way.told ||= groups.leader.length > 1 || /[^\x00-\x7f]/.test(groups.leader) || '("\''.includes(text[key.start - 1] ?? '_');
  if (groups.sign !== undefined) {
    if (!isFirst || groups.sign === '-') return groups.sign === '-' || groups.sign === '#' || groups.sign === '/';
    way.told ||= groups.sign !== '#' && groups.sign !== '/';
  }
  if (groups.comma !== undefined) {
    if (
      !/["'`][#.]?$|[[({]:?$|[(["'`]\/$|(?:^|[^\w:]):$/.test(text.slice(Math.max(0, key.start - 2), key.start)) &&
      !/["'`]/.test(text[key.end] ?? '') &&
      !way.told
    )
      return false;
    way.paired = true;
  }
  if (groups.word !== undefined) {
    way.told ||= EXAMPLE.test(groups.word) || ((kind === 'cvv' || kind === 'pin') && NUMBER_ELSEWHERE.test(groups.word));
    way.valued ||= VALUED.test(groups.word);
    way.said ||= SAID.test(groups.word);
    way.aimed ||= AIMED.test(groups.word);
    way.ofCard ||= OF_CARD.test(groups.word);
  }
  // `【CVV】123`: the name stands in brackets.
  if (groups.close !== undefined && '】）」』》〉'.includes(groups.close)) way.told = true;
  if (groups.cell !== undefined) way.cell = true;
  if (groups.line !== undefined) way.lines++;
  return way.lines <= 2;
}

function isBorder(text: string, at: number, key: Place): boolean {
  return at > key.end || !/[A-Za-z0-9]/.test(text[at - 1] ?? '');
}

const SAID = /^(?:plaintext|returned|returns|set|to|changed|digits?|entered|eingegeben|ingresado|saisi|digitado|inserito|introducido)$/i;
/** `CVCコード 123`: with it the name is whole. */
const NUMBER_ELSEWHERE = /^(?:コード|番号|코드|번호|[码號号碼]|numaras[ıi]|numaram|kodum|kodunuz|kodu)$/i;
const EXAMPLE = /^(?:e\.g\.|eg|ej|z\.B\.|example)$/i;
const AIMED = /^(?:returned|returns|from|to|into)$/i;
/** `from 1234 to 5678`. */
const INTO = /^["']?[ \t](?:to|into|->|→)[ \t]["']?\d{3}/;
const OF_CARD =
  /^(?:carte|tarjeta|cart[aã]o?|card|карт[аыи]|картки|karty|kart[iıu]|kaart|kortet|karte|atm|kartu|bancomat|multibanco|cajero|(?:bank)?pas|ec-karte)$/i;
const VALUED =
  /^(?:value|payload|input|digits|rejected|received|got|expected|entered|default|invalid|with|was|is|data|text|eingegeben|ingresado|saisi|digitado)$/i;

const LINE_RESTS = /[ \t"'`,;\])}]*(?:\r?\n|$|<\/|\\{1,4}[nr])/y;

function isBelieved(text: string, key: Place, kind: SadKind, at: number, end: number, way: Way): boolean {
  if (way.lines > 0) {
    LINE_RESTS.lastIndex = end;
    if (!LINE_RESTS.test(text)) return false;
    return way.told || way.paired || isAloneBefore(text, key.start);
  }
  if (
    way.paired &&
    !/["']/.test(text[at - 1] ?? '') &&
    '[({:'.includes(text[key.start - 1] ?? '_') &&
    !/^["']?[\])}]/.test(text.slice(end, end + 2))
  )
    return false;
  if (way.cell) return /^["'`*_)\]]{0,3}[ \t]*(?:[|│┃║¦]|\t|\r?\n|$)/.test(text.slice(end, end + 24));
  if (way.valued && /["'`]/.test(text[at - 1] ?? '')) return true;
  if (way.said && (kind === 'pin' || way.aimed)) return true;
  if (way.aimed && INTO.test(text.slice(end, end + 16))) return true;
  if (way.ofCard && /^(?:[ \t]{0,4}(?:[\r\n,;.)]|$))/.test(text.slice(end, end + 6))) return true;
  return way.told || way.paired || kind === 'pin-block' || (kind === 'pin' && end - at >= 16) || kind.startsWith('track');
}

function isAloneBefore(text: string, start: number): boolean {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  return (
    start - line < 40 &&
    /^(?:\d{1,3}\) )?[\s"'`<[#*>$/;-]*(?:(?:please )?(?:re-?)?(?:enter|type|input|confirm) (?:(?:your|the|a|card|new|old|\d.digit) ){0,3})?$/i.test(
      text.slice(line, start),
    )
  );
}

function listFrom(text: string, from: number, value: RegExp, kind: SadKind, way: Way): readonly Span[] {
  value.lastIndex = from;
  value.test(text);
  const first = sadSpan(kind === 'pin' && isHexBlock(text.slice(from, value.lastIndex)) ? 'pin-block' : kind, from, value.lastIndex);
  return way.paired ? [first] : [first, ...restOfList(text, first, kind)];
}

const NEXT_OF_LIST = /\\{0,7}["']?\s{0,4},\s{0,24}\\{0,7}["']?(?=[0-9A-Fa-f])/y;
const MOST_OF_LIST = 1_000;

/** `cvvs: [123, 456]`: what follows the first in its brackets. */
export function restOfList(text: string, first: Span, kind: SadKind): readonly Span[] {
  const value = VALUES[kind];
  const spans: Span[] = [];
  if (value === undefined) return spans;
  if (!isInList(text, first.start)) return comparedWith(text, first, kind, value);
  let at = first.end;
  while (spans.length < MOST_OF_LIST) {
    NEXT_OF_LIST.lastIndex = at;
    if (!NEXT_OF_LIST.test(text)) break;
    value.lastIndex = NEXT_OF_LIST.lastIndex;
    if (!value.test(text)) break;
    spans.push(sadSpan(kind, NEXT_OF_LIST.lastIndex, value.lastIndex));
    at = value.lastIndex;
  }
  return spans.length > 0 ? spans : comparedWith(text, first, kind, value);
}

function isInList(text: string, from: number): boolean {
  return /\[\s{0,40}\\{0,7}["']?$/.test(text.slice(Math.max(0, from - 50), from));
}

/** `CVV verify: pan=... given=123`: a code or a PIN that is told apart further on in the line. */
const LABELLED_CODE =
  /(?<![A-Za-z])(?:given|calc|calculated|computed|entered|keyed|supplied|provided|expected|stored|generated)["']?[=:][ \t]?["'[]{0,2}(?=\d)/gi;

export function codesBehind(text: string, key: Place, kind: SadKind): readonly Span[] {
  const value = VALUES[kind];
  const line = text.slice(key.end, key.end + 160).split('\n', 1)[0] ?? '';
  if (value === undefined) return [];
  return Array.from(line.matchAll(LABELLED_CODE), ({ 0: label, index }) => key.end + index + label.length).flatMap((at) => {
    value.lastIndex = at;
    return value.test(text) ? [sadSpan(kind, at, value.lastIndex)] : [];
  });
}

const LABELLED_BLOCK =
  /(?<![A-Za-z])(?:src|dst|source|dest(?:ination)?|in|out|old|new|enc|block|blk|epb|pb|data|value|under \w{2,4}|[源入]|目的?|[输轉转]出|[新旧原])["']?[ \t]{0,3}(?:[:=]>?|->|\[|[ \t])[ \t]{0,3}["'[]{0,2}([0-9A-Fa-f]{32}|[0-9A-Fa-f]{16})(?![0-9A-Za-z])/gi;

/** `translate PIN: src=1A2B... dst=3C4D...`, `get pin -> block=1A2B...`: blocks that are told apart further on in the line. */
export function blocksBehind(text: string, key: Place): readonly Span[] {
  const line = text.slice(key.end, key.end + 160).split('\n', 1)[0] ?? '';
  return Array.from(line.matchAll(LABELLED_BLOCK), ({ 0: whole, 1: block = '', index }) => {
    const end = key.end + index + whole.length;
    return sadSpan('pin-block', end - block.length, end);
  });
}
