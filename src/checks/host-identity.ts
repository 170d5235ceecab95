import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement } from './check.ts';
import { formatBytes, parseCounters, readIfThere, requireLinux, round, tryRead } from './linux.ts';
import { readCgroupLimits } from './parse-cgroup.ts';
import { type Infer, strictObject, v } from './schema.ts';

const facts = v.object({
  observedAt: v.number(),
  hostName: v.string(),
  osId: v.string(),
  osName: v.string(),
  kernel: v.string(),
  cores: v.number(),
  processor: v.string(),
  memoryBytes: v.number(),
  /** Every hint of a virtual machine; sources disagree, so each is kept as it was said. */
  virtualization: v.object({
    /** systemd-detect-virt; `none` on bare metal, null when the tool is missing. */
    detected: v.nullable(v.string()),
    vendor: v.nullable(v.string()),
    product: v.nullable(v.string()),
    hypervisorFlag: v.boolean(),
  }),
  /** docker, podman, kubernetes, lxc, ...; null outside of a container. */
  container: v.nullable(v.string()),
  cgroup: v.object({ memoryLimitBytes: v.nullable(v.number()), cpuCores: v.nullable(v.number()) }),
});
type Facts = Infer<typeof facts>;

export const hostIdentity = defineCheck({
  id: 'host.identity',
  phase: 'evidence',
  title: { en: 'Host', 'zh-CN': '主机信息' },
  params: strictObject({}),
  facts,
  messages: {
    identified: {
      en: '{host}: {os}, Linux {kernel}, {cores|core|cores}, {memory}{place}',
      'zh-CN': '{host}：{os}，Linux {kernel}，{cores} 核，{memory}{place}',
    },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const [osRelease, kernel, hostName, cpuinfo, meminfo] = await Promise.all([
      readIfThere(host, '/etc/os-release'),
      tryRead(host, '/proc/sys/kernel/osrelease'),
      tryRead(host, '/proc/sys/kernel/hostname'),
      tryRead(host, '/proc/cpuinfo'),
      tryRead(host, '/proc/meminfo'),
    ]);
    const os = parseOsRelease(osRelease ?? '');
    const limits = await readCgroupLimits(host);
    return {
      observedAt: host.now().wallMs,
      hostName: hostName ?? host.name,
      osId: os.ID ?? 'linux',
      osName: os.PRETTY_NAME ?? os.NAME ?? 'Linux',
      kernel: kernel ?? '?',
      cores: cpuinfo?.match(/^processor\s*:/gm)?.length ?? 1,
      processor: /^(?:model name|Model|cpu model)\s*:\s*(.+)$/m.exec(cpuinfo ?? '')?.[1] ?? '?',
      memoryBytes: (parseCounters(meminfo ?? '').MemTotal ?? 0) * 1024,
      virtualization: await findVirtualization(host, cpuinfo ?? ''),
      container: await findContainer(host),
      cgroup: { memoryLimitBytes: limits.memory?.limitBytes ?? null, cpuCores: limits.cpuCores },
    };
  },
  judge: judgeIdentity,
});

/** os-release(5): shell assignments. */
function parseOsRelease(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(/^([A-Z_]+)=(["']?)(.*?)\2\s*$/gm)].map(([, key, , value]) => [key, value]));
}

async function findVirtualization(host: Host, cpuinfo: string): Promise<Facts['virtualization']> {
  const [detected, vendor, product] = await Promise.all([
    detectVirt(host),
    tryRead(host, '/sys/class/dmi/id/sys_vendor'),
    tryRead(host, '/sys/class/dmi/id/product_name'),
  ]);
  return { detected, vendor, product, hypervisorFlag: /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo) };
}

/** Exits 1 and prints `none` on bare metal. */
async function detectVirt(host: Host): Promise<string | null> {
  try {
    const { stdout } = await host.run(['systemd-detect-virt'], { timeoutMs: 2_000 });
    return stdout.trim() || null;
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

async function findContainer(host: Host): Promise<string | null> {
  const [engine, docker, podman, groups] = await Promise.all([
    tryRead(host, '/run/systemd/container'),
    tryRead(host, '/.dockerenv'),
    tryRead(host, '/run/.containerenv'),
    tryRead(host, '/proc/1/cgroup'),
  ]);
  if (engine) return engine;
  if (podman !== null) return 'podman';
  if (docker !== null) return 'docker';
  const named = /(docker|kubepods|lxc|libpod|containerd)/.exec(groups ?? '')?.[1];
  return named === 'kubepods' ? 'kubernetes' : (named ?? null);
}

function judgeIdentity({ hostName, osName, kernel, cores, memoryBytes, virtualization, container, cgroup }: Facts): Judgement {
  const virtual =
    virtualization.detected && virtualization.detected !== 'none'
      ? virtualization.detected
      : virtualization.hypervisorFlag
        ? 'vm'
        : undefined;
  const limits = [
    cgroup.memoryLimitBytes === null ? undefined : formatBytes(cgroup.memoryLimitBytes),
    cgroup.cpuCores === null ? undefined : `${round(cgroup.cpuCores)} cpu`,
  ].filter((each) => each !== undefined);
  const place = [
    virtual,
    container ? `container ${container}` : undefined,
    limits.length > 0 ? `cgroup ${limits.join(', ')}` : undefined,
  ].filter((each) => each !== undefined);
  return {
    status: 'ok',
    code: 'identified',
    data: {
      host: hostName,
      os: osName,
      kernel,
      cores,
      memory: formatBytes(memoryBytes),
      place: place.length > 0 ? `, ${place.join(', ')}` : '',
    },
    value: osName,
  };
}
