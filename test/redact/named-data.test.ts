/** Authentication data by its name, wherever the value stands: further on, before it, below it, in a list of parameters, in another language. */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const redactor = createRedactor();

function clean(text: string): string {
  return redactor.text(text).text;
}

describe('a value that stands apart from its name goes', () => {
  it.each([
    ['[{"value":"317","name":"cvv2"}]', '[{"value":"[CVV]","name":"cvv2"}]'],
    ['{"key": "securityCode", "type":"string", "val": "317"}', '{"key": "securityCode", "type":"string", "val": "[CVV]"}'],
    ['{"key":"card.cvc","value":{"stringValue":"317"}}', '{"key":"card.cvc","value":{"stringValue":"[CVV]"}}'],
    ['{"cardCode":{"S":"317"}}', '{"cardCode":{"S":"[CVV]"}}'],
    ['{"field":"cvc","rejectedValue":"317","message":"size"}', '{"field":"cvc","rejectedValue":"[CVV]","message":"size"}'],
    ['{"attributeName":"cvv2","attributeValue":"317"}', '{"attributeName":"cvv2","attributeValue":"[CVV]"}'],
    ['{pinCode,7316}', '{pinCode,[PIN]}'],
    ["OrderedDict([('userPin', '731928')])", "OrderedDict([('userPin', '[PIN]')])"],
    ["{b'card_pin': b'7319'}", "{b'card_pin': b'[PIN]'}"],
    ['Card(amount -> 10, csc -> Some(317))', 'Card(amount -> 10, csc -> Some([CVV]))'],
    ['{"pin_block": SecretStr("9e9f7fa5760dbc66")}', '{"pin_block": SecretStr("[PIN-BLOCK]")}'],
    ['map[string][]string{"cvv":[]string{"317"}}', 'map[string][]string{"cvv":[]string{"[CVV]"}}'],
    ['((amount . 10) (pinBlock . "E42A075E22FA02EF"))', '((amount . 10) (pinBlock . "[PIN-BLOCK]"))'],
    ['["cvc":protected]=>\n  string(3) "317"', '["cvc":protected]=>\n  string(3) "[CVV]"'],
    ['<x_card_code>\n    317\n  </x_card_code>', '<x_card_code>\n    [CVV]\n  </x_card_code>'],
    ['<entry>\n  <string>cvn2</string>\n  <string>317</string>', '<entry>\n  <string>cvn2</string>\n  <string>[CVV]</string>'],
    ['<input value="317" type="hidden" id="x" name="csc"/>', '<input value="[CVV]" type="hidden" id="x" name="csc"/>'],
    ['&lt;Cvc2&gt;317&lt;/Cvc2&gt;', '&lt;Cvc2&gt;[CVV]&lt;/Cvc2&gt;'],
    ['bit52: >-\n  e9f7fa5760dbc660', 'bit52: >-\n  [PIN-BLOCK]'],
    ['card_cvc:\n  - "317"', 'card_cvc:\n  - "[CVV]"'],
    ['CEF:0|P|g|1|100|a|3|cs1Label=cvn2 cs1=317 cs2=44', 'CEF:0|P|g|1|100|a|3|cs1Label=cvn2 cs1=[CVV] cs2=44'],
    ['cvvs: [317, 642]', 'cvvs: [[CVV], [CVV]]'],
    ['CVV computed [317] expected [642]', 'CVV computed [[CVV]] expected [[CVV]]'],
    ["Data too long for column 'cvv2' at row 1: '317'", "Data too long for column 'cvv2' at row 1: '[CVV]'"],
    ["Rejected value [317]; field 'cvv'", "Rejected value [[CVV]]; field 'cvv'"],
    ['new customer PIN set to 7316', 'new customer PIN set to [PIN]'],
    [`cy.get('[name="cvc"]').type('317')`, `cy.get('[name="cvc"]').type('[CVV]')`],
    ['find(By.id("cvv")).sendKeys("317");', 'find(By.id("cvv")).sendKeys("[CVV]");'],
    ['assertEquals("317", card.getCvv());', 'assertEquals("[CVV]", card.getCvv());'],
    ["Invalid value '317' for field cvv", "Invalid value '[CVV]' for field cvv"],
    ['binding parameter [4] as [VARCHAR] - [317] (card.cvv)', 'binding parameter [4] as [VARCHAR] - [[CVV]] (card.cvv)'],
    [
      "1 validation error for Card\ncvv\n  String should be shorter [type=string_too_long, input_value='3174']",
      "1 validation error for Card\ncvv\n  String should be shorter [type=string_too_long, input_value='[CVV]']",
    ],
    ['cvv check failed: expected 317', 'cvv check failed: expected [CVV]'],
    ['CVV compare: in=317 calc=642', 'CVV compare: in=[CVV] calc=[CVV]'],
    ['cvv changed from 317 to 642', 'cvv changed from [CVV] to [CVV]'],
    ['PIN mismatch 7316 vs 9284', 'PIN mismatch [PIN] vs [PIN]'],
    ['código CVV da cartão 317', 'código CVV da cartão [CVV]'],
    ['POST /v1/cvv 201 345', 'POST /v1/cvv 201 345'],
    ['[[BPCard alloc] initWithName:@"x" cvv:@"317"];', '[[BPCard alloc] initWithName:@"x" cvv:@"[CVV]"];'],
    ['cvv=\u001b[1m317\u001b[0m', 'cvv=\u001b[1m[CVV]\u001b[0m'],
    ['logger.debug("CVV: " + "317")', 'logger.debug("CVV: " + "[CVV]")'],
    ['hsm.generateCVV(exp=2512, svc=000) = 317', 'hsm.generateCVV(exp=2512, svc=000) = [CVV]'],
    ['CVV2 present=1 value=317', 'CVV2 present=1 value=[CVV]'],
    ['CVV generated: 317', 'CVV generated: [CVV]'],
    ['the cvv for card 411111******1111 is 317', 'the cvv for card 411111******1111 is [CVV]'],
    ['PIN kodu: 7316', 'PIN kodu: [PIN]'],
    ['changePin("7316", "9284")', 'changePin("[PIN]", "[PIN]")'],
    ['verifyPIN(pan, "7316")', 'verifyPIN(pan, "[PIN]")'],
    ['PINDATA: 7316', 'PINDATA: [PIN]'],
    ['translatePinBlock(zpk1, zpk2, "53BB43D9FBAE39F9")', 'translatePinBlock(zpk1, zpk2, "[PIN-BLOCK]")'],
    ['lpxPinBlock->lpbData = 65E52C1DEF14C957', 'lpxPinBlock->lpbData = [PIN-BLOCK]'],
    ['PIN buffer: 185FB0825163CE90', 'PIN buffer: [PIN-BLOCK]'],
    ['99 08 596FE7440CBA1A27 Transaction PIN Data', '99 08 [PIN-BLOCK] Transaction PIN Data'],
    ['unpack 52 => 5A9BE362E386C32A', 'unpack 52 => [PIN-BLOCK]'],
    ['.setField(52, Factory.get(FieldType.BINARY, "9E4C7BC4CA73CE8B"))', '.setField(52, Factory.get(FieldType.BINARY, "[PIN-BLOCK]"))'],
    ['DE-052 PIN Data          B 64   BDDA4FEA9645F7A8', 'DE-052 PIN Data          B 64   [PIN-BLOCK]'],
    ['FPCCVI4111111111111111/1225/CV317', 'FPCCVI411111******1111/1225/CV[CVV]'],
    ['<CardNumber>x</CardNumber><SeriesCode>317</SeriesCode>', '<CardNumber>x</CardNumber><SeriesCode>[CVV]</SeriesCode>'],
    ['code à trois chiffres au verso: 317', 'code à trois chiffres au verso: [CVV]'],
    ['CVV: three one seven', 'CVV: [CVV]'],
    ['pin_digits=[7,3,1,6]', 'pin_digits=[[PIN]]'],
    ['pinBlock = new byte[]{0x1E, 0x2B, 0xFA, 0x1E, 0xCC, 0xCD, 0x93, 0x10}', 'pinBlock = new byte[]{[PIN-BLOCK]}'],
    ['pinblock=[-63, -24, -95, -102, -9, 93, -116, 38]', 'pinblock=[[PIN-BLOCK]]'],
    ['pinBlock: <Buffer d0 b7 d4 1a d3 d4 a0 87>', 'pinBlock: <Buffer [PIN-BLOCK]>'],
    ['msg.set(52, "A8464D42D63C80EB");', 'msg.set(52, "[PIN-BLOCK]");'],
    ['discretionary data: 7123626825114', 'discretionary data: [TRACK2]'],
    ['9F1F08303239383030343042036', '9F1F08[TRACK2]42036'],
    ['9F20 06 73 92 77 72 68 86', '9F20 06 [TRACK2]'],
    ['4111111111111111/317/1227', '411111******1111/[CVV]/1227'],
    ['card 4111111111111111 (317) exp 12/27', 'card 411111******1111 ([CVV]) exp 12/27'],
    ['track2 = 4111111111111111 = 271210100000000', 'track2 = [TRACK2]'],
    ['t2: 4111111111111111=2712101\n00000000123', 't2: [TRACK2]'],
    ['{"track1":"\\u0025B4111111111111111\\u005eSMITH/J\\u005e27121010000000"}', '{"track1":"[TRACK1]"}'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));
});

describe('names in the languages of the world and as programs shorten them', () => {
  it.each([
    ['Geheimzahl: 7316', 'Geheimzahl: [PIN]'],
    ["senhaCartao => '7316'", "senhaCartao => '[PIN]'"],
    ['{"ПИН-код":"7316"}', '{"ПИН-код":"[PIN]"}'],
    ['kartSifresi=7316', 'kartSifresi=[PIN]'],
    ['暗証番号：7316', '暗証番号：[PIN]'],
    ['{"mpin":"731628"}', '{"mpin":"[PIN]"}'],
    ['код_безопасности=317', 'код_безопасности=[CVV]'],
    ['güvenlikKodu=317', 'güvenlikKodu=[CVV]'],
    ['codigoSeguranca=317', 'codigoSeguranca=[CVV]'],
    ['clave_seguridad: "317"', 'clave_seguridad: "[CVV]"'],
    ['Sicherheitscode=317', 'Sicherheitscode=[CVV]'],
    ['보안코드: 317', '보안코드: [CVV]'],
    ['"末三碼":"317"', '"末三碼":"[CVV]"'],
    ['<CardSecVal>317</CardSecVal>', '<CardSecVal>[CVV]</CardSecVal>'],
    ['ccv=317', 'ccv=[CVV]'],
    ['卡背三位码=317', '卡背三位码=[CVV]'],
    ['"epbHex":"9f3e1b5fa0c1d2e3"', '"epbHex":"[PIN-BLOCK]"'],
    ['密码块=5F0A618C81025B44', '密码块=[PIN-BLOCK]'],
    ['<EncrptdPINBlck>QjNCOEE4RDA5MDc4QTc4NQ==</EncrptdPINBlck>', '<EncrptdPINBlck>[PIN-BLOCK]</EncrptdPINBlck>'],
    ['ＣＶＶ：317', 'ＣＶＶ：[CVV]'],
    ['CVV: ４０３', 'CVV: [CVV]'],
    ['CVV\u200b: 317', 'CVV\u200b: [CVV]'],
    ['kod bezpieczeństwa: 317', 'kod bezpieczeństwa: [CVV]'],
    ['kart şifresi: 7316', 'kart şifresi: [PIN]'],
    ['सुरक्षा कोड: 317', 'सुरक्षा कोड: [CVV]'],
    ['पिन: 7316', 'पिन: [PIN]'],
    ['รหัสความปลอดภัย 317', 'รหัสความปลอดภัย [CVV]'],
    ['код перевірки картки: 317', 'код перевірки картки: [CVV]'],
    ['ПІН-код картки: 7316', 'ПІН-код картки: [PIN]'],
    ['ПИН-блок: F478D76B7A1A5641', 'ПИН-блок: [PIN-BLOCK]'],
    ['PINブロック: 3686D2C648E64F81', 'PINブロック: [PIN-BLOCK]'],
    ['الرقم السري: 7316', 'الرقم السري: [PIN]'],
    ['קוד סודי: 7316', 'קוד סודי: [PIN]'],
    ['個人識別碼 7316', '個人識別碼 [PIN]'],
    ['pinkode: 7316', 'pinkode: [PIN]'],
    ['codSeg=317', 'codSeg=[CVV]'],
    ['crd_vrfy_cd=317', 'crd_vrfy_cd=[CVV]'],
    ['<cv>317</cv>', '<cv>[CVV]</cv>'],
    ['<Verification>317</Verification>', '<Verification>[CVV]</Verification>'],
    ['ACCOUNT.VERIFICATION=317', 'ACCOUNT.VERIFICATION=[CVV]'],
    ['Passwort: pQk4ZNtSJ5', 'Passwort: [SECRET:password]'],
    ['contraseña=pQk4ZNtSJ5', 'contraseña=[SECRET:password]'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));
});

describe('names that are put together from words of cards, checks and numbers', () => {
  it.each([
    ['ccSecurityDigits=317', 'ccSecurityDigits=[CVV]'],
    ['card_check_digits: 317', 'card_check_digits: [CVV]'],
    ['{"kreditkartenPruefzahl":317}', '{"kreditkartenPruefzahl":"[CVV]"}'],
    ['Kartenkontrollnummer: 317', 'Kartenkontrollnummer: [CVV]'],
    ['numero_controle_carte=317', 'numero_controle_carte=[CVV]'],
    ['"numeroVerificacionTarjeta": "317"', '"numeroVerificacionTarjeta": "[CVV]"'],
    ['código verificador do cartão: 317', 'código verificador do cartão: [CVV]'],
    ['codiceControlloCarta => 317', 'codiceControlloCarta => [CVV]'],
    ['kaartVerificatiecode=317', 'kaartVerificatiecode=[CVV]'],
    ['kodWeryfikacyjnyKarty: 317', 'kodWeryfikacyjnyKarty: [CVV]'],
    ['kortkontrollkode=317', 'kortkontrollkode=[CVV]'],
    ['проверочныйКодКарты=317', 'проверочныйКодКарты=[CVV]'],
    ['卡片验证码: 317', '卡片验证码: [CVV]'],
    ['クレジットカード検証番号=317', 'クレジットカード検証番号=[CVV]'],
    ['카드검증값: 317', '카드검증값: [CVV]'],
    ['CVC2 must be 3 digits, was 317', 'CVC2 must be 3 digits, was [CVV]'],
    ['issuerPin=7316', 'issuerPin=[PIN]'],
    ['codePinCarte: 7316', 'codePinCarte: [PIN]'],
    ['<PINEingabe>7316</PINEingabe>', '<PINEingabe>[PIN]</PINEingabe>'],
    ['银行卡交易密码：7316', '银行卡交易密码：[PIN]'],
    ['"cardPvv":"7316"', '"cardPvv":"[PIN]"'],
    ['encipheredPIN=9F3E1B5FA0C1D2E3', 'encipheredPIN=[PIN-BLOCK]'],
    ['pinBlockUnderTpk: 9F3E1B5FA0C1D2E3', 'pinBlockUnderTpk: [PIN-BLOCK]'],
    ['trilha2=4111111111111111D27121010000000000', 'trilha2=[TRACK2]'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    'card_status_code=200',
    'card_validation_count 512',
    'cardCheckDurationMs=417',
    'cardControlPort=8080',
    'verification_status_code=200',
    'checkNumber: 1043',
    'Kontrollnummer Sendung 88213',
    'Kontrolle: 317 Karten',
    'numero di controllo pacco 417',
    'GPIO_PIN=1234',
    'cvv: 200 OK',
    'CVV errors total: 225',
    'PIN retry counter: 1234',
    'GET /v1/pin 200 1234',
    'trois chiffres: ',
    'cvv check failed: 225',
    'identity verification: 200',
    'discretionary spending: 7123626825114 EUR',
    '9F2006 ABCDEF',
    'pinCode: 400053, Mumbai',
    'csc=104 Koramangala service centre',
    'código de estado: 200',
    'код ответа: 200',
    '卡片数量: 4123',
  ])('%s stays', (text) => expect(clean(text)).toBe(text));
});

describe('columns and parameters of statements', () => {
  it.each([
    ['id,merchant,cvc2,ok\n1,"shop, a",,y\n2,"shop, b",317,n\n', 'id,merchant,cvc2,ok\n1,"shop, a",,y\n2,"shop, b",[CVV],n\n'],
    ['id\tpin_blk\tamt\n1\t685DC501628D6BE1\t10', 'id\tpin_blk\tamt\n1\t[PIN-BLOCK]\t10'],
    ['ORDER   AMOUNT   CVV2\n91      10       317', 'ORDER   AMOUNT   CVV2\n91      10       [CVV]'],
    ['order │ cvv\n──────┼─────\n91 │ 317', 'order │ cvv\n──────┼─────\n91 │ [CVV]'],
    ["insert into c (id, cardSecurityCode) values (1,'a'),(2,'317')", "insert into c (id, cardSecurityCode) values (1,'a'),(2,'[CVV]')"],
    ['COPY c (id, cvv) FROM stdin;\n1\t317\n\\.', 'COPY c (id, cvv) FROM stdin;\n1\t[CVV]\n\\.'],
    [
      'insert into c (amt, cvv) values (?, ?)\nbinding parameter [1] as [INTEGER] - [10]\nbinding parameter [2] as [VARCHAR] - [317]',
      'insert into c (amt, cvv) values (?, ?)\nbinding parameter [1] as [INTEGER] - [10]\nbinding parameter [2] as [VARCHAR] - [[CVV]]',
    ],
    [
      'Preparing: INSERT INTO c (amt, cvv) VALUES (?, ?)\n==> Parameters: 10(Integer), 317(String)',
      'Preparing: INSERT INTO c (amt, cvv) VALUES (?, ?)\n==> Parameters: 10(Integer), [CVV](String)',
    ],
    [
      "INSERT INTO c (amt, cvv) VALUES ($1, $2)\nDETAIL:  parameters: $1 = '10', $2 = '317'",
      "INSERT INTO c (amt, cvv) VALUES ($1, $2)\nDETAIL:  parameters: $1 = '10', $2 = '[CVV]'",
    ],
    [
      "[Parameters=[@p0='10', @p1='317' (Size = 4)]]\nINSERT INTO [C] ([Amt], [Cvv])\nVALUES (@p0, @p1);",
      "[Parameters=[@p0='10', @p1='[CVV]' (Size = 4)]]\nINSERT INTO [C] ([Amt], [Cvv])\nVALUES (@p0, @p1);",
    ],
    ['update c set cvv = ? where id = ? | params: [317, 7]', 'update c set cvv = ? where id = ? | params: [[CVV], 7]'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it('the head of a table holds for all of its rows, however far above them it stands', () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => `${index},"shop, ${index}",${100 + (index % 900)},12.00\n`).join('');
    const removed: number[] = [];
    const stream = redactor.stream((_, line) => removed.push(line));
    const text = `id,merchant,cvv2,amount\n${rows}end\n`;
    let output = '';
    for (let at = 0; at < text.length; at += 65_536) output += stream.push(text.slice(at, at + 65_536));
    output += stream.end();
    expect(output.split('\n').filter((line) => line.includes(',[CVV],')).length).toBe(60_000);
    expect(removed.at(-1)).toBe(60_001);
  });
});

describe('messages, terminals and HSMs', () => {
  it.each([
    ['<field id="52" type="binary" value="AEB71B4710D3F0E7"/>', '<field id="52" type="binary" value="[PIN-BLOCK]"/>'],
    ['[052] (008) D71B9A0847A797B6', '[052] (008) [PIN-BLOCK]'],
    ['P-52 6481EC988CCC0EAC', 'P-52 [PIN-BLOCK]'],
    ['[52域] 8237D94A86B12BC9', '[52域] [PIN-BLOCK]'],
    ['{"id":52,"value":"6475E9A404BE5617"}', '{"id":52,"value":"[PIN-BLOCK]"}'],
    ['DE52 hex: 24 46 18 8D 07 9D 00 68', 'DE52 hex: [PIN-BLOCK]'],
    ["<field id='36' value='014903355744687581=7169264325319357319130286737988316655514'/>", "<field id='36' value='[TRACK3]'/>"],
    ['get pin -> block=637B206FAB1821AC ok', 'get pin -> block=[PIN-BLOCK] ok'],
    ['PB=82D675B0672B3977 KSN=FFFF9876543210E00001', 'PB=[PIN-BLOCK] KSN=FFFF9876543210E00001'],
    ['translate PIN: src=CC9E939C695C2CE5 dst=B7CF84CC8280A4F6', 'translate PIN: src=[PIN-BLOCK] dst=[PIN-BLOCK]'],
    ['APDU >> 0020008008 241897FFFFFFFFFF', 'APDU >> 0020008008 [PIN-BLOCK]'],
    ['HSM >> 0001CAU6577D5AE6480828E473A063D97A768DF1240E3FEB7A6ADBBC1', 'HSM >> 0001CA[PIN-BLOCK]'],
    ["VALUES (1,'4111111111111111','2712','317')", "VALUES (1,'411111******1111','2712','[CVV]')"],
    ['ZPK under LMK: U47833552A4807231F8A4CAD859A1CA4E', 'ZPK under LMK: [SECRET:hsm-key]'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));
});

describe('what is called alike stays', () => {
  it.each([
    'gpio pin 1017 set high',
    'thread pinned, cpu pin 1234 moved',
    'ticket routed to csc 104',
    'CSC 4471 rows',
    'pin pad 0012 online, pin length must be 4 to 6',
    'NIP 5261040828 verified',
    'cvv_failures_total 123',
    '{"cvv":{"length":3,"status":200}}',
    'securite: 123 alertes',
    'crypto: 1234 keys',
    '[52] 00f067aa0ba902b7 span closed',
    'line 52: a1b2c3d4e5f60718',
    '52: 4096 rows',
    '53: 2001010100000000',
    'nf_conntrack_1%3a1.4.7-1_amd64.deb unpacked',
    'id,code,amount\n1,4711,10',
    'pin,version\nleft-pad,1.3.0',
    'ksn=FFFF9876543210E00001',
  ])('%s', (text) => expect(clean(text)).toBe(text));
});
