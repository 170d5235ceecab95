import { VALUES } from './authentication-value.ts';
import { type SadKind, type Span, sadSpan } from './span.ts';
import type { Place } from './walk.ts';

/** As far before its name a value is looked for. */
const REACH = 240;

/** The value first, its name behind: `{"value":"123","name":"cvv"}`, `<input value="123" name="cvv"/>`, `rejected value [123]; field 'cvv'`. */
const VALUE_FIRST =
  /(?:^|[^A-Za-z])(?:[a-z]{0,12}[_-]?value|default|val|data|content|text|v)(?:\\{0,6}["'])?[ \t]{0,4}(?:=>|[=:]|(?=[[("']))[ \t]{0,4}\\{0,6}["'[(]?([0-9A-Fa-f]{3,32})\\{0,6}["')\]]?(?![0-9A-Za-z])([^{}<>]{0,120})$/i;
const NAME_FOLLOWS =
  /^[\s,;]{1,40}(?:(?:\\{0,6}["'])?(?:type|id|class|index|order|required|encrypted|maxlength|size|format|autocomplete|placeholder)(?:\\{0,6}["'])?[ \t]{0,3}[=:][ \t]{0,3}\\{0,6}["']?[\w -]{1,40}\\{0,6}["']?[\s,;]{1,40}){0,5}(?:\\{0,6}["'])?(?:field[_-]?name|name|key|k|id|field|param(?:eter)?|label|n|attribute|code|on|for|of|in|at|column|property|is not a valid|invalid)(?:\\{0,6}["'])?[ \t]{0,4}(?:=>|[=:])?[ \t]{0,4}(?:field|column|property|parameter|attribute)?[ \t]{0,2}\\{0,6}["'[(`]{0,2}(?:\w{1,24}[.[])?$/i;

/** The span of a value that stands before its name. */
export function valueBefore(text: string, key: Place, kind: SadKind): Span | undefined {
  const lead = text.slice(Math.max(0, key.start - REACH), key.start);
  const shape = VALUES[kind];
  if (
    !/["'`[=:(]$|, ?$|\b(?:field|column|parameter|property|attribute|for|of|in|into|as|the|valid) $|[\s'](?:AS|as)\s{1,4}$|'\s$|[=!]== $|== $|(?:\/\/|#|\*|--)[ \t]{0,3}(?:[A-Za-z]{1,12} )?$/.test(
      lead,
    )
  )
    return undefined;
  const remark = REMARKED.exec(lead);
  const beside =
    SELECTED.exec(lead) ??
    BESIDE.exec(lead) ??
    (remark !== null && REMARK_ENDS.test(text.slice(key.end, key.end + 40)) ? remark : null) ??
    (shape === undefined || OF_ANOTHER.test(text.slice(key.end, key.end + 16)) ? null : AS_NAMED.exec(lead));
  if (beside !== null && shape !== undefined) return spanBefore(text, key.start - lead.length + beside.index, beside, shape, kind);
  const [whole, value = '', between = ''] = VALUE_FIRST.exec(lead) ?? [];
  if (whole === undefined || shape === undefined || !NAME_FOLLOWS.test(between)) return undefined;
  const start = key.start - lead.length + lead.lastIndexOf(value, lead.length - between.length);
  shape.lastIndex = start;
  return shape.test(text) && shape.lastIndex === start + value.length ? sadSpan(kind, start, shape.lastIndex) : undefined;
}

/** `assertEquals("123", card.getCvv())`, `[VARCHAR] - [123] (card.cvv)`, `I enter "123" in the cvv field`. */
const BESIDE =
  /(?:\b(?:assert\w{0,20}|expect\w{0,8}|(?:\w{0,8}\.)?(?:are|not)?_?(?:eq|equals?)|is|compare|verify)[ \t]?[( ][ \t]{0,2}(?:t, ?)?["']?([0-9A-Fa-f]{3,32})["']?,[ \t]{0,2}(?:\w{1,20}(?:[.(]|\[:?["']?)){0,2}|\bfrom (?:String|Number|Integer)(?: value)? [(]?"?([0-9A-Fa-f]{3,32})"?[^\r\n]{0,120}reference chain: [\w.$ ]{1,80}(?:\["\w{1,24}"\]->[\w.$ ]{1,80}){0,3}\["|[[("']([0-9A-Fa-f]{3,32})["'\])]{1,2}[ \t]{1,2}(?:[[(]|(?:(?:in|into|as|for)[ \t](?:the[ \t])?|is (?:not )?an? (?:in)?valid[ \t](?:card[ \t])?)["']?))$/i;

/** `SELECT '123' AS cvv`. */
const SELECTED =
  /(?:\bselect\s{1,4}|,\s{0,8})(?:cast\(\s{0,4})?(?:['"]?([0-9A-Fa-f]{3,32})['"]?(?:::\w{1,16}|\s{1,4}as\s{1,4}\w{1,16}\))?\s{1,4}as\s{1,4}["'`[]?|'([0-9A-Fa-f]{3,32})'\s)$/i;

/** `"123", // cvv`: what a remark says of its line. */
const REMARKED =
  /(?<![\w.])["'`]?([0-9A-Fa-f]{32}|[0-9A-Fa-f]{16}|\d{3,12})["'`]?[),;:\]]{0,3}[ \t]{0,24}(?:\/\/|#|\/\*|--|<!--)[ \t]{0,3}(?:(?:the|a|card|customer|user|its|dummy|test|clear|encrypted) ){0,2}$/i;
const REMARK_ENDS = /^[ \t]*(?:code|number|data|value)?[ \t]*(?:[.,;(]|\*\/|-->|\r?\n|$)/i;

/** `404 is the CVV service's answer`. */
const OF_ANOTHER = /^(?:['’]s)?[ _-](?:service|server|api|check|result|response|status|error|request|count|tests?)(?![a-z])/i;
/** `used 123 as cvv`, `1234 is the PIN`. */
const AS_NAMED =
  /(?:(?<![\w.,:/-])(\d{3,4}) as|(?<![\w.,:/-])(\d{3,6}) (?:is|was)(?: (?:given|entered|typed|keyed|used|sent) as)?(?= (?:the|my|his|her|their|your) )|(?<=(?:typed|keyed|entered|punched in|used|gave|tried) )(\d{3,6}) (?:for|as)|["'](\d{3,6})["'] (?:was|is) (?:entered|typed|keyed|given|sent|used) (?:as|for)|["'](\d{3,12})["'] [!=]?==)[ ](?:the |a |his |her |their |my |your |card )?$/i;

function spanBefore(text: string, at: number, found: RegExpExecArray, shape: RegExp, kind: SadKind): Span | undefined {
  const value = found.slice(1).find((group) => group !== undefined) ?? '';
  const start = at + found[0].indexOf(value, Math.max(0, found[0].search(/["'[(]/)));
  shape.lastIndex = start;
  return shape.test(text) && shape.lastIndex === start + value.length ? sadSpan(kind, start, shape.lastIndex) : undefined;
}
