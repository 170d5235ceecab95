import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { mapLimited, requireLinux, round } from './linux.ts';
import { type GroupQuota, readGroupsAbove, readQuotaOf } from './parse-cgroup.ts';
import { findProcesses } from './proc-find.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { SAMPLE_MS, sampleTwice } from './two-samples.ts';

const THRESHOLDS: Thresholds = { warn: 25, crit: 75, unit: '%', source: 'Kubernetes mixin CPUThrottlingHigh; 75 own' };

const params = strictObject({
  /** By a name as in proc.match. */
  process: v.pipe(v.string(), v.minLength(1)),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  process: v.string(),
  /** How many go by the name. */
  count: v.number(),
  /** Control groups over them that have a quota, the most throttled first. */
  groups: v.array(
    v.object({
      path: v.string(),
      quotaCores: v.number(),
      /** Stretches of the quota (100 ms by default) within the sample in which it wanted to run. */
      periods: v.number(),
      /** Of these, in which it was stopped for having used up its quota. */
      throttledPercent: v.number(),
    }),
  ),
});
type Facts = Infer<typeof facts>;

export const procThrottled = defineCheck<Params, Facts>({
  id: 'proc.throttled',
  phase: 'software',
  title: { en: 'Processor quota of a process', 'zh-CN': '进程的 CPU 配额' },
  watchMs: SAMPLE_MS,
  params,
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: {
      en: '{process} has {quota} cores at most and is stopped for it in {throttled} % of the stretches',
      'zh-CN': '{process} 的配额为 {quota} 核，在 {throttled} % 的周期内被限流',
    },
    throttled: {
      en: '{process} is stopped in {throttled} % of the stretches for having used up its quota of {quota} cores ({group})',
      'zh-CN': '{process} 因用完 {quota} 核配额（{group}），在 {throttled} % 的周期内被限流',
    },
    'no-quota': { en: 'nothing limits the processor time of {process}', 'zh-CN': '{process} 的 CPU 时间没有限制' },
    'not-running': { en: 'no process goes by the name {process}', 'zh-CN': '没有名为 {process} 的进程' },
  },
  example: { process: 'paygw' },
  async probe({ process }, context) {
    const { host } = context;
    requireLinux(host);
    const found = await findProcesses(host, process);
    const paths = await mapLimited(found, 16, ({ stat }) => readGroupsAbove(host, stat.pid));
    const groups = [...new Set(paths.flat())];
    const look = async (): Promise<readonly (GroupQuota | null)[]> => await mapLimited(groups, 16, (path) => readQuotaOf(host, path));
    const first = await look();
    const { before, after } = first.some((each) => each !== null) ? await sampleTwice(context, look) : { before: first, after: first };
    const limited = groups.flatMap((path, index) => shareThrottled(path, before[index], after[index]));
    return {
      observedAt: host.now().wallMs,
      process,
      count: found.length,
      groups: limited.toSorted((one, other) => other.throttledPercent - one.throttledPercent),
    };
  },
  judge: judgeThrottled,
});

function shareThrottled(path: string, before: GroupQuota | null | undefined, after: GroupQuota | null | undefined): Facts['groups'] {
  if (!before || !after) return [];
  const periods = Math.max(0, after.periods - before.periods);
  const throttled = Math.max(0, after.throttledPeriods - before.throttledPeriods);
  return [{ path, quotaCores: after.quotaCores, periods, throttledPercent: periods > 0 ? round((100 * throttled) / periods) : 0 }];
}

function judgeThrottled({ process, count, groups }: Facts, _params: Params, thresholds: Thresholds = THRESHOLDS): Judgement {
  if (count === 0) return { status: 'not-applicable', code: 'not-running', data: { process } };
  const [worst] = groups;
  if (!worst) return { status: 'ok', code: 'no-quota', data: { process } };
  const { throttledPercent, quotaCores, path } = worst;
  const grade = gradeAbove(throttledPercent, thresholds);
  const data = { process, quota: round(quotaCores, 3), throttled: throttledPercent, group: path };
  return { status: grade, code: grade === 'ok' ? 'ok' : 'throttled', data, ...showLimit(throttledPercent, thresholds, grade) };
}
