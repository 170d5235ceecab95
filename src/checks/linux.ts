/** What the checks of a Linux host share: the platform gate, reads that may find nothing, bounded concurrency, units. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';

/** Throws `unsupported` elsewhere; the engine makes not-applicable of it. */
export function requireLinux(host: Host): void {
  if (host.platform !== 'linux') throw new HostError('unsupported', `${host.name} is not a Linux host`);
}

/** null: the file does not exist. Any other failure throws. */
export async function readIfThere(host: Host, path: string): Promise<string | null> {
  try {
    return (await host.readFile(path)).text;
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return null;
    throw error;
  }
}

/** null: not there or not readable now. Only for attributes the verdict can do without (sysfs answers ENODATA, EIO). */
export async function tryRead(host: Host, path: string): Promise<string | null> {
  try {
    return (await host.readFile(path)).text.trim();
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

/** As `tryRead`, as a number; null also when it is none. */
export async function tryReadNumber(host: Host, path: string): Promise<number | null> {
  const text = await tryRead(host, path);
  return text !== null && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

/**
 * Since the boot that start times of processes count from, in ms; null when it cannot be told. In a container with lxcfs /proc/uptime
 * is the container's and those times stay the host's, so the boot time of /proc/stat counts where it is earlier.
 */
export async function sinceBootMs(host: Host): Promise<number | null> {
  const [uptime, stat] = await Promise.all([tryRead(host, '/proc/uptime'), tryRead(host, '/proc/stat')]);
  const counted = Number(uptime?.split(' ')[0] || Number.NaN) * 1_000;
  const booted = Number(/^btime (\d+)$/m.exec(stat ?? '')?.[1] ?? Number.NaN) * 1_000;
  const spans = [counted, host.now().wallMs - booted].filter((span) => span > 0);
  return spans.length > 0 ? Math.max(...spans) : null;
}

/** Names in a directory; empty when it does not exist. */
export async function listIfThere(host: Host, path: string): Promise<readonly string[]> {
  try {
    return await host.list(path);
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return [];
    throw error;
  }
}

/** Maps with at most `limit` at work, results in the order of the items. */
export async function mapLimited<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

/** Lines `Key:   123 kB` or `key 123`, as numbers in the unit of the file. */
export function parseCounters(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries([...text.matchAll(/^([^\s:]+):?\s+(\d+)/gm)].map(([, key, value]) => [key, Number(value)]));
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${round(bytes / 1024 ** power)} ${BYTE_UNITS[power]}`;
}

/** The two largest units: `3 d 4 h`, `12 min 5 s`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3_600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return first < 0
    ? '0 s'
    : parts
        .slice(first, first + 2)
        .filter(([count]) => count > 0)
        .map(([count, unit]) => `${count} ${unit}`)
        .join(' ');
}

export function round(value: number, digits = 1): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
