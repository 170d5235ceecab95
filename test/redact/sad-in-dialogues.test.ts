/** The value alone in the line below its name: what somebody answers, and what a debugger, a console or a shell shows. */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const redactor = createRedactor();

function clean(text: string): string {
  return redactor.text(text).text;
}

describe('people', () => {
  it.each([
    '[10:02] Ann: whats the security code\n[10:02] Bob: 731',
    '10:02 Ann: cvv?\n10:03 Bob: 731',
    '14:07 - Ann: and the CVV?\n14:08 - Bob: it is 731',
    "[14:07:33] <ann> what's the cvv on it?\n[14:07:41] <bob> 731",
    '[2026-11-29 10:02:11] agent: can I have the CVV please\n[2026-11-29 10:02:19] guest: 731',
    'Ann: and the cvv on that one\nBob: 731',
    '[Agent] please provide the cvv\n[Customer] 731',
    'Ann [2:07 PM]\nwhats the cvv\nBob [2:08 PM]\n731',
    'Ann Lee, 14:07\nCVV?\nBob, 14:08\n731',
    '10:02:11 BOT Please enter the CVV\n10:02:15 USER 731',
  ])('%j', (text) => expect(clean(text)).toBe(text.replace(/731$/, '[CVV]')));

  it.each([
    '[10:02] Ann: cvv service is down\n[10:02] Bob: 731',
    '[10:02] Ann: which port\n[10:02] Bob: 731',
    '[10:02] Ann: cvv\n[10:02] Bob: 731 errors',
    '[Agent] cvv mismatch\n[Customer] 731',
    'Ann: pin retries\nBob: 7316',
    'wrong CVV\nB2B: 731',
    'Enter PIN\nPort: 9100',
    'cvv latency\nat 14:08\n731',
  ])('%j stays', (text) => expect(clean(text)).toBe(text));
});

describe('programs', () => {
  it.each([
    "(Pdb) p cvv\n'731'",
    "(Pdb) card['cvv']\n'731'",
    '>>> print(cvv)\n731',
    "In [3]: card.cvv\nOut[3]: '731'",
    '(lldb) po card.cvv\n"731"',
    '(gdb) x/s cvv\n0x7ffe1234: "731"',
    'scala> cvv\nres0: String = 731',
    '127.0.0.1:6379> HGET card:1 cvv\n"731"',
    'sqlite> select cvv from cards limit 1;\n731',
    '> document.getElementById(\'cvv\').value\n< "731"',
    '$ echo $CVV\n731',
  ])('%j', (text) => expect(clean(text)).toBe(text.replace(/731(?=["']?$)/, '[CVV]')));

  it.each(['$ ls cvv\n731 files', '$ wc -l < cvv\n731', '>>> len(cvv)\n731', '> npm run pin\n7316 files', '>>> pin_count\n7316'])(
    '%j stays',
    (text) => expect(clean(text)).toBe(text),
  );
});
