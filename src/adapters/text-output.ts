/** Text that is written as it comes, 0600, below one folder, packed again where it was packed. */
import { once } from 'node:events';
import { constants } from 'node:fs';
import { lstat, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { OorError } from '../errors.ts';
import { giveName, nameBeside, notWritable } from './atomic-file.ts';
import { encodeMixed } from './mixed-text.ts';
import { isOutputOver, writeStandardOutput } from './standard-output.ts';
import type { TextEncoding } from './text-input.ts';

export interface TextOutput {
  write(text: string): Promise<void>;
  /** Gives it its name. */
  close(): Promise<void>;
  /** Nothing of it is left. */
  abandon(): Promise<void>;
  /** Nobody takes any more of it. */
  isOver(): boolean;
}

export interface OutputOptions {
  readonly encoding: TextEncoding;
  readonly packed: boolean;
}

/** A new file, which has its name when it is whole; one that exists is never replaced. Throws `OorError`. */
export async function createTextFile(folder: string, name: string, { encoding, packed }: OutputOptions): Promise<TextOutput> {
  const path = join(folder, name);
  const temporary = nameBeside(path);
  return await orTell(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if (await isThere(path)) throw notWritable(path, 'EEXIST');
    const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
    const sink = file.createWriteStream();
    const gzip = packed ? createGzip() : undefined;
    const into: Writable = gzip ?? sink;
    const done = gzip ? pipeline(gzip, sink) : finished(sink);
    done.catch(() => undefined);
    return {
      write: (text) =>
        orTell(path, async () => {
          if (text !== '' && !into.write(encode(text, encoding))) await Promise.race([once(into, 'drain'), done]);
        }),
      close: () =>
        orTell(path, async () => {
          into.end();
          await done;
          await giveName(temporary, path);
          await rm(temporary, { force: true });
        }),
      async abandon() {
        into.destroy();
        await done.catch(() => undefined);
        await rm(temporary, { force: true });
      },
      isOver: () => false,
    };
  });
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

async function orTell<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof OorError) throw error;
    throw notWritable(path, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}

/** The process's own output, byte for byte in the encoding of what came in. */
export function standardOutput({ encoding }: Pick<OutputOptions, 'encoding'>): TextOutput {
  return {
    write: (text) => writeStandardOutput(encode(text, encoding)),
    close: async () => undefined,
    abandon: async () => undefined,
    isOver: isOutputOver,
  };
}

function encode(text: string, encoding: TextEncoding): Uint8Array {
  return encoding === 'utf16le' ? Buffer.from(text, encoding) : encodeMixed(text);
}
