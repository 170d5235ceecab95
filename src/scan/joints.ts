/** What the name of authentication data gives away: a verification code, a PIN, an encrypted PIN. */
export type Kind = 'code' | 'pin' | 'block';

interface Place {
  readonly start: number;
  readonly end: number;
}

/** What a name ends in, and that no word goes on: `cvvResult` and `pin_count` tell about one. */
const SUFFIX =
  /(?:[_ .-]?(?:code|cd|value|val|number|num|nbr|no|nr|data|digits?|input|field|entered|plain|clear|raw|text|txt|hex|bytes|new|old|iso_?\d|under[_ ]?[a-z]{3}|for_\w{2,4}|[码碼番号號번호]{1,2})(?![a-z])|[_-]?[12](?![0-9]))*/iy;
const GOES_ON = /[A-Za-z0-9_]|-[A-Za-z0-9]/y;

const WORDS =
  'value|val|v|s|n|b|u|string|int|(?:string|int|field|rejected)[_ ]?value|some|optional|just|secretstr|secret|sensitive|is|was|are|got|given|expected|received|entered|returned|returns|set|to|from|changed|invalid|mismatch,?|with|of|the|card|for|carte|tarjeta|cart[aã]o|karte|karty|kartu|карт[аыи]|картки|data|as|old|new|in|out|under|zpk|tmk|tpk|lmk|format|fmt|iso|isof?0|(?:check |validation )?failed:?|compare:?|text|input|content|plaintext|明文|密文|buffer|buf|default|char|varchar|digits|bytes|element|after|before|xor|encryption|码|為|为|是';
/** One step from a name to its value, each told by its first sign. */
const JOINT = new RegExp(
  [
    String.raw`(?<blank>[ \t\u00a0\u3000]{1,60})`,
    String.raw`(?<input>\r?\n[ \t]{1,8}[A-Z][^\r\n]{0,160}?[, \[]input_value=)`,
    String.raw`(?<line>\r?\n[ \t]{0,40}|(?:\\{1,7}r)?\\{1,7}n(?![a-z])\s{0,40})`,
    String.raw`(?<pair>[,;]\s{0,24}(?:\\{0,7}["'])?(?:type|kind|id|class)\\{0,7}["']?\s?[:=]\s?\\{0,7}["']?\w{1,16}\\{0,7}["']?|[,;]\s{0,24}\\{0,7}["']?(?:value|val|with|content|text)\\{0,7}["']?\s{0,3}[:=]|;(?:s:\d{1,4}:|i:)|(?<=[ \t])val(?:ue)?=)`,
    String.raw`(?<given>,[ \t]?(?=["'${'`'}]\d{3,12}["'${'`'}]))`,
    String.raw`(?<comma>[,，]\s{0,24})`,
    String.raw`(?<attribute>(?<=[ \t])(?!val(?:ue)?=)[\w:.-]{1,24}=["'][^"'<>\n]{0,60}["'](?=[ \t]{0,4}/?>)|(?<=["'] )(?:type|id|class|maxlength|size|autocomplete|placeholder)=["'][^"'<>\n]{0,40}["'])`,
    String.raw`(?<word>string\(\d{1,3}\)|\[\]string|(?:format|fmt)[ =:]{0,2}\d(?![0-9])|(?:${WORDS})(?![A-Za-z0-9_]))`,
    String.raw`(?<note>\[\d{1,2}(?:;\d{1,2}){0,3}m|\([^()\r\n]{1,160}\)(?=[ \t]{0,3}(?:=|->|returned|:)[ \t])|(?:->|\.)[A-Za-z]\w{0,24}(?=[ \t]{0,3}=[^=])|\[\d{1,3}\](?=\s?[=:])|\([^()\r\n]{1,24}\)(?=[ \t]{0,4}[:=\[(])|（[^（）\r\n]{1,16}）|[\u3400-\u9fff]{1,12}(?=[:：]))`,
    String.raw`(?<call>\)?\.[A-Za-z]\w{1,24}\(|(?:new[ \t])?(?:[A-Z]\w{0,20}\.){0,2}[A-Z]\w{2,20}\()`,
    String.raw`(?<dash>-(?=[ \t]))`,
    '(?<assign>=>|->|~>|—|→|\\+(?=[ \\t]{0,2}["\'\\d])|:=|={1,3}|:{1,2}|：|＝|%3[DdAa])',
    String.raw`(?<closed></[\w:.-]{1,40}>\s{0,40}(?=<[A-Za-z!]))`,
    String.raw`(?<tag><!\[CDATA\[|</(?:b|i|u|em|strong|span|label|font)>|<[A-Za-z][^<>\r\n]{0,80}>|>)`,
    '(?<open>[[({]|【|（|「)',
    String.raw`(?<quote>@?\\{0,7}["'${'`'}]|\*{1,2}|_{1,2})`,
    String.raw`(?<close>[\])}])`,
    String.raw`(?<cell>\|{1,2}|\t)`,
    String.raw`(?<dots>\.{2,80}|[#~/^])`,
  ].join('|'),
  'iy',
);
const MOST_JOINTS = 20;
const REACH = 200;
const MOST_LINES = 2;

const NUMBER_ENDS = String.raw`(?![0-9A-Za-z%]|\*(?:\d|\*\*)|[.:,/-]\d|\s?(?:ms|s|bytes|sec|seconds?|minutes?|rows?)\b|[ \t](?:OK|Created|Accepted|No Content|Bad|Unauthorized|Forbidden|Not Found|Conflict|Internal|Service|Gateway)\b)`;
const VALUES: Readonly<Record<Kind, RegExp>> = {
  code: new RegExp(String.raw`\d{3,4}${NUMBER_ENDS}`, 'y'),
  pin: new RegExp(String.raw`(?:\d{4,6}${NUMBER_ENDS}|(?=[0-9A-F]*[A-F])[0-9A-F]{16}(?![0-9A-Za-z]))`, 'iy'),
  block:
    /(?:[0-9A-F]{32}|[0-9A-F]{16,17}|(?:[0-9A-F]{2} ){7}[0-9A-F]{2}|(?:0x[0-9A-F]{2}[, ]{1,2}){7}0x[0-9A-F]{2}|-?\d{1,3}(?:, ?-?\d{1,3}){7}(?=[\]})])|[A-Za-z0-9+/]{10,22}==?)(?![0-9A-Za-z])/iy,
};
/** Pins of boards and chips. */
const OF_MACHINE = /gpio|pinctrl|pinmux|soc|chip|board|connector|cpu|thread|mcu/i;

/** Is this all of a value of that kind? */
export function isTold(value: string, kind: Kind): boolean {
  VALUES[kind].lastIndex = 0;
  return VALUES[kind].test(value) && VALUES[kind].lastIndex === value.length;
}

/** From a name to its value through quotes, brackets, tags, calls, wrappers and a line end or two. */
export function valueBehind(text: string, { start, end }: Place, kind: Kind): boolean {
  const name = nameEnd(text, end);
  if (name === undefined || isMark(text, start, end)) return false;
  // The end of a path, and what was answered.
  if (text[start - 1] === '/' && /^[ \t]"?[ \t]?(?:HTTP\/|[1-5]\d\d(?!\d))/.test(text.slice(name, name + 12))) return false;
  if (inCall(text, name, kind) || furtherOn(text, { start, end: name }, kind)) return true;
  if (kind === 'pin' && OF_MACHINE.test(text.slice(Math.max(0, start - 48), end + 40))) return false;
  if (kind === 'pin' && (isPostal(text, start, name) || isOfAddress(text, start, name))) return false;
  const way = { told: false, said: false, closed: false, isNear: true, lines: 0 };
  let at = name;
  for (let step = 0; step < MOST_JOINTS && at < end + REACH; step++) {
    VALUES[kind].lastIndex = at;
    if (at > name && VALUES[kind].test(text)) return isBelieved(text, { start, end: name }, { kind, way, at });
    JOINT.lastIndex = at;
    const joint = JOINT.exec(text);
    if (joint?.groups === undefined || !follow(joint[0], joint.groups, way)) return false;
    at = JOINT.lastIndex;
  }
  return false;
}

/** So the post of India calls its codes. */
function isPostal(text: string, start: number, name: number): boolean {
  return (
    /^pincode/i.test(text.slice(start, name)) &&
    (!/[A-Z]/.test(text.slice(start + 1, name)) || /^\W{0,6}\d{6}(?!\d)/.test(text.slice(name, name + 14)))
  );
}

/** The PIN of an Indian address has six digits. */
function isOfAddress(text: string, start: number, name: number): boolean {
  const before = text.slice(Math.max(0, start - 96), start);
  return (
    /^[\s"':=-]{1,6}[1-8]\d{5}(?!\d)/.test(text.slice(name, name + 16)) &&
    /(?<![a-z])(?:dist\w{0,6}|taluka?|tehsil|post office|pradesh|nagar|village|colony|marg)(?![a-z])[^\n]{0,64}\n?[^\n]{0,40}$/i.test(
      before,
    )
  );
}

const ARGUMENTS = /\([^()\r\n]{3,200}\)/y;

/** `changePin("1234", "5678")`, `translatePinBlock(k1, k2, "1A2B...")`. */
function inCall(text: string, at: number, kind: Kind): boolean {
  ARGUMENTS.lastIndex = at;
  const list = text[at] === '(' ? ARGUMENTS.exec(text)?.[0] : undefined;
  if (list === undefined) return false;
  return [...list.matchAll(/["'`]([0-9A-Fa-f]{3,32})["'`]/g)].some(
    ({ 1: value = '' }) => isTold(value, kind) || (kind === 'block' && isTold(value, 'pin')),
  );
}

/** Words that make a number one of something else. */
const OTHER_WORD =
  /^(?:err|fail|res|stat|match|mismatch|code|count|total|req|time|dur|lat|retr|att|tr[iy]|len|size|max|min|lim|port|line|ver|rev|id$|job|task|step|row|rec|hit|rate|score|ttl|page|off|ind|buck|year|am|http|decl|rej|lay|head|numberof|of$|gpio|in$|at$|and|or$|no$|not$|check|took|after|every|per$|with)/i;
const PHRASE =
  /((?:[ \t]{1,2}|-)\p{L}[\p{L}\p{M}'’]{0,17}){1,5}?(?:(?<=[ \t](?:is|was|are|lautet|ist|est|es|é|è|são|be|to|jest|este|on))[ \t]|[ \t]{0,2}[:=：]>?[ \t]{0,3})["'([]{0,2}/uy;

/** `CVV generated: 123`, `PIN kodu: 1234`: a name in capitals or that nothing else has, a few words, a sign. */
function furtherOn(text: string, name: Place, kind: Kind): boolean {
  if (kind === 'block' || !/cv[vcn]|PIN|ПИН/.test(text.slice(name.start, name.end).replace(/^CV[VCN]/, 'cvv'))) return false;
  PHRASE.lastIndex = name.end;
  const phrase = PHRASE.exec(text)?.[0];
  if (phrase === undefined || phrase.split(/[^\p{L}\p{M}]+/u).some((word) => OTHER_WORD.test(word))) return false;
  VALUES[kind].lastIndex = PHRASE.lastIndex;
  return VALUES[kind].test(text);
}

interface Way {
  /** A sign that a value follows. */
  told: boolean;
  /** `PIN changed from 1234`. */
  said: boolean;
  /** The name was closed by a quote or a bracket. */
  closed: boolean;
  /** Nothing but a blank or three stands between. */
  isNear: boolean;
  lines: number;
}

function follow(joint: string, groups: Readonly<Record<string, string | undefined>>, way: Way): boolean {
  way.isNear &&= /^(?:[ \t]{1,24}|[*_`]{1,2})$/.test(joint);
  const { assign, open, tag, call, pair, given, cell, dots, input, comma, quote, close, word, line } = groups;
  if ((assign ?? open ?? tag ?? call ?? pair ?? given ?? cell ?? dots ?? input) !== undefined) way.told = true;
  if (comma !== undefined) {
    if (!way.closed && !way.told) return false;
    way.told = true;
  }
  if (quote !== undefined || close !== undefined) way.closed = true;
  if (word !== undefined && /^(?:from|to|changed|entered|expected|set|failed|returned)/i.test(joint)) way.said = true;
  if (line !== undefined) way.lines++;
  return way.lines <= MOST_LINES;
}

function isBelieved(text: string, name: Place, { kind, way, at }: { kind: Kind; way: Way; at: number }): boolean {
  const isForm = way.closed && /name=\\{0,3}["'][\w.[]{0,24}$/.test(text.slice(Math.max(0, name.start - 32), name.start));
  if (isForm && way.lines > 0) return true;
  if (way.lines > 0 && (!way.told || !/^[^\r\n]{3,32}?["'`,;\])}\s]*(?:[\r\n<\\]|$)/.test(text.slice(at, at + 40)))) return false;
  if (kind === 'block' || way.told || way.said) return true;
  return way.isNear;
}

/** Behind the name and its suffixes; undefined where a word goes on. */
function nameEnd(text: string, from: number): number | undefined {
  SUFFIX.lastIndex = from;
  SUFFIX.test(text);
  const end = Math.max(from, SUFFIX.lastIndex);
  GOES_ON.lastIndex = end;
  return GOES_ON.test(text) && text.charCodeAt(end - 1) < 0x300 ? undefined : end;
}

const MARK = /^\[(?:CVV|PIN|PIN-BLOCK)\]$/;

/** `[CVV]` stands for what was removed; before a colon it is a label. */
function isMark(text: string, start: number, end: number): boolean {
  return MARK.test(text.slice(start - 1, end + 1)) && !/^\][ \t]?[:=]/.test(text.slice(end, end + 3));
}
