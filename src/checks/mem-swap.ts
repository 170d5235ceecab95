import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { formatBytes, parseCounters, requireLinux, round } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { grownBy, SAMPLE_MS, sampleTwice } from './two-samples.ts';

const THRESHOLDS: Thresholds = { warn: 90, crit: 98, unit: '%', source: 'Netdata swap.conf', clear: { warn: 80, crit: 90 } };
/** Of the memory, in half an hour at the pace of the sample. */
const PACE: Thresholds = {
  warn: 30,
  crit: Number.POSITIVE_INFINITY,
  unit: '% of memory in 30 min',
  source: 'Netdata swap.conf (a sample of 1 s here)',
  clear: { warn: 20 },
};
const HALF_HOUR_SECONDS = 1_800;
const PAGE_BYTES = 4_096;

const facts = v.object({
  observedAt: v.number(),
  memoryBytes: v.number(),
  swapBytes: v.number(),
  usedBytes: v.number(),
  usedPercent: v.number(),
  outBytesPerSecond: v.number(),
  inBytesPerSecond: v.number(),
  /** What would be written out in half an hour at this pace, as a share of the memory. */
  pacePercent: v.number(),
});
type Facts = Infer<typeof facts>;

export const memSwap = defineCheck({
  id: 'mem.swap',
  phase: 'hardware',
  title: { en: 'Swap', 'zh-CN': '交换空间' },
  watchMs: SAMPLE_MS,
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: {
      en: '{used} of {total} swap used ({percent} %), {pace}/s written',
      'zh-CN': '交换空间已用 {used}/{total}（{percent} %），每秒写入 {pace}',
    },
    full: { en: 'swap is {percent} % used ({used} of {total})', 'zh-CN': '交换空间已用 {percent} %（{used}/{total}）' },
    swapping: {
      en: 'memory is being written to swap at {pace}/s: programs wait for the disk',
      'zh-CN': '内存正以每秒 {pace} 写入交换空间：程序在等待磁盘',
    },
    none: { en: 'this host has no swap', 'zh-CN': '此主机没有交换空间' },
  },
  example: {},
  async probe(_params, context) {
    const { host } = context;
    requireLinux(host);
    const kib = parseCounters((await host.readFile('/proc/meminfo')).text);
    const bytes = (key: string): number => (kib[key] ?? 0) * 1024;
    const [memoryBytes, swapBytes] = [bytes('MemTotal'), bytes('SwapTotal')];
    const usedBytes = swapBytes - bytes('SwapFree');
    const look = async () => parseCounters((await host.readFile('/proc/vmstat')).text);
    const { before, after, seconds } = swapBytes > 0 ? await sampleTwice(context, look) : { before: {}, after: {}, seconds: 1 };
    const rate = (key: string): number => Math.round((PAGE_BYTES * grownBy(before[key], after[key])) / seconds);
    return {
      observedAt: host.now().wallMs,
      memoryBytes,
      swapBytes,
      usedBytes,
      usedPercent: swapBytes > 0 ? round((100 * usedBytes) / swapBytes) : 0,
      outBytesPerSecond: rate('pswpout'),
      inBytesPerSecond: rate('pswpin'),
      pacePercent: memoryBytes > 0 ? round((100 * rate('pswpout') * HALF_HOUR_SECONDS) / memoryBytes) : 0,
    };
  },
  judge: judgeSwap,
});

function judgeSwap(
  { swapBytes, usedBytes, usedPercent, outBytesPerSecond, pacePercent }: Facts,
  _params: unknown,
  limits: Thresholds = THRESHOLDS,
): Judgement {
  if (swapBytes === 0) return { status: 'not-applicable', code: 'none' };
  const data = { used: formatBytes(usedBytes), total: formatBytes(swapBytes), percent: usedPercent, pace: formatBytes(outBytesPerSecond) };
  const use = gradeAbove(usedPercent, limits, 'use');
  const pace = gradeAbove(pacePercent, limits.earlier === undefined ? PACE : { ...PACE, earlier: limits.earlier }, 'pace');
  if (use !== 'fail' && pace !== 'ok')
    return { status: 'warn', code: 'swapping', item: 'pace', data, ...showLimit(pacePercent, PACE, 'warn') };
  return { status: use, code: use === 'ok' ? 'ok' : 'full', item: 'use', data, ...showLimit(usedPercent, limits, use) };
}
