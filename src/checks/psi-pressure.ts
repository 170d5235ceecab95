import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement } from './check.ts';
import { requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const RESOURCES = ['cpu', 'memory', 'io'] as const;
type Resource = (typeof RESOURCES)[number];

interface Bound {
  readonly line: 'some' | 'full';
  readonly warn: number;
  readonly crit?: number;
  readonly source: string;
}

/** Percent of the last minute. `full`: nothing at all could run; `some`: at least one task waited. */
const BOUNDS: Readonly<Record<Resource, Bound>> = {
  memory: { line: 'full', warn: 10, crit: 60, source: 'own (warn); systemd-oomd default (crit)' },
  io: { line: 'full', warn: 10, source: 'own' },
  cpu: { line: 'some', warn: 50, source: 'own' },
};

const stalls = v.object({ avg10: v.number(), avg60: v.number() });
const pressure = v.object({ some: stalls, full: stalls });
const params = strictObject({ resource: v.optional(v.picklist(RESOURCES)) });
const facts = v.object({
  observedAt: v.number(),
  /** null: the kernel does not measure it. */
  cpu: v.nullable(pressure),
  memory: v.nullable(pressure),
  io: v.nullable(pressure),
});
type Params = Infer<typeof params>;
type Facts = Infer<typeof facts>;
type Pressure = Infer<typeof pressure>;

export const psiPressure = defineCheck({
  id: 'psi.pressure',
  phase: 'hardware',
  title: { en: 'Stalls for lack of processor, memory or disk', 'zh-CN': '处理器、内存、磁盘压力' },
  docs:
    'Share of the last minute in which tasks stood still for lack of a resource (/proc/pressure, Linux 4.20 and later). Memory full above 10 % warns and above 60 % fails, I/O full above 10 % and processor some above 50 % warn. ' +
    '60 % is the default of systemd-oomd, the others are our own. It is the honest measure of saturation: unlike the load it counts only waiting. Not-applicable where the kernel does not measure it.',
  params,
  facts,
  messages: {
    ok: { en: 'little waiting: {text}', 'zh-CN': '等待很少:{text}' },
    memory: {
      en: 'work stood still for lack of memory {value} % of the last minute',
      'zh-CN': '最近一分钟有 {value} % 的时间因内存不足而停顿',
    },
    io: { en: 'work stood still for disks {value} % of the last minute', 'zh-CN': '最近一分钟有 {value} % 的时间因等待磁盘而停顿' },
    cpu: { en: 'tasks waited for a processor {value} % of the last minute', 'zh-CN': '最近一分钟有 {value} % 的时间有任务在等待处理器' },
    none: { en: 'this kernel does not measure pressure', 'zh-CN': '此内核不提供压力统计' },
  },
  example: { resource: 'memory' },
  async probe(_params, { host }) {
    requireLinux(host);
    const [cpu, memory, io] = await Promise.all([readPressure(host, 'cpu'), readPressure(host, 'memory'), readPressure(host, 'io')]);
    return { observedAt: host.now().wallMs, cpu, memory, io };
  },
  judge: judgePressure,
});

/** A kernel booted with psi=0 has the files and answers EOPNOTSUPP. */
async function readPressure(host: Host, resource: Resource): Promise<Pressure | null> {
  try {
    const { text } = await host.readFile(`/proc/pressure/${resource}`);
    return { some: parseStalls(text, 'some'), full: parseStalls(text, 'full') };
  } catch (error) {
    if (error instanceof HostError && ['not-found', 'unsupported', 'io'].includes(error.reason)) return null;
    throw error;
  }
}

function parseStalls(text: string, line: 'some' | 'full'): Pressure['some'] {
  const match = new RegExp(`^${line} avg10=([\\d.]+) avg60=([\\d.]+)`, 'm').exec(text);
  return { avg10: Number(match?.[1] ?? 0), avg60: Number(match?.[2] ?? 0) };
}

function judgePressure(facts: Facts, params: Params): Judgement {
  const measured = RESOURCES.filter((each) => params.resource === undefined || params.resource === each).flatMap((resource) => {
    const found = facts[resource];
    if (!found) return [];
    const bound = BOUNDS[resource];
    const value = found[bound.line].avg60;
    const status = bound.crit !== undefined && value > bound.crit ? 'fail' : value > bound.warn ? 'warn' : 'ok';
    return [{ resource, bound, value, status } as const];
  });
  const worst =
    measured.find(({ status }) => status === 'fail') ?? measured.toSorted((a, b) => b.value / b.bound.warn - a.value / a.bound.warn)[0];
  if (!worst) return { status: 'not-applicable', code: 'none' };
  const { resource, bound, value, status } = worst;
  return {
    status,
    code: status === 'ok' ? 'ok' : resource,
    data: { resource, value, text: measured.map((each) => `${each.resource} ${each.value} %`).join(', ') },
    value,
    unit: `% of a minute (${resource} ${bound.line})`,
    threshold: status === 'fail' && bound.crit !== undefined ? bound.crit : bound.warn,
    thresholdSource: bound.source,
  };
}
