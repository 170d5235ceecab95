import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { parseTimes, shareTime } from './cpu-util.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { SAMPLE_MS, sampleTwice } from './two-samples.ts';

const THRESHOLDS: Thresholds = {
  warn: 10,
  crit: Number.POSITIVE_INFINITY,
  unit: '%',
  source: 'Netdata cpu.conf 20min_steal_cpu over twenty minutes (a sample of 1 s here)',
  clear: { warn: 5 },
};

const facts = v.object({ observedAt: v.number(), seconds: v.number(), cores: v.number(), percent: v.number() });
type Facts = Infer<typeof facts>;

export const cpuSteal = defineCheck({
  id: 'cpu.steal',
  phase: 'hardware',
  title: { en: 'Processor time taken by the hypervisor', 'zh-CN': '被虚拟化平台占用的处理器时间' },
  watchMs: SAMPLE_MS,
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: { en: 'the hypervisor takes {percent} % of the processor time', 'zh-CN': '虚拟化平台占用 {percent} % 的处理器时间' },
    stolen: {
      en: 'the hypervisor gives {percent} % of the processor time to others: move this machine or ask the platform',
      'zh-CN': '虚拟化平台把 {percent} % 的处理器时间分给其他虚拟机：迁移本机或联系平台方',
    },
  },
  example: {},
  async probe(_params, context) {
    const { host } = context;
    requireLinux(host);
    const { before, after, seconds } = await sampleTwice(context, async () => parseTimes((await host.readFile('/proc/stat')).text));
    const { cores, stealPercent } = shareTime(before, after);
    return { observedAt: host.now().wallMs, seconds: round(seconds), cores, percent: round(stealPercent) };
  },
  judge: judgeShare,
});

function judgeShare({ percent }: Facts, _params: unknown, limits: Thresholds = THRESHOLDS): Judgement {
  const status = gradeAbove(percent, limits);
  return { status, code: status === 'ok' ? 'ok' : 'stolen', data: { percent }, ...showLimit(percent, limits, status) };
}
