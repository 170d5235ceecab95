import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { parseTimes, shareTime } from './cpu-util.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { SAMPLE_MS, sampleTwice } from './two-samples.ts';

const THRESHOLDS: Thresholds = {
  warn: 40,
  crit: Number.POSITIVE_INFINITY,
  unit: '%',
  source: 'Netdata cpu.conf 10min_cpu_iowait over ten minutes (a sample of 1 s here)',
  clear: { warn: 20 },
};

const facts = v.object({ observedAt: v.number(), seconds: v.number(), cores: v.number(), percent: v.number() });
type Facts = Infer<typeof facts>;

export const cpuIowait = defineCheck({
  id: 'cpu.iowait',
  phase: 'hardware',
  title: { en: 'Processor time spent waiting for disks', 'zh-CN': '处理器等待磁盘的时间' },
  watchMs: SAMPLE_MS,
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: { en: 'the processor waits for disks {percent} % of the time', 'zh-CN': '处理器有 {percent} % 的时间在等待磁盘' },
    waiting: {
      en: 'the processor waits for disks {percent} % of the time: disks are slow or overloaded',
      'zh-CN': '处理器有 {percent} % 的时间在等待磁盘：磁盘缓慢或过载',
    },
  },
  example: {},
  async probe(_params, context) {
    const { host } = context;
    requireLinux(host);
    const { before, after, seconds } = await sampleTwice(context, async () => parseTimes((await host.readFile('/proc/stat')).text));
    const { cores, iowaitPercent } = shareTime(before, after);
    return { observedAt: host.now().wallMs, seconds: round(seconds), cores, percent: round(iowaitPercent) };
  },
  judge: judgeShare,
});

function judgeShare({ percent }: Facts, _params: unknown, limits: Thresholds = THRESHOLDS): Judgement {
  const status = gradeAbove(percent, limits);
  return { status, code: status === 'ok' ? 'ok' : 'waiting', data: { percent }, ...showLimit(percent, limits, status) };
}
