/** Folders and mounts of sandboxes that were killed before they could tidy up. */
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { detachLeftovers, startTime } from './data-mount.ts';

/** Temporary folders made with `mkdtemp(SANDBOX_DIR_PREFIX)` are swept when their process is gone; any other folder is its owner's. */
export const SANDBOX_DIR_PREFIX = 'oor-sandbox-';

interface Owner {
  readonly pid: number;
  readonly started: string | undefined;
  readonly namespace: string;
}

/** Says on disk which process this folder belongs to. */
export function claimDirectory(dir: string): void {
  mkdirSync(join(dir, 'run'), { recursive: true, mode: 0o700 });
  const owner: Owner = { pid: process.pid, started: startTime(process.pid), namespace: pidNamespace() };
  writeFileSync(join(dir, 'run', 'owner.json'), `${JSON.stringify(owner)}\n`);
}

export async function sweepLeftovers(dir: string): Promise<void> {
  await detachLeftovers();
  if (!basename(dir).startsWith(SANDBOX_DIR_PREFIX)) return;
  const parent = dirname(dir);
  for (const name of readdirSync(parent)) {
    const sibling = join(parent, name);
    if (name.startsWith(SANDBOX_DIR_PREFIX) && isAbandoned(sibling)) rmSync(sibling, { recursive: true, force: true });
  }
}

/** The living process that a folder belongs to. */
export function ownerOf(dir: string): number | undefined {
  try {
    const owner = JSON.parse(readFileSync(join(dir, 'run', 'owner.json'), 'utf8')) as Owner;
    return owner.namespace === pidNamespace() && startTime(owner.pid) === owner.started && owner.started !== undefined
      ? owner.pid
      : undefined;
  } catch {
    return undefined;
  }
}

/** Only when its owner is known, belongs to this process namespace and is gone. */
function isAbandoned(dir: string): boolean {
  try {
    const owner = JSON.parse(readFileSync(join(dir, 'run', 'owner.json'), 'utf8')) as Owner;
    return owner.namespace !== '' && owner.namespace === pidNamespace() && startTime(owner.pid) !== owner.started;
  } catch {
    return false;
  }
}

/** Pids mean something only within one namespace of one boot. */
function pidNamespace(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}
