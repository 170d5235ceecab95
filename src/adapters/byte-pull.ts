import type { Readable } from 'node:stream';

/** Bytes, a piece at a time, when the reader wants them. */
export interface BytePull {
  /** null at the end. */
  next(): Promise<Buffer | null>;
  /** Ends it: a wait that is under way gets null. */
  close(): Promise<void>;
}

/** An async iterator of a stream cannot be ended while it waits; this can. */
export function pullFrom(stream: Readable): BytePull {
  let ended = stream.readableEnded || stream.destroyed;
  let failure: Error | undefined;
  let wake = (): void => {};
  const finish = (): void => {
    ended = true;
    wake();
  };
  stream.on('readable', () => wake());
  stream.once('end', finish).once('close', finish);
  stream.once('error', (error) => {
    failure = error;
    finish();
  });
  return {
    async next() {
      for (;;) {
        const piece = ended && stream.destroyed ? null : (stream.read() as Buffer | null);
        if (piece !== null) return piece;
        if (failure) throw failure;
        if (ended) return null;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async close() {
      stream.destroy();
      finish();
    },
  };
}
