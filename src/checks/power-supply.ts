/** Power supplies as the kernel shows them (/sys/class/power_supply). */
import type { Host } from '../ports.ts';
import { listIfThere, tryRead, tryReadNumber } from './linux.ts';
import { type Infer, v } from './schema.ts';

const FOLDER = '/sys/class/power_supply';

export const supply = v.object({
  name: v.string(),
  kind: v.picklist(['mains', 'usb', 'battery']),
  /** For mains and usb: is power coming in? */
  online: v.nullable(v.boolean()),
  /** For batteries: Charging, Discharging, Full, ... */
  state: v.nullable(v.string()),
  chargePercent: v.nullable(v.number()),
});
export type Supply = Infer<typeof supply>;

const KINDS: Readonly<Record<string, Supply['kind']>> = { Mains: 'mains', UPS: 'battery', USB: 'usb', Battery: 'battery' };

/** Those that feed this machine, by name; the batteries of mice and keyboards are left out. */
export async function readSupplies(host: Host): Promise<Supply[]> {
  const names = await listIfThere(host, FOLDER);
  const supplies = await Promise.all(names.toSorted().map((name) => readSupply(host, name)));
  return supplies.flatMap((each) => each ?? []);
}

async function readSupply(host: Host, name: string): Promise<Supply | undefined> {
  const [type, scope, online, state, chargePercent] = await Promise.all([
    tryRead(host, `${FOLDER}/${name}/type`),
    tryRead(host, `${FOLDER}/${name}/scope`),
    tryReadNumber(host, `${FOLDER}/${name}/online`),
    tryRead(host, `${FOLDER}/${name}/status`),
    tryReadNumber(host, `${FOLDER}/${name}/capacity`),
  ]);
  const kind = KINDS[type ?? ''];
  if (!kind || scope === 'Device') return undefined;
  return { name, kind, online: online === null ? null : online > 0, state, chargePercent };
}
