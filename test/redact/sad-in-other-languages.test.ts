/** Verification codes and PINs as people name and describe them who speak no English; and numbers of other things in the same words. */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const redactor = createRedactor();

function clean(text: string): string {
  return redactor.text(text).text;
}

/** The digits of each row go, and nothing else. */
function withMark(text: string, mark: string): string {
  return text.replace(/(?<!\d)(?:7316|731)(?!\d)/, mark);
}

describe('a code by where it stands on the card', () => {
  it.each([
    'カード裏面の3桁の数字：731',
    '裏面の数字3桁は731です',
    'カード裏の3桁「731」',
    '署名欄の末尾3桁は731',
    '確認コード（カード裏面）：731',
    '카드 뒷면 3자리: 731',
    '카드 뒤 세자리 731',
    '뒷면 3자리 숫자는 731입니다',
    'die drei Ziffern hinten sind 731',
    'die 3 Ziffern auf der Kartenrückseite lauten 731',
    'Die dreistellige Nummer auf der Rückseite ist 731',
    'numéro au dos de la carte : 731',
    'les trois chiffres au dos de ma carte sont 731',
    'le cryptogramme au dos est 731',
    'code à 3 chiffres : 731',
    'los tres dígitos de atrás son 731',
    'código de atrás de la tarjeta 731',
    'os 3 números atrás do cartão: 731',
    'os três números de trás do cartão são 731',
    'le tre cifre sul retro sono 731',
    'codice sul retro della carta: 731',
    'de drie cijfers op de achterkant zijn 731',
    'trzy cyfry z tyłu karty to 731',
    'trzycyfrowy kod: 731',
    'kartın arkasındaki üç rakam 731',
    'три цифры на обороте карты - 731',
    'код на обороте карты 731',
    'tiga angka di belakang kartu adalah 731',
  ])('%s', (text) => expect(clean(text)).toBe(withMark(text, '[CVV]')));

  it.each([
    'die drei Ziffern der Postleitzahl: 731',
    'drei Ziffern hinter dem Komma sind 731',
    'auf der Rückseite 731 Seiten',
    'numéro de commande : 731',
    'numéro au dos de la page : 731',
    'verso 731',
    'retro 731 giochi',
    'os 3 números do pedido: 731',
    'tres dígitos significativos 731',
    'три цифры после запятой 731',
    'сзади 7316',
    'belakang 731 rumah',
    '背面 731 mm',
    '裏面 2024 年',
  ])('%s stays', (text) => expect(clean(text)).toBe(text));
});

describe('between a name and a code', () => {
  it.each([
    'CVCコード 731',
    '보안코드는 731입니다',
    '보안코드 3자리 731',
    'CVC 번호는 731',
    'CVC numarası 731',
    'güvenlik kodum 731',
    'código de segurança é 731',
    'codice di sicurezza è 731',
    'code de sécurité est le 731',
    'el código de seguridad de mi tarjeta es el 731',
    'kode keamanan adalah 731',
    'il CVV sul retro è 731',
  ])('%s', (text) => expect(clean(text)).toBe(withMark(text, '[CVV]')));

  it.each(['セキュリティ更新 731 件', 'código de error: 731', 'codice ordine è 731', 'kod pocztowy: 731'])('%s stays', (text) =>
    expect(clean(text)).toBe(text),
  );
});

describe('a PIN under the names that holders have for it', () => {
  it.each([
    '暗証番号4桁：7316',
    '暗証番号を7316に変更',
    'PIN kodum 7316',
    'PIN kartu debit saya 7316',
    'пин-код от карты 7316',
    'пароль от карты 7316',
    'meine Geheimzahl ist die 7316',
    'de pincode van mijn pas is 7316',
    'mon code secret est le 7316',
    'mon code est 7316, la carte est bloquée',
    'le code de la carte est 7316',
    'code à 4 chiffres de la carte : 7316',
    'mon NIP est 7316',
    'su clave es 7316',
    'mi clave del cajero es 7316',
    'clave de 4 dígitos: 7316',
    'código secreto 7316',
    'senha de 4 dígitos: 7316',
    'a senha é a 7316',
    'a minha password do cartão é 7316',
    'il mio codice segreto è 7316',
    'pin bancomat 7316',
    'kode rahasia: 7316',
    'ang PIN ko ay 7316',
    '(pin on the sticky note: 7316)',
    'his pin, on a post-it: 7316',
    '비밀번호 4자리: 7316',
    'kart şifrem 7316',
  ])('%s', (text) => expect(clean(text)).toBe(withMark(text, '[PIN]')));

  it.each([
    'clave de pedido: 7316',
    'la clave es 2024',
    'su código es 7316',
    'mon code postal est 7500',
    'mon code est 7316 lignes',
    'le code de commande est 7316',
    'код заказа 7316',
    'kode pesanan adalah 7316',
    'sipariş kodu: 7316',
    '注文番号は7316です',
    '주문번호는 7316',
    '비밀번호 4자리 이상 7316',
    'pin on the note board: see 7316 lines',
    'pin not working: 7316',
    'PIN notifications sent: 7316',
    'PIN retry total: 7316',
  ])('%s stays', (text) => expect(clean(text)).toBe(text));
});
