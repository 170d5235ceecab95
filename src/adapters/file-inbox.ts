import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Inbox, Json, LeftRecord } from '../ports.ts';
import { createNew } from './atomic-file.ts';
import { errorCode } from './file-journal.ts';
import { makeSafeDirectory } from './file-state-dir.ts';

const ID = /^[a-z0-9-]{1,64}$/;
const NAME = /^(\d{1,16})-([a-z0-9-]{1,64})\.json$/;
/** Whoever leaves more than this leaves no record. */
const MAX_BYTES = 256 * 1024;

/** One file a record, `<at>-<id>.json`, whole or not there. */
export function createInbox(dir: string): Inbox {
  return {
    async leave(record) {
      if (!ID.test(record.id)) throw new TypeError(`no id of a record: ${record.id}`);
      await makeSafeDirectory(dir);
      await createNew(join(dir, `${Math.round(record.at)}-${record.id}.json`), Buffer.from(JSON.stringify(record)));
    },
    async waiting() {
      const names = (await namesIn(dir)).toSorted((one, other) => Number(one[1]) - Number(other[1]) || (one[0] < other[0] ? -1 : 1));
      const found = await Promise.all(names.map(([name]) => readRecord(join(dir, name))));
      return found.filter((record) => record !== undefined);
    },
    async discard(id) {
      const names = (await namesIn(dir)).filter((name) => name[2] === id);
      await Promise.all(names.map(([name]) => rm(join(dir, name), { force: true })));
    },
  };
}

async function namesIn(dir: string): Promise<readonly RegExpExecArray[]> {
  try {
    return (await readdir(dir)).map((name) => NAME.exec(name)).filter((match) => match !== null);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** undefined: taken in meanwhile, or no record. */
async function readRecord(path: string): Promise<LeftRecord | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    return text.length > MAX_BYTES ? undefined : asRecord(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function asRecord(value: Json): LeftRecord | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { id, at, type, data } = value as { readonly [key: string]: Json };
  if (typeof id !== 'string' || typeof at !== 'number' || typeof type !== 'string') return undefined;
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? (value as unknown as LeftRecord) : undefined;
}
