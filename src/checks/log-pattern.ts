import { OorError } from '../errors.ts';
import { defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { type LogLine, type LogWindow, readLogWindow } from './log-window.ts';
import { compilePattern, type Pattern, patternText } from './pattern.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';

const SAMPLES = 5;
const SIGNATURES = 5;
const SAMPLE_LENGTH = 300;
/** A burst has grown by this much over the window before, or it is only as bad as always (Netdata web_log.conf: 400 %). */
const GROWTH = 4;

/** What most programs write when something is wrong; levels only as words of their own, so that `errors=0` is none. */
const TROUBLE =
  '(?i)\\b(error|fatal|critical|emerg|alert|panic|severe|exception|traceback|timeout|timed out|refused|unreachable|denied|failed|out of memory|cannot assign|no space left|too many open files|broken pipe|deadlock)\\b';

const params = v.pipe(
  strictObject({
    file: v.nullish(v.string()),
    /** A command that prints the log, oldest line first. */
    argv: v.nullish(v.pipe(v.array(v.string()), v.minLength(1))),
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
  v.check(({ file, argv }) => (file == null) !== (argv == null), 'expected either `file` or `argv`'),
);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  source: v.string(),
  missing: v.boolean(),
  from: v.number(),
  coveredFrom: v.number(),
  truncated: v.boolean(),
  timed: v.boolean(),
  /** In the window. */
  lines: v.number(),
  matches: v.number(),
  /** Of the window of the same length before this one; null when it was not covered. */
  baselineMatches: v.nullable(v.number()),
  perMinute: v.number(),
  byPattern: v.record(v.string(), v.number()),
  firstMatchAt: v.nullable(v.number()),
  lastMatchAt: v.nullable(v.number()),
  lastLineAt: v.nullable(v.number()),
  /** The newest matching lines, cut. */
  samples: v.array(v.string()),
  /** The most frequent kinds of matching line, figures and ids as `#`. */
  signatures: v.array(v.object({ text: v.string(), count: v.number() })),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 0, crit: 100, unit: 'lines', source: 'own' };

export const logPattern = defineCheck<Params, Facts>({
  id: 'log.pattern',
  phase: 'evidence',
  title: { en: 'Log lines', 'zh-CN': '日志匹配' },
  docs:
    'Counts the lines of a window of time that match, reading the file (and FILE.1 when it was rotated in between) from its end, at most 16 MiB. Any match is a warning. ' +
    'A burst is more than the threshold and four times the window before; with `max` it is just more than that. The default pattern is words of trouble. Lines without a time belong to the line above.',
  params,
  facts,
  messages: {
    quiet: {
      en: 'no matching line in {source} in {minutes} min ({lines} lines)',
      'zh-CN': '{source} 近 {minutes} 分钟内无匹配行（共 {lines} 行）',
    },
    matches: {
      en: '{count} matching lines in {source} in {minutes} min, e.g. {sample}',
      'zh-CN': '{source} 近 {minutes} 分钟内有 {count} 行匹配，例如：{sample}',
    },
    burst: {
      en: 'burst of {count} matching lines in {source} in {minutes} min (before: {before}), e.g. {sample}',
      'zh-CN': '{source} 近 {minutes} 分钟内突增 {count} 行匹配（此前 {before}），例如：{sample}',
    },
    steady: {
      en: '{count} matching lines in {source} in {minutes} min, no more than before ({before})',
      'zh-CN': '{source} 近 {minutes} 分钟内有 {count} 行匹配，与此前相当（{before}）',
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
  const from = params.since == null ? context.since : observedAt - params.since;
  const before = from - (observedAt - from);
  const window = await readLogWindow(params, before, context);
  const matches = makeMatcher(params);
  const matched = window.lines.filter(({ text }) => matches(text));
  const inside = matched.filter(({ at }) => at >= from);
  const covered = window.timed && window.coveredFrom <= before;
  return {
    observedAt,
    source: window.source,
    missing: window.missing,
    from,
    coveredFrom: Math.max(window.coveredFrom, from),
    truncated: window.truncated && window.coveredFrom > from,
    timed: window.timed,
    lines: window.lines.reduce((count, { at }) => (at >= from ? count + 1 : count), 0),
    matches: inside.length,
    baselineMatches: covered ? matched.length - inside.length : null,
    perMinute: round(inside.length / Math.max(1, (observedAt - from) / 60_000), 2),
    byPattern: countByPattern(inside, params),
    firstMatchAt: inside[0]?.at ?? null,
    lastMatchAt: inside.at(-1)?.at ?? null,
    ...describeMatches(window, inside),
  };
}

function makeMatcher(params: Params): (text: string) => boolean {
  const wanted = compileAny(Object.values(listPatterns(params)));
  const excluded = params.exclude == null ? undefined : compilePattern(params.exclude);
  return (text) => wanted.some((pattern) => pattern.test(text)) && excluded?.test(text) !== true;
}

/** Joined, twenty patterns cost as much as one; patterns that cannot be joined (the same group name twice) stay apart. */
function compileAny(texts: readonly string[]): readonly Pattern[] {
  try {
    return [compilePattern(texts.map((text) => `(?:${text})`).join('|'))];
  } catch (error) {
    if (error instanceof OorError) return texts.map((text) => compilePattern(text));
    throw error;
  }
}

function listPatterns({ pattern, patterns }: Params): Readonly<Record<string, string>> {
  const named = { ...(pattern != null && { pattern }), ...patterns };
  return Object.keys(named).length > 0 ? named : { trouble: TROUBLE };
}

function countByPattern(lines: readonly LogLine[], params: Params): Record<string, number> {
  return Object.fromEntries(
    Object.entries(listPatterns(params)).map(([name, text]) => {
      const pattern = compilePattern(text);
      return [name, lines.reduce((count, line) => (pattern.test(line.text) ? count + 1 : count), 0)];
    }),
  );
}

function describeMatches({ lastLineAt }: LogWindow, matched: readonly LogLine[]): Pick<Facts, 'lastLineAt' | 'samples' | 'signatures'> {
  const counts = new Map<string, number>();
  for (const { text } of matched) counts.set(signatureOf(text), (counts.get(signatureOf(text)) ?? 0) + 1);
  return {
    lastLineAt,
    samples: matched.slice(-SAMPLES).map(({ text }) => text.slice(0, SAMPLE_LENGTH)),
    signatures: [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, SIGNATURES)
      .map(([text, count]) => ({ text, count })),
  };
}

/** Uuids, long hex, figures become `#`, so that lines that differ only in them count as one. */
export function signatureOf(line: string): string {
  return line
    .slice(0, 1_000)
    .replace(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '#')
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '#')
    .replace(/\d+/g, '#')
    .replace(/#(?:[-:./,T ]*#)+/g, '#')
    .slice(0, 160)
    .trim();
}

function judge(facts: Facts, { max }: Params, limits: Thresholds = LIMITS): Judgement {
  const { source, matches, baselineMatches, lines, from, observedAt, samples } = facts;
  if (facts.missing) return { status: 'warn', code: 'missing', data: { source } };
  const minutes = Math.round((observedAt - from) / 60_000);
  const before = baselineMatches === null ? '?' : baselineMatches;
  const data = { source, minutes, lines, count: matches, before, sample: samples.at(-1) ?? '' };
  const bounds: Thresholds = max == null ? limits : { ...limits, warn: Math.min(limits.warn, max), crit: max, source: 'playbook' };
  const status = matches > bounds.crit ? 'fail' : matches > bounds.warn ? 'warn' : 'ok';
  if (status === 'ok') return { status, code: 'quiet', data, ...showLimit(matches, bounds, status) };
  if (status === 'warn') return { status, code: 'matches', data, ...showLimit(matches, bounds, status) };
  const steady = max == null && baselineMatches !== null && matches <= GROWTH * baselineMatches;
  return steady
    ? { status: 'warn', code: 'steady', data, ...showLimit(matches, bounds, 'warn') }
    : { status: 'fail', code: 'burst', data, ...showLimit(matches, bounds, 'fail') };
}
