import { HostError } from '../errors.ts';
import { defineCheck, type Judgement } from './check.ts';
import { requireLinux, round } from './linux.ts';
import { parseSnmp } from './proc-snmp.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { grownBy, SAMPLE_MS, sampleTwice } from './two-samples.ts';

/** Netdata compares with the last minute; one look has only the mean since boot. */
const TIMES_USUAL = 10;
const LEAST_PER_SECOND = 5;
const SOURCE = 'Netdata tcp_resets.conf (10 times the usual, at least 5/s; the mean since boot stands for its last minute)';

const facts = v.object({
  observedAt: v.number(),
  /** Resets this host sent (a closed port, a program that died, a full listener), a second. */
  sentPerSecond: v.number(),
  /** Established connections that were reset, by either side. */
  brokenPerSecond: v.number(),
  failedAttemptsPerSecond: v.number(),
  usualSentPerSecond: v.number(),
  usualBrokenPerSecond: v.number(),
});
type Facts = Infer<typeof facts>;

export const tcpResets = defineCheck({
  id: 'tcp.resets',
  phase: 'network',
  title: { en: 'TCP resets', 'zh-CN': 'TCP 连接重置' },
  watchMs: SAMPLE_MS,
  params: strictObject({}),
  facts,
  messages: {
    ok: {
      en: '{sent|reset|resets} sent and {broken|connection|connections} reset per second',
      'zh-CN': '每秒发送 {sent} 个 RST，{broken} 个连接被重置',
    },
    'sends-resets': {
      en: 'this host sends {sent|reset|resets} per second (usually {usual}): a port is closed, or a program drops connections',
      'zh-CN': '本机每秒发送 {sent} 个 RST（平时 {usual} 个）：端口已关闭，或程序在丢弃连接',
    },
    'connections-reset': {
      en: '{broken|established connection is|established connections are} reset per second (usually {usual})',
      'zh-CN': '每秒有 {broken} 个已建立的连接被重置（平时 {usual} 个）',
    },
  },
  example: {},
  async probe(_params, context) {
    const { host } = context;
    requireLinux(host);
    const uptime = Number.parseFloat((await host.readFile('/proc/uptime')).text);
    if (!(uptime > 0)) throw new HostError('io', '/proc/uptime holds no number');
    const { before, after, seconds } = await sampleTwice(context, async () => parseSnmp((await host.readFile('/proc/net/snmp')).text));
    const rate = (key: string): number => round(grownBy(before[key], after[key]) / seconds);
    return {
      observedAt: host.now().wallMs,
      sentPerSecond: rate('Tcp.OutRsts'),
      brokenPerSecond: rate('Tcp.EstabResets'),
      failedAttemptsPerSecond: rate('Tcp.AttemptFails'),
      usualSentPerSecond: round((before['Tcp.OutRsts'] ?? 0) / uptime, 2),
      usualBrokenPerSecond: round((before['Tcp.EstabResets'] ?? 0) / uptime, 2),
    };
  },
  judge: judgeResets,
});

function judgeResets({ sentPerSecond, brokenPerSecond, usualSentPerSecond, usualBrokenPerSecond }: Facts): Judgement {
  const sent = describe('sends-resets', sentPerSecond, usualSentPerSecond);
  const broken = describe('connections-reset', brokenPerSecond, usualBrokenPerSecond);
  return broken.status === 'warn' ? broken : sent;

  function describe(code: string, value: number, usual: number): Judgement {
    const threshold = round(TIMES_USUAL * Math.max(LEAST_PER_SECOND, usual));
    const status = value > threshold ? 'warn' : 'ok';
    const data = { sent: sentPerSecond, broken: brokenPerSecond, usual };
    return { status, code: status === 'ok' ? 'ok' : code, data, value, unit: '/s', threshold, thresholdSource: SOURCE };
  }
}
