/** How old a file is, or the newest file of a folder. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { mapLimited } from './linux.ts';

/** More would cost more than it tells; the newest by name are looked at. */
const MOST_ENTRIES = 500;

export interface AgedFile {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAt: number;
}

/** null: there is no such file, or the folder holds none. */
export async function findNewest(host: Host, path: string): Promise<AgedFile | null> {
  const stat = await statIfThere(host, path);
  if (stat === null) return null;
  if (stat.kind !== 'directory') return { path, bytes: stat.size, modifiedAt: stat.modifiedAt };
  const names = [...(await host.list(path))].sort().slice(-MOST_ENTRIES);
  const files = await mapLimited(names, 8, async (name) => {
    const each = await statIfThere(host, `${path.replace(/\/$/, '')}/${name}`);
    return each?.kind === 'file' ? [{ path: `${path.replace(/\/$/, '')}/${name}`, bytes: each.size, modifiedAt: each.modifiedAt }] : [];
  });
  return files.flat().reduce<AgedFile | null>((newest, file) => (newest && newest.modifiedAt >= file.modifiedAt ? newest : file), null);
}

async function statIfThere(host: Host, path: string) {
  try {
    return await host.stat(path);
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return null;
    throw error;
  }
}
