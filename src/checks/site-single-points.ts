import type { JsonObject } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { AREAS } from './single-point.ts';
import { findSinglePoints } from './single-points.ts';
import { lookForSinglePoints } from './single-points-look.ts';

/** Named in the sentence; all of them are in the facts and in the audit. */
const NAMED = 4;

const params = strictObject({
  /** The site as the profile names it: what is not there cannot be a single point. */
  profile: v.nullish(v.record(v.string(), v.unknown())),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  points: v.array(
    v.object({
      area: v.picklist(AREAS),
      name: v.string(),
      en: v.string(),
      zh: v.string(),
      /** declared: the profile names no second one, and none was seen. */
      basis: v.picklist(['seen', 'declared']),
      /** What depends on it. */
      hits: v.array(v.string()),
      /** Of the profile's contacts; '' where none has its name or area. */
      owner: v.string(),
    }),
  ),
  unseen: v.array(v.object({ what: v.string(), why: v.string(), unlock: v.string() })),
});
type Facts = Infer<typeof facts>;

export const siteSinglePoints = defineCheck<Params, Facts>({
  id: 'site.single_points',
  phase: 'evidence',
  title: { en: 'Single points of failure', 'zh-CN': '单点故障' },
  params,
  facts,
  timeoutMs: 20_000,
  messages: {
    none: { en: 'no single point of failure in what was seen', 'zh-CN': '所见范围内没有单点' },
    points: {
      en: '{count|single point|single points} of failure, {orphans} without an owner: {what}',
      'zh-CN': '{count} 个单点，{orphans} 个无责任人：{what}',
    },
    blind: { en: 'no single point seen, but {what} could not be looked at', 'zh-CN': '未见单点，但无法查看 {what}' },
  },
  example: {
    profile: {
      services: [{ name: 'nginx', kind: 'web' }],
      providers: [{ name: 'bank', kind: 'http', url: 'https://api.bank.test/health' }],
    },
  },
  probe,
  judge,
});

async function probe({ profile }: Params, context: ProbeContext): Promise<Facts> {
  requireLinux(context.host);
  const site = (profile ?? {}) as JsonObject;
  const { looked, unseen } = await lookForSinglePoints(context, site);
  const points = findSinglePoints(site, looked).map(({ why, hits, ...point }) => ({
    ...point,
    en: why.en,
    zh: why['zh-CN'] ?? why.en,
    hits: [...hits],
  }));
  return { observedAt: context.host.now().wallMs, points, unseen: [...unseen] };
}

function judge({ points, unseen }: Facts): Judgement {
  const what = unseen.map((each) => each.what).join(', ');
  if (points.length === 0 && unseen.length > 0)
    return { status: 'unknown', code: 'blind', data: { what }, unlock: unseen[0]?.unlock ?? 'run as root' };
  if (points.length === 0) return { status: 'ok', code: 'none' };
  const named = points.slice(0, NAMED).map(({ name }) => name);
  const more = points.length > NAMED ? ', ...' : '';
  const data = { count: points.length, orphans: points.filter(({ owner }) => owner === '').length, what: `${named.join(', ')}${more}` };
  return { status: 'warn', code: 'points', data, value: points.length, unit: 'points', threshold: 0, thresholdSource: 'own' };
}
