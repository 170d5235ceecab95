import { HostError } from '../errors.ts';
import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round, tryReadNumber } from './linux.ts';
import { readTaskLimit } from './parse-cgroup.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 90, crit: 95, unit: '%', source: 'Netdata processes.conf', clear: { warn: 85, crit: 90 } };

const share = v.object({ used: v.number(), most: v.number(), percent: v.number() });
const facts = v.object({
  observedAt: v.number(),
  /** Threads of the whole system against the lower of pid_max and threads-max. */
  host: share,
  /** Of the container's control group; null without a limit. */
  group: v.nullable(share),
});
type Facts = Infer<typeof facts>;

export const procPids = defineCheck({
  id: 'proc.pids',
  phase: 'hardware',
  title: { en: 'Process and thread numbers', 'zh-CN': '进程与线程数' },
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: { en: '{used} threads of at most {most} ({percent} %, {where})', 'zh-CN': '线程 {used}，上限 {most}（{percent} %，{where}）' },
    many: {
      en: '{used} threads, {percent} % of the limit {most} ({where}): soon nothing can start any more',
      'zh-CN': '线程 {used}，为上限 {most} 的 {percent} %（{where}）：即将无法创建新进程',
    },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const used = Number(/ \d+\/(\d+) /.exec((await host.readFile('/proc/loadavg')).text)?.[1]);
    const limits = [await tryReadNumber(host, '/proc/sys/kernel/pid_max'), await tryReadNumber(host, '/proc/sys/kernel/threads-max')];
    const most = Math.min(...limits.flatMap((limit) => limit ?? []));
    if (!(used > 0) || !Number.isFinite(most)) throw new HostError('io', '/proc does not tell how many threads there are');
    const group = await readTaskLimit(host);
    return {
      observedAt: host.now().wallMs,
      host: shareOf(used, most),
      group: group && shareOf(group.used, group.most),
    };
  },
  judge: judgePids,
});

function shareOf(used: number, most: number): Infer<typeof share> {
  return { used, most, percent: most > 0 ? round((100 * used) / most) : 100 };
}

function judgePids({ host, group }: Facts, _params: unknown, limits: Thresholds = THRESHOLDS): Judgement {
  const [where, worst] = group && group.percent > host.percent ? (['container', group] as const) : (['host', host] as const);
  const status = gradeAbove(worst.percent, limits, where);
  return {
    status,
    code: status === 'ok' ? 'ok' : 'many',
    data: { ...worst, where },
    item: where,
    ...showLimit(worst.percent, limits, status),
  };
}
