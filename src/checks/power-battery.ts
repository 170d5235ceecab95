import { defineCheck, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux } from './linux.ts';
import { readSupplies, supply } from './power-supply.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 10, crit: 3, unit: '%', source: 'Netdata power_supply.conf (warn); own (crit)' };

const facts = v.object({ observedAt: v.number(), batteries: v.array(supply) });
type Facts = Infer<typeof facts>;

export const powerBattery = defineCheck({
  id: 'power.battery',
  phase: 'hardware',
  title: { en: 'Battery', 'zh-CN': '电池' },
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: { en: 'battery {name}: {charge} %, {state}', 'zh-CN': '电池 {name}：{charge} %，{state}' },
    low: { en: 'battery {name} has only {charge} % left, {state}', 'zh-CN': '电池 {name} 仅剩 {charge} %，{state}' },
    silent: { en: 'battery {name} does not tell its charge', 'zh-CN': '电池 {name} 未报告电量' },
    none: { en: 'this host has no battery', 'zh-CN': '此主机没有电池' },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    return { observedAt: host.now().wallMs, batteries: (await readSupplies(host)).filter(({ kind }) => kind === 'battery') };
  },
  judge: judgeBatteries,
});

function judgeBatteries({ batteries }: Facts, _params: unknown, limits: Thresholds = THRESHOLDS): Judgement {
  const told = batteries.flatMap(({ name, state, chargePercent }) =>
    chargePercent === null ? [] : [{ name, charge: chargePercent, state: state ?? '?' }],
  );
  const [lowest] = told.toSorted((a, b) => a.charge - b.charge);
  const silent = batteries.find(({ chargePercent }) => chargePercent === null);
  const isLow = lowest !== undefined && lowest.charge < limits.warn;
  if (silent && !isLow)
    return { status: 'unknown', code: 'silent', data: { name: silent.name }, unlock: `look at the battery on site (${silent.name})` };
  if (!lowest) return { status: 'not-applicable', code: 'none' };
  const status = !isLow ? 'ok' : lowest.charge < limits.crit && lowest.state === 'Discharging' ? 'fail' : 'warn';
  return { status, code: isLow ? 'low' : 'ok', data: lowest, ...showLimit(lowest.charge, limits, status) };
}
