import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createProgress } from '../../src/adapters/progress.ts';

/** A terminal that keeps what reaches it together. */
class Screen extends Writable {
  readonly isTTY = true;
  readonly columns = 80;
  readonly rows = 24;
  readonly writes: string[] = [];
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.writes.push(chunk.toString());
    done();
  }
  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: () => void): void {
    this.writes.push(chunks.map(({ chunk }) => chunk.toString()).join(''));
    done();
  }
  cursorTo(column: number): void {
    this.write(`\x1b[${column + 1}G`);
  }
  clearLine(): void {
    this.write('\x1b[0K');
  }
  moveCursor(_columns: number, rows: number): void {
    this.write(`\x1b[${-rows}A`);
  }
}

it('a picture, and a line with the picture that goes and the next, reach the terminal in one write: nothing typed comes between', async () => {
  const output = new Screen();
  const progress = createProgress({ output, language: 'en', ascii: false, colour: false, animated: true });
  const step = { id: 'net.dns', title: 'Names', phase: 'network' };
  progress.started({ ...step, timeoutMs: 5000 });
  await expect.poll(() => output.writes.filter((text) => text.includes('net.dns')).length).toBeGreaterThan(2);
  progress.finished({ ...step, status: 'fail', summary: 'does not resolve', durationMs: 240 });
  progress.stop();
  const pictures = output.writes.filter((text) => text.includes('\x1b[?2026h'));
  expect(pictures.filter((text) => !text.endsWith('\x1b[?2026l'))).toEqual([]);
  expect(pictures.slice(1).filter((text) => !text.includes('\x1b[0K'))).toEqual([]);
  const found = output.writes.find((text) => text.includes('does not resolve'));
  expect(found?.startsWith('\x1b[1G\x1b[0K')).toBe(true);
  expect(found).toContain('\x1b[?2026l');
});
