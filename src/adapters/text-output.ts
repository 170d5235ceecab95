/** Text that is written as it comes, 0600, below one folder, packed again where it was packed. */
import { once } from 'node:events';
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { ExitCode, OorError } from '../errors.ts';
import { encodeMixed } from './mixed-text.ts';
import type { TextEncoding } from './text-input.ts';

export interface TextOutput {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface OutputOptions {
  readonly encoding: TextEncoding;
  readonly packed: boolean;
}

/** A new file; one that exists is never replaced. */
export async function createTextFile(folder: string, name: string, { encoding, packed }: OutputOptions): Promise<TextOutput> {
  const path = join(folder, name);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
    const sink = file.createWriteStream();
    if (!packed) return writing(sink, encoding, () => finished(sink));
    const gzip = createGzip();
    const piped = pipeline(gzip, sink);
    return writing(gzip, encoding, () => piped);
  } catch (error) {
    throw unwritable(path, (error as NodeJS.ErrnoException).code ?? 'unknown reason');
  }
}

/** The process's own output, byte for byte in the encoding of what came in. */
export function standardOutput({ encoding }: Pick<OutputOptions, 'encoding'>): TextOutput {
  return {
    write: (text) =>
      new Promise((resolve) => {
        process.stdout.write(encode(text, encoding), () => resolve());
      }),
    close: async () => undefined,
  };
}

function encode(text: string, encoding: TextEncoding): Uint8Array {
  return encoding === 'utf16le' ? Buffer.from(text, encoding) : encodeMixed(text);
}

async function finished(sink: Writable): Promise<void> {
  if (!sink.closed) await once(sink, 'close');
}

function writing(sink: Writable, encoding: TextEncoding, whenDone: () => Promise<void>): TextOutput {
  return {
    async write(text) {
      if (text !== '' && !sink.write(encode(text, encoding))) await once(sink, 'drain');
    },
    async close() {
      sink.end();
      await whenDone();
    },
  };
}

function unwritable(path: string, why: string): OorError {
  const hint = why === 'EEXIST' ? 'name another folder: files are never replaced' : 'check the folder and its permissions';
  return new OorError({ code: 'unwritable-file', message: `${path} cannot be written: ${why}`, hint, exitCode: ExitCode.usage });
}
