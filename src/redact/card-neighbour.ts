import { type Span, sadSpan } from './span.ts';

/** `PAN|MM|YY|CVV`, as test tools and thieves write it. */
const EXPIRY_AND_CVV =
  /["']?[|;:,/\s(]{1,3}["']?(?:(?:0[1-9]|1[0-2])[|;:,/\s-]{0,3}(?:20)?\d\d|(?:20)?[23]\d(?:0[1-9]|1[0-2]))["']?[|;:,/\s]{1,3}(?:[1-7][0-6][0-7][|;,\t])?["']?(\d{3,4})(?![.,]?\d)/y;

/** ... and under names that say little by themselves: `exp=12/27 code=123`. */
const EXPIRY_AND_CODE =
  /["']?[|;:,&/ \t]{1,3}["']?(?:exp\w{0,12}["']?[=: ]{1,3}["']?)?(?:0[1-9]|1[0-2])[/ -]?(?:20)?\d\d["']?[|;:,&/* \t]{1,3}["']?(?:[a-zà-ÿ]{1,3} )?(?:cv[vcn]?2?|c[sai][cdv]2?|code|ccv|sec\w{0,10}(?: code)?|v?code2?|check|crypto\w{0,10}|4dbc|pr[uü]e?f\w{0,8})["']?[=: ]{0,3}["']?(\d{3,4})(?![.,]?\d)/iy;

/** The code before the expiry: `/123/1227`, ` (123) exp 12/27`. */
const CVV_AND_EXPIRY =
  /[ \t]{0,2}(?:[|:/]|[([](?=\d{3,4}[)\]]))[ \t]{0,2}(\d{3,4})[)\]]?[|:/, \t]{1,3}(?:exp(?:iry|ires?|iration)?\.?[=: ]{0,2})?(?:(?:0[1-9]|1[0-2])[/-]?(?:20)?[23]\d|(?:20)?[23]\d[/-]?(?:0[1-9]|1[0-2]))(?!\d|[.,:/-]\d)/y;

/** Between the arguments of a call, each in quotes or not. */
const NEXT = String.raw`["'${'`'}]?\s{0,2},\s{0,40}["'${'`'}]?`;
const ENDS = String.raw`(?=["'${'`'}]?\s{0,2}[,)])`;
const MONTH_OR_YEAR = String.raw`(?:\d{1,2}(?:[/-](?:20)?\d\d)?|20\d\d|(?:0[1-9]|1[0-2])\d\d)`;

/** The code behind month and year, in quotes of its own, or before month and year. */
function codeOfCall(digits: number, dates: string): RegExp {
  const code = String.raw`(\d{${digits}})`;
  return new RegExp(
    `${NEXT}(?:(?:${MONTH_OR_YEAR}${NEXT})${dates}${code}${ENDS}|(?<=["'\`])${code}(?=["'\`]\\s{0,2}[,)])|${code}(?=${NEXT}${MONTH_OR_YEAR}${ENDS}))`,
    'y',
  );
}

const CODE_OF_CALL = codeOfCall(3, '{1,3}?');
/** Four digits are a year, too. */
const AMEX_CODE_OF_CALL = codeOfCall(4, '{1,2}');
const AMEX_DIGITS = 15;
/** What makes or takes a card. */
const CARD_CALL = /card\w{0,24}\(\s{0,2}(?:[^()\n]{0,60},\s{0,4})?["'`]?$/i;
const CARD_CALL_LENGTH = 100;
/** A row of a list: `4111... 123 11/25`. */
const CODE_IN_ROW = /[ \t,;]{1,4}["']?(\d{3,4})(?=["']?[ \t,;|]{1,4}["']?(?:0[1-9]|1[0-2])\/(?:20)?[2-4]\d(?![\d/]))/y;
/** `("4111...", "123")`. */
const CODE_OF_PAIR = /["'`], ?["'`](\d{3})(?=["'`]\))/y;

/** The verification code that stands beside a card number, in the orders in which people, files and calls have number, expiry and code. */
export function codeBeside(text: string, pan: Span): Span | undefined {
  const found =
    codeAt(text, pan.end, EXPIRY_AND_CVV) ??
    codeAt(text, pan.end, EXPIRY_AND_CODE) ??
    codeBeforeExpiry(text, pan.end) ??
    codeInRecord(text, pan);
  if (found !== undefined) return found;
  const lead = text.slice(Math.max(0, pan.start - CARD_CALL_LENGTH), pan.start);
  const ofCall = CARD_CALL.test(lead)
    ? codeAt(text, pan.end, pan.digits?.length === AMEX_DIGITS ? AMEX_CODE_OF_CALL : CODE_OF_CALL)
    : undefined;
  return (
    ofCall ?? codeAt(text, pan.end, CODE_IN_ROW) ?? (/(?:^|[^\w$)\]])\(["'`]$/.test(lead) ? codeAt(text, pan.end, CODE_OF_PAIR) : undefined)
  );
}

/**
 * The parts of one card are few: beside its number and its expiry a number of three digits, under a name that protects or checks, is its code,
 * whatever the name is as a whole.
 */
const RECORD = 180;
const CODE_OF_RECORD =
  /(?:secu?r?|segur|sicur|verif|validation|ident(?:ifier|ification)|check|digits|code)(?![a-z]*(?:res|stat|count|type|ind|flag|mode))[\w.-]{0,16}\\{0,6}["'\]]{0,2}[ \t]{0,3}(?:=>|[:=>])[ \t]{0,3}\\{0,6}["']?(\d{3})(?![\w.:/%-])/gi;
const EXPIRY_NAME = /exp|valid|month|monat|\bmes\b|caduc|venc|scaden|ablauf/i;
const OF_ELSE =
  /(?:count|curr|mcc|zip|post|area|state|resp|result|status|reason|avs|serv|auth|appr|type|lang|branch|bank|merch|err|reject|prod|promo|brand|vendor|proc|exp|amount|3ds|eci|trans|order|cust|user|http|term|pos|iso|action|return|reply)[\w.-]{0,16} ?$/i;

function codeInRecord(text: string, pan: Span): Span | undefined {
  // Records have their numbers in quotes, elements and forms; lines of talk are left to the other patterns.
  if (!/["'<&\\]/.test(text[pan.end] ?? '')) return undefined;
  const from = Math.max(0, pan.start - RECORD);
  const record = text.slice(from, pan.end + RECORD);
  for (const { 0: whole, 1: code = '', index } of record.matchAll(CODE_OF_RECORD)) {
    const name = record.slice(Math.max(0, index - 24), index) + (whole.split(/["'\]=:>]/, 1)[0] ?? '');
    if (OF_ELSE.test(name) || !EXPIRY_NAME.test(record)) continue;
    const end = from + index + whole.length;
    return sadSpan('cvv', end - code.length, end);
  }
  return undefined;
}

/** The code is the last of the pattern. */
function codeAt(text: string, from: number, pattern: RegExp): Span | undefined {
  pattern.lastIndex = from;
  const code = pattern
    .exec(text)
    ?.slice(1)
    .find((group) => group !== undefined);
  return code === undefined ? undefined : sadSpan('cvv', pattern.lastIndex - code.length, pattern.lastIndex);
}

function codeBeforeExpiry(text: string, from: number): Span | undefined {
  CVV_AND_EXPIRY.lastIndex = from;
  const [whole = '', code] = CVV_AND_EXPIRY.exec(text) ?? [];
  if (code === undefined || /\d/.test(text[from] ?? '')) return undefined;
  const start = from + whole.indexOf(code);
  return sadSpan('cvv', start, start + code.length);
}
