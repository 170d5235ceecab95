import { HostError } from '../errors.ts';
import { defineCheck, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { grownBy, SAMPLE_MS, sampleTwice } from './two-samples.ts';

const UTIL: Thresholds = {
  warn: 98,
  crit: Number.POSITIVE_INFINITY,
  unit: '%',
  source: 'Netdata disks.conf, over ten minutes (a sample of 1 s here)',
};
const QUEUE: Thresholds = {
  warn: 10,
  crit: Number.POSITIVE_INFINITY,
  unit: 'requests',
  source: 'Prometheus node mixin NodeDiskIOSaturation',
};

const LATENCY: Thresholds = { warn: 100, crit: Number.POSITIVE_INFINITY, unit: 'ms', source: 'own' };
/** Fewer in the sample say nothing about the rest. */
const ENOUGH_REQUESTS = 3;

const params = strictObject({
  /** `sda`, `nvme0n1`, or with /dev/ before it; default: every disk. */
  disks: v.nullish(v.array(v.pipe(v.string(), v.regex(/^(?:\/dev\/)?[\w!-]+(?:\/[\w-]+)*$/, 'expected a disk such as sda or /dev/sda')))),
});
type Params = Infer<typeof params>;

const disk = v.object({
  name: v.string(),
  /** Share of the second with at least one request at work. Disks that serve many at once are not full at 100 %. */
  utilPercent: v.number(),
  /** Mean number of requests at work or waiting. */
  queue: v.number(),
  /** Mean time of one request, waiting included; null without any. */
  requestMs: v.nullable(v.number()),
  requestsPerSecond: v.number(),
  readBytesPerSecond: v.number(),
  writtenBytesPerSecond: v.number(),
});
const facts = v.object({
  observedAt: v.number(),
  /** Busiest first. */
  disks: v.array(disk),
});
type Facts = Infer<typeof facts>;

export const diskIo = defineCheck<Params, Facts>({
  id: 'disk.io',
  phase: 'hardware',
  title: { en: 'Disk activity', 'zh-CN': '磁盘读写' },
  watchMs: SAMPLE_MS,
  params,
  facts,
  messages: {
    ok: { en: '{name} is busy {util} % of the time, queue {queue}', 'zh-CN': '{name} 繁忙 {util} %，队列 {queue}' },
    queue: {
      en: '{name}: {queue|request waits|requests wait} on average, {ms} ms each ({util} % busy)',
      'zh-CN': '{name}：平均排队 {queue} 个请求，每个 {ms} 毫秒（繁忙 {util} %）',
    },
    busy: { en: '{name} is busy {util} % of the time, {ms} ms per request', 'zh-CN': '{name} 繁忙 {util} %，每个请求 {ms} 毫秒' },
    slow: { en: '{name} needs {ms} ms for a request on average', 'zh-CN': '{name} 平均每个请求耗时 {ms} 毫秒' },
    none: { en: 'no disk to look at', 'zh-CN': '没有可检查的磁盘' },
  },
  example: { disks: ['sda'] },
  async probe({ disks }, context) {
    const { host } = context;
    requireLinux(host);
    const whole = new Set(await host.list('/sys/block'));
    const wanted = disks?.map((each) => each.replace(/^\/dev\//, '').replaceAll('/', '!'));
    const look = async () => parseDiskstats((await host.readFile('/proc/diskstats')).text);
    const { before, after, seconds } = await sampleTwice(context, look);
    // A file that is used as a disk counts where something is written to it: packages and images are only read.
    const isWritten = (name: string): boolean => grownBy(before.get(name)?.[WRITES], after.get(name)?.[WRITES]) > 0;
    const names =
      wanted ??
      [...after.keys()].filter(
        (name) => whole.has(name) && !/^(?:ram|zram|sr|fd)\d/.test(name) && (!/^loop\d/.test(name) || isWritten(name)),
      );
    const gone = names.find((name) => !after.has(name));
    if (gone !== undefined) throw new HostError('not-found', `there is no disk ${gone} in /proc/diskstats`, 'lsblk lists the disks');
    const seen = names.map((name) => describeDisk(name, before.get(name) ?? [], after.get(name) ?? [], seconds));
    return { observedAt: host.now().wallMs, disks: seen.toSorted((a, b) => b.queue - a.queue || b.utilPercent - a.utilPercent) };
  },
  judge: judgeDisks,
});

/** Documentation/admin-guide/iostats.rst: the fields after the name. */
function parseDiskstats(text: string): ReadonlyMap<string, readonly number[]> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, , name, ...fields] = line.trim().split(/\s+/);
      return name === undefined ? [] : [[name, fields.map(Number)] as const];
    }),
  );
}

const SECTOR_BYTES = 512;
/** Where the writes stand among the fields after the name. */
const WRITES = 4;

function describeDisk(name: string, before: readonly number[], after: readonly number[], seconds: number): Infer<typeof disk> {
  const [reads, , readSectors, readMs, writes, , writtenSectors, writeMs, , busyMs, weightedMs] = after.map((value, index) =>
    grownBy(before[index], value),
  ) as [number, number, number, number, number, number, number, number, number, number, number];
  const requests = reads + writes;
  return {
    name,
    utilPercent: Math.min(100, round(busyMs / (10 * seconds))),
    queue: round(weightedMs / (1_000 * seconds), 2),
    requestMs: requests > 0 ? round((readMs + writeMs) / requests, 2) : null,
    requestsPerSecond: round(requests / seconds),
    readBytesPerSecond: Math.round((readSectors * SECTOR_BYTES) / seconds),
    writtenBytesPerSecond: Math.round((writtenSectors * SECTOR_BYTES) / seconds),
  };
}

function judgeDisks({ disks }: Facts): Judgement {
  const [first] = disks;
  if (!first) return { status: 'not-applicable', code: 'none' };
  const isSlow = ({ requestMs, requestsPerSecond }: Infer<typeof disk>): boolean =>
    requestsPerSecond >= ENOUGH_REQUESTS && (requestMs ?? 0) > LATENCY.warn;
  const busiest =
    disks.find(({ queue }) => queue > QUEUE.warn) ??
    disks.find(({ utilPercent }) => utilPercent > UTIL.warn) ??
    disks.find(isSlow) ??
    first;
  const { name, utilPercent, queue, requestMs } = busiest;
  const data = { name, util: utilPercent, queue, ms: requestMs ?? '-' };
  if (queue > QUEUE.warn) return { status: 'warn', code: 'queue', data, ...showLimit(queue, QUEUE, 'warn') };
  if (utilPercent > UTIL.warn) return { status: 'warn', code: 'busy', data, ...showLimit(utilPercent, UTIL, 'warn') };
  if (isSlow(busiest)) return { status: 'warn', code: 'slow', data, ...showLimit(requestMs ?? 0, LATENCY, 'warn') };
  return { status: 'ok', code: 'ok', data, ...showLimit(utilPercent, UTIL, 'ok') };
}
