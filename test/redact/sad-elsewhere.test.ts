/** Authentication data in dialogues, forms, lists of bytes, sub-fields and tags; and what stands in the same places without being any. */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const redactor = createRedactor();

function clean(text: string): string {
  return redactor.text(text).text;
}

describe('an answer is behind the name of who gives it', () => {
  it.each([
    ['Agent: and the three digits on the back?\nCustomer: 731', 'Agent: and the three digits on the back?\nCustomer: [CVV]'],
    ['A: CVV please\nB: 731', 'A: CVV please\nB: [CVV]'],
    ['cvv pls\n> 731', 'cvv pls\n> [CVV]'],
    ['please confirm your PIN\nCustomer: 7316', 'please confirm your PIN\nCustomer: [PIN]'],
    ['What is your PIN? A: 7316', 'What is your PIN? A: [PIN]'],
    ['the CVC? Sure, 731.', 'the CVC? Sure, [CVV].'],
  ])('%j', (text, expected) => expect(clean(text)).toBe(expected));

  it.each(['Enter PIN\nPort: 9100', 'wrong CVV\nB2B: 731', 'CVV please\nretry 731 times'])('%j stays', (text) =>
    expect(clean(text)).toBe(text),
  );
});

describe('what is said of a code or a PIN', () => {
  it.each([
    ['mi pin es el 7316 y no funciona', 'mi pin es el [PIN] y no funciona'],
    ['PIN ATM saya 731642', 'PIN ATM saya [PIN]'],
    ['pincode 7316 ingevoerd', 'pincode [PIN] ingevoerd'],
    ['she read out the CVV as 7 3 1', 'she read out the CVV as [CVV]'],
    ["prompt 'ENTER PIN' keys=7-3-1-6 <ENTER>", "prompt 'ENTER PIN' keys=[PIN] <ENTER>"],
    ['changed pin from 7316 to 9425', 'changed pin from [PIN] to [PIN]'],
    ['pin mismatch stored=7316 entered=9425', 'pin mismatch stored=[PIN] entered=[PIN]'],
    ['computed CVV2 731 <> received 942', 'computed CVV2 [CVV] <> received [CVV]'],
    ['CVV verify: svc=201 given=731 rc=01', 'CVV verify: svc=201 given=[CVV] rc=01'],
    ['CVV/CVC 231  VALID THRU 12/29', 'CVV/CVC [CVV]  VALID THRU 12/29'],
    ['a senha é 7316', 'a senha é [PIN]'],
    ['back of card: 731', 'back of card: [CVV]'],
    ['code on the reverse: 731', 'code on the reverse: [CVV]'],
    ['4111 1111 1111 1111 (12/29, 731)', '411111******1111 (12/29, [CVV])'],
  ])('%j', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    'pincode: 400053',
    'pin retries changed from 3 to 5',
    'cvv verify: rate=99 given=up',
    'back of card 731 Main Street',
    'PIN entry keys=4',
  ])('%j stays', (text) => expect(clean(text)).toBe(text));
});

describe('names in short and in other languages', () => {
  it.each([
    ['Sec. Code: 731', 'Sec. Code: [CVV]'],
    ['VOICE AUTH: SIG PANEL CODE 731', 'VOICE AUTH: SIG PANEL CODE [CVV]'],
    ['信用卡背后的三位验证码为 731', '信用卡背后的三位验证码为 [CVV]'],
    ['mã bảo mật thẻ: 731', 'mã bảo mật thẻ: [CVV]'],
    ['Prüfcode: 731', 'Prüfcode: [CVV]'],
    ['código verificador: 731', 'código verificador: [CVV]'],
    ['PIN-Nummer 7316', 'PIN-Nummer [PIN]'],
    ['número secreto: 7316', 'número secreto: [PIN]'],
    ['密码域: 9F3E1B5FA0C1D2E3', '密码域: [PIN-BLOCK]'],
    ['pins=["7316","9425"]', 'pins=["[PIN]","[PIN]"]'],
    ['<cvmvalue>731</cvmvalue>', '<cvmvalue>[CVV]</cvmvalue>'],
    ['{:card/cvv "231"}', '{:card/cvv "[CVV]"}'],
  ])('%j', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    'pins=["GPIO17"]',
    'GET /cvv 201 345',
    'last sec. code path taken 731 times',
    '"cvc_check": "pass", "line1_check": "unchecked"',
  ])('%j stays', (text) => expect(clean(text)).toBe(text));
});

describe('a place in a message', () => {
  it.each([
    ['F126.10 CVV2 Authorization Request Data: 11 731', 'F126.10 CVV2 Authorization Request Data: 11 [CVV]'],
    ['DE48.92 = 731', 'DE48.92 = [CVV]'],
    ['DE48 SE92: 731', 'DE48 SE92: [CVV]'],
    ['<isomsg id="48"><field id="92" value="731"/></isomsg>', '<isomsg id="48"><field id="92" value="[CVV]"/></isomsg>'],
    [
      '<isomsg id="126"><field id="9" value="1"/><field id="10" value="11 731"/></isomsg>',
      '<isomsg id="126"><field id="9" value="1"/><field id="10" value="11 [CVV]"/></isomsg>',
    ],
    ['{"9F1F":"7322413533825664","9F33":"E0F8C8"}', '{"9F1F":"[TRACK2]","9F33":"E0F8C8"}'],
    ['TAG 9F20 VAL 7322413533825664', 'TAG 9F20 VAL [TRACK2]'],
    ['52 PIN data   B8   9F3E1B5FA0C1D2E3', '52 PIN data   B8   [PIN-BLOCK]'],
    ['HSM << EB 00 9F3E1B5FA0C1D2E3', 'HSM << EB 00 [PIN-BLOCK]'],
  ])('%j', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    'latency 126.10 ms: 731 requests',
    'v1.126.10-731',
    'temp 48.92 C at 731 hPa',
    '<isomsg id="60"><field id="92" value="731"/></isomsg>',
    '9ECD 9F20 6F7B 85A5 9F21 5C5E',
    '9F20 = 5C5E',
  ])('%j stays', (text) => expect(clean(text)).toBe(text));
});

describe('in few characters of another writing', () => {
  it.each([
    ['[99, 118, 118, 34, 58, 34, 55, 51, 49, 34]', '[99, 118, 118, 34, 58, 34, [CVV], 34]'],
    ['[34 112 105 110 34 58 34 55 51 49 54 34]', '[34 112 105 110 34 58 34 [PIN] 34]'],
    ['auth Y3Z2PTczMQ==', 'auth [CVV]'],
    ['auth UElOOjczMTY=', 'auth [PIN]'],
    ['raw 6376763D373331', 'raw 6376763D[CVV]'],
    ['raw C3E5E57EF7F3F1', 'raw C3E5E57E[CVV]'],
  ])('%j', (text, expected) => expect(clean(text)).toBe(expected));

  it.each(['ports 80, 81, 82, 83, 84, 85, 86, 87', 'id 6376632031323320', 'sha 637676a1b2c3d4e5f60718', 'name cGluZ3Vpbg'])(
    '%j stays',
    (text) => expect(clean(text)).toBe(text),
  );
});

it('finds the content of a part of a form behind several header lines', () => {
  const head = '--b7\nContent-Disposition: form-data; name="cardSecurityCode"\nContent-Type: text/plain\nContent-Length: 3\n\n';
  expect(clean(`${head}731\n--b7--`)).toBe(`${head}[CVV]\n--b7--`);
});
