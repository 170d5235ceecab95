/** Card numbers that no one was issued, and the ways in which systems write them. For tests and the bench. */

export type Chance = (below: number) => number;

export function chanceOf(seed: number): Chance {
  let state = seed || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const ISSUERS: readonly (readonly [prefix: string, lengths: readonly number[]])[] = [
  ['4', [16, 16, 16, 16, 13, 19]],
  ['51', [16]],
  ['53', [16]],
  ['55', [16]],
  ['2223', [16]],
  ['2690', [16]],
  ['34', [15]],
  ['37', [15]],
  ['302', [14]],
  ['36', [14]],
  ['38', [14]],
  ['6011', [16]],
  ['6445', [16]],
  ['65', [16]],
  ['3530', [16]],
  ['3589', [16]],
  ['62', [16, 17, 18, 19]],
  ['8171', [16]],
  ['2202', [16]],
  ['5018', [16, 19]],
  ['6759', [16, 19]],
  ['6304', [16, 19]],
  ['9704', [16, 19]],
  ['9792', [16]],
];

export function cardNumber(chance: Chance): string {
  const [prefix, lengths] = pick(chance, ISSUERS);
  const length = pick(chance, lengths);
  const body = prefix + Array.from({ length: length - prefix.length - 1 }, () => chance(10)).join('');
  return body + checkDigit(body);
}

function checkDigit(body: string): number {
  const sum = [...body].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

export function pick<T>(chance: Chance, items: readonly T[]): T {
  return items[chance(items.length)] as T;
}

function groups(pan: string): readonly string[] {
  const sizes = pan.length === 15 ? [4, 6, 5] : pan.length === 14 ? [4, 6, 4] : [4, 4, 4, 4, 4];
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0));
  return sizes.map((size, index) => pan.slice(starts[index], (starts[index] ?? 0) + size)).filter((group) => group !== '');
}

const joined = (separator: string) => (pan: string) => groups(pan).join(separator);
const each = (make: (digit: string) => string) => (pan: string) => [...pan].map(make).join('');
const shifted = (by: number) => each((digit) => String.fromCharCode(by + Number(digit)));
const ascii = (text: string) => Buffer.from(text, 'latin1');
const hex = (text: string) => ascii(text).toString('hex');
const byteLength = (digits: string) => (digits.length / 2).toString(16).padStart(2, '0').toUpperCase();
const filled = (digits: string) => (digits.length % 2 === 0 ? digits : `${digits}F`);

/** EBCDIC: digits are 0xF0 to 0xF9. */
export function ebcdic(text: string): Buffer {
  const letters = (code: number, from: number, base: number) => base + code - from;
  return Buffer.from(
    [...text].map((sign) => {
      const code = sign.charCodeAt(0);
      if (code >= 0x30 && code <= 0x39) return letters(code, 0x30, 0xf0);
      if (code >= 0x61 && code <= 0x69) return letters(code, 0x61, 0x81);
      if (code >= 0x6a && code <= 0x72) return letters(code, 0x6a, 0x91);
      if (code >= 0x73 && code <= 0x7a) return letters(code, 0x73, 0xa2);
      return sign === '=' ? 0x7e : 0x40;
    }),
  );
}

function hexDump(bytes: Buffer): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const pairs = [...row].map((byte) => byte.toString(16).padStart(2, '0'));
    const left = pairs.slice(0, 8).join(' ').padEnd(23);
    const right = pairs.slice(8).join(' ').padEnd(23);
    lines.push(`${at.toString(16).padStart(8, '0')}  ${left}  ${right}  |${row.toString('latin1').replace(/[^\x20-\x7e]/g, '.')}|`);
  }
  return lines.join('\n');
}

function xxd(bytes: Buffer): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const pairs = row
      .toString('hex')
      .replace(/.{4}(?=.)/g, '$& ')
      .padEnd(39);
    lines.push(`${at.toString(16).padStart(8, '0')}: ${pairs}  ${row.toString('latin1').replace(/[^\x20-\x7e]/g, '.')}`);
  }
  return lines.join('\n');
}

const track2Tail = (chance: Chance) =>
  `${26 + chance(10)}${pick(chance, ['01', '07', '12'])}${pick(chance, ['101', '201', '221'])}${String(chance(1e9)).padStart(9, '0')}`;
const track2 = (pan: string, chance: Chance) => `${pan}=${track2Tail(chance)}`;

/** Each: how the number is written. What stands around is the caller's. */
export const RENDERINGS: Readonly<Record<string, (pan: string, chance: Chance) => string>> = {
  bare: (pan) => pan,
  spaces: joined(' '),
  dashes: joined('-'),
  dots: joined('.'),
  underscores: joined('_'),
  plus: joined('+'),
  colons: joined(':'),
  slashes: joined('/'),
  tabs: joined('\t'),
  'spaced dashes': joined(' - '),
  'a space at every digit': (pan) => [...pan].join(' '),
  'percent 20': joined('%20'),
  'percent 2D': joined('%2D'),
  'percent-encoded digits': each((digit) => `%3${digit}`),
  'double percent': joined('%2520'),
  'no-break space': joined('\u00a0'),
  'no-break space, percent': joined('%C2%A0'),
  'zero-width': joined('\u200b'),
  'zero-width at every digit': (pan) => [...pan].join('\u200d'),
  'full width': shifted(0xff10),
  Arabic: shifted(0x0660),
  Persian: shifted(0x06f0),
  Devanagari: shifted(0x0966),
  'colour codes': (pan) => `${pan.slice(0, 6)}\u001b[1;31m${pan.slice(6, 10)}\u001b[0m${pan.slice(10)}`,
  'colour codes, escaped': (pan) => `${pan.slice(0, 6)}\\u001b[31m${pan.slice(6, 10)}\\u001b[0m${pan.slice(10)}`,
  'JSON in a string': (pan) => JSON.stringify(JSON.stringify({ pan })).slice(1, -1),
  'JSON in a string in a string': (pan) => JSON.stringify(JSON.stringify(JSON.stringify({ cardNo: pan }))),
  'JSON number': (pan) => `{"amount":12.5,"n":${pan},"ok":true}`,
  'track 1': (pan, chance) => `%B${pan}^DOE/JOHN^${track2Tail(chance)}?`,
  'track 2': (pan, chance) => `;${track2(pan, chance)}?`,
  'track 2, packed': (pan, chance) => filled(track2(pan, chance).replace('=', 'D')),
  'EMV 5A': (pan) => `9F0206000000001000${`5A${byteLength(filled(pan))}${filled(pan)}`}5F24032612315F340101`,
  'EMV 57': (pan, chance) => {
    const track = filled(`${pan}D${track2Tail(chance)}`);
    return `8202398057${byteLength(track)}${track}9F360200A1`;
  },
  'EMV 5A, lower case with spaces': (pan) =>
    `5a ${byteLength(filled(pan)).toLowerCase()} ${filled(pan).toLowerCase().match(/../g)?.join(' ')} 5f 34 01 00`,
  'ISO 8583 in characters': (pan) => `0200723A800128A08000${pan.length}${pan}000000000000100011221530000001`,
  'ISO 8583, two bitmaps': (pan) => `0200F23A800128A080000000000000000020${pan.length}${pan}000000000000100011221530000001`,
  'ISO 8583, packed': (pan) => `0200723A800128A08000${pan.length}${pan.length % 2 === 0 ? pan : `0${pan}`}000000000000100011221530000001`,
  'ISO 8583, its bytes as hex': (pan) => hex(`0200723A800128A08000${pan.length}${pan}000000000000100011221530000001`).toUpperCase(),
  'packed digits': (pan) => filled(pan),
  'packed digits, spaced': (pan) => filled(pan).match(/../g)?.join(' ') ?? '',
  'packed, half a byte on': (pan) => (pan.length % 2 === 0 ? `0${pan}F` : `0${pan}`),
  'hex of characters': (pan) => hex(pan),
  'hex of characters, spaced': (pan) => hex(pan).match(/../g)?.join(' ') ?? '',
  'hex of characters, colons': (pan) => hex(pan).match(/../g)?.join(':') ?? '',
  'hex of a message': (pan) => hex(`pan=${pan}&amount=1000`),
  'hex with 0x': (pan) =>
    hex(pan)
      .match(/../g)
      ?.map((pair) => `0x${pair}`)
      .join(', ') ?? '',
  'hex with \\x': (pan) => each((digit) => `\\x3${digit}`)(pan),
  hexdump: (pan, chance) => hexDump(ascii(`${'x'.repeat(chance(16))}card=${pan}&amount=1000&currency=978`)),
  'hexdump of spaces': (pan, chance) => hexDump(ascii(`${'x'.repeat(chance(16))}card=${groups(pan).join(' ')};`)),
  xxd: (pan, chance) => xxd(ascii(`${'x'.repeat(chance(16))}card=${pan}&amount=1000&currency=978`)),
  'EBCDIC in hex': (pan) => ebcdic(pan).toString('hex').toUpperCase(),
  'EBCDIC in hex, spaced': (pan) => ebcdic(pan).toString('hex').match(/../g)?.join(' ') ?? '',
  'EBCDIC message in hex': (pan) => ebcdic(`pan=${pan} amount=1000`).toString('hex'),
  'EBCDIC in a dump': (pan) => hexDump(ebcdic(`pan=${pan} amount=1000`)),
  'EBCDIC in base64': (pan) => ebcdic(`pan=${pan} amount=1000`).toString('base64'),
  base64: (pan) => ascii(pan).toString('base64'),
  'base64 of a message': (pan, chance) => ascii(`${'{"a":1,"b":2}'.slice(0, chance(13))}{"pan":"${pan}","exp":"1227"}`).toString('base64'),
  'base64url of a message': (pan) => ascii(`{"card":"${pan}"}`).toString('base64url'),
  'base64 of spaces': (pan) => ascii(`card ${groups(pan).join(' ')} paid`).toString('base64'),
  'base64 in lines': (pan) =>
    ascii(`${'line of a report. '.repeat(4)}pan=${pan} and more of the report, to fill lines`)
      .toString('base64')
      .replace(/.{64}/g, '$&\n'),
  'base64 of base64': (pan) => ascii(ascii(`{"pan":"${pan}"}`).toString('base64')).toString('base64'),
  'wrapped line': (pan, chance) => {
    const at = 4 + chance(pan.length - 7);
    return `${pan.slice(0, at)}\n${pan.slice(at)}`;
  },
  'wrapped and indented': (pan, chance) => {
    const at = 4 + chance(pan.length - 7);
    return `${pan.slice(0, at)}\r\n    ${pan.slice(at)}`;
  },
  'HTML entities': each((digit) => `&#${48 + Number(digit)};`),
  'HTML entities in hex': each((digit) => `&#x3${digit};`),
  'HTML spaces': joined('&nbsp;'),
  'escaped characters': each((digit) => `\\u003${digit}`),
  'escaped spaces': joined('\\u00a0'),
  XML: (pan) => `<Payment><CardNumber>${pan}</CardNumber></Payment>`,
  'XML attribute': (pan) => `<card number="${pan}" exp="1227"/>`,
  CSV: (pan) => `2026-11-28,TERM0001,${pan},12.50,EUR,00`,
  'CSV, quoted': (pan) => `"TERM0001";"${pan}";"12.50"`,
  'key and value': (pan) => `pan=${pan}&amount=1000`,
  YAML: (pan) => `card_number: ${pan}`,
  'Java object': (pan) => `Payment{card=${pan}, amount=1000}`,
  path: (pan) => `/v1/cards/${pan}/charges?x=1`,
};

/** Lines with a place for it. */
const CARRIERS: readonly (readonly [before: string, after: string])[] = [
  ['2026-11-28 06:41:13,123 INFO  [exec-7] c.e.pay.PayService - charge for ', ' accepted'],
  ['Nov 28 06:41:13 gw-1 paygw[811]: request body ', ' from 10.20.4.7'],
  ['{"time":"2026-11-28T06:41:13.221Z","level":"info","ms":17} ', ''],
  ['081109 203615 148 INFO dfs.DataNode$PacketResponder: ', ' terminating'],
  ['ERROR invalid value "', '"'],
  ['10.0.0.1 - - [28/Nov/2026:06:41:13 +0000] "POST /pay HTTP/1.1" 200 512 ', ''],
  ['', ''],
  ['data: ', ''],
];

export interface Sample {
  readonly text: string;
  /** The middle of the rendering: while it is there the number is. */
  readonly middle: string;
  readonly pan: string;
}

export function sample(rendering: string, chance: Chance): Sample {
  const pan = cardNumber(chance);
  const text = RENDERINGS[rendering]?.(pan, chance) ?? '';
  const [before, after] = pick(chance, CARRIERS);
  const line = `${before}${text}${after}\nNov 28 06:41:14 gw-1 paygw[811]: session closed\n`;
  return {
    text: line,
    middle: text.includes(pan) ? pan.slice(4, -2) : text.slice(Math.floor(text.length * 0.3), Math.ceil(text.length * 0.7)),
    pan,
  };
}
