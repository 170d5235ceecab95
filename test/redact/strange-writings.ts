/** Card numbers and codes as people, dumps and programs write them that nobody had in mind. Made without a look at the detectors' tables; for tests and the bench. */
import { type Chance, cardNumber, ebcdic, pick } from './renderings.ts';

type Write = (pan: string, chance: Chance) => string;

/** As they are printed: 4-6-5 for fifteen digits. */
const fours = (pan: string): string[] => (pan.length === 15 ? /^(.{4})(.{6})(.{5})$/.exec(pan)?.slice(1) : pan.match(/.{1,4}/g)) ?? [];
const codes = (pan: string): number[] => [...pan].map((digit) => digit.charCodeAt(0));
const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
const between =
  (sign: string): Write =>
  (pan) =>
    fours(pan).join(sign);
const around =
  (before: string, after: string, gap = ' '): Write =>
  (pan) =>
    fours(pan)
      .map((four) => before + four + after)
      .join(gap);
const eachDigit =
  (before: string, after: string, gap = ''): Write =>
  (pan) =>
    [...pan].map((digit) => before + digit + after).join(gap);
const keyed =
  (make: (index: number, four: string) => string, gap: string): Write =>
  (pan) =>
    fours(pan)
      .map((four, index) => make(index + 1, four))
      .join(gap);

/** Rows of a dump: an offset, and what a row of sixteen bytes makes. */
const rows = (text: string, offset: (at: number) => string, show: (row: Buffer) => string): string => {
  const bytes = bytesOf(text);
  const made: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) made.push(`${offset(at)} ${show(bytes.subarray(at, at + 16))}`);
  return made.join('\n');
};
const octal7 = (at: number): string => at.toString(8).padStart(7, '0');
const words = (row: Buffer, swap: boolean, base: 8 | 16, width: number): string => {
  const shown: string[] = [];
  for (let at = 0; at < row.length; at += 2) {
    const [low, high] = swap ? [row[at] ?? 0, row[at + 1] ?? 0] : [row[at + 1] ?? 0, row[at] ?? 0];
    shown.push((high * 256 + low).toString(base).padStart(width, '0'));
  }
  return shown.join(' ');
};
const message = (pan: string, chance: Chance): string => `${'x'.repeat(chance(16))}{"card":"${pan}","amount":12}`;

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const base32 = (text: string): string => {
  const bits = [...bytesOf(text)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '');
  return letters.join('').padEnd(Math.ceil(letters.length / 8) * 8, '=');
};
const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const HAN = '零一二三四五六七八九';

/** By class. What stands around is the caller's. */
export const STRANGE_NUMBERS: Readonly<Record<string, Readonly<Record<string, Write>>>> = {
  'one sign between groups': Object.fromEntries(
    [...'-.,_/+:;|*#=~!@$%^&\\><\'"`()']
      .concat('–', '—', '·', '•', '…', '→', '，', '、', '；', '／', '－', '．', '｜')
      .map((sign) => [sign, between(sign)]),
  ),
  'more signs between groups': {
    'two dashes': between('--'),
    'three dashes': between(' --- '),
    'two spaces': between('  '),
    'comma and space': between(', '),
    'semicolon and space': between('; '),
    'point, spaced': between(' . '),
    'slash, spaced': between(' / '),
    'bar, spaced': between(' | '),
    'one of each': (pan) => fours(pan).reduce((text, four, index) => text + (['-', ' ', '.', '/'][index - 1] ?? '') + four),
    'dashes at every digit': eachDigit('', '', '-'),
    'points at every digit': eachDigit('', '', '.'),
    'commas at every digit': eachDigit('', '', ','),
    'comma and space at every digit': eachDigit('', '', ', '),
    'spaced dashes at every digit': eachDigit('', '', ' - '),
    'full width, spaced': (pan) =>
      fours(pan)
        .map((four) => [...four].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join(''))
        .join('\u3000'),
    'brackets around groups': around('(', ')'),
    'square brackets around groups': around('[', ']', ''),
    'quotes around groups': around('"', '"'),
    'single quotes around groups': around("'", "'", ', '),
    'guillemets around groups': around('«', '»'),
    'curly quotes around groups': around('“', '”'),
  },
  'spaces that are none': Object.fromEntries(
    ['\u00a0', '\u2002', '\u2003', '\u2007', '\u2009', '\u200a', '\u202f', '\u205f', '\u3000', '\u2060', '\u00ad', '\u180e', '\u200c'].map(
      (sign) => [`U+${sign.charCodeAt(0).toString(16)}`, between(sign)],
    ),
  ),
  markup: {
    'BBCode around one': (pan) => `[b]${fours(pan)[0]}[/b] ${fours(pan).slice(1).join(' ')}`,
    'BBCode around each': around('[b]', '[/b]'),
    'BBCode with a value': around('[color=red]', '[/color]', '-'),
    'bold, dashes': around('<b>', '</b>', '-'),
    'bold, dashes outside': (pan) => `<b>${fours(pan)[0]}</b>-${fours(pan).slice(1).join('-')}`,
    'line breaks': between('<br>'),
    'closed line breaks, on lines': between('<br/>\n'),
    'a place to break': between('<wbr>'),
    comments: between('<!-- x -->'),
    cells: around('<td>', '</td>', ''),
    'cells on lines': around('  <td class="n">', '</td>', '\n'),
    items: around('<li>', '</li>', '\n'),
    elements: around('<part>', '</part>', ''),
    'numbered elements': keyed((index, four) => `<pan${index}>${four}</pan${index}>`, ''),
    'digits in elements': eachDigit('<d>', '</d>'),
    'input fields': keyed((index, four) => `<input name="cc${index}" value="${four}">`, '\n'),
    wiki: around("'''", "'''"),
    'bold of Markdown': around('**', '**', '-'),
    'code of Markdown': around('`', '`', '-'),
    'struck out': around('~~', '~~'),
    'LaTeX space': between('\\,'),
    'LaTeX bold': around('\\textbf{', '}'),
    'a table of Markdown': (pan) => `| ${fours(pan).join(' | ')} |`,
    'a table of reST': around('+----+\n| ', ' |', '\n'),
  },
  'groups under keys of their own': {
    'name=value': keyed((index, four) => `pan${index}=${four}`, ' '),
    query: keyed((index, four) => `card${index}=${four}`, '&'),
    'a list in a form': keyed((index, four) => `card_number[${index - 1}]=${four}`, '&'),
    'an empty index': keyed((_, four) => `cardno[]=${four}`, '&'),
    JSON: keyed((index, four) => `"cardPart${index}":"${four}"`, ','),
    'JSON, spaced': keyed((index, four) => `"pan_${index}": "${four}"`, ', '),
    'JSON numbers': keyed((index, four) => `"cc${index}":${four}`, ','),
    YAML: keyed((index, four) => `card_part_${index}: "${four}"`, '\n'),
    colon: keyed((index, four) => `card number ${index}: ${four}`, '; '),
    letters: keyed((index, four) => `pan_${'abcde'[index - 1]}=${four}`, ', '),
    'first, middle, last': (pan) => `"first6":"${pan.slice(0, 6)}","middle":"${pan.slice(6, -4)}","last4":"${pan.slice(-4)}"`,
    'bin, rest': (pan) => `bin=${pan.slice(0, 6)} account=${pan.slice(6, -4)} last4=${pan.slice(-4)}`,
  },
  'words between groups': {
    and: (pan) => `card ${fours(pan).join(' and ')}`,
    'and then': (pan) => `my card number is ${fours(pan).join(' then ')}`,
    'first, next, last': (pan) =>
      `the card: ${fours(pan)
        .map((four, index) => `${['first', 'next', 'next', 'last', 'and'][index]} ${four}`)
        .join(', ')}`,
    space: (pan) => `card ${fours(pan).join(' space ')}`,
    dash: (pan) => `card ${fours(pan).join(' dash ')}`,
    'Chinese: then': (pan) => `卡号 ${fours(pan).join(' 然后 ')}`,
    'the last words': (pan) => `card number begins ${pan.slice(0, 8)} and ends ${pan.slice(8)}`,
  },
  'lists of groups': {
    strings: (pan) => JSON.stringify(fours(pan)),
    numbers: (pan) => `[${fours(pan).join(',')}]`,
    'numbers, spaced': (pan) => `[${fours(pan).join(', ')}]`,
    'a tuple': (pan) => `('${fours(pan).join("', '")}')`,
    'nested lists': (pan) => `[["${fours(pan).join('"],["')}"]]`,
    'words of Ruby': (pan) => `%w[${fours(pan).join(' ')}]`,
    'a list of YAML': (pan) => `- ${fours(pan).join('\n- ')}`,
    'a list of YAML, quoted': (pan) => `  - "${fours(pan).join('"\n  - "')}"`,
    'a list of digits': (pan) => `[${[...pan].join(',')}]`,
    'a list of digits, spaced': (pan) => `[${[...pan].join(', ')}]`,
    'a list of digits, on lines': (pan) => JSON.stringify([...pan].map(Number), null, 2),
    'objects of a digit': (pan) => JSON.stringify([...pan].map((digit) => ({ d: Number(digit) }))),
    'a slice of Go': (pan) => `[${[...pan].join(' ')}]`,
    'cells of CSV': (pan) => `"${fours(pan).join('","')}"`,
  },
  'joined by programs': {
    'plus of strings': (pan) => `"${fours(pan).join('" + "')}"`,
    'points of PHP': (pan) => `'${fours(pan).join("' . '")}'`,
    'bars of SQL': (pan) => `'${fours(pan).join("' || '")}'`,
    CONCAT: (pan) => `CONCAT('${fours(pan).join("','")}')`,
    'strings side by side': (pan) => `"${fours(pan).join('" "')}"`,
    'strings on lines': (pan) => `"${fours(pan).join('"\n  "')}"`,
    'strings over lines, plus': (pan) => `'${fours(pan).join("' +\n    '")}'`,
    'a backslash at the end of lines': (pan) => fours(pan).join('\\\n'),
    fromCharCode: (pan) => `String.fromCharCode(${codes(pan).join(',')})`,
    chr: (pan) =>
      codes(pan)
        .map((code) => `chr(${code})`)
        .join('.'),
    'bytes of Go': (pan) => `[${codes(pan).join(' ')}]`,
    'bytes of Erlang': (pan) => `<<${codes(pan).join(',')}>>`,
    'a typed array': (pan) =>
      `Uint8Array(${pan.length}) [\n  ${codes(pan)
        .join(', ')
        .replace(/((?:\d+, ){12})/, '$1\n  ')}\n]`,
    'a Buffer of Node': (pan) => `<Buffer ${bytesOf(pan).toString('hex').match(/../g)?.join(' ')}>`,
    'bytes of Python': (pan) => `b'${pan}'`,
    'a literal of C, octal': (pan) =>
      codes(pan)
        .map((code) => `\\${code.toString(8)}`)
        .join(''),
    'an escape of CSS': (pan) =>
      codes(pan)
        .map((code) => `\\${code.toString(16)} `)
        .join(''),
    'bytea of PostgreSQL': (pan) => `\\x${bytesOf(pan).toString('hex')}`,
    'hex of MySQL': (pan) => `0x${bytesOf(pan).toString('hex').toUpperCase()}`,
    'hex with h': (pan) =>
      codes(pan)
        .map((code) => `${code.toString(16)}h`)
        .join(' '),
    'a string of Redis': (pan) => `$${pan.length}\\r\\n${pan}\\r\\n`,
  },
  'glued to letters': {
    'behind a word': (pan) => `card${pan}`,
    'behind PAN': (pan) => `PAN${pan}`,
    'between underscores': (pan) => `id_${pan}_v2`,
    'before a currency': (pan) => `${pan}EUR`,
    'a file': (pan) => `${pan}.pdf`,
    'a file with dashes': (pan) => `receipt-${pan}-2026.pdf`,
    'a key of Redis': (pan) => `card:${pan}:limits`,
    'an address of mail': (pan) => `${pan}@cards.example.test`,
    'a number sign': (pan) => `#${pan}`,
    'a plus': (pan) => `+${pan}`,
    'zeros before it': (pan) => pan.padStart(19, '0'),
    'a URN': (pan) => `urn:pan:${pan}`,
    'a star before it': (pan) => `*${pan}`,
  },
  dumps: {
    'hexdump without flags': (pan, chance) =>
      rows(
        message(pan, chance),
        (at) => at.toString(16).padStart(7, '0'),
        (row) => words(row, true, 16, 4),
      ),
    'od without flags': (pan, chance) => rows(message(pan, chance), octal7, (row) => words(row, true, 8, 6)),
    'od -x': (pan, chance) => rows(message(pan, chance), octal7, (row) => words(row, true, 16, 4)),
    'od -b': (pan, chance) =>
      rows(message(pan, chance), octal7, (row) => [...row].map((byte) => byte.toString(8).padStart(3, '0')).join(' ')),
    'od -t u1': (pan, chance) => rows(message(pan, chance), octal7, (row) => [...row].map((byte) => String(byte).padStart(3)).join(' ')),
    'od -t x1z': (pan, chance) =>
      rows(message(pan, chance), octal7, (row) => `${(row.toString('hex').match(/../g) ?? []).join(' ')}  >${row.toString('latin1')}<`),
    'od -c': (pan, chance) => rows(message(pan, chance), octal7, (row) => [...row.toString('latin1')].map((sign) => `  ${sign}`).join(' ')),
    'xxd -p': (pan, chance) =>
      (
        bytesOf(message(pan, chance))
          .toString('hex')
          .match(/.{1,60}/g) ?? []
      ).join('\n'),
    'xxd -b': (pan) =>
      (pan.match(/.{1,6}/g) ?? [])
        .map(
          (six, index) =>
            `${(index * 6).toString(16).padStart(8, '0')}: ${codes(six)
              .map((code) => code.toString(2).padStart(8, '0'))
              .join(' ')}  ${six}`,
        )
        .join('\n'),
    'xxd -e': (pan, chance) =>
      rows(
        message(pan, chance),
        (at) => `${at.toString(16).padStart(8, '0')}:`,
        (row) => {
          const words = (row.toString('hex').match(/.{1,8}/g) ?? []).map((word) =>
            (word.match(/../g) ?? []).reverse().join('').padStart(8),
          );
          return `${words.join(' ').padEnd(35)}  ${row.toString('latin1')}`;
        },
      ),
    'xxd of digits': (pan) =>
      rows(
        `${pan}`,
        (at) => `${at.toString(16).padStart(8, '0')}:`,
        (row) => `${row.toString('hex').replace(/.{4}(?=.)/g, '$& ')}  ${row.toString('latin1')}`,
      ),
    'hexdump -C of groups': (pan, chance) =>
      rows(
        `${'y'.repeat(chance(16))}${fours(pan).join('-')}`,
        (at) => at.toString(16).padStart(8, '0'),
        (row) => ` ${(row.toString('hex').match(/../g) ?? []).join(' ').padEnd(48)} |${row.toString('latin1')}|`,
      ),
    'gdb x/16xb': (pan) =>
      (pan.match(/.{1,8}/g) ?? [])
        .map(
          (eight, index) =>
            `0x7ffe${index}0:\t${codes(eight)
              .map((code) => `0x${code.toString(16)}`)
              .join('\t')}`,
        )
        .join('\n'),
    'gdb x/s': (pan) => `0x5581: "${pan}"`,
    'tshark column': (pan, chance) =>
      rows(
        message(pan, chance),
        (at) => at.toString(16).padStart(4, '0'),
        (row) => ` ${(row.toString('hex').match(/../g) ?? []).join(' ').padEnd(48)} ${row.toString('latin1')}`,
      ),
  },
  'encoded otherwise': {
    'quoted-printable': (pan) =>
      codes(pan)
        .map((code) => `=${code.toString(16)}`)
        .join(''),
    'quoted-printable over lines': (pan) => `card =${pan.slice(0, 7)}=\n${pan.slice(7)}`.replace('=', ''),
    base32: (pan) => base32(`{"pan":"${pan}"}`),
    'base64 of UTF-16': (pan) => Buffer.from(`card ${pan}`, 'utf16le').toString('base64'),
    'base64 of EBCDIC': (pan) => ebcdic(`pan=${pan}`).toString('base64'),
    'base64 without its end': (pan) => Buffer.from(`{"n":"${pan}"}`).toString('base64').replace(/=+$/, ''),
    'hex of UTF-16': (pan) => Buffer.from(pan, 'utf16le').toString('hex'),
    'claims of a token': (pan) => `eyJhbGciOiJub25lIn0.${Buffer.from(`{"sub":"${pan}"}`).toString('base64url')}.`,
    'percent, of all': (pan) =>
      codes(pan)
        .map((code) => `%${code.toString(16)}`)
        .join(''),
    'entities without an end': (pan) =>
      codes(pan)
        .map((code) => `&#${code}`)
        .join(' '),
    'braced escapes': (pan) =>
      codes(pan)
        .map((code) => `\\u{${code.toString(16)}}`)
        .join(''),
    'words of English': (pan) => `card ${[...pan].map((digit) => WORDS[Number(digit)]).join(' ')}`,
    'numerals of Chinese': (pan) => `卡号${[...pan].map((digit) => HAN[Number(digit)]).join('')}`,
    'digits in circles': (pan) => [...pan].map((digit) => '⓪①②③④⑤⑥⑦⑧⑨'[Number(digit)]).join(''),
    keycaps: (pan) => [...pan].map((digit) => `${digit}\ufe0f\u20e3`).join(''),
    'mathematical bold': (pan) => [...pan].map((digit) => String.fromCodePoint(0x1d7ce + Number(digit))).join(''),
    backspaces: (pan) => [...pan].map((digit) => `${digit}\b${digit}`).join(''),
    'a hyperlink of a terminal': (pan) => `\u001b]8;;http://x.test\u001b\\${pan.slice(0, 8)}\u001b]8;;\u001b\\${pan.slice(8)}`,
    'colours of 24 bits': (pan) =>
      fours(pan)
        .map((four) => `\u001b[38;2;1;2;3m${four}`)
        .join(''),
  },
};

/** The middle of what was written: while it is there the number is. */
export interface StrangeSample {
  readonly text: string;
  readonly gone: string;
  readonly pan: string;
}

const PLACES: readonly (readonly [before: string, after: string])[] = [
  ['', ''],
  ['2026-11-28 06:41:13 INFO pay: customer wrote: ', ' (end)'],
  ['{"note":1} ', ''],
  ['order 17 ', ' declined'],
];

export function strangeNumber(write: Write, chance: Chance, onlyCard = true): StrangeSample {
  let pan = cardNumber(chance);
  while (onlyCard && pan.length !== 16 && pan.length !== 15) pan = cardNumber(chance);
  const shown = write(pan, chance);
  const [before, after] = shown.includes('\n') ? ['', ''] : pick(chance, PLACES);
  const text = `Nov 28 06:41:12 gw paygw[811]: start\n${before}${shown}${after}\nNov 28 06:41:14 gw paygw[811]: session closed\n`;
  const middle = shown.includes(pan) ? pan.slice(5, -4) : shown.slice(Math.floor(shown.length * 0.35), Math.ceil(shown.length * 0.65));
  return { text, gone: middle, pan };
}

export interface StrangeCode {
  readonly text: string;
  /** While it is there the code is. */
  readonly gone: string;
}

const CODE_SAID: readonly ((code: string) => string)[] = [
  (code) => `cvv no: ${code}`,
  (code) => `CVV No. ${code}`,
  (code) => `csc value: ${code}`,
  (code) => `cvc number ${code}`,
  (code) => `CVV2 code: ${code}`,
  (code) => `security code is ${code}`,
  (code) => `the security code was ${code}.`,
  (code) => `security code - ${code}`,
  (code) => `Card Verification No: ${code}`,
  (code) => `card verification code ${code}`,
  (code) => `CVV (${code})`,
  (code) => `CVV2/${code}`,
  (code) => `cvv#${code}`,
  (code) => `cvv# ${code}`,
  (code) => `cvv-${code}`,
  (code) => `cvv_${code}`,
  (code) => `cvv:${code}`,
  (code) => `cvv → ${code}`,
  (code) => `cvv\t${code}`,
  (code) => `cvv;${code};`,
  (code) => `"cvv","${code}"`,
  (code) => `cvv,${code},EUR`,
  (code) => `C.V.V.: ${code}`,
  (code) => `c v v: ${code}`,
  (code) => `CVV - code: ${code}`,
  (code) => `cvv = \`${code}\``,
  (code) => `**CVV:** ${code}`,
  (code) => `*CVV*: ${code}`,
  (code) => `<b>CVV</b>: ${code}`,
  (code) => `<td>CVV</td><td>${code}</td>`,
  (code) => `<th>Security code</th>\n<td>${code}</td>`,
  (code) => `<field name="cvv">${code}</field>`,
  (code) => `<cvv type="x">${code}</cvv>`,
  (code) => `<ns2:cvv xmlns:ns2="urn:x">${code}</ns2:cvv>`,
  (code) => `[cvv]${code}[/cvv]`,
  (code) => `| CVV | ${code} |`,
  (code) => `cvv: "${code}"`,
  (code) => `cvv: |\n  ${code}`,
  (code) => `cvv:\n  ${code}`,
  (code) => `{"cvv":["${code}"]}`,
  (code) => `{"cvv":{"value":${code}}}`,
  (code) => `{"field":"cvv","val":"${code}"}`,
  (code) => `{"key":"cvv","value":${code}}`,
  (code) => `{"type":"CVV","data":"${code}"}`,
  (code) => `(cvv . ${code})`,
  (code) => `:cvv ${code}`,
  (code) => `cvv := "${code}"`,
  (code) => `cvv <- ${code}`,
  (code) => `setCvv("${code}")`,
  (code) => `setSecurityCode(${code})`,
  (code) => `cvv => '${code}'`,
  (code) => `WHERE cvv = ${code}`,
  (code) => `WHERE cvv IN ('${code}')`,
  (code) => `cvv LIKE '${code}'`,
  (code) => `SET @cvv='${code}'`,
  (code) => `export CARD_CVV=${code}`,
  (code) => `--cvv ${code}`,
  (code) => `-cvv=${code}`,
  (code) => `cvv%3D${code}`,
  (code) => `cvv%253D${code}`,
  (code) => `cvv&#61;${code}`,
  (code) => `cvv\\u003d${code}`,
  (code) => `cvv=${[...code].join(' ')}`,
  (code) => `CVV: ${[...code].join('-')}`,
  (code) => `cvv=${[...code].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('')}`,
  (code) => `cvv: ${[...code].map((digit) => String.fromCodePoint(0x660 + Number(digit))).join('')}`,
  (code) => `安全码是${code}`,
  (code) => `安全码为 ${code}`,
  (code) => `CVV码：${code}`,
  (code) => `卡背面三位数：${code}`,
  (code) => `code on the back of the card: ${code}`,
  (code) => `the 3 digits on the back are ${code}`,
  (code) => `3 digit code: ${code}`,
  (code) => `three-digit security code ${code}`,
  (code) => `Prüfnummer: ${code}`,
  (code) => `code de sécurité : ${code}`,
  (code) => `código de seguridad: ${code}`,
  (code) => `セキュリティコード: ${code}`,
  (code) => `cvv was entered as ${code}`,
  (code) => `cvv given: ${code}`,
  (code) => `invalid cvv: ${code}`,
  (code) => `invalid CVV '${code}'`,
  (code) => `cvv mismatch, got ${code}`,
  (code) => `wrong security code ${code}`,
];

const PIN_SAID: readonly ((code: string) => string)[] = [
  (code) => `pin is ${code}`,
  (code) => `PIN code ${code}`,
  (code) => `PIN no: ${code}`,
  (code) => `pin#: ${code}`,
  (code) => `p.i.n.: ${code}`,
  (code) => `密码为${code}`,
  (code) => `交易密码：${code}`,
  (code) => `PIN entered: ${code}`,
  (code) => `old pin ${code}`,
  (code) => `newPin=${code}`,
  (code) => `pin=${[...code].join(' ')}`,
  (code) => `wrong PIN ${code}`,
  (code) => `{"pin":["${code}"]}`,
  (code) => `{"field":"pin","val":"${code}"}`,
  (code) => `<td>PIN</td><td>${code}</td>`,
  (code) => `setPin("${code}")`,
  (code) => `PIN (${code})`,
];

export const STRANGE_CODES: Readonly<Record<string, (chance: Chance) => StrangeCode>> = Object.fromEntries([
  ...CODE_SAID.map((say) => [say('731'), (chance: Chance) => said(say, `${3 + chance(7)}${chance(10)}${chance(10)}`)] as const),
  ...PIN_SAID.map(
    (say) => [say('7316'), (chance: Chance) => said(say, `${3 + chance(7)}${chance(10)}${chance(10)}${chance(10)}`)] as const,
  ),
]);

function said(say: (code: string) => string, code: string): StrangeCode {
  const [one, other] = [say(code), say([...code].map((digit) => String(9 - Number(digit))).join(''))];
  // Where the two differ the code stands, however it is written.
  const at = [...one].findIndex((sign, index) => sign !== other[index]);
  let end = one.length;
  for (let back = 1; one.at(-back) === other.at(-back); back++) end = one.length - back;
  return { text: `06:41:13 INFO ${one}\n`, gone: one.slice(Math.max(0, at - 1), end) };
}
