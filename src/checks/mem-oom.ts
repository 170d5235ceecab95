import { defineCheck, type Judgement } from './check.ts';
import { formatSeconds, parseCounters, requireLinux, tryRead } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const facts = v.object({
  observedAt: v.number(),
  /** Since boot; null: the kernel (before 4.13) does not count. */
  hostKills: v.nullable(v.number()),
  /** In the container's control group since it was made; null outside of one. */
  groupKills: v.nullable(v.number()),
  uptimeSeconds: v.nullable(v.number()),
});
type Facts = Infer<typeof facts>;

export const memOom = defineCheck({
  id: 'mem.oom',
  phase: 'hardware',
  title: { en: 'Out-of-memory kills', 'zh-CN': '内存不足杀进程' },
  docs:
    'Counts processes that the kernel killed for lack of memory: /proc/vmstat oom_kill since boot, memory.events of the container. The counter has neither time nor name, so it only warns (Netdata ram.conf: any kill); kernel.events says who and when where the kernel log may be read. ' +
    'Works without privileges.',
  params: strictObject({}),
  facts,
  messages: {
    ok: { en: 'no out-of-memory kill since boot ({uptime} ago)', 'zh-CN': '自启动({uptime} 前)以来没有因内存不足杀死进程' },
    killed: {
      en: '{count} processes killed for lack of memory since boot ({uptime} ago)',
      'zh-CN': '自启动({uptime} 前)以来因内存不足杀死了 {count} 个进程',
    },
    none: { en: 'this kernel does not count out-of-memory kills', 'zh-CN': '此内核不统计内存不足事件' },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const hostKills = parseCounters((await host.readFile('/proc/vmstat')).text).oom_kill ?? null;
    const events = await tryRead(host, '/sys/fs/cgroup/memory.events');
    const groupKills = events === null ? null : (parseCounters(events).oom_kill ?? null);
    const uptime = await tryRead(host, '/proc/uptime');
    return { observedAt: host.now().wallMs, hostKills, groupKills, uptimeSeconds: uptime === null ? null : Number.parseFloat(uptime) };
  },
  judge: judgeKills,
});

function judgeKills({ hostKills, groupKills, uptimeSeconds }: Facts): Judgement {
  if (hostKills === null && groupKills === null) return { status: 'not-applicable', code: 'none' };
  const count = Math.max(hostKills ?? 0, groupKills ?? 0);
  const uptime = uptimeSeconds === null ? '?' : formatSeconds(uptimeSeconds);
  return {
    status: count > 0 ? 'warn' : 'ok',
    code: count > 0 ? 'killed' : 'ok',
    data: { count, uptime },
    value: count,
    unit: 'kills',
    threshold: 0,
    thresholdSource: 'Netdata ram.conf',
  };
}
