import type { Host, Protocols } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux, tryRead, tryReadNumber } from './linux.ts';
import { type DefaultRoute, readDefaultRoutes, readNeighbour } from './routes.ts';
import { type Infer, strictObject, v } from './schema.ts';

/** Any port will do: even a refusal proves that the gateway is there. */
const KNOCK_PORT = 53;
const KNOCK_MS = 1_500;

const params = strictObject({});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  routes: v.array(
    v.object({
      gateway: v.nullable(v.string()),
      device: v.string(),
      metric: v.number(),
      /** null: the interface does not tell. */
      carrier: v.nullable(v.boolean()),
      neighbour: v.string(),
      /** It was knocked at, because the kernel was not sure. */
      answered: v.nullable(v.boolean()),
    }),
  ),
});
type Facts = Infer<typeof facts>;
type RouteFacts = Facts['routes'][number];

export const netGateway = defineCheck<Params, Facts>({
  id: 'net.gateway',
  phase: 'network',
  title: { en: 'Default gateway', 'zh-CN': '默认网关' },
  params,
  facts,
  messages: {
    ok: {
      en: 'default route through {gateway} ({device}), neighbour {neighbour}',
      'zh-CN': '默认路由经 {gateway}（{device}），邻居状态 {neighbour}',
    },
    'no-default-route': {
      en: 'there is no default route: only directly connected networks can be reached',
      'zh-CN': '没有默认路由：只能访问直连网络',
    },
    'gateway-unreachable': {
      en: 'the gateway {gateway} does not answer on {device} (neighbour {neighbour}): cable, switch port or gateway is down',
      'zh-CN': '网关 {gateway} 在 {device} 上无应答（邻居状态 {neighbour}）：线缆、交换机端口或网关故障',
    },
    'link-down': { en: '{device}, the way to the gateway {gateway}, has no link', 'zh-CN': '通往网关 {gateway} 的接口 {device} 链路断开' },
  },
  timeoutMs: 10_000,
  example: {},
  probe,
  judge,
});

async function probe(_params: Params, { host, net }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const routes = await readDefaultRoutes(host);
  return { observedAt: host.now().wallMs, routes: await Promise.all(routes.map((route) => describeRoute(host, net, route))) };
}

async function describeRoute(host: Host, net: Protocols, { gateway, device, metric }: DefaultRoute): Promise<RouteFacts> {
  const carrier = await readCarrier(host, device);
  const route = { gateway, device, metric, carrier };
  if (gateway === null) return { ...route, neighbour: '', answered: null };
  const known = await readNeighbour(host, gateway);
  // An address that somebody pinned says nothing of who is there.
  if (known === 'REACHABLE' || known === 'NOARP') return { ...route, neighbour: known, answered: null };
  const { outcome } = await net.connect({ host: gateway, port: KNOCK_PORT }, { timeoutMs: KNOCK_MS });
  return {
    ...route,
    neighbour: await readNeighbour(host, gateway),
    answered: outcome === 'connected' || outcome === 'refused' || outcome === 'reset',
  };
}

/** `carrier` cannot be read on an interface that is switched off. */
async function readCarrier(host: Host, device: string): Promise<boolean | null> {
  const carrier = await tryReadNumber(host, `/sys/class/net/${device}/carrier`);
  if (carrier !== null) return carrier === 1;
  return (await tryRead(host, `/sys/class/net/${device}/operstate`)) === 'down' ? false : null;
}

function judge({ routes }: Facts, _params: Params): Judgement {
  const [first] = routes;
  if (!first) return { status: 'fail', code: 'no-default-route' };
  const way = routes.find((route) => nameFault(route) === undefined) ?? first;
  const fault = nameFault(way);
  const data = { gateway: way.gateway ?? '-', device: way.device, neighbour: way.neighbour || (way.answered ? 'answers' : '-') };
  return fault ? { status: 'fail', code: fault, data } : { status: 'ok', code: 'ok', data };
}

function nameFault({ carrier, neighbour, answered }: RouteFacts): 'link-down' | 'gateway-unreachable' | undefined {
  if (carrier === false) return 'link-down';
  return answered !== true && /FAILED|INCOMPLETE/.test(neighbour) ? 'gateway-unreachable' : undefined;
}
