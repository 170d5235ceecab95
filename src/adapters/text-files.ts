import { lstat, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, OorError } from '../errors.ts';

/** The first `maxBytes` of a text file the operator named; undefined when it does not exist. Only regular files: a FIFO would block. */
export async function readTextFile(path: string, maxBytes: number): Promise<string | undefined> {
  try {
    if (!(await lstat(path)).isFile() && !(await isLinkToFile(path))) throw notReadable(path, 'it is not a regular file');
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.alloc(Math.min(maxBytes, size));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof OorError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw notReadable(path, code ?? String(error));
  }
}

async function isLinkToFile(path: string): Promise<boolean> {
  const { stat } = await import('node:fs/promises');
  return (await stat(path)).isFile();
}

/** True when another user than this one and root owns the file, or everybody may write it. */
export async function isForeign(path: string): Promise<boolean> {
  const { uid, mode } = await lstat(path);
  return (uid !== 0 && uid !== process.getuid?.()) || (mode & 0o002) !== 0;
}

/** Files of a folder with this ending, by name. */
export async function readFolder(folder: string, ending: string): Promise<readonly { readonly file: string; readonly text: string }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending)).sort();
  return await Promise.all(names.map(async (name) => ({ file: name, text: await readFile(join(folder, name), 'utf8') })));
}

function notReadable(path: string, why: string): OorError {
  return new OorError({
    code: 'unreadable-file',
    message: `${path} cannot be read: ${why}`,
    hint: 'check the path and its permissions',
    exitCode: ExitCode.invalidInput,
  });
}
