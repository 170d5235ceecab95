import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit, worstOf } from './limit.ts';
import { requireLinux, round, tryReadNumber } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { SAMPLE_MS, sampleTwice } from './two-samples.ts';

const THRESHOLDS: Thresholds = {
  warn: 90,
  crit: 98,
  unit: '%',
  source: 'Netdata net.conf over a minute (a sample of 1 s here); 98 own',
  clear: { warn: 85 },
};

const params = strictObject({
  /** Default: every one that tells its speed. */
  interfaces: v.nullish(v.array(v.pipe(v.string(), v.regex(/^[^\s/]+$/)))),
  /** What the line carries (Mbit/s), where it is less than the card or the card does not tell. */
  capacity_mbps: v.nullish(v.pipe(v.number(), v.minValue(0.001))),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  /** Busiest first. */
  interfaces: v.array(
    v.object({ name: v.string(), capacityMbps: v.number(), receivedMbps: v.number(), sentMbps: v.number(), percent: v.number() }),
  ),
  /** Looked at, and nothing tells what they can carry. */
  untold: v.array(v.string()),
});
type Facts = Infer<typeof facts>;

export const netBandwidth = defineCheck<Params, Facts>({
  id: 'net.bandwidth',
  phase: 'network',
  title: { en: 'Network bandwidth', 'zh-CN': '网络带宽' },
  watchMs: SAMPLE_MS,
  params,
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: {
      en: '{name} carries {mbps} Mbit/s, {percent} % of {capacity}',
      'zh-CN': '{name} 流量 {mbps} Mbit/s，为 {capacity} 的 {percent} %',
    },
    full: {
      en: '{name} is full: {mbps} Mbit/s {direction}, {percent} % of {capacity}',
      'zh-CN': '{name} 带宽已满：{direction} {mbps} Mbit/s，为 {capacity} 的 {percent} %',
    },
    none: { en: 'no network interface tells its speed', 'zh-CN': '没有网络接口报告速率' },
    untold: { en: '{name} is not there or does not tell its speed', 'zh-CN': '{name} 不存在或未报告速率' },
  },
  example: { interfaces: ['eth0'], capacity_mbps: 100 },
  probe,
  judge,
});

async function probe({ interfaces, capacity_mbps }: Params, context: ProbeContext): Promise<Facts> {
  const { host } = context;
  requireLinux(host);
  const names = interfaces ?? (await host.list('/sys/class/net')).filter((name) => name !== 'lo');
  const look = () =>
    Promise.all(
      names.map((name) =>
        Promise.all(['rx_bytes', 'tx_bytes'].map((key) => tryReadNumber(host, `/sys/class/net/${name}/statistics/${key}`))),
      ),
    );
  const { before, after, seconds } = await sampleTwice(context, look);
  const seen: Facts['interfaces'] = [];
  const untold: string[] = [];
  for (const [index, name] of names.entries()) {
    const speed = await tryReadNumber(host, `/sys/class/net/${name}/speed`);
    const capacityMbps = capacity_mbps ?? (speed !== null && speed > 0 ? speed : null);
    const mbps = (column: number): number =>
      (8 * Math.max(0, (after[index]?.[column] ?? 0) - (before[index]?.[column] ?? 0))) / seconds / 1e6;
    if (capacityMbps === null || after[index]?.[0] == null) untold.push(name);
    else
      seen.push({
        name,
        capacityMbps,
        receivedMbps: round(mbps(0), 2),
        sentMbps: round(mbps(1), 2),
        percent: round((100 * Math.max(mbps(0), mbps(1))) / capacityMbps),
      });
  }
  return { observedAt: host.now().wallMs, interfaces: seen.toSorted((a, b) => b.percent - a.percent), untold };
}

function judge({ interfaces: seen, untold }: Facts, { interfaces }: Params, limits: Thresholds = THRESHOLDS): Judgement {
  const busiest = worstOf(seen, ({ name, percent }) => ({ value: percent, grade: gradeAbove(percent, limits, name) }));
  if (!busiest) {
    if (interfaces == null || untold.length === 0) return { status: 'not-applicable', code: 'none' };
    return {
      status: 'unknown',
      code: 'untold',
      data: { name: untold.join(', ') },
      unlock: 'give the capacity of the line as capacity_mbps',
    };
  }
  const { name, percent, capacityMbps, receivedMbps, sentMbps } = busiest;
  const status = gradeAbove(percent, limits, name);
  const data = {
    name,
    percent,
    mbps: Math.max(receivedMbps, sentMbps),
    capacity: `${capacityMbps} Mbit/s`,
    direction: receivedMbps >= sentMbps ? 'in' : 'out',
  };
  return { status, code: status === 'ok' ? 'ok' : 'full', item: name, data, ...showLimit(percent, limits, status) };
}
