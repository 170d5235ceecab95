import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, link, lstat, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
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
    const temporary = nameBeside(target);
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

/**
 * A file that was not there, for the owner alone: durable beside its place, read back for `examine`, then named in one step.
 * Where `examine` throws, or anything fails, no file is left.
 */
export async function createNew(path: string, bytes: Uint8Array, examine?: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  const temporary = nameBeside(path);
  try {
    await writeDurably(temporary, bytes, 0o600);
    await examine?.(await readFile(temporary));
    await giveName(temporary, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    if (error instanceof OorError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw notWritable(path, code);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Where a file is until it is whole. */
export function nameBeside(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 200)}.${randomBytes(6).toString('hex')}.tmp`);
}

/** A hard link never replaces a file; a file system without them is asked first. */
export async function giveName(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    const there = await lstat(path).then(
      () => true,
      () => false,
    );
    if (there) throw Object.assign(new Error(`${path} is there`), { code: 'EEXIST' });
    await rename(temporary, path);
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

async function writeDurably(path: string, text: string | Uint8Array, mode: number): Promise<void> {
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

/** Before there is anything to write: false where something of this name is there. Throws where no file can be made. */
export async function mayCreate(path: string): Promise<boolean> {
  try {
    const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (found?.isDirectory()) throw notWritable(path, 'EISDIR');
    if (found) return false;
    if (!(await stat(dirname(path))).isDirectory()) throw notWritable(path, 'ENOTDIR');
    await access(dirname(path), constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof OorError) throw error;
    throw notWritable(path, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}

const WHY: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of this name',
  ENOENT: 'its folder is not there',
  ENOTDIR: 'what should be its folder is none',
  EISDIR: 'it is a folder',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'its file system is read-only',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'no space is left on the disk',
  ENAMETOOLONG: 'its name is too long',
};

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'free some space, or name a place on another disk',
  EDQUOT: 'free some space, or name a place on another disk',
  EEXIST: 'name another place: files are never replaced',
};

/** `why`: a code of the system, or words. */
export function notWritable(path: string, why: string): OorError {
  return new OorError({
    code: 'unwritable-file',
    message: `${path} cannot be written: ${WHY[why] ?? why}`,
    hint: HINTS[why] ?? 'check the path, its folder and their permissions',
    exitCode: ExitCode.usage,
  });
}
