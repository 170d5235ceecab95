import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/adapters/command.ts';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import type { StreamOptions, TextSource } from '../../src/ports.ts';
import { findProcesses, uniqueSeconds, waitFor } from './processes.ts';

const host = createLocalHost();
const folder = mkdtempSync(join(tmpdir(), 'oor-stream-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TEXT = '2026-01-15 支付失败 \u{1f4a5} connection refused\r\n'.repeat(30_000);

function place(name: string, content: string | Buffer): TextSource {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { file: path };
}

async function take(source: TextSource, options?: StreamOptions, from = host): Promise<{ pieces: string[]; error?: unknown }> {
  const pieces: string[] = [];
  try {
    for await (const piece of from.streamText(source, options)) pieces.push(piece);
    return { pieces };
  } catch (error) {
    return { pieces, error };
  }
}

describe('text comes whole, and never with half a character', () => {
  it.each([
    ['a file', () => place('plain', TEXT)],
    ['a compressed file', () => place('packed.gz', gzipSync(TEXT))],
    ['one of several parts', () => place('parts.gz', Buffer.concat([gzipSync(TEXT.slice(0, 99)), gzipSync(TEXT.slice(99))]))],
    ['a command', () => ({ argv: ['cat', (place('plain', TEXT) as { file: string }).file] })],
  ])('%s', async (_name, make) => {
    const { pieces, error } = await take(make());
    expect(error).toBeUndefined();
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('') === TEXT).toBe(true);
    expect(pieces.some((piece) => piece.includes('\ufffd'))).toBe(false);
  });

  it('of standard input, once', async () => {
    const input = new PassThrough();
    for (let at = 0; at < 7; at += 1) input.write(Buffer.from('支付失败').subarray(at, at + 1));
    input.end(Buffer.from('支付失败').subarray(7));
    const piped = createLocalHost({ standardInput: () => input });
    expect((await take({ stdin: true }, {}, piped)).pieces.join('')).toBe('支付失败');
    expect(await take({ stdin: true }, {}, piped)).toMatchObject({ pieces: [], error: { reason: 'io' } });
    expect(await take({ stdin: true })).toMatchObject({ error: { reason: 'unsupported' } });
  });

  it('what is no UTF-8 is replaced', async () => {
    expect((await take(place('latin1', Buffer.from([0x61, 0xe9, 0x62])))).pieces.join('')).toBe('a\ufffdb');
    expect((await take(place('half', Buffer.from('支').subarray(0, 2)))).pieces.join('')).toBe('\ufffd');
  });
});

describe.each([
  ['zst', 'zstd'],
  ['xz', 'xz'],
  ['bz2', 'bzip2'],
])('.%s', (ending, tool) => {
  const present = !spawnSync(tool, ['--help']).error;
  if (!present) process.stderr.write(`.${ending}: skipped, there is no ${tool}\n`);
  const source = place(`packed.${ending}`, '');
  const pack = (): Buffer => execFileSync(tool, ['-qc'], { input: TEXT });

  it.runIf(present)('is unpacked', async () => {
    place(`packed.${ending}`, pack());
    expect((await take(source)).pieces.join('') === TEXT).toBe(true);
  });

  it.runIf(present)('that is cut short says so after what it held', async () => {
    place(`packed.${ending}`, pack().subarray(0, -20));
    expect(await take(source)).toMatchObject({ error: { reason: 'io' } });
  });
});

describe('says why not', () => {
  it('what is not there', async () => {
    for (const name of ['none', 'none.gz', 'none.zst', 'none.xz', 'none.bz2'])
      expect(await take({ file: join(folder, name) }), name).toMatchObject({ error: { reason: 'not-found' } });
    expect(await take({ argv: ['oor-no-such-tool'] })).toMatchObject({ error: { reason: 'missing-tool' } });
  });

  it('what is no file', async () => {
    for (const name of ['fifo', 'fifo.gz', 'fifo.zst', 'fifo.xz', 'fifo.bz2']) {
      await runCommand(['mkfifo', join(folder, name)]);
      expect(await take({ file: join(folder, name) }), name).toMatchObject({ error: { reason: 'io' } });
    }
  });

  it('a command that failed, after what it said', async () => {
    const { pieces, error } = await take({ argv: ['sh', '-c', 'echo said; echo why >&2; exit 3'] });
    expect(pieces.join('')).toBe('said\n');
    expect(error).toMatchObject({ reason: 'io', message: expect.stringContaining('exit 3: why') });
  });

  it('a compressed file that is cut short, after what it held', async () => {
    const packed = gzipSync(TEXT + randomBytes(100_000).toString('hex'));
    const { pieces, error } = await take(place('cut.gz', packed.subarray(0, -50_000)));
    expect(error).toMatchObject({ reason: 'io' });
    expect(pieces.join('').startsWith(TEXT)).toBe(true);
    const broken = Buffer.from(packed);
    broken.fill(0xff, packed.length - 30_000, packed.length - 20_000);
    const partly = await take(place('broken.gz', broken));
    expect(partly).toMatchObject({ error: { reason: 'io' } });
    expect(partly.pieces.join('').startsWith(TEXT)).toBe(true);
  });
});

describe('ends early', () => {
  it('after so many bytes, between characters', async () => {
    expect((await take(place('plain', TEXT), { maxBytes: 13 })).pieces.join('')).toBe('2026-01-15 ');
    expect((await take(place('plain', TEXT), { maxBytes: 14 })).pieces.join('')).toBe('2026-01-15 支');
    expect((await take({ argv: ['yes'] }, { maxBytes: 1000 })).pieces.join('').length).toBe(1000);
  });

  it('at its deadline, with no process left', async () => {
    const marker = `oor-stream-${process.pid}-deadline`;
    const seconds = uniqueSeconds();
    const { error } = await take({ argv: ['sh', '-c', `sleep ${seconds} & sleep ${seconds}; : ${marker}`] }, { timeoutMs: 200 });
    expect(error).toMatchObject({ reason: 'timed-out' });
    expect(await waitFor(() => [marker, seconds].every((each) => findProcesses(each).length === 0))).toBe(true);
  });

  it('when nobody reads on, with no process left', async () => {
    const marker = `oor-stream-${process.pid}-break`;
    for await (const piece of host.streamText({ argv: ['sh', '-c', `while :; do echo y; done; : ${marker}`] })) {
      expect(piece).toMatch(/^y/);
      break;
    }
    expect(await waitFor(() => findProcesses(marker).length === 0)).toBe(true);
  });

  it('when it is told to', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 50);
    expect(await take({ argv: ['sleep', '60'] }, { signal: stop.signal })).toMatchObject({ error: { message: 'enough' } });
    const open = new PassThrough();
    const piped = createLocalHost({ standardInput: () => open });
    expect(await take({ stdin: true }, { timeoutMs: 50 }, piped)).toMatchObject({ error: { reason: 'timed-out' } });
    expect(open.destroyed).toBe(true);
  });
});
