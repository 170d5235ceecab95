import { HostError } from '../errors.ts';
import { readTotals } from '../payments/money/control-totals.ts';
import { type DueFile, lastDue, namesDay } from '../payments/money/due-file.ts';
import { zoneOffsetMs } from '../payments/orders/zone.ts';
import type { FileStat, Host } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { medianOf, showLimit } from './limit.ts';
import { round } from './linux.ts';
import { textSource } from './log-source.ts';
import { moneyTable, readMoneyText } from './money-source.ts';
import { type Infer, strictObject, v } from './schema.ts';

const PAST_DAYS = 14;
/** Below that no size is unusual. */
const ENOUGH_PAST = 5;
/** Weekends and promotions differ by less. */
const SIZE_FACTOR = 4;
/** Minutes after the time that was agreed. */
const LATE: Thresholds = { warn: 0, crit: 120, unit: 'min', source: 'own' };

const cell = v.pipe(v.number(), v.integer(), v.minValue(1));
const params = strictObject({
  /** `%Y`, `%m` and `%d` stand for the day that the file is of; without them one file is written anew every day. */
  file: moneyTable,
  due: v.nullish(v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as "10:00"'))),
  zone: v.nullish(
    v.pipe(
      v.string(),
      v.check((zone) => zoneOffsetMs(zone, 0) !== undefined, 'expected a zone such as +08:00, UTC or Asia/Shanghai'),
    ),
    'UTC',
  ),
  days_behind: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(31)), 1),
  totals: v.nullish(
    strictObject({
      delimiter: v.exactOptional(v.string()),
      record: v.record(v.string(), strictObject({ count: v.exactOptional(cell), sum: v.exactOptional(cell) })),
      rows: v.exactOptional(strictObject({ prefix: v.exactOptional(v.string()), sum: v.exactOptional(cell) })),
      unit: v.exactOptional(v.picklist(['major', 'minor'])),
    }),
  ),
});
type Params = Infer<typeof params>;

const count = v.number();
const maybe = v.nullable(v.number());
const facts = v.object({
  observedAt: count,
  file: v.string(),
  /** null: no time was agreed. */
  dueAt: maybe,
  exists: v.boolean(),
  size: count,
  modifiedAt: maybe,
  /** Sizes of the files of the days before, those that are there. */
  past: v.array(v.object({ file: v.string(), size: count })),
  medianPastSize: maybe,
  /** A file of another day with the same bytes; '' for none. */
  sameAs: v.string(),
  rows: count,
  ragged: count,
  kind: v.picklist(['wechat', 'alipay', 'own', 'none']),
  cut: v.boolean(),
  totals: v.array(v.object({ of: v.string(), declared: maybe, found: count })),
});
type Facts = Infer<typeof facts>;

export const settlementFile = defineCheck<Params, Facts>({
  id: 'settlement.file',
  phase: 'evidence',
  title: { en: 'Settlement file', 'zh-CN': '清算对账文件' },
  params,
  facts,
  messages: {
    ok: { en: '{file} is there with {rows|row|rows} and adds up', 'zh-CN': '{file} 已到，{rows} 行，合计相符' },
    'no-totals': { en: '{file} is there with {rows|row|rows}; it has no control totals', 'zh-CN': '{file} 已到，{rows} 行；文件无合计行' },
    late: { en: '{file} is not there, {minutes} min after it was due', 'zh-CN': '{file} 未到，已超过约定时间 {minutes} 分钟' },
    missing: { en: '{file} is not there; when it is due is not agreed', 'zh-CN': '{file} 不存在；未约定到达时间' },
    empty: { en: '{file} is empty', 'zh-CN': '{file} 为空' },
    cut: {
      en: '{file} ends before its control totals, after {rows|row|rows}: it was cut off',
      'zh-CN': '{file} 在合计行之前结束（{rows} 行）：文件被截断',
    },
    'control-total': {
      en: '{file} does not add up: {of} is {declared} in the file and {found} by its rows',
      'zh-CN': '{file} 合计不符：{of} 文件中为 {declared}，按明细为 {found}',
    },
    duplicate: {
      en: '{file} has the same bytes as {other}: an old file was sent again',
      'zh-CN': '{file} 与 {other} 内容完全相同：重发了旧文件',
    },
    'size-outlier': {
      en: '{file} has {size} bytes, those of the days before {median}',
      'zh-CN': '{file} 大小为 {size} 字节，往日中位数为 {median}',
    },
  },
  thresholds: LATE,
  timeoutMs: 20_000,
  example: { file: '/srv/settle/bill-%Y%m%d.csv', due: '10:00', zone: 'Asia/Shanghai' },
  probe,
  judge,
});

async function probe({ file, due, zone, days_behind, totals }: Params, context: ProbeContext): Promise<Facts> {
  const { host } = context;
  const observedAt = host.now().wallMs;
  const path = pathOf(file);
  const rule = { path, due: due ?? '00:00', zone, daysBehind: days_behind };
  const [wanted, ...before] = lastDue(rule, observedAt, namesDay(path) ? PAST_DAYS : 0);
  const stat = await lookAt(host, wanted.path);
  const past = await lookAtAll(host, before);
  const isOld = stat !== null && !namesDay(path) && due != null && stat.modifiedAt < wanted.dueAt - DAY_MS;
  const there = stat !== null && !isOld ? stat : null;
  const read =
    there && there.size > 0 ? readTotals((await readMoneyText({ file: wanted.path }, context)).text, totals ?? undefined) : undefined;
  return {
    observedAt,
    file: wanted.path,
    dueAt: due == null ? null : wanted.dueAt,
    exists: there !== null,
    size: there?.size ?? 0,
    modifiedAt: stat?.modifiedAt ?? null,
    past,
    medianPastSize: past.length > 0 ? medianOf(past.map(({ size }) => size)) : null,
    sameAs: there && there.size > 0 ? await findTwin(host, wanted.path, there.size, past) : '',
    rows: read?.rows ?? 0,
    ragged: read?.ragged ?? 0,
    kind: read?.kind ?? 'none',
    cut: read?.cut ?? false,
    totals: (read?.totals ?? []).map(({ declared, ...each }) => ({ ...each, declared: Number.isFinite(declared) ? declared : null })),
  };
}

const DAY_MS = 86_400_000;

function pathOf(file: Params['file']): string {
  const source = textSource({ file: typeof file === 'object' && 'from' in file ? file.from : file });
  if ('file' in source) return source.file;
  throw new HostError('unsupported', 'the statement comes from a command, and is no file that could be late', 'the file itself');
}

async function lookAt(host: Host, path: string): Promise<FileStat | null> {
  try {
    return await host.stat(path);
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return null;
    throw error;
  }
}

async function lookAtAll(host: Host, files: readonly DueFile[]): Promise<Facts['past']> {
  const looked = await Promise.all(files.map(async ({ path }) => ({ path, stat: await lookAt(host, path) })));
  return looked.flatMap(({ path, stat }) => (stat ? [{ file: path, size: stat.size }] : []));
}

async function findTwin(host: Host, file: string, size: number, past: Facts['past']): Promise<string> {
  const alike = past.filter((each) => each.size === size);
  if (alike.length === 0) return '';
  const own = await host.hashFile(file);
  for (const { file: other } of alike) if ((await host.hashFile(other)) === own) return other;
  return '';
}

function judge(facts: Facts, _params: Params, limits: Thresholds = LATE): Judgement {
  const { file, rows, size, medianPastSize, past } = facts;
  if (!facts.exists) return judgeAbsent(facts, limits);
  const wrong = facts.totals.find(({ declared, found }) => declared !== found);
  const fail = (code: string, data: Readonly<Record<string, string | number>>): Judgement => ({
    status: 'fail',
    code,
    data: { file, ...data },
  });
  if (size === 0) return fail('empty', {});
  if (facts.cut) return fail('cut', { rows });
  if (wrong) return fail('control-total', { of: wrong.of, declared: wrong.declared ?? '-', found: wrong.found });
  if (rows === 0 && facts.totals.length === 0) return fail('empty', {});
  if (facts.sameAs !== '') return fail('duplicate', { other: facts.sameAs });
  const ratio = medianPastSize ? Math.max(size / medianPastSize, medianPastSize / size) : 1;
  if (past.length >= ENOUGH_PAST && ratio > SIZE_FACTOR)
    return {
      status: 'warn',
      code: 'size-outlier',
      data: { file, size, median: medianPastSize ?? 0 },
      value: round(ratio),
      unit: 'times',
      threshold: SIZE_FACTOR,
      thresholdSource: 'own',
    };
  return { status: 'ok', code: facts.totals.length > 0 ? 'ok' : 'no-totals', data: { file, rows } };
}

function judgeAbsent({ observedAt, dueAt, file }: Facts, limits: Thresholds): Judgement {
  if (dueAt === null) return { status: 'warn', code: 'missing', data: { file } };
  const minutes = Math.floor((observedAt - dueAt) / 60_000);
  const grade = gradeAbove(minutes, limits);
  const status = grade === 'ok' ? 'warn' : grade;
  return { status, code: 'late', data: { file, minutes }, ...showLimit(minutes, limits, status) };
}
