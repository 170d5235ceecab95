import { defineCheck, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux } from './linux.ts';
import { type ProcessStat, readProcesses, showsAll } from './processes.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 5, crit: 1_000, unit: 'zombies', source: 'own' };
const KEPT = 20;

const params = strictObject({
  /** Only zombies left by a process of this name count. */
  parent: v.optional(v.pipe(v.string(), v.minLength(1))),
});
const facts = v.object({
  observedAt: v.number(),
  processes: v.number(),
  /** False where /proc hides the processes of others (hidepid): not even pid 1 is seen. */
  sawAll: v.boolean(),
  zombies: v.number(),
  /** Who does not collect its dead children, worst first. */
  parents: v.array(v.object({ pid: v.number(), name: v.string(), zombies: v.number() })),
});
type Params = Infer<typeof params>;
type Facts = Infer<typeof facts>;

export const procZombies = defineCheck({
  id: 'proc.zombies',
  phase: 'software',
  title: { en: 'Zombie processes', 'zh-CN': '僵尸进程' },
  params,
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: { en: '{zombies|zombie|zombies} among {processes|process|processes}', 'zh-CN': '{processes} 个进程中有 {zombies} 个僵尸进程' },
    zombies: {
      en: '{zombies|zombie|zombies}, {most} of them left by {parent} (pid {pid})',
      'zh-CN': '{zombies} 个僵尸进程，其中 {most} 个的父进程是 {parent}（pid {pid}）',
    },
    hidden: {
      en: 'no zombies among the {processes} processes that are shown here; those of others are hidden',
      'zh-CN': '此处可见的 {processes} 个进程中没有僵尸进程，其他用户的进程被隐藏',
    },
  },
  example: { parent: 'paygw' },
  async probe({ parent }, { host }) {
    requireLinux(host);
    const all = await readProcesses(host);
    const zombies = groupZombies(all).filter(({ name }) => parent === undefined || name === parent.slice(0, 15));
    return {
      observedAt: host.now().wallMs,
      processes: all.length,
      sawAll: showsAll(all),
      zombies: zombies.reduce((sum, each) => sum + each.zombies, 0),
      parents: zombies.slice(0, KEPT),
    };
  },
  judge: judgeZombies,
});

function groupZombies(all: readonly ProcessStat[]): Facts['parents'] {
  const names = new Map(all.map(({ pid, name }) => [pid, name]));
  const counts = new Map<number, number>();
  for (const { state, parentPid } of all) if (state === 'Z') counts.set(parentPid, (counts.get(parentPid) ?? 0) + 1);
  return [...counts].map(([pid, zombies]) => ({ pid, name: names.get(pid) ?? '?', zombies })).toSorted((a, b) => b.zombies - a.zombies);
}

function judgeZombies({ zombies, parents, processes, sawAll }: Facts, _params: Params, thresholds: Thresholds = THRESHOLDS): Judgement {
  const grade = zombies >= thresholds.crit ? 'fail' : zombies >= thresholds.warn ? 'warn' : 'ok';
  if (grade === 'ok' && !sawAll)
    return { status: 'unknown', code: 'hidden', data: { processes }, unlock: 'run as root: /proc is mounted with hidepid' };
  const worst = parents[0];
  return {
    status: grade,
    code: grade === 'ok' ? 'ok' : 'zombies',
    data: { zombies, processes, parent: worst?.name ?? '', pid: worst?.pid ?? 0, most: worst?.zombies ?? 0 },
    ...showLimit(zombies, thresholds, grade),
  };
}
