import { chooseMounts, pathParam } from './ask-mounts.ts';
import { defineCheck, type Judgement } from './check.ts';
import { readIfThere } from './linux.ts';
import { mountsMadeForWriting, unescapeOctal } from './parse-mounts.ts';
import { type Infer, strictObject, v } from './schema.ts';

const SOURCE = 'node-problem-detector readonly-monitor.json';

const params = strictObject({ path: pathParam });
const mountFacts = v.object({
  mount: v.string(),
  paths: v.array(v.string()),
  type: v.string(),
  source: v.string(),
  /** The mount itself is read-only: how someone asked for it. */
  mountReadOnly: v.boolean(),
  /** The file system is read-only: also when the kernel turned it so after an error. */
  filesystemReadOnly: v.boolean(),
  /** The kernel has stopped the file system (`shutdown`, `emergency_ro`). */
  stopped: v.boolean(),
  /** What /etc/fstab wants; `unknown` when it has no line for this mount. */
  declared: v.picklist(['rw', 'ro', 'unknown']),
});
const facts = v.object({ observedAt: v.number(), mounts: v.array(mountFacts) });
type Facts = Infer<typeof facts>;
type MountFacts = Infer<typeof mountFacts>;

export const fsReadonly = defineCheck({
  id: 'fs.readonly',
  phase: 'hardware',
  title: { en: 'Read-only file systems', 'zh-CN': '只读文件系统' },
  params,
  facts,
  messages: {
    ok: {
      en: 'all {count|file system meant for writing is|file systems meant for writing are} writable',
      'zh-CN': '{count} 个应可写的文件系统均可写',
    },
    'remounted-readonly': {
      en: '{mount} ({source}) turned read-only: the kernel does that after a disk or file system error',
      'zh-CN': '{mount}（{source}）已变为只读：内核在磁盘或文件系统出错后会这样做',
    },
    stopped: { en: '{mount} ({source}) was stopped by the kernel after an error', 'zh-CN': '{mount}（{source}）出错后已被内核停用' },
    'mounted-readonly': {
      en: '{mount} ({source}) is mounted read-only, but {want} needs to write there',
      'zh-CN': '{mount}（{source}）以只读方式挂载，但 {want} 需要写入',
    },
    none: { en: 'no file system meant for writing', 'zh-CN': '没有需要写入的文件系统' },
  },
  example: { path: '/var/lib/paygw' },
  async probe({ path }, context) {
    const { host } = context;
    const chosen = await chooseMounts(context, path, mountsMadeForWriting);
    const fstab = parseFstab((await readIfThere(host, '/etc/fstab')) ?? '');
    return {
      observedAt: host.now().wallMs,
      mounts: chosen.map(({ mount, paths }) => ({
        mount: mount.mountPoint,
        paths: [...paths],
        type: mount.type,
        source: mount.source,
        mountReadOnly: mount.options.includes('ro'),
        filesystemReadOnly: mount.superOptions.includes('ro'),
        stopped: mount.superOptions.some((option) => option === 'shutdown' || option === 'emergency_ro'),
        declared: fstab.get(mount.mountPoint) ?? 'unknown',
      })),
    };
  },
  judge: judgeReadonly,
});

function parseFstab(text: string): ReadonlyMap<string, 'rw' | 'ro'> {
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  return new Map(
    lines.flatMap((line) => {
      const [, mountPoint, , options] = line.trim().split(/\s+/);
      return mountPoint?.startsWith('/') ? [[unescapeOctal(mountPoint), options?.split(',').includes('ro') ? 'ro' : 'rw'] as const] : [];
    }),
  );
}

function judgeReadonly({ mounts }: Facts): Judgement {
  if (mounts.length === 0) return { status: 'not-applicable', code: 'none' };
  const bad = mounts.flatMap((mount) => {
    const code = faultOf(mount);
    return code ? [{ ...mount, code }] : [];
  });
  const first = bad.find(({ paths }) => paths.length > 0) ?? bad[0];
  const bound = { unit: 'mounts', threshold: 0, thresholdSource: SOURCE };
  if (!first) return { status: 'ok', code: 'ok', data: { count: mounts.length }, value: 0, ...bound };
  const { mount, source, code, paths } = first;
  return { status: 'fail', code, data: { mount, source, want: paths[0] ?? '/etc/fstab' }, value: bad.length, ...bound };
}

function faultOf({ stopped, mountReadOnly, filesystemReadOnly, declared, paths }: MountFacts): string | undefined {
  if (stopped) return 'stopped';
  if (filesystemReadOnly && !mountReadOnly) return 'remounted-readonly';
  return (mountReadOnly || filesystemReadOnly) && (declared === 'rw' || paths.length > 0) ? 'mounted-readonly' : undefined;
}
