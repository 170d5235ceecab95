import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement } from './check.ts';
import { readKernelLog, startInside } from './kernel-log.ts';
import { formatSeconds, parseCounters, requireLinux, tryRead } from './linux.ts';
import { readGroupKills } from './parse-cgroup.ts';
import { classifyKernelLine } from './parse-kernel-log.ts';
import { type Infer, strictObject, v } from './schema.ts';

const RECENT_MS = 30 * 60_000;

const facts = v.object({
  observedAt: v.number(),
  /** Since boot; null: the kernel (before 4.13) does not count. */
  hostKills: v.nullable(v.number()),
  /** In the container's control group since it was made; null outside of one. */
  groupKills: v.nullable(v.number()),
  /** Of the host's, those that the kernel log puts into the last half hour; null: the log does not tell. */
  recentKills: v.nullable(v.number()),
  uptimeSeconds: v.nullable(v.number()),
});
type Facts = Infer<typeof facts>;

export const memOom = defineCheck({
  id: 'mem.oom',
  phase: 'hardware',
  title: { en: 'Out-of-memory kills', 'zh-CN': '内存不足杀进程' },
  params: strictObject({}),
  facts,
  messages: {
    ok: { en: 'no out-of-memory kill in the time that is counted ({uptime})', 'zh-CN': '统计期间（{uptime}）没有因内存不足杀死进程' },
    old: {
      en: '{count|process|processes} killed for lack of memory since boot ({uptime} ago), none in the last 30 minutes',
      'zh-CN': '自启动（{uptime} 前）以来因内存不足杀死了 {count} 个进程，最近 30 分钟没有',
    },
    recent: {
      en: '{recent|process|processes} killed for lack of memory in the last 30 minutes ({count} since boot)',
      'zh-CN': '最近 30 分钟因内存不足杀死了 {recent} 个进程（自启动以来 {count} 个）',
    },
    killed: {
      en: '{count|process|processes} killed for lack of memory since boot ({uptime} ago); when is not told here',
      'zh-CN': '自启动（{uptime} 前）以来因内存不足杀死了 {count} 个进程，此处无法得知时间',
    },
    'killed-in-container': {
      en: '{count|process|processes} of this container killed for lack of memory',
      'zh-CN': '此容器因内存不足被杀死了 {count} 个进程',
    },
    none: { en: 'this kernel does not count out-of-memory kills', 'zh-CN': '此内核不统计内存不足事件' },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const hostKills = parseCounters((await host.readFile('/proc/vmstat')).text).oom_kill ?? null;
    const groupKills = await readGroupKills(host);
    const uptime = await tryRead(host, '/proc/uptime');
    return {
      observedAt: host.now().wallMs,
      hostKills,
      groupKills,
      recentKills: groupKills === null && (hostKills ?? 0) > 0 ? await countRecent(host) : null,
      uptimeSeconds: uptime === null ? null : Number.parseFloat(uptime),
    };
  },
  judge: judgeKills,
});

async function countRecent(host: Host): Promise<number | null> {
  const from = host.now().wallMs - RECENT_MS;
  try {
    const { lines } = await readKernelLog(host);
    const recent = lines.filter((line) => line.at >= from && classifyKernelLine(line)?.class === 'oom-kill').length;
    return recent === 0 && (lines.length === 0 || startInside(lines, from) !== null) ? null : recent;
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

function judgeKills({ hostKills, groupKills, recentKills, uptimeSeconds }: Facts): Judgement {
  const count = groupKills ?? hostKills;
  if (count === null) return { status: 'not-applicable', code: 'none' };
  const uptime = uptimeSeconds === null ? '?' : formatSeconds(uptimeSeconds);
  const code = count === 0 ? 'ok' : groupKills !== null ? 'killed-in-container' : namePast(recentKills);
  return {
    status: code === 'ok' || code === 'old' ? 'ok' : 'warn',
    code,
    data: { count, recent: recentKills ?? 0, uptime },
    value: recentKills ?? count,
    unit: 'kills',
    threshold: 0,
    thresholdSource: 'Netdata ram.conf',
  };
}

function namePast(recent: number | null): string {
  return recent === null ? 'killed' : recent === 0 ? 'old' : 'recent';
}
