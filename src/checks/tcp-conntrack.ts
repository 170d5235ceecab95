import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round, tryRead, tryReadNumber } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { grownBy, SAMPLE_MS, sampleTwice } from './two-samples.ts';

const THRESHOLDS: Thresholds = { warn: 90, crit: 95, unit: '%', source: 'Netdata netfilter.conf', clear: { warn: 85, crit: 90 } };
const FOLDER = '/proc/sys/net/netfilter';

const facts = v.object({
  observedAt: v.number(),
  /** null: the kernel does not track connections. */
  tracked: v.nullable(v.number()),
  most: v.nullable(v.number()),
  percent: v.number(),
  /** Packets dropped for want of a place during one second, and since boot. */
  dropped: v.number(),
  totalDropped: v.number(),
});
type Facts = Infer<typeof facts>;

export const tcpConntrack = defineCheck({
  id: 'tcp.conntrack',
  phase: 'network',
  title: { en: 'Connection tracking table', 'zh-CN': '连接跟踪表' },
  watchMs: SAMPLE_MS,
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: {
      en: '{tracked} of {most|tracked connection|tracked connections} ({percent} %)',
      'zh-CN': '连接跟踪 {tracked}/{most}（{percent} %）',
    },
    filling: {
      en: 'the connection tracking table is {percent} % full ({tracked} of {most})',
      'zh-CN': '连接跟踪表已用 {percent} %（{tracked}/{most}）',
    },
    dropping: {
      en: 'the connection tracking table drops new connections: {dropped} within a second, {tracked} of {most} in use',
      'zh-CN': '连接跟踪表正在丢弃新连接：一秒内 {dropped} 个，已用 {tracked}/{most}',
    },
    none: { en: 'connections are not tracked here', 'zh-CN': '此主机不跟踪连接' },
  },
  example: {},
  async probe(_params, context) {
    const { host } = context;
    requireLinux(host);
    const most = await tryReadNumber(host, `${FOLDER}/nf_conntrack_max`);
    if (most === null) await host.list('/proc/sys/net');
    const drops = async () => sumColumn((await tryRead(host, '/proc/net/stat/nf_conntrack')) ?? '', ['drop', 'early_drop']);
    const { before, after } = most === null ? { before: 0, after: 0 } : await sampleTwice(context, drops);
    const tracked = most === null ? null : await tryReadNumber(host, `${FOLDER}/nf_conntrack_count`);
    return {
      observedAt: host.now().wallMs,
      tracked,
      most,
      percent: most && tracked ? round((100 * tracked) / most) : 0,
      dropped: grownBy(before, after),
      totalDropped: after,
    };
  },
  judge: judgeTable,
});

/** One line a processor, hexadecimal, below a line of names. */
function sumColumn(text: string, names: readonly string[]): number {
  const [head = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const places = names.map((name) => head.indexOf(name)).filter((place) => place >= 0);
  return rows.reduce((sum, row) => sum + places.reduce((part, place) => part + (Number.parseInt(row[place] ?? '0', 16) || 0), 0), 0);
}

function judgeTable({ tracked, most, percent, dropped }: Facts, _params: unknown, limits: Thresholds = THRESHOLDS): Judgement {
  if (tracked === null || most === null) return { status: 'not-applicable', code: 'none' };
  const data = { tracked, most, percent, dropped };
  if (dropped > 0) return { status: 'fail', code: 'dropping', item: 'dropping', data, ...showLimit(percent, limits, 'fail') };
  const status = gradeAbove(percent, limits);
  return { status, code: status === 'ok' ? 'ok' : 'filling', data, ...showLimit(percent, limits, status) };
}
