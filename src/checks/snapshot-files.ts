/** Files and folders as a snapshot keeps them: hashes, owners, modes; never contents. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { mapLimited } from './linux.ts';
import { eachItem, type Item, type Section } from './snapshot-section.ts';

/** Files of one folder, deep. */
const MAX_FILES = 500;
const MAX_DEPTH = 5;

export async function describeFiles(host: Host, paths: readonly string[]): Promise<Section> {
  const expanded = await Promise.all([...new Set(paths)].map((path) => expand(host, path, 0)));
  const files = [...new Set(expanded.flatMap(({ files: found }) => found))];
  const section = await eachItem(
    files,
    (path) => path,
    async (path) => await describeFile(host, path),
  );
  const closed = Object.entries(section.items).filter(([, item]) => item['sha256'] === null);
  const contents = closed.map(([path]) => ({
    item: `content of ${path}`,
    why: 'not allowed to read it',
    unlock: 'run as root, or as the owner of the file',
  }));
  return { ...section, asked: [...new Set(paths)], unseen: [...section.unseen, ...contents, ...expanded.flatMap(({ unseen }) => unseen)] };
}

interface Expanded {
  readonly files: readonly string[];
  readonly unseen: Section['unseen'];
}

/** A folder stands for the files in it. What is not there is left out: that it is gone shows against the earlier snapshot. */
async function expand(host: Host, path: string, depth: number): Promise<Expanded> {
  try {
    const { kind } = await host.stat(path);
    if (kind === 'file') return { files: [path], unseen: [] };
    if (kind !== 'directory') return { files: [], unseen: [] };
    if (depth >= MAX_DEPTH) return { files: [], unseen: [{ item: path, why: 'too deep', unlock: 'name the files in the profile' }] };
    const names = [...(await host.list(path))].sort();
    const below = await mapLimited(names.slice(0, MAX_FILES), 16, (name) => expand(host, `${path.replace(/\/$/, '')}/${name}`, depth + 1));
    const files = below.flatMap((found) => found.files);
    const more = names.length > MAX_FILES || files.length > MAX_FILES;
    const limit = more ? [{ item: path, why: `more than ${MAX_FILES} files`, unlock: 'name the files in the profile' }] : [];
    return { files: files.slice(0, MAX_FILES), unseen: [...below.flatMap((found) => found.unseen), ...limit] };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.reason === 'not-found') return { files: [], unseen: [] };
    return { files: [], unseen: [{ item: path, why: error.message, unlock: error.unlock ?? 'run as root' }] };
  }
}

async function describeFile(host: Host, path: string): Promise<Item> {
  const { size, mode, uid, gid, modifiedAt } = await host.stat(path);
  const item = { size, mode: `0${mode.toString(8)}`, owner: `${uid}:${gid}`, modified_at: new Date(modifiedAt).toISOString() };
  try {
    return { sha256: await host.hashFile(path), ...item };
  } catch (error) {
    if (error instanceof HostError && error.reason === 'no-permission') return { sha256: null, ...item };
    throw error;
  }
}
