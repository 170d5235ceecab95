import { HostError } from '../errors.ts';
import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { formatBytes, parseCounters, requireLinux, round } from './linux.ts';
import { readMemoryLimit } from './parse-cgroup.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 90, crit: 98, unit: '%', source: 'Netdata ram.conf, cgroups.conf', clear: { warn: 80, crit: 90 } };

const facts = v.object({
  observedAt: v.number(),
  totalBytes: v.number(),
  /** MemAvailable: what programs can still get without swapping. */
  availableBytes: v.number(),
  usedPercent: v.number(),
  swapTotalBytes: v.number(),
  swapFreeBytes: v.number(),
  /** The container's limit; null without one. Use leaves out the droppable file cache. */
  cgroup: v.nullable(v.object({ limitBytes: v.number(), usedBytes: v.number() })),
});
type Facts = Infer<typeof facts>;

export const memAvailable = defineCheck({
  id: 'mem.available',
  phase: 'hardware',
  title: { en: 'Memory', 'zh-CN': '可用内存' },
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: { en: '{free} of {total} memory available ({where})', 'zh-CN': '可用内存 {free}，共 {total}（{where}）' },
    low: {
      en: 'memory is short: {used} % used, {free} of {total} available ({where})',
      'zh-CN': '内存紧张：已用 {used} %，可用 {free}，共 {total}（{where}）',
    },
    exhausted: {
      en: 'memory is exhausted: {used} % used, {free} of {total} available ({where})',
      'zh-CN': '内存耗尽：已用 {used} %，可用 {free}，共 {total}（{where}）',
    },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const kib = parseCounters((await host.readFile('/proc/meminfo')).text);
    const bytes = (key: string): number => (kib[key] ?? 0) * 1024;
    const totalBytes = bytes('MemTotal');
    if (totalBytes === 0) throw new HostError('io', '/proc/meminfo has no MemTotal');
    // Linux before 3.14 has no MemAvailable.
    const availableBytes = kib.MemAvailable === undefined ? bytes('MemFree') + bytes('Buffers') + bytes('Cached') : bytes('MemAvailable');
    return {
      observedAt: host.now().wallMs,
      totalBytes,
      availableBytes,
      usedPercent: (1 - availableBytes / totalBytes) * 100,
      swapTotalBytes: bytes('SwapTotal'),
      swapFreeBytes: bytes('SwapFree'),
      cgroup: await readMemoryLimit(host),
    };
  },
  judge: judgeMemory,
});

function judgeMemory(
  { totalBytes, availableBytes, usedPercent, cgroup }: Facts,
  _params: unknown,
  thresholds: Thresholds = THRESHOLDS,
): Judgement {
  const groupPercent = cgroup ? (cgroup.usedBytes / cgroup.limitBytes) * 100 : 0;
  const inGroup = cgroup !== null && groupPercent > usedPercent;
  const used = inGroup ? groupPercent : usedPercent;
  const total = inGroup ? cgroup.limitBytes : totalBytes;
  const free = inGroup ? Math.max(0, cgroup.limitBytes - cgroup.usedBytes) : availableBytes;
  const item = inGroup ? 'cgroup' : 'host';
  const grade = gradeAbove(used, thresholds, item);
  return {
    status: grade,
    code: { ok: 'ok', warn: 'low', fail: 'exhausted' }[grade],
    data: { used: round(used), free: formatBytes(free), total: formatBytes(total), where: item },
    item,
    ...showLimit(round(used), thresholds, grade),
  };
}
