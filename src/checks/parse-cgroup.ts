/**
 * Limits of the control group this host's tools see as their root: those of the container, none on a host of its own
 * (a true root group has no memory.max, and version 1 reports a limit near 2^63 there).
 */
import type { Host } from '../ports.ts';
import { parseCounters, tryRead, tryReadNumber } from './linux.ts';

export interface CgroupLimits {
  readonly memory: { readonly limitBytes: number; readonly usedBytes: number } | null;
  /** Cores' worth of time allowed, e.g. 1.5; null without a quota. */
  readonly cpuCores: number | null;
}

const ROOT = '/sys/fs/cgroup';
/** Above this a version 1 limit means none. */
const UNLIMITED_BYTES = 2 ** 60;

export async function readCgroupLimits(host: Host): Promise<CgroupLimits> {
  return { memory: await readMemoryLimit(host), cpuCores: await readCpuQuota(host) };
}

/** Use without the file cache that the kernel can drop, as kubelet's working set. */
export async function readMemoryLimit(host: Host): Promise<CgroupLimits['memory']> {
  const second = await tryRead(host, `${ROOT}/memory.max`);
  const limitBytes =
    second === null ? await tryReadNumber(host, `${ROOT}/memory/memory.limit_in_bytes`) : second === 'max' ? null : Number(second);
  if (limitBytes === null || !(limitBytes < UNLIMITED_BYTES)) return null;
  const folder = second === null ? `${ROOT}/memory` : ROOT;
  const current = await tryReadNumber(host, second === null ? `${folder}/memory.usage_in_bytes` : `${folder}/memory.current`);
  const counters = parseCounters((await tryRead(host, `${folder}/memory.stat`)) ?? '');
  const cache = (second === null ? counters.total_inactive_file : undefined) ?? counters.inactive_file ?? 0;
  return current === null ? null : { limitBytes, usedBytes: Math.max(0, current - cache) };
}

export async function readCpuQuota(host: Host): Promise<number | null> {
  const second = await tryRead(host, `${ROOT}/cpu.max`);
  const [quota, period] = second === null ? await readFirstVersion(host) : second.split(' ').map(Number);
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : null;
}

async function readFirstVersion(host: Host): Promise<readonly number[]> {
  const quota = await tryReadNumber(host, `${ROOT}/cpu/cpu.cfs_quota_us`);
  const period = await tryReadNumber(host, `${ROOT}/cpu/cpu.cfs_period_us`);
  return quota === null || period === null ? [] : [quota, period];
}
