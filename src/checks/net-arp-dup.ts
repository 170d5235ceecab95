import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const params = strictObject({
  /** Interfaces to look at; default: every one with an IPv4 address that speaks ARP. */
  interfaces: v.nullish(v.array(v.pipe(v.string(), v.regex(/^[^\s/-][^\s/]*$/)))),
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  addresses: v.array(
    v.object({
      device: v.string(),
      address: v.string(),
      /** Who else answered for it; null: nobody. */
      owner: v.nullable(v.string()),
    }),
  ),
});
type Facts = Infer<typeof facts>;

export const netArpDup = defineCheck<Params, Facts>({
  id: 'net.arp_dup',
  phase: 'network',
  needsRoot: true,
  active: true,
  title: { en: 'Address used twice', 'zh-CN': 'IP 地址冲突' },
  params,
  facts,
  timeoutMs: 15_000,
  messages: {
    unique: { en: 'no other host answers for {addresses}', 'zh-CN': '没有其他主机使用 {addresses}' },
    duplicate: {
      en: '{address} on {device} is used by another host too: {owner}',
      'zh-CN': '{device} 的地址 {address} 还被另一主机使用：{owner}',
    },
    none: { en: 'no address to ask about', 'zh-CN': '没有可检查的地址' },
  },
  example: { interfaces: ['eth0'] },
  probe,
  judge,
});

const link = v.object({
  ifname: v.string(),
  flags: v.optional(v.array(v.string()), []),
  addr_info: v.optional(v.array(v.object({ family: v.string(), local: v.optional(v.string()) })), []),
});

async function probe({ interfaces }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const { stdout } = await host.run(['ip', '-j', '-4', 'address', 'show', 'up'], { timeoutMs: 3_000 });
  const links = v.safeParse(v.array(link), parseJson(stdout));
  if (!links.success) throw new HostError('io', 'ip prints no JSON', 'install iproute2 5 or later');
  const wanted = links.output.filter(
    ({ ifname, flags }) => interfaces?.includes(ifname) ?? !flags.some((flag) => ['LOOPBACK', 'NOARP', 'POINTOPOINT'].includes(flag)),
  );
  const pairs = wanted.flatMap(({ ifname, addr_info }) =>
    addr_info.flatMap(({ local }) => (local === undefined ? [] : [[ifname, local] as const])),
  );
  const addresses = await Promise.all(
    pairs.map(async ([device, address]) => ({ device, address, owner: await findOther(host, device, address) })),
  );
  return { observedAt: host.now().wallMs, addresses };
}

/** arping(8): with -D it ends with 1 when somebody answers. */
async function findOther(host: Host, device: string, address: string): Promise<string | null> {
  const { exitCode, stdout, stderr } = await host.run(['arping', '-D', '-c', '2', '-w', '3', '-I', device, address], { timeoutMs: 5_000 });
  if (exitCode === 0) return null;
  if (/not permitted|permission denied/i.test(stderr))
    throw new HostError('no-permission', 'arping may not send', 'run as root (CAP_NET_RAW)');
  if (exitCode !== 1 || stderr.trim() !== '') throw new HostError('io', `arping: ${stderr.trim().slice(0, 200)}`, 'install iputils-arping');
  return /\[([0-9A-Fa-f:]{17})\]/.exec(stdout)?.[1] ?? '?';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function judge({ addresses }: Facts): Judgement {
  if (addresses.length === 0) return { status: 'not-applicable', code: 'none' };
  const twice = addresses.find(({ owner }) => owner !== null);
  if (twice)
    return { status: 'fail', code: 'duplicate', data: { address: twice.address, device: twice.device, owner: twice.owner ?? '?' } };
  return { status: 'ok', code: 'unique', data: { addresses: addresses.map(({ address }) => address).join(', ') } };
}
