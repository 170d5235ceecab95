/** Texts beside a journal, each in a file that is called by its digest: the same text is there once. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './file-journal.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;
const FOLDER = 'evidence';
/** SHA-256 in base64url; also keeps a digest from being a path. */
const DIGEST = /^[\w-]{43}$/;

/** `known`: digests that this process has kept or found, which spares looking again. */
export async function keepEvidence(dir: string, text: string, known: Set<string>): Promise<string> {
  const digest = digestOf(text);
  if (known.has(digest)) return digest;
  if (known.size === 0) await makeFolder(join(dir, FOLDER));
  const path = join(dir, FOLDER, digest);
  try {
    await writeNew(path, text);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    // Kept by a process before this one; or begun, and not finished.
    if ((await readEvidence(dir, digest)) === undefined) {
      await rm(path, { force: true });
      await writeNew(path, text);
    }
  }
  known.add(digest);
  return digest;
}

/** What is left of one that could not be finished goes. */
async function writeNew(path: string, text: string): Promise<void> {
  const handle = await open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
  try {
    await handle.writeFile(text);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

export async function readEvidence(dir: string, digest: string): Promise<string | undefined> {
  if (!DIGEST.test(digest)) return undefined;
  try {
    const handle = await open(join(dir, FOLDER, digest), O_RDONLY | O_NOFOLLOW);
    try {
      const text = await handle.readFile('utf8');
      return digestOf(text) === digest ? text : undefined;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error))) return undefined;
    throw error;
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
    await chmod(folder, 0o700);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
