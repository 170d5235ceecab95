import { defineCheck, type Judgement } from './check.ts';
import { parseCounters, requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { grownBy, SAMPLE_MS, sampleTwice } from './two-samples.ts';

const WARN_PER_SECOND = 500;
const SOURCE = 'Prometheus node mixin NodeMemoryMajorPagesFaults (over 5 min there; a sample of 1 s here)';

const facts = v.object({ observedAt: v.number(), perSecond: v.number(), sinceBoot: v.number() });
type Facts = Infer<typeof facts>;

export const memMajfault = defineCheck({
  id: 'mem.majfault',
  phase: 'hardware',
  title: { en: 'Memory read back from disk', 'zh-CN': '主缺页' },
  watchMs: SAMPLE_MS,
  params: strictObject({}),
  facts,
  messages: {
    ok: { en: '{rate} major page faults per second', 'zh-CN': '每秒 {rate} 次主缺页' },
    thrashing: {
      en: '{rate} major page faults per second: memory is short, or a large program has just started',
      'zh-CN': '每秒 {rate} 次主缺页：内存不足，或大型程序刚刚启动',
    },
  },
  example: {},
  async probe(_params, context) {
    const { host } = context;
    requireLinux(host);
    const look = async () => parseCounters((await host.readFile('/proc/vmstat')).text).pgmajfault;
    const { before, after, seconds } = await sampleTwice(context, look);
    return { observedAt: host.now().wallMs, perSecond: Math.round(grownBy(before, after) / seconds), sinceBoot: after ?? 0 };
  },
  judge: judgeFaults,
});

function judgeFaults({ perSecond }: Facts): Judgement {
  const bad = perSecond > WARN_PER_SECOND;
  return {
    status: bad ? 'warn' : 'ok',
    code: bad ? 'thrashing' : 'ok',
    data: { rate: perSecond },
    value: perSecond,
    unit: '/s',
    threshold: WARN_PER_SECOND,
    thresholdSource: SOURCE,
  };
}
