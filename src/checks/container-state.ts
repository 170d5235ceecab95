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
  docs:
    'Containers of docker, else podman: one that is unhealthy, restarting, dead, or ended with an error warns (Netdata docker.conf); a declared one that does not run, or is unhealthy, fails. One that ended with 0 and was not declared has done its work. ' +
    'Without access to the engine the answer is unknown; podman shows the containers of the present user only. Not-applicable without an engine.',
  params,
  facts,
  timeoutMs: 10_000,
  messages: {
    ok: { en: '{count} containers run ({engine})', 'zh-CN': '{count} 个容器正在运行（{engine}）' },
    unhealthy: { en: 'container {name} is unhealthy: {text}', 'zh-CN': '容器 {name} 不健康：{text}' },
    'not-running': { en: 'container {name} does not run: {text}', 'zh-CN': '容器 {name} 未运行：{text}' },
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
    if (exitCode === 0) return stdout.split('\n').filter(Boolean).map(parseContainer);
    if (/permission denied/i.test(stderr))
      throw new HostError(
        'no-permission',
        `${engine} refuses: ${stderr.trim().slice(0, 200)}`,
        `run as root or as a member of the group ${engine}`,
      );
    throw new HostError('unreachable', `${engine} does not answer: ${stderr.trim().slice(0, 200)}`, `start the ${engine} service`);
  } catch (error) {
    if (error instanceof HostError && error.reason === 'missing-tool') return null;
    if (error instanceof SyntaxError) throw new HostError('io', `${engine} prints no JSON`);
    throw error;
  }
}

const row = v.object({
  Names: v.union([v.string(), v.array(v.string())]),
  Image: v.optional(v.string()),
  State: v.string(),
  Status: v.optional(v.string()),
});

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
    text: Status || State,
  };
}

function judge({ engine, containers }: Facts, params: Params): Judgement {
  const wanted = params.containers ?? [];
  if (engine === null) {
    const unlock = 'install the command of the engine that runs it, or look at its process with proc.match';
    return wanted.length === 0
      ? { status: 'not-applicable', code: 'none' }
      : { status: 'unknown', code: 'no-engine', data: { name: wanted.join(', ') }, unlock };
  }
  for (const name of wanted) {
    const found = containers.find((each) => each.name === name);
    const code =
      found === undefined ? 'missing' : found.state !== 'running' ? 'not-running' : found.health === 'unhealthy' ? 'unhealthy' : null;
    if (code !== null) return { status: 'fail', code, data: { name, text: found?.text ?? '' } };
  }
  const isBad = ({ state, exitCode }: Container): boolean =>
    ['restarting', 'dead'].includes(state) || (state === 'exited' && exitCode !== 0);
  const sick = params.containers == null ? containers.find((each) => each.health === 'unhealthy' || isBad(each)) : undefined;
  const count = containers.filter(({ state }) => state === 'running').length;
  if (!sick) return { status: 'ok', code: 'ok', data: { count, engine } };
  return { status: 'warn', code: sick.health === 'unhealthy' ? 'unhealthy' : 'not-running', data: { name: sick.name, text: sick.text } };
}
