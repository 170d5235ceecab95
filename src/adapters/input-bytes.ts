import { createReadStream } from 'node:fs';
import { ExitCode, OorError } from '../errors.ts';

/** Bytes of a file or a pipe that the operator named, `-` for standard input; undefined when there is none of that name. */
export async function readInputBytes(
  path: string,
  maxBytes: number,
  standardInput: AsyncIterable<Uint8Array> = process.stdin,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of path === '-' ? standardInput : (createReadStream(path) as AsyncIterable<Uint8Array>)) {
      size += chunk.length;
      if (size > maxBytes) throw unreadable(`the input is larger than ${maxBytes} bytes`, 'give a part of it');
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof OorError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    // A name that no file can have (too long, a zero byte) is the name of none.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ERR_INVALID_ARG_VALUE') return undefined;
    const why = code === undefined ? 'unknown reason' : (WHY[code] ?? code);
    throw unreadable(`the input ${path} cannot be read: ${why}`, 'check the path and its permissions');
  }
  return Buffer.concat(chunks);
}

const WHY: Readonly<Record<string, string>> = { EISDIR: 'it is a folder', EACCES: 'no permission', EPERM: 'no permission' };

function unreadable(message: string, hint: string): OorError {
  return new OorError({ code: 'unreadable-file', message, hint, exitCode: ExitCode.invalidInput });
}
