import type { KeyKind } from './key.ts';
import type { Place } from './walk.ts';

/** Pins of boards, codes of post offices and of service centres have numbers, too, and say so. */
export function isHomonym(text: string, key: Place, kind: KeyKind): boolean {
  // `POST /v1/cvv 201 345`: the end of a path.
  if ((kind === 'cvv' || kind === 'pin') && text[key.start - 1] === '/' && PATH_ENDS.test(text.slice(key.end, key.end + 12))) return true;
  const name = text.slice(key.start, key.end);
  if (kind === 'cvv') {
    // The verification of anything, but for an element that is called so.
    if (/^verification$/i.test(name)) return text[key.start - 1] !== '<';
    if (OF_TESTS.test(text.slice(key.end, key.end + 24))) return true;
    if (OF_A_REPLY.test(text.slice(key.end, key.end + 40))) return true;
    return /^csc$/i.test(name) && SERVICE.test(text.slice(key.end, key.end + 60));
  }
  if (kind !== 'pin') return false;
  const behind = text.slice(key.end, key.end + 40);
  return (
    /gpio|^pin_\d\d/i.test(name) ||
    BOARD.test(behind) ||
    (/^pin[ _-]?code$/i.test(name) && TOWN.test(behind)) ||
    (/^(?:[Pp]incode|PINCODE)$/.test(name) && SIX_DIGITS.test(behind)) ||
    isPostal(text, key, behind)
  );
}

/** A CSC in India is a common service centre. */
const SERVICE = /^[^\n]{0,40}(?:service cent(?:re|er))/i;
const PATH_ENDS = /^[ \t]"?[ \t]?(?:HTTP\/|[1-5]\d\d(?![\d"]))/;

/** `cvv: 200 OK`: what a service answered when it was asked. */
const OF_A_REPLY =
  /^[\s"':=]{1,4}[1-5]\d\d (?:OK|Created|Accepted|No Content|Bad Request|Unauthorized|Forbidden|Not Found|Conflict|Internal|Bad Gateway|Service Un|Gateway T)/;

/** `CVV tests: 118 passed`. */
const OF_TESTS = /^[ _-]tests?[ \t]{0,2}[:=]?[ \t]{1,2}\d{1,6} (?:passed|failed|ok|run|total)(?![a-z])/i;

/** `pinCode: 400053, Mumbai`, and no further key. */
const TOWN = /^[\s"':=]{1,6}\d{6}, [A-Z][a-z]{3,}(?![\w"']|\s?[:=([{])/;
/** The PIN of an address in India: six digits, and before it what only addresses there are made of. */
function isPostal(text: string, key: Place, behind: string): boolean {
  return POSTAL.test(behind) && ADDRESS.test(text.slice(Math.max(0, key.start - 96), key.start));
}

const POSTAL = /^[\s"':=-]{1,6}[1-8]\d{5}(?!\d)/;
const ADDRESS =
  /(?<![a-z])(?:dist\w{0,6}|taluka?|tehsil|post office|pradesh|nagar|village|colony|marg)(?![a-z])[^\n]{0,64}\n?[^\n]{0,40}$/i;
/** A post office's, where nothing says that it is a card's. */
const SIX_DIGITS = /^\D{0,12}\d{6}(?!\d)/;
const BOARD = /^[^\n]{0,24}gpio/i;

/** Pins of chips, of which what stands before them tells. */
export function isOfMachine(text: string, key: Place, kind: KeyKind): boolean {
  return kind === 'pin' && MACHINE.test(text.slice(Math.max(0, key.start - 32), key.start));
}

const MACHINE = /(?:gpio\w{0,8}|arduino|(?:analog|digital)(?: pin)?|pinctrl|pinmux|soc|chip|board|connector|cpu|thread|mcu)[^\n]{0,16}$/i;

/** A `cid` by itself is that of a connection, a customer, a container; by a card it is the code of American Express. */
const CID = /^cid$/i;
const CARD_BESIDE =
  /(?:^|[^a-z])(?:pan|amex|american express|card[ _-]?(?:no|num|number|holder)?|cc[ _-]?(?:no|num|number|name|bin|type)|exp(?:iry|iration)?(?:[ _-]?(?:date|month|year))?)["'\\]{0,8}[ \t]{0,3}[:=>]|amex|american express|\d{6}[ -]?\*{4,6}|(?:\d[ -]?){15,16}/i;
const NEAR = 160;
/** `Debit CID`. */
const OF_KIND = /(?<![a-z])(?:debit|credit|card|visa)[ _-]$/i;

export function isCidOfCard(text: string, { start, end }: Place, name: string): boolean {
  if (!CID.test(name)) return false;
  if (OF_KIND.test(text.slice(Math.max(0, start - 8), start))) return true;
  const before = text.slice(Math.max(0, start - NEAR), start).split('\n');
  const behind = text.slice(end, end + NEAR).split('\n');
  const own = before.at(-1) ?? '';
  // Further in than the margin are the parts of one thing, each in a line of its own.
  const lines = before.length > 1 && /^[ \t]/.test(own) ? 2 : 1;
  return CARD_BESIDE.test(`${before.slice(-lines).join('\n')} ${behind.slice(0, lines).join('\n')}`);
}
