import { HostError } from '../errors.ts';
import type { Host, Protocols } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { mapLimited, requireLinux, tryRead } from './linux.ts';
import { type PassedOn, parseNginxDump } from './parse-nginx.ts';
import { MS_PER_TICK, readProcesses } from './processes.ts';
import { type Infer, strictObject, v } from './schema.ts';

const MOST_ADDRESSES = 200;
const DUMP_BYTES = 8 * 1024 ** 2;
/** File times and process starts are not measured by the same clock. */
const SLACK_MS = 2_000;
const DEFAULT_ARGV = ['nginx', '-t'];

const params = strictObject({
  /** How nginx tests its configuration here, e.g. [nginx, -t, -c, /etc/nginx/nginx.conf]; it is run with -T for -t. */
  config_test: v.nullish(v.pipe(v.array(v.union([v.string(), v.number()])), v.minLength(1))),
});
type Params = Infer<typeof params>;

const server = v.object({
  address: v.string(),
  down: v.boolean(),
  backup: v.boolean(),
  /** connected, refused, timed-out, ...; null: it was not asked. */
  outcome: v.nullable(v.string()),
});
const facts = v.object({
  observedAt: v.number(),
  /** False: there is no nginx, or what is declared is no nginx. */
  present: v.boolean(),
  upstreams: v.array(v.object({ name: v.string(), used: v.boolean(), servers: v.array(server) })),
  dynamic: v.number(),
  /** Was a file of the configuration changed after the running workers started? null: it cannot be told. */
  reloadPending: v.nullable(v.boolean()),
});
type Facts = Infer<typeof facts>;

export const webUpstreams = defineCheck<Params, Facts>({
  id: 'web.upstreams',
  phase: 'software',
  title: { en: 'Where the web server passes requests', 'zh-CN': 'Web 服务器的上游' },
  params,
  facts,
  messages: {
    ok: { en: '{count|target|targets}, each with a server that can be reached', 'zh-CN': '{count} 个上游均有可连接的服务器' },
    'all-down': { en: 'every server of {name} is marked down in the configuration', 'zh-CN': '{name} 的所有服务器在配置中均标记为 down' },
    unreachable: { en: 'no server of {name} can be reached: {servers}', 'zh-CN': '{name} 没有可连接的服务器：{servers}' },
    partial: { en: '{name}: {servers} cannot be reached, others can', 'zh-CN': '{name}：{servers} 无法连接，其余正常' },
    'not-loaded': {
      en: 'the configuration was changed after the running workers started: what runs may be another ({count|target|targets} on disk can be reached)',
      'zh-CN': '配置在工作进程启动之后被修改：运行中的配置可能不同（磁盘上的 {count} 个上游可连接）',
    },
    none: { en: 'nginx passes nothing on', 'zh-CN': 'nginx 没有上游' },
    'not-asked': { en: 'time was up before every server of {name} was asked', 'zh-CN': '时限内未能询问 {name} 的所有服务器' },
    'only-dynamic': {
      en: 'where {dynamic|rule passes|rules pass} requests is known only when one comes (variables)',
      'zh-CN': '{dynamic} 条规则的上游由变量决定，请求到来时才可知',
    },
    absent: { en: 'there is no nginx here', 'zh-CN': '此处没有 nginx' },
  },
  timeoutMs: 12_000,
  example: { config_test: ['nginx', '-t', '-c', '/etc/nginx/nginx.conf'] },
  probe,
  judge,
});

async function probe({ config_test: declared }: Params, { host, net, signal }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const argv = (declared ?? DEFAULT_ARGV).map(String);
  const dump = argv.includes('-t') ? await readDump(host, argv, declared != null) : null;
  const observedAt = host.now().wallMs;
  if (dump === null) return { observedAt, present: false, upstreams: [], dynamic: 0, reloadPending: null };
  return {
    observedAt,
    present: true,
    upstreams: await askServers(dump, host, net, signal),
    dynamic: dump.dynamic,
    reloadPending: await isReloadPending(host, dump.files, configOf(argv.join(' '))),
  };
}

/** null: there is no nginx, and none was declared. */
async function readDump(host: Host, argv: readonly string[], isDeclared: boolean): Promise<PassedOn | null> {
  const dumping = argv.map((word) => (word === '-t' ? '-T' : word));
  try {
    const { exitCode, stdout, stderr, truncated } = await host.run(dumping, { timeoutMs: 5_000, maxOutputBytes: DUMP_BYTES });
    const complaint = /\[(?:emerg|alert|crit)\] (.+)/.exec(stderr)?.[1] ?? stderr.trim();
    if (exitCode !== 0 && /permission denied/i.test(stderr)) throw new HostError('no-permission', complaint.slice(0, 200), 'run as root');
    if (exitCode !== 0) throw new HostError('io', `nginx does not accept its configuration: ${complaint.slice(0, 200)}`, 'see config.test');
    if (truncated) throw new HostError('io', 'the configuration is larger than 8 MiB', 'look at it with nginx -T');
    return parseNginxDump(stdout);
  } catch (error) {
    if (error instanceof HostError && error.reason === 'missing-tool' && !isDeclared) return null;
    throw error;
  }
}

async function askServers({ upstreams }: PassedOn, host: Host, net: Protocols, signal: AbortSignal): Promise<Facts['upstreams']> {
  const asked = upstreams.filter(({ used }) => used).flatMap(({ servers }) => servers.filter(({ down }) => !down));
  const addresses = [...new Set(asked.map(({ address }) => address))].slice(0, MOST_ADDRESSES);
  const outcomes = await mapLimited(addresses, 10, async (address) => (signal.aborted ? null : reach(address, host, net, signal)));
  const known = new Map(addresses.map((address, index) => [address, outcomes[index]]));
  return upstreams.map(({ name, used, servers }) => ({
    name,
    used,
    servers: servers.map((each) => ({ ...each, outcome: used && !each.down ? (known.get(each.address) ?? null) : null })),
  }));
}

async function reach(address: string, host: Host, net: Protocols, signal: AbortSignal): Promise<string> {
  const path = /^unix:(.+)$/.exec(address)?.[1];
  if (path !== undefined) {
    try {
      return (await host.stat(path)).kind === 'socket' ? 'connected' : 'refused';
    } catch (error) {
      if (error instanceof HostError && error.reason === 'not-found') return 'refused';
      throw error;
    }
  }
  const [, name = '', port = ''] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(address) ?? [];
  return (await net.connect({ host: name, port: Number(port) }, { timeoutMs: 2_000, signal })).outcome;
}

/** The configuration that a command line names; undefined: the one that nginx was built with. */
function configOf(commandLine: string): string | undefined {
  return / -c ?(\S+)/.exec(commandLine)?.[1];
}

async function isReloadPending(host: Host, files: readonly string[], config: string | undefined): Promise<boolean | null> {
  const booted = /^btime (\d+)$/m.exec((await tryRead(host, '/proc/stat')) ?? '')?.[1];
  const all = (await readProcesses(host)).filter(({ name }) => /^(?:nginx|openresty)$/.test(name));
  const heads = all.filter(({ parentPid }) => !all.some(({ pid }) => pid === parentPid));
  const titles = await mapLimited(heads, 8, async ({ pid }) => (await tryRead(host, `/proc/${pid}/cmdline`))?.replaceAll('\0', ' ') ?? '');
  const masters = heads.filter((_, index) => configOf(titles[index] ?? '') === config);
  const workers = all.filter(({ parentPid }) => masters.some(({ pid }) => pid === parentPid));
  // Of two that run nobody knows which one this configuration is for.
  if (booted === undefined || masters.length !== 1 || workers.length === 0 || files.length === 0) return null;
  const startedAt = Number(booted) * 1_000 + Math.max(...workers.map(({ startTicks }) => startTicks)) * MS_PER_TICK;
  const changed = await mapLimited(files, 8, async (file) => {
    try {
      return (await host.stat(file)).modifiedAt;
    } catch (error) {
      if (error instanceof HostError) return 0;
      throw error;
    }
  });
  return Math.max(...changed) > startedAt + SLACK_MS;
}

function judge({ present, upstreams, dynamic, reloadPending }: Facts): Judgement {
  if (!present) return { status: 'not-applicable', code: 'absent' };
  const used = upstreams.filter((each) => each.used);
  const isLost = ({ down, outcome }: Infer<typeof server>) => !down && outcome !== null && outcome !== 'connected';
  const isOpen = ({ outcome }: Infer<typeof server>) => outcome === 'connected';
  const describe = ({ name, servers }: (typeof used)[number]) => ({
    name,
    servers: servers
      .filter(isLost)
      .map(({ address, outcome }) => `${address} (${outcome})`)
      .slice(0, 5)
      .join(', '),
  });
  const shut = used.find(({ servers }) => servers.length > 0 && servers.every(({ down }) => down));
  if (shut) return { status: 'fail', code: 'all-down', data: { name: shut.name } };
  const lost = used.find(({ servers }) => servers.some(isLost) && !servers.some(isOpen));
  if (lost) return { status: 'fail', code: 'unreachable', data: describe(lost) };
  const partial = used.find(({ servers }) => servers.some(isLost));
  if (partial) return { status: 'warn', code: 'partial', data: describe(partial) };
  const unasked = used.find(({ servers }) => servers.some(({ down, outcome }) => !down && outcome === null));
  if (unasked) return { status: 'unknown', code: 'not-asked', data: { name: unasked.name }, unlock: 'a longer timeout for this step' };
  const data = { count: used.length, dynamic };
  if (used.length === 0)
    return dynamic === 0
      ? { status: 'not-applicable', code: 'none' }
      : { status: 'unknown', code: 'only-dynamic', data, unlock: 'look at what the variables become, or at the error log of nginx' };
  return reloadPending ? { status: 'warn', code: 'not-loaded', data } : { status: 'ok', code: 'ok', data };
}
