import type { Readable } from 'node:stream';

/** What came before one end mark, and the word behind the mark. */
export interface Frame {
  readonly bytes: Buffer;
  readonly word: string;
}

/**
 * Cuts a stream into frames at lines that begin with the mark. The mark is random and known to nobody on the other machine but the
 * shell that writes it. Returns what is not yet a frame, as text.
 */
export function readFrames(stream: Readable, mark: string, onFrame: (frame: Frame) => void): () => string {
  const border = Buffer.from(`\n${mark}`, 'latin1');
  let pieces: Buffer[] = [];
  let tail = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (;;) {
      const seen = tail.length === 0 ? rest : Buffer.concat([tail, rest]);
      const at = seen.indexOf(border);
      const lineEnd = at < 0 ? -1 : seen.indexOf(0x0a, at + border.length);
      if (lineEnd < 0) {
        // What may be the beginning of a border waits for the next chunk.
        const keep = at >= 0 ? at : Math.max(0, seen.length - border.length);
        if (keep > 0) pieces.push(seen.subarray(0, keep));
        tail = Buffer.from(seen.subarray(keep));
        return;
      }
      pieces.push(seen.subarray(0, at));
      const word = seen.toString('latin1', at + border.length, lineEnd).trim();
      const frame = { bytes: Buffer.concat(pieces), word };
      pieces = [];
      tail = Buffer.alloc(0);
      rest = seen.subarray(lineEnd + 1);
      onFrame(frame);
    }
  });
  return () =>
    Buffer.concat([...pieces, tail])
      .toString('utf8')
      .trim();
}
