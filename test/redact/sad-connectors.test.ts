/** What programs, forms and people put between the name of authentication data and its value, and how they put the name itself. */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const redactor = createRedactor();

function clean(text: string): string {
  return redactor.text(text).text;
}

describe('between a name and its value', () => {
  it.each([
    ['cvv: { integerValue: "317" }', 'cvv: { integerValue: "[CVV]" }'],
    ['"cvc": {"$numberInt": "317"}', '"cvc": {"$numberInt": "[CVV]"}'],
    ["pin=SecretString{value='7316'}", "pin=SecretString{value='[PIN]'}"],
    ['  05 WS-CVV2 PIC 9(3) VALUE 317.', '  05 WS-CVV2 PIC 9(3) VALUE [CVV].'],
    ['Debug.Print "CVV2=" & "317"', 'Debug.Print "CVV2=" & "[CVV]"'],
    ['printf("pin=%s", "7316")', 'printf("pin=%s", "[PIN]")'],
    ["logger.debug('cvv %s' % '317')", "logger.debug('cvv %s' % '[CVV]')"],
    ['expect(card.cvv).to.eq("317")', 'expect(card.cvv).to.eq("[CVV]")'],
    ['cvv != 317', 'cvv != [CVV]'],
    ['cvv\\t:\\t317', 'cvv\\t:\\t[CVV]'],
    ['<b>PIN block:</b> 3F9A71C25B8E04D6', '<b>PIN block:</b> [PIN-BLOCK]'],
    ['<strong>Card Verification Number:</strong>&nbsp;317', '<strong>Card Verification Number:</strong>&nbsp;[CVV]'],
    ['【CVV】317', '【CVV】[CVV]'],
    ['CVV（317）', 'CVV（[CVV]）'],
    ['│ cvv │ 317 │', '│ cvv │ [CVV] │'],
    ['PIN 004 7316', 'PIN 004 [PIN]'],
    ['DE048 SE92 (CVC 2) = 317', 'DE048 SE92 (CVC 2) = [CVV]'],
    ['prompt=enter-security-code dtmf="317#"', 'prompt=enter-security-code dtmf="[CVV]#"'],
    ['{"label":"cvv","answer":"317"}', '{"label":"cvv","answer":"[CVV]"}'],
    ["'317' is not a valid cvv", "'[CVV]' is not a valid cvv"],
    ['their CVV, which is 317', 'their CVV, which is [CVV]'],
    ['Guest card 12/27 cvv-317', 'Guest card 12/27 cvv-[CVV]'],
    ['pin EQU 7316', 'pin EQU [PIN]'],
    ['sec code 317 as told by phone', 'sec code [CVV] as told by phone'],
    ['java -Dpin=7316 -jar', 'java -Dpin=[PIN] -jar'],
    ['fun getCvv() { return "317" }', 'fun getCvv() { return "[CVV]" }'],
    ["cy.get('#cvc').clear().type('317')", "cy.get('#cvc').clear().type('[CVV]')"],
    ['onView(withId(R.id.cvv)).perform(typeText("317"))', 'onView(withId(R.id.cvv)).perform(typeText("[CVV]"))'],
    ["expect(json['cvv']).to eq('317')", "expect(json['cvv']).to eq('[CVV]')"],
    ["fill_in :cvv, with: '317'", "fill_in :cvv, with: '[CVV]'"],
    ["userEvent.type(screen.getByLabelText(/cvc/i), '317')", "userEvent.type(screen.getByLabelText(/cvc/i), '[CVV]')"],
    ['assert_equal "317", params[:cvv]', 'assert_equal "[CVV]", params[:cvv]'],
    ['Assert.AreEqual("317", card.Cvv);', 'Assert.AreEqual("[CVV]", card.Cvv);'],
    ["'317', // cvv", "'[CVV]', // cvv"],
    ['charge("7316"); # card pin', 'charge("[PIN]"); # card pin'],
    ['CVV 👉 317', 'CVV 👉 [CVV]'],
    ['security code · 317', 'security code · [CVV]'],
    ['securityCode generated: 317', 'securityCode generated: [CVV]'],
    ['cvv did not match (expected 317)', 'cvv did not match (expected [CVV])'],
    ['cvv from request: 317', 'cvv from request: [CVV]'],
    ['1) "cvv"\n2) "317"', '1) "cvv"\n2) "[CVV]"'],
    ['{"question":"cvv?","answer":"317"}', '{"question":"cvv?","answer":"[CVV]"}'],
    ['{"rejectedValue":"317","field":"cvv"}', '{"rejectedValue":"[CVV]","field":"cvv"}'],
    ['Security code (string, required) - e.g. 317', 'Security code (string, required) - e.g. [CVV]'],
    ['Dear user, PIN for your card ending 1111 is 7316.', 'Dear user, PIN for your card ending 1111 is [PIN].'],
    ['(gdb) p card->cvv\n$1 = "317"', '(gdb) p card->cvv\n$1 = "[CVV]"'],
    ['cvv = java.lang.String@0x7f "317"', 'cvv = java.lang.String@0x7f "[CVV]"'],
    ["object edtCVV: TEdit\n  Text = '317'", "object edtCVV: TEdit\n  Text = '[CVV]'"],
    ['PVV stored=7316 computed=9203', 'PVV stored=[PIN] computed=[PIN]'],
    ['Card 4111111111111111 exp 12/27 CSC 317 declined', 'Card 411111******1111 exp 12/27 CSC [CVV] declined'],
    ['carte 4111111111111111, 12/27, crypto 317', 'carte 411111******1111, 12/27, crypto [CVV]'],
    ['| CVV | any 3 digits (e.g. `317`) |', '| CVV | any 3 digits (e.g. `[CVV]`) |'],
    ['and the CVV?\nCustomer: 317', 'and the CVV?\nCustomer: [CVV]'],
    ['used 317 as cvv', 'used [CVV] as cvv'],
    ['The three digit number on the back is 317.', 'The three digit number on the back is [CVV].'],
    ['<input name="cvv" ng-reflect-model="317">', '<input name="cvv" ng-reflect-model="[CVV]">'],
    ['[CVV] = [317]', '[CVV] = [[CVV]]'],
    ['转加密 PINBLOCK 源:3F9A71C25B8E04D6 目的:1C25B8E04D63F9A7', '转加密 PINBLOCK 源:[PIN-BLOCK] 目的:[PIN-BLOCK]'],
    [
      "INSERT INTO t (cvv, b) VALUES (:p0, :p1);:p0 = '317', :p1 = 'x'",
      "INSERT INTO t (cvv, b) VALUES (:p0, :p1);:p0 = '[CVV]', :p1 = 'x'",
    ],
    ['get_visa_pvv("1", "7316")', 'get_visa_pvv("1", "[PIN]")'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    'cvv: { length: 345 }',
    '{"check":"cvv","merchant":"1234"}',
    'cvv-service-7d9f6c5b 123',
    'cvv check passed code=0',
    'return 200; // cvv check failed',
    'cvv from request 200',
    'security code sent to phone: 4521',
    'cvv.timeout=3000',
    'cvv-proxy:8443 up',
    '/help/what-is-cvv?v=123 200',
    'pin_block_translate_total 48213',
    'arduino: analog pin 1023 read 512',
    'PIN_12 value 1023',
    'card 4111**1111 country code: 840',
  ])('%s stays', (text) => expect(clean(text)).toBe(text));
});

describe('columns', () => {
  it.each([
    [
      '<tr><th>Number</th><th>CVV</th></tr>\n<tr><td>visa</td><td>317</td></tr>\n<tr><td>amex</td><td>3174</td></tr>',
      '<tr><th>Number</th><th>CVV</th></tr>\n<tr><td>visa</td><td>[CVV]</td></tr>\n<tr><td>amex</td><td>[CVV]</td></tr>',
    ],
    ["Body='name,brand,cvv\\nJohn,visa,317\\nJane,amex,3174'", "Body='name,brand,cvv\\nJohn,visa,[CVV]\\nJane,amex,[CVV]'"],
  ])('%j', (text, expected) => expect(clean(text)).toBe(expected));
});

describe('names by where they stand', () => {
  it.each([
    ['details[credit_card][code]=317', 'details[credit_card][code]=[CVV]'],
    ['creditCard.code=317', 'creditCard.code=[CVV]'],
    ['Debit CID: 317', 'Debit CID: [CVV]'],
    ['CVC-Nummer: 317', 'CVC-Nummer: [CVV]'],
    ['CVV2/CVC2/CID: 317', 'CVV2/CVC2/CID: [CVV]'],
    ['cardIdentifierCode: 317', 'cardIdentifierCode: [CVV]'],
    ['pinblockData: 3F9A71C25B8E04D6', 'pinblockData: [PIN-BLOCK]'],
    ['pinUnderLmk: 3F9A71C25B8E04D6', 'pinUnderLmk: [PIN-BLOCK]'],
    ['提款密碼: 731642', '提款密碼: [SECRET:password]'],
    ['m.set(52, "7316");', 'm.set(52, "[PIN]");'],
    ['[Fixed b 8 052] 008 [0x3F9A71C25B8E04D6]', '[Fixed b 8 052] 008 [0x[PIN-BLOCK]]'],
    [
      '<cardNumber>4111111111111111</cardNumber><securityId>317</securityId><expiry>1227</expiry>',
      '<cardNumber>411111******1111</cardNumber><securityId>[CVV]</securityId><expiry>1227</expiry>',
    ],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each(['{"expiry":"1227","responseCode":"116"}', 'm.set(53, "7316");', 'securityId=317 symbol=ACME'])('%s stays', (text) =>
    expect(clean(text)).toBe(text),
  );

  it('leaves the other numbers of a card', () =>
    expect(clean('{"pan":"4111111111111111","exp":"1227","responseCode":"116","country_code":"840"}')).toBe(
      '{"pan":"411111******1111","exp":"1227","responseCode":"116","country_code":"840"}',
    ));
});
