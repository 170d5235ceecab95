import { kindByParts } from './name-parts.ts';
import type { SadKind } from './span.ts';

/**
 * Names of the verification code as programs abbreviate it and as the world's languages call it: letters and digits only, without marks above
 * or below them, so that `Código de Segurança`, `codigoSeguranca` and `CODIGO_SEGURANCA` are one. Each stands at the end, but for what a
 * program adds (`Val`, `_no`, `Entered`).
 */
const CODE = [
  'ccv|cvvs|cvcs|cvv2s|cardid(?:code|number|num)|verif(?:ication)?str2?|ce?sc(?:val|value)|card(?:security|sec|scty)(?:code|cd|value|val|number|num|nbr|no)|(?:^|card|cc)s(?:cty|ec)c(?:ode|d)|cardverif\\w{0,10}|cardvalid(?:ation)?(?:code|cd|value|val)|cardauth(?:code)?value|creditcardident(?:ifier)?|cvm(?:val|value)|[34]digit(?:code|number)|threedigitcode|last3digits|verif(?:ication)?(?:no|digits)|cardback(?:code|number)|accountverification|^verification$|seriescode|(?:cc|card)v(?:code|cd)|cv2(?:val|value)|^cv(?:code|cd|val|value)?$|cvx|codseg|cod(?:igo)?seguridadtarj\\w{0,6}|codverif\\w{0,10}|crdv(?:rf|fy|er)\\w{0,8}|kartenpr(?:ue|u)fnr|sig(?:nature)?panel(?:code|number)?|securitydigits|backofcard(?:code|digits)?',
  '(?:karten)?pr(?:ue|u)f(?:nummer|ziffer|wert|zahl|code)(?:karte|derkarte)?|(?:karten)?sicherheits(?:code|nummer|zahl)',
  'cryptogramme(?:visuel)?|cryptovisuel|code?(?:de)?securite|code(?:de)?verification(?:carte)?',
  'cod(?:igo|ice)?(?:de|di|da)?(?:seguridad|seguranca|sicurezza|seg)(?:tarjeta|cartao|carta)?|codigo(?:de)?verifica(?:cion|cao|dor)|clave(?:de)?seguridad',
  'guvenlik(?:kod(?:u|um|unuz)?|numarasi|no)|kod(?:zabezp|bezpieczenst|bezpecnost)\\w{0,10}|bezpec\\w{0,6}kod|biztonsagikod|cod(?:ul)?(?:de)?securitate|(?:kaart)?(?:beveiligings|veiligheids|controle)code|sakerhetskod|sikkerhe[dt]s?kode|turva(?:koodi|numero)|varnostnakoda|sigurnosnikod',
  'код(?:безопасности|проверки|защиты|карты)|(?:проверочн|защитн)ыйкод|^[цс]вв2?$|^цвц$|кодcv[vc]2?|cv[vc]2?код|κωδικοςασφαλειας|رمزالامان|קודאבטחה|mabaomat(?:cua)?(?:the)?|सीवीवी|รหัสcv[vc]2?|kode(?:keamanan|pengaman)|kodkeselamatan',
  'セキュリティー?(?:コード|番号)|カード確認番号|(?:카드)?보안(?:코드|번호)|cv[vcn]2?(?:번호|コード|番号|码|碼|號|号)|安全[码碼]|校[验驗][码碼]|卡[验驗][证證][码碼]|(?:背面|背后|背|后|後|末|签名栏|最后)(?:的)?(?:后|末|後)?[三四34][位碼码](?:的)?(?:数字?|(?:安全|验证|驗證|校验)?[码碼])?',
].join('|');
const PIN =
  'geheim(?:zahl|nummer)|numerosecreto|^卡密$|tunnusluku|пінкод|पिन|الرقمالسري|קודסודי|[個个]人[識识][別别][碼码]|(?:code?)?confidentiel|code?secret|code?pin|pin(?:no|nr|nbr|num|number|value|val|txt|text|str|entered|entry|input)|pins|pinbuf(?:fer)?|atm密[码碼]|(?:clave|contrasena)(?:del?)?(?:la|mi|su|tu)?(?:secreta|tarjeta|cajero)|codig?o?(?:ce)?segreto|nip(?:de)?(?:tarjeta|cajero)|(?:^|upi|wallet|txn|ivr|new|old|card)[mti]pin|upipin|(?:get|read|input|verify|set)pin|pin(?:confirm(?:ation|ed)?|tarjeta|tarjeta|carte|karte|kodu|nuevo|actual)|numeroidentificacionpersonal|personalidentificationnumber|senha(?:do)?cartao|^nip$|提款密[码碼]|codigo(?:pin|cip)|with(?:card)?pin|kart(?:in|im|imin)?sifre(?:si|m|niz)?|пин(?:код)?|暗証番号|ピン(?:コード|番号)?|핀(?:번호|코드)?|pin[码碼코]드?|카드비밀번호';
const PIN_BLOCK =
  '^epb|pinbuffer[a-d]$|п[иі]нблок|блокп[иі]н|pin(?:ブロック|블록)|(?<!swa|po)pinbl(?:oc)?c?k(?:zpk|tpk|lmk|bdk|hex|enc|b64|data|iso\\d?)?|pincrypto(?:gram)?|pin(?:under)?(?:zpk|tpk|lmk|pek)|p(?:in)?密文|pin块|密[码碼][块塊域]|(?:enc(?:r|rypted|rypt|rptd)?|online|translated|cipher(?:ed)?)pin(?:data|val|value|hex)?|pin(?:enc|encrypted|cipher|ciphertext|data)';
/** Songs, parcels and connections have tracks, too. */
const TRACK =
  '(?:(?:^|enc|encrypted|decrypted|raw|mag|card|swipe|swiped|msr|clear|full|iso|emv|icc|pos|txn|get|set|data|read|plain)(?:tra?c?k)|^tk|spur|piste|pista|mag(?:netic)?stripe|дорожк[аи]|磁道|トラック)';

/** What a program adds to a name. */
const ADDED =
  '(?:code|cd|value|val|number|num|nbr|nr|no|data|field|input|text|txt|plain|clear|raw|in|entered|str|string|hex|param|arg|info|信息|数据)?';
const ENDS: readonly (readonly [RegExp, SadKind | 'track'])[] = [
  [new RegExp(`(?:${PIN_BLOCK})${ADDED}\\d?$`), 'pin-block'],
  [new RegExp(`(?:${CODE})${ADDED}[12]?$`), 'cvv'],
  [new RegExp(`(?:${PIN})${ADDED}\\d?$`), 'pin'],
  [new RegExp(`(?:${TRACK}(?:1|one|i|一))(?:dd|discretionary)?${ADDED}$|一磁(?:道)?$`), 'track1'],
  [new RegExp(`(?:${TRACK}(?:2|two|ii|二)(?:equivalent)?)${ADDED}$|二磁(?:道)?${ADDED}$`), 'track2'],
  [new RegExp(`(?:${TRACK}(?:3|three|iii|三))${ADDED}$|三磁(?:道)?${ADDED}$`), 'track3'],
  [new RegExp(`(?:${TRACK})(?:data|info|信息|数据)$`), 'track'],
];
/** Numbers of fields of ISO 8583 that hold authentication data, as lists and logs call them. */
const FIELD =
  /^(?:[\w.-]{0,48}[_.-])?(?:iso|de|df|f|p|s|b|bit|bm|bmp|fld|field|el|elem|element|dataelement|champ|campo|feld|zone|поле|域|位|第)[ _.#-]{0,2}0{0,2}(35|36|45|52)域?$/i;
const KIND_OF_FIELD: Readonly<Record<string, SadKind>> = { 35: 'track2', 36: 'track3', 45: 'track1', 52: 'pin-block' };

/** What a key in any language says; undefined: nothing of the kind. */
export function authenticationKind(key: string): SadKind | 'track' | undefined {
  const field = FIELD.exec(key)?.[1];
  if (field !== undefined) return KIND_OF_FIELD[field];
  const flat = folded(key);
  return ENDS.find(([name]) => name.test(flat))?.[1] ?? kindByParts(flat, key);
}

/** Letters and digits in lower case, without marks: `Güvenlik Kodu` is `guvenlikkodu`. */
export function folded(key: string): string {
  const plain = /^[\x00-\x7f]*$/.test(key)
    ? key
    : key
        .normalize('NFD')
        .replace(/(?<=[\u0000-\u024f])\p{M}+/gu, '')
        .normalize('NFC')
        .replace(/[ıİ]/g, 'i')
        .replace(/ß/g, 'ss');
  return plain.toLowerCase().replace(/[^a-z0-9\u00df-\u1fff\u3040-\ufaff]+/g, '');
}

/** Where such a name may begin or go on, as far as `key.ts` has no stem for it; the key around it is read and classified as a whole. */
export const NAME_STEM = [
  'ccv|pins(?=["\']?[ \\t]{0,2}[:=][ \\t]{0,2}\\[\\s{0,24}["\'])|卡密(?![码碼])|series_?code|cc_?v(?:code|cd)|nip(?=(?:["\']?[ \t]{0,2}[:=][ \t]{0,2}["\']?|[ \t](?:est|es)[ \t](?:(?:el|le)[ \t])?)\\d{4}(?!\\d))|cv(?=[_-]?(?:code|cd|val|value)?["\'>=: ])|codseg|codverif|crd_?v(?:rf|fy|er)|mã bảo mật(?: (?:của )?thẻ)?|पिन|सीवीवी|الرقم السري|קוד סודי|[個个]人[識识][別别][碼码]|verification(?![a-z _-])|pin(?:kod[eu]?|koodi|clear|plain|verify)(?![a-z])|tunnusluku|sec(?:val|cd)|scty|cscval|verif(?:ication)?_?str|v[eé]rification(?![a-z])|cv[_-]?num(?:ber)?|sicherheits|geheim(?:zahl|nummer)|n[uú]mero secreto|fidentiel|cvm(?=val)|nip[ _-]?(?:de)?[ _-]?(?:tarjeta|cajero)|clave[ _-]?(?:del?[ _-]?)?(?:(?:la|mi|su|tu)[ _-])?(?:tarjeta|cajero|secreta)|(?:codice|código) (?:segreto|secreto)|senha(?: d[oe] cart[aã]o)?|ifre(?:si|m|niz)?(?![a-z])',
  '(?:c[oó]d(?:igo|ice)?\\.?|clave)[ _-]?(?:de|di|da)?[ _-]?(?:seg|sic|verifica[cd])[a-zçãõ]*|segur[a-zçã]*|sicurezza|verifica[cd][a-zçãó]*|code?[ _-]?(?:de[ _-]?)?s[eé]curit[eé]|g[uü]venlik[ _-]?(?:kod|n)[a-zıu]*',
  'bezpe[cč][a-zí]*|zabezp[a-z]*|biztons[aá]gi|securitate|(?:beveiligings|veiligheids)code|s(?:ä|a)kerhetskod|sikkerhe[dt]s?kode|turva(?:koodi|numero)',
  'trk|spur|piste|pista|personal identification number(?: data)?',
  '(?:iso|p|s|bm|fld|ent|champ|campo|feld|zone|field|поле)[ _.#-]{0,2}0{0,2}(?:35|36|45|52)(?![0-9])|(?:第|域)0{0,2}(?:35|36|45|52)域?|(?:de|f|bit)[ _.#-]{0,2}0{0,2}36(?![0-9])',
  '(?<![а-яё])(?:[цс]вв2?|цвц)(?![а-яё])|код[ _-](?:безопасности|проверки|защиты)|(?:проверочный|защитный)[ _-]код|п[иі]н(?:[ _-]?(?:код|блок))?(?![а-яі])|пароль|parola|kennwort|ase[nñ]a(?: del? (?:(?:la|mi|su|tu) )?(?:cajero|tarjeta))?|has[lł]o|heslo|wachtwoord|l[oö]senord|salasana|adgangskode',
  '暗証番号|ピン(?:コード|番号)?|핀(?:번호|코드)|카드 ?비밀번호|비밀번호|보안 ?(?:코드|번호)|安全[码碼]|校[验驗][码碼]|密[码碼][块塊域]|[一二三]磁道?|磁道[123]?|(?:背面|背后|背|后|後|末|最后)的?(?:后|末|後)?[三四34][位碼码]的?(?:数字?|(?:安全|验证|驗證|校验)[码碼])?|セキュリティー?(?:コード|番号)|パスワード',
].join('|');
