import { HostError } from '../errors.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { round } from './linux.ts';
import { openLog } from './log-parts.ts';
import { searchLog } from './log-search.ts';
import { namesOneSource, ONE_SOURCE, sourceParams, textSource } from './log-source.ts';
import { readAgain, refuseClosedJournal, refuseOutside } from './log-window.ts';
import { patternText } from './pattern.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';
import { chanceOfDrop, chanceOfGrowth } from './two-windows.ts';

const FIVE_MINUTES_MS = 300_000;
/** Percent of the window before. */
const FEW = { warn: 50, crit: 25 };
const MANY = { warn: 200, crit: 400 };
/** From this many lines before on the percentage speaks for itself; below, the two counts are compared exactly. */
const ENOUGH = 120;
const SIGNIFICANCE = 0.05;
const SOURCE = 'Netdata web_log.conf web_log_5m_requests_ratio';

const params = v.pipe(
  strictObject({
    ...sourceParams,
    /** Length of both windows; default five minutes. */
    window: v.nullish(duration),
    /** Only lines that match count, e.g. one transaction type. */
    only: v.nullish(patternText),
  }),
  v.check((given) => namesOneSource(given), ONE_SOURCE),
);
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  source: v.string(),
  minutes: v.number(),
  now: v.number(),
  before: v.number(),
  /** null: nothing in the window before. */
  percent: v.nullable(v.number()),
});
type Facts = Infer<typeof facts>;

export const logVolume = defineCheck<Params, Facts>({
  id: 'log.volume',
  phase: 'evidence',
  title: { en: 'Amount of work in the log', 'zh-CN': '日志业务量变化' },
  params,
  facts,
  timeoutMs: 20_000,
  messages: {
    ok: {
      en: '{now|line|lines} in {minutes} min, {before} in as long before ({source})',
      'zh-CN': '{source}：{minutes} 分钟内 {now} 行，此前同样时长 {before} 行',
    },
    quiet: {
      en: 'no line in the {minutes} min before, {now} now: nothing to compare with ({source})',
      'zh-CN': '{source}：此前 {minutes} 分钟无日志行，当前 {now} 行，无从比较',
    },
    drop: {
      en: '{source} fell to {percent} %: {now|line|lines} in {minutes} min, {before} before',
      'zh-CN': '{source} 降至 {percent} %：{minutes} 分钟内 {now} 行，此前 {before} 行',
    },
    surge: {
      en: '{source} rose to {percent} %: {now|line|lines} in {minutes} min, {before} before',
      'zh-CN': '{source} 升至 {percent} %：{minutes} 分钟内 {now} 行，此前 {before} 行',
    },
  },
  example: { file: '/var/log/paygw/app.log', only: 'approved' },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const length = params.window ?? FIVE_MINUTES_MS;
  const observedAt = context.host.now().wallMs;
  const end = context.until ?? observedAt;
  const windows = { before: end - 2 * length, from: end - length, until: end + 1 };
  return await readAgain(async () => {
    const log = await openLog(textSource(params), windows, context);
    const { source } = log;
    if (log.missing) throw new HostError('io', `there is no log ${source}`, 'name the log that the service writes to');
    const patterns: Record<string, string> = params.only == null ? {} : { only: params.only };
    const found = await searchLog(log, { patterns }, { windows, context });
    const { before, inside, timed, lines, lastLineAt } = found;
    await refuseClosedJournal(log, lines, params, context);
    refuseOutside(log, { lines, lastLineAt, seen: before.lines + inside.lines }, params);
    if (!timed && lines > 0)
      throw new HostError('io', `the lines of ${source} carry no time`, 'name a log with times, or make the service write them');
    if (!found.complete)
      throw new HostError('timed-out', `${source} holds too much to compare two windows of ${length / 60_000} min`, 'a shorter window');
    const now = params.only == null ? inside.lines : inside.matches;
    const earlier = params.only == null ? before.lines : before.matches;
    return {
      observedAt,
      source,
      minutes: round(length / 60_000),
      now,
      before: earlier,
      percent: earlier > 0 ? round((100 * now) / earlier) : null,
    };
  });
}

function judge({ source, minutes, now, before, percent }: Facts): Judgement {
  const data = { source, minutes, now, before, percent: percent ?? 0 };
  if (percent === null) return { status: 'ok', code: 'quiet', data, value: before, unit: 'lines', threshold: 1, thresholdSource: 'own' };
  const show = (threshold: number) => ({ value: percent, unit: '%', threshold, thresholdSource: SOURCE });
  const fell = (bound: number): boolean => percent < bound && (before >= ENOUGH || chanceOfDrop(now, before, bound / 100) < SIGNIFICANCE);
  const rose = (bound: number): boolean => percent > bound && (before >= ENOUGH || chanceOfGrowth(now, before, bound / 100) < SIGNIFICANCE);
  if (fell(FEW.crit)) return { status: 'fail', code: 'drop', data, ...show(FEW.crit) };
  if (rose(MANY.crit)) return { status: 'fail', code: 'surge', data, ...show(MANY.crit) };
  if (fell(FEW.warn)) return { status: 'warn', code: 'drop', data, ...show(FEW.warn) };
  if (rose(MANY.warn)) return { status: 'warn', code: 'surge', data, ...show(MANY.warn) };
  return { status: 'ok', code: 'ok', data, ...show(FEW.warn) };
}
