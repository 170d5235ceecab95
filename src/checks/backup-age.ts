import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { findNewest } from './file-age.ts';
import { showLimit } from './limit.ts';
import { formatBytes, formatSeconds, round } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 36, crit: 72, unit: 'h', source: 'Netdata db2_backup_age', clear: { warn: 24, crit: 48 } };

const params = strictObject({
  /** The backup, a folder of backups, or a marker that is touched after success. */
  path: v.pipe(v.string(), v.startsWith('/', 'expected an absolute path')),
  /** A smaller one is no backup. */
  min_bytes: v.nullish(v.pipe(v.number(), v.minValue(0))),
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  newest: v.nullable(v.object({ path: v.string(), bytes: v.number(), modifiedAt: v.number() })),
});
type Facts = Infer<typeof facts>;

export const backupAge = defineCheck<Params, Facts>({
  id: 'backup.age',
  phase: 'software',
  title: { en: 'Age of the last backup', 'zh-CN': '最近备份时间' },
  params,
  facts,
  thresholds: THRESHOLDS,
  messages: {
    recent: { en: 'the last backup {path} is {age} old ({size})', 'zh-CN': '最近备份 {path} 距今 {age}（{size}）' },
    old: { en: 'the last backup {path} is {age} old', 'zh-CN': '最近备份 {path} 已有 {age}' },
    small: { en: 'the last backup {path} has only {size}', 'zh-CN': '最近备份 {path} 仅有 {size}' },
    missing: { en: 'there is no backup at {path}', 'zh-CN': '{path} 没有备份' },
  },
  example: { path: '/var/backups/paygw', min_bytes: 1_048_576 },
  async probe({ path }, { host }) {
    return { newest: await findNewest(host, path), observedAt: host.now().wallMs };
  },
  judge: judgeBackup,
});

function judgeBackup({ observedAt, newest }: Facts, { path, min_bytes }: Params, limits: Thresholds = THRESHOLDS): Judgement {
  if (!newest) return { status: 'fail', code: 'missing', item: 'missing', data: { path } };
  const hours = round((observedAt - newest.modifiedAt) / 3_600_000, 2);
  const data = { path: newest.path, age: formatSeconds(hours * 3_600), size: formatBytes(newest.bytes) };
  if (newest.bytes < (min_bytes ?? 0))
    return {
      status: 'fail',
      code: 'small',
      item: 'size',
      data,
      value: newest.bytes,
      unit: 'bytes',
      threshold: min_bytes ?? 0,
      thresholdSource: 'playbook',
    };
  const status = gradeAbove(hours, limits);
  return { status, code: status === 'ok' ? 'recent' : 'old', data, ...showLimit(hours, limits, status) };
}
