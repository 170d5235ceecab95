import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { askTool, parseJson } from './ask-tool.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 80, crit: 90, unit: '%', source: 'Netdata mq.conf' };

const name = v.pipe(v.string(), v.regex(/^[\w./%][\w./%-]*$/, 'expected a name'));
const params = strictObject({
  kind: v.picklist(['rabbitmq', 'ibm-mq']),
  /** IBM MQ: the queue manager. */
  manager: v.nullish(name),
  /** Those that matter; default: every one. */
  queues: v.nullish(v.array(v.string())),
  /** RabbitMQ: how many messages are a full queue, where the queue has no limit itself. */
  full: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1))),
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  /** False: the broker or queue manager does not run. */
  running: v.boolean(),
  /** IBM MQ 9.1 and later: share of the primary log that is in use. */
  logPercent: v.optional(v.nullable(v.number()), null),
  queues: v.array(v.object({ name: v.string(), depth: v.number(), most: v.nullable(v.number()), readers: v.nullable(v.number()) })),
});
type Facts = Infer<typeof facts>;

export const mqDepth = defineCheck<Params, Facts>({
  id: 'mq.depth',
  phase: 'software',
  title: { en: 'Message queues', 'zh-CN': '消息队列' },
  params,
  facts,
  thresholds: THRESHOLDS,
  timeoutMs: 20_000,
  messages: {
    ok: {
      en: '{count|queue|queues}, the fullest {queue} holds {depth|message|messages}',
      'zh-CN': '共 {count} 个队列，最满的 {queue} 有 {depth} 条消息',
    },
    filling: {
      en: '{queue} is {percent} % full: {depth} of {most|message|messages}',
      'zh-CN': '{queue} 已满 {percent} %：{depth}/{most} 条消息',
    },
    log: {
      en: 'the log of the queue manager is {percent} % full: it will refuse messages',
      'zh-CN': '队列管理器日志已用 {percent} %：将拒绝消息',
    },
    unread: { en: '{queue} holds {depth|message|messages} and nobody reads it', 'zh-CN': '{queue} 有 {depth} 条消息但没有消费者' },
    missing: { en: 'there is no queue {queue}', 'zh-CN': '没有队列 {queue}' },
    down: { en: 'the message broker does not run', 'zh-CN': '消息中间件未运行' },
    none: { en: 'the message broker has no queue', 'zh-CN': '消息中间件没有队列' },
  },
  example: { kind: 'rabbitmq', queues: ['settlement'], full: 10_000 },
  probe,
  judge,
});

async function probe({ kind, manager, full }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const seen = kind === 'rabbitmq' ? await askRabbit(host, full ?? null) : await askIbm(host, manager ?? '');
  return { observedAt: host.now().wallMs, running: seen !== null, logPercent: seen?.logPercent ?? null, queues: [...(seen?.queues ?? [])] };
}

type Seen = Pick<Facts, 'queues' | 'logPercent'>;

const rabbitQueue = v.object({ name: v.string(), messages: v.number(), consumers: v.number(), arguments: v.optional(v.unknown()) });

/** null: the node does not run. */
async function askRabbit(host: Host, full: number | null): Promise<Seen | null> {
  const argv = ['rabbitmqctl', '--quiet', 'list_queues', '--formatter', 'json', 'name', 'messages', 'consumers', 'arguments'];
  const { result, problem, unlock } = await askTool(host, argv, { install: 'rabbitmq-server on this host', timeoutMs: 15_000 });
  if (!result) throw new HostError(unlock.startsWith('install') ? 'missing-tool' : 'no-permission', problem, unlock);
  const text = `${result.stdout}\n${result.stderr}`;
  if (result.exitCode !== 0 && /only root or rabbitmq/i.test(text))
    throw new HostError('no-permission', 'rabbitmqctl refuses', 'run as root or as the user rabbitmq');
  if (result.exitCode !== 0 && /nodedown|unable to connect to node|unable to perform an operation on node|not running/i.test(text))
    return null;
  const parsed = v.safeParse(v.array(rabbitQueue), parseJson(result.stdout));
  if (!parsed.success)
    throw new HostError('io', `rabbitmqctl: ${result.stderr.trim().slice(0, 200) || 'prints no JSON'}`, 'RabbitMQ 3.8 or later');
  const queues = parsed.output.map((each) => ({
    name: each.name,
    depth: each.messages,
    most: Number(/"x-max-length"\D+(\d+)/.exec(JSON.stringify(each.arguments ?? null))?.[1]) || full,
    readers: each.consumers,
  }));
  return { queues, logPercent: null };
}

/** null: the queue manager does not run. */
async function askIbm(host: Host, manager: string): Promise<Seen | null> {
  // Unquoted, since no name means the default queue manager; the schema admits no blanks or shell signs.
  const script = 'printf "%s\\n" "DISPLAY QLOCAL(*) CURDEPTH MAXDEPTH IPPROCS" "DISPLAY QMSTATUS LOGUTIL" | runmqsc $1';
  const { result, problem, unlock } = await askTool(host, ['sh', '-c', script, 'sh', manager], {
    install: 'IBM MQ on this host',
    timeoutMs: 15_000,
  });
  if (!result) throw new HostError('io', problem, unlock);
  const text = `${result.stdout}\n${result.stderr}`;
  if (result.exitCode === 127) throw new HostError('missing-tool', 'runmqsc is not here', 'add the bin folder of IBM MQ to PATH');
  if (/AMQ8146|AMQ8118/.test(text)) return null;
  if (/AMQ8135|AMQ7077/.test(text)) throw new HostError('no-permission', 'runmqsc refuses', 'run as a member of the group mqm');
  if (!/AMQ8409/.test(text)) throw new HostError('io', `runmqsc: ${text.trim().slice(0, 200)}`);
  const field = (block: string, key: string): string => new RegExp(`\\b${key}\\(([^)]*)\\)`).exec(block)?.[1] ?? '';
  const log = field(text, 'LOGUTIL').trim();
  const queues = text
    .split(/^AMQ8409\w*:.*$/m)
    .slice(1)
    .map((block) => ({
      name: field(block, 'QUEUE'),
      depth: Number(field(block, 'CURDEPTH')),
      most: Number(field(block, 'MAXDEPTH')) || null,
      readers: Number(field(block, 'IPPROCS')),
    }))
    .filter((queue) => queue.name !== '' && !queue.name.startsWith('SYSTEM.'));
  return { queues, logPercent: log === '' ? null : Number(log) };
}

function judge({ running, queues, logPercent }: Facts, params: Params, limits: Thresholds = THRESHOLDS): Judgement {
  if (!running) return { status: 'fail', code: 'down' };
  const logGrade = gradeAbove(logPercent ?? 0, limits, 'log');
  if (logPercent !== null && logGrade !== 'ok')
    return { status: logGrade, code: 'log', item: 'log', data: { percent: logPercent }, ...showLimit(logPercent, limits, logGrade) };
  const gone = params.queues?.find((each) => !queues.some((queue) => queue.name === each));
  if (gone !== undefined) return { status: 'fail', code: 'missing', data: { queue: gone } };
  const looked = queues.filter((queue) => params.queues?.includes(queue.name) ?? true);
  const filled = looked.map((queue) => ({ ...queue, percent: queue.most === null ? 0 : round((100 * queue.depth) / queue.most) }));
  const [first] = filled.toSorted((a, b) => b.percent - a.percent || b.depth - a.depth);
  if (!first) return { status: 'not-applicable', code: 'none' };
  const status = gradeAbove(first.percent, limits);
  const data = { queue: first.name, depth: first.depth, most: first.most ?? '-', percent: first.percent, count: looked.length };
  if (status !== 'ok') return { status, code: 'filling', data, ...showLimit(first.percent, limits, status) };
  const unread = looked.find(({ depth, readers }) => depth > 0 && readers === 0);
  if (unread) return { status: 'warn', code: 'unread', data: { queue: unread.name, depth: unread.depth } };
  return { status: 'ok', code: 'ok', data, ...showLimit(first.percent, limits, 'ok') };
}
