import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit, worstOf } from './limit.ts';
import { mapLimited, requireLinux, round, tryRead } from './linux.ts';
import { findProcesses } from './proc-find.ts';
import { type ProcessStat, readProcesses, showsAll } from './processes.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 95, crit: 99, unit: '%', source: 'Netdata file_descriptors.conf; 99 own', clear: { warn: 85 } };
const KEPT = 5;

const params = strictObject({
  /** Name or command line as in proc.match; default: every process that may be seen. */
  process: v.nullish(v.pipe(v.string(), v.minLength(1))),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  found: v.number(),
  /** Processes of other users, whose open files only root may count. */
  hidden: v.number(),
  /** False where /proc does not even show the processes of others (hidepid). */
  sawAll: v.boolean(),
  /** Nearest to their limit first. */
  processes: v.array(v.object({ pid: v.number(), name: v.string(), open: v.number(), most: v.number(), percent: v.number() })),
});
type Facts = Infer<typeof facts>;

export const fdProcess = defineCheck<Params, Facts>({
  id: 'fd.process',
  phase: 'software',
  title: { en: 'Open files of processes', 'zh-CN': '进程打开文件数' },
  params,
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: {
      en: '{name} (pid {pid}) is nearest to its limit: {open} of {most|file|files} open',
      'zh-CN': '最接近上限的是 {name}（pid {pid}）：已打开 {open}/{most}',
    },
    many: {
      en: '{name} (pid {pid}) has {open} of at most {most|file|files} open ({percent} %)',
      'zh-CN': '{name}（pid {pid}）已打开 {open} 个文件，上限 {most}（{percent} %）',
    },
    hidden: {
      en: 'none that may be counted is near its limit; the open files of others ({hidden|process|processes} shown) may be counted by root only',
      'zh-CN': '可统计的进程均未接近上限；其他进程（可见 {hidden} 个）的打开文件数仅 root 可查看',
    },
    'no-process': { en: 'no process {wanted} runs', 'zh-CN': '没有运行中的进程 {wanted}' },
  },
  timeoutMs: 10_000,
  example: { process: 'paygw' },
  probe,
  judge,
});

async function probe({ process }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const stats = process == null ? await readProcesses(host) : (await findProcesses(host, process)).map(({ stat }) => stat);
  const sawAll = process != null || showsAll(stats);
  const counted = (await mapLimited(stats, 16, (stat) => countFiles(host, stat))).filter((each) => each !== null);
  const seen = counted.flatMap((each) => (each === 'hidden' ? [] : [each]));
  return {
    observedAt: host.now().wallMs,
    found: counted.length,
    hidden: counted.length - seen.length,
    sawAll,
    processes: seen.toSorted((a, b) => b.percent - a.percent || b.open - a.open).slice(0, KEPT),
  };
}

/** null: it ended meanwhile. */
async function countFiles(host: Host, { pid, name }: ProcessStat): Promise<Facts['processes'][number] | 'hidden' | null> {
  try {
    const open = (await host.list(`/proc/${pid}/fd`)).length;
    const most = Number(/^Max open files\s+(\d+)/m.exec((await tryRead(host, `/proc/${pid}/limits`)) ?? '')?.[1]);
    return most > 0 ? { pid, name, open, most, percent: round((100 * open) / most) } : null;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return error.reason === 'no-permission' ? 'hidden' : null;
  }
}

function judge({ processes, hidden, sawAll }: Facts, { process }: Params, limits: Thresholds = THRESHOLDS): Judgement {
  const grade = ({ pid, percent }: Facts['processes'][number]) => gradeAbove(percent, limits, String(pid));
  const first = worstOf(processes, (each) => ({ value: each.percent, grade: grade(each) }));
  const status = first ? grade(first) : 'ok';
  if ((hidden > 0 || !sawAll) && status === 'ok')
    return { status: 'unknown', code: 'hidden', data: { hidden }, unlock: 'run as root, or as the user of that process' };
  if (!first) return { status: 'not-applicable', code: 'no-process', data: { wanted: process ?? '' } };
  return {
    status,
    code: status === 'ok' ? 'ok' : 'many',
    item: String(first.pid),
    data: first,
    ...showLimit(first.percent, limits, status),
  };
}
