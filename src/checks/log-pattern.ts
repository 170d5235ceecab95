import { defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { logFormat } from './log-format.ts';
import { HARMLESS, TROUBLE } from './log-level.ts';
import { openLog } from './log-parts.ts';
import { type Counts, type Found, type Question, searchLog } from './log-search.ts';
import { namesOneSource, ONE_SOURCE, sourceParams, textSource } from './log-source.ts';
import { rankTemplates, type Template, thinOut } from './log-template.ts';
import { hasBaseline } from './log-walk.ts';
import { readAgain, refuseClosedJournal, refuseOutside } from './log-window.ts';
import { patternText } from './pattern.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';
import { chanceOfGrowth } from './two-windows.ts';

const SAMPLES = 5;
const SAMPLE_LENGTH = 300;
/** A burst has grown by this much over the window before, or it is only as bad as always (Netdata web_log.conf: 400 %). */
const GROWTH = 4;
/** Fewer lines before than this are no base for a factor: the two counts are compared exactly. */
const FEW_BEFORE = 25;
/** Lines come in groups, so one case in a thousand is asked for, where independent events would do with one in twenty. */
const SIGNIFICANCE = 0.001;

const params = v.pipe(
  strictObject({
    ...sourceParams,
    pattern: v.nullish(patternText),
    /** Several questions to one reading, each with its own count. */
    patterns: v.nullish(v.record(v.string(), patternText)),
    /** Lines that match this do not count. */
    exclude: v.nullish(patternText),
    /** How far back; default: the window of the run. */
    since: v.nullish(duration),
    /** More matches than this are a burst; replaces the threshold. */
    max: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
  }),
  v.check((given) => namesOneSource(given), ONE_SOURCE),
);
type Params = Infer<typeof params>;

const template = v.object({
  /** The line with `#` for figures and ids and `<*>` for words that vary. */
  text: v.string(),
  /** In the window, and in the one before. */
  count: v.number(),
  before: v.number(),
  /** Never seen in the window before, which was looked at. */
  isNew: v.boolean(),
  /** Against the window before; null when there was none of it. */
  ratio: v.nullable(v.number()),
  firstAt: v.nullable(v.number()),
});

const facts = v.object({
  observedAt: v.number(),
  source: v.string(),
  missing: v.boolean(),
  from: v.number(),
  /** The end of the window; `observedAt` unless the run names another. */
  until: v.optional(v.nullable(v.number()), null),
  /** The budget was spent before the end, or the source broke off: the counts are of what was read. */
  truncated: v.boolean(),
  timed: v.boolean(),
  /** False: the file is out of order, and was read from start to end. */
  ordered: v.optional(v.boolean(), true),
  format: v.optional(v.nullable(logFormat), null),
  /** In the window. */
  lines: v.number(),
  matches: v.number(),
  /** Of the window of the same length before this one; null when the log carries no time, or what was piped in begins later. */
  baselineMatches: v.nullable(v.number()),
  baselineLines: v.optional(v.nullable(v.number()), null),
  perMinute: v.number(),
  byPattern: v.record(v.string(), v.number()),
  firstMatchAt: v.nullable(v.number()),
  lastMatchAt: v.nullable(v.number()),
  lastLineAt: v.nullable(v.number()),
  /** The newest matching lines, cut. */
  samples: v.array(v.string()),
  /** The kinds of matching line, the one that grew most first. */
  templates: v.optional(v.array(template), []),
  /** More lines matched than were looked at one by one: the counts of templates are estimates. */
  sampled: v.optional(v.boolean(), false),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 0, crit: 100, unit: 'lines', source: 'own' };

export const logPattern = defineCheck<Params, Facts>({
  id: 'log.pattern',
  phase: 'evidence',
  title: { en: 'Log lines', 'zh-CN': '日志匹配' },
  params,
  facts,
  messages: {
    quiet: {
      en: 'no matching line in {source} in {minutes} min ({lines|line|lines})',
      'zh-CN': '{source} 近 {minutes} 分钟内无匹配行（共 {lines} 行）',
    },
    matches: {
      en: '{count|matching line|matching lines} in {source} in {minutes} min, e.g. {sample}',
      'zh-CN': '{source} 近 {minutes} 分钟内有 {count} 行匹配，例如：{sample}',
    },
    new: {
      en: '{count|matching line|matching lines} in {source} in {minutes} min (before: {before}); new since {first}, {times|time|times}: {sample}',
      'zh-CN': '{source} 近 {minutes} 分钟内有 {count} 行匹配（此前 {before}）；自 {first} 起新出现 {times} 次：{sample}',
    },
    grown: {
      en: '{count|matching line|matching lines} in {source} in {minutes} min (before: {before}); most grown, from {timesBefore} to {times}: {sample}',
      'zh-CN': '{source} 近 {minutes} 分钟内有 {count} 行匹配（此前 {before}）；增长最多，由 {timesBefore} 增至 {times}：{sample}',
    },
    burst: {
      en: 'burst of {count|matching line|matching lines} in {source} in {minutes} min (before: {before}), above all {times|time|times}: {sample}',
      'zh-CN': '{source} 近 {minutes} 分钟内突增 {count} 行匹配（此前 {before}），其中 {times} 次为：{sample}',
    },
    steady: {
      en: '{count|matching line|matching lines} in {source} in {minutes} min, not clearly more than before ({before})',
      'zh-CN': '{source} 近 {minutes} 分钟内有 {count} 行匹配，与此前相比无明显增加（{before}）',
    },
    partial: {
      en: 'not all of {source} could be read; no line matches in {lines|line that was|lines that were}',
      'zh-CN': '{source} 未能全部读取；已读取的 {lines} 行中无匹配行',
    },
    missing: { en: 'the log {source} does not exist', 'zh-CN': '日志 {source} 不存在' },
  },
  thresholds: LIMITS,
  timeoutMs: 20_000,
  example: { file: '/var/log/paygw/app.log', patterns: { pool: 'pool (is )?exhausted', bank: 'bank.*(timeout|refused)' }, since: '30m' },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const observedAt = context.host.now().wallMs;
  const end = context.until ?? observedAt;
  const from = params.since == null ? context.since : end - params.since;
  const windows = { before: from - (end - from), from, until: context.until ?? Number.POSITIVE_INFINITY };
  return await readAgain(async () => {
    const log = await openLog(textSource(params), windows, context);
    const found = await searchLog(log, questionOf(params), { windows, context });
    await refuseClosedJournal(log, found.lines, params, context);
    const { before, inside, timed, lastLineAt, complete } = found;
    const compared = hasBaseline(log, { timed, before: before.lines });
    refuseOutside(log, { lines: found.lines, lastLineAt, seen: before.lines + inside.lines }, params);
    return {
      observedAt,
      source: log.source,
      missing: log.missing,
      from,
      until: context.until ?? null,
      truncated: !complete,
      timed,
      ordered: log.ordered,
      format: found.format,
      lines: inside.lines,
      matches: inside.matches,
      baselineMatches: compared ? before.matches : null,
      baselineLines: compared ? before.lines : null,
      perMinute: round(inside.matches / Math.max(1, (end - from) / 60_000), 2),
      byPattern: inside.byPattern,
      ...describeMatches(inside),
      ...describeTemplates(found),
      lastLineAt,
    };
  });
}

function questionOf({ pattern, patterns, exclude }: Params): Question {
  const named = { ...(pattern != null && { pattern }), ...patterns };
  if (Object.keys(named).length > 0) return { patterns: named, exclude: exclude ?? undefined };
  return { patterns: { trouble: TROUBLE }, exclude: exclude == null ? HARMLESS : `(?:${exclude})|${HARMLESS}` };
}

function describeMatches({ kept, firstMatchAt }: Counts): Pick<Facts, 'firstMatchAt' | 'lastMatchAt' | 'samples'> {
  return {
    firstMatchAt,
    lastMatchAt: kept.findLast(({ at }) => at !== null)?.at ?? null,
    samples: kept.slice(-SAMPLES).map(({ text }) => text.slice(0, SAMPLE_LENGTH)),
  };
}

function describeTemplates({ before, inside, timed }: Found): Pick<Facts, 'templates' | 'sampled'> {
  const earlier = { lines: before.kept, count: before.matches };
  const later = { lines: inside.kept, count: inside.matches };
  const compared = timed && before.lines > 0;
  const describe = (found: Template): Facts['templates'][number] => ({
    text: found.text,
    count: found.now,
    before: found.before,
    isNew: compared && found.before === 0,
    ratio: found.before > 0 ? round(found.now / found.before, 2) : null,
    firstAt: found.firstAt,
  });
  return {
    templates: rankTemplates({ before: earlier, now: later }).map(describe),
    sampled: thinOut(earlier).weight > 1 || thinOut(later).weight > 1,
  };
}

function judge(facts: Facts, { max }: Params, limits: Thresholds = LIMITS): Judgement {
  const { source, matches, lines, from, observedAt, until } = facts;
  if (facts.missing) return { status: 'warn', code: 'missing', data: { source } };
  const minutes = Math.round(((until ?? observedAt) - from) / 60_000);
  const bounds: Thresholds = max == null ? limits : { ...limits, warn: Math.min(limits.warn, max), crit: max, source: 'playbook' };
  const data = { source, minutes, lines, count: matches, before: facts.baselineMatches ?? '?', ...leadData(facts) };
  const show = (status: 'ok' | 'warn' | 'fail', code: string): Judgement => ({
    status,
    code,
    data,
    ...showLimit(matches, bounds, status),
  });
  if (matches <= bounds.warn && facts.truncated)
    return {
      status: 'unknown',
      code: 'partial',
      data,
      unlock: 'a file that is whole (gzip -t, zstd -t), a command that ends well, or a longer timeout',
    };
  if (matches <= bounds.warn) return show('ok', 'quiet');
  if (max != null) return matches > max ? show('fail', 'burst') : show('warn', leadCode(facts));
  if (hasGrown(facts, bounds.crit)) return show('fail', 'burst');
  return show('warn', matches > bounds.crit ? 'steady' : leadCode(facts));
}

/** Few lines against a log that was alive and quiet decide as well as many; without lines before there is nothing to compare with. */
function hasGrown({ matches, baselineMatches, baselineLines }: Facts, crit: number): boolean {
  if (baselineMatches === null) return matches > crit;
  if (baselineMatches >= FEW_BEFORE) return matches > crit && matches > GROWTH * baselineMatches;
  const compared = matches > crit || (baselineLines ?? 0) > 0;
  return compared && chanceOfGrowth(matches, baselineMatches) < SIGNIFICANCE;
}

function leadCode({ templates: [lead] }: Facts): 'new' | 'grown' | 'matches' {
  if (lead?.isNew) return 'new';
  return lead?.ratio != null && lead.ratio > 1 && chanceOfGrowth(lead.count, lead.before) < SIGNIFICANCE ? 'grown' : 'matches';
}

function leadData({ templates: [lead], samples, matches }: Facts): Readonly<Record<string, string | number>> {
  const sample = samples.at(-1) ?? '';
  return {
    sample: lead?.text ?? sample,
    times: lead?.count ?? matches,
    timesBefore: lead?.before ?? 0,
    first: lead?.firstAt == null ? '?' : new Date(lead.firstAt).toISOString(),
  };
}
