import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';
import { findSensitive } from '../../src/scan/index.ts';

const gunzip = (bytes: Uint8Array, maxBytes: number): Uint8Array => gunzipSync(bytes, { maxOutputLength: maxBytes });

function kinds(text: string): readonly string[] {
  return [...new Set(findSensitive('app.log', Buffer.from(text), { depth: 2, gunzip }).map(({ kind }) => kind))];
}

const LEFT = [
  '{"name":"cvv2","type":"tel","value":"317"}',
  '{"value":"317","name":"cvv2"}',
  '{"key":"card.cvc","value":{"stringValue":"317"}}',
  '{"cardCode":{"S":"317"}}',
  "[('cvv', '317')]",
  'Card(amount -> 10, cvc -> Some(317))',
  '<cvv2>\n   317\n</cvv2>',
  '<td>CVV</td><td>317</td>',
  '<entry>\n<string>cvc</string>\n<string>317</string>',
  'card:\n  cvv:\n    value: 317\n',
  'card_cvc:\n  - "317"\n',
  'güvenlik kodu: 317',
  'Sicherheitscode: 317',
  '보안코드: 317',
  '{"ПИН-код":"7316"}',
  'Geheimzahl: 7316',
  '"mpin": "7316"',
  '<encPin>9f3e1b5fa0c1d2e3</encPin>',
  'pin_blk  9F3E1B5FA0C1D2E3',
  'ccSecurityDigits=317',
  '"kreditkartenPruefzahl":317',
  'numero_controle_carte=317',
  '"numeroVerificacionTarjeta": "317"',
  'código verificador do cartão: 317',
  'kodWeryfikacyjnyKarty: 317',
  'проверочныйКодКарты=317',
  '卡片验证码: 317',
  'クレジットカード検証番号=317',
  '카드검증값: 317',
  'カード暗証番号=7316',
  'id,merchant,cvv,ok\n1,"a, b",,y\n2,"c, d",317,y\n',
  `cy.get('[name="cvc"]').type('317')`,
  'assertEquals("317", card.getCvv());',
  "Invalid value '317' for field cvv",
  '[VARCHAR] - [317] (card.cvv)',
  "1 error for Card\ncvv\n  String should be shorter [type=too_long, input_value='3174']",
  'cvv check failed: expected 317',
  'PIN changed from 7316 to 9284',
  'CVV2[3]=317&TENDER=C',
  '["cc_cid"]=>\n    string(3) "317"',
  'a:1:{s:3:"cvv";s:3:"317";}',
  'Content-Disposition: form-data; name="card[cvc]"\n\n317',
  '<input type="text" name="cvv" value="317">',
  '<verification-value nil="false">317</verification-value>',
  '"cvNumber":"317"',
  'CVNum=317',
  'ACCOUNT.VERIFICATION=317',
  "INSERT INTO p (`id`,`cc_cvv`) VALUES (12,'317')",
  'card.setPin("7316");',
  'User entered PIN 7316',
  '交易密码：731628',
  '<field id="52" value="E990CA4498E04A28"/>',
  '052 b   8 123157297850BF4A',
  'F52  PIN Data.........: CF2E12A0B25F5118',
  'msg.set(52, "A8464D42D63C80EB");',
  'translatePin: in=AC17B3698113D5FB out=7ADC82C1F1A4B744',
  'PIN Block Format 0 : 3769646BBAD4F09D',
  '4111111111111111|12|27|317',
  'säkerhetskod: 317',
  'सुरक्षा कोड: 317',
  '| id | pin_block |\n|----|-----------|\n| 1 | 9F3E1B5FA0C1D2E3 |',
];

describe('data whose name stands apart from it', () => {
  it.each(LEFT)('is found in %s', (text) => expect(kinds(text)).toContain('sad'));

  it.each(LEFT)('is no longer found when %s was cleaned', (text) => expect(kinds(createRedactor().text(text).text)).toEqual([]));

  it.each([
    '<CVV2>[CVV]</CVV2>\n2026-11-28 03:12:09 next line',
    '<input name="cvn2" value="[CVV]">\n1234 lines',
    'card_status_code=200',
    'cardCheckDurationMs=417',
    'discarded_check_number=1043',
    'cardControlPort=8080',
    'código de estado: 200',
    '卡片数量: 4123',
    'zip=10115 pincode=560001',
    'ticket routed to csc 104',
    'pin pad 0012 online',
    'pin: bypass, 1017 of them',
    'gpio pin 1017 set high',
    'cvv: missing, 204 requests',
    'cvv_check took 123 ms',
    'security code review: 12 findings',
    'id,code,amount\n1,4711,10\n',
    'pin,version\nleft-pad,1.3.0\n',
    '52: 4096 rows of 1234',
    'cvv: 200 OK',
    'unpin 4821',
    '[CVV],[PIN],1234',
    'cvvResult=317',
    '"pinCount": 1234',
    '0734|222383******0734|000000|1000',
    'verification: 200',
    '{"cvv":{"length":3}}',
  ])('%s is none', (text) => expect(kinds(text)).toEqual([]));
});
