import type { CheckRegistry } from './check.ts';
import { cpuLoad } from './cpu-load.ts';
import { cpuUtil } from './cpu-util.ts';
import { diskInodes } from './disk-inodes.ts';
import { diskSpace } from './disk-space.ts';
import { fsHung } from './fs-hung.ts';
import { fsReadonly } from './fs-readonly.ts';
import { hostIdentity } from './host-identity.ts';
import { hostUptime } from './host-uptime.ts';
import { kernelEvents } from './kernel-events.ts';
import { memAvailable } from './mem-available.ts';
import { memOom } from './mem-oom.ts';
import { powerMains } from './power-mains.ts';
import { powerUps } from './power-ups.ts';
import { procZombies } from './proc-zombies.ts';
import { psiPressure } from './psi-pressure.ts';
import { tempSensor } from './temp-sensor.ts';

/** Every check, by id, sorted. Explicit, so that bundling keeps it and a typo is a compile error. */
export const checks: CheckRegistry = {
  'cpu.load': cpuLoad,
  'cpu.util': cpuUtil,
  'disk.inodes': diskInodes,
  'disk.space': diskSpace,
  'fs.hung': fsHung,
  'fs.readonly': fsReadonly,
  'host.identity': hostIdentity,
  'host.uptime': hostUptime,
  'kernel.events': kernelEvents,
  'mem.available': memAvailable,
  'mem.oom': memOom,
  'power.mains': powerMains,
  'power.ups': powerUps,
  'proc.zombies': procZombies,
  'psi.pressure': psiPressure,
  'temp.sensor': tempSensor,
};
