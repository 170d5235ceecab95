/** Evidence as one .tar.gz file. */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Archives } from '../ports.ts';
import { createNew, mayCreate } from './atomic-file.ts';
import { readJournal, writeJournal } from './file-journal-line.ts';
import { gunzipBounded, gzipMembers } from './gzip-members.ts';
import { createFolder } from './new-folder.ts';
import { readTar, writeTar } from './tar.ts';

/** `isName`: which entries a bundle may have. */
export function createArchives(isName: (name: string) => boolean): Archives {
  return {
    pack: (entries) => gzipMembers(writeTar(entries)),
    async unpack(bytes) {
      const { bytes: tar, stopped } = gunzipBounded(bytes);
      if (stopped && stopped.kind !== 'damaged') return { entries: [], stopped: { ...stopped, at: 'archive' } };
      const unpacked = readTar(tar, isName);
      if (!stopped) return unpacked;
      // The tar ends early because the gzip does: that is where the damage is.
      const last = unpacked.entries.at(-1)?.name;
      const at = unpacked.stopped?.at ?? (last === undefined ? 'archive' : `after ${last}`);
      return { entries: unpacked.entries, stopped: { kind: 'damaged', at, reason: stopped.reason } };
    },
    gunzip(bytes, maxBytes) {
      try {
        return gunzipSync(bytes, { maxOutputLength: maxBytes });
      } catch {
        return undefined;
      }
    },
    sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    readJournal,
    writeJournal,
    mayCreate,
    writeNew: createNew,
    writeFolder: (path, entries) => createFolder(path, entries, isName),
  };
}
