import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ExitCode, OorError } from '../errors.ts';
import { syncDirectory } from './file-state-dir.ts';

/**
 * A new file beside the old one, durable, then renamed over it: readers see the old text or the new one. `mode` is that of a new
 * file; one that is there keeps its own. A link is followed; a device, pipe or folder is refused, as a rename would replace it.
 */
export async function writeFileAtomically(path: string, text: string, mode: number): Promise<void> {
  try {
    const target = await resolveTarget(path);
    const found = await statIfThere(target);
    if (found && !found.isFile()) throw notWritable(path, 'it is not a regular file');
    const temporary = join(dirname(target), `.${basename(target).slice(0, 200)}.${randomBytes(6).toString('hex')}.tmp`);
    await writeDurably(temporary, text, found ? found.mode & 0o777 : mode);
    try {
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncDirectory(dirname(target));
  } catch (error) {
    if (error instanceof OorError) throw error;
    throw notWritable(path, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}

async function resolveTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return path;
    throw error;
  }
}

async function statIfThere(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.chmod(mode);
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

function notWritable(path: string, why: string): OorError {
  return new OorError({
    code: 'unwritable-file',
    message: `${path} cannot be written: ${why}`,
    hint: 'check the path, its folder and their permissions',
    exitCode: ExitCode.usage,
  });
}
