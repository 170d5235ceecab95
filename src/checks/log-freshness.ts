import { HostError } from '../errors.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { findNewest } from './file-age.ts';
import { showLimit } from './limit.ts';
import { formatSeconds } from './linux.ts';
import { openLog } from './log-parts.ts';
import { describeSource, namesOneSource, ONE_SOURCE, sourceParams, textSource } from './log-source.ts';
import { walkLog } from './log-walk.ts';
import { refuseClosedJournal } from './log-window.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 240, crit: 600, unit: 's', source: 'monitoring-plugins check_file_age defaults' };

const params = v.pipe(
  strictObject({
    /** A file: a log or heartbeat that is always being written, or a folder of them. */
    ...sourceParams,
  }),
  v.check((given) => namesOneSource(given), ONE_SOURCE),
);
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  /** null: it does not exist. */
  newest: v.nullable(v.object({ path: v.string(), bytes: v.number(), modifiedAt: v.number() })),
});
type Facts = Infer<typeof facts>;

export const logFreshness = defineCheck<Params, Facts>({
  id: 'log.freshness',
  phase: 'evidence',
  title: { en: 'Log still being written', 'zh-CN': '日志更新时间' },
  params,
  facts,
  thresholds: THRESHOLDS,
  messages: {
    fresh: { en: '{path} was written {age} ago', 'zh-CN': '{path} 在 {age} 前有更新' },
    stale: { en: '{path} has not been written for {age}', 'zh-CN': '{path} 已有 {age} 未更新' },
    missing: { en: 'there is no log {path}', 'zh-CN': '日志 {path} 不存在' },
  },
  example: { file: '/var/log/paygw/app.log' },
  async probe(params, context) {
    const { host } = context;
    const source = textSource(params);
    const newest = 'file' in source ? await findNewest(host, source.file) : await findLastLine(params, context);
    return { newest, observedAt: host.now().wallMs };
  },
  judge: judgeAge,
});

/** Of what is printed or piped in, the time of the last line that has one. */
async function findLastLine(params: Params, context: ProbeContext): Promise<Facts['newest']> {
  const windows = { before: 0, from: 0, until: Number.POSITIVE_INFINITY };
  const log = await openLog(textSource(params), windows, context);
  let bytes = 0;
  const { lines, lastLineAt } = await walkLog({ log, windows, context }, (line) => {
    bytes += line.length + 1;
  });
  await refuseClosedJournal(log, lines, params, context);
  if (lines === 0) throw new HostError('io', `${log.source} gave no line`, 'a command that prints the log');
  if (lastLineAt === null) throw new HostError('io', `the lines of ${log.source} carry no time`, 'a log with times');
  return { path: log.source, bytes, modifiedAt: lastLineAt };
}

function judgeAge({ observedAt, newest }: Facts, params: Params, limits: Thresholds = THRESHOLDS): Judgement {
  if (!newest) return { status: 'fail', code: 'missing', data: { path: describeSource(textSource(params)) } };
  const age = Math.max(0, Math.round((observedAt - newest.modifiedAt) / 1_000));
  const status = gradeAbove(age, limits);
  return {
    status,
    code: status === 'ok' ? 'fresh' : 'stale',
    data: { path: newest.path, age: formatSeconds(age) },
    ...showLimit(age, limits, status),
  };
}
