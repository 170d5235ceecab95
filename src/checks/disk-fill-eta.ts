import { type AskedMount, askMounts, chooseMounts, pathParam } from './ask-mounts.ts';
import { boundsNow, defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit, worstOf } from './limit.ts';
import { formatBytes, round } from './linux.ts';
import { writableMounts } from './parse-mounts.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { SAMPLE_MS } from './two-samples.ts';

const THRESHOLDS: Thresholds = {
  warn: 8,
  crit: 2,
  unit: 'h',
  source: 'Netdata disks.conf out_of_disk_space_time',
  clear: { warn: 48, crit: 24 },
};
const HOUR_MS = 3_600_000;
/** Less within a second is the usual writing of logs. */
const NOTABLE_BYTES = 1024 ** 2;

const params = strictObject({
  path: pathParam,
  /** What was left at an earlier time, from a saved snapshot: the trend since then counts, and can fail. */
  baseline: v.nullish(
    v.strictObject({
      at: v.pipe(v.string(), v.isoTimestamp('expected a time such as 2026-11-20T09:00:00Z')),
      available_bytes: v.pipe(v.number(), v.minValue(0)),
    }),
  ),
});
type Params = Infer<typeof params>;

const filesystem = v.object({
  mount: v.string(),
  answered: v.boolean(),
  availableBytes: v.number(),
  /** By how much it shrank since the start of the trend; below 0 it grew. */
  takenBytes: v.number(),
});
const facts = v.object({
  observedAt: v.number(),
  /** The start of the trend: the baseline's time, or a second ago. */
  from: v.number(),
  fromBaseline: v.boolean(),
  filesystems: v.array(filesystem),
});
type Facts = Infer<typeof facts>;

export const diskFillEta = defineCheck<Params, Facts>({
  id: 'disk.fill_eta',
  phase: 'hardware',
  title: { en: 'Time until the disk is full', 'zh-CN': '磁盘写满剩余时间' },
  watchMs: SAMPLE_MS,
  params,
  facts,
  thresholds: THRESHOLDS,
  timeoutMs: 12_000,
  messages: {
    ok: { en: '{mount} is full in {hours} h at the pace since {since}', 'zh-CN': '按 {since} 以来的速度，{mount} 将在 {hours} 小时后写满' },
    filling: {
      en: '{mount} is full in {hours} h at the pace since {since}: {free} left, {taken} taken',
      'zh-CN': '按 {since} 以来的速度，{mount} 将在 {hours} 小时后写满：剩余 {free}，已占用 {taken}',
    },
    'filling-now': {
      en: '{mount} is full in {hours} h if it goes on as in this one second: {free} left',
      'zh-CN': '若按这一秒的速度，{mount} 将在 {hours} 小时后写满：剩余 {free}',
    },
    steady: { en: '{mount} does not fill up (since {since})', 'zh-CN': '{mount} 没有持续增长（自 {since} 起）' },
    'no-trend': {
      en: 'nothing fills up within one second; a trend needs a baseline',
      'zh-CN': '一秒内没有明显增长；判断趋势需要基线',
    },
    silent: { en: '{mount} could not be asked', 'zh-CN': '无法查询 {mount}' },
    none: { en: 'no file system that can run full', 'zh-CN': '没有可能写满的文件系统' },
  },
  example: { path: '/var/lib/paygw', baseline: { at: '2026-01-15T09:00:00Z', available_bytes: 53_687_091_200 } },
  probe,
  judge,
});

async function probe({ path, baseline }: Params, context: ProbeContext): Promise<Facts> {
  const { host, sleep } = context;
  const chosen = await chooseMounts(context, path, writableMounts);
  const earlier = baseline ? [] : await askMounts(context, chosen);
  const started = baseline ? Date.parse(baseline.at) : host.now().wallMs;
  if (!baseline) await sleep(SAMPLE_MS);
  const asked = await askMounts(context, chosen);
  const left = (each: AskedMount | undefined): number | undefined => each?.stat?.availableBytes;
  return {
    observedAt: host.now().wallMs,
    from: started,
    fromBaseline: baseline != null,
    filesystems: asked.map((each, index) => {
      const availableBytes = left(each) ?? 0;
      const before = baseline?.available_bytes ?? left(earlier[index]) ?? availableBytes;
      return { mount: each.mount.mountPoint, answered: each.answer === 'answered', availableBytes, takenBytes: before - availableBytes };
    }),
  };
}

function judge({ observedAt, from, fromBaseline, filesystems }: Facts, _params: Params, limits: Thresholds = THRESHOLDS): Judgement {
  const notable = fromBaseline ? 0 : NOTABLE_BYTES;
  const filling = filesystems.flatMap((each) => {
    const hours = (each.availableBytes / each.takenBytes) * ((observedAt - from) / HOUR_MS);
    const { warn, crit } = boundsNow(limits, each.mount);
    const grade = hours >= warn ? 'ok' : hours < crit && fromBaseline ? 'fail' : 'warn';
    return each.answered && each.takenBytes > notable && observedAt > from ? [{ ...each, hours: round(hours), grade } as const] : [];
  });
  const soonest = worstOf(filling, ({ grade, hours }) => ({ grade, value: -hours }));
  const silent = filesystems.find(({ answered }) => !answered);
  const status = soonest?.grade ?? 'ok';
  if (status === 'ok' && silent)
    return { status: 'unknown', code: 'silent', data: { mount: silent.mount }, unlock: 'see fs.hung and disk.space for the reason' };
  const since = new Date(from).toISOString();
  if (!soonest || (status === 'ok' && !fromBaseline)) {
    const [first] = filesystems;
    if (!first) return { status: 'not-applicable', code: 'none' };
    return fromBaseline ? { status: 'ok', code: 'steady', data: { mount: first.mount, since } } : { status: 'ok', code: 'no-trend' };
  }
  const { mount, hours, availableBytes, takenBytes } = soonest;
  return {
    status,
    code: status === 'ok' ? 'ok' : fromBaseline ? 'filling' : 'filling-now',
    item: mount,
    data: { mount, hours, since, free: formatBytes(availableBytes), taken: formatBytes(takenBytes) },
    ...showLimit(hours, limits, status),
  };
}
