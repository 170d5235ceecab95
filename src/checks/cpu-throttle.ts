import { defineCheck, type Judgement } from './check.ts';
import { listIfThere, mapLimited, requireLinux, tryReadNumber } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { grownBy, SAMPLE_MS, sampleTwice } from './two-samples.ts';

const CPUS = '/sys/devices/system/cpu';

const facts = v.object({
  observedAt: v.number(),
  /** Processors that count it; 0: none does. */
  processors: v.number(),
  /** During one second. */
  events: v.number(),
  sinceBoot: v.number(),
});
type Facts = Infer<typeof facts>;

export const cpuThrottle = defineCheck({
  id: 'cpu.throttle',
  phase: 'hardware',
  title: { en: 'Processor slowed by heat', 'zh-CN': '处理器过热降频' },
  watchMs: SAMPLE_MS,
  params: strictObject({}),
  facts,
  messages: {
    ok: {
      en: 'no processor is slowed by heat now ({total|time|times} since boot)',
      'zh-CN': '当前没有处理器因过热降频（开机以来 {total} 次）',
    },
    throttled: {
      en: 'processors were slowed by heat {count|time|times} within a second ({total} since boot)',
      'zh-CN': '一秒内处理器因过热降频 {count} 次（开机以来 {total} 次）',
    },
    none: { en: 'processors do not count this here', 'zh-CN': '此主机的处理器不统计降频' },
  },
  example: {},
  async probe(_params, context) {
    const { host } = context;
    requireLinux(host);
    const names = (await listIfThere(host, CPUS)).filter((name) => /^cpu\d+$/.test(name));
    const look = async (): Promise<readonly number[]> => {
      const counts = await mapLimited(names, 16, async (name) => [
        await tryReadNumber(host, `${CPUS}/${name}/thermal_throttle/core_throttle_count`),
        await tryReadNumber(host, `${CPUS}/${name}/thermal_throttle/package_throttle_count`),
      ]);
      return counts.flatMap(([core, whole]) => (core === null && whole === null ? [] : [(core ?? 0) + (whole ?? 0)]));
    };
    const first = await look();
    const { before, after } = first.length > 0 ? await sampleTwice(context, look) : { before: first, after: first };
    const events = after.reduce((sum, count, index) => sum + grownBy(before[index], count), 0);
    return { observedAt: host.now().wallMs, processors: after.length, events, sinceBoot: after.reduce((sum, count) => sum + count, 0) };
  },
  judge: judgeThrottle,
});

function judgeThrottle({ processors, events, sinceBoot }: Facts): Judgement {
  if (processors === 0) return { status: 'not-applicable', code: 'none' };
  const limit = { value: events, unit: 'events', threshold: 0, thresholdSource: 'own' };
  return { status: events > 0 ? 'warn' : 'ok', code: events > 0 ? 'throttled' : 'ok', data: { count: events, total: sinceBoot }, ...limit };
}
