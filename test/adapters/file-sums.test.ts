import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createFileSums } from '../../src/adapters/file-sums.ts';

const LARGE = 33 * 1024 * 1024;
const noArchive = async (): Promise<boolean> => false;
const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('sums of files', () => {
  let folder = '';
  const at = (name: string): string => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'oor-sums-'));
    writeFileSync(at('small.csv'), 'a,b\n');
    writeFileSync(at('large.csv'), '');
    truncateSync(at('large.csv'), LARGE);
    // Answers as the built thread does, with the name of the file in place of its sum.
    writeFileSync(
      at('thread.mjs'),
      "import { parentPort, workerData } from 'node:worker_threads';\nconst sha256 = `thread ${workerData.sum.split('/').at(-1)}`;\nparentPort.postMessage({ sha256, isPlain: false });\n",
    );
    writeFileSync(at('broken.mjs'), "throw new Error('broken');\n");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has one thread for each large file, and none for a small one', async () => {
    const sums = createFileSums(at('thread.mjs'), noArchive);
    sums.expect([at('large.csv'), at('small.csv')]);
    expect([(await sums.of(at('large.csv'))).sha256, (await sums.of(at('small.csv'))).sha256]).toEqual([
      'thread large.csv',
      sha256('a,b\n'),
    ]);
    await sums.close();
  });

  it('sums without threads too, and what nobody expected', async () => {
    const sums = createFileSums(undefined, noArchive);
    expect([(await sums.of(at('large.csv'))).sha256, (await sums.of(at('small.csv'))).sha256]).toEqual([
      sha256(new Uint8Array(LARGE)),
      sha256('a,b\n'),
    ]);
    await sums.close();
  });

  it('knows plain text from one with a fault, wherever its pieces end', async () => {
    const piece = 1024 * 1024;
    const line = `${'x'.repeat(99)}\n`;
    const texts: readonly (readonly [text: string | Buffer, isPlain: boolean])[] = [
      ['a,b\n1,2\n', true],
      ['', false],
      [`\uFEFF${line}`, true],
      // A character that begins in one piece and ends in the next.
      [`${line.repeat((2 * piece) / 100).slice(0, piece - 1)}单${line.repeat((2 * piece) / 100)}`, true],
      [
        Buffer.concat([Buffer.from(`${line.repeat((2 * piece) / 100).slice(0, piece - 1)}单`).subarray(0, piece + 1), Buffer.from(line)]),
        false,
      ],
      [Buffer.from('单').subarray(0, 2), false],
      [`${line}\0${line}`, false],
      [Buffer.from([0xd0, 0xa1, 0xff, 10]), false],
      [`${'x'.repeat(3 * piece)}\n`, false],
    ];
    for (const [which, [text, isPlain]] of texts.entries()) {
      writeFileSync(at(`text-${which}`), text);
      const sums = createFileSums(undefined, noArchive);
      const look = await sums.of(at(`text-${which}`));
      expect([which, look.isPlain, look.sha256]).toEqual([which, isPlain, sha256(text)]);
      await sums.close();
    }
  });

  it('waits for no pipe and breaks on no missing file that was to come next', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const sums = createFileSums(at('thread.mjs'), noArchive);
    sums.expect([at('small.csv'), at('pipe'), at('missing.csv')]);
    expect((await sums.of(at('small.csv'))).sha256).toBe(sha256('a,b\n'));
    await expect(sums.of(at('pipe'))).rejects.toThrow('is no file');
    await expect(sums.of(at('missing.csv'))).rejects.toThrow('ENOENT');
    await sums.close();
  });

  it('begins no sum of an archive', async () => {
    writeFileSync(at('bills.zip'), 'PK');
    const sums = createFileSums(undefined, async (path) => path === at('bills.zip'));
    sums.expect([at('small.csv'), at('bills.zip')]);
    await sums.of(at('small.csv'));
    // Long enough for one that had begun.
    await new Promise((resolve) => setTimeout(resolve, 100));
    rmSync(at('bills.zip'));
    await expect(sums.of(at('bills.zip'))).rejects.toThrow('ENOENT');
    await sums.close();
  });

  it('says so when the thread breaks, and ends one that still reads', async () => {
    const broken = createFileSums(at('broken.mjs'), noArchive);
    await expect(broken.of(at('large.csv'))).rejects.toThrow('broken');
    writeFileSync(
      at('endless.mjs'),
      `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(at('started'))}, '');\nsetInterval(() => undefined, 1000);\n`,
    );
    const endless = createFileSums(at('endless.mjs'), noArchive);
    const sum = endless.of(at('large.csv'));
    const ended = expect(sum).rejects.toThrow('ended with');
    await vi.waitFor(() => expect(existsSync(at('started'))).toBe(true), 120_000);
    await endless.close();
    await ended;
  });
});
