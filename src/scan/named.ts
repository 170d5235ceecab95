import { composedNames } from './composed.ts';
import { isTold, type Kind, valueBehind } from './joints.ts';
import type { Hit } from './numbers.ts';

/** Verification codes as the world calls them, beside the names that `composed.ts` puts together. */
const CODE = [
  '(?<![a-z])cv(?=[_-]?num)|cv[vcnd][12]?|cv[x2]2?|cav2|cve2|series_?code|codseg|(?:cc|card)_?v(?:code|cd)|ccv2?(?!v)|cscval|4dbc|amexcid|(?:card|cc)[_-]?cid|(?<![a-z])cv(?=[_-]?(?:code|num|val|cd|["\'>:=]))',
  'card[_-]?(?:sec|scty|security)[_-]?(?:val|cd|code|value)|(?:(?<!dis|post|score|wild|dash|time|flash)card|cc)[_-]?(?:csc|code|verification)',
  'verification[_-]?value|account[._]verification|(?<=<)verification(?=[ >])|security(?: code|[_-]?(?:code|number))|sicherheitscode|kartenpruef(?:nummer|ziffer)|pruefnummer',
  'cryptogramme(?: visuel)?|(?:cod(?:igo|ice)?|clave)[_ -]?(?:de[_ -]?|di[_ -]?)?(?:seg(?![a-z])|seguridad(?:_?tarj)?|seguranca|sicurezza|verificacion)|guvenlik[_ -]?kodu',
  'sakerhetskod|sikkerhe[dt]s?kode|turva(?:koodi|numero)|cod(?:ul)? de securitate|kode keamanan|crd_?(?:sec|vrfy)_?cd|cardverif(?:val)?|kaartcontrolecode|code de (?:securite|verification)',
].join('|');
const PIN =
  '[mt]pin(?![a-z])|geheimzahl|tunnusluku|senha[_ -]?(?:do[_ -]?)?cartao|kart[_ -]?sifresi|pinkode?|clave (?:de cajero|secreta)|code ?(?:secret|confidentiel)|pvv|pin';
const BLOCK =
  'pin[_ -]?(?:bl(?:oc)?c?k|data)|(?:enc(?:rypted|rptd)?|online)[_-]?pin(?:[_-]?bl(?:oc)?c?k)?|pin[_-]?encrypted|(?<![a-z])epb|(?:bloc|bloque de|bloco de|blocco) pin|personal identification number data|(?<![a-z]|[0-9](?=f 52))(?:de|df|f|p|bit|field|fld)[ _.-]?0?52';
const NAMES = new RegExp(`(?<block>${BLOCK})|(?<code>${CODE})|(?<pin>${PIN})`, 'gi');
/** With letters beyond ASCII: looked for where there are any. */
const NAMES_ELSEWHERE = new RegExp(
  [
    '(?<block>pin ?(?:ブロック|블록|密文)|密码块|п[иі]н[ -]блок|52域)',
    '(?<code>kartenprüf(?:nummer|ziffer)|prüfnummer|(?:c[oó]d(?:igo|ice)?|clave)[_ -]?(?:de[_ -]?|di[_ -]?)?(?:seguran[cç]a|seguridad|verificaci[oó]n)|g[uü]venlik[_ -]?(?:kodu|numarası)|код[_ -](?:безопасности|перевірки)|सुरक्षा कोड|सीवीवी|رمز الأمان|קוד אבטחה|รหัสความปลอดภัย|säkerhetskod|κωδικός ασφαλείας|bezpečnostní kód|biztonsági kód|code de (?:s[ée]curit[ée]|v[ée]rification)|(?:カード|카드 ?)?(?:セキュリティー?(?:コード|番号)|보안 ?(?:코드|번호))|(?:背面|卡背|签名栏)[后末後]?三位数|安全[码碼]|[后末後][三3][位码碼]|cv[vcn]2?[码碼])',
    '(?<pin>(?:カード|卡|カード)の?(?:PIN|ピン)(?:[码碼]|番号|번호)?|(?:取款|交易|支付|卡片?)密[码碼]|[個个]人[識识][別别][碼码]|暗証番号|senha[_ -]?do[_ -]?cartão|п[иі]н(?:-?код)?|kart[_ -]?şifresi|ピン番号|카드 ?비밀번호|पिन|الرقم السري|קוד סודי)',
  ].join('|'),
  'gi',
);
const NOT_ASCII = /[^\x00-\x7f]/;
const WORTH =
  /cv|cav2|csc|4dbc|cid|card|secu|scty|sicher|prue|crypto|seg|sicu|venlik|pin|zahl|senha|sifre|52|verif|epb|luku|clave|code ?(?:secret|conf)|pvv|kod|controle|identification number/i;

/** Authentication data whose name stands apart from it: as pairs, in elements, wrapped, in calls, in a table below its head. */
export function* namedData(text: string): Generator<Hit> {
  for (const at of composedNames(text)) yield { kind: 'sad', at };
  if (NOT_ASCII.test(text)) yield* valuesOf(text, NAMES_ELSEWHERE);
  if (!WORTH.test(text)) return;
  yield* valuesOf(text, NAMES);
  for (const pattern of [VALUE_FIRST, VALUE_OF, BLOCK_OF]) for (const { index } of text.matchAll(pattern)) yield { kind: 'sad', at: index };
  yield* fields52(text);
  yield* columns(text);
}

function* valuesOf(text: string, names: RegExp): Generator<Hit> {
  for (const { 0: name, index, groups } of text.matchAll(names)) {
    const kind: Kind = groups?.block !== undefined ? 'block' : groups?.code !== undefined ? 'code' : 'pin';
    if (kind === 'pin' ? !beginsPin(text, index, name) : /[a-z]/.test(name) && insideOfWord(text, index, name)) continue;
    const place = { start: index, end: index + name.length };
    if (valueBehind(text, place, kind) || valueInRow(text, place, kind)) yield { kind: 'sad', at: index };
  }
}

/** `spin`, `mapping`, `shipping`: a pin begins a word, or a capital letter after a small one begins it. */
function beginsPin(text: string, at: number, name: string): boolean {
  if (!/^pin/i.test(name)) return true;
  const before = text[at - 1] ?? ' ';
  return !/[A-Za-z]/.test(before) || (name.startsWith('P') && /[a-z]/.test(before));
}

/** `discarded`, `dashcard code`: `cvv` and the like stand nowhere by chance, short names do. */
function insideOfWord(text: string, at: number, name: string): boolean {
  return name.length < 3 && /[A-Za-z]/.test(text[at - 1] ?? ' ');
}

/** `{"value":"123","name":"cvv"}`, `value="123" name="cvv"`. */
const VALUE_FIRST = new RegExp(
  String.raw`(?:value|val)\\{0,7}["']?\s{0,2}[=:]\s{0,2}\\{0,7}["'](\d{3,4})\\{0,7}["'][\s,;]{1,24}(?:(?:type|id|class)=["'][\w -]{1,24}["']\s{1,4}){0,3}\\{0,7}["']?name\\{0,7}["']?\s{0,2}[=:]\s{0,2}\\{0,7}["'](?:\w{1,24}[.[_-])?(?:${CODE})(?![A-Za-z])`,
  'gi',
);
/** `Invalid value '123' for field cvv`, `assertEquals("123", card.getCvv())`, `[123] (card.cvv)`. */
const VALUE_OF = new RegExp(
  String.raw`(?:value ["'[(]\d{3,4}["'\])] (?:for|in|of|on) (?:field|parameter|column|property)? ?["']?|(?:assert\w{0,20}|expect\w{0,8}|equals?)\(["']\d{3,4}["'], ?(?:\w{1,20}[.(]){0,2}(?:get)?|[["']\d{3,4}["'\]] (?:\((?=[\w.])|(?:in|into|as|for) (?:the )?["']?))(?:\w{1,24}[.])?(?:${CODE})(?![A-Za-z])`,
  'gi',
);
/** `assertEquals("1A2B...", result.pinBlockHex)`. */
const BLOCK_OF = new RegExp(
  String.raw`(?:assert\w{0,20}|expect\w{0,8}|equals?)\(["'][0-9A-F]{16}["'], ?(?:\w{1,20}[.(]){0,2}(?:get)?(?:${BLOCK})`,
  'gi',
);
/** The PIN block in the lists that switches print: by the number of its field, with what such lists put between. */
function* fields52(text: string): Generator<Hit> {
  for (let at = text.indexOf('52'); at !== -1; at = text.indexOf('52', at + 2)) {
    AFTER_52.lastIndex = at + 2;
    if (
      AFTER_52.test(text) &&
      !LIST_OF_NUMBERS.test(text.slice(Math.max(0, at - 4), at + 8)) &&
      (BEFORE_52.test(text.slice(Math.max(0, at - 24), at)) || LINE_OF_52.test(text.slice(Math.max(0, at - 10), at + 8)))
    )
      yield { kind: 'sad', at };
  }
}

const AFTER_52 =
  /(?![0-9])(?:[ \t"'\\\])}>:=：,#|(<.-]|(?:b|n|an|binary|hex|type|value|val|v|data|pin|block|len|length|0?8|0?16|64|128|域)(?![0-9A-Za-z])|(?:new )?[A-Z][A-Za-z]{2,20}(?:\.\w{2,20})?\(|_){1,60}(?<![0-9A-Za-z])(?=[0-9A-F]*[0-9])[0-9A-F]{16}(?![0-9A-Za-z])/iy;
const BEFORE_52 =
  /(?:(?<![0-9A-Za-z.:-])0{1,2}|["'#[(<] {0,2}0{0,2}|(?<![A-Za-z])(?:de|df|f|p|s|b|bit|bm|iso|field|fld|id|set|put|no)[ _."'=:#[(-]{1,4}0{0,2}|(?<![A-Za-z])(?:de|df|f|p|s|b|bit|fld)0{0,2}|(?<![A-Za-z])(?:un)?pack )$/i;
/** `[52, 1762341753123456]`, and not `[52, '1A2B...']`. */
const LIST_OF_NUMBERS = /[[(] {0,2}52, {0,2}\d/;
/** At the beginning of a line, or of an object's key. */
const LINE_OF_52 = /(?:(?:^|\n)[ \t]{0,8}52[ \t]{0,4}(?:[:=]|pin)|[,{] 52:)/i;

/** `INSERT INTO cards (pan, cvv) VALUES ('..', '123')`. */
function valueInRow(text: string, { start, end }: { readonly start: number; readonly end: number }, kind: Kind): boolean {
  const behind = text.slice(end, end + ROW);
  const statement = /^[^()]{0,400}\)\s{0,8}VALUES\s{0,8}\(([^)]{1,1000})/i.exec(behind);
  if (statement === null) return false;
  const before = text.slice(Math.max(0, start - ROW), start);
  const open = before.lastIndexOf('(');
  const cell = (statement[1] ?? '').split(',')[before.slice(open).split(',').length - 1];
  return open !== -1 && cell !== undefined && isTold(cell.replace(/^[\s"'`]+|[\s"'`]+$/g, ''), kind);
}

const ROW = 1_500;

const HEAD =
  /(?<=^|\n)(?=[^\n]{0,400}?(?:^|[,;|\t"'`\s])(?:(?:card|cc)[_-]?)?(?:cv[vcn]2?|csc|ccv|security[_ ]?code|c[oó]digo de segur\w{3,5}|pin|pin_?block)["'`]?\s{0,12}(?:[,;|\t]|\r?\n|$))[ \t]{0,8}["'|]?\s?[\p{L}_][^\n]{1,400}/giu;
const CELL =
  /^["'`\s]*(?:(?:card|cc)[_-]?)?(?:(cv[vcn]2?|csc|ccv|security[_ ]?code|c[oó]digo de segur\w{3,5})|(pin)|(pin_?block))["'`\s]*$/i;
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
