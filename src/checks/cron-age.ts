import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { findNewest } from './file-age.ts';
import { showLimit } from './limit.ts';
import { formatSeconds } from './linux.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';

/** 36 and 72 hours for what runs once a day. */
const RATIO = { warn: 1.5, crit: 3 };
const SOURCE = 'Netdata db2_backup_age, as 1.5 and 3 times the interval';

const params = strictObject({
  /** A file that the job writes or touches each time it succeeds. */
  marker: v.pipe(v.string(), v.startsWith('/', 'expected an absolute path')),
  /** How often it runs. */
  every: duration,
});
type Params = Infer<typeof params>;
const facts = v.object({ observedAt: v.number(), lastAt: v.nullable(v.number()) });
type Facts = Infer<typeof facts>;

export const cronAge = defineCheck<Params, Facts>({
  id: 'cron.age',
  phase: 'software',
  title: { en: 'Last run of a scheduled job', 'zh-CN': '定时任务上次运行' },
  params,
  facts,
  messages: {
    recent: { en: 'the job last succeeded {age} ago ({marker})', 'zh-CN': '任务在 {age} 前成功运行（{marker}）' },
    late: {
      en: 'the job last succeeded {age} ago, it runs every {every} ({marker})',
      'zh-CN': '任务上次成功在 {age} 前，周期为 {every}（{marker}）',
    },
    never: { en: 'the job has left no marker {marker}', 'zh-CN': '任务没有留下标记文件 {marker}' },
  },
  example: { marker: '/var/lib/paygw/settlement.done', every: '1d' },
  async probe({ marker }, { host }) {
    const newest = await findNewest(host, marker);
    return { lastAt: newest?.modifiedAt ?? null, observedAt: host.now().wallMs };
  },
  judge: judgeJob,
});

function judgeJob({ observedAt, lastAt }: Facts, { marker, every }: Params): Judgement {
  const interval = every / 1_000;
  if (lastAt === null) return { status: 'fail', code: 'never', data: { marker } };
  const age = Math.max(0, Math.round((observedAt - lastAt) / 1_000));
  const limits: Thresholds = { warn: RATIO.warn * interval, crit: RATIO.crit * interval, unit: 's', source: SOURCE };
  const status = gradeAbove(age, limits);
  const data = { marker, age: formatSeconds(age), every: formatSeconds(interval) };
  return { status, code: status === 'ok' ? 'recent' : 'late', data, ...showLimit(age, limits, status) };
}
