/** The mount table: parsing /proc/self/mountinfo (which never blocks) and choosing what a check is about. */

export interface Mount {
  readonly id: number;
  readonly parentId: number;
  /** major:minor: the same for all mounts of one file system. */
  readonly device: string;
  /** The part of the file system that is mounted; other than `/` for a bind mount. */
  readonly root: string;
  readonly mountPoint: string;
  readonly type: string;
  readonly source: string;
  /** Options of this mount. */
  readonly options: readonly string[];
  /** Options of the file system behind it. */
  readonly superOptions: readonly string[];
}

/** Every mount that a path can reach, in the order of the table: not one that another covers, on its place or above. */
export function parseMounts(mountinfo: string): readonly Mount[] {
  const all = mountinfo.split('\n').flatMap((line) => parseLine(line) ?? []);
  const ids = new Set(all.map(({ id }) => id));
  const children = new Map<number | undefined, Mount[]>();
  for (const mount of all) {
    const parent = ids.has(mount.parentId) && mount.parentId !== mount.id ? mount.parentId : undefined;
    const siblings = children.get(parent);
    if (siblings) siblings.push(mount);
    else children.set(parent, [mount]);
  }
  return all.filter((mount) => walkTo(children, mount.mountPoint) === mount);
}

/** As the kernel walks a path: at each mount it meets the mount nearest to it first, the latest one where several share a place. */
function walkTo(children: ReadonlyMap<number | undefined, readonly Mount[]>, path: string): Mount | undefined {
  let here: Mount | undefined;
  for (;;) {
    const next = (children.get(here?.id) ?? [])
      .filter(({ mountPoint }) => isWithin(path, mountPoint))
      .reduce<Mount | undefined>((best, each) => (best && best.mountPoint.length < each.mountPoint.length ? best : each), undefined);
    if (!next) return here;
    here = next;
  }
}

/** The mount that holds an absolute path without symbolic links. */
export function mountHolding(mounts: readonly Mount[], path: string): Mount | undefined {
  return mounts
    .filter(({ mountPoint }) => isWithin(path, mountPoint))
    .reduce<Mount | undefined>((best, mount) => (best && best.mountPoint.length > mount.mountPoint.length ? best : mount), undefined);
}

/** Mounts that hold data of their own and can be written, one a file system: what can run full. */
export function writableMounts(mounts: readonly Mount[]): readonly Mount[] {
  return oncePerDevice(
    mounts.filter((mount) => isReal(mount) && !isReadOnlyByDesign(mount) && !isReadOnly(mount) && !isSystemMemory(mount)),
  );
}

/** Mounts whose file system waits for something else (a disk, a server, a daemon), one a file system: what can hang. */
export function mountsThatCanHang(mounts: readonly Mount[]): readonly Mount[] {
  return oncePerDevice(mounts.filter((mount) => isReal(mount) && !isInMemory(mount)));
}

/** Mounts that were meant to be written unless someone asked otherwise. */
export function mountsMadeForWriting(mounts: readonly Mount[]): readonly Mount[] {
  return mounts.filter((mount) => isReal(mount) && !isReadOnlyByDesign(mount) && !isSystemMemory(mount));
}

function isReadOnly(mount: Mount): boolean {
  return mount.options.includes('ro') || mount.superOptions.includes('ro');
}

const PSEUDO_TYPES = new Set(
  (
    'autofs binder binfmt_misc bpf cgroup cgroup2 configfs cpuset debugfs devpts devtmpfs efivarfs fusectl fuse.gvfsd-fuse fuse.lxcfs fuse.portal ' +
    'hugetlbfs mqueue nfsd nsfs pipefs proc pstore rootfs rpc_pipefs securityfs selinuxfs smackfs sockfs sysfs tracefs'
  ).split(' '),
);
const READ_ONLY_TYPES = new Set(['cramfs', 'erofs', 'fuse.snapfuse', 'fuse.squashfuse', 'iso9660', 'romfs', 'squashfs', 'udf']);
const IN_MEMORY_TYPES = new Set(['ramfs', 'tmpfs']);
const SYSTEM_PLACES = /^\/(?:dev|proc|run|sys|var\/run|var\/lock|var\/lib\/(?:containers|docker|kubelet))(?:\/|$)/;
/** Files that container engines bind from the host's disk. */
const ENGINE_FILES = new Set(['/etc/hosts', '/etc/hostname', '/etc/resolv.conf']);

/** Layers of other containers show the numbers of the disk below them, so of overlays only the root counts. */
function isReal({ type, mountPoint }: Mount): boolean {
  return !PSEUDO_TYPES.has(type) && !ENGINE_FILES.has(mountPoint) && (type !== 'overlay' || mountPoint === '/');
}

function isReadOnlyByDesign({ type, superOptions }: Mount): boolean {
  return READ_ONLY_TYPES.has(type) || (type === 'overlay' && !superOptions.some((option) => option.startsWith('upperdir=')));
}

function isInMemory({ type }: Mount): boolean {
  return IN_MEMORY_TYPES.has(type);
}

/** /dev/shm, /run and the like; one that matters is declared as a path. */
function isSystemMemory(mount: Mount): boolean {
  return isInMemory(mount) && SYSTEM_PLACES.test(mount.mountPoint);
}

/** The shortest path stands for its file system. */
function oncePerDevice(mounts: readonly Mount[]): readonly Mount[] {
  const chosen = new Map<string, Mount>();
  for (const mount of mounts) {
    const seen = chosen.get(mount.device);
    if (!seen || mount.mountPoint.length < seen.mountPoint.length) chosen.set(mount.device, mount);
  }
  return [...chosen.values()];
}

function isWithin(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

/** proc(5): `36 35 98:0 /root /mount/point options [tags...] - type source superOptions`. */
function parseLine(line: string): Mount | undefined {
  const [head, tail] = line.split(' - ');
  const [id, parentId, device, root, mountPoint, options] = head?.split(' ') ?? [];
  const [type, source, superOptions] = tail?.split(' ') ?? [];
  if (!device || !root || !mountPoint || !options || !type) return undefined;
  return {
    id: Number(id),
    parentId: Number(parentId),
    device,
    root: unescapeOctal(root),
    mountPoint: unescapeOctal(mountPoint),
    type,
    source: unescapeOctal(source ?? ''),
    options: options.split(','),
    superOptions: (superOptions ?? '').split(','),
  };
}

/** Spaces, tabs, newlines and backslashes are written as \040 and so on. */
export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
