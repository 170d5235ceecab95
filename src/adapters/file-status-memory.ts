/** One small file a check that was not ok, so that two runs at once need no lock: each file is replaced in one step. */
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RememberedStatus, StatusMemory } from '../ports.ts';
import { checkDirectory, makeSafeDirectory } from './file-state-dir.ts';

/** What was said longer ago than this says nothing about now. */
const MAX_AGE_MS = 3_600_000;
const MAX_FILES = 500;
const MAX_BYTES = 4_096;
const NAME = /^[0-9a-f]{64}\.json$/;

export function createStatusMemory({ stateDir, now = Date.now }: { readonly stateDir: string; readonly now?: () => number }): StatusMemory {
  const dir = join(stateDir, 'last-status');
  return {
    async recall() {
      try {
        if (!(await checkDirectory(dir))) return new Map();
        const names = (await readdir(dir)).filter((name) => NAME.test(name)).slice(0, MAX_FILES);
        const read = await Promise.all(names.map(async (name) => [name.slice(0, -5), await readOne(join(dir, name), now())] as const));
        return new Map(read.flatMap(([key, status]) => (status ? [[key, status] as const] : [])));
      } catch {
        return new Map();
      }
    },
    async keep(changes) {
      if (changes.size === 0) return;
      try {
        const kept = [...changes].filter(([, status]) => status !== null);
        if (kept.length > 0) await makeSafeDirectory(dir);
        else if (!(await checkDirectory(dir))) return;
        await tidy(dir, now());
        await Promise.all([...changes].slice(0, MAX_FILES).map(([key, status]) => keepOne(dir, key, status, now())));
      } catch {
        // No place to keep it: the next run judges by its bounds alone.
      }
    },
  };
}

async function readOne(path: string, nowMs: number): Promise<RememberedStatus | undefined> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) return undefined;
    const { status, item, at } = JSON.parse(await readFile(path, 'utf8')) as Readonly<Record<string, unknown>>;
    const age = typeof at === 'number' ? nowMs - at : Number.NaN;
    // A clock that was set back makes it come from the future.
    if (!(age >= 0 && age <= MAX_AGE_MS) || (status !== 'warn' && status !== 'fail')) return undefined;
    return typeof item === 'string' ? { status, item } : { status };
  } catch {
    return undefined;
  }
}

async function keepOne(dir: string, key: string, status: RememberedStatus | null, nowMs: number): Promise<void> {
  const path = join(dir, `${key}.json`);
  if (status === null) return await rm(path, { force: true });
  const draft = join(dir, `${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeFile(draft, JSON.stringify({ ...status, at: nowMs }), { flag: 'wx', mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Old files, drafts of runs that died, and whatever is more than anybody needs. */
async function tidy(dir: string, nowMs: number): Promise<void> {
  const paths = (await readdir(dir)).map((name) => join(dir, name));
  // What another run has just renamed or removed counts as new.
  const found = await Promise.all(
    paths.map(async (path) => ({
      path,
      modifiedAt: await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => nowMs,
      ),
    })),
  );
  const stale = found
    .toSorted((a, b) => b.modifiedAt - a.modifiedAt)
    .filter(({ modifiedAt }, index) => index >= MAX_FILES || nowMs - modifiedAt > MAX_AGE_MS);
  await Promise.all(stale.map(({ path }) => rm(path, { force: true })));
}
