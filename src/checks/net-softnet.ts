import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { grownBy, SAMPLE_MS, sampleTwice } from './two-samples.ts';

const THRESHOLDS: Thresholds = {
  warn: 10,
  crit: Number.POSITIVE_INFINITY,
  unit: '/min',
  source: 'Netdata softnet.conf (a sample of 1 s here)',
  clear: { warn: 0 },
};

const facts = v.object({
  observedAt: v.number(),
  seconds: v.number(),
  processed: v.number(),
  /** Packets the kernel threw away because its queue was full. */
  dropped: v.number(),
  /** Times a processor stopped taking packets because its budget was spent; work is left, nothing is lost. */
  squeezed: v.number(),
  totalDropped: v.number(),
  totalSqueezed: v.number(),
});
type Facts = Infer<typeof facts>;

export const netSoftnet = defineCheck({
  id: 'net.softnet',
  phase: 'network',
  title: { en: 'Packet processing', 'zh-CN': '内核收包处理' },
  watchMs: SAMPLE_MS,
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: {
      en: '{processed|packet|packets} processed within {seconds} s, none dropped',
      'zh-CN': '{seconds} 秒内处理 {processed} 个数据包，没有丢弃',
    },
    dropped: {
      en: 'the kernel dropped {count} of {processed|packet|packets} within {seconds} s: its queue is full (net.core.netdev_max_backlog)',
      'zh-CN': '内核在 {seconds} 秒内丢弃了 {processed} 个数据包中的 {count} 个：队列已满（net.core.netdev_max_backlog）',
    },
    squeezed: {
      en: 'packet processing ran out of its budget {count|time|times} within {seconds} s (net.core.netdev_budget)',
      'zh-CN': '收包处理在 {seconds} 秒内 {count} 次用尽预算（net.core.netdev_budget）',
    },
  },
  example: {},
  async probe(_params, context) {
    const { host } = context;
    requireLinux(host);
    const { before, after, seconds } = await sampleTwice(context, async () =>
      sumSoftnet((await host.readFile('/proc/net/softnet_stat')).text),
    );
    return {
      observedAt: host.now().wallMs,
      seconds: round(seconds),
      processed: grownBy(before.processed, after.processed),
      dropped: grownBy(before.dropped, after.dropped),
      squeezed: grownBy(before.squeezed, after.squeezed),
      totalDropped: after.dropped,
      totalSqueezed: after.squeezed,
    };
  },
  judge: judgeSoftnet,
});

/** One line a processor, hexadecimal: processed, dropped, time_squeeze, ... */
function sumSoftnet(text: string): { processed: number; dropped: number; squeezed: number } {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map((field) => Number.parseInt(field, 16)));
  const sum = (column: number): number => rows.reduce((total, row) => total + (row[column] || 0), 0);
  return { processed: sum(0), dropped: sum(1), squeezed: sum(2) };
}

function judgeSoftnet({ processed, dropped, squeezed, seconds }: Facts, _params: unknown, limits: Thresholds = THRESHOLDS): Judgement {
  const perMinute = (count: number): number => round((60 * count) / Math.max(seconds, 0.1));
  const grade = (code: string, count: number) => gradeAbove(perMinute(count), limits, code);
  // Lost packets come first, however many times the budget was spent.
  const [code, count] = grade('dropped', dropped) === 'ok' ? (['squeezed', squeezed] as const) : (['dropped', dropped] as const);
  const status = grade(code, count);
  const shown = showLimit(perMinute(count), limits, status);
  return { status, code: status === 'ok' ? 'ok' : code, item: code, data: { processed, count, seconds }, ...shown };
}
