import { composedNames } from './composed.ts';
import type { Hit } from './numbers.ts';

/** Verification codes and PINs as the world calls them, beside the names that `authentication.ts` knows. */
const CODE =
  'cv[vcnd]\\d?|cav2|cscval|ccv\\d?|card[_-]?(?:sec|scty|security)[_-]?(?:val|cd|code|value)|(?:(?<!dis|post|score|wild|dash|time|flash)card|cc)[_-]?(?:csc|code)|verification[_-]?value|security[_-]?code|sicherheitscode|kartenpr(?:ue|ü)f(?:nummer|ziffer)|pr(?:ue|ü)fnummer|cryptogramme|(?:codigo|código|clave|codice)[_ -]?(?:de[_ -]?|di[_ -]?)?(?:seguridad|seguran[cç]a|sicurezza)|g[uü]venlik[_ -]?kodu|код[_ -]безопасности|セキュリティー?コード|보안 ?코드|安全[码碼]|[后末後][三3][位码碼]';
const PIN =
  '(?:カード|卡|카드)の?(?:PIN|ピン)(?:[码碼]|番号|번호)?|(?:取款|卡片?)密[码碼]|(?<![a-z])(?:card|user|atm|debit|customer|entered|clear|plain|new|old)?[_-]?pin(?:[_-](?:code|number|no|value))?|[mt]pin|geheimzahl|senha[_ -]?(?:do[_ -]?)?cart[aã]o|пин(?:-?код)?|暗証番号|kart[_ -]?[sş]ifresi';
const BLOCK = 'pin[_ -]?(?:bl(?:oc)?c?k|data)|(?:enc(?:rypted|rptd)?|online)[_-]?pin|密码块|pin密文|(?:de|df|f|p|bit|field|fld)[ _.-]?0?52';
/** What programs write between a name and its value, with the sign that one follows. */
const BETWEEN = String.raw`\\{0,7}["'\])]{0,2}\s{0,3}(?:[,;]\s{0,3}\\{0,7}["']?(?:type|id|kind)\\{0,7}["']?\s?[:=]\s?\\{0,7}["']?\w{1,16}\\{0,7}["']?)?\s{0,3}(?:=>|->|:=|[=:：,]|\))\s{0,24}(?:-\s)?(?:\\{0,7}["']?(?:value|val|v|s|n|string|(?:string|int|field|rejected)_?value|some|optional|just|secretstr|secret|b|u|\[\]string)(?:\\{0,7}["'])?\s{0,3}[:=({]?\s{0,3}|[[({>]|\\{0,7}["']|\s){0,8}`;
/** An element and its text, the second of two elements or cells, the name in one and the value in the other. */
const ELEMENT = String.raw`["'\s]{0,2}(?:/?>|</\w[\w:.-]{0,30}>|\s|<\w[\w:.-]{0,30}>|<!\[CDATA\[){1,5}`;
const NUMBER_ENDS = String.raw`(?![0-9A-Za-z*%]|[.:,/-]\d|\s?(?:ms|s|bytes)\b)`;
const STARTS = '(?<![A-Za-z0-9])';
const VALUE_FIRST = String.raw`(?:value|val)\\{0,7}["']?\s{0,2}[=:]\s{0,2}\\{0,7}["'](\d{3,4})\\{0,7}["'][\s,;]{1,24}(?:(?:type|id|class)=["'][\w -]{1,24}["']\s{1,4}){0,3}\\{0,7}["']?name\\{0,7}["']?\s{0,2}[=:]\s{0,2}\\{0,7}["'](?:\w{1,24}[.[_-])?`;

const PATTERNS: readonly RegExp[] = [
  new RegExp(`(?:${CODE})${BETWEEN}${STARTS}(\\d{3,4})${NUMBER_ENDS}`, 'gi'),
  new RegExp(`(?<=[<>"'])(?:\\w{1,16}:)?(?:${CODE})${ELEMENT}(\\d{3,4})(?=\\s{0,40}(?:<|\\]\\]))`, 'gi'),
  new RegExp(`${VALUE_FIRST}(?:${CODE})(?![A-Za-z])`, 'gi'),
  new RegExp(`(?:${PIN})${BETWEEN}${STARTS}(\\d{4,6})${NUMBER_ENDS}`, 'gi'),
  new RegExp(`(?<=[<>"'])(?:\\w{1,16}:)?(?:${PIN})${ELEMENT}(\\d{4,6})(?=\\s{0,40}(?:<|\\]\\]))`, 'gi'),
  new RegExp(`(?:${BLOCK})(?:${BETWEEN}|${ELEMENT}|[ \\t:=[(]{1,16})${STARTS}([0-9A-F]{16}|[0-9A-F]{32})(?![0-9A-Za-z])`, 'gi'),
];
const WORTH =
  /card[_-]?(?:code|sec|scty)|cv[vcnd]|ccv|csc|cav2|secu|scty|sicher|pr(?:ue|ü)f|crypto|seg|sicu|venlik|код|pin|zahl|senha|пин|暗証|ifre|52|密|安全|コード|코드|[后末後][三3]|verif/i;

/** Authentication data whose name stands apart from it: as pairs, in elements, wrapped, in a table below its head. */
export function* namedData(text: string): Generator<Hit> {
  for (const at of composedNames(text)) yield { kind: 'sad', at };
  if (!WORTH.test(text)) return;
  for (const pattern of PATTERNS) for (const { index } of text.matchAll(pattern)) yield { kind: 'sad', at: index };
  yield* columns(text);
}

const HEAD =
  /(?<=^|\n)(?=[^\n]{0,400}?(?:^|[,;|\t"'`\s])(?:(?:card|cc)[_-]?)?(?:cv[vcn]2?|csc|ccv|security_?code|pin|pin_?block)["'`]?\s{0,12}(?:[,;|\t]|\r?\n|$))[ \t]{0,8}["'|]?\s?[\p{L}_][^\n]{1,400}/giu;
const CELL = /^["'`\s]*(?:(?:card|cc)[_-]?)?(?:(cv[vcn]2?|csc|ccv|security_?code)|(pin)|(pin_?block))["'`\s]*$/i;
const MOST_ROWS = 1_000_000;

/** Rows below a head that names such data, as long as they have as many cells. */
function* columns(text: string): Generator<Hit> {
  let done = 0;
  for (const { 0: head, index } of text.matchAll(HEAD)) {
    if (index < done) continue;
    const [separator] = [',', ';', '|', '\t'].map((sign) => [sign, head.split(sign).length] as const).sort((a, b) => b[1] - a[1])[0] ?? [
      ',',
    ];
    const names = head.split(separator);
    const shapes = names.map((name) => shapeOf(CELL.exec(name)));
    if (names.length < 2 || shapes.every((shape) => shape === undefined) || names.some((name) => name.length > 40)) continue;
    let at = index + head.length + 1;
    for (let row = 0; row < MOST_ROWS && at < text.length; row++) {
      const lineEnd = text.indexOf('\n', at);
      const line = text.slice(at, lineEnd === -1 ? undefined : lineEnd);
      const cells = line.replace(/"[^"\n]*"/g, (quoted) => quoted.replaceAll(separator, ' ')).split(separator);
      if (cells.length !== names.length && !/^[-+|=: ]+\r?$/.test(line)) break;
      if (shapes.some((shape, place) => shape?.test(cells[place] ?? '') ?? false)) {
        yield { kind: 'sad', at };
        break;
      }
      at = lineEnd === -1 ? text.length : lineEnd + 1;
    }
    done = at;
  }
}

function shapeOf(name: RegExpExecArray | null): RegExp | undefined {
  if (name === null) return undefined;
  if (name[1] !== undefined) return /^["'`\s]*\d{3,4}["'`\s]*$/;
  return name[2] === undefined ? /^["'`\s]*[0-9A-Fa-f]{16}["'`\s]*$/ : /^["'`\s]*\d{4,6}["'`\s]*$/;
}
