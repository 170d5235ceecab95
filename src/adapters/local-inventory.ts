import type { HardwareInventory } from '../ports.ts';
import { withDeadline } from './deadline.ts';

const INVENTORY_TIMEOUT_MS = 8_000;

/** Selected calls only: the package starts about twenty children for these, and two hundred for everything it knows. */
export async function readInventory({
  timeoutMs = INVENTORY_TIMEOUT_MS,
}: {
  readonly timeoutMs?: number;
} = {}): Promise<HardwareInventory> {
  const { battery, cpu, diskLayout, mem, memLayout, system } = await import('./system-information.ts');
  const all = Promise.all([system(), cpu(), mem(), memLayout(), diskLayout(), battery()]);
  const [machine, processor, memory, modules, disks, power] = await withDeadline(all, timeoutMs, 'hardware inventory');
  return {
    maker: machine.manufacturer,
    model: machine.model,
    virtual: machine.virtual === true,
    processor: `${processor.manufacturer} ${processor.brand}`.trim(),
    cores: processor.cores,
    memoryBytes: memory.total,
    memoryModules: modules.map(({ size, type, ecc }) => ({ sizeBytes: size, type: type ?? '', ecc: ecc ?? null })),
    disks: disks.map(({ device, name, type, size }) => ({ device, model: name, type, sizeBytes: size })),
    battery: power.hasBattery ? { percent: power.percent, charging: power.isCharging } : null,
  };
}
