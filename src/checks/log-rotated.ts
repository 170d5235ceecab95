/** What a log was before it was rotated: `app.log.1`, `app.log.2.gz`, `app.log-20261128.zst`, `app.log.3.xz`, `app.2026-11-28.0.log.gz`. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { mapLimited } from './linux.ts';
import { COMPRESSED, isRotated } from './log-name.ts';

/** More are never looked at; those are the newest by name. */
const MOST_FILES = 1_000;

export interface RotatedFile {
  readonly path: string;
  readonly size: number;
  readonly modifiedAt: number;
  readonly compressed: boolean;
}

/** Newest first; those last written before `before` are left out. Without a right to list the folder only `FILE.1` is known. */
export async function findRotated(host: Host, path: string, before: number): Promise<readonly RotatedFile[]> {
  const cut = path.lastIndexOf('/') + 1;
  const folder = path.slice(0, cut);
  const base = path.slice(cut);
  const names = new Set(await listNames(host, folder, base));
  // While it is being compressed both are there, and the compressed one is not whole.
  const kept = [...names].filter((name) => !COMPRESSED.test(name) || !names.has(name.replace(COMPRESSED, '')));
  const files = await mapLimited(kept.sort().slice(-MOST_FILES), 8, (name) => describe(host, `${folder}${name}`));
  return files
    .flat()
    .filter(({ modifiedAt, size }) => modifiedAt >= before && size > 0)
    .toSorted((one, other) => other.modifiedAt - one.modifiedAt);
}

async function listNames(host: Host, folder: string, base: string): Promise<readonly string[]> {
  try {
    return (await host.list(folder.length > 1 ? folder.slice(0, -1) : folder || '.')).filter((name) => isRotated(name, base));
  } catch (error) {
    if (error instanceof HostError) return [`${base}.1`];
    throw error;
  }
}

async function describe(host: Host, path: string): Promise<readonly RotatedFile[]> {
  try {
    const { kind, size, modifiedAt } = await host.stat(path);
    return kind === 'file' ? [{ path, size, modifiedAt, compressed: COMPRESSED.test(path) }] : [];
  } catch (error) {
    // The log itself could be read: what lies before it is an extra.
    if (error instanceof HostError) return [];
    throw error;
  }
}
