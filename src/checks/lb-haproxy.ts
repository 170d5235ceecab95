import { HostError } from '../errors.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { type Infer, strictObject, v } from './schema.ts';

const SOURCE = 'Netdata haproxy.conf';
const MOST_BYTES = 4 * 1024 ** 2;

const params = strictObject({
  /** The statistics page as CSV, e.g. http://127.0.0.1:8404/stats;csv */
  url: v.nullish(v.pipe(v.string(), v.url())),
  /** Or the statistics socket; wants socat. */
  socket: v.nullish(v.pipe(v.string(), v.regex(/^\/[\w./-]+$/, 'expected the path of a socket'))),
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  source: v.nullable(v.string()),
  backends: v.array(v.object({ name: v.string(), up: v.boolean(), active: v.number(), queue: v.number() })),
  servers: v.array(
    v.object({
      backend: v.string(),
      name: v.string(),
      /** UP, DOWN, MAINT, DRAIN, NOLB, `no check`, ... */
      status: v.string(),
      /** What the last health check met, e.g. L4CON. */
      check: v.string(),
      secondsInStatus: v.number(),
    }),
  ),
});
type Facts = Infer<typeof facts>;

export const lbHaproxy = defineCheck<Params, Facts>({
  id: 'lb.haproxy',
  phase: 'software',
  title: { en: 'HAProxy servers', 'zh-CN': 'HAProxy 后端' },
  params,
  facts,
  timeoutMs: 8_000,
  messages: {
    ok: {
      en: '{backends|backend|backends} up, {servers|server|servers}, none down',
      'zh-CN': '{backends} 个后端正常，共 {servers} 台服务器，无故障',
    },
    'backend-down': {
      en: 'HAProxy has no server left for {name} ({count} of its servers are down)',
      'zh-CN': 'HAProxy 后端 {name} 已无可用服务器（{count} 台故障）',
    },
    'server-down': {
      en: 'HAProxy holds {name} for down since {seconds} s ({check}); {count|server|servers} in all',
      'zh-CN': 'HAProxy 判定 {name} 故障已 {seconds} 秒（{check}）；共 {count} 台',
    },
    none: { en: 'no HAProxy statistics are declared', 'zh-CN': '未声明 HAProxy 统计接口' },
  },
  example: { url: 'http://127.0.0.1:8404/stats;csv' },
  probe,
  judge,
});

async function probe({ url, socket }: Params, context: ProbeContext): Promise<Facts> {
  const { host } = context;
  if (url == null && socket == null) return { observedAt: host.now().wallMs, source: null, backends: [], servers: [] };
  const text = url != null ? await fetchPage(url, context) : await askSocket(socket ?? '', context);
  if (!text.startsWith('# pxname,')) throw new HostError('io', 'that is no HAProxy statistics in CSV', 'end the address with ;csv');
  return { observedAt: host.now().wallMs, source: url ?? socket ?? null, ...parseStatistics(text) };
}

async function fetchPage(url: string, { net }: ProbeContext): Promise<string> {
  const { status, body, error } = await net.http({ url, timeoutMs: 5_000, maxBodyBytes: MOST_BYTES });
  if (status === 200) return body;
  const problem = status === 401 || status === 403 ? 'no-permission' : 'unreachable';
  throw new HostError(problem, `${url}: ${error ?? `status ${status}`}`, 'the statistics page must be enabled and open to this host');
}

async function askSocket(socket: string, { host }: ProbeContext): Promise<string> {
  const argv = ['sh', '-c', 'echo "show stat" | socat -t 3 - "UNIX-CONNECT:$1"', 'sh', socket];
  const { exitCode, stdout, stderr } = await host.run(argv, { timeoutMs: 5_000, maxOutputBytes: MOST_BYTES });
  if (exitCode === 0) return stdout.trimStart();
  if (/not found/.test(stderr) && exitCode === 127)
    throw new HostError('missing-tool', 'socat is not installed', 'install socat, or use the statistics page (url)');
  throw new HostError(
    /Permission denied/.test(stderr) ? 'no-permission' : 'unreachable',
    `${socket}: ${stderr.trim().slice(0, 200)}`,
    'run as root or as the group of the socket',
  );
}

/** Management guide, section 9.1: columns by the names of the first line; rows FRONTEND and BACKEND are no servers. */
function parseStatistics(text: string): Pick<Facts, 'backends' | 'servers'> {
  const [head = '', ...lines] = text.trim().split('\n');
  const names = head.replace(/^# /, '').split(',');
  const rows = lines.map((line) => {
    const values = line.split(',');
    return (name: string): string => values[names.indexOf(name)] ?? '';
  });
  const servers = rows.filter((of) => of('svname') !== '' && !['FRONTEND', 'BACKEND'].includes(of('svname')));
  return {
    backends: rows
      .filter((of) => of('svname') === 'BACKEND')
      .map((of) => ({
        name: of('pxname'),
        up: !of('status').startsWith('DOWN'),
        active: Number(of('act')) || 0,
        queue: Number(of('qcur')) || 0,
      })),
    servers: servers.map((of) => ({
      backend: of('pxname'),
      name: of('svname'),
      status: of('status'),
      // While the next one runs the last one is marked with a star.
      check: of('check_status').replace(/^\* /, ''),
      secondsInStatus: Number(of('lastchg')) || 0,
    })),
  };
}

function judge({ source, backends, servers }: Facts): Judgement {
  if (source === null) return { status: 'not-applicable', code: 'none' };
  const down = servers.filter(({ status }) => status.startsWith('DOWN'));
  const limit = { value: down.length, unit: 'servers', threshold: 0, thresholdSource: SOURCE };
  // Statistics themselves are listed as a backend without servers.
  const dead = backends.find(({ name, up }) => !up && servers.some(({ backend }) => backend === name));
  if (dead) {
    const count = down.filter(({ backend }) => backend === dead.name).length;
    return { status: 'fail', code: 'backend-down', data: { name: dead.name, count }, ...limit };
  }
  const [first] = down;
  if (!first) return { status: 'ok', code: 'ok', data: { backends: backends.length, servers: servers.length }, ...limit };
  const data = { name: `${first.backend}/${first.name}`, seconds: first.secondsInStatus, check: first.check || '-', count: down.length };
  return { status: 'fail', code: 'server-down', data, ...limit };
}
