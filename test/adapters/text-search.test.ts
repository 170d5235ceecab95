import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/adapters/command.ts';
import { findBytes } from '../../src/adapters/local-bytes.ts';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import { searchBytes } from '../../src/adapters/text-search.ts';
import type { SearchRequest } from '../../src/ports.ts';
import { searchPlainly } from '../checks/plain-search.ts';
import { patternSource } from './pattern-arbitrary.ts';
import { findProcesses } from './processes.ts';

const host = createLocalHost();
const folder = mkdtempSync(join(tmpdir(), 'oor-search-'));
const file = join(folder, 'app.log');
afterAll(() => rmSync(folder, { recursive: true }));

const MIB = 1024 * 1024;

async function search(content: string | Buffer, request: SearchRequest) {
  writeFileSync(file, content);
  return host.searchFile(file, request);
}

describe('lines', () => {
  it.each([
    ['an empty file', '', 0, []],
    ['no newline at the end', 'a refused\nb\nc refused', 3, [0, 12]],
    ['empty lines', '\n\nrefused\n\n', 4, [2]],
    ['CRLF', 'x\r\nrefused\r\n', 2, [3]],
    ['only a newline', '\n', 1, []],
  ])('%s', async (_name, content, lines, offsets) => {
    const found = await search(content, { patterns: { refused: 'refused$' } });
    expect(found).toMatchObject({ lines, matches: offsets.length, byPattern: { refused: offsets.length }, complete: true });
    expect(found.kept.map(({ offset }) => offset)).toEqual(offsets);
  });

  it('belong to the range that they begin in', async () => {
    const content = 'one x\ntwo x\nthree x\nfour x';
    for (let offset = 0; offset <= content.length + 1; offset += 1) {
      for (let end = offset; end <= content.length + 1; end += 1) {
        const request = { patterns: { x: 'x' }, offset, end };
        const { bytesRead: _some, ...expected } = searchPlainly(Buffer.from(content), request);
        expect(await search(content, request), `${offset}-${end}`).toMatchObject(expected);
      }
    }
  });

  it('are kept cut, never inside a character, and only the newest', async () => {
    const found = await search('错误 1\n错误 2\n错误 3\n', { patterns: { any: '错误' }, maxKept: 2, maxLineBytes: 4 });
    expect(found).toMatchObject({ matches: 3, kept: [{ text: '错' }, { text: '错' }] });
    expect(found.kept.map(({ offset }) => offset)).toEqual([9, 18]);
    expect(await search('错误\n', { patterns: { any: '错误' }, maxKept: 0 })).toMatchObject({ matches: 1, kept: [] });
  });

  it('are listed evenly spread where there are many, and the newest five', async () => {
    const content = Array.from({ length: 100 }, (_, index) => `refused ${index}\n`).join('');
    const listed = async (asked: object): Promise<string[]> =>
      (await search(content, { patterns: { any: 'refused' }, ...asked })).kept.map(({ text }) => text.slice(8));
    expect(await listed({ maxListed: 10 })).toEqual([
      '0',
      '10',
      '20',
      '30',
      '40',
      '50',
      '60',
      '70',
      '80',
      '90',
      '95',
      '96',
      '97',
      '98',
      '99',
    ]);
    expect(await listed({ maxKept: 30, maxListed: 10 })).toEqual([
      '70',
      '73',
      '76',
      '79',
      '82',
      '85',
      '88',
      '91',
      '94',
      '95',
      '96',
      '97',
      '98',
      '99',
    ]);
    expect(await listed({ maxListed: 100 })).toHaveLength(100);
    expect(await search(content, { patterns: { any: 'refused' }, maxListed: 10 })).toMatchObject({ matches: 100, lines: 100 });
  });

  it('count once a pattern, and not when excluded', async () => {
    const request = { patterns: { error: '(?i)error', refused: 'refused' }, exclude: 'health' };
    expect(await search('ERROR refused\nerror error\nerror health\nfine\n', request)).toMatchObject({
      lines: 4,
      matches: 2,
      byPattern: { error: 2, refused: 1 },
      kept: [{ patterns: ['error', 'refused'] }, { patterns: ['error'] }],
    });
  });
});

it('reads the range and nothing else', async () => {
  const line = `${'x'.repeat(99)}\n`;
  writeFileSync(file, line.repeat(100_000));
  const { bytesRead, lines } = await host.searchFile(file, { patterns: { y: 'y' }, offset: 5_000_050, end: 5_100_000 });
  expect(lines).toBe(999);
  expect(bytesRead).toBeLessThan(100_000 + 64 * 1024);
  expect((await host.searchFile(file, { patterns: { y: 'y' }, offset: 5_000_000, end: 5_100_000 })).bytesRead).toBe(100_001);
});

it('finds what lies on the borders of its blocks', async () => {
  const cell = fc.constantFrom('refused', 'é', '支付失败', '\u{1f4a5}', '\r\n', '\n', 'x'.repeat(60_000), 'y'.repeat(300_000), '\xff');
  await fc.assert(
    fc.asyncProperty(fc.array(cell, { maxLength: 60 }), fc.nat(2 * MIB), fc.option(fc.nat(4 * MIB)), async (cells, offset, end) => {
      const content = Buffer.concat(cells.map((text) => Buffer.from(text, text === '\xff' ? 'latin1' : 'utf8')));
      const request = { patterns: { refused: 'refused', failed: '失败.$', empty: '^$' }, offset, ...(end !== null && { end }) };
      const { bytesRead: _some, ...expected } = searchPlainly(content, request);
      expect(await search(content, request)).toMatchObject(expected);
    }),
    { numRuns: 30 },
  );
});

describe('a search is what its patterns say of each line', () => {
  const valid = patternSource.filter(isValid);
  const piece = fc.constantFrom('abs', 'ABS', 'aBk', 'skA', 'a b', '支é', '支支', 'ſ', '\u212a', 'É', '0', ' ', '\xff', '\r', '.-');
  const line = fc
    .array(piece, { maxLength: 8 })
    .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part, part === '\xff' ? 'latin1' : 'utf8'))));
  const request = fc.record(
    {
      patterns: fc.dictionary(fc.constantFrom('p', 'q', 'r', 's'), valid, { minKeys: 1 }),
      exclude: valid,
      maxKept: fc.constantFrom(0, 3, 100),
    },
    { requiredKeys: ['patterns'] },
  );

  it('of few', async () => {
    let matches = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 10, maxLength: 40 }), request, async (lines, asked) => {
        const content = Buffer.concat(lines.flatMap((one) => [one, Buffer.from('\n')]));
        const { bytesRead: _some, ...expected } = searchPlainly(content, asked);
        const { bytesRead: _read, ...found } = await search(content, asked);
        expect(found).toEqual(expected);
        matches += found.matches;
      }),
      { numRuns: 300 },
    );
    expect(matches).toBeGreaterThan(500);
  });

  it('of plain words, whose places are all that is looked at', async () => {
    const words = fc.constantFrom('abs', '(?i)skA', 'a b', 'ABS|aBk', '(?i)abs');
    const asked = fc.record(
      { patterns: fc.dictionary(fc.constantFrom('p', 'q'), words, { minKeys: 1 }), exclude: words, maxLineBytes: fc.constantFrom(3, 100) },
      { requiredKeys: ['patterns'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 10, maxLength: 40 }), asked, async (lines, one) => {
        const content = Buffer.concat(lines.flatMap((each) => [each, Buffer.from('\n')]));
        const { bytesRead: _some, ...expected } = searchPlainly(content, one);
        expect(await search(content, one)).toMatchObject(expected);
      }),
      { numRuns: 200 },
    );
    const long = `${'x'.repeat(70_000)} abs\nabs\r\n${'x'.repeat(64 * 1024 - 3)}abs\n`;
    expect(await search(long, { patterns: { p: 'abs' } })).toMatchObject({ matches: 2, kept: [{ text: 'abs' }, {}] });
  });

  // Long enough for a sample of it to be taken, and for the borders of what is scanned at a time to fall anywhere.
  it('of many', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 20, maxLength: 40 }),
        fc.array(valid, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 200, max: 1200 }),
        async (lines, sources, shift) => {
          const part = Buffer.concat(lines.flatMap((one) => [one, Buffer.from('\n')]));
          const filler = Buffer.from(`${'x'.repeat(shift)} nothing here\n`.repeat(Math.ceil(700_000 / (shift + 14))));
          const content = Buffer.concat([part, filler, part, filler.subarray(0, 40_000), part]);
          const asked = { patterns: Object.fromEntries(sources.map((source, index) => [`p${index}`, source])), maxKept: 50 };
          const { bytesRead: _some, ...expected } = searchPlainly(content, asked);
          expect(await search(content, asked)).toMatchObject(expected);
        },
      ),
      { numRuns: 10 },
    );
  });

  it('of rare letters that fold to others', async () => {
    for (const shift of [0, 1, 15, 16, 40_000]) {
      for (const word of ['paſsword', 'to\u212aen gone']) {
        const content = `${'x'.repeat(shift)} ${word}\nPASSWORD TOKEN GONE\n`;
        const { byPattern } = await search(content, { patterns: { s: '(?i)password', k: '(?i)token gone' } });
        expect(byPattern, `${shift} ${word}`).toEqual(word === 'paſsword' ? { s: 2, k: 1 } : { s: 1, k: 2 });
      }
    }
  });

  it('of long words whose rare part lies in their middle', async () => {
    const common = 'connection connect_to database data_base was refused refusal\n'.repeat(20_000);
    const hits = ['connection QXZJW_ refused', 'data_bXQJZV base'].map((hit) => `the ${hit} at ${hit}\n`);
    const content = common + hits[0] + common.slice(0, 70_000) + hits[1] + hits[0];
    const found = await search(content, { patterns: { one: 'connection QXZJW_ refused', two: '(?i)DATA_BxqjzV BASE' } });
    expect(found).toMatchObject({ matches: 3, byPattern: { one: 2, two: 1 } });
  });

  it('of patterns with and without words, on lines that end anywhere', async () => {
    const content = Array.from({ length: 300 }, (_, index) => `${'x'.repeat(900 + (index % 7))} refused now\n`).join('');
    expect(await search(content, { patterns: { any: '[a-z]', refused: 'refused now' } })).toMatchObject({
      byPattern: { any: 300, refused: 300 },
    });
  });

  function isValid(source: string): boolean {
    try {
      return RE2JS.compile(source) !== undefined;
    } catch {
      return false;
    }
  }
});

describe('a file that is no ordinary log', () => {
  it('a pipe is refused, not waited for', async () => {
    const fifo = join(folder, 'fifo');
    await runCommand(['mkfifo', fifo]);
    await expect(host.searchFile(fifo, { patterns: { a: 'a' } })).rejects.toMatchObject({ reason: 'io' });
    await expect(host.searchFile(join(folder, 'nothing'), { patterns: { a: 'a' } })).rejects.toMatchObject({ reason: 'not-found' });
  });

  // A way through /proc could lead anywhere, so a child takes it.
  it('one on a mount that may hang is read by a child, and found the same', async () => {
    const content = Buffer.from(
      Array.from({ length: 60_000 }, (_, index) => `line ${index} ${index % 97 === 0 ? 'refused' : 'fine'}\n`).join(''),
    );
    for (const range of [
      {},
      { offset: 777_777 },
      { offset: 100, end: 500_000 },
      { offset: 600_000, end: 600_001 },
      { offset: 9_000_000 },
    ]) {
      const request = { patterns: { refused: 'refused' }, maxKept: 5, ...range };
      const { bytesRead: _some, ...here } = await search(content, request);
      expect(await host.searchFile(`/proc/self/root${file}`, request)).toMatchObject(here);
    }
    await expect(host.searchFile('/proc/self/root/nowhere', { patterns: {} })).rejects.toMatchObject({ reason: 'not-found' });
    await expect(host.searchFile(`/proc/self/root${folder}`, { patterns: {} })).rejects.toMatchObject({ reason: 'io' });
    expect(findProcesses(file)).toEqual([]);
  });

  it('one of junk', async () => {
    const junk = randomBytes(3 * MIB);
    const request = { patterns: { word: 'ab', high: '[\\x{80}-\\x{ff}]x', none: 'refused upstream' }, maxKept: 20 };
    const { bytesRead: _some, ...expected } = searchPlainly(junk, request);
    expect(await search(junk, request)).toMatchObject(expected);
  });

  it('one of /proc, that does not know its size, is read to its end', async () => {
    const { lines, matches } = await host.searchFile('/proc/self/status', { patterns: { name: '^Name:' } });
    expect(lines).toBeGreaterThan(20);
    expect(matches).toBe(1);
  });

  it('one line of 500 MB costs no memory', async () => {
    const path = join(folder, 'huge');
    await runCommand(['truncate', '-s', '500M', path]);
    appendFileSync(path, '\nrefused');
    const before = process.memoryUsage().rss;
    expect(await host.searchFile(path, { patterns: { refused: 'refused' } })).toMatchObject({ lines: 2, matches: 1, complete: true });
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * MIB);
    rmSync(path);
  });

  it('one that grows while it is read is read as far as it was when it was opened', async () => {
    writeFileSync(file, 'refused\n'.repeat(4_000_000));
    let growing: NodeJS.Timeout | undefined;
    const grow = (): void => appendFileSync(file, 'refused\n'.repeat(1000));
    const searching = searchFromOpen(() => {
      grow();
      growing = setInterval(grow, 1);
    });
    const { matches, complete } = await searching;
    clearInterval(growing);
    expect({ matches, complete }).toEqual({ matches: 4_000_000, complete: true });
  });

  it('one that is rotated while it is read is read to its end', async () => {
    writeFileSync(file, 'refused\n'.repeat(4_000_000));
    const searching = searchFromOpen(() => {
      renameSync(file, `${file}.1`);
      writeFileSync(file, 'fine\n');
    });
    expect(await searching).toMatchObject({ lines: 4_000_000, matches: 4_000_000 });
  });

  /** As the host does; what happens to the file happens when it is open and before it is read. */
  function searchFromOpen(happens: () => void): ReturnType<typeof searchBytes> {
    const find: typeof findBytes = async (path, offset) => {
      const source = await findBytes(path, offset);
      const open = async (): Promise<number> => {
        const size = await source.open();
        happens();
        return size;
      };
      return { ...source, open };
    };
    return searchBytes(find, file, { patterns: { refused: 'refused' } });
  }

  it('one that shrinks while it is read ends where it ends then', async () => {
    writeFileSync(file, 'refused\n'.repeat(4_000_000));
    const { complete, lines } = await searchFromOpen(() => truncateSync(file, 8_000_000));
    expect({ complete, lines }).toEqual({ complete: true, lines: 1_000_000 });
  });
});

it('ends at its deadline, and when it is told to', async () => {
  const block = Buffer.from('a line that takes its time\n'.repeat(1_000));
  const endless: typeof findBytes = async () => ({
    open: async () => 0,
    read: async (target) => {
      await new Promise((resolve) => setImmediate(resolve));
      return block.copy(target);
    },
    close: async () => {},
  });
  const found = await searchBytes(endless, 'endless', { patterns: { slow: '(.*)*(a|b|.)*x$' }, timeoutMs: 1_000 });
  expect(found).toMatchObject({ complete: false });
  expect(found.bytesRead).toBeGreaterThan(0);
  writeFileSync(file, 'a\n');
  expect(await host.searchFile(file, { patterns: { a: 'a' }, signal: AbortSignal.abort() })).toMatchObject({ complete: false });
});

it('refuses what is no pattern', async () => {
  await expect(search('a\n', { patterns: { bad: '(' } })).rejects.toMatchObject({ reason: 'unsupported' });
});
