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

const odCharacters = (text: string): string =>
  (text.match(/.{1,16}/gs) ?? [])
    .map((row, index) => `${(index * 16).toString(8).padStart(7, '0')}${[...row].map((sign) => `   ${sign}`).join('')}`)
    .join('\n');
const fours = (pan: string): string[] => pan.match(/.{4}/g) ?? [];
const inQuotes = (pan: string): string => JSON.stringify([...pan]);
const quotedPrintable = (pan: string): string => [...pan].map((digit) => `=3${digit}`).join('');

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
  'a dump of characters': (pan) => [odCharacters(`order=17;card=${pan};`), [...pan.slice(6, 9)].join('   ')],
  'a dump of characters in groups': (pan) => [odCharacters(`id 1 ${groups(pan)}`), [...pan.slice(8, 11)].join('   ')],
  'digits in quotes': (pan) => [`{"digits":${inQuotes(pan)}}`, inQuotes(pan.slice(6, 12)).slice(1, -1)],
  'digits in quotes, in a string': (pan) => [JSON.stringify({ body: inQuotes(pan) }), [...pan.slice(6, 12)].join('\\",\\"')],
  'digits in quotes, one a line': (pan) => [JSON.stringify({ digits: [...pan] }, null, 2), [...pan.slice(6, 12)].join('",\n    "')],
  'groups in quotes': (pan) => [`parts=${JSON.stringify(fours(pan))}`, JSON.stringify(fours(pan).slice(1, 3)).slice(1, -1)],
  'quoted-printable': (pan) => [`card ${quotedPrintable(pan)} x`, quotedPrintable(pan.slice(6, 12))],
  'quoted-printable over lines': (pan) => [
    `card ${quotedPrintable(pan.slice(0, 7))}=\n${quotedPrintable(pan.slice(7))} x`,
    quotedPrintable(pan.slice(7, 12)),
  ],
  'quoted-printable spaces': (pan) => [`my card: ${fours(pan).join('=C2=A0')}`, fours(pan).slice(1, 3).join('=C2=A0')],
  'tags between groups': (pan) => [fours(pan).join('<b>'), fours(pan).slice(1, 3).join('<b>')],
  'tags around groups': (pan) => [
    fours(pan)
      .map((four) => `<span class="c4">${four}</span>`)
      .join(' '),
    fours(pan)[2] ?? '',
  ],
  'tags around digits': (pan) => [[...pan].map((digit) => `<i>${digit}</i>`).join(''), [...pan.slice(6, 12)].join('</i><i>')],
  'tags, escaped': (pan) => [fours(pan).join('&lt;br/&gt;'), fours(pan).slice(1, 3).join('&lt;br/&gt;')],
  'one tag in the middle': (pan) => [`${pan.slice(0, 6)}<em>${pan.slice(6, 12)}</em>${pan.slice(12)}`, pan.slice(6, 12)],
  'emphasis around a group': (pan) => [`card ${groups(pan).replace(/ (\d{4}) /, ' **$1** ')}`, `**${pan.slice(4, 8)}**`],
  'emphasis around each group': (pan) => [
    fours(pan)
      .map((four) => `**${four}**`)
      .join(' '),
    `**${pan.slice(4, 8)}**`,
  ],
  'code around each group': (pan) => [`\`${fours(pan).join('` `')}\``, fours(pan).slice(1, 3).join('` `')],
  'cells of a table': (pan) => [`| ${fours(pan).join(' | ')} |`, fours(pan).slice(1, 3).join(' | ')],
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
    ['{"amexCid":"7317"}', '7317'],
    ['amex_cid=7317', '7317'],
    ['ccCid: 7317', '7317'],
    ['cidCode=7317', '7317'],
    ['{"cardNumber":"411111******1111","cid":"7317"}', '7317'],
    ['card=x exp=12/27 cid=7317', '7317'],
    ['{"cvv2Value":"731"}', '731'],
    ['securityCodeValue=731', '731'],
    ['cardSecurityCode: 731', '731'],
    ['card_verification=731', '731'],
    ['<cardVerificationData>731</cardVerificationData>', '731'],
    ['cardValidationCode=731', '731'],
    ['card_identification_number: 7317', '7317'],
    ['kbv=731', '731'],
    ['codigo_de_seguridad=731', '731'],
    ['Prüfziffer: 731', '731'],
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
    'cid=7317 connected',
    '{"cid":"7317","state":"open"}',
    'card_verification=failed cardVerificationResult=200',
    '["8080","8443","9090","9100","9093","5432"]',
    '<td>4111</td><td>1111</td><td>1111</td><td>1111</td><td>1112</td>',
    '{"a":["1","2","3","4"],"b":"2026","c":"411"}',
    '| 1200 | 1300 | 1400 | 1500 |',
    'a=41&b=42&c=43',
    '0000000   o   r   d   e   r       2   0   2   6   1   1   2   8',
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

describe('facts', () => {
  it.each([
    [['4', '1', '1', '1', '1', '1', '1', '1', '1', '1', '1', '1', '1', '1', '1', '1']],
    [[4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    [['4111', '1111', '1111', '1111']],
    [[4111, 1111, 1111, 1111]],
  ])('with a card number in pieces: %j', (pieces) => {
    expect(redactor.json({ pieces })).toEqual({ value: { pieces: ['411111******1111'] }, counts: { pan: 1 } });
  });

  it('with a code that the card beside it gives away', () => {
    expect(redactor.json({ pan: '411111******1111', cid: 7317 }).value).toEqual({ pan: '411111******1111', cid: '[CVV]' });
    expect(redactor.json({ cid: 7317, state: 'open', ports: [8080, 8443, 9090] }).counts).toEqual({});
  });
});
