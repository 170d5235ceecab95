import { defineCheck, type Judgement } from './check.ts';
import { requireLinux } from './linux.ts';
import { readSupplies, supply } from './power-supply.ts';
import { type Infer, strictObject, v } from './schema.ts';

const facts = v.object({ observedAt: v.number(), supplies: v.array(supply) });
type Facts = Infer<typeof facts>;

export const powerMains = defineCheck({
  id: 'power.mains',
  phase: 'hardware',
  title: { en: 'Mains power', 'zh-CN': '市电' },
  params: strictObject({}),
  facts,
  messages: {
    ok: { en: 'on mains power', 'zh-CN': '市电供电正常' },
    'on-battery': { en: 'no mains power: running on battery{charge}', 'zh-CN': '市电中断：正在使用电池供电{charge}' },
    lost: { en: 'no power on any mains input ({names})', 'zh-CN': '所有市电输入均无电（{names}）' },
    partial: { en: 'no power on the mains input {names}; others have it', 'zh-CN': '市电输入 {names} 无电，其余正常' },
    none: { en: 'this host does not show its power supply; ask on site', 'zh-CN': '此主机不提供电源信息，请向现场确认' },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    return { observedAt: host.now().wallMs, supplies: await readSupplies(host) };
  },
  judge: judgeMains,
});

function judgeMains({ supplies }: Facts): Judgement {
  const mains = supplies.filter(({ kind, online }) => kind === 'mains' && online !== null);
  const battery = supplies.find(({ kind }) => kind === 'battery');
  const dead = mains.filter(({ online }) => !online);
  // An idle USB port of a laptop is offline as well: it counts only when it feeds.
  const powered = supplies.some(({ kind, online }) => kind !== 'battery' && online);
  const data = {
    names: dead.map(({ name }) => name).join(', '),
    charge: battery?.chargePercent == null ? '' : ` (${battery.chargePercent} %)`,
  };
  const bound = { unit: 'inputs with power', threshold: Math.max(1, mains.length), thresholdSource: 'own' };
  const value = mains.length - dead.length;
  if (powered)
    return dead.length > 0 && value > 0
      ? { status: 'warn', code: 'partial', data, value, ...bound }
      : { status: 'ok', code: 'ok', data, value: Math.max(1, value), ...bound };
  if (battery && (dead.length > 0 || battery.state === 'Discharging'))
    return { status: 'fail', code: 'on-battery', data, value: 0, ...bound };
  if (dead.length > 0) return { status: 'fail', code: 'lost', data, value: 0, ...bound };
  if (battery && ['Charging', 'Full', 'Not charging'].includes(battery.state ?? ''))
    return { status: 'ok', code: 'ok', data, value: 1, ...bound };
  return { status: 'not-applicable', code: 'none' };
}
