import { spawnSync } from 'node:child_process';
import { appendFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import type { ProbeContext } from '../../src/checks/check.ts';
import { logPattern } from '../../src/checks/log-pattern.ts';
import { logStatus } from '../../src/checks/log-status.ts';
import { logVolume } from '../../src/checks/log-volume.ts';
import type { Host } from '../../src/ports.ts';
import { probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';
import { temporaryFolder } from './temporary-folder.ts';

const MINUTE = 60_000;
const folder = temporaryFolder();
/** One time for all runs: what bytes a packed file has depends on the times in it, and so does what is spoilt in it. */
const NOW = Date.UTC(2026, 10, 28, 12);
const stamp = (at: number) => new Date(at).toISOString();

/** Every read of the host, as `METHOD bytes`. */
function watched(context: ProbeContext): { readonly context: ProbeContext; readonly calls: { method: string; bytes: number }[] } {
  const calls: { method: string; bytes: number }[] = [];
  const { host } = context;
  const spied: Host = {
    ...host,
    async readFile(path, options) {
      const found = await host.readFile(path, options);
      calls.push({ method: 'read', bytes: found.bytesRead });
      return found;
    },
    async searchFile(path, request) {
      const found = await host.searchFile(path, request);
      calls.push({ method: 'search', bytes: found.bytesRead });
      return found;
    },
    streamText(source, options) {
      calls.push({ method: `stream ${'file' in source ? source.file.slice(folder.length + 1) : ''}`, bytes: 0 });
      return host.streamText(source, options);
    },
  };
  return { context: { ...context, host: spied }, calls };
}

interface Line {
  readonly at: number;
  readonly text: string;
}

/** `count` lines that end now, one every `step`; the 7th of ten is an error. */
function makeLines(
  count: number,
  step: number,
  text: (index: number) => string = (index) => `order ${index} ${'x'.repeat(index % 90)}`,
): Line[] {
  return Array.from({ length: count }, (_, index) => {
    const at = NOW - (count - index) * step;
    return { at, text: `${stamp(at)} ${index % 10 === 7 ? 'ERROR' : 'INFO'} ${text(index)}` };
  });
}

function write(name: string, lines: readonly Line[], { end = '\n' } = {}): string {
  const file = join(folder, name);
  writeFileSync(file, lines.map(({ text }) => `${text}${end}`).join(''));
  utimesSync(file, new Date(NOW), new Date(NOW));
  return file;
}

function expected(lines: readonly Line[], since: number, until = Number.POSITIVE_INFINITY) {
  const within = (from: number, to: number) => lines.filter(({ at }) => at >= from && at < to);
  const inside = within(since, until);
  const before = within(since - (Math.min(until, NOW) - since), since);
  const bad = (each: readonly Line[]) => each.filter(({ text }) => text.includes('ERROR')).length;
  return { lines: inside.length, matches: bad(inside), before: before.length, beforeMatches: bad(before) };
}

const at = (since: number, more: Partial<ProbeContext> = {}): ProbeContext => {
  const context = realContext({ since });
  return { ...context, host: { ...context.host, now: () => ({ wallMs: NOW, monoMs: 0 }) }, ...more };
};

async function look(file: string, context: ProbeContext) {
  const { facts } = await probeAndJudge(logPattern, context, { file, pattern: 'ERROR' });
  return { lines: facts['lines'], matches: facts['matches'], before: facts['baselineLines'], beforeMatches: facts['baselineMatches'] };
}

describe('a large file that is ordered by time', () => {
  const lines = makeLines(60_000, 500);
  const file = write('ordered.log', lines);

  it.each([
    ['the last minutes', 10],
    ['the last hour', 60],
    ['more than all', 2_000],
    ['the future', -5],
  ])('%s: what counting every line gives', async (_name, minutes) => {
    const since = NOW - minutes * MINUTE;
    expect(await look(file, at(since))).toEqual(expected(lines, since));
  });

  it('a window that ended a while ago', async () => {
    const since = NOW - 120 * MINUTE;
    const until = NOW - 100 * MINUTE;
    expect(await look(file, at(since, { until }))).toEqual(expected(lines, since, until));
  });

  it('costs small reads and the window, not the file', async () => {
    const { context, calls } = watched(at(NOW - 5 * MINUTE));
    await probeAndJudge(logPattern, context, { file, pattern: 'ERROR' });
    const reads = calls.filter(({ method }) => method === 'read');
    expect(Math.max(...reads.map(({ bytes }) => bytes))).toBeLessThanOrEqual(64 * 1024);
    expect(reads.length).toBeLessThan(40);
    const searched = calls.filter(({ method }) => method === 'search').reduce((sum, { bytes }) => sum + bytes, 0);
    // 5 + 5 minutes of 500.
    expect(searched).toBeLessThan(0.03 * statSync(file).size);
    expect(calls.filter(({ method }) => method.startsWith('stream'))).toEqual([]);
  });

  it('the same with CRLF, and without a newline at the end', async () => {
    const crlf = write('crlf.log', lines, { end: '\r\n' });
    const open = write('open.log', lines);
    writeFileSync(open, lines.map(({ text }) => text).join('\n'));
    const since = NOW - 10 * MINUTE;
    expect(await look(crlf, at(since))).toEqual(expected(lines, since));
    expect(await look(open, at(since))).toEqual(expected(lines, since));
    const { facts } = await probeAndJudge(logPattern, at(since), { file: crlf, pattern: 'x$' });
    expect(facts['matches']).toBeGreaterThan(1_000);
  });

  it('with bytes that are no text (GBK, NUL) around the window', async () => {
    const mixed = join(folder, 'gbk.log');
    const noise = Buffer.from([0xd6, 0xa7, 0xb8, 0xb6, 0xca, 0xa7, 0xb0, 0xdc, 0x00, 0xff]);
    writeFileSync(mixed, Buffer.concat(lines.flatMap(({ text }) => [Buffer.from(`${text} `), noise, Buffer.from('\n')])));
    const since = NOW - 10 * MINUTE;
    expect(await look(mixed, at(since))).toEqual(expected(lines, since));
  });

  it('with stack traces, whose lines belong to the one above', async () => {
    const traces = lines.map((line) => ({ ...line, text: `${line.text}\n  at a.B.c(B.java:7)\n  Caused by: ERROR x` }));
    const since = NOW - 10 * MINUTE;
    const one = expected(lines, since);
    expect(await look(write('traces.log', traces), at(since))).toEqual({
      lines: 3 * one.lines,
      matches: one.lines + one.matches,
      before: 3 * one.before,
      beforeMatches: one.before + one.beforeMatches,
    });
  });

  it('out of order by seconds: no line of the window is missed, and none older than the disorder counts', async () => {
    const jitter = lines.map((line, index) => ({ line, key: line.at + ((index * 7_919) % 8_000) }));
    const shaken = jitter.toSorted((one, other) => one.key - other.key).map(({ line }) => line);
    const since = NOW - 10 * MINUTE;
    const exact = expected(lines, since);
    const found = await look(write('shaken.log', shaken), at(since));
    expect(found.lines).toBeGreaterThanOrEqual(exact.lines);
    expect(found.lines).toBeLessThanOrEqual(exact.lines + 16);
  });
});

describe('a busy file in which one line of the window came too early', () => {
  it('has the line: the search steps back from where it lands', async () => {
    const busy = makeLines(120_000, 1);
    const since = NOW - 60_000;
    const first = busy.findIndex((line) => line.at >= since);
    const [early] = busy.splice(first, 1);
    busy.splice(first - 1_500, 0, early as Line);
    const found = await look(write('busy.log', busy), at(since));
    expect(found.lines).toBe(expected(busy, since).lines + 1_500);
  });
});

describe('large files that are not', () => {
  it('two services that take turns in one file for hours: read whole, exact, and said so', async () => {
    const lines = makeLines(40_000, 1_000);
    const turned = [...lines.slice(20_000), ...lines.slice(0, 20_000)];
    const file = write('turned.log', turned);
    utimesSync(file, new Date(NOW), new Date(NOW));
    const since = NOW - 30 * MINUTE;
    expect(await look(file, at(since))).toEqual(expected(lines, since));
    expect((await probeAndJudge(logPattern, at(since), { file })).facts).toMatchObject({ ordered: false, timed: true });
  });

  it('a line of megabytes in the middle hides nothing, and nothing is kept of it but its start', async () => {
    const lines = makeLines(20_000, 1_000);
    const file = join(folder, 'giant.log');
    const part = (from: number, to: number) =>
      lines
        .slice(from, to)
        .map(({ text }) => `${text}\n`)
        .join('');
    writeFileSync(file, part(0, 10_000));
    appendFileSync(file, `${lines[10_000]?.text} ${'y'.repeat(8_000_000)}\n`);
    appendFileSync(file, part(10_001, 20_000));
    utimesSync(file, new Date(NOW), new Date(NOW));
    const since = NOW - 100 * MINUTE;
    expect(await look(file, at(since))).toEqual(expected(lines, since));
  });
});

const TOOLS: Readonly<Record<string, string>> = { zst: 'zstd', xz: 'xz', bz2: 'bzip2' };

describe('rotated files', () => {
  const lines = makeLines(60_000, 500);
  const age = (file: string, line: Line | undefined) => utimesSync(file, new Date(line?.at ?? 0), new Date(line?.at ?? 0));
  const text = (from: number, to: number) =>
    lines
      .slice(from, to)
      .map((line) => `${line.text}\n`)
      .join('');

  function rotate(name: string, older: readonly (readonly [suffix: string, from: number, to: number])[], own: number): string {
    const file = write(name, lines.slice(own));
    for (const [suffix, from, to] of older) {
      const path = join(folder, suffix.startsWith('/') ? suffix.slice(1) : `${name}${suffix}`);
      const tool = TOOLS[suffix.split('.').at(-1) ?? ''];
      if (tool) writeFileSync(path, spawnSync(tool, ['-c'], { input: text(from, to), maxBuffer: 1e9 }).stdout);
      else writeFileSync(path, suffix.endsWith('.gz') ? gzipSync(text(from, to)) : text(from, to));
      age(path, lines[to - 1]);
    }
    return file;
  }

  test.each([
    [
      '.1 and .2.gz',
      [
        ['.1', 50_000, 58_000],
        ['.2.gz', 40_000, 50_000],
        ['.3.gz', 10_000, 40_000],
      ],
    ],
    [
      'dated',
      [
        ['-20261128.gz', 50_000, 58_000],
        ['-20261127.gz', 40_000, 50_000],
      ],
    ],
    [
      'compressed twice over',
      [
        ['.1', 50_000, 58_000],
        ['.1.gz', 50_000, 50_500],
        ['.2.gz', 40_000, 50_000],
      ],
    ],
  ] as const)('%s', async (name, older) => {
    const file = rotate(`${name.replaceAll(' ', '')}.log`, older, 58_000);
    // Three quarters of an hour before the window are in the files before.
    const since = NOW - 60 * MINUTE;
    expect(await look(file, at(since))).toEqual(expected(lines, since));
  });

  test('the date before the extension', async () => {
    const file = rotate('app.log', [['/app.2026-11-28.0.log.gz', 30_000, 58_000]], 58_000);
    const since = NOW - 60 * MINUTE;
    expect(await look(file, at(since))).toEqual(expected(lines, since));
  });

  test.for(Object.entries(TOOLS))('.%s', async ([ending, tool], context) => {
    if (spawnSync(tool, ['--help']).error) return context.skip(`there is no ${tool}`);
    const file = rotate(`${ending}.log`, [[`.1.${ending}`, 30_000, 58_000]], 58_000);
    const since = NOW - 60 * MINUTE;
    expect(await look(file, at(since))).toEqual(expected(lines, since));
  });

  test('those that are too old, or not needed, are not unpacked', async () => {
    const file = rotate(
      'lazy.log',
      [
        ['.1.gz', 40_000, 50_000],
        ['.2.gz', 10_000, 40_000],
      ],
      50_000,
    );
    const { context, calls } = watched(at(NOW - 10 * MINUTE));
    await probeAndJudge(logPattern, context, { file });
    expect(calls.filter(({ method }) => method.startsWith('stream'))).toEqual([]);
    const further = watched(at(NOW - 50 * MINUTE));
    await probeAndJudge(logPattern, further.context, { file });
    expect(new Set(further.calls.map(({ method }) => method).filter((method) => method.startsWith('stream')))).toEqual(
      new Set(['stream lazy.log.1.gz']),
    );
  });

  test('one that is spoilt in its middle still gives what it holds', async () => {
    const file = rotate('spoilt.log', [['.1.gz', 10_000, 50_000]], 50_000);
    const packed = gzipSync(text(10_000, 50_000));
    packed.fill(0x55, packed.length >> 1, (packed.length >> 1) + 64);
    writeFileSync(`${file}.1.gz`, packed);
    age(`${file}.1.gz`, lines[49_999]);
    const since = lines[20_000]?.at ?? 0;
    const { judgement, facts } = await probeAndJudge(logPattern, at(since), { file, pattern: 'ERROR' });
    expect(facts).toMatchObject({ truncated: true });
    expect(Number(facts['matches'])).toBeGreaterThan(expected(lines.slice(50_000), since).matches);
    expect(judgement.status).toBe('warn');
  });

  test('a damaged one costs what lies before, not the answer', async () => {
    const file = rotate('broken.log', [], 58_000);
    writeFileSync(`${file}.1.gz`, 'no gzip at all');
    const since = NOW - 10 * MINUTE;
    expect((await look(file, at(since))).lines).toBe(expected(lines, since).lines);
  });
});

describe('a compressed file that is named itself', () => {
  const lines = makeLines(60_000, 500);
  const whole = gzipSync(lines.map((line) => `${line.text}\n`).join(''));
  const spoilt = Buffer.from(whole);
  spoilt.fill(0x55, whole.length >> 1, (whole.length >> 1) + 64);
  const place = (name: string, bytes: Buffer): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };

  test('is looked through, not its bytes', async () => {
    const since = NOW - 100 * MINUTE;
    expect(await look(place('named.log.gz', whole), at(since))).toEqual(expected(lines, since));
  });

  test.each([
    ['spoilt in its middle', spoilt],
    ['cut short', whole.subarray(0, whole.length >> 1)],
  ])('%s: what it still holds counts, and what is not found there is unknown', async (name, bytes) => {
    const file = place(`${name}.log.gz`, bytes);
    const found = await probeAndJudge(logPattern, at(0), { file, pattern: 'ERROR' });
    expect(found.judgement).toMatchObject({ status: 'fail', code: 'burst' });
    expect(found.facts).toMatchObject({ truncated: true });
    expect(Number(found.facts['matches'])).toBeGreaterThan(1_000);
    expect((await probeAndJudge(logStatus, at(0), { file, only: 'no such thing' })).judgement).toMatchObject({
      status: 'unknown',
      code: 'partial',
    });
    const quiet = await probeAndJudge(logPattern, at(0), { file, pattern: 'no such thing' });
    expect(quiet.judgement).toMatchObject({ status: 'unknown', code: 'partial', unlock: expect.any(String) });
  });
});

describe('what is no plain log', () => {
  test('a FIFO and a folder are unknown, and name the way out', async () => {
    const fifo = join(folder, 'fifo');
    spawnSync('mkfifo', [fifo]);
    await expect(probeAndJudge(logPattern, at(NOW - MINUTE), { file: fifo })).rejects.toMatchObject({
      reason: 'io',
      unlock: expect.any(String),
    });
    await expect(probeAndJudge(logStatus, at(NOW - MINUTE), { file: folder })).rejects.toMatchObject({ reason: 'io' });
  });

  test('an empty file is quiet', async () => {
    const file = join(folder, 'empty.log');
    writeFileSync(file, '');
    const { judgement } = await probeAndJudge(logPattern, at(NOW - 30 * MINUTE), { file });
    expect(judgement).toMatchObject({ status: 'ok', code: 'quiet' });
    expect((await probeAndJudge(logVolume, at(NOW), { file })).judgement).toMatchObject({ status: 'ok', code: 'quiet' });
  });

  test('a time a year ahead is data: the line counts to the one above', async () => {
    const lines = makeLines(10, MINUTE);
    const ahead = { at: NOW, text: `${stamp(NOW + 400 * 86_400_000)} ERROR certificate valid until` };
    const file = write('ahead.log', [...lines.slice(0, 5), ahead, ...lines.slice(5)]);
    const since = NOW - 5.5 * MINUTE;
    expect((await look(file, at(since))).matches).toBe(1);
  });
});

test('standard input and a command give what the file gives, packed or not', async () => {
  const lines = makeLines(30_000, 500);
  const file = write('source.log', lines);
  const since = NOW - 30 * MINUTE;
  const { facts } = await probeAndJudge(logPattern, at(since), { argv: ['cat', file], pattern: 'ERROR' });
  const wanted = expected(lines, since);
  expect(facts).toMatchObject({ lines: wanted.lines, matches: wanted.matches, baselineLines: wanted.before, source: `cat ${file}` });
  const { host } = at(since);
  const piped: Host = { ...host, streamText: (_source, options) => host.streamText({ file }, options) };
  for (const params of [{ file: '-' }, { stdin: true }, { file: { stdin: true } }]) {
    const found = await probeAndJudge(logPattern, at(since, { host: piped }), { ...params, pattern: 'ERROR' });
    expect(found.facts).toMatchObject({ lines: wanted.lines, matches: wanted.matches, baselineLines: wanted.before, source: 'stdin' });
  }
});

describe('what is piped in', () => {
  const piped = (text: string): ProbeContext => {
    const context = at(NOW - 30 * MINUTE);
    const streamText: Host['streamText'] = async function* () {
      for (let start = 0; start < text.length; start += 7) yield text.slice(start, start + 7);
    };
    return { ...context, host: { ...context.host, streamText } };
  };

  test('of another time than the window is unknown, and says when', async () => {
    const old = `${stamp(NOW - 600 * MINUTE)} ERROR x\n`.repeat(20);
    await expect(probeAndJudge(logPattern, piped(old), { file: '-' })).rejects.toMatchObject({
      reason: 'io',
      message: expect.stringContaining('20 lines'),
    });
  });

  test('nothing at all is unknown', async () => {
    await expect(probeAndJudge(logStatus, piped(''), { file: '-' })).rejects.toMatchObject({ reason: 'io' });
  });

  test('without times all of it counts as now', async () => {
    const { facts } = await probeAndJudge(logPattern, piped('ERROR a\nfine\nERROR b'), { file: '-' });
    expect(facts).toMatchObject({ timed: false, lines: 3, matches: 2, baselineMatches: null });
  });

  test('that begins inside the window has no window before to be held against', async () => {
    const { facts } = await probeAndJudge(logPattern, piped(`${stamp(NOW - 5 * MINUTE)} ERROR x\n`), { file: '-' });
    expect(facts).toMatchObject({ matches: 1, baselineMatches: null });
  });
});
