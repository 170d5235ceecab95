import { HostError } from '../errors.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { round } from './linux.ts';
import { readLogWindow } from './log-window.ts';
import { compilePattern, patternText } from './pattern.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';

const FIVE_MINUTES_MS = 300_000;
/** Percent of the window before. */
const FEW = { warn: 50, crit: 25 };
const MANY = { warn: 200, crit: 400 };
/** In the window before; fewer swing by chance. */
const ENOUGH = 120;
const SOURCE = 'Netdata web_log.conf web_log_5m_requests_ratio';

const params = strictObject({
  file: v.pipe(v.string(), v.minLength(1)),
  /** Length of both windows; default five minutes. */
  window: v.nullish(duration),
  /** Only lines that match count, e.g. one transaction type. */
  only: v.nullish(patternText),
});
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
  docs:
    'Lines of the last five minutes (or `window`) against those of the same time before: below 50 % or above 200 % warns, below 25 % or above 400 % fails, with at least 120 lines before (Netdata web_log.conf). ' +
    'A silent drop is how lost traffic looks from inside. Fewer lines before are no measure: ok, and says so. A log whose lines carry no time is unknown.',
  params,
  facts,
  timeoutMs: 20_000,
  messages: {
    ok: {
      en: '{now} lines in {minutes} min, {before} in as long before ({source})',
      'zh-CN': '{source}：{minutes} 分钟内 {now} 行，此前同样时长 {before} 行',
    },
    quiet: {
      en: 'only {before} lines in the {minutes} min before, {now} now: too quiet to compare ({source})',
      'zh-CN': '{source}：此前 {minutes} 分钟仅 {before} 行，当前 {now} 行，量少不作比较',
    },
    drop: {
      en: '{source} fell to {percent} %: {now} lines in {minutes} min, {before} before',
      'zh-CN': '{source} 降至 {percent} %：{minutes} 分钟内 {now} 行，此前 {before} 行',
    },
    surge: {
      en: '{source} rose to {percent} %: {now} lines in {minutes} min, {before} before',
      'zh-CN': '{source} 升至 {percent} %：{minutes} 分钟内 {now} 行，此前 {before} 行',
    },
  },
  example: { file: '/var/log/paygw/app.log', only: 'approved' },
  probe,
  judge,
});

async function probe({ file, window, only }: Params, context: ProbeContext): Promise<Facts> {
  const length = window ?? FIVE_MINUTES_MS;
  const observedAt = context.host.now().wallMs;
  const middle = observedAt - length;
  const log = await readLogWindow({ file }, middle - length, context);
  if (log.missing) throw new HostError('not-found', `there is no log ${file}`, 'name the log that the service writes to');
  if (!log.timed && log.lines.length > 0)
    throw new HostError('unsupported', `the lines of ${file} carry no time`, 'name a log with times, or make the service write them');
  if (log.truncated)
    throw new HostError('io', `${file} holds too much to compare two windows of ${length / 60_000} min`, 'a shorter window');
  const pattern = only == null ? null : compilePattern(only);
  const counted = log.lines.filter(({ at, text }) => at <= observedAt && (pattern === null || pattern.test(text)));
  const now = counted.filter(({ at }) => at >= middle).length;
  const before = counted.length - now;
  return {
    observedAt,
    source: log.source,
    minutes: round(length / 60_000),
    now,
    before,
    percent: before > 0 ? round((100 * now) / before) : null,
  };
}

function judge({ source, minutes, now, before, percent }: Facts): Judgement {
  const data = { source, minutes, now, before, percent: percent ?? 0 };
  if (percent === null || before < ENOUGH)
    return { status: 'ok', code: 'quiet', data, value: before, unit: 'lines', threshold: ENOUGH, thresholdSource: SOURCE };
  const show = (threshold: number) => ({ value: percent, unit: '%', threshold, thresholdSource: SOURCE });
  if (percent < FEW.crit) return { status: 'fail', code: 'drop', data, ...show(FEW.crit) };
  if (percent > MANY.crit) return { status: 'fail', code: 'surge', data, ...show(MANY.crit) };
  if (percent < FEW.warn) return { status: 'warn', code: 'drop', data, ...show(FEW.warn) };
  if (percent > MANY.warn) return { status: 'warn', code: 'surge', data, ...show(MANY.warn) };
  return { status: 'ok', code: 'ok', data, ...show(FEW.warn) };
}
