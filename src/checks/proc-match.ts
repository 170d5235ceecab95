import { HostError } from '../errors.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { formatSeconds, requireLinux, sinceBootMs } from './linux.ts';
import { describeProcess, findUsers, processFacts } from './proc-detail.ts';
import { type FoundProcess, findProcesses } from './proc-find.ts';
import { type Infer, strictObject, v } from './schema.ts';

/** Long enough for a process that merely passed through state D, and for a first figure of its processor use. */
const SAMPLE_MS = 500;
const RECENT_MS = 5 * 60_000;
const DETAILED = 20;

const atLeast = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least));
const params = strictObject({
  /** A name, `/pattern/` on names, or the start of a command line when it holds a space or a slash. */
  process: v.pipe(v.string(), v.minLength(1)),
  user: v.nullish(v.string()),
  min: v.nullish(atLeast(0), 1),
  max: v.nullish(atLeast(1)),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  process: v.string(),
  count: v.number(),
  running: v.boolean(),
  pids: v.array(v.number()),
  /** The first 20, living ones first. */
  processes: v.array(processFacts),
  zombies: v.number(),
  stopped: v.number(),
  /** In state D in both of two samples. */
  uninterruptible: v.number(),
  /** By a user other than the one given. */
  wrongUser: v.number(),
  /** Of the youngest one that runs; null when none runs. */
  youngestMs: v.nullable(v.number()),
  threads: v.number(),
  rssBytes: v.number(),
  /** Per cent of one processor, all matched processes together, over half a second. */
  cpuPercent: v.number(),
  /** The fullest of any process; null when /proc/PID/fd may not be read. */
  fdPercent: v.nullable(v.number()),
  threadPercent: v.nullable(v.number()),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 85, crit: 95, unit: '%', source: 'Netdata file_descriptors.conf' };

export const procMatch = defineCheck<Params, Facts>({
  id: 'proc.match',
  phase: 'software',
  title: { en: 'Process', 'zh-CN': '进程' },
  watchMs: SAMPLE_MS,
  params,
  facts,
  messages: {
    running: { en: '{process}: {count} running, up {age}', 'zh-CN': '{process}：{count} 个进程运行中，已运行 {age}' },
    absent: { en: '{process} is not running, as wanted', 'zh-CN': '{process} 未运行，符合要求' },
    'not-running': {
      en: '{process} is not running ({count} found, at least {min} wanted)',
      'zh-CN': '{process} 未运行（找到 {count} 个，至少需要 {min} 个）',
    },
    'too-many': { en: '{process}: {count} running, at most {max} wanted', 'zh-CN': '{process}：运行 {count} 个，最多允许 {max} 个' },
    stopped: {
      en: '{process} is stopped (state T, pid {pid}): it holds its sockets and answers nobody',
      'zh-CN': '{process} 已被挂起（状态 T，pid {pid}）：占有套接字但不响应',
    },
    uninterruptible: {
      en: '{process} waits for a device (state D, pid {pid}): look at its disk or mount',
      'zh-CN': '{process} 处于不可中断等待（状态 D，pid {pid}）：检查其磁盘或挂载点',
    },
    zombie: {
      en: '{process} is a zombie (pid {pid}): it has ended and its parent has not noticed',
      'zh-CN': '{process} 已成僵尸进程（pid {pid}）：已退出但父进程未回收',
    },
    'wrong-user': { en: '{process} runs as {actual}, not as {user}', 'zh-CN': '{process} 以用户 {actual} 运行，而不是 {user}' },
    'fd-exhausted': {
      en: '{process} (pid {pid}) has {percent} % of its allowed files open',
      'zh-CN': '{process}（pid {pid}）已打开文件数达到上限的 {percent} %',
    },
    'fd-high': {
      en: '{process} (pid {pid}) has {percent} % of its allowed files open',
      'zh-CN': '{process}（pid {pid}）已打开文件数为上限的 {percent} %',
    },
    'threads-exhausted': {
      en: '{process} (pid {pid}) uses {percent} % of the threads it may have',
      'zh-CN': '{process}（pid {pid}）线程数达到上限的 {percent} %',
    },
    'threads-high': {
      en: '{process} (pid {pid}) uses {percent} % of the threads it may have',
      'zh-CN': '{process}（pid {pid}）线程数为上限的 {percent} %',
    },
    'restarted-recently': { en: '{process} started only {age} ago', 'zh-CN': '{process} 在 {age} 前刚启动' },
  },
  thresholds: LIMITS,
  timeoutMs: 10_000,
  example: { process: 'nginx', user: 'root' },
  probe,
  judge,
});

async function probe({ process, user }: Params, { host, sleep }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const first = await findProcesses(host, process);
  const isZombie = (found: FoundProcess): boolean => found.stat.state === 'Z';
  const detailed = [...first.filter((found) => !isZombie(found)), ...first.filter(isZombie)].slice(0, DETAILED);
  if (detailed.length > 0) await sleep(SAMPLE_MS);
  const uptimeMs = await sinceBootMs(host);
  if (uptimeMs === null) throw new HostError('io', '/proc/uptime holds no number');
  const observedAt = host.now().wallMs;
  const users = await findUsers(host);
  const processes = await Promise.all(
    detailed.map((found) => describeProcess(host, found, { users, uptimeMs, observedAt, sampleMs: SAMPLE_MS })),
  );
  const alive = processes.filter(({ state }) => state !== 'Z');
  const largest = (values: readonly (number | null)[]): number | null =>
    values.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
  return {
    observedAt,
    process,
    count: first.length,
    running: alive.length > 0,
    pids: first.map(({ stat }) => stat.pid).slice(0, 200),
    processes,
    zombies: first.filter(isZombie).length,
    stopped: alive.filter(({ state }) => state === 'T').length,
    uninterruptible: alive.filter(({ state }) => state === 'D').length,
    wrongUser: user == null ? 0 : alive.filter((each) => each.user !== user && String(each.uid) !== user).length,
    youngestMs: alive.length > 0 ? Math.min(...alive.map(({ ageMs }) => ageMs)) : null,
    threads: alive.reduce((sum, each) => sum + each.threads, 0),
    rssBytes: alive.reduce((sum, each) => sum + each.rssBytes, 0),
    cpuPercent: Math.round(alive.reduce((sum, each) => sum + each.cpuPercent, 0)),
    fdPercent: largest(alive.map(({ fdPercent }) => fdPercent)),
    threadPercent: largest(alive.map(({ threadPercent }) => threadPercent)),
  };
}

function judge(facts: Facts, params: Params, limits: Thresholds = LIMITS): Judgement {
  const { process, count, processes, zombies } = facts;
  const alive = count - zombies;
  const pidIn = (state: string): number => processes.find((each) => each.state === state)?.pid ?? 0;
  if (alive < params.min) {
    if (zombies > 0) return { status: 'fail', code: 'zombie', data: { process, pid: pidIn('Z') } };
    return { status: 'fail', code: 'not-running', data: { process, count: alive, min: params.min }, ...showCount(alive, params) };
  }
  if (alive === 0) return { status: 'ok', code: 'absent', data: { process }, ...showCount(0, params) };
  if (facts.stopped > 0) return { status: 'fail', code: 'stopped', data: { process, pid: pidIn('T') } };
  if (facts.wrongUser > 0) return judgeUser(facts, params);
  const exhausted = judgeUse(facts, limits, 'fail');
  if (exhausted) return exhausted;
  if (params.max != null && alive > params.max)
    return { status: 'fail', code: 'too-many', data: { process, count: alive, max: params.max }, ...showCount(alive, params) };
  if (facts.uninterruptible > 0) {
    return { status: facts.uninterruptible === alive ? 'fail' : 'warn', code: 'uninterruptible', data: { process, pid: pidIn('D') } };
  }
  const high = judgeUse(facts, limits, 'warn');
  if (high) return high;
  const age = formatSeconds((facts.youngestMs ?? 0) / 1_000);
  // Workers come and go; only a program whose eldest process is young has been restarted.
  const eldestMs = Math.max(...processes.filter(({ state }) => state !== 'Z').map(({ ageMs }) => ageMs));
  if (eldestMs < RECENT_MS)
    return {
      status: 'warn',
      code: 'restarted-recently',
      data: { process, age: formatSeconds(eldestMs / 1_000), count: alive },
      ...showCount(alive, params),
    };
  return { status: 'ok', code: 'running', data: { process, count: alive, age }, ...showCount(alive, params) };
}

function showCount(count: number, { min, max }: Params): Pick<Judgement, 'value' | 'unit' | 'threshold' | 'thresholdSource'> {
  return { value: count, unit: 'processes', threshold: max == null ? `>= ${min}` : `${min}..${max}`, thresholdSource: 'playbook' };
}

function judgeUser({ process, processes }: Facts, { user }: Params): Judgement {
  const wrong = processes.find((each) => each.state !== 'Z' && each.user !== user && String(each.uid) !== user);
  return { status: 'fail', code: 'wrong-user', data: { process, user: user ?? '', actual: wrong?.user ?? '' } };
}

function judgeUse({ process, processes }: Facts, limits: Thresholds, status: 'warn' | 'fail'): Judgement | undefined {
  const kinds = [
    ['fdPercent', status === 'fail' ? 'fd-exhausted' : 'fd-high'],
    ['threadPercent', status === 'fail' ? 'threads-exhausted' : 'threads-high'],
  ] as const;
  for (const [key, code] of kinds) {
    const fullest = processes.filter((each) => each[key] !== null).sort((a, b) => (b[key] ?? 0) - (a[key] ?? 0))[0];
    const percent = fullest?.[key] ?? 0;
    if (gradeAbove(percent, limits) === status)
      return { status, code, data: { process, pid: fullest?.pid ?? 0, percent }, ...showLimit(percent, limits, status) };
  }
  return undefined;
}
