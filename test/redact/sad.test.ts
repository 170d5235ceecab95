import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

function clean(text: string): string {
  return createRedactor().text(text).text;
}

describe('tracks go whole', () => {
  it.each([
    ['%B4111111111111111^DOE/JOHN^25121011000000000000?', '[TRACK1]'],
    ['B4111111111111111^DOE/JOHN            ^2512101100001100000000123000000', '[TRACK1]'],
    ['%B4111 1111 1111 1111^DOE/J^25121011000?', '[TRACK1]'],
    ['%25B4111111111111111%5EDOE/JOHN%5E25121011000000%3F', '[TRACK1]'],
    [';4111111111111111=25121011000012345678?', '[TRACK2]'],
    ['4111111111111111=25121011000012345678', '[TRACK2]'],
    ['4111111111111111D25121011000012345678F', '[TRACK2]'],
    ['%3B4111111111111111%3D25121011000012345678%3F', '[TRACK2]'],
    ['374111111111111111=25121011000012345678', '37[TRACK2]'],
    ['57134111111111111111D25121011000012345678F5F2A020978', '5713[TRACK2]5F2A020978'],
    [';378282246310005=25121011000012345?', '[TRACK2]'],
    [';9111111111111111=25121011000012345678?', '[TRACK2]'],
    [';015551234567890123=72472410000000000003?', '[TRACK3]'],
    ['%B4111111111111111^DOE/JOHN^25121011000?;4111111111111111=25121011000?', '[TRACK1][TRACK2]'],
    ['"track2":"4111111111111111=25121011000012345678"', '"track2":"[TRACK2]"'],
    ['track1=B4111111111111111^DOE/JOHN^2512101100', 'track1=[TRACK1]'],
    ['track2Data: 9111111111111112', 'track2Data: [TRACK2]'],
    ['<track2>not a usual track 123</track2>', '<track2>[TRACK2]</track2>'],
    ['magstripe="swiped: 9999888877776666"', 'magstripe="[TRACK2]"'],
    ['<field id="35" value="4111111111111111=25121011000012345678"/>', '<field id="35" value="[TRACK2]"/>'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each(['track=7', 'tracking=1Z999AA10123456784', 'id=4111=2512', 'x^2 + y^2 = z^2', 'a=1111111111111112=2512101'])(
    '%s is none',
    (text) => expect(clean(text)).toBe(text),
  );
});

describe('verification codes', () => {
  it.each([
    ['cvv=123', 'cvv=[CVV]'],
    ['CVV2: 1234', 'CVV2: [CVV]'],
    ['cvc: "123"', 'cvc: "[CVV]"'],
    ['{"cvv":123,"x":1}', '{"cvv":"[CVV]","x":1}'],
    ['{"securityCode":"123"}', '{"securityCode":"[CVV]"}'],
    ['{\\"cvn2\\":\\"123\\"}', '{\\"cvn2\\":\\"[CVV]\\"}'],
    ['card[cvc]=123&x=1', 'card[cvc]=[CVV]&x=1'],
    ['card_verification_value=123', 'card_verification_value=[CVV]'],
    ['card.cvv2=123;', 'card.cvv2=[CVV];'],
    ['CVV 123', 'CVV [CVV]'],
    ['cvv code is 123', 'cvv code is [CVV]'],
    ['cvv is 123.', 'cvv is [CVV].'],
    ['CVV2 - 123', 'CVV2 - [CVV]'],
    ['"cvc": {"value": "123"}', '"cvc": {"value": "[CVV]"}'],
    ['    [cardCVV] => 100', '    [cardCVV] => [CVV]'],
    ['<CVVCVCSecurity>300</CVVCVCSecurity>', '<CVVCVCSecurity>[CVV]</CVVCVCSecurity>'],
    ['security code: 123', 'security code: [CVV]'],
    ['<cvv>123</cvv>', '<cvv>[CVV]</cvv>'],
    ['安全码：123', '安全码：[CVV]'],
    ['[CVV]: 123', '[CVV]: [CVV]'],
    ['4111111111111111|12|25|123', '411111******1111|12|25|[CVV]'],
    ['4111111111111111;12/2025;123', '411111******1111;12/2025;[CVV]'],
    ['4111 1111 1111 1111 12/25 123', '411111******1111 12/25 [CVV]'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each(['cvv=M', 'cvv_result=N', 'cvc_check: pass', 'cvv=12345', 'cvv=12', 'cvv: ***', 'cvv mismatch', 'CVC-500 failed'])(
    '%s is none',
    (text) => expect(clean(text)).toBe(text),
  );
});

describe('PINs and PIN blocks', () => {
  it.each([
    ['pin=1234', 'pin=[PIN]'],
    ['"pin":"123456"', '"pin":"[PIN]"'],
    ['userPin: 1234', 'userPin: [PIN]'],
    [' * Debugger PIN: 123-456-789', ' * Debugger PIN: [PIN]'],
    ['pinBlock=1A2B3C4D5E6F7788', 'pinBlock=[PIN-BLOCK]'],
    ['PIN BLOCK: 1A2B3C4D5E6F7788', 'PIN BLOCK: [PIN-BLOCK]'],
    ['"pin_block": "1A2B3C4D5E6F7788"', '"pin_block": "[PIN-BLOCK]"'],
    ['pin=1A2B3C4D5E6F7788', 'pin=[PIN-BLOCK]'],
    ['DE52=1A2B3C4D5E6F7788', 'DE52=[PIN-BLOCK]'],
    ['F052: 1A2B3C4D5E6F7788', 'F052: [PIN-BLOCK]'],
    ['field 52: 1A2B3C4D5E6F7788', 'field 52: [PIN-BLOCK]'],
    ['encryptedPinBlock=ABCDEF0123456789', 'encryptedPinBlock=[PIN-BLOCK]'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each(['shipping=1234', 'ping: 1234', 'spin=1234', 'pinned=1234', 'pin=5', 'gpio pin 17', 'pincode: 560001', 'DE39=00'])(
    '%s is none',
    (text) => expect(clean(text)).toBe(text),
  );
});

describe('a code that is told by what it looks like goes, in either case', () => {
  it.each([
    ['the 3 digits on the back are 731', 'the 3 digits on the back are [CVV]'],
    ['THE 3 DIGITS ON THE BACK ARE 731', 'THE 3 DIGITS ON THE BACK ARE [CVV]'],
    ['Code On The Back: 731', 'Code On The Back: [CVV]'],
    ['Number on the BACK side of my card is 731', 'Number on the BACK side of my card is [CVV]'],
    ['3-Digit code: 731', '3-Digit code: [CVV]'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));
});

describe('authentication data as programs and people write it', () => {
  it.each([
    ['{"pin":{"format":"ISO0","block":"1A2B3C4D5E6F7081"}}', '{"pin":{"format":"ISO0","block":"[PIN-BLOCK]"}}'],
    ['{"39":"00","52":"1A2B3C4D5E6F7081"}', '{"39":"00","52":"[PIN-BLOCK]"}'],
    ['[052] b(8) 1A2B3C4D5E6F7081', '[052] b(8) [PIN-BLOCK]'],
    ['域52：1A2B3C4D5E6F7081', '域52：[PIN-BLOCK]'],
    ['pin_block="1A2B3C4D5E6F7081', 'pin_block="[PIN-BLOCK]'],
    ['["cvc"]=>\n  string(3) "731"', '["cvc"]=>\n  string(3) "[CVV]"'],
    ['a:1:{s:3:"cvv";s:3:"731";}', 'a:1:{s:3:"cvv";s:3:"[CVV]";}'],
    ['Cvv2: (string) (len=3) "731",', 'Cvv2: (string) (len=3) "[CVV]",'],
    ['Cvv2:(*string)("731")', 'Cvv2:(*string)("[CVV]")'],
    ['form-data; name="card[cvc]"\r\n\r\n731\r\n', 'form-data; name="card[cvc]"\r\n\r\n[CVV]\r\n'],
    ['securityNo: 731,', 'securityNo: [CVV],'],
    ['{"cvx2":731,"x":1}', '{"cvx2":"[CVV]","x":1}'],
    ['with cvv of 731', 'with cvv of [CVV]'],
    ['the CVV code of my card is 731', 'the CVV code of my card is [CVV]'],
    ['4 digit code on the front 7316', '4 digit code on the front [CVV]'],
    ['CID=7316 (amex)', 'CID=[CVV] (amex)'],
    ['安全码731', '安全码[CVV]'],
    ['CVV on the back reads 731 now', 'CVV on the back reads [CVV] now'],
    ['"cardVerifyCode":"731"', '"cardVerifyCode":"[CVV]"'],
    ['F052 [71CFC213B070A0D0] F053', 'F052 [[PIN-BLOCK]] F053'],
    ['[052]: <71CFC213B070A0D0>', '[052]: <[PIN-BLOCK]>'],
    ['{cvv,<<"731">>}', '{cvv,<<"[CVV]">>}'],
    ['the three digits on the back? customer: 731', 'the three digits on the back? customer: [CVV]'],
    ['security code? - 731', 'security code? - [CVV]'],
    ['请提供安全码 客户：731', '请提供安全码 客户：[CVV]'],
    ['信用卡CVV731', '信用卡CVV[CVV]'],
    ['卡片背面的三位数字：731', '卡片背面的三位数字：[CVV]'],
    ['卡背面后三位731', '卡背面后三位[CVV]'],
    ['校验码：731', '校验码：[CVV]'],
    ['Sicherheitscode 731', 'Sicherheitscode [CVV]'],
    ['cryptogramme visuel : 731', 'cryptogramme visuel : [CVV]'],
    ['code de vérification: 731', 'code de vérification: [CVV]'],
    ['código de seguridad es 731', 'código de seguridad es [CVV]'],
    ['codice di sicurezza: 731', 'codice di sicurezza: [CVV]'],
    ['セキュリティコードは731', 'セキュリティコードは[CVV]'],
    ['보안코드: 731', '보안코드: [CVV]'],
    ['код безопасности: 731', 'код безопасности: [CVV]'],
    ['güvenlik kodu: 731', 'güvenlik kodu: [CVV]'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each(['took 52 ms, id 1A2B3C4D5E6F7081', 'v1.52: 1A2B3C4D5E6F7081', 'code on the back burner: 12 items'])('%s stays', (text) =>
    expect(clean(text)).toBe(text),
  );
});

it('a secret whose line was cut off before its closing quote goes', () => {
  expect(clean('{"user":"a","password":"Xk29fjQ!z')).toBe('{"user":"a","password":"[SECRET:password]');
});
