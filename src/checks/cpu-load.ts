import { HostError } from '../errors.ts';
import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { showLimit, worstOf } from './limit.ts';
import { requireLinux, round } from './linux.ts';
import { isInGroup, readCpuQuota } from './parse-cgroup.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = {
  warn: 2,
  crit: 20,
  unit: 'load15 per core',
  source: 'Netdata load.conf (warn); own (crit)',
  clear: { warn: 1.75 },
};
/** Netdata allows short bursts more: load5 twice, load1 four times the bound of load15. */
const BURST_ALLOWANCE = { load15: 1, load5: 2, load1: 4 } as const;

const facts = v.object({
  observedAt: v.number(),
  load1: v.number(),
  load5: v.number(),
  load15: v.number(),
  cores: v.number(),
  /** Cores' worth of time a control group allows; null without a quota. */
  quotaCores: v.nullable(v.number()),
  inContainer: v.boolean(),
  runnable: v.number(),
});
type Facts = Infer<typeof facts>;

export const cpuLoad = defineCheck({
  id: 'cpu.load',
  phase: 'hardware',
  title: { en: 'Load', 'zh-CN': '系统负载' },
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: { en: 'load {load1}, {load5}, {load15} on {cores|core|cores}', 'zh-CN': '负载 {load1}、{load5}、{load15}，共 {cores} 核' },
    high: {
      en: '{which} is {perCore} per core (load {load1}, {load5}, {load15} on {cores|core|cores})',
      'zh-CN': '{which} 为每核 {perCore}（负载 {load1}、{load5}、{load15}，共 {cores} 核）',
    },
    overloaded: {
      en: 'overloaded: {which} is {perCore} per core (load {load1}, {load5}, {load15} on {cores|core|cores})',
      'zh-CN': '严重过载：{which} 为每核 {perCore}（负载 {load1}、{load5}、{load15}，共 {cores} 核）',
    },
    quota: {
      en: 'a quota of {quota} cores applies here and the load is that of the whole host',
      'zh-CN': '此处受 {quota} 核配额限制，而负载是整台主机的',
    },
    container: {
      en: 'this is a container, and the load is that of the whole host',
      'zh-CN': '此处是容器，而负载是整台主机的',
    },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const load = /^(\S+) (\S+) (\S+) (\d+)\//.exec((await host.readFile('/proc/loadavg')).text);
    if (!load) throw new HostError('io', '/proc/loadavg cannot be read as load averages');
    const cores = (await host.readFile('/proc/stat')).text.match(/^cpu\d+ /gm)?.length ?? 1;
    const [load1, load5, load15, runnable] = load.slice(1).map(Number) as [number, number, number, number];
    const [quotaCores, inContainer] = await Promise.all([readCpuQuota(host), isInGroup(host)]);
    return { observedAt: host.now().wallMs, load1, load5, load15, cores, quotaCores, inContainer, runnable };
  },
  judge: judgeLoad,
});

function judgeLoad(facts: Facts, _params: unknown, thresholds: Thresholds = THRESHOLDS): Judgement {
  const { load1, load5, load15, cores, quotaCores, inContainer } = facts;
  if (quotaCores !== null && quotaCores < cores) return { status: 'not-applicable', code: 'quota', data: { quota: round(quotaCores) } };
  if (inContainer) return { status: 'not-applicable', code: 'container' };
  // Netdata counts a lone core as two.
  const divisor = Math.max(2, cores);
  // How far each average is towards its own bound, in units of load15.
  const averages = (['load15', 'load5', 'load1'] as const).map((which) => {
    const value = facts[which] / divisor / BURST_ALLOWANCE[which];
    return { which, value, grade: gradeAbove(value, thresholds, which) };
  });
  const { which, value, grade } = worstOf(averages, (average) => average) as (typeof averages)[number];
  const allowance = BURST_ALLOWANCE[which];
  const { threshold, clear, ...shown } = showLimit(round(value * allowance), thresholds, grade);
  return {
    status: grade,
    code: { ok: 'ok', warn: 'high', fail: 'overloaded' }[grade],
    item: which,
    data: { load1, load5, load15, cores, which, perCore: shown.value },
    ...shown,
    unit: `${which} per core`,
    threshold: threshold * allowance,
    ...(clear !== undefined && { clear: clear * allowance }),
  };
}
