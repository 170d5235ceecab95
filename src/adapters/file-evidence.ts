/** Texts beside a journal, each in a file that is called by its digest: the same text is there once. */
import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './file-journal.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;
const FOLDER = 'evidence';
/** SHA-256 in base64url; also keeps a digest from being a path. */
const DIGEST = /^[\w-]{43}$/;

/** Whole or not at all under its name. */
export async function keepEvidence(dir: string, text: string): Promise<string> {
  const digest = digestOf(text);
  const folder = join(dir, FOLDER);
  await makeFolder(folder);
  const path = join(folder, digest);
  if ((await readEvidence(dir, digest)) !== undefined) return digest;
  const temporary = join(folder, `.${randomBytes(6).toString('hex')}`);
  const handle = await open(temporary, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
  try {
    await handle.writeFile(text);
    await handle.close();
    await rename(temporary, path);
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  }
  return digest;
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
