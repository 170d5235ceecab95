import { defineCheck, type Judgement } from './check.ts';
import { readIfThere, requireLinux, tryReadNumber } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

/** Sectors that differ between mirrors: a few are usual for swap on RAID 1. */
const MISMATCHES = { warn: 1_024, source: 'Netdata mdstat.conf' };
const SOURCE = 'Prometheus node mixin NodeRAIDDegraded';

const array = v.object({
  name: v.string(),
  active: v.boolean(),
  level: v.string(),
  /** null: the level has no spare copies (RAID 0, linear). */
  wanted: v.nullable(v.number()),
  working: v.nullable(v.number()),
  failed: v.array(v.string()),
  /** recovery, resync, reshape, check; '' at rest. */
  activity: v.string(),
  donePercent: v.nullable(v.number()),
  mismatches: v.nullable(v.number()),
});
const facts = v.object({ observedAt: v.number(), arrays: v.array(array) });
type Facts = Infer<typeof facts>;
type RaidArray = Infer<typeof array>;

export const raidMd = defineCheck({
  id: 'raid.md',
  phase: 'hardware',
  title: { en: 'Software RAID', 'zh-CN': '软件 RAID' },
  params: strictObject({}),
  facts,
  messages: {
    ok: { en: '{names}: all members work', 'zh-CN': '{names}：成员盘全部正常' },
    degraded: {
      en: '{name} ({level}) has {working} of {wanted|member|members}, failed: {failed}',
      'zh-CN': '{name}（{level}）{wanted} 个成员盘仅 {working} 个正常，故障：{failed}',
    },
    rebuilding: {
      en: '{name} ({level}) has {working} of {wanted|member|members}; {activity} at {percent} %',
      'zh-CN': '{name}（{level}）{wanted} 个成员盘仅 {working} 个正常；{activity} 进度 {percent} %',
    },
    inactive: { en: '{name} is not active', 'zh-CN': '{name} 未激活' },
    'failed-member': {
      en: '{name} has a failed member ({failed}) beside a full set: replace it',
      'zh-CN': '{name} 有故障成员盘（{failed}），请更换',
    },
    mismatch: {
      en: '{name}: {count|sector differs|sectors differ} between its members',
      'zh-CN': '{name}：成员盘之间有 {count} 个扇区不一致',
    },
    none: { en: 'no software RAID', 'zh-CN': '没有软件 RAID' },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const arrays = parseMdstat((await readIfThere(host, '/proc/mdstat')) ?? '');
    const counted = arrays.map(async (each) => ({
      ...each,
      mismatches: await tryReadNumber(host, `/sys/block/${each.name}/md/mismatch_cnt`),
    }));
    return { observedAt: host.now().wallMs, arrays: await Promise.all(counted) };
  },
  judge: judgeArrays,
});

/** `md0 : active raid1 sdb1[1](F) sda1[0]`, below it `[2/1] [U_]`, and while it works `recovery = 12.6% (...)`. */
function parseMdstat(text: string): readonly RaidArray[] {
  return [...text.matchAll(/^(md\S+) : (.*)\n((?:[ \t]+.*\n?)*)/gm)].map(([, name = '', head = '', body = '']) => {
    const counts = /\[(\d+)\/(\d+)\]/.exec(body);
    const work = /\b(recovery|resync|reshape|check)\s*=\s*([\d.]+)%/.exec(body);
    return {
      name,
      active: head.startsWith('active'),
      level: /\b(raid\d+|linear|multipath|faulty)\b/.exec(head)?.[1] ?? '',
      wanted: counts ? Number(counts[1]) : null,
      working: counts ? Number(counts[2]) : null,
      failed: [...head.matchAll(/(\S+)\[\d+\]\(F\)/g)].map(([, member = '']) => member),
      activity: work?.[1] ?? '',
      donePercent: work ? Number(work[2]) : null,
      mismatches: null,
    };
  });
}

const RANK = { ok: 0, warn: 1, fail: 2 } as const;

function judgeArrays({ arrays }: Facts): Judgement {
  if (arrays.length === 0) return { status: 'not-applicable', code: 'none' };
  const found = arrays.flatMap((each) => findFault(each) ?? []).toSorted((a, b) => RANK[b.status as 'ok'] - RANK[a.status as 'ok']);
  return found[0] ?? { status: 'ok', code: 'ok', data: { names: arrays.map(({ name }) => name).join(', ') } };
}

function findFault({ name, active, level, wanted, working, failed, activity, donePercent, mismatches }: RaidArray): Judgement | undefined {
  const data = { name, level, wanted: wanted ?? 0, working: working ?? 0, failed: failed.join(', ') || '-' };
  if (!active) return { status: 'fail', code: 'inactive', data };
  if (wanted !== null && working !== null && working < wanted) {
    const limit = { value: working, unit: 'members', threshold: wanted, thresholdSource: SOURCE };
    return activity === 'recovery'
      ? { status: 'fail', code: 'rebuilding', data: { ...data, activity, percent: donePercent ?? 0 }, ...limit }
      : { status: 'fail', code: 'degraded', data, ...limit };
  }
  if (failed.length > 0) return { status: 'warn', code: 'failed-member', data };
  if (mismatches === null || mismatches <= MISMATCHES.warn) return undefined;
  const limit = { value: mismatches, unit: 'sectors', threshold: MISMATCHES.warn, thresholdSource: MISMATCHES.source };
  return { status: 'warn', code: 'mismatch', data: { name, count: mismatches }, ...limit };
}
