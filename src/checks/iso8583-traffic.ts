import { outcomeOf } from '../payments/codes/codes.ts';
import { type CodeCount, summariseTraffic } from '../payments/iso8583/traffic.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { exceedsShare, gradeShare } from './exact-test.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { namesOneSource, ONE_SOURCE, sourceParams } from './log-source.ts';
import { readLogWindow } from './log-window.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';
import { makeLineReader, mappingParams, usableMapping } from './transaction-lines.ts';

/** Of now, not of the last half hour: a line that came back is up. */
const RECENT_MS = 120_000;
/** Answers that take this long are slow: terminals give up after 30 to 60 s, cashiers long before. */
const SLOW: Thresholds = { warn: 2_000, crit: 5_000, unit: 'ms', source: 'own' };
/** Share of answers that speak of a technical fault on the other side. */
const TECHNICAL: Thresholds = { warn: 2, crit: 5, unit: '%', source: 'own' };
/** As many messages in a row without an answer are silence. */
const SILENT_NOT_SLOW = 5;
/** A mix of ordinary declines is news only when it has grown by this much over the window before. */
const DECLINES_GREW = 3;

const params = v.pipe(
  strictObject({ ...sourceParams, ...mappingParams, since: v.nullish(duration), table: v.nullish(v.string(), 'iso8583-1987') }),
  v.check((input) => namesOneSource(input), ONE_SOURCE),
  usableMapping(),
);
type Params = Infer<typeof params>;

const count = v.number();
const maybe = v.nullable(v.number());
const facts = v.object({
  observedAt: count,
  source: v.string(),
  missing: v.boolean(),
  from: count,
  lines: count,
  transactions: count,
  transactionsBefore: count,
  approved: count,
  approvedBefore: count,
  codes: v.array(v.object({ code: v.string(), count, before: count, medianMs: maybe })),
  events: v.record(v.string(), count),
  link: v.picklist(['up', 'down', 'unknown']),
  linkEvent: v.string(),
  flaps: count,
  silentNow: count,
  medianMs: maybe,
  medianMsBefore: maybe,
  echoMs: v.optional(maybe, null),
  concentrations: v.array(v.object({ by: v.string(), key: v.string(), transactions: count, failed: count })),
  stanGaps: count,
  lastAnswerAt: maybe,
  heardAt: v.optional(maybe, null),
  firstBadAt: maybe,
  lastLineAt: maybe,
});
type Facts = Infer<typeof facts>;

export const iso8583Traffic = defineCheck<Params, Facts>({
  id: 'iso8583.traffic',
  phase: 'network',
  title: { en: 'Card traffic in the log of the switch', 'zh-CN': '交换机日志中的卡交易' },
  params,
  facts,
  messages: {
    ok: {
      en: '{approved} of {transactions|card payment|card payments} approved, the line is {link}',
      'zh-CN': '{transactions} 笔卡交易中 {approved} 笔批准，线路状态 {link}',
    },
    'no-traffic': {
      en: 'no card payment in {source} in {minutes} min, the line is {link}',
      'zh-CN': '{source} 近 {minutes} 分钟内无卡交易，线路状态 {link}',
    },
    'link-refused': {
      en: 'the line is down: the other side refuses connections ({count|time|times})',
      'zh-CN': '线路中断：对端拒绝连接（{count} 次）',
    },
    'link-silent': {
      en: 'the line is down: the other side does not answer connections ({count|time|times})',
      'zh-CN': '线路中断：对端不应答连接（{count} 次）',
    },
    'link-lost': { en: 'the line is down: lost {count|time|times}', 'zh-CN': '线路中断：断开 {count} 次' },
    flapping: { en: 'the line comes and goes: lost and back {count|time|times}', 'zh-CN': '线路反复断开重连 {count} 次' },
    undecodable: { en: '{count|message|messages} of the other side cannot be decoded', 'zh-CN': '对端有 {count} 条报文无法解析' },
    'mac-failed': { en: '{count|message fails its|messages fail their} MAC', 'zh-CN': '{count} 条报文 MAC 校验失败' },
    late: {
      en: '{count|answer came after the switch had given it up: that payment has|answers came after the switch had given them up: those payments have} two outcomes',
      'zh-CN': '{count} 条应答在交换机放弃等待后才到达：这些交易结果不一致',
    },
    unanswered: { en: 'the line is up and {count|message|messages} got no answer', 'zh-CN': '线路正常但 {count} 条报文无应答' },
    'issuer-inoperative': {
      en: '{percent} % of {transactions|payment ends|payments end} in {code} after {ms} ms: issuer or switch inoperative (at once: known where it is routed; after seconds: a timeout further on)',
      'zh-CN':
        '{transactions} 笔交易中 {percent} % 返回 {code}（耗时 {ms} 毫秒）：发卡行或交换中心不可用（立即返回为路由侧已知；数秒后返回为上游超时）',
    },
    'system-malfunction': {
      en: '{percent} % of {transactions|payment ends|payments end} in {code}: system malfunction',
      'zh-CN': '{transactions} 笔交易中 {percent} % 返回 {code}：系统故障',
    },
    'cannot-route': {
      en: '{percent} % of {transactions|payment ends|payments end} in {code}: cannot be routed',
      'zh-CN': '{transactions} 笔交易中 {percent} % 返回 {code}：无法路由',
    },
    'format-error': {
      en: '{percent} % of {transactions|payment ends|payments end} in {code}: format error',
      'zh-CN': '{transactions} 笔交易中 {percent} % 返回 {code}：报文格式错误',
    },
    'keys-out-of-step': {
      en: '{percent} % of {transactions|payment ends|payments end} in {code}: keys or batch out of step',
      'zh-CN': '{transactions} 笔交易中 {percent} % 返回 {code}：密钥或批次不同步',
    },
    technical: {
      en: '{percent} % of {transactions|payment ends|payments end} in {code}',
      'zh-CN': '{transactions} 笔交易中 {percent} % 返回 {code}',
    },
    declines: {
      en: '{percent} % of {transactions|payment is|payments are} declined, mostly with {code}; before {before} %',
      'zh-CN': '{transactions} 笔交易中 {percent} % 被拒，主要为 {code}；此前为 {before} %',
    },
    slow: { en: 'card payments take {ms} ms', 'zh-CN': '卡交易耗时 {ms} 毫秒' },
    'echo-slow': {
      en: 'the other side takes {ms} ms to answer an echo; {count|message|messages} got no answer in time',
      'zh-CN': '对端应答回响测试耗时 {ms} 毫秒；{count} 条报文未在时限内应答',
    },
    'echo-refused': {
      en: 'the other side refuses the echo ({count|time|times}): it takes part no longer, or wants a sign-on',
      'zh-CN': '对端拒绝回响测试（{count} 次）：已签退或需要重新签到',
    },
    missing: { en: 'the log {source} does not exist', 'zh-CN': '日志 {source} 不存在' },
    'not-understood': {
      en: 'none of the {lines} lines of {source} has a code or a word about the line',
      'zh-CN': '{source} 的 {lines} 行中没有应答码或线路信息',
    },
  },
  thresholds: TECHNICAL,
  timeoutMs: 20_000,
  example: { file: '/var/log/switch/switch.log' },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const observedAt = context.host.now().wallMs;
  const start = params.since == null ? context.since : observedAt - params.since;
  const from = Math.max(start, observedAt - RECENT_MS);
  const window = await readLogWindow(params, Math.min(start, from - RECENT_MS), context);
  const read = makeLineReader(params);
  const lines = window.lines.flatMap(({ at, text }) => read(text, at) ?? []);
  return {
    observedAt,
    source: window.source,
    missing: window.missing,
    from,
    lines: window.lines.length,
    ...plain(summariseTraffic(lines, from)),
    lastLineAt: window.lines.at(-1)?.at ?? null,
  };
}

/** Lists of the facts are mutable by their schema. */
function plain({
  codes,
  concentrations,
  events,
  ...rest
}: ReturnType<typeof summariseTraffic>): Omit<Facts, 'observedAt' | 'source' | 'missing' | 'from' | 'lines' | 'lastLineAt'> {
  return {
    ...rest,
    events: { ...events },
    codes: codes.map((each) => ({ ...each })),
    concentrations: concentrations.map((each) => ({ ...each })),
  };
}

function judge(facts: Facts, { table }: Params, limits: Thresholds = TECHNICAL): Judgement {
  const { source, lines, transactions, approved, link } = facts;
  const minutes = round((facts.observedAt - facts.from) / 60_000);
  if (facts.missing) return { status: 'warn', code: 'missing', data: { source } };
  const events = Object.values(facts.events).reduce((sum, each) => sum + each, 0);
  if (lines > 0 && transactions === 0 && events === 0 && link === 'unknown')
    return {
      status: 'unknown',
      code: 'not-understood',
      data: { source, lines },
      unlock: 'a mapping for this log under transactions in oor.yaml',
    };
  const bad = judgeLine(facts) ?? judgeCodes(facts, table ?? 'iso8583-1987', limits) ?? judgeSpeed(facts);
  if (bad) return bad;
  if (transactions === 0) return { status: 'ok', code: 'no-traffic', data: { source, minutes, link } };
  return { status: 'ok', code: 'ok', data: { approved, transactions, link } };
}

function judgeLine(facts: Facts): Judgement | undefined {
  const { events, link, linkEvent, flaps, silentNow } = facts;
  const counted = (code: string, count: number, status: 'fail' | 'warn' = 'fail'): Judgement => ({
    status,
    code,
    data: { count },
    value: count,
    unit: 'times',
    threshold: 0,
    thresholdSource: 'own',
  });
  const times = (event: string): number => events[event] ?? 0;
  // Frames out of step make messages that cannot be read and, now and then, some that can and fail their MAC; keys alone never the former.
  const misread = times('undecodable') * MAC_FAILURES_A_MISREAD > times('mac-failed');
  if (misread) return counted('undecodable', times('undecodable'));
  if (times('mac-failed') > 0) return counted('mac-failed', times('mac-failed'));
  if (link === 'down' && linkEvent === 'refused') return counted('link-refused', times('refused'));
  if (link === 'down' && linkEvent === 'timed-out') return counted('link-silent', times('timed-out'));
  if (link === 'down') return counted('link-lost', times('lost'));
  if (silentNow > 1 && !isSlowInEchoes(facts)) return counted('unanswered', silentNow);
  if (times('echo-refused') > times('echo-answered')) return counted('echo-refused', times('echo-refused'));
  if (flaps > 1) return counted('flapping', flaps);
  if (times('late') > 1) return counted('late', times('late'), 'warn');
  return undefined;
}

/** Response codes of 1987, action codes of 1993. */
const KEYS = new Set(['A0', '77', '63', '97', 'C1', '916', '917', '918', '919', '921', '126', '128']);
const NAMED: Readonly<Record<string, string>> = {
  91: 'issuer-inoperative',
  96: 'system-malfunction',
  92: 'cannot-route',
  30: 'format-error',
  907: 'issuer-inoperative',
  910: 'issuer-inoperative',
  912: 'issuer-inoperative',
  909: 'system-malfunction',
  908: 'cannot-route',
  904: 'format-error',
};
const MAC_FAILURES_A_MISREAD = 3;

function judgeCodes(facts: Facts, table: string, limits: Thresholds): Judgement | undefined {
  const { codes, transactions, approved, transactionsBefore, approvedBefore } = facts;
  const technical = codes.filter(({ code }) => isTechnical(table, code));
  const failed = technical.reduce((sum, { count }) => sum + count, 0);
  const [main] = technical;
  const percent = round((100 * failed) / Math.max(1, transactions));
  const status = gradeShare(failed, transactions, limits);
  // What the switch gave up waiting for is a consequence of an other side that answers late.
  if (main && status !== 'ok' && !(isUnanswered(table, main) && isSlowInEchoes(facts))) {
    const code = NAMED[main.code] ?? (KEYS.has(main.code) ? 'keys-out-of-step' : isUnanswered(table, main) ? 'unanswered' : 'technical');
    return {
      status,
      code,
      data: { percent, transactions, code: main.code, count: main.count, ms: main.medianMs ?? '?' },
      ...showLimit(percent, limits, status),
    };
  }
  const declined = transactions - approved;
  const before = (100 * (transactionsBefore - approvedBefore)) / Math.max(1, transactionsBefore);
  const grown = Math.max(limits.crit, DECLINES_GREW * before);
  if (transactionsBefore === 0 || !exceedsShare(declined, transactions, Math.min(99, grown))) return undefined;
  const share = round((100 * declined) / transactions);
  return {
    status: 'warn',
    code: 'declines',
    data: { percent: share, transactions, code: codes[0]?.code ?? '', before: round(before) },
    value: share,
    unit: '%',
    threshold: round(grown),
    thresholdSource: 'own',
  };
}

function isTechnical(table: string, code: string): boolean {
  if (code in NAMED || KEYS.has(code)) return true;
  const outcome = outcomeOf(tableOf(table, code), code);
  return outcome === 'PROVIDER_DOWN' || outcome === 'UNKNOWN' || outcome === 'SIGN/KEY/CERT';
}

/** The switch itself answers its terminal when the other side said nothing in time. */
function isUnanswered(table: string, { code }: CodeCount): boolean {
  return outcomeOf(tableOf(table, code), code) === 'UNKNOWN';
}

/** Three digits are an action code of 1993, whatever was said about codes of two. */
function tableOf(table: string, code: string): string {
  return /^\d{3}$/.test(code) ? 'iso8583-1993' : table;
}

/** An other side that has fallen silent since is not slow any more. */
function isSlowInEchoes({ echoMs = null, silentNow }: Facts): boolean {
  return echoMs !== null && echoMs >= SLOW.warn && silentNow < SILENT_NOT_SLOW;
}

function judgeSpeed(facts: Facts): Judgement | undefined {
  const { medianMs, echoMs = null, events } = facts;
  const payments = medianMs === null ? 'ok' : gradeAbove(medianMs, SLOW);
  if (medianMs !== null && payments !== 'ok')
    return { status: payments, code: 'slow', data: { ms: medianMs }, ...showLimit(medianMs, SLOW, payments) };
  if (!isSlowInEchoes(facts) || echoMs === null) return undefined;
  const count = events['unanswered'] ?? 0;
  const status = count > 0 ? 'fail' : gradeAbove(echoMs, SLOW);
  return { status, code: 'echo-slow', data: { ms: echoMs, count }, ...showLimit(echoMs, SLOW, status) };
}
