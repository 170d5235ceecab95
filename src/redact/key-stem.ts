import { NAME_STEM } from './authentication-name.ts';
import { CODE_NAMES } from './key.ts';

/** Pieces of words that begin or make a key of interest; what they belong to is read around them. */
const STEM = new RegExp(
  [
    '(?:credit[ _-]?)?card(?:\\.|\\]?\\[|%5D%5B)["\']?(?:code|security|verification)|pass(?: ?phrase)?|pwd|pw(?![a-z])|비번|패스워드|(?<![a-z])salt|psw|secret(?: key)?|token|(?:(?:api|access|private|signing|encryption|master|account|subscription) )?key|cred|cookie|communit(?:y|ies)',
    'sess(?:id|ion(?:id)?)|(?<=connect\\.)sid|auth|jwt|bearer|basic|identified by|login|crumb|licen[sc]e|api(?![a-z])|(?<=[a-z0-9][_.-])pat(?![a-z])',
    'cv[vcnd]|cv[x2]2?|cve2|csc|cav2|(?:security|verification|card|sec(?:ur)?(?:\\.(?= ))?|sig(?:n(?:ature)?)?\\.?[ _-]?panel)[ _-]?(?:code|value|number)|(?:security|verification)[ _-]?(?:no(?![a-z])|digits)|card[ _-]?(?:verif|valid|secur|ident|id[ _-]?(?:code|num))|4dbc',
    'cid(?![a-bd-mo-uw-z])|kbv|codigo(?:[ _-]?de)?[ _-]?seguridad|cryptogramme(?:[ _-]visuel)?|codice[ _-]?sicurezza|(?:karten)?pr(?:ue|ü)f(?:nummer|ziffer|code|wert|zahl)|(?<=code[ _-]?(?:de[ _-]?)?)securite|track(?: ?[123](?: data)?)?|magstripe|magnetic|swipe|msr',
    'pin ?(?:密文[块塊]?|块|塊)|密码[块塊域]|pin[ _.-]?bl(?:oc)?c?k|pin(?:[ _.-]?(?:number|value|data|code|no))?(?![a-z]|码)|epb|pvv',
    '(?<![a-z])t?otp|[sm]ms_?code|mfa_?code|one_?time|zmk|zpk|tmk|tpk|zak|bdk|ipek|kek|dek|pvk|cvk|(?<![a-z])(?:pik|mak|tdk)(?![a-z])|indpw',
    '(?:\\bde|\\bdf|\\bf|\\bfield|\\bbit)[ _.-]?0?(?:35|45|52)\\b|密[码碼]|口令|密钥|安全码|验证码|校验码|pin码|磁道',
  ].join('|'),
  'iy',
);
/** Names of the code that other words rarely begin like; tried where the first letter fits and nothing else did. */
const CODE_STEM = new RegExp(
  String.raw`${CODE_NAMES}|${NAME_STEM}|c[. ]v[. ][vc2]\.?|p\.i\.n\.?|código(?:[ _-]?de)?[ _-]?seguridad|(?<=code de )(?:s[ée]curit[ée]|vérification)|セキュリティ(?:コード|番号)`,
  'iy',
);
export const MAX_KEY = 64;

/** First letters of the names that are tried where nothing else fitted, in pairs. */
const PAIRS_OF_CODE = new Set(
  'be bi bm cc co có cl cr cv c. c\u0020 de en fi fl f0 f3 f_ f. f- f\u0020 gü gu ge ha he if in is ko ka ke lo lö mã ni nu nú pe pi pa p. p0 p3 p4 p5 p_ p- p\u0020 si se sé sc sp sä sa sk s0 s3 s5 s- tr tu ve vé wa za as aş ad'
    .split(' ')
    .map((pair) => pairOf(pair.charCodeAt(0), pair.charCodeAt(1))),
);

/** First letters of the words that names are put together from. */
const PAIRS_OF_PARTS = new Set(
  'am ba be bi ca cc cr gu gü ka ká ko pr pü se sé si su ta sa sä tu ve za'
    .split(' ')
    .map((pair) => pairOf(pair.charCodeAt(0), pair.charCodeAt(1))),
);

/** Of letters in either case; what is no letter has no other. */
function pairOf(first: number, second: number): number {
  return ((first | 0x20) << 8) | (second > 0x40 ? second | 0x20 : second);
}

/** `pinKodu`, `PinBlockData`: a capital letter begins another word. */
function isPinOfCamelCase(text: string, from: number): boolean {
  return /^(?:[Pp]in[A-Z]|PIN[A-Z][a-z])/.test(text.slice(from, from + 5));
}

/** Where the piece of a key that begins there ends. 0: none does. */
export function endOfStem(text: string, from: number): number {
  STEM.lastIndex = from;
  if (STEM.test(text)) return STEM.lastIndex;
  if (isPinOfCamelCase(text, from)) return from + 3;
  const first = text.charCodeAt(from);
  if (first < 0x80 && !PAIRS_OF_CODE.has(pairOf(first, text.charCodeAt(from + 1)))) return 0;
  CODE_STEM.lastIndex = from;
  return CODE_STEM.test(text) ? CODE_STEM.lastIndex : 0;
}

/** May one of the words stand there that names of authentication data are put together from? */
export function mayBePart(text: string, place: number): boolean {
  const first = text.charCodeAt(place);
  return first > 0x7f || PAIRS_OF_PARTS.has(pairOf(first, text.charCodeAt(place + 1)));
}

/** Where a key stands. */
export interface Key {
  readonly start: number;
  readonly end: number;
}

/** The whole key around a piece of it. */
export function keyAround(text: string, stemStart: number, stemEnd: number): Key {
  let start = stemStart;
  while (start > stemStart - MAX_KEY && isKeyCharacter(text.charCodeAt(start - 1), true)) start--;
  // `card%5Bcvv%5D`: the bracket is no part of it.
  if (text[start - 1] === '%' && stemStart - start >= 2 && /^[0-9A-Fa-f]{2}/.test(text.slice(start, start + 2))) start += 2;
  // `-Dcvv=123` of Java.
  if (text[start] === '-' && text[start + 1] === 'D' && stemStart - start >= 2) start += 2;
  // An escape such as `\n` is no part of the key.
  if (text[start - 1] === '\\' && start < stemStart && 'nrt'.includes(text[start] ?? '')) start++;
  let end = stemEnd;
  // `安全码123`: digits are no part of a word that is not written in these letters.
  while (text.charCodeAt(stemEnd - 1) < 0x300 && end < stemEnd + MAX_KEY && isKeyCharacter(text.charCodeAt(end), false)) end++;
  return { start, end };
}

/** Letters of alphabets, digits, `_`, `-`; before the stem also `.`. */
function isKeyCharacter(code: number, before: boolean): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    (code >= 0xc0 && code < 0x530 && code !== 0xd7 && code !== 0xf7) ||
    (before && code === 0x2e)
  );
}
