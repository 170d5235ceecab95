import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { askMounts, chooseMounts } from './ask-mounts.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { formatBytes, round } from './linux.ts';
import { type Mount, mountHolding, parseMounts, writableMounts } from './parse-mounts.ts';
import { type Infer, strictObject, v } from './schema.ts';

const NEW_WITHIN_MINUTES = 24 * 60;
const LEAST_BYTES = 1024 ** 2;
/** New files of this share of the file system are what filled it. */
const LARGE_SHARE = 5;
const NAMED = 10;
/** A file system of millions of files is not read to its end in an incident; what was met until then counts. */
const WALK_SECONDS = 6;
const CUT_OFF = 124;
/** What must be left at the new place after the largest of them has come. */
const ROOM_KEPT_BYTES = 512 * 1024 ** 2;
const PLACES = ['/var/tmp', '/tmp', '/home', '/root', '/var', '/srv', '/opt'];
/** Made by people and tools on the side: dumps, archives, cores, captures, old logs. */
const SIDE_PRODUCT =
  /(^|[._-])(backup|bak|dump|core|heapdump|copy|old|orig|tmp|temp|trace|debug|capture|export|test)([._-]|\d|$)|\.(tar|tgz|gz|bz2|xz|zst|zip|hprof|pcap|dmp|sql|iso|img)(\.\d+)?$|\.log[._-]\d/i;
/** What a database or a queue lives in; it may look like a side product and is none. */
const LEDGER =
  /(^|\/)(base|global|pg_\w+|spool|queue|outbox|unsent|ledger|journal|binlog|redo|undo|relay|wal)(\/|$)|\.(ibd|frm|myd|myi|rdb|aof|wal|db|sqlite\d?|mdb)$|(binlog|relay-bin|mysql-bin|ib_logfile|ibdata)/i;

const params = strictObject({
  /** Lies on the file system that is looked through. */
  path: v.optional(v.pipe(v.string(), v.startsWith('/', 'expected an absolute path')), '/'),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  mount: v.string(),
  totalBytes: v.number(),
  /** Of all that are younger than a day and larger than 1 MiB. */
  newBytes: v.number(),
  newCount: v.number(),
  /** false: time was up before every folder was looked into. */
  complete: v.boolean(),
  /** The ten largest of them. */
  files: v.array(
    v.object({
      path: v.string(),
      bytes: v.number(),
      modifiedAt: v.number(),
      /** A program has it open; null: whose files are open could not be seen. */
      open: v.nullable(v.boolean()),
      /** Nobody has it open, it has one name, and that name says dump, archive, core, old log. */
      spare: v.boolean(),
    }),
  ),
  /** A folder on another disk with room for the largest spare one; null: none, or none is needed. */
  room: v.nullable(v.string()),
});
type Facts = Infer<typeof facts>;

export const diskNewest = defineCheck<Params, Facts>({
  id: 'disk.newest',
  phase: 'hardware',
  title: { en: 'New large files', 'zh-CN': '新增的大文件' },
  params,
  facts,
  messages: {
    quiet: { en: 'new files take {size} of {mount}', 'zh-CN': '{mount} 上新增文件共 {size}' },
    grown: {
      en: '{count|new file takes|new files take} {size} of {mount}, the largest is {file} with {largest}',
      'zh-CN': '{mount} 上 {count} 个新增文件共 {size}，最大的是 {file}（{largest}）',
    },
  },
  timeoutMs: 15_000,
  example: { path: '/var/lib/paygw' },
  probe,
  judge,
});

async function probe({ path }: Params, context: ProbeContext): Promise<Facts> {
  const { host, timeoutMs } = context;
  const [chosen] = await chooseMounts(context, path, () => []);
  if (!chosen) throw new HostError('not-found', `no mount holds ${path}`);
  const [asked] = await askMounts(context, [chosen]);
  if (asked?.answer === 'hung') throw new HostError('timed-out', `${chosen.mount.mountPoint} does not answer`);
  const { mountPoint } = chosen.mount;
  const { found, complete } = await findNew(host, mountPoint, Math.min(WALK_SECONDS, Math.floor(timeoutMs / 2_000)));
  const open = found.length === 0 ? new Set<string>() : await openFiles(host, mountPoint);
  const files = found.slice(0, NAMED).map(({ links, ...file }) => ({
    ...file,
    open: open === undefined ? null : open.has(file.path),
    spare: open !== undefined && !open.has(file.path) && links === 1 && isSideProduct(file.path, mountPoint),
  }));
  const largest = files.find(({ spare }) => spare);
  return {
    observedAt: host.now().wallMs,
    mount: mountPoint,
    totalBytes: asked?.stat?.totalBytes ?? 0,
    newBytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    newCount: found.length,
    complete,
    files,
    room: largest ? await findRoom(context, chosen.mount, largest.bytes) : null,
  };
}

interface NewFile {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAt: number;
  readonly links: number;
}

/** The largest first. A folder that may not be read hides what is in it; the rest counts all the same. */
async function findNew(host: Host, mountPoint: string, seconds: number): Promise<{ found: readonly NewFile[]; complete: boolean }> {
  const size = `+${LEAST_BYTES / 1024 - 1}k`;
  const find = ['find', mountPoint, '-xdev', '-type', 'f', '-size', size, '-mmin', `-${NEW_WITHIN_MINUTES}`, '-printf', '%s %T@ %n %p\\0'];
  const { stdout, exitCode } = await host.run(['timeout', String(seconds), ...find], {
    timeoutMs: (seconds + 2) * 1000,
    maxOutputBytes: 1024 ** 2,
  });
  const files = stdout.split('\0').flatMap((line): NewFile[] => {
    const match = /^(\d+) ([\d.]+) (\d+) (\/.+)$/s.exec(line);
    if (!match) return [];
    const [bytes, seconds, links] = match.slice(1, 4).map(Number) as [number, number, number];
    return [{ path: match[4] as string, bytes, modifiedAt: Math.round(seconds * 1000), links }];
  });
  return { found: files.sort((one, other) => other.bytes - one.bytes), complete: exitCode !== CUT_OFF };
}

/** undefined: the files of other users' programs cannot be seen. */
async function openFiles(host: Host, mountPoint: string): Promise<ReadonlySet<string> | undefined> {
  const within = mountPoint === '/' ? '/*' : `${mountPoint}/*`;
  const argv = ['find', '/proc', '-mindepth', '3', '-maxdepth', '3', '-path', '/proc/[0-9]*/fd/*', '-lname', within, '-printf', '%l\\0'];
  const { stdout, stderr } = await host.run(argv, { timeoutMs: 5_000, maxOutputBytes: 1024 ** 2 });
  return /\/fd.?: .*permission denied/i.test(stderr) ? undefined : new Set(stdout.split('\0'));
}

function isSideProduct(path: string, mountPoint: string): boolean {
  const below = path.slice(mountPoint === '/' ? 0 : mountPoint.length);
  return SIDE_PRODUCT.test(below.slice(below.lastIndexOf('/') + 1)) && !LEDGER.test(below);
}

async function findRoom(context: ProbeContext, full: Mount, bytes: number): Promise<string | null> {
  const mounts = parseMounts((await context.host.readFile('/proc/self/mountinfo')).text);
  const lasting = writableMounts(mounts).filter(({ type, device }) => type !== 'tmpfs' && device !== full.device);
  const places = PLACES.flatMap((place) => {
    const mount = mountHolding(mounts, place);
    return mount && lasting.some(({ device }) => device === mount.device) ? [{ mount, paths: [place] }] : [];
  });
  const asked = await askMounts(context, places);
  const roomy = asked.find(({ stat }) => (stat?.availableBytes ?? 0) > bytes + ROOM_KEPT_BYTES);
  return roomy?.paths[0] ?? null;
}

function judge({ mount, totalBytes, newBytes, newCount, files }: Facts): Judgement {
  const share = totalBytes > 0 ? (newBytes / totalBytes) * 100 : 0;
  const [first] = files;
  const limit = { value: round(share), unit: '%', threshold: LARGE_SHARE, thresholdSource: 'a twentieth of the file system in a day' };
  if (!first || share < LARGE_SHARE) return { status: 'ok', code: 'quiet', data: { mount, size: formatBytes(newBytes) }, ...limit };
  const data = { mount, count: newCount, size: formatBytes(newBytes), file: first.path, largest: formatBytes(first.bytes) };
  return { status: 'warn', code: 'grown', data, ...limit };
}
