/**
 * Names of verification codes that are put together from common words, with words and a reading of the gate's own: a name counts where all
 * of it is such words, so that `card_status_code` and `discarded_check_number` are none.
 */
const OF = {
  card: 'card|cc|creditcard|creditcards|kreditkarten?|karten?|kaart|kart|karty|tarjeta|cartao|carta|carte|kort|карты|卡片?|信用卡|(?:クレジット)?カード|카드',
  shield:
    'security|sicherheits|seguridad|seguranca|sicurezza|securite|guvenlik|bezpieczenstwa|beveiligings|veiligheids|безопасности|安全|セキュリティ|보안',
  proof:
    'verification|verificacion|verificacao|verificador|verifica|verificatie|weryfikacyjny|dogrulama|проверочный|проверки|验证|驗證|検証|인증|검증',
  check: 'check|validation|control|controle|controllo|kontroll|pruef|pruf|校验|確認|확인',
  number:
    'code|codigo|codice|cod|kod|kodu|kode|number|num|nbr|numero|nummer|numer|value|val|digits?|ziffer|zahl|wert|код|номер|[码碼值値]|コード|番号|코드|번호|값',
  joint: 'de|di|do|da|del|of|der',
};
const IS_COMPOSED = new RegExp(`^(?:${Object.values(OF).join('|')}){2,8}$`);
/** Chinese, Japanese and Korean put what it is of first, and mix with no other words. */
const WITHOUT_SPACES = /[\u2e80-\uffff]/;
const BEGINS_SO = new RegExp(`^(?=[^a-z]*$)(?:${OF.card}|${OF.shield})[\\u2e80-\\uffff]*$`);
const HAS_CARD = new RegExp(OF.card);
const HAS_SHIELD = new RegExp(OF.shield);
const HAS_PROOF = new RegExp(OF.proof);
const HAS_CHECK = new RegExp(OF.check);
const HAS_NUMBER = new RegExp(OF.number);

const NUMBER_GIVEN = /(?:=>|->|:=|[=:：])[ \t]?\\{0,4}["']?\d{3,4}(?![0-9A-Za-z*%]|[.:,/-]\d|\s?(?:ms|s|bytes)\b)/g;
const NAME_BEFORE = /(?<![\p{L}\p{N}_])(\p{L}[\p{L}\p{N}_-]{2,60}(?: \p{L}{2,16}){0,3})\\{0,4}["']?\s?$/u;
const MAX_NAME = 80;
const WORTH =
  /card|cc[_.-]?[scv]|kart|kaart|kort|tarjeta|cart[aeã]|карт|卡|カード|카드|sicherheits|segur|sicur|s[eé]cur|venlik|bezpie|veiligh|beveilig|безопас|安全|セキュリ|보안/i;

/** Where such a name has three or four digits for a value. */
export function* composedNames(text: string): Generator<number> {
  if (!WORTH.test(text)) return;
  for (const { index } of text.matchAll(NUMBER_GIVEN)) {
    const before = text.slice(Math.max(0, index - MAX_NAME), index);
    const name = WORTH.test(before) ? NAME_BEFORE.exec(before)?.[1] : undefined;
    if (name !== undefined && endsInCardCode(name)) yield index;
  }
}

/** `the código de seguridad`: the last words of a sentence may be the name. */
function endsInCardCode(name: string): boolean {
  const words = name.split(' ');
  return words.some((_, from) => isCardCode(lettersOf(words.slice(from).join(''))));
}

function isCardCode(letters: string): boolean {
  if (WITHOUT_SPACES.test(letters) && !BEGINS_SO.test(letters)) return false;
  if (!IS_COMPOSED.test(letters) || !HAS_NUMBER.test(letters)) return false;
  if (HAS_SHIELD.test(letters)) return true;
  return HAS_CARD.test(letters) && (HAS_PROOF.test(letters) || HAS_CHECK.test(letters));
}

function lettersOf(name: string): string {
  const plain = /[^\x00-\x7f]/.test(name)
    ? name
        .normalize('NFD')
        .replace(/(?<=[A-Za-z])\p{M}+/gu, '')
        .normalize('NFC')
    : name;
  return plain.toLowerCase().replace(/[_-]/g, '');
}
