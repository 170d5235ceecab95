import { HostError } from '../errors.ts';
import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round, tryReadNumber } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 25, crit: 50, unit: '%', source: 'Netdata tcp_orphans.conf', clear: { warn: 20, crit: 25 } };

const facts = v.object({ observedAt: v.number(), orphans: v.number(), most: v.number(), percent: v.number() });
type Facts = Infer<typeof facts>;

export const tcpOrphans = defineCheck({
  id: 'tcp.orphans',
  phase: 'network',
  title: { en: 'Orphaned TCP connections', 'zh-CN': 'TCP 孤儿连接' },
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: { en: '{orphans} orphaned TCP connections of {most} ({percent} %)', 'zh-CN': 'TCP 孤儿连接 {orphans}/{most}（{percent} %）' },
    many: {
      en: '{orphans} TCP connections wait to be closed and no program holds them ({percent} % of {most}): peers do not answer',
      'zh-CN': '{orphans} 个 TCP 连接等待关闭且无程序持有（{most} 的 {percent} %）：对端没有应答',
    },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const orphans = /^TCP: .*\borphan (\d+)/m.exec((await host.readFile('/proc/net/sockstat')).text)?.[1];
    const most = await tryReadNumber(host, '/proc/sys/net/ipv4/tcp_max_orphans');
    // The sysctl is not shown in a network namespace other than the first.
    if (orphans === undefined || !most)
      throw new HostError('not-found', 'net.ipv4.tcp_max_orphans is not shown here', 'run on the host itself, outside of the container');
    return { observedAt: host.now().wallMs, orphans: Number(orphans), most, percent: round((100 * Number(orphans)) / most) };
  },
  judge: judgeOrphans,
});

function judgeOrphans({ orphans, most, percent }: Facts, _params: unknown, limits: Thresholds = THRESHOLDS): Judgement {
  const status = gradeAbove(percent, limits);
  return { status, code: status === 'ok' ? 'ok' : 'many', data: { orphans, most, percent }, ...showLimit(percent, limits, status) };
}
