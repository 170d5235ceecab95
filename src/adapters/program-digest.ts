import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** SHA-256 over names and contents of all program files of a folder, as `sha256sum $(find . -name '*.js' | sort) | sha256sum` makes it. */
export async function digestFolder(folder: string): Promise<string> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = found
    .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const sum = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const lines: string[] = [];
  for (const name of names.sort()) lines.push(`${sum(await readFile(join(folder, name)))}  ./${name}\n`);
  return sum(lines.join(''));
}
