/** Authentication data as gateways' SDKs, terminals, HSMs and their tests write it. */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const redactor = createRedactor();

function clean(text: string): string {
  return redactor.text(text).text;
}

describe('a PIN in the clear shows itself by its form', () => {
  it.each([
    ['decode_pinblock_iso_2(bytes.fromhex("247316FFFFFFFFFF"))', 'decode_pinblock_iso_2(bytes.fromhex("[PIN-BLOCK]"))'],
    ['P1 = 047316FFFFFFFFFF', 'P1 = [PIN-BLOCK]'],
    ['step 1 0573164FFFFFFFFF', 'step 1 [PIN-BLOCK]'],
    ['step 1 26731642ffffffff', 'step 1 [PIN-BLOCK]'],
    ['step 1 28 73 16 42 58 FF FF FF', 'step 1 [PIN-BLOCK]'],
    ['storeData("80100824 7316FFFFFFFFFF")', 'storeData("801008[PIN-BLOCK]")'],
    ['sent 0020000108247316FFFFFFFFFF', 'sent 0020000108[PIN-BLOCK]'],
    ['sent 002000010837333136FFFFFFFF', 'sent 0020000108[PIN-BLOCK]'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    'ffffffffffffffff',
    'mac 24:12:34:ff:ff:ff:ff:ff',
    'mask 0412ffffffffffff',
    '0xffff247316ffffffffff',
    'step 1 247316FFFFFFFFFFFF',
    'fe80::ffff:ffff:ff12',
  ])('%s stays', (text) => expect(clean(text)).toBe(text));
});

describe('a value in what makes it of a text', () => {
  it.each([
    ['"cvv":    float64(317),', '"cvv":    float64([CVV]),'],
    ['"pin": json.Number("7316")', '"pin": json.Number("[PIN]")'],
    ['pin_block=bytes.fromhex("1F4209C670E49F83E75CC72E81B787D9"), pan=x', 'pin_block=bytes.fromhex("[PIN-BLOCK]"), pan=x'],
    ['pinBlock = ISOUtil.hex2byte("9F3E1B5FA0C1D2E3");', 'pinBlock = ISOUtil.hex2byte("[PIN-BLOCK]");'],
    ['m.set(52, ISOUtil.hex2byte("9F3E1B5FA0C1D2E3"));', 'm.set(52, ISOUtil.hex2byte("[PIN-BLOCK]"));'],
    ["[ 49, '360' ], [ 52, '9F3E1B5FA0C1D2E3' ],", "[ 49, '360' ], [ 52, '[PIN-BLOCK]' ],"],
    ['52域 个人标识码数据: 9F3E1B5FA0C1D2E3', '52域 个人标识码数据: [PIN-BLOCK]'],
    ['pin block = 0x97, 0x20, 0x33, 0x08, 0x21, 0xF1, 0x3B, 0x57', 'pin block = [PIN-BLOCK]'],
    ['pinBlock bytes [2, -88, -24, -83, -18, -67, -21, -114]', 'pinBlock bytes [[PIN-BLOCK]]'],
    ['PIN block after XOR: 9F3E1B5FA0C1D2E3', 'PIN block after XOR: [PIN-BLOCK]'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    '[52] 00f067aa0ba902b7 span closed',
    '[52, 1762341753123456]',
    '(52, 1024)',
    'const track2 = createSprite(150, 300)',
    '"track2":"setting up"',
    '"pinBlock": "encrypted-pin-block"',
    'maskedTrack2=411111******1111=2512*********',
    'swapinblock=1234.00',
  ])('%s stays', (text) => expect(clean(text)).toBe(text));
});

describe('a code that a call, a row or a pair has beside the number of the card', () => {
  it.each([
    ["->creditCard('4111111111111111', '317', 12, 2030, 'X')", "->creditCard('411111******1111', '[CVV]', 12, 2030, 'X')"],
    ['creditCard(4111111111111111, 317, 12, 2030)', 'creditCard(411111******1111, [CVV], 12, 2030)'],
    ["setCard('4111111111111111', '12', '16', '317');", "setCard('411111******1111', '12', '16', '[CVV]');"],
    ['new CardData("4111111111111111", "03", "2030", "317", "3ds1")', 'new CardData("411111******1111", "03", "2030", "[CVV]", "3ds1")'],
    ['CardRequest("4111111111111111",\n    "317",\n    "09")', 'CardRequest("411111******1111",\n    "[CVV]",\n    "09")'],
    ['AmexCard("378282246310005", "3174", 12, 2030)', 'AmexCard("378282******0005", "[CVV]", 12, 2030)'],
    ['("4111111111111111", "317") => ok', '("411111******1111", "[CVV]") => ok'],
    ['Visa\t4111111111111111\t317\t11/25', 'Visa\t411111******1111\t[CVV]\t11/25'],
    ['4111111111111111 317 11/25', '411111******1111 [CVV] 11/25'],
  ])('%j', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    ['chargeCard("4111111111111111", 100, "EUR")', 'chargeCard("411111******1111", 100, "EUR")'],
    ['charge("4111111111111111", "840", "x")', 'charge("411111******1111", "840", "x")'],
    ['card.check("4111111111111111", "840")', 'card.check("411111******1111", "840")'],
    ['4111111111111111 200 11/25/2025', '411111******1111 200 11/25/2025'],
  ])('%s keeps its other numbers', (text, expected) => expect(clean(text)).toBe(expected));
});

describe('names and joints of cells, prompts, tests and blocks of a program', () => {
  it.each([
    ['| CVN2（信用卡背面） | `317` |', '| CVN2（信用卡背面） | `[CVV]` |'],
    ['解密后的密码：[731642]', '解密后的密码：[[SECRET:password]]'],
    ['When I enter "317" in the cvv field', 'When I enter "[CVV]" in the cvv field'],
    ['I send key to "kart cvv" element text:"317"', 'I send key to "kart cvv" element text:"[CVV]"'],
    ['xpath("//*[@id=\'cvvnumber\']")).sendKeys("317");', 'xpath("//*[@id=\'cvvnumber\']")).sendKeys("[CVV]");'],
    ['Enter your PIN\n7316\n', 'Enter your PIN\n[PIN]\n'],
    [
      '  String ccname="x";\n  String cid="317";\n  String month="02";',
      '  String ccname="x";\n  String cid="[CVV]";\n  String month="02";',
    ],
    ['"storedPVV": "7316",', '"storedPVV": "[PIN]",'],
    ['String pvvBytes = "7316";', 'String pvvBytes = "[PIN]";'],
    ['9F20 (TRACK_2_DD): 06472593243124', '9F20 (TRACK_2_DD): [TRACK2]'],
    ['9F1F (TRACK_1_DD): 3736313135313134', '9F1F (TRACK_1_DD): [TRACK1]'],
  ])('%j', (text, expected) => expect(clean(text)).toBe(expected));

  it.each(['Dist. Raipur, Chhattisgarh\nPin: 492001', 'Shastri Nagar, PIN - 400053', 'ccname="x"\ncid="317"\nmonth="02"'])(
    '%j stays',
    (text) => expect(clean(text)).toBe(text),
  );
});

describe('a name that only its beginning leads to', () => {
  it.each([
    ['Cod. Seg: 326', 'Cod. Seg: [CVV]'],
    ['Cod Seg: 326', 'Cod Seg: [CVV]'],
    ['personal identification number data: 0412AC89ABCDEF67', 'personal identification number data: [PIN-BLOCK]'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));
});
