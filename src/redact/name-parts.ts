import type { SadKind } from './span.ts';
import type { Place } from './walk.ts';

/**
 * Names by their parts. What a card's code, PIN and PIN block are called is put together from few words, in any order and any language:
 * of a card, of a check, of a number. Without marks and in small letters, as `authentication-name.ts` folds them.
 */
const CARD = [
  'cards?|cc|karten?|kaart|kart(?:y|a|ice|icy|imin|im|in|i|e|u)?|tarjetas?|cartao|carta|carte|cb|kort(?:ets|et|ti|in)?|kartya|cardului|amex|bancomat',
  'карт(?:к[аиу]|[аыу])?|κάρτας|البطاقة|בכרטיס|כרטיס|(?:信用|银行|銀行)?卡片?|(?:クレジット)?カード|카드',
].join('|');
/** Says by itself that a number protects something. */
const SECURITY = [
  'security|sicherheits?|seguridad|seguranca|sicurezza|securite|securitate|siguranta|guvenlik|bezpieczenstwa|zabezpieczajac[ya]|bezpecnost(?:ni|i)',
  'ochranny|sakerhets|sikkerhe[dt]s|turva|beveiligings|veiligheids|keamanan|biztonsagi|sigurnosni|varnostna|cryptogram(?:me)?|crypto(?:visuel)?|visuel',
  'безопасности|безпеки|захисту|защит(?:ы|ный)|सुरक्षा|ความปลอดภัย|ασφαλείας|الأمان|الامان|אבטחה|安全|セキュリティー?|보안',
].join('|');
const VERIFICATION =
  'verif(?:ication|icacion|icacao|icador(?:es)?|icare|icatie|ica|ierings?|ikasi|y|ier)?|weryfikacyjny|overovaci|dogrulama|проверочн(?:ый|ого)|проверки|перевірки|подтверждения|التحقق|אימות|验证|驗證|検証|인증|검증';
/** Of cards and of much else: only with both others. */
const CHECK =
  'sec|seg|scty|ident(?:ification|ifier)?|(?<!call|roll|loop|feed|cash|pay|fall|charge|play)back|rear|verso|valid(?:ation|acion|acao)?|check|chk|ctrl|controle?|controllo|kontroll?(?:n[aiy]|e)?|pr(?:ue|u)f|ellenorzo|tarkiste|контрольн(?:ый|ое)|секретный|校[验驗]|確認|확인|[背裏]面|背';
const CODE = [
  'code|cd|cod(?:igo|ice|ul)?|kod(?:um?|unuz|en)?|kode|koodi|number|num|nbr|nr|no|numero|nummer|numer|numarasi|value|val|valeur|valor|valore|wert|digits?',
  'कोड|รหัส|digitos?|cifr[ea]|ciffer|ziffern?|zahl|getal|chiffres?|szam|код|номер|число|цифры|κωδικός|رمز|קוד|[码碼值値号號]|番号|コード|코드|번호|값',
].join('|');
const FILL =
  'de|della?|di|da|do|du|des|of|der|the|la|من|の|my|input|entered|entry|eingabe|field|text|txt|plain|clear|raw|str|string|data|user|customer|payment|credit|kredit|debit|bank|\\d';
const STARTS = `(?:${CARD}|${SECURITY}|${VERIFICATION}|${CHECK})`;
const WORD = `(?:${CARD}|${SECURITY}|${VERIFICATION}|${CHECK}|${CODE}|${FILL})`;
const TAIL = new RegExp(`${WORD}{2,12}$`);
const HAS = {
  card: new RegExp(CARD),
  security: new RegExp(SECURITY),
  verification: new RegExp(VERIFICATION),
  check: new RegExp(CHECK),
  code: new RegExp(`(?:${CODE})`),
};

const PIN =
  /^(?:(?:my|card|cards|user|customer|issuer|holder|cardholder|debit|credit|atm|pos|txn|transaction|upi|wallet|offline|online|clear|plain|entered|new|old|current|code|kod|codigo|codice|numer|numero|nummer|clave|carte|karten?|tarjeta|kaart|kart|kort|kortets|bank|bancomat|de|di|of|код|карт[аыу]?|кода)*)(?:pin|пин)(?:code|cd|kod|kodu|kode|koodi|number|num|numm?er|numero|no|nr|digits?|value|val|data|input|eingabe|entered|entry|plain|clear|new|old|current|previous|verify|offset|of|the|de|del|di|do|card|carte|carta|karte|karty|tarjeta|kaart|kart|kortet|bancomat|код|кода|карт[аыу]|[码碼]|番号|コード|번호)*$/;
/** The post of India calls its codes so. */
const POSTAL = /^pin_?codes?$/i;
const SECRET_OF_CARD = new RegExp(
  `^(?:(?:${CARD}|de|del?|da|do|di|der|\\d|交易|取款|支付|bank)*)(?:geheim(?:zahl|nummer|code)?|code?secret|code?confidentiel|numerosecreto|clave(?:pin|cajero|secreta)?|nip|senha|sifre(?:si|m|niz)?|haslo|heslo|密[码碼]|暗証番号|비밀번호)(?:(?:${CARD}|de|del?|da|do|di|der|la|\\dd?)*)$`,
);
const OF_CARD = new RegExp(`${CARD}|交易|取款|支付`);
const CARD_PIN = new RegExp(`^(?:${CARD})(?:の)?(?:pin|ピン)(?:[码碼]|番号|コード|번호|코드)?$`);
const BLOCK =
  /(?:^|[^s])(?<!swa|po)pin(?:data)?(?:bl(?:oc)?c?k|块|密文|cipher|encipher|encrypt|cryptogram)|(?:bloc|bloque|bloco|blocco|block|encipher(?:ed)?|cipher(?:ed)?|encrypted|verschluesselte[rs]?)(?:de|del|di|do|of)?pin(?![a-z]{0,2}g)|^epb(?:under)?[a-z]{0,4}$/;
/** What is counted and timed of blocks. */
const MEASURED = /(?:total|count|errors?|failures?|seconds|ms|len(?:gth)?|size|rate|latency|duration|timeout)$/;
const STRIPE = '(?:tra?c?k|tk|spur|piste|pista|trilha|stripe|bandamagnetica|дорожк[аи]|磁道)';
const TRACK2 = new RegExp(
  `(?:${STRIPE}(?:2|two|dos|due|deux|zwei|二)|第?二磁道)(?:image|equiv(?:alent)?|daten|data|carte|carta|karte|tarjeta|cartao|clear|plain|discretionary|dd|信息|数据)+$|^(?:pista|trilha|spur|bandamagnetica|дорожка)(?:2|dos)$|^(?:icc|emv|swiped?|enc|msr)${STRIPE}2$`,
);
/** The PIN verification value, which an issuer checks a PIN against. */
const PVV =
  /^(?:get|gen(?:erate)?|make|verify|check|visa|card|pin|iss(?:uer)?|track|stored|expected|calc(?:ulated)?|computed|generated|new|old)*pvv(?:\d|value|val|offset|code|bytes|hex)?$/;
/** `csc` and its like are said by themselves; what stands behind them tells whether it is about something else. */
const ABBREVIATED =
  /(?:^|[_.\- ])(?:csc|cav|cvd|cvx|cvp|cvt|csv)2?(?:[_.\- ]?(?:code|value|val|number|num|no|digits|data|input|card|entered))+$|^(?:card|cc|amex|payment)[_.-]?(?:csc|cav|cvd|cvx|cvp|cvt|cid)2?$/i;

/** What the parts of a name say; `flat` is the name folded. */
export function kindByParts(flat: string, name: string): SadKind | undefined {
  if (flat.length < 3 || flat.length > 72) return undefined;
  if (BLOCK.test(flat)) return MEASURED.test(flat) ? undefined : 'pin-block';
  if (TRACK2.test(flat)) return 'track2';
  if (ABBREVIATED.test(name.replace(/([a-z])([A-Z])/g, '$1_$2')) || isCardCode(flat)) return 'cvv';
  if (PVV.test(flat)) return 'pin';
  if ((PIN.test(flat) && !POSTAL.test(name)) || CARD_PIN.test(flat) || (SECRET_OF_CARD.test(flat) && OF_CARD.test(flat))) return 'pin';
  return undefined;
}

function isCardCode(flat: string): boolean {
  const tail = TAIL.exec(flat)?.[0];
  if (tail === undefined) return false;
  const [security, verification, code] = [HAS.security.test(tail), HAS.verification.test(tail), HAS.code.test(tail)];
  if (HAS.card.test(tail)) return security || verification || (code && HAS.check.test(tail));
  return code && security;
}

const PART_STARTS = new RegExp(`(?:${STARTS}|κωδικός|رمز|קוד|รหัส)`, 'iy');
/** What a PIN is called beside its own name. */
const SECRET =
  'pin|пин|пін|geheim(?:zahl|nummer|code)?|secret[ao]?|confidentiel|clave|nip|senha|sifre(?:si)?|haslo|heslo|atm|cajero|交易|取款|支付|密[码碼]|暗証番号|비밀번호';
const IS_ONLY_PARTS = new RegExp(`^(?:${WORD}|${SECRET})+$`);
/** Scripts whose letters make no words of those around them. */
const PHRASE = new RegExp(
  `(?:${CARD}|${SECURITY}|${VERIFICATION}|${CHECK}|${CODE}|の|من|交易|取款|密[码碼]|暗証|비밀번호|pin|cv[vcn]2?|[ _-]){1,24}`,
  'iy',
);
const FOLDED_STARTS = new RegExp(`^${STARTS}`);
const LATIN_WORD = /^[a-z\u00c0-\u024f]+/i;
const LONGEST_PART = 24;
const LETTERS_BEHIND = /[\p{L}\p{N}_-]{0,48}/uy;
const WORD_BEFORE = /(?:^|[^\p{L}\p{N}_])(\p{L}{2,20}) $/u;
const WORD_BEHIND = / (\p{L}{2,20})(?![\p{L}\p{N}])/uy;
const MOST_WORDS = 4;

/** Around a place at which one of the words stands: all that belongs to the name, words apart included; `key` is the word around it. */
export function nameOfParts(text: string, key: Place, place: number, fold: (name: string) => string): Place | undefined {
  if (!beginsWithPart(text, place, fold)) return undefined;
  const first = text.charCodeAt(place);
  if (first > 0x52f || (first > 0x36f && first < 0x400)) return phraseFrom(text, place);
  const start = beforeName(text, key.start, fold);
  LETTERS_BEHIND.lastIndex = key.end;
  LETTERS_BEHIND.test(text);
  let end = LETTERS_BEHIND.lastIndex;
  for (let words = 0; words < MOST_WORDS && text[end] === ' '; words++) {
    WORD_BEHIND.lastIndex = end;
    const word = WORD_BEHIND.exec(text)?.[1];
    if (word === undefined || !IS_ONLY_PARTS.test(fold(word))) break;
    end = WORD_BEHIND.lastIndex;
  }
  return { start, end };
}

function beginsWithPart(text: string, place: number, fold: (name: string) => string): boolean {
  PART_STARTS.lastIndex = place;
  if (PART_STARTS.test(text)) return true;
  const letters = LATIN_WORD.exec(text.slice(place, place + LONGEST_PART))?.[0] ?? '';
  return /[^\x00-\x7f]/.test(letters) && FOLDED_STARTS.test(fold(letters));
}

function beforeName(text: string, from: number, fold: (name: string) => string): number {
  let start = from;
  for (let words = 0; words < MOST_WORDS && text[start - 1] === ' '; words++) {
    const word = WORD_BEFORE.exec(text.slice(Math.max(0, start - 24), start))?.[1];
    if (word === undefined || !IS_ONLY_PARTS.test(fold(word))) break;
    start -= word.length + 1;
  }
  return start;
}

function phraseFrom(text: string, start: number): Place | undefined {
  PHRASE.lastIndex = start;
  const found = PHRASE.exec(text)?.[0].replace(/[ _-]+$/, '');
  return found === undefined ? undefined : { start, end: start + found.length };
}
