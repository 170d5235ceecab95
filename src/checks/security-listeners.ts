import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { readProcessNames } from './proc-find.ts';
import { type Infer, port, strictObject, v } from './schema.ts';
import { findOwners, readSockets } from './tcp-sockets.ts';

const params = strictObject({
  /** TCP ports that may be reached from other hosts; without it there is nothing to compare with. */
  allowed: v.nullish(v.array(port)),
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  /** Reachable from other hosts as far as this host alone decides: not bound to loopback. By port. */
  open: v.array(v.object({ port: v.number(), address: v.string(), owner: v.string(), uid: v.number() })),
});
type Facts = Infer<typeof facts>;

export const securityListeners = defineCheck<Params, Facts>({
  id: 'security.listeners',
  phase: 'evidence',
  title: { en: 'Unexpected open ports', 'zh-CN': '意外的监听端口' },
  params,
  facts,
  timeoutMs: 10_000,
  messages: {
    expected: { en: 'only allowed ports are open ({count|listener|listeners})', 'zh-CN': '仅开放了允许的端口（{count} 个监听）' },
    unexpected: {
      en: 'port {port} is open on {address} and not allowed ({owner}); all such: {ports}',
      'zh-CN': '端口 {port}（{address}，{owner}）未在允许之列；全部：{ports}',
    },
    none: { en: 'the profile names no allowed ports', 'zh-CN': '配置未声明允许的端口' },
  },
  example: { allowed: [22, 80, 443] },
  probe,
  judge,
});

async function probe({ allowed }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const { sockets } = await readSockets(host);
  const open = sockets.filter(({ state, localAddress }) => state === 'LISTEN' && !/^(?:127\.|::1$)/.test(localAddress));
  const unexpected = open.some(({ localPort }) => !(allowed ?? []).includes(localPort));
  const owners = allowed != null && unexpected ? await findOwners(host) : null;
  const described = await Promise.all(
    open.map(async ({ localPort, localAddress, inode, uid }) => {
      const pid = owners?.get(inode);
      const [name] = pid === undefined || allowed?.includes(localPort) ? [] : await readProcessNames(host, pid);
      return { port: localPort, address: localAddress, owner: name ?? '?', uid };
    }),
  );
  return { observedAt: host.now().wallMs, open: described.toSorted((a, b) => a.port - b.port) };
}

function judge({ open }: Facts, { allowed }: Params): Judgement {
  if (allowed == null) return { status: 'not-applicable', code: 'none' };
  const strangers = open.filter((each) => !allowed.includes(each.port));
  const [first] = strangers;
  const limit = { value: strangers.length, unit: 'listeners', threshold: 0, thresholdSource: 'profile' };
  if (!first) return { status: 'ok', code: 'expected', data: { count: open.length }, ...limit };
  const ports = [...new Set(strangers.map((each) => each.port))].join(', ');
  return { status: 'warn', code: 'unexpected', data: { port: first.port, address: first.address, owner: first.owner, ports }, ...limit };
}
