import { HostError } from '../errors.ts';
import { defineCheck, type Judgement } from './check.ts';
import { formatBytes, requireLinux, tryRead } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const SOURCE = 'Netdata tcp_mem.conf (warn at the pressure mark, clears at 80 % of it; crit at 90 % of the limit)';
const NEAR_LIMIT = 0.9;
/** tcp(7) counts in pages; 4 KiB everywhere but on some arm64 and ppc64 kernels, where only the bytes shown differ. */
const PAGE_BYTES = 4_096;

const facts = v.object({
  observedAt: v.number(),
  /** Pages, as are the two marks. */
  used: v.number(),
  pressure: v.number(),
  limit: v.number(),
});
type Facts = Infer<typeof facts>;

export const tcpMem = defineCheck({
  id: 'tcp.mem',
  phase: 'network',
  title: { en: 'TCP memory', 'zh-CN': 'TCP 内存' },
  params: strictObject({}),
  facts,
  messages: {
    ok: { en: 'TCP uses {used} of {limit} of buffer memory', 'zh-CN': 'TCP 缓冲区已用 {used}，上限 {limit}' },
    pressure: {
      en: 'TCP buffers use {used}, above the mark of {pressure} where the kernel shrinks them',
      'zh-CN': 'TCP 缓冲区已用 {used}，超过内核开始收缩的界限 {pressure}',
    },
    exhausted: {
      en: 'TCP is out of buffer memory: {used} of {limit}',
      'zh-CN': 'TCP 缓冲区内存即将耗尽：已用 {used}，上限 {limit}',
    },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const used = /^TCP: .*\bmem (\d+)/m.exec((await host.readFile('/proc/net/sockstat')).text)?.[1];
    const [, pressure, limit] = ((await tryRead(host, '/proc/sys/net/ipv4/tcp_mem')) ?? '').split(/\s+/).map(Number);
    // The sysctl is not shown in a network namespace other than the first.
    if (used === undefined || !pressure || !limit)
      throw new HostError('not-found', 'net.ipv4.tcp_mem is not shown here', 'run on the host itself, outside of the container');
    return { observedAt: host.now().wallMs, used: Number(used), pressure, limit };
  },
  judge: judgeMemory,
});

function judgeMemory({ used, pressure, limit }: Facts): Judgement {
  const crit = Math.floor(NEAR_LIMIT * limit);
  const [status, code] =
    used > crit ? (['fail', 'exhausted'] as const) : used > pressure ? (['warn', 'pressure'] as const) : (['ok', 'ok'] as const);
  const show = (pages: number): string => formatBytes(pages * PAGE_BYTES);
  return {
    status,
    code,
    data: { used: show(used), pressure: show(pressure), limit: show(limit) },
    value: used,
    unit: 'pages',
    threshold: status === 'fail' ? crit : pressure,
    thresholdSource: SOURCE,
  };
}
