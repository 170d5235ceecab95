/** Keys of pseudonyms. One of a process is never written; one of an incident stays in the state folder, so that a name keeps its pseudonym. */
import { createHmac, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSafeDirectory } from './file-state-dir.ts';

const KEY_BYTES = 32;
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
/** 60 bits: two of a million values share one with a chance of 1 in 2 million. */
const LENGTH = 12;

/** A keyed name for a value. Without the key nobody can try out values: there are few card numbers. */
export function createPseudonym(key: Uint8Array): (kind: string, value: string) => string {
  const known = new Map<string, string>();
  return (kind, value) => {
    const text = `${kind}\0${value}`;
    const before = known.get(text);
    if (before !== undefined) return before;
    const digest = createHmac('sha256', key).update(text).digest();
    const name = Array.from(digest.subarray(0, LENGTH), (byte) => ALPHABET[byte & 31]).join('');
    if (known.size < 100_000) known.set(text, name);
    return name;
  };
}

/** Of this process only. */
export function randomKey(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/** Of an incident: made when it is first asked for, and the same from then on. */
export async function incidentKey(stateDir: string, incident: string): Promise<Uint8Array> {
  const folder = join(stateDir, 'pseudonym-keys');
  await makeSafeDirectory(folder);
  // The incident's name is somebody's text and becomes no path.
  const path = join(folder, createHmac('sha256', 'oor incident').update(incident).digest('hex').slice(0, 32));
  try {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
    try {
      await file.writeFile(randomKey());
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return await readFile(path);
}
