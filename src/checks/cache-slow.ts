import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { askRedis, judgeUnseen } from './redis-session.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { blindMessages, findMissing, keepSession, missingFacts, sessionFacts, sessionParams } from './sql-session.ts';

const KEPT = 20;

const params = strictObject(sessionParams);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  since: v.number(),
  session: sessionFacts,
  missing: missingFacts,
  /** From what duration on the server keeps a command, ms; negative: none are kept; null: not told. */
  keptFromMs: v.nullable(v.number()),
  /** Since the window began, longest first. Names of commands only: keys and values may hold card data. */
  commands: v.array(
    v.object({ command: v.string(), ms: v.number(), words: v.number(), at: v.number(), client: v.string(), name: v.string() }),
  ),
  count: v.number(),
  longestMs: v.number(),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 100, crit: 1_000, unit: 'ms', source: 'own (everybody waits meanwhile)' };

export const cacheSlow = defineCheck<Params, Facts>({
  id: 'cache.slow',
  phase: 'software',
  title: { en: 'Slow Redis commands', 'zh-CN': 'Redis 慢命令' },
  params,
  facts,
  messages: {
    ...blindMessages,
    none: { en: 'no command of {at} ran longer than {ms} ms since {since}', 'zh-CN': '自 {since} 以来 {at} 没有超过 {ms} 毫秒的命令' },
    slow: {
      en: '{command} held up {at} for {ms} ms (from {client}); {count|slow command|slow commands} since {since}',
      'zh-CN': '{command} 阻塞 {at} 达 {ms} 毫秒（来自 {client}）；自 {since} 以来共 {count} 条慢命令',
    },
    off: { en: '{at} keeps no slow log', 'zh-CN': '{at} 未启用慢日志' },
  },
  thresholds: LIMITS,
  timeoutMs: 8_000,
  example: { to: 'redis://cache.example.test:6379' },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const session = await askRedis(params, context, [
    ['SLOWLOG', 'GET', '128'],
    ['CONFIG', 'GET', 'slowlog-log-slower-than'],
  ]);
  const [log, setting] = session.answers;
  const recent = readLog(log?.reply).filter(({ at }) => at >= context.since);
  const commands = recent.toSorted((one, other) => other.ms - one.ms);
  return {
    observedAt: context.host.now().wallMs,
    since: context.since,
    session: keepSession(session, 'redis'),
    missing: findMissing(log && { rows: [], ...log }),
    keptFromMs: readSetting(setting?.reply),
    commands: commands.slice(0, KEPT),
    count: commands.length,
    longestMs: commands[0]?.ms ?? 0,
  };
}

/** `[id, unix time, microseconds, [words], client, client name]`; the last two from version 4. */
function readLog(reply: unknown): Facts['commands'] {
  if (!Array.isArray(reply)) return [];
  return reply.flatMap((entry) => {
    if (!Array.isArray(entry) || !Array.isArray(entry[3])) return [];
    const [, at, micros, words, client, name] = entry as [unknown, number, number, readonly unknown[], unknown, unknown];
    const command = /^[A-Za-z.]+/.exec(String(words[0]))?.[0].toUpperCase() ?? '?';
    return [
      {
        command,
        ms: round(Number(micros) / 1_000),
        words: words.length,
        at: Number(at) * 1_000,
        client: String(client ?? ''),
        name: String(name ?? ''),
      },
    ];
  });
}

function readSetting(reply: unknown): number | null {
  const value = Array.isArray(reply) ? Number(reply[1]) : Number.NaN;
  return Number.isNaN(value) ? null : value / 1_000;
}

function judge(
  { session, missing, keptFromMs, commands, count, longestMs, since: from }: Facts,
  _params: Params,
  limits: Thresholds = LIMITS,
): Judgement {
  const unseen = judgeUnseen(session, missing);
  if (unseen) return unseen;
  const at = session.address;
  if (keptFromMs !== null && keptFromMs < 0)
    return { status: 'unknown', code: 'off', data: { at }, unlock: 'CONFIG SET slowlog-log-slower-than 10000' };
  const [first] = commands;
  const status = gradeAbove(longestMs, limits);
  const since = `${new Date(from).toISOString().slice(0, 19)}Z`;
  const shown = showLimit(longestMs, limits, status);
  if (status === 'ok' || !first) return { status: 'ok', code: 'none', data: { at, ms: limits.warn, since }, ...shown };
  const data = { at, command: first.command, ms: first.ms, client: first.name || first.client || '?', count, since };
  return { status, code: 'slow', data, ...shown };
}
