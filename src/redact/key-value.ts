import { findAuthorization } from './authorization.ts';
import { CODE_NAMES, classifyKey, type KeyKind, keyedSpan } from './key.ts';
import { isSadKind, type Span, sadSpan } from './span.ts';
import { readValue, type Value } from './value.ts';

/** Pieces of words that begin or make a key of interest; what they belong to is read around them. */
const STEM = new RegExp(
  [
    'pass(?: ?phrase)?|pwd|psw|secret(?: key)?|token|(?:(?:api|access|private|signing|encryption|master|account|subscription) )?key|cred|cookie',
    'sessid|sessionid|(?<=connect\\.)sid|auth|jwt|bearer|basic|identified by',
    'cv[vcnd]|cv[x2]2?|cve2|csc|cav2|(?:security|verification|card|sec|signature[ _-]?panel)[ _-]?(?:code|value|number)|security[ _-]?no(?![a-z])|card[ _-]?(?:verif|valid|secur|ident)|4dbc',
    'cid(?![a-bd-mo-uw-z])|kbv|codigo(?:[ _-]?de)?[ _-]?seguridad|cryptogramme(?:[ _-]visuel)?|codice[ _-]?sicurezza|(?:karten)?pr(?:ue|ü)f(?:nummer|ziffer)|securite|track(?: ?[123](?: data)?)?|magstripe|magnetic|swipe|msr',
    'pin(?:[ _.-]?bl(?:oc)?k|[ _.-]?(?:number|value|data|code|no))?(?![a-z]|码)|epb',
    '(?<![a-z])t?otp|[sm]ms_?code|mfa_?code|one_?time|zmk|zpk|tmk|tpk|zak|bdk|ipek|kek|dek|pvk|cvk',
    '(?:\\bde|\\bdf|\\bf|\\bfield|\\bbit)[ _.-]?0?(?:35|45|52)\\b|密码|口令|密钥|安全码|验证码|校验码|pin码|磁道',
  ].join('|'),
  'iy',
);
/** Names of the code that other words rarely begin like; tried where the first letter fits and nothing else did. */
const CODE_STEM = new RegExp(
  String.raw`${CODE_NAMES}|c[. ]v[. ][vc2]\.?|p\.i\.n\.?|código(?:[ _-]?de)?[ _-]?seguridad|(?<=code de )(?:s[ée]curit[ée]|vérification)|セキュリティ(?:コード|番号)`,
  'iy',
);
/** Our own marks, and nobody's secrets. People label with `[CVV]: 123`, too. */
const MARK = /\[(?:SECRET:[a-z0-9-]{1,40}\]|TRACK[123]\]|PIN-BLOCK\]|(?:CVV|PIN)\](?![ \t]{0,3}[:=]>?[ \t]{0,3}["']?\d))/y;
const MAX_KEY = 64;

const ASSIGN = '(?:=>|->|\u2192|:=|==?|:|：|%3[Dd]|%3[Aa])';
/** Between a key and its value: `key=`, `"key": `, `\"key\":\"`, `key]=`. */
const ASSIGNED = new RegExp(String.raw`(?:\\{0,6}["'${'`'}])?(?:\]|%5[Dd])?[ \t]{0,8}${ASSIGN}[ \t]{0,8}`, 'y');
/** `"name": "password", "value": "x"`, `name="password" value="x"`. */
const NAME_VALUE =
  /\\{0,6}["'][ \t]{0,4},?[ \t\r\n]{0,24}(?:\\{0,6}["'])?(?:value|val|data|text|content|input|raw)(?:\\{0,6}["'])?[ \t]{0,4}[=:][ \t]{0,4}/iy;
/** `<input name="cvv" maxlength="4" value="123">`, and a part of a form with its empty line. */
const FIELD_OF_FORM =
  /\]?\\{0,6}["'](?:(?:[ \t]{1,4}[\w-]{1,24}=\\{0,6}["'][^"'\r\n<>]{0,80}["']){1,6}[ \t]{1,4}value=\\{0,6}["']?|(?:;[^\r\n\\]{0,80})?(?:(?:\r?\n|\\{1,6}r\\{1,6}n)[\w-]{1,40}:[^\r\n\\]{1,80})?(?:\r?\n|(?:\\{1,6}r)?\\{1,6}n){2})/iy;
/** `"cvc": {"value": "123"}`, `"pin": {"format": "ISO0", "block": "1A2B..."}`. */
const NESTED_GAP =
  /\\{0,6}"\s{0,4}:\s{0,4}\{\s{0,8}(?:\\{0,6}"[\w-]{1,24}\\{0,6}"\s{0,3}:\s{0,3}(?:\\{0,6}"[^"\\\r\n]{0,40}\\{0,6}"|[\w.-]{1,24})\s{0,3},\s{0,8}){0,3}\\{0,6}"(?:value|raw|text|plain|code|number|data|block|blk|encrypted)\\{0,6}"\s{0,3}:\s{0,3}/y;
/** `["cvc"]=> string(3) "123"`, `s:3:"cvc";s:3:"123";` of PHP. */
const PHP_GAP = /\\{0,6}["'](?:\]=>\s{1,24}(?:string\(\d{1,6}\)[ \t](?=\\{0,6}")|int\((?=\d))|;(?:s:\d{1,6}:(?=\\{0,6}")|i:(?=\d)))/y;
/** `CVV: (string) (len=3) "123"`, `Cvv:(*string)("123")` of Go. */
const GO_GAP = /["']?:[ \t]{0,3}\(\*?[a-z][\w.]{0,20}\)[ \t]{0,3}(?:\(len=\d{1,6}[^()\r\n]{0,20}\)[ \t]{0,3})?\(?(?=["'\d])/y;
/** `安全码123`. */
const NO_GAP = /(?=\d{3,4}(?!\d))/y;
/** `cvv | 123`. */
const CELL_GAP = /[ \t]{0,12}\|[ \t]{0,12}(?=[0-9A-Fa-f]{3})/y;
/** `<password>x</password>`, after `<` or a name space. */
const ELEMENT = /(?:[ \t][^<>\r\n]{0,80})?>/y;
/** `--password x`, and as items of a list: `'--password', 'x'`. */
const FLAG_GAP = /[ \t]{1,8}(?!-)|\\{0,6}["'][ \t]{0,4},[ \t\r\n]{0,24}(?=\\{0,6}["'])/y;
/** `PASSWORD 'x'` of SQL and configuration files. */
const QUOTED_GAP = /[ \t]{1,8}(?=\\{0,6}["'])/y;
/** `CVV 123`, `pin is 1234`. */
const SPOKEN_GAP = /[ \t]{1,3}(?:[-\u2013][ \t]{1,3})?(?:(?:is|was|code|value|val|data|no\.?|number|#)[ \t]{0,2}:?[ \t]{0,2}){0,2}(?=\d)/iy;
/** `cvv=[123]`, `"cvv":["123"]`, `CVV(123)`, `cvv=Optional[123]`, `cvv: Some("123")`. */
const WRAPPED_GAP = /(?:\\{0,6}["'])?[ \t]{0,2}(?:[=:][ \t]{0,2})?(?:[A-Z][A-Za-z]{2,20})?[[(]\\{0,6}["']?(?=\d{3,12}\\{0,6}["']?[\])])/y;
/** `(PIN data): 1A2B...`. */
const CLOSED_GAP = /\)[ \t]{0,3}[:=]>?[ \t]{0,3}(?=["']?[0-9A-Fa-f]{2})/y;
/** What a switch notes between the field and its value: `DE052 [LEN=8] 1A2B...`, `Bit 52 (PIN data): 1A2B...`. */
const NOTE_GAP = /[ \t]{0,3}(?:\[[^\]\r\n]{1,24}\]|\([^()\r\n]{1,24}\))[ \t]{0,3}(?:[:=]>?[ \t]{0,3})?(?=["']?[0-9A-Fa-f;%]{2})/y;
/** `F052 [1A2B...]`. */
const BLOCK_GAP = /[ \t]{0,3}\[[ \t]{0,2}(?=[0-9A-Fa-f]{16}[ \t]{0,2}\])/y;
/** A PIN block byte by byte. */
const BLOCK_IN_BYTES = /(?:[0-9A-Fa-f]{2}[ :-]){7}(?:(?:[0-9A-Fa-f]{2}[ :-]){8})?[0-9A-Fa-f]{2}(?![0-9A-Za-z])/y;
/** What people and pages put between a code's name and the code: marks, tags, brackets, a few words. What was taken once is not taken otherwise: the number of ways would double with each. */
const MARKED_GAP =
  /(?:(?=(\\{0,6}["'*_`»”)\]}]|<\/?[a-z]\w{0,15}(?:\s[^<>\n]{0,40})?>\s{0,12}(?=[<\d])|<\/?[a-z]\w{0,15}>|\[\/?[a-z]\w{0,7}\]|[ \t]|->|<-|<<|-(?=[ \t])|[:=#/|([{<«“?\u2192\uff1a\uff1f]|;(?=\d)|,(?=["']|<<|\d{3,4},)|\.(?=[ \t])|(?<![a-z])(?:is|was|are|as|got|given|entered|received|sent|code|value|val|number|no|in|like|mismatch,?|of|on|my|the|his|her|their|your|card|customer|back|front|reads|says|shows|equals|es|est|ist|lautet)(?![a-z])|[是为码は]|客户|用户|顾客|번호))\1){1,12}(?=\d{3,12}(?!\d))/iy;
/** `cvv:` and the code in the line below, as YAML has it; a field of a form with its content. */
const BELOW_GAP =
  /[ \t]{0,2}:[ \t]{0,2}[|>]?[-+]?\r?\n[ \t]{1,24}(?=["']?\d{3,12}["']?[ \t]{0,8}(?:\r?\n|$))|\\{0,6}["'][^<>\n]{0,60}>(?=\d{3,12}<\/)/y;
/** `密码为7316`, `密码 7316`. */
const CHINESE_GAP = /[为是][ \t]?(?=[0-9A-Za-z])|[ \t]{1,3}(?=\d{4,6}(?![\d.:/-]))/y;
/** A code digit by digit: `7 3 1`. */
const SPACED_CODE = /\d(?:[ -]\d){2,5}(?![ -]?\d)/y;
/** Keys of configuration files that take a bare word. */
const BARE_WORD_KEYS = /^(?:requirepass|masterauth|IDENTIFIED BY)$/;
const BARE_GAP = /[ \t]{1,8}(?=\S)/y;

/** Values that their keys give away, in the notations of logs, JSON, YAML, forms, command lines, SQL and XML. */
export function findKeyed(text: string, places: readonly number[]): readonly Span[] {
  const spans: Span[] = [];
  let next = 0;
  for (const from of places) {
    if (from < next) continue;
    const end = endOfStem(text, from);
    if (end === 0) continue;
    const found = findAt(text, from, end);
    if (found.span !== undefined) spans.push(found.span);
    next = Math.max(found.next, from + 1);
  }
  return spans;
}

/** b, c, g, k, p, s, t, v: of the names that are tried where nothing else fitted. */
const FIRST_OF_CODE = new Set([0x62, 0x63, 0x67, 0x6b, 0x70, 0x73, 0x74, 0x76]);

/** 0: none begins there. */
function endOfStem(text: string, from: number): number {
  STEM.lastIndex = from;
  if (STEM.test(text)) return STEM.lastIndex;
  const first = text.charCodeAt(from) | 0x20;
  if (first < 0x80 && !FIRST_OF_CODE.has(first)) return 0;
  CODE_STEM.lastIndex = from;
  return CODE_STEM.test(text) ? CODE_STEM.lastIndex : 0;
}

interface Found {
  readonly span?: Span | undefined;
  /** Where to look on. */
  readonly next: number;
}

function findAt(text: string, stemStart: number, stemEnd: number): Found {
  const authorization = findAuthorization(text, stemStart);
  if (authorization !== undefined) return { span: authorization, next: authorization.end };
  const key = keyAround(text, stemStart, stemEnd);
  MARK.lastIndex = key.start - 1;
  if (MARK.test(text)) return { next: MARK.lastIndex };
  const name = text.slice(key.start, key.end);
  const kind = CARD_ID.test(name) && standsByCard(text, key) ? 'cvv' : classifyKey(name);
  if (kind === undefined || kind === 'pan') return { next: key.end };
  const gap = gapAfter(text, key, kind);
  if (gap === undefined) return { span: codeInName(kind, name, key.end), next: key.end };
  if (closesHere(text, key, gap)) return { next: key.end };
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
  return span === undefined ? { next: key.end } : { span, next: span.end };
}

/** `CVV731`. */
function codeInName(kind: KeyKind, name: string, end: number): Span | undefined {
  const code = kind === 'cvv' ? /^cv[vcn]2?(\d{3})$/i.exec(name)?.[1] : undefined;
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
  // An escape such as `\n` is no part of the key.
  if (text[start - 1] === '\\' && start < stemStart && 'nrt'.includes(text[start] ?? '')) start++;
  let end = stemEnd;
  // `安全码123`: digits are no part of a word that is not written in these letters.
  while (text.charCodeAt(stemEnd - 1) < 0x300 && end < stemEnd + MAX_KEY && isKeyCharacter(text.charCodeAt(end), false)) end++;
  return { start, end };
}

/** ASCII letters, digits, `_`, `-`; before the stem also `.`. */
function isKeyCharacter(code: number, before: boolean): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    (before && code === 0x2e)
  );
}

interface Gap {
  readonly end: number;
  /** What stands between key and value. */
  readonly text: string;
  readonly element: boolean;
}

function gapAfter(text: string, key: Key, kind: KeyKind): Gap | undefined {
  const name = text.slice(key.start, key.end);
  const isElement =
    text[key.start - 1] === '<' || (text[key.start - 1] === ':' && /<\w{1,20}:$/.test(text.slice(Math.max(0, key.start - 22), key.start)));
  const patterns = [
    ...(isSadKind(kind) ? [NESTED_GAP, WRAPPED_GAP, BELOW_GAP, MARKED_GAP] : []),
    ...(kind === 'pin-block' ? [BLOCK_GAP] : []),
    PHP_GAP,
    GO_GAP,
    ASSIGNED,
    NAME_VALUE,
    FIELD_OF_FORM,
    ...(isElement ? [ELEMENT] : []),
    ...(name.startsWith('-') ? [FLAG_GAP] : []),
    ...(/(?:word|passwd|pwd|phrase|identified by)$/i.test(name) ? [QUOTED_GAP] : []),
    ...(isSadKind(kind) ? [SPOKEN_GAP, CELL_GAP, NOTE_GAP, CLOSED_GAP] : []),
    ...(/[密口]/.test(name) ? [CHINESE_GAP] : []),
    ...(kind === 'cvv' && /[码位字코드]$/.test(name) ? [NO_GAP] : []),
    ...(BARE_WORD_KEYS.test(name) || isNetrc(text, key.start, kind) ? [BARE_GAP] : []),
  ];
  for (const pattern of patterns) {
    pattern.lastIndex = key.end;
    if (pattern.test(text)) return { end: pattern.lastIndex, text: text.slice(key.end, pattern.lastIndex), element: pattern === ELEMENT };
  }
  return undefined;
}

/** The quote after `'password='` is the one that closes the whole. */
function closesHere(text: string, key: Key, gap: Gap): boolean {
  const quote = text[key.start - 1] ?? '';
  return '"\'`'.includes(quote) && quote !== '' && text[gap.end] === quote && !gap.text.includes(quote);
}

/** `machine h login u password p`. */
function isNetrc(text: string, start: number, kind: KeyKind): boolean {
  return kind === 'password' && /\blogin\s{1,4}\S{1,64}\s{1,4}$/.test(text.slice(Math.max(0, start - 80), start));
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
  const whole = keyedSpan(kind, text.slice(value.start, value.end), value.start);
  return whole ?? (digits === undefined ? undefined : keyedSpan(kind, digits, value.start));
}
