import { HostError } from '../errors.ts';
import { defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 5, crit: 8, unit: 'ms', source: 'Replicated troubleshoot filesystem-performance.yaml (etcd)' };
const BATCHES = 10;
const WRITES_PER_BATCH = 10;
const FREE_PERCENT = 5;
/** The file is unlinked before the first write, so nothing stays behind however this ends. */
const SCRIPT = `f=$(mktemp "$1/.oor-latency.XXXXXX") || exit 9
exec 3<>"$f"; rm -f "$f"
i=0; while [ $i -lt ${BATCHES} ]; do dd if=/dev/zero of=/dev/fd/3 bs=4096 count=${WRITES_PER_BATCH} oflag=dsync conv=notrunc || exit 8; i=$((i+1)); done`;

const params = strictObject({
  /** A folder on the disk in question; without it nothing is written. */
  path: v.nullish(v.pipe(v.string(), v.startsWith('/', 'expected an absolute path'))),
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  path: v.nullable(v.string()),
  /** Mean time of one write in each batch of ten. */
  batchMs: v.array(v.number()),
  medianMs: v.number(),
  worstMs: v.number(),
});
type Facts = Infer<typeof facts>;

export const diskLatency = defineCheck<Params, Facts>({
  id: 'disk.latency',
  phase: 'hardware',
  active: true,
  title: { en: 'Time to write durably', 'zh-CN': '同步写延迟' },
  params,
  facts,
  thresholds: THRESHOLDS,
  timeoutMs: 20_000,
  messages: {
    ok: {
      en: 'a durable write to {path} takes {worst} ms (median {median} ms)',
      'zh-CN': '{path} 同步写入耗时 {worst} 毫秒（中位数 {median} 毫秒）',
    },
    slow: {
      en: 'a durable write to {path} takes {worst} ms (median {median} ms): the disk is slow',
      'zh-CN': '{path} 同步写入耗时 {worst} 毫秒（中位数 {median} 毫秒）：磁盘缓慢',
    },
    none: { en: 'no folder to write to is declared', 'zh-CN': '未声明可写目录' },
  },
  example: { path: '/var/lib/paygw' },
  probe,
  judge,
});

async function probe({ path }: Params, { host, signal }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  if (path == null) return { observedAt: host.now().wallMs, path: null, batchMs: [], medianMs: 0, worstMs: 0 };
  const space = await host.statFilesystem(path, { timeoutMs: 2_000 });
  if (!space) throw new HostError('timed-out', `${path} does not answer`, 'see fs.hung');
  if (space.availableBytes < (FREE_PERCENT / 100) * space.totalBytes)
    throw new HostError('unsupported', `less than ${FREE_PERCENT} % is free in ${path}: nothing is written`);
  const { exitCode, stderr } = await host.run(['sh', '-c', SCRIPT, 'sh', path], { timeoutMs: 15_000, signal });
  const batchMs = [...stderr.matchAll(/ copied, ([\d.e+-]+) s,/g)].map(([, seconds]) =>
    round((1_000 * Number(seconds)) / WRITES_PER_BATCH, 3),
  );
  if (exitCode !== 0 || batchMs.length < BATCHES) throw refusal(path, exitCode, stderr);
  const sorted = batchMs.toSorted((a, b) => a - b);
  return { observedAt: host.now().wallMs, path, batchMs, medianMs: sorted[BATCHES / 2] ?? 0, worstMs: sorted.at(-1) ?? 0 };
}

function refusal(path: string, exitCode: number | null, stderr: string): HostError {
  if (/Permission denied/.test(stderr))
    return new HostError('no-permission', `${path} may not be written`, 'run as root, or as the user that owns it');
  if (exitCode === 9)
    return new HostError(
      'io',
      `no file can be made in ${path}: ${stderr.trim().slice(0, 200)}`,
      'name a folder that exists on a disk that can be written',
    );
  return new HostError('io', `dd failed in ${path}: ${stderr.trim().slice(0, 200)}`);
}

function judge({ path, worstMs, medianMs }: Facts, _params: Params, limits: Thresholds = THRESHOLDS): Judgement {
  if (path === null) return { status: 'not-applicable', code: 'none' };
  const status = worstMs >= limits.crit ? 'fail' : worstMs >= limits.warn ? 'warn' : 'ok';
  return {
    status,
    code: status === 'ok' ? 'ok' : 'slow',
    data: { path, worst: worstMs, median: medianMs },
    ...showLimit(worstMs, limits, status),
  };
}
