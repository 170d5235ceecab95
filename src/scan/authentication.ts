import { namedData } from './named.ts';
import { endsInCard, type Hit } from './numbers.ts';

const TRACK1 = /[Bb]\d[\d ]{11,24}\^[^^\r\n?]{2,26}\^\d{4}/g;
const TRACK2 = /(?<!\d)(\d{12,21})=\d\d(?:0[1-9]|1[0-2])\d{3,}/g;
/** ISO 4909, a format code before the number. */
const TRACK3 = /(?<!\d)(\d{14,21})=[0-9=]{20,104}/g;
/** What an issuer puts behind the service code: by its name, or by its tag of EMV with as many bytes as it says. */
const DISCRETIONARY =
  /(?:discretionary(?:[ _-]?data)?|track_?[12]_?dd)["'\\)]{0,8}[ \t]{0,3}[:=>]{0,2}[ \t]{0,3}["'\\[]{0,8}(?:[0-9A-F]{2} ?){4,16}[0-9A-F]?(?![0-9A-Za-z])/gi;
const DISCRETIONARY_TAG = /9F(?:(?<characters>1F)|20) ?(0[4-9A-F]|1[0-9A-F]) ?((?:[0-9A-F]{2} ?){4,31})/gi;
/** Behind a card number: its expiry and its code, the code in between or before an expiry, the code as the other of a pair. */
const BESIDE_NUMBER =
  /(?<!\d)(\d{13,19})["']?(?:[|;:,/ \t]{1,3}["']?(?:(?:0[1-9]|1[0-2])[|;:,/ -]{0,3}(?:20)?\d\d|(?:20)?[23]\d(?:0[1-9]|1[0-2]))["']?[|;:,/ \t]{1,3}["']?\d{3,4}|\/D?(?:0[1-9]|1[0-2])\d\d[/*]CV[VC]?\d{3,4}|[ \t]{0,2}(?:[|:/]|\((?=\d{3,4}\)))\d{3,4}\)?[|:/, \t]{1,3}(?:exp[a-z]{0,8}[=: ]{1,2})?(?:0[1-9]|1[0-2])[/-]?(?:20)?[23]\d|[ \t,;]{1,4}["']?\d{3,4}["']?[ \t,;|]{1,4}["']?(?:0[1-9]|1[0-2])\/(?:20)?[2-4]\d(?!\/)|, ?["']\d{3}["']\))(?![.,]?\d)/g;
/** What a service answers. */
const REPLY = /^[ \t](?:OK|Created|Accepted|No Content|Bad|Unauthorized|Forbidden|Not Found|Conflict|Internal|Service|Gateway)/;

/** Between a key and its value, in JSON inside of strings, too. */
const IS = String.raw`\\{0,7}["'\])]{0,2}\s{0,4}(?:=>|:=|==?|:|：|>|,\s?\\{0,7}["']value\\{0,7}["']\s?[:=])\s{0,4}\\{0,7}["'\[(]{0,2}`;
/** Only names that say it of themselves: `card valid: 2026`, `payment cid=7317` and `card number: 1486` are other things. */
const CODE_KEY = `${[
  '(?:cv[vcnd][12]?|cv2|cve2|(?<![a-z])(?:csc|cav2|kbv)',
  '(?:amex|card|cc)[_-]?cid|(?<![a-z])cid(?=[_-]?(?:code|value|num))',
  'signature[ _-]?panel[ _-]?code|card[ _-]?(?:verif(?:ication)?|validation)(?:[ _-]?(?:code|value|number|data))?',
  'card[_-]?identification[_-]?(?:code|value|number|data)|sec[_-]?code|codigo[ _-]?(?:de[ _-]?)?seguridad',
  'cryptogramme|codice[ _-]?sicurezza|(?<![a-z])pr(?:ue|ü)fziffer|kartenpr(?:ue|ü)fnummer',
  '(?<!dis|post|score|wild|dash|time|flash)card[ _-]{0,2}code|(?:card[ _-]{0,2})?(?:security|verification)[ _-]{0,2}(?:code|value|number)|安全码)',
].join('|')}(?:[_ -]?(?:code|value|num(?:ber)?|no)|[_-]?(?:input|plain|entered))?`;
const CODE = new RegExp(`${CODE_KEY}${IS}(\\d{3,4})(?![\\d:*]|\\.\\d|\\s?(?:ms|s|%)\\b)`, 'gi');
/** As people write it and pages show it, but for the mark of what was removed: `CVV (123)`, `**CVV:** 123`, `the security code was 123`, `安全码是123`. */
const SAID =
  /(?:(?<![a-z[])c\.?v\.?[vcn]\.?2?(?![a-z0-9])|card[ _-]?verification[ _-]?(?:code|value|number|no)|security[ _-]?code|安全码|CVV码|セキュリティコード|c[oó]digo de seguridad|code de s[ée]curit[ée])(?:[ _-]?(?:code|value|num(?:ber)?|no|nr)\b\.?)?["'*`)\]]{0,3}(?:<\/\w{1,8}>)?(?:\s{1,3}(?:is|was|are|as|given|entered(?: as)?|mismatch, got|got)\b|[是为])?\s{0,3}(?:[:=#/|([{→]|->|<-| - ){0,2}["'*`)]{0,2}\s{0,3}["'([*`]{0,2}(\d{3,4})(?![\d:%]|\.\d|\*(?:\d|\*\*)|\s?(?:ms|s)\b)/gi;
/** Tracks, verification codes, PINs and PIN blocks: data that no one may keep. */
export function* authenticationData(text: string): Generator<Hit> {
  yield* namedData(text);
  if (text.includes('^')) for (const { index } of text.matchAll(TRACK1)) yield { kind: 'track', at: index };
  for (const { 1: digits = '', index } of text.matchAll(TRACK2)) if (endsInCard(digits)) yield { kind: 'track', at: index };
  if (text.includes('='))
    for (const { 1: digits = '', index } of text.matchAll(TRACK3)) if (endsInCard(digits)) yield { kind: 'track', at: index };
  for (const { 1: digits = '', index } of text.matchAll(BESIDE_NUMBER)) if (endsInCard(digits)) yield { kind: 'sad', at: index };
  yield* codesOfCalls(text);
  yield* clearPins(text);
  yield* discretionaryData(text);
  if (
    !/cv|c\.v|s[ée]cu|c[oó]digo|セキュ|csc|cid|kbv|verif|valid|crypt|seguridad|sicurezza|pr(?:ue|ü)f|cav2|code|value|number|pin|52|安全码/i.test(
      text,
    )
  )
    return;
  for (const pattern of [CODE, SAID])
    for (const { 0: whole, index } of text.matchAll(pattern)) if (!isNoName(text, index, whole)) yield { kind: 'sad', at: index };
}

/** `creditCard("4111...", "123", 12, 2030)`: what makes or takes a card is given its code, too. */
const CARD_CALL =
  /card\w{0,24}\(\s{0,2}(?:[^()\n]{0,60},\s{0,4})?["'`]?(\d{13,19})["'`]?((?:\s{0,2},\s{0,40}["'`]?[\d/-]{1,7}["'`]?){1,4})\s{0,2}[,)]/gi;
function* codesOfCalls(text: string): Generator<Hit> {
  if (!text.includes('(')) return;
  for (const { 1: digits = '', 2: rest = '', index } of text.matchAll(CARD_CALL))
    if (endsInCard(digits) && hasCode(rest.split(',').slice(1), digits.length === 15 ? 4 : 3)) yield { kind: 'sad', at: index };
}

/** Alone a number may be an amount: it is in quotes, or month and year stand beside it. */
function hasCode(given: readonly string[], length: number): boolean {
  const values = given.map((value) => value.trim());
  const at = values.findLastIndex((value) => new RegExp(`^["'\`]?\\d{${length}}["'\`]?$`).test(value));
  const code = values[at];
  return code !== undefined && (/\D/.test(code) || values.length > 1);
}

/** A PIN in the clear as ISO 9564-1 has it (its format, its length, its digits, filled with F), and as a card is sent it in characters. */
const CLEAR_PIN = new RegExp(
  `(?:(?<![0-9A-F])|08 ?)[02](?:${[4, 5, 6, 7, 8].map((size) => `${size} ?(?:\\d ?){${size}}(?:F ?){${13 - size}}F`).join('|')})(?![0-9A-F])`,
  'gi',
);
const FILLED = /FF ?FF ?FF/i;
const VERIFY = /00 ?20 ?00 ?[08][0-9A-F] ?08 ?(?:3\d ?){4,8}(?:FF ?){0,4}(?![0-9A-F])/gi;

function* clearPins(text: string): Generator<Hit> {
  if (FILLED.test(text)) for (const { index } of text.matchAll(CLEAR_PIN)) yield { kind: 'sad', at: index };
  if (!text.includes('0020') && !text.includes('00 20')) return;
  for (const { 0: command, index } of text.matchAll(VERIFY))
    if (command.replaceAll(' ', '').length === 26) yield { kind: 'sad', at: index };
}

function* discretionaryData(text: string): Generator<Hit> {
  for (const { index } of text.matchAll(DISCRETIONARY)) yield { kind: 'track', at: index };
  for (const { index, 2: size = '', 3: data = '', groups } of text.matchAll(DISCRETIONARY_TAG)) {
    const bytes = data.replaceAll(' ', '').slice(0, 2 * Number.parseInt(size, 16));
    const isFull = bytes.length === 2 * Number.parseInt(size, 16);
    if (isFull && (groups?.characters === undefined ? /^\d+F?$/i : /^(?:[2-7][0-9A-F])+$/i).test(bytes)) yield { kind: 'track', at: index };
  }
}

/** The end of an element or the mark of what was removed, and in the next line a number that begins it; a postal code of India. */
function isNoName(text: string, at: number, whole: string): boolean {
  if (text[at - 1] === '/' && /^\w{3,4} \d{3}$/.test(whole)) return true;
  if (/^pincode/.test(whole) || REPLY.test(text.slice(at + whole.length, at + whole.length + 16))) return true;
  if (!whole.includes('\n')) return false;
  const isDate = /^-\d\d-\d\d/.test(text.slice(at + whole.length, at + whole.length + 6));
  return isDate || text[at - 1] === '[' || /<\/[^<>\s]{0,40}$/.test(text.slice(Math.max(0, at - 42), at));
}
