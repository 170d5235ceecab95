import { lstatSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readMonoMs } from './clock.ts';
import { isProcFile } from './local-proc.ts';

export interface Mount {
  readonly point: string;
  readonly type: string;
  /** major:minor */
  readonly device: string;
  readonly source: string;
}

export interface Location {
  /** Absolute; links resolved when `inProcess`. */
  readonly path: string;
  /** False: a look at the path may never return, so only a killable child may take it. */
  readonly inProcess: boolean;
}

/** Kernel memory; they answer always. */
const MEMORY_TYPES: ReadonlySet<string> = new Set([
  ...['proc', 'sysfs', 'devtmpfs', 'devpts', 'tmpfs', 'ramfs', 'cgroup', 'cgroup2', 'securityfs', 'debugfs', 'tracefs', 'pstore', 'bpf'],
  ...['efivarfs', 'configfs', 'mqueue', 'hugetlbfs'],
]);
const DISK_TYPES: ReadonlySet<string> = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'overlay',
  'squashfs',
  'zfs',
  'f2fs',
  'vfat',
  'erofs',
]);
const CACHE_MS = 1_000;
/** As the kernel: more links than this are a loop. */
const MAX_LINKS = 40;

let cached: { readonly at: number; readonly mounts: Promise<readonly Mount[]> } | undefined;
let known: { readonly at: number; readonly mounts: readonly Mount[] } | undefined;

/** Where a path leads, found without touching any filesystem that may hang. */
export async function locate(path: string): Promise<Location> {
  const mounts = await readMounts();
  if (isProcFile(path)) return { path, inProcess: isKernelProc(mounts) || answersAlways(path, mounts) };
  return resolveWithin(resolve(path), mounts);
}

/** As `locate` says of a file of /proc, where the mounts are known already. */
export function isKernelProcNow(): boolean {
  return known !== undefined && readMonoMs() - known.at <= CACHE_MS && isKernelProc(known.mounts);
}

let judged: { readonly mounts: readonly Mount[]; readonly kernel: boolean } | undefined;

/** Nothing but kernel memory at /proc and beneath it; a container may have files of a FUSE daemon there (lxcfs). */
function isKernelProc(mounts: readonly Mount[]): boolean {
  if (judged?.mounts !== mounts) {
    const beneath = mounts.filter(({ point }) => point.startsWith('/proc/'));
    judged = { mounts, kernel: answersAlways('/proc', mounts) && beneath.every(({ type }) => MEMORY_TYPES.has(type)) };
  }
  return judged.kernel;
}

/** The mount table never blocks, unlike a look at what is mounted. */
function readMounts(): Promise<readonly Mount[]> {
  const now = readMonoMs();
  if (!cached || now - cached.at > CACHE_MS)
    cached = { at: now, mounts: readFile('/proc/self/mountinfo', 'utf8').then(parseMounts, () => []) };
  const { at, mounts } = cached;
  return mounts.then((found) => {
    known = { at, mounts: found };
    return found;
  });
}

/** `36 35 98:0 /root /point options fields... - type source superoptions`, see proc(5). */
export function parseMounts(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [left, right] = line.split(' - ');
    const fields = left?.split(' ') ?? [];
    const [type = '', source = ''] = right?.split(' ') ?? [];
    const [, , device = '', , point] = fields;
    return point === undefined ? [] : [{ point: decodeOctal(point), type, device, source: decodeOctal(source) }];
  });
}

function decodeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_whole, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * Follows links by hand: a link on the root disk may lead to a dead mount. Each component is read only when all mounts
 * on the way to it can be trusted, so these calls are as safe as the disk that this program itself was loaded from.
 */
export function resolveWithin(path: string, mounts: readonly Mount[]): Location {
  let resolved = '';
  const rest = path.split('/').filter(Boolean);
  let links = 0;
  while (rest.length > 0) {
    const next = `${resolved}/${rest.shift()}`;
    if (!answersAlways(next, mounts)) return { path, inProcess: false };
    const target = readLink(next);
    if (target === undefined) {
      resolved = next;
      continue;
    }
    // The magic links of /proc (cwd, root, fd/3) lead elsewhere than their text says.
    if (next.startsWith('/proc/') && (target.startsWith('/') || target.includes(':['))) return { path, inProcess: false };
    links += 1;
    if (links > MAX_LINKS) return { path, inProcess: true };
    rest.unshift(
      ...resolve(resolved || '/', target)
        .split('/')
        .filter(Boolean),
    );
    resolved = '';
  }
  return { path: resolved || '/', inProcess: answersAlways(resolved || '/', mounts) };
}

/** undefined: no link, or nothing there; the real operation then says so. */
function readLink(path: string): string | undefined {
  try {
    // Asking first is ten times cheaper than the error of reading what is no link.
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * True when every mount on the way is kernel memory or the disk that holds the root. A second disk (a SAN volume, a USB disk) may be
 * stuck while the root is well; when the root itself is stuck, this program does not run either.
 */
function answersAlways(path: string, mounts: readonly Mount[]): boolean {
  const root = mounts.findLast(({ point }) => point === '/');
  const onTheWay = mounts.filter(({ point }) => point === '/' || path === point || path.startsWith(`${point}/`));
  return (
    onTheWay.length > 0 &&
    onTheWay.every((mount) => MEMORY_TYPES.has(mount.type) || (DISK_TYPES.has(mount.type) && isSameDisk(mount, root)))
  );
}

function isSameDisk(mount: Mount, root: Mount | undefined): boolean {
  return root !== undefined && (mount.device === root.device || (mount.source === root.source && mount.source.startsWith('/')));
}
