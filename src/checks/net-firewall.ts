import { HostError } from '../errors.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { parseIptablesSave } from './firewall-iptables.ts';
import { parseNftRuleset } from './firewall-nft.ts';
import { type FilterChain, findObstacle, type Obstacle } from './firewall-rules.ts';
import { requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { findPeer, judgeUnresolved, namesOneTarget, ONE_TARGET, peerMessages, targetParams } from './target-params.ts';

const OUTPUT_BYTES = 8 * 1024 * 1024;
const UNLOCK = 'run as root or with CAP_NET_ADMIN: only then the kernel shows its rules';

const params = v.pipe(
  strictObject({
    ...targetParams,
    /** The target is a port of this machine: what stops others on their way to it. */
    inbound: v.nullish(v.boolean(), false),
  }),
  v.check((given) => namesOneTarget(given), ONE_TARGET),
);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  host: v.string(),
  port: v.number(),
  addresses: v.array(v.string()),
  tool: v.picklist(['nft', 'iptables']),
  /** False: asked for what comes in, and none of the addresses is one of this machine. */
  here: v.optional(v.boolean(), true),
  /** How many rules were read. */
  rules: v.number(),
  /** What stops a connection to the first address that meets one; null when nothing does. */
  obstacle: v.nullable(
    v.object({
      address: v.string(),
      /** `out`: our packets; `in`: the answers. */
      direction: v.picklist(['out', 'in']),
      verdict: v.picklist(['drop', 'reject']),
      certain: v.boolean(),
      byPolicy: v.boolean(),
      chain: v.string(),
      rule: v.string(),
      packets: v.nullable(v.number()),
    }),
  ),
});
type Facts = Infer<typeof facts>;

export const netFirewall = defineCheck<Params, Facts>({
  id: 'net.firewall',
  phase: 'network',
  title: { en: 'Firewall of this machine', 'zh-CN': '本机防火墙' },
  params,
  facts,
  messages: {
    open: {
      en: 'no rule of this machine stops connections to {host}:{port} ({rules|rule|rules})',
      'zh-CN': '本机没有规则阻断到 {host}:{port} 的连接（共 {rules} 条规则）',
    },
    rejects: {
      en: 'a rule of this machine rejects connections to {host}:{port}: {rule} ({chain})',
      'zh-CN': '本机规则拒绝到 {host}:{port} 的连接：{rule}（{chain}）',
    },
    drops: {
      en: 'a rule of this machine drops packets of connections to {host}:{port}: {rule} ({chain})',
      'zh-CN': '本机规则丢弃到 {host}:{port} 的数据包：{rule}（{chain}）',
    },
    'may-stop': {
      en: 'a rule of this machine may stop connections to {host}:{port}: {rule} ({chain})',
      'zh-CN': '本机规则可能阻断到 {host}:{port} 的连接：{rule}（{chain}）',
    },
    elsewhere: { en: '{host} is not this machine', 'zh-CN': '{host} 不是本机地址' },
    ...peerMessages,
  },
  timeoutMs: 8_000,
  example: { to: 'api.bank.example.test:443' },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const { host } = context;
  requireLinux(host);
  const [{ target, addresses }, { tool, chains }] = await Promise.all([findPeer(params, context), readChains(context)]);
  const rules = chains.reduce((sum, chain) => sum + chain.rules.length, 0);
  const own = params.inbound === true ? await ownAddresses(addresses, context) : addresses;
  const find = params.inbound === true ? findInbound : findOutbound;
  const [obstacle = null] = own
    .flatMap((address) => find(chains, address, target.port))
    .sort((one, other) => Number(other.certain) - Number(one.certain));
  const here = own.length > 0 || addresses.length === 0;
  return { observedAt: host.now().wallMs, host: target.host, port: target.port, addresses: [...addresses], here, tool, rules, obstacle };
}

type Obstacles = readonly NonNullable<Facts['obstacle']>[];

function findOutbound(chains: readonly FilterChain[], address: string, remotePort: number): Obstacles {
  const out = findObstacle(chains, ['output', 'postrouting'], { daddr: address, dport: remotePort, state: 'new' });
  const back = findObstacle(chains, ['prerouting', 'input'], { saddr: address, sport: remotePort, state: 'established' });
  return [...tell(address, 'out', out), ...tell(address, 'in', back)];
}

function findInbound(chains: readonly FilterChain[], address: string, localPort: number): Obstacles {
  const asked = findObstacle(chains, ['prerouting', 'input'], { daddr: address, dport: localPort, state: 'new' });
  const answered = findObstacle(chains, ['output', 'postrouting'], { saddr: address, sport: localPort, state: 'established' });
  return [...tell(address, 'in', asked), ...tell(address, 'out', answered)];
}

function tell(address: string, direction: 'out' | 'in', obstacle: Obstacle | undefined): Obstacles {
  return obstacle ? [{ address, direction, ...obstacle }] : [];
}

/** Those to which the kernel would hand a packet itself. */
async function ownAddresses(addresses: readonly string[], { host }: ProbeContext): Promise<readonly string[]> {
  const routes = await Promise.all(addresses.map((address) => host.run(['ip', 'route', 'get', address], { timeoutMs: 3_000 })));
  return addresses.filter((_address, index) => /^local\b/.test(routes[index]?.stdout ?? ''));
}

async function readChains({
  host,
  signal,
}: ProbeContext): Promise<{ readonly tool: Facts['tool']; readonly chains: readonly FilterChain[] }> {
  const options = { timeoutMs: 4_000, maxOutputBytes: OUTPUT_BYTES, signal };
  try {
    const { exitCode, stdout, stderr } = await host.run(['nft', '-j', 'list', 'ruleset'], options);
    if (exitCode === 0) return { tool: 'nft', chains: parseNftRuleset(stdout) };
    throw refusal('nft list ruleset', stderr);
  } catch (error) {
    if (!(error instanceof HostError) || error.reason !== 'missing-tool') throw error;
  }
  const saved = await host.run(['iptables-save', '-c'], options);
  if (saved.exitCode !== 0) throw refusal('iptables-save', saved.stderr);
  return { tool: 'iptables', chains: parseIptablesSave(saved.stdout) };
}

function refusal(what: string, stderr: string): HostError {
  const text = `${what}: ${stderr.trim().slice(0, 200)}`;
  return /Operation not permitted|Permission denied|must be root/i.test(stderr)
    ? new HostError('no-permission', text, UNLOCK)
    : new HostError('io', text, UNLOCK);
}

function judge({ host, port, addresses, here = true, rules, obstacle }: Facts): Judgement {
  const data = { host, port, rules, rule: obstacle?.rule ?? '', chain: obstacle?.chain ?? '' };
  if (addresses.length === 0) return judgeUnresolved(data);
  if (!here) return { status: 'not-applicable', code: 'elsewhere', data };
  if (!obstacle) return { status: 'ok', code: 'open', data };
  if (!obstacle.certain) return { status: 'warn', code: 'may-stop', data };
  return { status: 'fail', code: obstacle.verdict === 'reject' ? 'rejects' : 'drops', data };
}
