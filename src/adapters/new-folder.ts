import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExitCode, OorError } from '../errors.ts';
import type { ArchiveEntry } from '../ports.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** Plain files for the owner alone, in a folder that this makes: nobody can have laid a link in it. */
export async function createFolder(path: string, entries: readonly ArchiveEntry[], isName: (name: string) => boolean): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
    for (const { name, bytes } of entries.filter((entry) => isName(entry.name))) {
      const file = join(path, name);
      await mkdir(dirname(file), { mode: 0o700, recursive: true });
      const handle = await open(file, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
      await handle.writeFile(bytes).finally(() => handle.close());
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new OorError({
      code: 'unwritable-folder',
      message: `the folder ${path} cannot be made: ${code === 'EEXIST' ? 'there is something of this name' : code}`,
      hint: 'name a folder that is not there yet',
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}
