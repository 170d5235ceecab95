import { HostError } from '../errors.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { boundTimeout, resolveAddresses } from './connect.ts';
import { requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { readTargets, targetParams } from './target-params.ts';

const params = v.pipe(
  strictObject({
    ...targetParams,
    /** The interface and the gateway that it should go by. */
    dev: v.nullish(v.string()),
    via: v.nullish(v.string()),
  }),
  v.check(({ to, host }) => (to == null) !== (host == null), 'expected `to` or `host`'),
);
type Params = Infer<typeof params>;

const OUTCOMES = ['routed', 'no-route', 'blackhole', 'link-down', 'name-not-resolved'] as const;
const facts = v.object({
  observedAt: v.number(),
  host: v.string(),
  address: v.string(),
  outcome: v.picklist(OUTCOMES),
  device: v.string(),
  gateway: v.string(),
  source: v.string(),
  /** Path MTU that this machine has learnt; 0 when none. */
  mtu: v.number(),
  detail: v.string(),
});
type Facts = Infer<typeof facts>;

export const netRoute = defineCheck<Params, Facts>({
  id: 'net.route',
  phase: 'network',
  title: { en: 'Route to a host', 'zh-CN': '到主机的路由' },
  params,
  facts,
  messages: {
    routed: {
      en: '{host} ({address}) is reached by {device}, gateway {gateway}',
      'zh-CN': '到 {host}（{address}）经 {device}，网关 {gateway}',
    },
    'no-route': { en: 'this machine has no route to {host} ({address})', 'zh-CN': '本机没有到 {host}（{address}）的路由' },
    blackhole: {
      en: 'a route on this machine throws away packets to {host} ({address}): {detail}',
      'zh-CN': '本机路由表丢弃到 {host}（{address}）的数据包：{detail}',
    },
    'link-down': {
      en: 'the route to {host} ({address}) leads to {device}, which has no link',
      'zh-CN': '到 {host}（{address}）的路由经 {device}，但该接口链路断开',
    },
    'other-way': {
      en: '{host} ({address}) goes by {device}, gateway {gateway}, not by {wanted}',
      'zh-CN': '到 {host}（{address}）经 {device}（网关 {gateway}），而不是 {wanted}',
    },
    'name-not-resolved': { en: 'the name {host} does not resolve', 'zh-CN': '域名 {host} 无法解析' },
  },
  timeoutMs: 8_000,
  example: { host: '10.78.0.2' },
  probe,
  judge,
});

async function probe(given: Params, { host, net, secrets, timeoutMs }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const name = given.host ?? (await readTargets(given, secrets))[0].host;
  const { addresses } = await resolveAddresses(net, name, boundTimeout(3_000, timeoutMs, 3));
  const [address] = addresses;
  const none = {
    observedAt: host.now().wallMs,
    host: name,
    address: address ?? '',
    device: '',
    gateway: '',
    source: '',
    mtu: 0,
    detail: '',
  };
  if (address === undefined) return { ...none, outcome: 'name-not-resolved' };
  const { exitCode, stdout, stderr } = await host.run(['ip', '-j', 'route', 'get', address], { timeoutMs: 3_000 });
  if (exitCode !== 0) return { ...none, outcome: nameRefusal(stderr), detail: stderr.trim().slice(0, 200) };
  return { ...none, ...parseRoute(stdout) };
}

/** The kernel answers by the type of route: unreachable EHOSTUNREACH, blackhole EINVAL, prohibit EACCES, none at all ENETUNREACH. */
function nameRefusal(stderr: string): 'no-route' | 'blackhole' {
  if (/Network is unreachable/i.test(stderr)) return 'no-route';
  if (/Invalid argument|No route to host|Permission denied/i.test(stderr)) return 'blackhole';
  throw new HostError('io', `ip route get: ${stderr.trim().slice(0, 200)}`, 'install iproute2 (an ip that knows -j)');
}

function parseRoute(stdout: string): Pick<Facts, 'outcome' | 'device' | 'gateway' | 'source' | 'mtu'> {
  const text = (pattern: RegExp): string => pattern.exec(stdout)?.[1] ?? '';
  return {
    outcome: /"linkdown"/.test(stdout) ? 'link-down' : 'routed',
    device: text(/"dev":"([^"]*)"/),
    gateway: text(/"gateway":"([^"]*)"/),
    source: text(/"prefsrc":"([^"]*)"/),
    mtu: Number(text(/"mtu":"?(\d+)/)),
  };
}

function judge({ host, address, outcome, device, gateway, detail }: Facts, { dev, via }: Params): Judgement {
  const data = { host, address, device, gateway: gateway || '-', detail, wanted: [dev, via].filter((wanted) => wanted != null).join(' ') };
  if (outcome !== 'routed') return { status: 'fail', code: outcome, data };
  const asWanted = (dev == null || dev === device) && (via == null || via === gateway);
  return asWanted ? { status: 'ok', code: 'routed', data } : { status: 'fail', code: 'other-way', data };
}
