import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAY_BE_FORMULA, noRest, readMinor, readRest, readSeconds } from '../../src/adapters/row-sieve-cells.ts';
import { hashText } from '../../src/adapters/row-sieve-hash.ts';
import { hasBit } from '../../src/adapters/row-sieve-marks.ts';
import { NO_BUCKET } from '../../src/adapters/row-sieve-rows.ts';
import { NotSievable, specialBytes } from '../../src/adapters/row-sieve-split.ts';
import { createVocabulary, meaningOf, type Vocabulary, wordsOf } from '../../src/adapters/row-sieve-words.ts';
import { isFormula } from '../../src/payments/reconcile/formula.ts';
import { findSuspects, scan } from './row-sieve-scanned.ts';

/** Without the first rows, which always go on: they stand before, under numbers of their own. */
const SAMPLE = Array.from({ length: 1000 }, (_, at) => line(`S${at}`)).join('');

function line(
  order: string,
  { ref = 'R', kind = 'payment', amount = '10.00', currency = 'CNY', status = 'paid', time = '2026-11-27T10:00:00Z', fee = '0.06' } = {},
): string {
  return `${order},${ref}${order},${kind},${amount},${currency},${status},${time},${fee}\n`;
}

function suspectsThere(here: string, there: string): readonly boolean[] {
  const [ours, theirs] = [scan(SAMPLE + here), scan(SAMPLE + there)];
  const bits = findSuspects(ours, theirs);
  return theirs.buckets.slice(1000).map((bucket) => bucket === NO_BUCKET || hasBit(bits, bucket));
}

function suspects(here: string, there: string): readonly boolean[] {
  const [ours, theirs] = [scan(SAMPLE + here), scan(SAMPLE + there)];
  const bits = findSuspects(ours, theirs);
  return ours.buckets.slice(1000).map((bucket) => bucket === NO_BUCKET || hasBit(bits, bucket));
}

const isSuspect = (here: string, there: string): boolean => suspects(here, there).some(Boolean);

describe('the sieve of rows', () => {
  const unlike: readonly (readonly [what: string, here: string, there: string])[] = [
    ['an amount', line('A1'), line('A1', { amount: '10.01' })],
    ['a currency', line('A1'), line('A1', { currency: 'JPY', amount: '1000' })],
    ['a state', line('A1'), line('A1', { status: 'unpaid' })],
    ['two rows of one order that was not paid', line('A1', { status: 'unpaid' }) + line('A1', { status: 'failed' }), ''],
    ['a payment that was given back on one side', line('A1'), line('A1', { status: 'refunded' })],
    ['a fee', line('A1'), line('A1', { fee: '0.07' })],
    ['an order that is not there', line('A1'), ''],
    ['a charge more', line('A1'), line('A1') + line('A1', { ref: 'Q' })],
    ['a row that stands twice on both sides', line('A1') + line('A1'), line('A1') + line('A1')],
    ['two payments on both sides', line('A1') + line('A1', { ref: 'Q', amount: '3' }), line('A1') + line('A1', { ref: 'Q', amount: '3' })],
    ['refunds, alike as they are', line('A1') + line('A1', { kind: 'refund' }), line('A1') + line('A1', { kind: 'refund' })],
    ['a word that nobody knows', line('A1', { status: 'blurred' }), line('A1', { status: 'blurred' })],
    ['an amount finer than its currency', line('A1', { amount: '1.005' }), line('A1', { amount: '1.005' })],
    ['a payment below nothing', line('A1', { amount: '-1.00' }), line('A1', { amount: '-1.00' })],
    ['a time that is none', line('A1', { time: '2026-02-29 10:00:00' }), line('A1', { time: '2026-02-29 10:00:00' })],
    ['a formula', line('=1'), line('=1')],
    ['a formula in a wide sign', line('＝1'), line('＝1')],
    ['a formula behind a blank and a tab, in quotes', line('A1').replace('A1,', '" \t+7",'), line('A1').replace('A1,', '" \t+7",')],
    ['a reference in a wide sign', line('A1').replace('RA1', '－A1'), line('A1').replace('RA1', '－A1')],
    ['no order number', line(''), line('')],
  ];
  it.each(unlike)('lets %s through', (_what, here, there) => {
    expect(isSuspect(here, there)).toBe(true);
  });

  it('lets through what only the statement lists', () => {
    const end = line('Z', { time: '2026-11-28T00:00:00Z' });
    expect(suspectsThere(line('B11') + end, line('A1') + line('B11') + end).slice(0, 2)).toEqual([true, false]);
  });

  const alike: readonly (readonly [what: string, here: string, there: string])[] = [
    ['one and the same', line('A1'), line('A1')],
    ['what was not paid and is not there', line('A1', { status: 'unpaid' }), ''],
    ['what failed on both sides', line('A1', { status: 'unpaid' }), line('A1', { status: 'failed', amount: '7.00' })],
    ['an amount in other digits', line('A1'), line('A1', { amount: '10' })],
    ['words of one meaning', line('A1'), line('A1', { status: 'SUCCESS' })],
    ['quotes and blanks', line('A1'), line('A1').replace('A1,', '" A1 ",').replace('payment', '"payment"')],
    ['a tab behind the number', line('A1'), line('A1').replace('A1,', 'A1\t,')],
    ['wide blanks around it', line('A1'), line('A1').replace('A1,', '\u3000\u3000A1\u3000,')],
    ['a line end within the quotes', line('A1'), line('A1').replace('payment', '"\tpayment\r\n"')],
    ['another time', line('A1'), line('A1', { time: '2026-11-27 18:00:03+08:00' })],
    ['lines that end in another way', line('A1'), line('A1').replace('\n', '\r\n')],
    ['a quote in the number', line('A1').replace('A1,', '"A""1",'), line('A1').replace('A1,', '"A""1",')],
  ];
  it.each(alike)('leaves out %s', (_what, here, there) => {
    // The last payment goes on: it tells the time that is covered.
    const end = line('Z', { time: '2026-11-28T00:00:00Z' });
    expect(suspects(here + end, there + end)[0]).toBe(false);
  });

  it('does not compare fees that one side never names', () => {
    const end = line('Z', { time: '2026-11-28T00:00:00Z', fee: '' });
    const bare = (text: string): string => text.replaceAll(',0.06\n', ',\n');
    const [ours, theirs] = [scan(bare(SAMPLE + line('A1') + end)), scan(SAMPLE + line('A1') + end)];
    const bits = findSuspects(ours, theirs);
    expect(hasBit(bits, ours.buckets[1000] as number)).toBe(false);
  });

  it('lets an order through whose transaction stands under another number', () => {
    const end = line('Z', { time: '2026-11-28T00:00:00Z' });
    const [first] = suspects(line('A1') + end, line('A1') + line('B7').replace('RB7', 'RA1') + end);
    expect(first).toBe(true);
  });

  it.each(['00.1234567', '00+08', '00.1234567+08:00', '00+25:00'])('reads a zone as it is behind a time that ends in %s', (odd) => {
    const first = line('A1', { time: '2026-11-27T08:00:00+08:00' });
    const next = line('A3', { time: '2026-11-27T10:30:00+08:00' });
    const last = line('A4', { time: '2026-11-27T05:00:00Z' });
    const { files, buckets } = scan(line('S', { time: '' }) + first + line('A2', { time: `2026-11-27T10:00:${odd}` }) + next + last);
    expect(files[0]?.ends).toEqual([buckets[1], buckets[4]]);
  });

  it('knows which zone is ahead of which', () => {
    const times = ['2026-11-27T10:00:00-03:30', '2026-11-27T12:00:00Z', '2026-11-27T10:00:00+08:00', '2026-11-27T02:30:00Z'];
    const { files, buckets } = scan(line('S', { time: '' }) + times.map((time, at) => line(`A${at}`, { time })).join(''));
    expect(files[0]?.ends).toEqual([buckets[3], buckets[1]]);
  });

  it('takes no fraction for a zone that was read before', () => {
    const zoned = line('A1', { time: '2026-11-27T08:00:00.250+08:00' });
    const short = line('A2', { time: '2026-11-27T09:00:00.250+0' });
    const { files, buckets } = scan(line('S', { time: '' }) + zoned + short);
    expect(files[0]?.ends).toEqual([buckets[1], buckets[1]]);
  });

  it('reads the same whatever the pieces, and every byte belongs to a row', () => {
    const text = `${line('A1')}"A,2","x\ny",payment,1.00,CNY,paid,,\r\n${line('A3')}"A""4",,refund,2,CNY,paid,2026-11-27 10:00:00,\nA5,,payment,7,JPY,unpaid,,`;
    const whole = scan(text);
    expect(whole.lengths.reduce((sum, length) => sum + length, 0)).toBe(Buffer.byteLength(text));
    expect(whole.lengths).toHaveLength(5);
    for (let size = 1; size < 80; size += size < 8 ? 1 : 7) {
      const { marks, lengths } = scan(text, size);
      expect(lengths).toEqual(whole.lengths);
      expect(marks).toEqual(whole.marks);
    }
  });

  it.each([
    ['a short row', 'A1,R1\n'],
    ['a long row', `${line('A1').trimEnd()},x\n`],
    ['a quote within a cell', line('A"1')],
    ['an open quote', `"${line('A1')}`],
    ['a line end of its own kind', line('A1').replace('\n', '\r') + line('A2')],
  ])('leaves %s to the database', (_what, text) => {
    expect(() => scan(text)).toThrow(NotSievable);
  });

  it('finds each order that was changed, whatever else shares its bucket', () => {
    const changes = [{ amount: '10.02' }, { status: 'unpaid' }, { fee: '9.00' }, { currency: 'JPY', amount: '10' }] as const;
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 20_000 }), { minLength: 1, maxLength: 40 }), fc.nat(3), (changed, how) => {
        const orders = Array.from({ length: 20_001 }, (_, at) => `OD${at}`);
        const here = orders.map((order) => line(order)).join('');
        const there = orders.map((order, at) => line(order, changed.includes(at) ? changes[how] : {})).join('');
        const found = suspects(here, there);
        expect(changed.filter((at) => !found[at])).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });
});

describe('numbers of texts', () => {
  it.each([
    ['OD', ''],
    ['4200', 'a'],
    ['2026112714', '-01'],
  ])('tells apart what is counted between %j and %j', (before, after) => {
    const [first, second, bits] = [new Set<number>(), new Set<number>(), new Set<number>()];
    const hash = { first: 0, second: 0 };
    const texts = 300_000;
    for (let at = 0; at < texts; at++) {
      const bytes = padded(`${before}${String(at).padStart(9, '0')}${after}`);
      hashText(hash, viewOf(bytes), 0, bytes.length - SLACK);
      first.add(hash.first);
      second.add(hash.second);
      bits.add(hash.second >>> 6);
    }
    // By chance 10 of 300 000 would share 32 bits with another, and 670 share 26 bits.
    expect(texts - first.size).toBeLessThan(400);
    expect(texts - second.size).toBeLessThan(400);
    expect(texts - bits.size).toBeLessThan(2000);
  });
});

describe('cells as bytes', () => {
  const at = <T>(read: (bytes: Uint8Array, from: number, to: number) => T, text: string): T =>
    read(Buffer.from(`x${text}x`), 1, text.length + 1);

  it('reads plain amounts exactly, and nothing else', () => {
    const minor = (text: string, exponent: number): number => at((bytes, from, to) => readMinor(bytes, from, to, exponent), text);
    expect([minor('19.99', 2), minor('7', 2), minor('1.500', 2), minor('0.001', 3), minor('120', 0), minor('120.0', 0)]).toEqual([
      1999, 700, 150, 1, 120, 120,
    ]);
    for (const text of ['', '.5', '5.', '-1', '1,000', '1.005', '1e3', '123456789012', '１']) expect(minor(text, 2)).toBe(-1);
  });

  it('reads the same time as Date does', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2199-12-31T23:59:59Z'), noInvalidDate: true }),
        fc.integer({ min: -840, max: 840 }),
        (date, minutes) => {
          const ms = Math.floor(date.getTime() / 1000) * 1000;
          const shown = new Date(ms).toISOString().slice(0, 19);
          const zone = `${minutes < 0 ? '-' : '+'}${String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0')}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`;
          const timed = `${shown.replace('T', ' ')}.250${zone}`;
          expect(at(readSeconds, shown)).toBe(ms / 1000);
          expect(at(readSeconds, timed)).toBe(ms / 1000);
          expect(restOf(timed.slice(19))).toEqual({ micros: 250_000, offset: minutes * 60, zoned: true });
        },
      ),
    );
    for (const text of ['yesterday, about noon', '2026-13-01T00:00:00', '2026-02-29T00:00:00', '2026-01-01T24:00:00'])
      expect(at(readSeconds, text)).toBeNaN();
    expect(['', 'Z', '.5', '.000001Z'].map(restOf)).toEqual([
      { micros: 0, offset: 0, zoned: false },
      { micros: 0, offset: 0, zoned: true },
      { micros: 500_000, offset: 0, zoned: false },
      { micros: 1, offset: 0, zoned: true },
    ]);
    for (const text of ['+0800', '.', '.1234567', 'z', '+08:00 ', '+24:00', '5']) expect(restOf(text)).toBeUndefined();
  });

  it('leaves each cell to the database that begins like a formula behind any blank', () => {
    const blanks = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((char) => /\s/.test(char));
    expect(blanks.length).toBeGreaterThan(20);
    for (const start of [...blanks, '', '\ufeff\u00a0\t'].flatMap((blank) =>
      ['=', '+', '@', '-x', '＝', '＋', '＠', '－x'].map((sign) => blank + sign),
    ))
      expect([start, isFormula(start), MAY_BE_FORMULA[Buffer.from(start)[0] as number]]).toEqual([start, true, 1]);
  });

  it('knows words by their meaning, and keeps those that nobody explained', () => {
    const words = createVocabulary({ paid: 0, '': 3 }, specialBytes(44), () => undefined);
    expect(['paid', 'PAID', 'Paid', '', 'odd', 'odd'].map((word) => meaning(words, word))).toEqual([0, 0, 0, 3, -1, -1]);
    expect(wordsOf(words)).toEqual(['paid', '', 'odd']);
  });

  it('tells of each spelling that is a cell without quotes, once', () => {
    const told: [string, number][] = [];
    const words = createVocabulary({ paid: 0, 'a,b': 1, 'a""b': 2, 'a\nb': 3 }, specialBytes(44), (text, of) =>
      told.push([String(text), of]),
    );
    expect(['paid', 'Paid', 'paid', 'odd', 'a,b', 'a""b', 'a\nb'].map((word) => meaning(words, word))).toEqual([0, 0, 0, -1, 1, 2, 3]);
    expect(told).toEqual([
      ['paid', 0],
      ['Paid', 0],
      ['odd', -1],
    ]);
  });

  it('looks no further at a word that is as long as a row', () => {
    const words = createVocabulary({ paid: 0 }, specialBytes(44), () => undefined);
    const long = `x${' '.repeat(60_000)}x`;
    expect([meaning(words, long), wordsOf(words)]).toEqual([-1, []]);
  });
});

/** Cells are read four bytes at a time. */
const SLACK = 64;

function padded(text: string): Buffer {
  return Buffer.concat([Buffer.from(text), Buffer.alloc(SLACK)]);
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function meaning(words: Vocabulary, word: string): number {
  const bytes = padded(word);
  return meaningOf(words, bytes, viewOf(bytes), 0, Buffer.byteLength(word));
}

function restOf(text: string): unknown {
  const rest = noRest();
  const bytes = padded(text);
  return readRest(rest, bytes, 0, text.length) ? rest : undefined;
}
