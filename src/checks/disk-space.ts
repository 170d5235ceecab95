import { type AskedMount, askMounts, chooseMounts, pathParam } from './ask-mounts.ts';
import { boundsNow, defineCheck, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { formatBytes, round } from './linux.ts';
import { writableMounts } from './parse-mounts.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 90, crit: 98, unit: '%', source: 'Netdata disks.conf', clear: { warn: 80, crit: 90 } };
/** With the stock thresholds a file system is full only when this little is left too: 2 % of a large disk is plenty. */
const SCARCE_BYTES = 5 * 1024 ** 3;

const params = strictObject({ path: pathParam });
const filesystem = v.object({
  mount: v.string(),
  /** The parameters' paths that live on it. */
  paths: v.array(v.string()),
  type: v.string(),
  source: v.string(),
  answer: v.picklist(['answered', 'hung', 'failed']),
  error: v.optional(v.string()),
  unlock: v.optional(v.string()),
  totalBytes: v.number(),
  availableBytes: v.number(),
  /** As df prints it, unrounded up: used / (used + available); 0 when it did not answer. */
  usedPercent: v.number(),
});
const facts = v.object({ observedAt: v.number(), filesystems: v.array(filesystem) });
type Facts = Infer<typeof facts>;
type Filesystem = Infer<typeof filesystem>;

export const diskSpace = defineCheck({
  id: 'disk.space',
  phase: 'hardware',
  title: { en: 'Disk space', 'zh-CN': '磁盘空间' },
  params,
  facts,
  thresholds: THRESHOLDS,
  timeoutMs: 10_000,
  messages: {
    ok: { en: '{mount} is {used} % used, {free} free', 'zh-CN': '{mount} 已用 {used} %，剩余 {free}' },
    filling: { en: '{mount} is {used} % used, only {free} free', 'zh-CN': '{mount} 已用 {used} %，仅剩 {free}' },
    full: { en: '{mount} is full: {used} % used, {free} free', 'zh-CN': '{mount} 已满：已用 {used} %，剩余 {free}' },
    hung: { en: '{mount} did not answer within 2 s; its space cannot be told', 'zh-CN': '{mount} 在 2 秒内没有应答，无法得知其空间' },
    unreadable: { en: '{mount} could not be asked: {error}', 'zh-CN': '无法查询 {mount}:{error}' },
    none: { en: 'no file system that can run full', 'zh-CN': '没有可能写满的文件系统' },
  },
  example: { path: '/var/lib/paygw' },
  async probe({ path }, context) {
    const asked = await askMounts(context, await chooseMounts(context, path, writableMounts));
    return { observedAt: context.host.now().wallMs, filesystems: asked.map(describeSpace) };
  },
  judge: judgeSpace,
});

function describeSpace({ mount, paths, answer, stat, error, unlock }: AskedMount): Filesystem {
  const used = stat ? stat.totalBytes - stat.freeBytes : 0;
  const usable = used + (stat?.availableBytes ?? 0);
  return {
    mount: mount.mountPoint,
    paths: [...paths],
    type: mount.type,
    source: mount.source,
    answer,
    ...(error === undefined ? {} : { error }),
    ...(unlock === undefined ? {} : { unlock }),
    totalBytes: stat?.totalBytes ?? 0,
    availableBytes: stat?.availableBytes ?? 0,
    usedPercent: usable > 0 ? (used / usable) * 100 : 0,
  };
}

function judgeSpace({ filesystems }: Facts, _params: unknown, thresholds: Thresholds = THRESHOLDS): Judgement {
  const measured = filesystems.filter(({ answer, totalBytes }) => answer === 'answered' && totalBytes > 0);
  const graded = measured.map((each) => ({ ...each, grade: gradeSpace(each, thresholds) }));
  const worst = graded.toSorted((a, b) => b.grade - a.grade || b.usedPercent - a.usedPercent)[0];
  const silent =
    filesystems.find(({ answer }) => answer === 'hung') ??
    filesystems.find(({ answer, paths }) => answer === 'failed' && (paths.length > 0 || !worst));
  if (silent && (worst?.grade ?? 0) === 0) return describeSilence(silent);
  if (!worst) return { status: 'not-applicable', code: 'none' };
  const status = (['ok', 'warn', 'fail'] as const)[worst.grade];
  return {
    status,
    code: (['ok', 'filling', 'full'] as const)[worst.grade],
    item: worst.mount,
    data: { mount: worst.mount, used: round(worst.usedPercent), free: formatBytes(worst.availableBytes), freeBytes: worst.availableBytes },
    ...showLimit(round(worst.usedPercent), thresholds, status),
  };
}

function gradeSpace({ mount, usedPercent, availableBytes }: Filesystem, limits: Thresholds): 0 | 1 | 2 {
  const { warn, crit } = boundsNow(limits, mount);
  if (usedPercent > crit && (limits.source !== THRESHOLDS.source || availableBytes < SCARCE_BYTES)) return 2;
  return usedPercent > warn ? 1 : 0;
}

function describeSilence({ mount, answer, error, unlock }: Filesystem): Judgement {
  return answer === 'hung'
    ? {
        status: 'unknown',
        code: 'hung',
        data: { mount },
        unlock: `bring ${mount} back (server, network or daemon behind it), or unmount it with umount -l`,
      }
    : { status: 'unknown', code: 'unreadable', data: { mount, error: error ?? '' }, unlock: unlock ?? 'run as root' };
}
