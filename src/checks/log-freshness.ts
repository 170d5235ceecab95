import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { findNewest } from './file-age.ts';
import { showLimit } from './limit.ts';
import { formatSeconds } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 240, crit: 600, unit: 's', source: 'monitoring-plugins check_file_age defaults' };

const params = strictObject({
  /** A log or heartbeat file that is always being written, or a folder of them. */
  file: v.pipe(v.string(), v.startsWith('/', 'expected an absolute path')),
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  /** null: it does not exist. */
  newest: v.nullable(v.object({ path: v.string(), bytes: v.number(), modifiedAt: v.number() })),
});
type Facts = Infer<typeof facts>;

export const logFreshness = defineCheck<Params, Facts>({
  id: 'log.freshness',
  phase: 'evidence',
  title: { en: 'Log still being written', 'zh-CN': '日志更新时间' },
  docs:
    'Time since a log or heartbeat file, or the newest file of a folder, was last written: warns above 240 s, fails above 600 s (defaults of check_file_age in monitoring-plugins). ' +
    'For files that are always being written; a quiet log at night is no fault, so set the thresholds to the traffic. A missing file fails.',
  params,
  facts,
  thresholds: THRESHOLDS,
  messages: {
    fresh: { en: '{path} was written {age} ago', 'zh-CN': '{path} 在 {age} 前有更新' },
    stale: { en: '{path} has not been written for {age}', 'zh-CN': '{path} 已有 {age} 未更新' },
    missing: { en: 'there is no log {path}', 'zh-CN': '日志 {path} 不存在' },
  },
  example: { file: '/var/log/paygw/app.log' },
  async probe({ file }, { host }) {
    return { newest: await findNewest(host, file), observedAt: host.now().wallMs };
  },
  judge: judgeAge,
});

function judgeAge({ observedAt, newest }: Facts, { file }: Params, limits: Thresholds = THRESHOLDS): Judgement {
  if (!newest) return { status: 'fail', code: 'missing', data: { path: file } };
  const age = Math.max(0, Math.round((observedAt - newest.modifiedAt) / 1_000));
  const status = gradeAbove(age, limits);
  return {
    status,
    code: status === 'ok' ? 'fresh' : 'stale',
    data: { path: newest.path, age: formatSeconds(age) },
    ...showLimit(age, limits, status),
  };
}
