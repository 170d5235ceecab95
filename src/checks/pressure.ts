/** What the three psi checks share: one reader of the kernel's pressure files and the words of their verdicts. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import type { Judgement } from './check.ts';
import { isInGroup } from './parse-cgroup.ts';
import { type Infer, v } from './schema.ts';

/** Percent of the last 10 and 60 seconds. `some`: at least one task waited; `full`: nothing at all could run. */
const stalls = v.object({ avg10: v.number(), avg60: v.number() });

export const pressureFacts = v.object({
  observedAt: v.number(),
  /** Whose tasks: those of the container's control group, or of the whole host. */
  where: v.picklist(['host', 'container']),
  /** null: the kernel does not measure it. */
  pressure: v.nullable(v.object({ some: stalls, full: stalls })),
});
export type PressureFacts = Infer<typeof pressureFacts>;
type Pressure = NonNullable<PressureFacts['pressure']>;

export interface PressureBound {
  readonly line: 'some' | 'full';
  readonly warn: number;
  readonly crit?: number;
  readonly source: string;
}

export async function readPressure(host: Host, resource: 'cpu' | 'memory' | 'io'): Promise<Omit<PressureFacts, 'observedAt'>> {
  const group = (await isInGroup(host)) ? await readFile(host, `/sys/fs/cgroup/${resource}.pressure`) : null;
  return group ? { where: 'container', pressure: group } : { where: 'host', pressure: await readFile(host, `/proc/pressure/${resource}`) };
}

/** A kernel booted with psi=0 has the files and answers EOPNOTSUPP. */
async function readFile(host: Host, path: string): Promise<Pressure | null> {
  try {
    const { text } = await host.readFile(path);
    return { some: parseStalls(text, 'some'), full: parseStalls(text, 'full') };
  } catch (error) {
    if (error instanceof HostError && ['not-found', 'unsupported', 'io'].includes(error.reason)) return null;
    throw error;
  }
}

/** Linux before 5.13 has no line `full` for the processor. */
function parseStalls(text: string, line: 'some' | 'full'): Pressure['some'] {
  const match = new RegExp(`^${line} avg10=([\\d.]+) avg60=([\\d.]+)`, 'm').exec(text);
  return { avg10: Number(match?.[1] ?? 0), avg60: Number(match?.[2] ?? 0) };
}

export function judgePressure({ pressure, where }: PressureFacts, { line, warn, crit, source }: PressureBound): Judgement {
  if (pressure === null) return { status: 'not-applicable', code: 'none' };
  const value = pressure[line].avg60;
  const status = crit !== undefined && value > crit ? 'fail' : value > warn ? 'warn' : 'ok';
  return {
    status,
    code: status === 'ok' ? 'ok' : 'stalled',
    data: { value, where },
    value,
    unit: `% of a minute (${line})`,
    threshold: status === 'fail' && crit !== undefined ? crit : warn,
    thresholdSource: source,
  };
}
