/** Authentication data as people and validators tell of it: who answers in the same line, what was typed, what a card's code was; and what is told of other things. */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const redactor = createRedactor();

function clean(text: string): string {
  return redactor.text(text).text;
}

describe('told by people', () => {
  it.each([
    ['agent: which PIN did you use there? customer: 7316, as always', 'agent: which PIN did you use there? customer: [PIN], as always'],
    ['客服：请告诉我卡背面后三位数字。用户：731', '客服：请告诉我卡背面后三位数字。用户：[CVV]'],
    ['校验码填的 731，银行拒绝', '校验码填的 [CVV]，银行拒绝'],
    ['CVV输入：731', 'CVV输入：[CVV]'],
    ['7316 is the PIN in the letter', '[PIN] is the PIN in the letter'],
    ['731 was entered as the CVC by her', '[CVV] was entered as the CVC by her'],
    ['PIN for card *9344 is 7316', 'PIN for card *9344 is [PIN]'],
    ['pin code for x9344 is 7316', 'pin code for x9344 is [PIN]'],
    ['the security code for my corporate card is 7316', 'the security code for my corporate card is [CVV]'],
    ['visa, expiring 03/29, and 731 on the back', 'visa, expiring 03/29, and [CVV] on the back'],
  ])('%j', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    'which CVV service failed? user: 404 not found',
    "404 is the CVV service's answer",
    'the security code for the door is 7316',
    'the card service: error 500 on the back end',
    'room 731 on the back',
    'CVV tests: 118 passed, 3 failed',
  ])('%j stays', (text) => expect(clean(text)).toBe(text));
});

describe('told by validators and tools', () => {
  it.each([
    ["'Cvv' must be 4 characters in length. You entered 731.", "'Cvv' must be 4 characters in length. You entered [CVV]."],
    [
      '{"PropertyName":"Cvv","ErrorMessage":"The length must be 4","AttemptedValue":"731"}',
      '{"PropertyName":"Cvv","ErrorMessage":"The length must be 4","AttemptedValue":"[CVV]"}',
    ],
    [
      'Cannot deserialize value of type `a.Cvv` from String "731": length (through reference chain: a.Request["card"]->a.Card["cvv"])',
      'Cannot deserialize value of type `a.Cvv` from String "[CVV]": length (through reference chain: a.Request["card"]->a.Card["cvv"])',
    ],
    ['WS-CVV2      PIC 9(3)  : 731', 'WS-CVV2      PIC 9(3)  : [CVV]'],
    ['(gdb) print pin_buf\n$1 = "7316\\000\\000"', '(gdb) print pin_buf\n$1 = "[PIN]\\000\\000"'],
    ['{"pin_old":"7316","pin_new":"9425"}', '{"pin_old":"[PIN]","pin_new":"[PIN]"}'],
    ['ivr.tpin=7316', 'ivr.tpin=[PIN]'],
    ['PINBufferA=5B4104071FC46EB8', 'PINBufferA=[PIN-BLOCK]'],
    ['getPinBlock ret=0BCCACF409802DCF', 'getPinBlock ret=[PIN-BLOCK]'],
    ['99 08 5B 41 04 07 1F C4 6E B8  -- Transaction PIN Data', '99 08 [PIN-BLOCK]  -- Transaction PIN Data'],
  ])('%j', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    '{"PropertyName":"Amount","ErrorMessage":"The length must be 4","AttemptedValue":"731"}',
    "'Port' must be 4 characters in length. You entered 731.",
    'from String "731": length (through reference chain: a.Request["amount"])',
  ])('%j stays', (text) => expect(clean(text)).toBe(text));
});
