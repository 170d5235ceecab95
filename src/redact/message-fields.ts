import type { Candidates } from './candidates.ts';
import { keyedSpan } from './key.ts';
import { type Span, sadSpan } from './span.ts';

/**
 * The PIN block in the lists that switches print: `[052] (008) 1A2B...`, `52 BINARY b64 [8] 1A2B...`, `"id":52,"value":"..."`,
 * `<field id="52" type="binary" value="..."/>`, `set(52, "...")`. The number of the field and sixteen hexadecimal digits, and between them
 * only signs and words that such lists use.
 */
const AFTER_NUMBER =
  /(?:[ \t"'\\\])}>:：=|#,.*_\u3400-\u9fff-]|(?:64|128)(?![0-9A-Za-z])|(?:new )?[A-Z][A-Za-z]{2,24}(?:\.\w{2,24}){0,2}[(,]|\[(?:LEN=)?0{0,3}(?:8|16)\]|\((?:b ?)?0{0,3}(?:8|16)\)|(?:b[ -]?(?:8|16|64|128)|b|n|an|ans|hex|bin|binary|bytes?|len|length|type|value|val|v|data|content|fixed|pin|block|field|LLVAR|string|format)(?![A-Za-z0-9])|=?0{0,3}(?:8|16)(?![0-9A-Za-z])|[<[({]){1,48}?(?<![0-9A-Za-z])(?:0x)?([0-9A-Fa-f]{16}|(?:[0-9A-Fa-f]{2} ){7}[0-9A-Fa-f]{2})(?![0-9A-Za-z])/iy;
/** A bare number is a field's where a list of fields is: by a leading zero, a quote or bracket, a name. */
const NAMED_BEFORE =
  /(?:["'{<]|(?<![A-Za-z])(?:set|get|put|add|has|field)\w{0,10}\(|(?<![A-Za-z])(?:un)?pack[ \t]|(?<![A-Za-z])(?:set|get)?(?:de|df|f|p|s|b|bm|bit|iso|msg|id|n|no|num|number|fields?|fld|element|域|第|champ|campo|feld|zone|поле)["']?[ \t]{0,2}[_.\-:=#[(]{0,2}[ \t]{0,2}["']?)$/i;
const BEFORE = 20;

/** `set(52, "1234")`, `<field id="52" value="1234"/>`: a PIN that nobody encrypted. */
const CLEAR_IN_CALL =
  /(?<=(?<![A-Za-z])(?:set|put|add)\w{0,10}\([ \t]{0,2}["']?52)["']?,[ \t]{0,4}(?:[A-Za-z]\w{0,24}\.\w{2,16},[ \t]{0,4})?["'](\d{4,12})["']/y;
const CLEAR_IN_ELEMENT = /(?<=<(?:iso)?field (?:id|number|n|num)=["']52)["'][ \t]{1,4}value=["'](\d{4,12})["']/y;

export function findPinBlockFields(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('52'); at !== -1; at = text.indexOf('52', at + 1)) {
    const block = isFieldNumber(text, at) ? (blockAfter(text, at) ?? clearAfter(text, at)) : undefined;
    if (block !== undefined) spans.push(block);
  }
  return spans;
}

function clearAfter(text: string, at: number): Span | undefined {
  for (const pattern of [CLEAR_IN_CALL, CLEAR_IN_ELEMENT]) {
    pattern.lastIndex = at + 2;
    const pin = pattern.exec(text)?.[1];
    if (pin !== undefined) return sadSpan('pin', pattern.lastIndex - 1 - pin.length, pattern.lastIndex - 1);
  }
  return undefined;
}

/** Cheap: few numbers are it. */
function isFieldNumber(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 2);
  if (!(next < 0x30 || (next > 0x39 && next < 0x41) || next === 0x5d || next === 0x7c || next === 0x7d || next > 0x7f)) return false;
  const before = text.charCodeAt(at - 1);
  return !(before >= 0x31 && before <= 0x39);
}

function blockAfter(text: string, at: number): Span | undefined {
  AFTER_NUMBER.lastIndex = at + 2;
  const block = AFTER_NUMBER.exec(text)?.[1];
  if (block === undefined) return undefined;
  const before = text.slice(Math.max(0, at - BEFORE), at);
  const zeros = /0{0,2}$/.exec(before)?.[0].length ?? 0;
  const lead = before.slice(0, before.length - zeros);
  const gap = text.slice(at + 2, AFTER_NUMBER.lastIndex - block.length);
  const named = NAMED_BEFORE.test(lead) || isPair(lead, gap) || /^[ \t]{1,4}pin[_ ]?(?:data|block)/i.test(text.slice(at + 2, at + 16));
  if (/(?:[0-9A-Za-z.:]|[A-Za-z] ?#?)$/.test(lead) && !named) return undefined;
  // Identifiers of traces and commits are in small letters; a list of fields names its numbers in one way or another.
  if (!named && zeros === 0 && /[a-f]/.test(block)) return undefined;
  if (/^[,.]/.test(gap) && !named) return undefined;
  const start = AFTER_NUMBER.lastIndex - block.length;
  // Byte by byte only behind a name or a sign: in a dump any number is a byte.
  if (block.includes(' ') && (!/[A-Za-z:=|\])]/.test(gap) || /^ ?[0-9A-Fa-f]{2}(?![A-Za-z])/.test(text.slice(start + block.length))))
    return undefined;
  return block.includes(' ') ? sadSpan('pin-block', start, AFTER_NUMBER.lastIndex) : keyedSpan('pin-block', block, start);
}

/** `[52, '1A2B...']` is a field and its value, `[52, 1762341753123456]` a list of numbers. */
function isPair(lead: string, gap: string): boolean {
  return /[[(][ \t]{0,2}$/.test(lead) && /^[ \t]*,.*["'`]$/.test(gap);
}

const HSM = /(?:hsm|yshield|thales)(?![a-z])/iy;
const MAX_COMMAND = 2_000;
/** Commands of the payShield family that carry PIN blocks and keys, behind a header of digits. */
const COMMAND =
  /(?<![A-Za-z])\d{0,8}(?:C[A-DIJWY]|D[A-EUV]|E[A-DG]|J[A-H]|B[A-HK]|G0|M[026]|NG|PE|KQ)(?=[ \t:|]?[UTXRS]?[0-9A-F]{6}|(?:\d\d)?[ \t:]{1,3}(?:\d\d[ \t:]{1,3})?[A-Za-z ]{0,24}[UTXRS]?[0-9A-F]{16})/;
const KEY_OR_BLOCK = /(?<![G-Zg-z])[UTXRS]?[0-9A-F]{16,}/g;

const LETTER_H = 0x68;
const LETTER_K = 0x6b;
const LETTER_T = 0x74;
const LETTER_Y = 0x79;
const KSN = /ksn/iy;
const NEAR_KSN = 160;
const BLOCK_BY_KSN = /(?<![0-9A-Za-z])(?:(?=[0-9A-F]{0,15}[A-F])[0-9A-F]{16}|(?=[0-9a-f]{0,15}[a-f])[0-9a-f]{16})(?![0-9A-Za-z])/g;

/** PIN blocks that what they travel with gives away: the serial number of their key, the commands of an HSM. */
export function findTravellingBlocks(text: string, places: readonly number[]): readonly Span[] {
  const spans: Span[] = [];
  let done = 0;
  for (const place of places) {
    const first = text.charCodeAt(place) | 0x20;
    if ((first !== LETTER_K && first !== LETTER_H && first !== LETTER_T && first !== LETTER_Y) || place < done) continue;
    const found = first === LETTER_K ? besideKsn(text, place, done) : inHsmCommand(text, place);
    spans.push(...found.spans);
    done = Math.max(done, found.end);
  }
  return spans;
}

interface Found {
  readonly spans: readonly Span[];
  readonly end: number;
}

/** Beside the serial number of its key stands what was encrypted with it: a PIN block, under whatever name. */
function besideKsn(text: string, place: number, done: number): Found {
  KSN.lastIndex = place;
  if (!KSN.test(text)) return { spans: [], end: 0 };
  const from = Math.max(done, place - NEAR_KSN, text.lastIndexOf('\n', place) + 1);
  const lineEnd = text.indexOf('\n', place);
  const end = Math.min(place + NEAR_KSN, lineEnd === -1 ? text.length : lineEnd);
  return { spans: blocksIn(text, from, end, BLOCK_BY_KSN), end };
}

/** What goes to an HSM and comes back is keys and PIN blocks, one behind the other: `HSM >> 0001CAU1A2B...`. */
function inHsmCommand(text: string, place: number): Found {
  HSM.lastIndex = place;
  if (!HSM.test(text)) return { spans: [], end: 0 };
  const lineEnd = text.indexOf('\n', place);
  const end = Math.min(place + MAX_COMMAND, lineEnd === -1 ? text.length : lineEnd);
  const command = COMMAND.exec(text.slice(place, end));
  const blocks = command === null ? [] : blocksIn(text, place + command.index, end, KEY_OR_BLOCK);
  return { spans: [...blocks, ...codeIn(text, place, end)], end };
}

/** CY, which checks a verification code, and CX, the answer of the one that makes it: behind two keys, and behind `00`. */
const CODE_IN_COMMAND =
  /(?<![A-Za-z])\d{0,8}(?:CY[ \t]?(?:[UTXRS]?[0-9A-F]{32}|[0-9A-F]{16}[ \t]?[0-9A-F]{16})[ \t]?|CX[ \t]?00[ \t]?)(\d{3})(?=[ \t]?\d{12,19};|[ \t]*(?:[\r\n"']|$))/;

function codeIn(text: string, from: number, end: number): readonly Span[] {
  const found = CODE_IN_COMMAND.exec(text.slice(from, end));
  const code = found?.[1];
  if (found === null || code === undefined) return [];
  const stop = from + found.index + found[0].length;
  return [sadSpan('cvv', stop - code.length, stop)];
}

function blocksIn(text: string, from: number, end: number, pattern: RegExp): readonly Span[] {
  return Array.from(text.slice(from, end).matchAll(pattern), ({ 0: block, index }) =>
    sadSpan('pin-block', from + index, from + index + block.length),
  );
}

/** VERIFY with a PIN in the clear (ISO 7816-4, EMV Book 3 6.5.12): its length, its digits, filled with F; or its digits as characters. */
const VERIFY =
  /(?<=00 ?)20 ?00 ?[08][0-9A-Fa-f] ?08 ?(2[4-9A-Ca-c](?: ?[0-9]{2}){2}(?: ?[0-9A-Fa-f]{2}){5}|3[0-9](?: ?3[0-9]){3}(?: ?(?:3[0-9]|FF|ff)){4})(?![0-9A-Fa-f])/y;

/**
 * The field of a PIN in the clear shows itself (ISO 9564-1, format 2, and format 0 before it is mixed with the account number): its format,
 * the length of the PIN, its digits, filled with F; alone, or behind its length in what a card is sent.
 */
const CLEAR_PIN =
  /(?:^|[^0-9A-Fa-f]|08 ?)([02](?:4(?: ?\d\d){2}(?: ?FF){5}|5(?: ?\d\d){2} ?\dF(?: ?FF){4}|6(?: ?\d\d){3}(?: ?FF){4}|7(?: ?\d\d){3} ?\dF(?: ?FF){3}|8(?: ?\d\d){4}(?: ?FF){3}))(?![0-9A-Fa-f])/gi;
const FILLED = /FF ?FF ?FF/i;

function clearPins(stretch: string, start: number): readonly Span[] {
  if (!FILLED.test(stretch)) return [];
  return Array.from(stretch.matchAll(CLEAR_PIN), ({ 0: whole, 1: field = '', index }) => {
    const end = start + index + whole.length;
    return sadSpan('pin-block', end - field.length, end);
  });
}

/** What an issuer puts on a track behind the service code (EMV 9F1F in characters, 9F20 in digits), its check of the card and of the PIN among it. */
const DISCRETIONARY_TAG = /9f(?:1f|20)/gi;
const DISCRETIONARY = /9F(?:1F|20) ?(0[4-9A-F]|1[0-9A-F]) ?((?:[0-9A-F]{2} ?){3,30}[0-9A-F]{2})/iy;

function discretionaryAt(text: string, at: number): Span | undefined {
  DISCRETIONARY.lastIndex = at;
  const [whole, size = '', data = ''] = DISCRETIONARY.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const isSpaced = data[2] === ' ';
  const length = Number.parseInt(size, 16) * (isSpaced ? 3 : 2) - (isSpaced ? 1 : 0);
  const value = data.slice(0, length);
  const isOfTag = /1f/i.test(whole.slice(2, 4)) ? /^(?:[2-7][0-9A-F] ?)+$/i : /^(?:\d{2} ?)+(?:\dF)?$/i;
  const start = at + whole.length - data.length;
  return value.length === length && isOfTag.test(value) ? sadSpan('track2', start, start + length) : undefined;
}

/** Class, instruction, parameters, length, and the eight bytes of the block. */
const VERIFY_DIGITS = 26;
/** Tag, length, and four bytes. */
const DISCRETIONARY_DIGITS = 14;

export function findVerifyCommands(text: string, { bytes }: Candidates): readonly Span[] {
  const spans: Span[] = [];
  for (let index = 0; index < bytes.length; index += 2) {
    const [start = 0, end = 0] = [bytes[index], bytes[index + 1]];
    if (end - start < DISCRETIONARY_DIGITS) continue;
    const stretch = text.slice(start, end);
    spans.push(...clearPins(stretch, start));
    if (stretch.includes('9F') || stretch.includes('9f'))
      for (const { index } of stretch.matchAll(DISCRETIONARY_TAG)) {
        const data = discretionaryAt(text, start + index);
        if (data !== undefined) spans.push(data);
      }
    if (end - start < VERIFY_DIGITS) continue;
    for (let at = stretch.indexOf('20'); at !== -1; at = stretch.indexOf('20', at + 2)) {
      VERIFY.lastIndex = start + at;
      const block = VERIFY.exec(text)?.[1];
      if (block !== undefined) spans.push(sadSpan('pin-block', VERIFY.lastIndex - block.length, VERIFY.lastIndex));
    }
  }
  return spans;
}
