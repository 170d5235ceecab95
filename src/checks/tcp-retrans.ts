import { defineCheck, type Judgement, type Thresholds } from './check.ts';
import { gradeShare } from './exact-test.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round } from './linux.ts';
import { parseSnmp } from './proc-snmp.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { grownBy, SAMPLE_MS, sampleTwice } from './two-samples.ts';

const THRESHOLDS: Thresholds = { warn: 2, crit: 5, unit: '%', source: 'own' };

/** Cards and links carry checksums of their own, so hardly one in a million gets past them. Within one second; own figure. */
const DAMAGED = 3;

const facts = v.object({
  observedAt: v.number(),
  seconds: v.number(),
  /** Segments sent during the sample, repeats left out; most of them may stay on this host. */
  sent: v.number(),
  repeated: v.number(),
  percent: v.number(),
  /** First packets of a connection among the repeats: nobody answers there. */
  synRepeated: v.number(),
  timeouts: v.number(),
  /** Segments and messages that arrived with a wrong checksum. */
  damaged: v.optional(v.number(), 0),
  /** Since boot (or since the network namespace was made). */
  totalPercent: v.number(),
});
type Facts = Infer<typeof facts>;

export const tcpRetrans = defineCheck({
  id: 'tcp.retrans',
  phase: 'network',
  title: { en: 'TCP retransmissions', 'zh-CN': 'TCP 重传' },
  watchMs: SAMPLE_MS,
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: { en: '{percent} % of {sent} TCP segments were sent again', 'zh-CN': '{sent} 个 TCP 报文段中有 {percent} % 被重传' },
    losses: {
      en: '{percent} % of {sent} TCP segments were sent again ({repeated}): packets get lost on the way',
      'zh-CN': '{sent} 个 TCP 报文段中有 {percent} % 被重传（{repeated} 个）：传输途中丢包',
    },
    damaged: {
      en: '{damaged|segment|segments} arrived with a wrong checksum within {seconds} s: something on the way damages data',
      'zh-CN': '{seconds} 秒内有 {damaged} 个报文段校验和错误：途中有设备损坏数据',
    },
    'no-answer': {
      en: '{syn} of {repeated} repeated TCP segments are connection attempts: somebody does not answer',
      'zh-CN': '{repeated} 个重传报文段中有 {syn} 个是连接请求：对端没有应答',
    },
  },
  example: {},
  async probe(_params, context) {
    const { host } = context;
    requireLinux(host);
    const look = async () => ({
      ...parseSnmp((await host.readFile('/proc/net/snmp')).text),
      ...parseSnmp((await host.readFile('/proc/net/netstat')).text),
    });
    const { before, after, seconds } = await sampleTwice<Readonly<Record<string, number>>>(context, look);
    const grown = (key: string): number => grownBy(before[key], after[key]);
    const repeated = grown('Tcp.RetransSegs');
    const sent = grown('Tcp.OutSegs');
    return {
      observedAt: host.now().wallMs,
      seconds: round(seconds, 3),
      sent,
      repeated,
      percent: shareOf(repeated, sent),
      synRepeated: grown('TcpExt.TCPSynRetrans'),
      timeouts: grown('TcpExt.TCPTimeouts'),
      damaged: grown('Tcp.InCsumErrors') + grown('Udp.InCsumErrors') + grown('Icmp.InCsumErrors'),
      totalPercent: shareOf(after['Tcp.RetransSegs'] ?? 0, after['Tcp.OutSegs'] ?? 0),
    };
  },
  judge: judgeRepeats,
});

/** The kernel leaves repeats out of OutSegs. */
function shareOf(repeated: number, sent: number): number {
  return repeated > 0 ? round((100 * repeated) / (sent + repeated), 2) : 0;
}

function judgeRepeats(
  { sent, repeated, percent, synRepeated, damaged, seconds }: Facts,
  _params: unknown,
  limits: Thresholds = THRESHOLDS,
): Judgement {
  if (damaged >= DAMAGED) {
    const data = { damaged, seconds };
    return { status: 'fail', code: 'damaged', data, value: damaged, unit: 'segments', threshold: DAMAGED, thresholdSource: 'own' };
  }
  const status = gradeShare(repeated, sent + repeated, limits);
  const code = status === 'ok' ? 'ok' : 2 * synRepeated >= repeated ? 'no-answer' : 'losses';
  return { status, code, data: { percent, sent, repeated, syn: synRepeated }, ...showLimit(percent, limits, status) };
}
