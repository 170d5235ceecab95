/** Authentication data some attributes, a statement or a head further on than its name; in dumps of messages and commands to an HSM. */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const redactor = createRedactor();
const BLOCK = '80 76 53 65 DB 1E 1D 32';
const KEY = 'UDB6B65A15FB003338EA59F0C09D6AAA3';

function clean(text: string): string {
  return redactor.text(text).text;
}

describe('further on than the name', () => {
  it.each([
    ["{interpolatedMessage='must match', propertyPath=cvv, invalidValue='731'}", '731', '[CVV]'],
    ["{propertyPath=cvv, rootBeanClass=class com.acme.Pay, messageTemplate='x', invalidValue=731}", '731', '[CVV]'],
    ['{"instancePath":"/cvv","keyword":"pattern","data":"731"}', '731', '[CVV]'],
    ['||Card||CVV||\n|visa|731|', '731', '[CVV]'],
    ['|| Card || PIN ||\n| visa | 7316 |', '7316', '[PIN]'],
    ["MERGE INTO c USING (SELECT '731' AS cvv FROM dual) s", '731', '[CVV]'],
    ["SELECT 'visa' AS brand, '731' AS cvv", '731', '[CVV]'],
    ['insert into t (cvv, amt) values (?, ?) [params=(string) 731, (int) 100]', '731', '[CVV]'],
    ['update t set amt = ?, cvv = ? where id = ? [params: (int) 100, (varchar) 731, (long) 9]', '731', '[CVV]'],
    ['{"query":"mutation($p:String!){verify(pin:$p){ok}}","variables":{"p":"7316"}}', '7316', '[PIN]'],
    ['select * from t where cvv = :c1 -- {c1=731}', '731', '[CVV]'],
    ["E   AssertionError: assert '731' == card.cvv", '731', '[CVV]'],
    ["select '731'::text as cvv", '731', '[CVV]'],
    ["select cast('731' as char) as cvv", '731', '[CVV]'],
    ["SELECT id, '7316' pin FROM dual", '7316', '[PIN]'],
    ["exec sp_executesql N'UPDATE c SET pin=@p0',N'@p0 nvarchar(4)',@p0=N'7316'", '7316', '[PIN]'],
    ['{"name":"cvv","op":"replace","value":"731"}', '731', '[CVV]'],
    ['fieldName=cvv, oldValue=null, newValue=731', '731', '[CVV]'],
    ['change: cvv: null -> 731', '731', '[CVV]'],
    ['F48: SE92 = 731', '731', '[CVV]'],
    ['DE 48 / SE 92: 731', '731', '[CVV]'],
    ['Field 48, subelement 92 = 731', '731', '[CVV]'],
    ['DE048.SE92 731', '731', '[CVV]'],
    [`052 PIN Data                 (8)  ${BLOCK}`, BLOCK, '[PIN-BLOCK]'],
    ['HSM RX: CD00 04EF6ADE3B318DBF8B01', '04EF6ADE3B318DBF8B01', '[PIN-BLOCK]'],
    [`HSM TX: CY ${KEY} 731 4111111111111111;2905101`, `${KEY} 731 4111111111111111`, '[PIN-BLOCK] [CVV] [PIN-BLOCK]'],
    ['HSM RX: 0001CX00731', '731', '[CVV]'],
    [String.raw`\x83\xa3pin\xa47316`, '7316', '[PIN]'],
    ['her pin being 7316', '7316', '[PIN]'],
    ["tell them the cvv, it's 731", '731', '[CVV]'],
    ['last 3 on back are 731', '731', '[CVV]'],
    ['the security code printed on the back, 731', '731', '[CVV]'],
    ['four digits on the front of the amex: 7316', '7316', '[CVV]'],
    ['he typed 7316 for the pin', '7316', '[PIN]'],
    ["'7316' was entered as PIN", '7316', '[PIN]'],
  ])('%j', (text, value, mark) => expect(clean(text)).toBe(text.replace(value, mark)));

  it.each([
    "{propertyPath=amount, invalidValue='731'}",
    '{"field":"cvv","minValue":100,"maxValue":999}',
    '||Card||Amount||\n|visa|731|',
    "SELECT '731' AS amount, cvv_result FROM t",
    "SELECT '731' AS cvv_result FROM t",
    'insert into t (amt, cur) values (?, ?) [params=(int) 731, (int) 100]',
    '{"query":"mutation($p:String!){verify(id:$p){ok}}","variables":{"p":"7316"}}',
    "assert '731' == card.limit",
    "select cast('731' as char) as amount",
    'last 3 on back order: 731',
    'he waited 7316 ms for the pin',
    'F48: SE42 = 731',
    'F60: SE92 = 731',
    `053 Security Info            (8)  ${BLOCK}`,
    'HSM RX: CX13 731',
    'HSM RX: CX00 731 errors',
    'select cvv = :c1 -- {c2=731}',
    String.raw`\x83\xa3pin\xa473`,
  ])('%j stays', (text) => expect(clean(text)).toBe(text));
});
