import { HostError } from '../errors.ts';
import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round } from './linux.ts';
import { type CpuGroup, readCpuGroup } from './parse-cgroup.ts';
import { MS_PER_TICK, type ProcessStat, readProcesses } from './processes.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = {
  warn: 85,
  crit: 95,
  unit: '%',
  source: 'Netdata cpu.conf (10 min average there; a sample of 1 s here)',
  clear: { warn: 75, crit: 85 },
};
const NEVER = Number.POSITIVE_INFINITY;
const STEAL: Thresholds = { warn: 10, crit: NEVER, unit: '%', source: 'Netdata cpu.conf 20min_steal_cpu', clear: { warn: 5 } };
const IOWAIT: Thresholds = { warn: 40, crit: NEVER, unit: '%', source: 'Netdata cpu.conf 10min_cpu_iowait', clear: { warn: 20 } };
const THROTTLED: Thresholds = { warn: 25, crit: NEVER, unit: '%', source: 'Kubernetes mixin CPUThrottlingHigh' };
const SAMPLE_MS = 1_000;
const TOP_KEPT = 5;

/** Ready processes for each core, besides this program: a request then waits several turns for each of its own. Own figure. */
const CROWD = 4;
const CROWDED: Thresholds = { warn: CROWD, crit: CROWD, unit: 'processes', source: 'own' };

const facts = v.object({
  observedAt: v.number(),
  sampleMs: v.number(),
  cores: v.number(),
  /** Of all cores together; busy leaves out iowait and steal. */
  busyPercent: v.number(),
  userPercent: v.number(),
  systemPercent: v.number(),
  iowaitPercent: v.number(),
  stealPercent: v.number(),
  /** The container's control group under its quota; null without one. */
  group: v.nullable(v.object({ quotaCores: v.number(), busyPercent: v.number(), throttledPercent: v.number() })),
  /** Processes that were ready to run in both looks. */
  ready: v.optional(v.number(), 0),
  /** Largest first; percent of one core. */
  top: v.array(v.object({ pid: v.number(), name: v.string(), cpuMs: v.number(), percent: v.number() })),
});
type Facts = Infer<typeof facts>;

export const cpuUtil = defineCheck({
  id: 'cpu.util',
  phase: 'hardware',
  title: { en: 'Processor use', 'zh-CN': '处理器使用率' },
  watchMs: SAMPLE_MS,
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: { en: 'processor {busy} % busy over {seconds} s', 'zh-CN': '处理器在 {seconds} 秒内的使用率为 {busy} %' },
    busy: {
      en: 'processor {busy} % busy over {seconds} s, most by {process}',
      'zh-CN': '处理器在 {seconds} 秒内的使用率为 {busy} %，占用最多的是 {process}',
    },
    saturated: {
      en: 'processor saturated: {busy} % busy over {seconds} s, most by {process}',
      'zh-CN': '处理器饱和：{seconds} 秒内使用率为 {busy} %，占用最多的是 {process}',
    },
    'quota-ok': {
      en: 'the container uses {busy} % of its quota of {quota} cores over {seconds} s',
      'zh-CN': '容器在 {seconds} 秒内使用了 {quota} 核配额的 {busy} %',
    },
    'quota-used': {
      en: 'the container uses {busy} % of its quota of {quota} cores over {seconds} s, most by {process}',
      'zh-CN': '容器在 {seconds} 秒内使用了 {quota} 核配额的 {busy} %，占用最多的是 {process}',
    },
    crowded: {
      en: '{ready|process waits|processes wait} for {cores|core|cores} at once, most used by {process}',
      'zh-CN': '{ready} 个进程同时争用 {cores} 核，占用最多的是 {process}',
    },
    throttled: {
      en: 'the container was stopped in {throttled} % of the stretches for having used up its quota of {quota} cores',
      'zh-CN': '容器因用完 {quota} 核配额，在 {throttled} % 的周期内被限流',
    },
    steal: {
      en: 'the hypervisor takes {steal} % of the processor time for others',
      'zh-CN': '虚拟化平台把 {steal} % 的处理器时间分给了其他虚拟机',
    },
    iowait: { en: 'the processor waits for disks {iowait} % of the time', 'zh-CN': '处理器有 {iowait} % 的时间在等待磁盘' },
  },
  example: {},
  async probe(_params, { host, sleep }) {
    requireLinux(host);
    const before = await sample();
    await sleep(SAMPLE_MS);
    const after = await sample(before.processes.map(({ pid }) => pid));
    const sampleMs = after.monoMs - before.monoMs;
    return {
      observedAt: host.now().wallMs,
      sampleMs,
      ...shareTime(before.times, after.times),
      group: shareQuota(before.group, after.group, sampleMs),
      ready: countReady(before.processes, after.processes),
      top: findTop(before.processes, after.processes, sampleMs),
    };

    async function sample(pids?: readonly number[]) {
      const times = parseTimes((await host.readFile('/proc/stat')).text);
      const { monoMs } = host.now();
      const group = await readCpuGroup(host);
      return { times, monoMs, group, processes: await readProcesses(host, pids) };
    }
  },
  judge: judgeUtil,
});

export interface CpuTimes {
  readonly cores: number;
  readonly user: number;
  readonly system: number;
  readonly idle: number;
  readonly iowait: number;
  readonly steal: number;
}

/** proc(5): `cpu user nice system idle iowait irq softirq steal guest guest_nice`; guest time is in user already. */
export function parseTimes(text: string): CpuTimes {
  const fields = /^cpu +(.+)$/m.exec(text)?.[1]?.split(' ').map(Number);
  if (!fields || fields.length < 8) throw new HostError('io', '/proc/stat has no line for the processor');
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = fields;
  return { cores: text.match(/^cpu\d+ /gm)?.length ?? 1, user: user + nice, system: system + irq + softirq, idle, iowait, steal };
}

export function shareTime(before: CpuTimes, after: CpuTimes): Omit<Facts, 'observedAt' | 'sampleMs' | 'group' | 'ready' | 'top'> {
  const passed = (key: keyof CpuTimes) => Math.max(0, after[key] - before[key]);
  const total = passed('user') + passed('system') + passed('idle') + passed('iowait') + passed('steal');
  const percent = (ticks: number) => (total > 0 ? (ticks / total) * 100 : 0);
  return {
    cores: after.cores,
    busyPercent: percent(passed('user') + passed('system')),
    userPercent: percent(passed('user')),
    systemPercent: percent(passed('system')),
    iowaitPercent: percent(passed('iowait')),
    stealPercent: percent(passed('steal')),
  };
}

function shareQuota(before: CpuGroup | null, after: CpuGroup | null, sampleMs: number): Facts['group'] {
  if (!before || !after) return null;
  const periods = after.periods - before.periods;
  return {
    quotaCores: after.quotaCores,
    busyPercent: (Math.max(0, after.usedMs - before.usedMs) / Math.max(1, sampleMs) / after.quotaCores) * 100,
    throttledPercent: periods > 0 ? ((after.throttledPeriods - before.throttledPeriods) / periods) * 100 : 0,
  };
}

/** A command of a moment is not there twice. */
function countReady(before: readonly ProcessStat[], after: readonly ProcessStat[]): number {
  const isReady = ({ state }: ProcessStat): boolean => state === 'R';
  const earlier = new Set(before.filter(isReady).map(({ pid, startTicks }) => `${pid}/${startTicks}`));
  return after.filter((each) => isReady(each) && earlier.has(`${each.pid}/${each.startTicks}`)).length;
}

function findTop(before: readonly ProcessStat[], after: readonly ProcessStat[], sampleMs: number): Facts['top'] {
  const earlier = new Map(before.map((each) => [`${each.pid}/${each.startTicks}`, each.cpuTicks]));
  return after
    .map(({ pid, name, startTicks, cpuTicks }) => ({
      pid,
      name,
      cpuMs: (cpuTicks - (earlier.get(`${pid}/${startTicks}`) ?? cpuTicks)) * MS_PER_TICK,
    }))
    .filter(({ cpuMs }) => cpuMs > 0)
    .toSorted((a, b) => b.cpuMs - a.cpuMs)
    .slice(0, TOP_KEPT)
    .map((each) => ({ ...each, percent: round((each.cpuMs / Math.max(1, sampleMs)) * 100) }));
}

function judgeUtil(facts: Facts, _params: unknown, thresholds: Thresholds = THRESHOLDS): Judgement {
  const { busyPercent, stealPercent, iowaitPercent, sampleMs, group, top } = facts;
  const first = top[0];
  const busy = group?.busyPercent ?? busyPercent;
  const grade = gradeAbove(busy, thresholds, 'busy');
  const cores = group ? Math.min(group.quotaCores, facts.cores) : facts.cores;
  const data = {
    busy: round(busy),
    steal: round(stealPercent),
    iowait: round(iowaitPercent),
    quota: round(group?.quotaCores ?? 0, 2),
    ready: facts.ready,
    cores: round(cores, 2),
    throttled: round(group?.throttledPercent ?? 0),
    seconds: round(sampleMs / 1_000),
    process: first ? `${first.name} (pid ${first.pid}, ${first.percent} %)` : '-',
    name: first?.name ?? '',
    pid: first?.pid ?? 0,
  };
  if (facts.ready >= CROWD * cores + 1)
    return {
      status: 'fail',
      code: 'crowded',
      item: 'busy',
      data,
      ...showLimit(facts.ready, { ...CROWDED, crit: CROWD * cores + 1 }, 'fail'),
    };
  if (grade !== 'fail' && gradeAbove(group?.throttledPercent ?? 0, THROTTLED) !== 'ok')
    return warnAbout('throttled', data.throttled, THROTTLED);
  if (grade === 'ok' && gradeAbove(stealPercent, heldAs(STEAL), 'steal') !== 'ok') return warnAbout('steal', stealPercent, STEAL);
  if (grade === 'ok' && gradeAbove(iowaitPercent, heldAs(IOWAIT), 'iowait') !== 'ok') return warnAbout('iowait', iowaitPercent, IOWAIT);
  const ofHost = { ok: 'ok', warn: 'busy', fail: 'saturated' }[grade];
  const code = group === null ? ofHost : grade === 'ok' ? 'quota-ok' : 'quota-used';
  return { status: grade, code, item: 'busy', data, ...showLimit(round(busy), thresholds, grade) };

  function heldAs(bound: Thresholds): Thresholds {
    return thresholds.earlier === undefined ? bound : { ...bound, earlier: thresholds.earlier };
  }

  function warnAbout(code: string, value: number, bound: Thresholds): Judgement {
    return { status: 'warn', code, item: code, data, ...showLimit(round(value), bound, 'warn') };
  }
}
