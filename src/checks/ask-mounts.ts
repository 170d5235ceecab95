/** Asks file systems for their numbers, each in its own killable child: one hung mount must not stop the others. */
import { HostError } from '../errors.ts';
import type { FilesystemStat, Host } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import { mapLimited, requireLinux } from './linux.ts';
import { type Mount, mountHolding, parseMounts } from './parse-mounts.ts';
import { type Infer, v } from './schema.ts';

/** `path` of the checks about file systems: one path or several, each standing for the mount that holds it. */
export const pathParam = v.optional(v.union([absolutePath(), v.array(absolutePath())], 'expected an absolute path or a list of them'));
export type PathParam = Infer<typeof pathParam>;

type MountContext = Pick<ProbeContext, 'host' | 'timeoutMs'>;

export interface ChosenMount {
  readonly mount: Mount;
  /** The paths of the parameters that led here; empty when nobody named it. */
  readonly paths: readonly string[];
}

export interface AskedMount extends ChosenMount {
  readonly answer: 'answered' | 'hung' | 'failed';
  readonly stat?: FilesystemStat;
  readonly error?: string;
  readonly unlock?: string;
}

/** The mounts that hold the declared paths, or without any the mounts that `choose` takes from the table. */
export async function chooseMounts(
  { host, timeoutMs }: MountContext,
  path: PathParam,
  choose: (mounts: readonly Mount[]) => readonly Mount[],
): Promise<readonly ChosenMount[]> {
  requireLinux(host);
  const mounts = parseMounts((await host.readFile('/proc/self/mountinfo')).text);
  const declared = path === undefined ? [] : [path].flat();
  if (declared.length === 0) return choose(mounts).map((mount) => ({ mount, paths: [] }));
  const holders = new Map<Mount, string[]>();
  for (const [index, real] of (await mapLimited(declared, 4, (each) => realPath(host, mounts, each, answerWithin(timeoutMs)))).entries()) {
    const holder = mountHolding(mounts, real);
    if (!holder) throw new HostError('not-found', `no mount holds ${declared[index]}`);
    holders.set(holder, [...(holders.get(holder) ?? []), declared[index] as string]);
  }
  return [...holders].map(([mount, paths]) => ({ mount, paths }));
}

export async function askMounts({ host, timeoutMs }: MountContext, chosen: readonly ChosenMount[]): Promise<readonly AskedMount[]> {
  return mapLimited(chosen, 32, (each) => askMount(host, each, answerWithin(timeoutMs)));
}

/** A mount that stays silent for this long is hung: 2 s, less where the probe has little time itself. */
export function answerWithin(timeoutMs: number): number {
  return Math.min(2_000, Math.floor(timeoutMs / 3));
}

async function askMount(host: Host, chosen: ChosenMount, withinMs: number): Promise<AskedMount> {
  try {
    const stat = await host.statFilesystem(chosen.mount.mountPoint, { timeoutMs: withinMs });
    return stat ? { ...chosen, answer: 'answered', stat } : { ...chosen, answer: 'hung' };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.reason === 'timed-out') return { ...chosen, answer: 'hung' };
    return { ...chosen, answer: 'failed', error: error.message, ...(error.unlock === undefined ? {} : { unlock: error.unlock }) };
  }
}

/** Follows symbolic links, so that /var/lib/app -> /data/app is asked of the right mount. A path that cannot be followed stands as written. */
async function realPath(host: Host, mounts: readonly Mount[], path: string, timeoutMs: number): Promise<string> {
  const plain = path.length > 1 ? path.replace(/\/+$/, '') || '/' : path;
  if (mounts.some(({ mountPoint }) => mountPoint === plain)) return plain;
  try {
    const { exitCode, stdout } = await host.run(['readlink', '-f', '--', plain], { timeoutMs });
    const answer = stdout.replace(/\n$/, '');
    return exitCode === 0 && answer.startsWith('/') ? answer : plain;
  } catch (error) {
    if (error instanceof HostError) return plain;
    throw error;
  }
}

function absolutePath() {
  return v.pipe(v.string(), v.startsWith('/', 'expected an absolute path'));
}
