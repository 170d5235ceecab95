import { type AskedMount, askMounts, chooseMounts, pathParam } from './ask-mounts.ts';
import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { showLimit, worstOf } from './limit.ts';
import { round } from './linux.ts';
import { writableMounts } from './parse-mounts.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 90, crit: 98, unit: '%', source: 'Netdata disks.conf', clear: { warn: 80, crit: 90 } };
/** These make inodes as they need them; their totals mean nothing. */
const DYNAMIC_TYPES = new Set(['bcachefs', 'btrfs', 'f2fs', 'xfs', 'zfs']);

const params = strictObject({ path: pathParam });
const filesystem = v.object({
  mount: v.string(),
  paths: v.array(v.string()),
  type: v.string(),
  answer: v.picklist(['answered', 'hung', 'failed']),
  error: v.optional(v.string()),
  unlock: v.optional(v.string()),
  /** False: inodes are made on demand, or not counted at all. */
  counted: v.boolean(),
  totalInodes: v.number(),
  freeInodes: v.number(),
  usedPercent: v.number(),
});
const facts = v.object({ observedAt: v.number(), filesystems: v.array(filesystem) });
type Facts = Infer<typeof facts>;
type Filesystem = Infer<typeof filesystem>;

export const diskInodes = defineCheck({
  id: 'disk.inodes',
  phase: 'hardware',
  title: { en: 'Inodes', 'zh-CN': 'inode 用量' },
  params,
  facts,
  thresholds: THRESHOLDS,
  timeoutMs: 10_000,
  messages: {
    ok: { en: '{mount} uses {used} % of its inodes', 'zh-CN': '{mount} 的 inode 已用 {used} %' },
    filling: { en: '{mount} uses {used} % of its inodes, {free} left', 'zh-CN': '{mount} 的 inode 已用 {used} %，剩余 {free} 个' },
    full: { en: '{mount} is out of inodes: {used} % used, {free} left', 'zh-CN': '{mount} 的 inode 已耗尽：已用 {used} %，剩余 {free} 个' },
    hung: {
      en: '{mount} did not answer within 2 s; its inodes cannot be told',
      'zh-CN': '{mount} 在 2 秒内没有应答，无法得知其 inode 用量',
    },
    unreadable: { en: '{mount} could not be asked: {error}', 'zh-CN': '无法查询 {mount}:{error}' },
    none: { en: 'no file system with a fixed number of inodes', 'zh-CN': '没有 inode 数量固定的文件系统' },
  },
  example: { path: '/var/lib/paygw' },
  async probe({ path }, context) {
    const asked = await askMounts(context, await chooseMounts(context, path, writableMounts));
    return { observedAt: context.host.now().wallMs, filesystems: asked.map(describeInodes) };
  },
  judge: judgeInodes,
});

function describeInodes({ mount, paths, answer, stat, error, unlock }: AskedMount): Filesystem {
  const totalInodes = stat?.totalInodes ?? 0;
  const freeInodes = stat?.freeInodes ?? 0;
  const counted = totalInodes > 0 && !DYNAMIC_TYPES.has(mount.type);
  return {
    mount: mount.mountPoint,
    paths: [...paths],
    type: mount.type,
    answer,
    ...(error === undefined ? {} : { error }),
    ...(unlock === undefined ? {} : { unlock }),
    counted,
    totalInodes,
    freeInodes,
    usedPercent: counted ? ((totalInodes - freeInodes) / totalInodes) * 100 : 0,
  };
}

function judgeInodes({ filesystems }: Facts, _params: unknown, thresholds: Thresholds = THRESHOLDS): Judgement {
  const worst = worstOf(
    filesystems.filter(({ counted }) => counted),
    ({ usedPercent, mount }) => ({ value: usedPercent, grade: gradeAbove(usedPercent, thresholds, mount) }),
  );
  const grade = worst ? gradeAbove(worst.usedPercent, thresholds, worst.mount) : 'ok';
  const silent = filesystems.find(({ answer, type }) => answer === 'hung' && !DYNAMIC_TYPES.has(type));
  const refused = filesystems.find(({ answer, paths }) => answer === 'failed' && paths.length > 0);
  if (grade === 'ok' && silent) {
    return {
      status: 'unknown',
      code: 'hung',
      data: { mount: silent.mount },
      unlock: `bring ${silent.mount} back, or unmount it with umount -l`,
    };
  }
  if (grade === 'ok' && refused) {
    return {
      status: 'unknown',
      code: 'unreadable',
      data: { mount: refused.mount, error: refused.error ?? '' },
      unlock: refused.unlock ?? 'run as root',
    };
  }
  if (!worst) return { status: 'not-applicable', code: 'none' };
  return {
    status: grade,
    code: { ok: 'ok', warn: 'filling', fail: 'full' }[grade],
    item: worst.mount,
    data: { mount: worst.mount, used: round(worst.usedPercent), free: worst.freeInodes },
    ...showLimit(round(worst.usedPercent), thresholds, grade),
  };
}
