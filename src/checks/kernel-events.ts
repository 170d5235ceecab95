import { HostError } from '../errors.ts';
import type { Text } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { type KernelLog, readKernelLog, startInside } from './kernel-log.ts';
import { requireLinux } from './linux.ts';
import { sourceParams } from './log-source.ts';
import { readLogWindow } from './log-window.ts';
import { bareMessage, classifyKernelLine, KERNEL_EVENT_CLASSES, type KernelEvent, type KernelEventClass } from './parse-kernel-log.ts';
import { type Infer, strictObject, v } from './schema.ts';

const SOURCE = 'node-problem-detector kernel-monitor.json';
const EVENTS_KEPT_PER_CLASS = 20;
/** Permanent conditions there; its temporary ones are a warn here. */
const FAIL_CLASSES: ReadonlySet<string> = new Set<KernelEventClass>(['readonly-remount', 'machine-check-fatal']);
const HARMLESS_CLASSES: ReadonlySet<string> = new Set<KernelEventClass>(['link-up']);

const eventClass = v.picklist(KERNEL_EVENT_CLASSES);
const params = strictObject({
  /** Default: this machine's own; else an export of one, `dmesg` or kern.log. */
  ...sourceParams,
  /** Only events of these classes count. */
  class: v.optional(v.union([eventClass, v.array(eventClass)], `expected one or more of ${KERNEL_EVENT_CLASSES.join(', ')}`)),
  /** Only events about the process of this name count, and each is a fail. */
  process: v.optional(v.pipe(v.string(), v.minLength(1))),
});
const facts = v.object({
  observedAt: v.number(),
  since: v.number(),
  source: v.string(),
  lineCount: v.number(),
  /** Older messages were overwritten: the log starts here, inside the window. null: the whole window was seen. */
  startsAt: v.nullable(v.number()),
  counts: v.record(v.string(), v.number()),
  /** The latest of each class, oldest first. */
  events: v.array(
    v.object({ class: eventClass, at: v.number(), text: v.string(), process: v.optional(v.string()), pid: v.optional(v.number()) }),
  ),
});
type Params = Infer<typeof params>;
type Facts = Infer<typeof facts>;

export const kernelEvents = defineCheck({
  id: 'kernel.events',
  phase: 'hardware',
  title: { en: 'Kernel events', 'zh-CN': '内核事件' },
  params,
  facts,
  messages: {
    quiet: { en: 'no trouble in the kernel log of the window', 'zh-CN': '时间窗口内的内核日志没有异常' },
    'quiet-partly': {
      en: 'no trouble in the kernel log since {start}; older messages of the window were overwritten',
      'zh-CN': '自 {start} 起内核日志没有异常；窗口内更早的消息已被覆盖',
    },
    empty: { en: 'the kernel log is empty (cleared, or hidden from here)', 'zh-CN': '内核日志为空（被清除或此处不可见）' },
    ...classMessages(),
  },
  example: { class: ['oom-kill', 'io-error'] },
  async probe(params, context) {
    const { host, since } = context;
    const given = isGiven(params);
    if (!given) requireLinux(host);
    const { source, lines } = given ? await readGiven(params, context) : await readKernelLog(host);
    const recent = lines.filter(({ at }) => at >= since).flatMap((line) => classifyKernelLine(line) ?? []);
    return {
      observedAt: host.now().wallMs,
      since,
      source,
      // An export that is quiet is no log that may not be read.
      lineCount: given ? Math.max(1, lines.length) : lines.length,
      startsAt: given ? null : startInside(lines, since),
      ...countEvents(recent),
    };
  },
  judge: judgeEvents,
});

function isGiven({ file, argv, stdin }: Params): boolean {
  return file != null || argv != null || stdin === true;
}

/** A `dmesg` without times is of now. */
async function readGiven(params: Params, context: ProbeContext): Promise<Omit<KernelLog, 'source'> & { readonly source: string }> {
  const { source, missing, lines } = await readLogWindow(params, context.since, context);
  if (missing) throw new HostError('io', `there is no log ${source}`, 'name the file that the kernel messages are written to');
  return { source, lines: lines.map(({ at, text }) => ({ at, text: bareMessage(text) })) };
}

function countEvents(recent: readonly KernelEvent[]): Pick<Facts, 'counts' | 'events'> {
  const counts: Record<string, number> = {};
  const kept = recent.toReversed().filter((event) => {
    counts[event.class] = (counts[event.class] ?? 0) + 1;
    return (counts[event.class] ?? 0) <= EVENTS_KEPT_PER_CLASS;
  });
  return { counts, events: kept.toReversed() };
}

function judgeEvents({ events, counts, startsAt, source, lineCount }: Facts, params: Params): Judgement {
  if (lineCount === 0)
    return { status: 'unknown', code: 'empty', unlock: 'run on the host itself as root; journalctl -k keeps what dmesg -C clears' };
  const wanted = params.class === undefined ? undefined : new Set<string>([params.class].flat());
  const name = params.process?.slice(0, 15);
  const found = events.filter((event) => (!wanted || wanted.has(event.class)) && (name === undefined || event.process === name));
  const bad = found.filter((event) => wanted !== undefined || !HARMLESS_CLASSES.has(event.class));
  const bound = { unit: 'events', threshold: 0, thresholdSource: SOURCE };
  const worst = KERNEL_EVENT_CLASSES.find((each) => bad.some((event) => event.class === each));
  if (worst === undefined) return describeQuiet(startsAt, bound);
  const last = bad.filter((event) => event.class === worst).at(-1);
  const count = name === undefined ? (counts[worst] ?? 1) : bad.filter((event) => event.class === worst).length;
  return {
    status: FAIL_CLASSES.has(worst) || name !== undefined ? 'fail' : HARMLESS_CLASSES.has(worst) ? 'ok' : 'warn',
    code: worst,
    data: {
      count,
      at: new Date(last?.at ?? 0).toISOString(),
      text: last?.text ?? '',
      process: last?.process ?? '',
      pid: last?.pid ?? 0,
      source,
    },
    value: count,
    ...bound,
  };
}

function describeQuiet(startsAt: number | null, bound: Pick<Judgement, 'unit' | 'threshold' | 'thresholdSource'>): Judgement {
  const common = { status: 'ok', value: 0, ...bound } as const;
  return startsAt === null
    ? { ...common, code: 'quiet' }
    : { ...common, code: 'quiet-partly', data: { start: new Date(startsAt).toISOString() } };
}

function classMessages(): Readonly<Record<KernelEventClass, Text>> {
  const tell = (en: string, zh: string): Text => ({
    en: `${en} ({count}x, last {at}): {text}`,
    'zh-CN': `${zh}（{count} 次，最近 {at}）：{text}`,
  });
  return {
    'readonly-remount': tell('the kernel made a file system read-only or shut it down', '内核已将文件系统改为只读或停用'),
    'machine-check-fatal': tell('uncorrectable hardware error', '不可纠正的硬件错误'),
    'filesystem-error': tell('file system error', '文件系统错误'),
    'io-error': tell('disk I/O errors', '磁盘 I/O 错误'),
    'raid-failure': tell('a RAID member failed', 'RAID 成员盘故障'),
    'oom-kill': tell('out of memory: the kernel killed {process}', '内存不足：内核已杀死 {process}'),
    crash: tell('kernel crash or lock-up', '内核崩溃或锁死'),
    'hung-task': tell('{process} hangs inside the kernel', '{process} 在内核中挂起'),
    'machine-check': tell('hardware errors were corrected', '已纠正的硬件错误'),
    'conntrack-full': tell('the connection tracking table is full: packets are dropped', '连接跟踪表已满，正在丢包'),
    'neighbour-full': tell('the ARP table is full', 'ARP 表已满'),
    'file-limit': tell('the system ran out of file handles', '系统文件句柄已耗尽'),
    'process-limit': tell('no new process allowed in a control group', '控制组不允许再创建进程'),
    'tcp-memory': tell('TCP is out of memory', 'TCP 内存不足'),
    'syn-flood': tell('SYN flood, or a listen backlog that is too short', 'SYN 洪泛，或监听队列过短'),
    'mount-timeout': tell('a file server does not answer', '文件服务器没有应答'),
    'link-down': tell('a network link went down', '网络链路断开'),
    thermal: tell('too hot: the processor is throttled', '温度过高：处理器已降频'),
    segfault: tell('{process} crashed', '{process} 已崩溃'),
    'link-up': tell('a network link came up', '网络链路恢复'),
  };
}
