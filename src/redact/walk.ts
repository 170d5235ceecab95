import { isHexBlock, VALUES } from './authentication-value.ts';
import { type SadKind, type Span, sadSpan } from './span.ts';
import { blockBefore, comparedWith, inArguments, saidFurther } from './told-further.ts';

/** Where a key stands in a text. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

const MOST_STEPS = 24;
const REACH = 240;

/** Wrappers, types and remarks that stand between a name and its value. */
const WORDS = [
  'value|val|v|vStr|vLong|(?:string|int|long|double|rejected|actual|raw|field|attribute|param)_?value|input|payload|it|agent|retry',
  'old|changed|inserito|introducido|data|content|contents|text|raw|plain|clear|string|str',
  String.raw`(?:var)?char2?(?:\(\d{1,4}\))?|int|integer|long|number|num|S|N|some|optional|just|secret|sensitive|present|code`,
  'is|was|are|as|got|given|tried|entered|received|expected|computed|calculated|calc|field(?:_?value)|default|ist',
  String.raw`est|es|é|at|row \d{1,6}|with|rejected|fmt[ =:]{0,2}\d|format[ =:]{0,2}\d|der|karte|eingegeben|ingresado|saisi`,
  'digitado|in|want|dell?a|de|la|carte|tarjeta|cart[aã]o?|da|do|invalid|mismatch|by|from|new|of|the|card|u|b|be|must',
  'digits?|bytes|element|after|before|xor|encryption|translation|set|to|into|src|dst|source|dest|ok|returned|returns|decrypted|binary|hex|ascii|bcd|LLVAR|LLLVAR|block',
  '2(?=[ \\t]{0,2}[:=])|plaintext|clear text|明文|密文|buffer|buf|puffer|fmt|format|iso|mode|has|карт[аыи]|картки|karty|kart[iıu]|kaart|kortet|karte|atm',
].join('|');
/** Functions and constructors that make a value of what they are given: `bytes.fromhex("`, `float64(`, `new ByteString("`. */
const MADE_BY = [
  'u?int(?:8|16|32|64)?|float(?:32|64)?|double|decimal|big_?(?:int(?:eger)?|decimal)|parse_?(?:int|long|hex)\\w{0,8}|value_?of|json\\.number',
  'bytes(?:_?array)?|byte_?(?:string|array)|(?:un|from_?|decode_?|a2b_?)hex(?:lify|_?string)?|hex(?:_?string|str)?(?:_?to_?byte(?:s|array)?|2bin|2byte\\w{0,8}|_?decode\\w{0,8})?',
  'from_?(?:string|base64)|(?:b|base)64_?decode|secret_?str(?:ing)?|buffer\\.from',
].join('|');
/** What is told about a value before it. */
const ATTRIBUTES =
  'type|present|presence|indicator|ind|fieldtype|msg|message|reason|rule|constraint|objectName|defaultMessage|encrypted|format|fmt|class|len|length|size|id|index|encoding|maxlength|max|min|label|title|placeholder|required|hidden|kind|xsi:type|scheme|datatype|mandatory|sensitive|masked';

/** One step from a key to its value. */
const STEP = new RegExp(
  [
    String.raw`(?<member>(?:->|(?<=-)>|\.)[A-Za-z]\w{0,24}(?=[ \t]{0,3}=[^=]))`,
    String.raw`(?<blank>[ \t\u00a0\u3000]+)`,
    String.raw`(?<input>\r?\n[ \t]{1,8}[A-Z][^\r\n]{0,160}?[, \[]input_value=)`,
    String.raw`(?<line>\r?\n|(?:\\{1,4}r)?\\{1,4}n(?![a-z]))`,
    String.raw`(?<closed>\]\]>|</[\w:.-]{1,40}>[ \t]{0,8}(?:\r?\n)?[ \t]{0,40}(?=<))`,
    String.raw`(?<tag><!\[CDATA\[|(?!<Buffer )<[A-Za-z][\w:.-]{0,40}(?:[ \t][^<>\r\n]{0,80})?>|>)`,
    String.raw`(?<attribute>,?[ \t]{0,4}(?:\r?\n[ \t]{0,40})?(?:\\{0,6}["'])?(?:${ATTRIBUTES})(?:\\{0,6}["'])?[ \t]{0,4}[:=][ \t]{0,4}(?:\\{0,6}["'][\w:./ -]{0,40}\\{0,6}["']|[\w.:-]{1,24})(?:[,;][ \t]{0,4})?)`,
    String.raw`(?<pair>[,;][ \t]{0,4}(?:value|val|v|content|data|text)[ \t]{0,3}[:=]|,[ \t](?:but[ \t])?(?:was|got|received|actual|given|found)(?![A-Za-z])|has value(?![A-Za-z]))`,
    String.raw`(?<made>(?:new[ \t])?(?:[A-Za-z]\w{0,24}\.){0,3}(?:${MADE_BY})\([ \t]{0,2})`,
    String.raw`(?<word>!!\w{2,6}|\.(?:val\(\)|value|text\(\)|\$?(?:view|model)value)|(?:[A-Z]\w{0,40}:)?(?:private|protected)|\[\](?:string|int\d{0,2}|byte|interface ?\{\})|byte\[\d{0,2}\]|string\(\d{1,3}\)|\d{1,2} (?:digits?|characters?)|（[^（）]{1,16}）|数|ブロック|블록|コード|番号|번호|[码號号碼]|密文|(?:${WORDS})(?![A-Za-z0-9_]))`,
    String.raw`(?<failed>(?:check |validation |verification )?(?:failed|failure|mismatch|error|compare)[:,]?(?=[ \t]{1,2}(?:expected|received|actual|got|in|want)(?![A-Za-z])))`,
    String.raw`(?<args>\([^()\r\n]{1,160}\)(?=[ \t]{0,3}(?:=|->|→|returned|returns|:)[ \t]))`,
    String.raw`(?<plus>\+(?=[ \t]{0,2}["'\d]))`,
    String.raw`(?<colour>\[\d{1,2}(?:;\d{1,2}){0,3}m)`,
    String.raw`(?<call>\)?\.[A-Za-z]\w{1,24}\([ \t]{0,2}(?=\\{0,6}["'${'`'}]?\d))`,
    '(?<assign>=>|->|~>|→|:=|={1,3}>?|:{1,2}|：|＝|%3[DdAa])',
    String.raw`(?<note>\[[1-9]\](?=[ \t])|\([^()\r\n]{1,24}\)(?=[ \t]{0,4}[:=\[(]|[ \t]{1,4}[0-9A-F]{16})|\[[^\]\r\n]{1,12}\](?=[ \t]{0,4}[:=\[]|[ \t]{1,4}[0-9A-F]{16}))`,
    String.raw`(?<open><Buffer(?= [0-9a-f]{2} )|[A-Z][A-Za-z]{2,20}\(|[\[({]|<<|【|（|「|“)`,
    String.raw`(?<quote>@?\\{0,7}["'${'`'}]|[*_]{1,2}|”|»|«)`,
    String.raw`(?<close>[\])}])`,
    '(?<comma>,|，)',
    String.raw`(?<cell>\|\|?|\t)`,
    String.raw`(?<leader>—|\.{2,60}|_{3,60}|-{2,60}|\.(?=[ \t]))`,
    String.raw`(?<sign>[\^~;#/|-])`,
  ].join('|'),
  'iy',
);

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
  const further = saidFurther(text, key, kind) ?? (kind === 'pin-block' || kind === 'pin' ? blockBefore(text, key) : undefined);
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
    if (groups === undefined || !goOn(text, key, groups, way, at === key.end)) return [];
    at = STEP.lastIndex;
  }
  return [];
}

/** What says that a value follows. */
const TELLING = ['call', 'made', 'plus', 'args', 'colour', 'failed', 'input', 'assign', 'open', 'tag', 'pair'] as const;

function goOn(text: string, key: Place, groups: Readonly<Record<string, string | undefined>>, way: Way, isFirst: boolean): boolean {
  if (TELLING.some((name) => groups[name] !== undefined)) way.told = true;
  if (groups.leader !== undefined)
    way.told ||= groups.leader.length > 1 || groups.leader === '—' || '("\''.includes(text[key.start - 1] ?? '_');
  if (groups.sign !== undefined) {
    if (!isFirst || groups.sign === '-') return groups.sign === '-' || groups.sign === '#' || groups.sign === '/';
    way.told ||= groups.sign !== '#' && groups.sign !== '/';
  }
  if (groups.comma !== undefined) {
    if (!/["'`][#.]?$|[[({]:?$/.test(text.slice(Math.max(0, key.start - 2), key.start)) && !/["'`]/.test(text[key.end] ?? '') && !way.told)
      return false;
    way.paired = true;
  }
  if (groups.word !== undefined) {
    way.valued ||= VALUED.test(groups.word);
    way.said ||= SAID.test(groups.word);
    way.aimed ||= AIMED.test(groups.word);
    way.ofCard ||= OF_CARD.test(groups.word);
  }
  if (groups.cell !== undefined) way.cell = true;
  if (groups.line !== undefined) way.lines++;
  return way.lines <= 2;
}

function isBorder(text: string, at: number, key: Place): boolean {
  return at > key.end || !/[A-Za-z0-9]/.test(text[at - 1] ?? '');
}

const SAID = /^(?:plaintext|returned|returns|set|to|changed|digits?|entered|eingegeben|ingresado|saisi|digitado|inserito|introducido)$/i;
const AIMED = /^(?:returned|returns|from|to|into)$/i;
const OF_CARD = /^(?:carte|tarjeta|cart[aã]o?|card|карт[аыи]|картки|karty|kart[iıu]|kaart|kortet|karte|atm)$/i;
const VALUED =
  /^(?:value|payload|input|digits|rejected|received|got|expected|entered|default|invalid|with|was|is|data|text|eingegeben|ingresado|saisi|digitado)$/i;

const LINE_RESTS = /[ \t"'`,;\])}]*(?:\r?\n|$|<\/|\\{1,4}[nr])/y;

function isBelieved(text: string, key: Place, kind: SadKind, at: number, end: number, way: Way): boolean {
  if (way.lines > 0) {
    LINE_RESTS.lastIndex = end;
    if (!LINE_RESTS.test(text)) return false;
    return way.told || way.paired || isAloneBefore(text, key.start);
  }
  if (way.paired && '[({:'.includes(text[key.start - 1] ?? '_') && !/^["']?[\])}]/.test(text.slice(end, end + 2))) return false;
  if (way.cell) return /^["'`*_]{0,2}[ \t]*(?:\||\t|\r?\n|$)/.test(text.slice(end, end + 24));
  if (way.valued && /["'`]/.test(text[at - 1] ?? '')) return true;
  if (way.said && (kind === 'pin' || way.aimed)) return true;
  if (way.ofCard && /^(?:[ \t]{0,4}(?:[\r\n,;.)]|$))/.test(text.slice(end, end + 6))) return true;
  return way.told || way.paired || kind === 'pin-block' || (kind === 'pin' && end - at >= 16) || kind.startsWith('track');
}

function isAloneBefore(text: string, start: number): boolean {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  return (
    start - line < 40 &&
    /^[\s"'`<[#*>$-]*(?:(?:please )?(?:re-?)?(?:enter|type|input|confirm) (?:(?:your|the|a|card|new|old|\d.digit) ){0,3})?$/i.test(
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
  return spans;
}

function isInList(text: string, from: number): boolean {
  return /\[\s{0,40}\\{0,7}["']?$/.test(text.slice(Math.max(0, from - 50), from));
}

/** The value first, its name behind: `{"value":"123","name":"cvv"}`, `<input value="123" name="cvv"/>`, `rejected value [123]; field 'cvv'`. */
const VALUE_FIRST =
  /(?:^|[^A-Za-z])(?:(?:field[_-]?)?value|val|data|content|text|v)(?:\\{0,6}["'])?[ \t]{0,4}(?:=>|[=:]|(?=[[("']))[ \t]{0,4}\\{0,6}["'[(]?([0-9A-Fa-f]{3,32})\\{0,6}["')\]]?(?![0-9A-Za-z])([^{}<>]{0,120})$/i;
const NAME_FOLLOWS =
  /^[\s,;]{1,40}(?:(?:\\{0,6}["'])?(?:type|id|class|index|order|required|encrypted|maxlength|size|format|autocomplete|placeholder)(?:\\{0,6}["'])?[ \t]{0,3}[=:][ \t]{0,3}\\{0,6}["']?[\w -]{1,40}\\{0,6}["']?[\s,;]{1,40}){0,5}(?:\\{0,6}["'])?(?:field[_-]?name|name|key|k|id|field|param(?:eter)?|label|n|attribute|code|on|for|of|in|at|column|property|is not a valid|invalid)(?:\\{0,6}["'])?[ \t]{0,4}(?:=>|[=:])?[ \t]{0,4}(?:field|column|property|parameter|attribute)?[ \t]{0,2}\\{0,6}["'[(`]{0,2}(?:\w{1,24}[.[])?$/i;

/** The span of a value that stands before its name. */
export function valueBefore(text: string, key: Place, kind: SadKind): Span | undefined {
  const lead = text.slice(Math.max(0, key.start - REACH), key.start);
  const shape = VALUES[kind];
  if (!/["'`[=:(]$|, ?$|\b(?:field|column|parameter|property|attribute|for|of|in|into|as|the) $/.test(lead)) return undefined;
  const beside = BESIDE.exec(lead);
  if (beside !== null && shape !== undefined) return spanBefore(text, key.start - lead.length + beside.index, beside, shape, kind);
  const [whole, value = '', between = ''] = VALUE_FIRST.exec(lead) ?? [];
  if (whole === undefined || shape === undefined || !NAME_FOLLOWS.test(between)) return undefined;
  const start = key.start - lead.length + lead.lastIndexOf(value, lead.length - between.length);
  shape.lastIndex = start;
  return shape.test(text) && shape.lastIndex === start + value.length ? sadSpan(kind, start, shape.lastIndex) : undefined;
}

/** `assertEquals("123", card.getCvv())`, `[VARCHAR] - [123] (card.cvv)`, `I enter "123" in the cvv field`. */
const BESIDE =
  /(?:\b(?:assert\w{0,20}|expect\w{0,8}|eq|equals?|is|compare|verify)[ \t]?\([ \t]{0,2}["']?([0-9A-Fa-f]{3,32})["']?,[ \t]{0,2}(?:\w{1,20}[.(]){0,2}|[[("']([0-9A-Fa-f]{3,32})["'\])]{1,2}[ \t]{1,2}(?:[[(]|(?:in|into|as|for)[ \t](?:the[ \t])?["']?))$/i;

function spanBefore(text: string, at: number, found: RegExpExecArray, shape: RegExp, kind: SadKind): Span | undefined {
  const value = found[1] ?? found[2] ?? '';
  const start = at + found[0].indexOf(value, found[0].search(/["'[(]/));
  shape.lastIndex = start;
  return shape.test(text) && shape.lastIndex === start + value.length ? sadSpan(kind, start, shape.lastIndex) : undefined;
}

const LABELLED_BLOCK =
  /(?<![A-Za-z])(?:src|dst|source|dest(?:ination)?|in|out|old|new|enc|block|blk|epb|pb|data|value|under \w{2,4})["']?[ \t]{0,3}(?:[:=]>?|->|\[|[ \t])[ \t]{0,3}["'[]{0,2}([0-9A-Fa-f]{32}|[0-9A-Fa-f]{16})(?![0-9A-Za-z])/gi;

/** `translate PIN: src=1A2B... dst=3C4D...`, `get pin -> block=1A2B...`: blocks that are told apart further on in the line. */
export function blocksBehind(text: string, key: Place): readonly Span[] {
  const line = text.slice(key.end, key.end + 160).split('\n', 1)[0] ?? '';
  return Array.from(line.matchAll(LABELLED_BLOCK), ({ 0: whole, 1: block = '', index }) => {
    const end = key.end + index + whole.length;
    return sadSpan('pin-block', end - block.length, end);
  });
}
