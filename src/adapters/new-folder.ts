import { constants } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExitCode, OorError } from '../errors.ts';
import type { ArchiveEntry } from '../ports.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

const WHY: Readonly<Record<string, string>> = {
  EEXIST: 'there is something of this name',
  ENOENT: 'the folder that it should lie in is not there',
  EACCES: 'no permission',
  EROFS: 'its file system is read-only',
  ENOSPC: 'no space is left on the disk',
};

/** Plain files for the owner alone, in a folder that this makes: nobody can have laid a link in it. */
export async function createFolder(path: string, entries: readonly ArchiveEntry[], isName: (name: string) => boolean): Promise<void> {
  let made = false;
  try {
    await mkdir(path, { mode: 0o700 });
    made = true;
    for (const { name, bytes } of entries.filter((entry) => isName(entry.name))) {
      const file = join(path, name);
      await mkdir(dirname(file), { mode: 0o700, recursive: true });
      const handle = await open(file, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
      await handle.writeFile(bytes).finally(() => handle.close());
    }
  } catch (error) {
    // A part of it would be taken for the whole.
    if (made) await rm(path, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new OorError({
      code: 'unwritable-folder',
      message: `the folder ${path} cannot be made: ${WHY[code] ?? code}`,
      hint: code === 'ENOSPC' ? 'free some space, or name a place on another disk' : 'name a folder that is not there yet',
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}
