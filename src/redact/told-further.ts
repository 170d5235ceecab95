import { VALUES } from './authentication-value.ts';
import { type SadKind, type Span, sadSpan } from './span.ts';

interface Name {
  readonly start: number;
  readonly end: number;
}

/** `changePin("1234", "5678")`, `verifyCvv(pan, "123")`, `translatePinBlock(k1, k2, "1A2B...")`: what a call is given, in quotes. */
export function inArguments(text: string, { end }: Name, kind: SadKind): readonly Span[] {
  if (text[end] !== '(') return [];
  ARGUMENTS.lastIndex = end;
  const list = ARGUMENTS.exec(text)?.[0] ?? '';
  return [...list.matchAll(ARGUMENT)].flatMap(({ 1: value = '', index }) => {
    const start = end + index + 1;
    const found = isWhole(value, kind) ? kind : kind === 'pin-block' && isWhole(value, 'pin') ? 'pin' : undefined;
    return found === undefined ? [] : [sadSpan(found, start, start + value.length)];
  });
}

const ARGUMENTS = /\([^()\r\n]{3,200}\)/y;
const ARGUMENT = /["'`]([0-9A-Fa-f]{3,32})["'`]/g;

function isWhole(value: string, kind: SadKind): boolean {
  const shape = VALUES[kind];
  if (shape === undefined) return false;
  shape.lastIndex = 0;
  return shape.test(value) && shape.lastIndex === value.length;
}

/** What is told about a code or a PIN: results, counts, times. */
const ABOUT =
  'error|fail|result|resp|status|stat(?![a-z])|match|mismatch|code|count|total|request|time|timeout|duration|latency|retr(?!o[ \t:])|attempt|tries|try|length|len|size|max|min|limit|port|line|version|ver(?![a-z])|rev|id(?![a-z])|job|task|step|row|record|hit|rate|score|ttl|page|offset|index|bucket|year|amount|http|decline|reject|layout|header|number of|of|gpio|in|at|and|or|no(?![a-z])|not(?!e[ \t:])|check|took|after|every|per|with|without|sent|via|sms|phone|email|expires?';
/** A name that says of itself what it is of, a few words of any language, and a sign or a verb that a value follows. */
const FURTHER = new RegExp(
  String.raw`(?:,?[ \t]{1,2}|-)(?:(?!(?:${ABOUT}))(?:\p{L}[\p{L}\p{M}'’]{0,17}|\d{6}\*{6}\d{4}|[*x]{1,12}\d{4}|(?<=(?:ending|ends)(?: in| with)?[ \t]{1,2})\d{4})(?:[ \t]{1,2}|-|(?=[:=：]))){1,7}(?:(?<=[ \t](?:is|was|are|always|equals|eq|lautet|lauten|ist|sind|est|sont|es|son|é|è|são|sono|zijn|be|to|jest|este|on|adalah|ialah|ay|är|là|says|reads)[ \t](?:(?:el|la|le|the|o|il|de|der|die|das|still|only|just|now|actually|sempre|siempre)[ \t])?)|[:=：]>?[ \t]{0,3})["'([]{0,2}`,
  'iuy',
);
/** Of a name of more than one word. */
const LONG_NAME = 6;
const UNMISTAKABLE: Partial<Record<SadKind, RegExp>> = {
  cvv: /cv[vcn]|cvd|seguridad|seguran[cç]a|sicurezza|s[eé]curit[eé]|sicherheits|pr(?:ü|ue)f|cryptogramme|[^\x00-\x7f]/i,
  pin: /PIN|ПИН|[^\x00-\x7f]|^senha$/,
};

/** Where people keep a PIN: the pins of a board have no such words. */
const ON_PAPER = /sticky|post-it|envelope|paper|sleeve|wallet|napkin|scribbled|wrote|written|letter|note[ \t:]/i;

/** `the security code for the corporate Amex is 1234`. */
const OF_CARD =
  /(?<![a-z])(?:amex|visa|mastercard|maestro|unionpay|jcb|(?:credit|debit|bank|corporate|company)[ \t]?card)(?![a-z])|[*x]{1,12}\d{4}(?!\d)/i;

/** `CVV generated: 123`, `CVC-Nummer lautet 123`, `PIN kodu: 1234`, `the cvv for card 411111******1111 is 123`. */
export function saidFurther(text: string, { start, end }: Name, kind: SadKind): Span | undefined {
  const shape = VALUES[kind];
  const name = text.slice(start, end);
  const isPlain = UNMISTAKABLE[kind]?.test(name) === true;
  if (shape === undefined || (!isPlain && UNMISTAKABLE[kind] === undefined)) return undefined;
  const next = text[end];
  if (next !== ' ' && next !== '-' && next !== '\t' && next !== ',') return undefined;
  FURTHER.lastIndex = end;
  if (!FURTHER.test(text)) return undefined;
  const between = text.slice(end, FURTHER.lastIndex);
  const isOnPaper = kind === 'pin' && ON_PAPER.test(between);
  const isOfCard = name.length >= LONG_NAME && OF_CARD.test(between);
  if (!isPlain && !isOnPaper && name.length < LONG_NAME) return undefined;
  // After a verb only what cannot be called otherwise.
  if (!isPlain && !isOnPaper && !isOfCard && !/[:=：]>?[ \t]{0,3}["'([]{0,2}$/.test(between)) return undefined;
  const at = FURTHER.lastIndex;
  shape.lastIndex = at;
  return shape.test(text) ? sadSpan(kind, at, shape.lastIndex) : undefined;
}

/** `99 08 1A2B... Transaction PIN data`: at the end of a line the name of what stands before it. */
export function blockBefore(text: string, { start, end }: Name): Span | undefined {
  if (!/^(?: data)?[ \t)]{0,4}(?:[\r\n]|$)/i.test(text.slice(end, end + 12))) return undefined;
  const [whole, block = ''] = BLOCK_BEFORE.exec(text.slice(Math.max(0, start - 64), start)) ?? [];
  return whole === undefined ? undefined : sadSpan('pin-block', start - whole.length, start - whole.length + block.length);
}

const BLOCK_BEFORE =
  /(?<![0-9A-Za-z])([0-9A-Fa-f]{16}|(?:[0-9A-Fa-f]{2} ){7}[0-9A-Fa-f]{2})[ \t]{1,3}(?:(?:--|[(#])[ \t]?)?(?:[A-Za-z]{1,16} ){0,2}$/;

/** `CVV changed from 123 to 456`, `PIN 1234 vs 5678`, `in=123 calc=456`: what stands beside the first is one, too. */
export function comparedWith(text: string, first: Span, kind: SadKind, value: RegExp): readonly Span[] {
  const spans: Span[] = [];
  let at = first.end;
  while (spans.length < MOST_COMPARED) {
    NEXT_OF_TALK.lastIndex = at;
    if (!NEXT_OF_TALK.test(text)) break;
    value.lastIndex = NEXT_OF_TALK.lastIndex;
    if (!value.test(text)) break;
    spans.push(sadSpan(kind, NEXT_OF_TALK.lastIndex, value.lastIndex));
    at = value.lastIndex;
  }
  return spans;
}

const NEXT_OF_TALK =
  /["'\])]{0,2}[ \t]{0,2}(?:[,;][ \t]?)?(?:(?:(?:->|=>|→|!=|<>)[ \t]?)?(?:and |but )?(?:to|vs\.?|versus|was|received|actual|got|calc(?:ulated)?|computed|given|expected|new|old|against|instead of|stored|want|is|(?:entered|keyed|typed|supplied|submitted|provided|sent|input)(?=[_ ]?(?:value)?[ \t]?[=:]))(?:[_ ]?(?:cvv2?|cvc2?|pin|value))?|->|=>|→|!=|<>)[ \t]{0,2}[=:]?[ \t]{0,2}["'[(]{0,2}(?=[0-9A-Fa-f])/iy;
const MOST_COMPARED = 3;
