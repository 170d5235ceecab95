/** Writings that the usual tools never read: buffers, numbers taken for amounts, dumps of other programs, lines that a mail or a shell cut. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';
import { type Chance, cardNumber, chanceOf } from './renderings.ts';

const redactor = createRedactor();
const ROUNDS = 60;

function cardOf16(chance: Chance): string {
  let pan = cardNumber(chance);
  while (pan.length !== 16) pan = cardNumber(chance);
  return pan;
}

const groups = (pan: string): string => pan.replace(/.{4}(?=.)/g, '$& ');
const thousands = (pan: string, sign: string): string => pan.replace(/\d(?=(?:\d{3})+$)/g, `$&${sign}`);
const codes = (pan: string): number[] => [...pan].map((digit) => 48 + Number(digit));
const pairs = (pan: string): string[] => pan.match(/../g) ?? [];
const odRows = (text: string): string =>
  (text.match(/.{1,16}/gs) ?? [])
    .map(
      (row, index) =>
        `${(index * 16).toString(8).padStart(7, '0')} ${Buffer.from(row)
          .toString('hex')
          .replace(/..(?=.)/g, '$& ')}`,
    )
    .join('\n');
const tcpdumpRows = (text: string): string =>
  (text.match(/.{1,16}/gs) ?? [])
    .map((row, index) => {
      const hex = Buffer.from(row)
        .toString('hex')
        .replace(/.{4}(?=.)/g, '$& ');
      return `\t0x${(index * 16).toString(16).padStart(4, '0')}:  ${hex.padEnd(40)} ${row}`;
    })
    .join('\n');

/** The text, and what must be gone from it. */
const WRITINGS: Readonly<Record<string, (pan: string, chance: Chance) => readonly [text: string, gone: string]>> = {
  'between wildcards of SQL': (pan) => [`WHERE n LIKE '%${pan}%'`, pan.slice(4, -4)],
  'a buffer, as JSON': (pan) => [`{"type":"Buffer","data":[${codes(pan).join(',')}]}`, codes(pan).slice(6, 12).join(',')],
  'bytes in decimal': (pan) => [`read [${codes(pan).join(', ')}]`, codes(pan).slice(6, 12).join(', ')],
  'packed bytes with 0x': (pan) => [
    `bcd = ${pairs(pan)
      .map((pair) => `0x${pair}`)
      .join(' ')}`,
    pairs(pan)
      .slice(3, 6)
      .map((pair) => `0x${pair}`)
      .join(' '),
  ],
  'thousands, with commas': (pan) => [`card ${thousands(pan, ',')} declined`, thousands(pan, ',').slice(8, 16)],
  'thousands, with points': (pan) => [`PAN ${thousands(pan, '.')}`, thousands(pan, '.').slice(8, 16)],
  'thousands, with underscores': (pan) => [`pan = ${thousands(pan, '_')}`, thousands(pan, '_').slice(8, 16)],
  'scientific notation': (pan) => [`{"card":${pan[0]}.${pan.slice(1)}E15}`, pan.slice(6, -4)],
  'zeros between, as UTF-16 read byte by byte': (pan) => [`card ${[...pan].join('\0')}`, [...pan.slice(6, -4)].join('\0')],
  'raised digits': (pan) => [
    `card ${[...pan].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`,
    [...pan.slice(6, 12)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join(''),
  ],
  'digits in circles': (pan) => [
    `card ${[...pan].map((digit) => '⓪①②③④⑤⑥⑦⑧⑨'[Number(digit)]).join('')}`,
    [...pan.slice(6, 12)].map((digit) => '⓪①②③④⑤⑥⑦⑧⑨'[Number(digit)]).join(''),
  ],
  'a dump of od': (pan) => [
    odRows(`order=1;pan=${pan};`),
    Buffer.from(pan.slice(6, 10))
      .toString('hex')
      .replace(/..(?=.)/g, '$& '),
  ],
  'a dump of tcpdump': (pan) => [tcpdumpRows(`GET /?x=1&card=${pan}&amount=1`), Buffer.from(pan.slice(8, 10)).toString('hex')],
  'a quoted mail': (pan) => [`> my card is ${pan.slice(0, 9)}\n> ${pan.slice(9)} thanks`, pan.slice(9)],
  'a command over two lines': (pan) => [`curl -d number=${groups(pan).slice(0, 9)} \\\n  ${groups(pan).slice(10)}`, groups(pan).slice(10)],
  'filled, behind a tag': (pan) => [`5A: ${cardNumberOf15(pan)}F`, cardNumberOf15(pan).slice(6, -4)],
  'packed in base64': (pan) => {
    const word = gzipSync(Buffer.from(`{"pan":"${pan}","currency":"EUR"}`)).toString('base64');
    return [`body=${word}`, word.slice(10, 30)];
  },
  'chip data in base64': (pan) => {
    const track = `${pan}D2812201000001230`.padEnd(34, 'F');
    const word = Buffer.from(`8202390057${(track.length / 2).toString(16)}${track}9F360200A1`, 'hex').toString('base64');
    return [`{"emv":"${word}"}`, word.slice(8, 20)];
  },
};

/** Amex-like: 15 digits with their own check digit. */
function cardNumberOf15(pan: string): string {
  const body = `37${pan.slice(2, 14)}`;
  for (let digit = 0; digit < 10; digit++) {
    const cleaned = redactor.text(`${body}${digit}`).text;
    if (cleaned !== `${body}${digit}`) return `${body}${digit}`;
  }
  throw new Error('no check digit fits');
}

describe('a card number goes in unusual writings, too', () => {
  it.each(Object.keys(WRITINGS))('%s', (writing) => {
    const chance = chanceOf(1128);
    let caught = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const [text, gone] = WRITINGS[writing]?.(cardOf16(chance), chance) ?? ['', ''];
      const cleaned = redactor.text(`2026-11-28 10:15:22 INFO before\n${text}\nINFO after\n`);
      if (!cleaned.text.includes(gone) && Object.keys(cleaned.counts).length > 0) caught++;
      expect(redactor.text(cleaned.text).text).toBe(cleaned.text);
    }
    // Four digits may stand in a dump a second time by chance.
    expect(caught).toBeGreaterThanOrEqual(ROUNDS - 2);
  });
});

describe('authentication data in unusual places goes', () => {
  const block = 'B8CA5A8F2ABD5D25';
  it.each([
    ['cvv=[847]', '847'],
    ['CVV(105)', '105'],
    ['cvv=Optional[177]', '177'],
    ['cvc: Some("177")', '177'],
    ['DE44 CVV2 value: 031', '031'],
    ['card=4111111111111111 exp=12/27 code=873', '873'],
    ['{"card":"4111111111111111","exp":"12/27","code":"873"}', '873'],
    [`PIN block: ${block.replace(/..(?=.)/g, '$& ')}`, 'CA 5A 8F'],
    [`DE052 [LEN=8] ${block}`, block],
    [`Bit 52 (PIN data): ${block}`, block],
  ])('%s', (text, gone) => {
    expect(redactor.text(`10:15:22 ${text} \n`).text).not.toContain(gone);
  });
});

describe('what only looks like it stays', () => {
  it.each([
    'IBAN DE89 3704 0044 0532 0130 00',
    'IBAN DE02 4649 1506 6253 5422 15',
    'iban=GB82 WEST 1234 5698 7654 32',
    'id=1765636452843635465',
    '2026-11-28 10:15:22,123 192.168.100.200 10.100.200.201',
    'totals 4,111,111,111,111,111.00 and 1,234,567.89',
    'ratio 4.111111111111111 of 1',
    '[52,53,51,50] [100,101,102]',
    '(token) => token.length',
    'cvv=[***] cvc: Some(true) pin[3]',
    'bit 52 (of 64) is set',
    'IBAN DE45 1216 7200 4106 2457 88',
  ])('%s', (text) => {
    expect(redactor.text(`INFO ${text}\n`)).toEqual({ text: `INFO ${text}\n`, counts: {} });
  });

  it('an IBAN with another check digit is no IBAN', () => {
    expect(redactor.text('x AB14 8239 2803 5713 8449 93').counts).toEqual({ pan: 1 });
  });
});
