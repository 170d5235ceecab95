/**
 * The door of systeminformation, loaded on first use. It waits without a deadline for some of the tools it starts, and everything in its
 * process with it (`smartctl --scan` on a dying disk), so a child loads this file, from where it lies: plain JavaScript, as Node takes it.
 */
import { battery, cpu, diskLayout, mem, memLayout, system } from 'systeminformation';

export const location = import.meta.url;

/**
 * Selected calls only: the package starts about twenty children for these, and two hundred for everything it knows.
 * @public the child calls it
 */
export async function readMachine() {
  const all = [system(), cpu(), mem(), memLayout(), diskLayout(), battery()];
  const [machine, processor, memory, modules, disks, power] = await Promise.all(all);
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
