/**
 * Limits of the control group this host's tools see as their root: those of the container, none on a host of its own
 * (a true root group has no memory.max, and version 1 reports a limit near 2^63 there).
 */
import type { Host } from '../ports.ts';
import { parseCounters, tryRead, tryReadNumber } from './linux.ts';

/** Does this host's root stand inside a control group, as in a container? A root group of version 2 has no type; version 1 shows the place of pid 1. */
export async function isInGroup(host: Host): Promise<boolean> {
  if ((await tryRead(host, `${ROOT}/cgroup.type`)) !== null) return true;
  return /^\d+:(?:[^:\n]*,)?cpu(?:,[^:\n]*)?:\/./m.test((await tryRead(host, '/proc/1/cgroup')) ?? '');
}

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

export function readCpuQuota(host: Host): Promise<number | null> {
  return readQuotaIn(host, ROOT, `${ROOT}/cpu`);
}

/** In the folder of version 2, or else in that of version 1. */
async function readQuotaIn(host: Host, folder: string, firstVersion: string): Promise<number | null> {
  const second = await tryRead(host, `${folder}/cpu.max`);
  const [quota, period] = second === null ? await readFirstVersion(host, firstVersion) : second.split(' ').map(Number);
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : null;
}

async function readFirstVersion(host: Host, folder: string): Promise<readonly number[]> {
  const quota = await tryReadNumber(host, `${folder}/cpu.cfs_quota_us`);
  const period = await tryReadNumber(host, `${folder}/cpu.cfs_period_us`);
  return quota === null || period === null ? [] : [quota, period];
}

export interface CpuGroup {
  readonly quotaCores: number;
  /** Processor time used since the group was made. */
  readonly usedMs: number;
  /** Stretches of the quota (100 ms by default) in which the group wanted to run, and those in which it was stopped for having used it up. */
  readonly periods: number;
  readonly throttledPeriods: number;
}

/** null without a quota. */
export async function readCpuGroup(host: Host): Promise<CpuGroup | null> {
  const quotaCores = await readCpuQuota(host);
  if (quotaCores === null) return null;
  const second = await tryRead(host, `${ROOT}/cpu.stat`);
  const counters = parseCounters(second ?? (await tryRead(host, `${ROOT}/cpu/cpu.stat`)) ?? '');
  const usedMs =
    second === null ? ((await tryReadNumber(host, `${ROOT}/cpuacct/cpuacct.usage`)) ?? 0) / 1e6 : (counters.usage_usec ?? 0) / 1e3;
  return { quotaCores, usedMs, periods: counters.nr_periods ?? 0, throttledPeriods: counters.nr_throttled ?? 0 };
}

export type GroupQuota = Omit<CpuGroup, 'usedMs'>;

/**
 * Folders of the control groups for processor time that a process is in, the innermost first and without the root: that one is the host's own.
 * As `/proc/PID/cgroup` says: `0::/a/b` of version 2, `3:cpu,cpuacct:/a/b` of version 1.
 */
export async function readGroupsAbove(host: Host, pid: number): Promise<readonly string[]> {
  const text = (await tryRead(host, `/proc/${pid}/cgroup`)) ?? '';
  const first = /^\d+:((?:[^:\n]*,)?cpu(?:,[^:\n]*)?):(\/[^\n]*)$/m.exec(text);
  const [root, path = ''] = first ? [`${ROOT}/${first[1]}`, first[2]] : [ROOT, /^0::(\/[^\n]*)$/m.exec(text)?.[1]];
  const names = path.split('/').filter((name) => name !== '');
  // One outside of what is shown here (`/../x`) cannot be looked at.
  return names.includes('..') ? [] : names.map((_, depth) => `${root}/${names.slice(0, names.length - depth).join('/')}`);
}

/** Of the group in that folder; null without a quota. */
export async function readQuotaOf(host: Host, folder: string): Promise<GroupQuota | null> {
  const quotaCores = await readQuotaIn(host, folder, folder);
  if (quotaCores === null) return null;
  const { nr_periods: periods = 0, nr_throttled: throttledPeriods = 0 } = parseCounters((await tryRead(host, `${folder}/cpu.stat`)) ?? '');
  return { quotaCores, periods, throttledPeriods };
}

/** Tasks of the group and the most it may have; null without a limit. */
export async function readTaskLimit(host: Host): Promise<{ readonly used: number; readonly most: number } | null> {
  for (const folder of [ROOT, `${ROOT}/pids`]) {
    const most = await tryReadNumber(host, `${folder}/pids.max`);
    const used = most === null ? null : await tryReadNumber(host, `${folder}/pids.current`);
    if (most !== null && used !== null) return { used, most };
  }
  return null;
}

/** Processes of the group that the kernel killed for lack of memory since the group was made; null outside of one. */
export async function readGroupKills(host: Host): Promise<number | null> {
  const second = await tryRead(host, `${ROOT}/memory.events`);
  if (second !== null) return parseCounters(second).oom_kill ?? null;
  if ((await readMemoryLimit(host)) === null) return null;
  return parseCounters((await tryRead(host, `${ROOT}/memory/memory.oom_control`)) ?? '').oom_kill ?? null;
}
