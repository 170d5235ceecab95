import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, open } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { ExitCode, OorError } from '../errors.ts';
import { errorCode, fullError, isFull } from './file-journal.ts';

/** Where sessions are kept: OOR_STATE_DIR, else the XDG base directory (relative values of it are void, says its specification). */
export function stateDirectory({
  env,
  home,
}: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}): string {
  const own = env['OOR_STATE_DIR'];
  if (own !== undefined && own !== '') return own;
  const xdg = env['XDG_STATE_HOME'];
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.local', 'state'), 'oor');
}

/** Makes `dir` and what is missing above it, 0700 whatever the umask, each made durable. Throws when it is unsafe. */
export async function makeSafeDirectory(dir: string): Promise<void> {
  if (await checkDirectory(dir)) return;
  const parent = dirname(dir);
  if (!(await exists(parent))) await makeSafeDirectory(parent);
  try {
    await mkdir(dir, { mode: 0o700 });
    await chmod(dir, 0o700);
    await syncDirectory(parent);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  await checkDirectory(dir);
}

/** False: there is none. Throws when another user could have made it or could swap its contents. */
export async function checkDirectory(dir: string): Promise<boolean> {
  let found: Stats;
  try {
    found = await lstat(dir);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
  const danger = dangerOf(found);
  if (danger === undefined) return true;
  throw new OorError({
    code: 'unsafe-state-dir',
    message: `${dir} cannot keep sessions: ${danger}.`,
    hint: 'Name a directory of your own with --state-dir DIR or OOR_STATE_DIR, or repair this one (chmod 700).',
    exitCode: ExitCode.usage,
  });
}

/** Makes a new or removed name durable. */
export async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What an operator can act upon becomes an `OorError`; the rest is returned as it is. */
export function stateError(error: unknown, path: string): unknown {
  if (isFull(error)) return fullError(path, error);
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'ELOOP', 'EIO'].includes(errorCode(error))) return error;
  return new OorError({
    code: 'state-dir-unusable',
    message: `Sessions cannot be kept in ${path}: ${error instanceof Error ? error.message : String(error)}.`,
    hint: 'Name a directory of your own with --state-dir DIR or OOR_STATE_DIR.',
    exitCode: ExitCode.usage,
    cause: error,
  });
}

function dangerOf(found: Stats): string | undefined {
  if (found.isSymbolicLink()) return 'it is a symbolic link';
  if (!found.isDirectory()) return 'it is not a directory';
  if (found.uid !== process.getuid?.()) return `it belongs to another user (uid ${found.uid})`;
  if ((found.mode & 0o002) !== 0) return 'everybody may write to it';
  if ((found.mode & 0o020) !== 0 && found.gid !== process.getgid?.()) return `a group of others may write to it (gid ${found.gid})`;
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
