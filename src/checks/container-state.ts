import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const params = strictObject({
  /** Those that must run; default: every one is looked at, and bad ones only warn. */
  containers: v.nullish(v.array(v.pipe(v.string(), v.minLength(1)))),
});
type Params = Infer<typeof params>;
const container = v.object({
  name: v.string(),
  image: v.string(),
  /** running, exited, restarting, paused, dead, created, ... */
  state: v.string(),
  health: v.picklist(['healthy', 'unhealthy', 'starting', 'none']),
  exitCode: v.nullable(v.number()),
  /** Did the kernel kill it, or a process in it, for lack of memory? null: the engine does not say. */
  oomKilled: v.nullable(v.boolean()),
  /** By the engine, since the container was made; null: it does not say. */
  restarts: v.nullable(v.number()),
  startedAt: v.nullable(v.number()),
  /** As the engine says it, e.g. `Exited (137) 5 minutes ago`. */
  text: v.string(),
});
const facts = v.object({
  observedAt: v.number(),
  /** null: there is no container engine. */
  engine: v.nullable(v.picklist(['docker', 'podman'])),
  containers: v.array(container),
});
type Facts = Infer<typeof facts>;
type Container = Infer<typeof container>;

export const containerState = defineCheck<Params, Facts>({
  id: 'container.state',
  phase: 'software',
  title: { en: 'Containers', 'zh-CN': '容器' },
  params,
  facts,
  timeoutMs: 10_000,
  messages: {
    ok: { en: '{count|container runs|containers run} ({engine})', 'zh-CN': '{count} 个容器正在运行（{engine}）' },
    unhealthy: { en: 'container {name} is unhealthy: {text}', 'zh-CN': '容器 {name} 不健康：{text}' },
    'not-running': { en: 'container {name} does not run: {text}', 'zh-CN': '容器 {name} 未运行：{text}' },
    'oom-killed': {
      en: 'container {name} was hit by a kill for lack of memory: {text}',
      'zh-CN': '容器 {name} 因内存不足被终止过：{text}',
    },
    'crash-looping': {
      en: 'container {name} keeps restarting: {restarts|time|times}, last {age} s ago',
      'zh-CN': '容器 {name} 反复重启：{restarts} 次，上次在 {age} 秒前',
    },
    missing: { en: 'there is no container {name}', 'zh-CN': '没有容器 {name}' },
    none: { en: 'there is no container engine', 'zh-CN': '没有容器引擎' },
    'no-engine': { en: 'there is neither docker nor podman to ask for {name}', 'zh-CN': '没有 docker 或 podman 可查询容器 {name}' },
  },
  example: { containers: ['paygw'] },
  probe,
  judge,
});

async function probe(_params: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  let refusal: HostError | undefined;
  for (const engine of ['docker', 'podman'] as const) {
    try {
      const found = await askEngine(host, engine);
      if (found !== null) return { observedAt: host.now().wallMs, engine, containers: [...found] };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      refusal ??= error;
    }
  }
  if (refusal) throw refusal;
  return { observedAt: host.now().wallMs, engine: null, containers: [] };
}

/** null: no such engine. */
async function askEngine(host: Host, engine: 'docker' | 'podman'): Promise<readonly Container[] | null> {
  try {
    const { exitCode, stdout, stderr } = await host.run([engine, 'ps', '--all', '--no-trunc', '--format', '{{json .}}'], {
      timeoutMs: 4_000,
    });
    if (exitCode === 0) return addDetails(host, engine, stdout.split('\n').filter(Boolean).map(parseContainer));
    if (/permission denied/i.test(stderr))
      throw new HostError(
        'no-permission',
        `${engine} refuses: ${stderr.trim().slice(0, 200)}`,
        `run as root or as a member of the group ${engine}`,
      );
    throw new HostError('unreachable', `${engine} does not answer: ${stderr.trim().slice(0, 200)}`, `start the ${engine} service`);
  } catch (error) {
    if (error instanceof HostError && error.reason === 'missing-tool') return null;
    if (error instanceof SyntaxError) throw new HostError('io', `${engine} prints no JSON`, `a ${engine} that knows --format`);
    throw error;
  }
}

const row = v.object({
  Names: v.union([v.string(), v.array(v.string())]),
  Image: v.optional(v.string()),
  State: v.string(),
  Status: v.optional(v.string()),
});

/** `ps` knows neither kills nor restarts. */
const DETAILS =
  '{"name":{{json .Name}},"oomKilled":{{json .State.OOMKilled}},"restarts":{{json .RestartCount}},"startedAt":{{json .State.StartedAt}}}';
const MOST_INSPECTED = 200;

const detail = v.object({ name: v.string(), oomKilled: v.boolean(), restarts: v.number(), startedAt: v.string() });

async function addDetails(host: Host, engine: 'docker' | 'podman', all: readonly Container[]): Promise<readonly Container[]> {
  const names = all.slice(0, MOST_INSPECTED).map(({ name }) => name.split(',')[0] ?? name);
  if (names.length === 0) return all;
  // One that is gone by now makes the exit code 1 and costs the others nothing.
  const { stdout } = await host.run([engine, 'inspect', '--type', 'container', '--format', DETAILS, ...names], { timeoutMs: 4_000 });
  const known = new Map(stdout.split('\n').flatMap(parseDetail));
  return all.map((container) => ({ ...container, ...known.get(container.name.split(',')[0] ?? '') }));
}

function parseDetail(line: string): [string, Pick<Container, 'oomKilled' | 'restarts' | 'startedAt'>][] {
  if (!line.startsWith('{')) return [];
  const parsed = v.safeParse(detail, JSON.parse(line));
  if (!parsed.success) return [];
  const { name, oomKilled, restarts, startedAt } = parsed.output;
  const at = Date.parse(startedAt);
  return [[name.replace(/^\//, ''), { oomKilled, restarts, startedAt: Number.isNaN(at) ? null : at }]];
}

function parseContainer(line: string): Container {
  const parsed = v.safeParse(row, JSON.parse(line));
  if (!parsed.success) throw new HostError('io', 'the container engine prints an unknown shape');
  const { Names, Image = '', State, Status = '' } = parsed.output;
  const exit = /^Exited \((\d+)\)/.exec(Status)?.[1];
  return {
    name: [Names].flat().join(','),
    image: Image,
    state: State.toLowerCase(),
    health: /\(unhealthy\)/.test(Status)
      ? 'unhealthy'
      : /\(healthy\)/.test(Status)
        ? 'healthy'
        : /health: starting|\(starting\)/.test(Status)
          ? 'starting'
          : 'none',
    exitCode: exit === undefined ? null : Number(exit),
    oomKilled: null,
    restarts: null,
    startedAt: null,
    text: Status || State,
  };
}

/** NodeSystemdServiceCrashlooping of the Prometheus node mixin for units; docker has no count of a stretch of time. */
const RESTARTS = 3;
const SETTLED_MS = 10 * 60_000;

function judge({ engine, containers, observedAt }: Facts, params: Params): Judgement {
  const wanted = params.containers ?? [];
  if (engine === null) {
    const unlock = 'install the command of the engine that runs it, or look at its process with proc.match';
    return wanted.length === 0
      ? { status: 'not-applicable', code: 'none' }
      : { status: 'unknown', code: 'no-engine', data: { name: wanted.join(', ') }, unlock };
  }
  const missing = wanted.find((name) => !containers.some((each) => each.name === name));
  if (missing !== undefined) return { status: 'fail', code: 'missing', data: { name: missing } };
  const looked = params.containers == null ? containers : containers.filter(({ name }) => wanted.includes(name));
  const troubles = looked.flatMap((container) => {
    const code = findTrouble(container, observedAt, params.containers != null);
    return code === null ? [] : [{ code, container }];
  });
  // A process killed in a container that runs on is no reason to call the container down.
  const isDown = ({ code, container }: (typeof troubles)[number]) => code !== 'oom-killed' || container.state !== 'running';
  const worst = troubles.find(isDown) ?? troubles[0];
  const count = containers.filter(({ state }) => state === 'running').length;
  if (!worst) return { status: 'ok', code: 'ok', data: { count, engine } };
  const { name, text, restarts, startedAt } = worst.container;
  const age = Math.max(0, Math.round((observedAt - (startedAt ?? observedAt)) / 1_000));
  const status = params.containers != null && isDown(worst) ? 'fail' : 'warn';
  return { status, code: worst.code, data: { name, text, restarts: restarts ?? 0, age } };
}

function findTrouble(
  { state, health, exitCode, oomKilled, restarts, startedAt }: Container,
  observedAt: number,
  declared: boolean,
): 'oom-killed' | 'not-running' | 'unhealthy' | 'crash-looping' | null {
  if (state !== 'running') {
    const isBad = declared || ['restarting', 'dead'].includes(state) || (state === 'exited' && exitCode !== 0);
    return oomKilled ? 'oom-killed' : isBad ? 'not-running' : null;
  }
  if (health === 'unhealthy') return 'unhealthy';
  if ((restarts ?? 0) >= RESTARTS && startedAt !== null && observedAt - startedAt < SETTLED_MS) return 'crash-looping';
  return oomKilled ? 'oom-killed' : null;
}
