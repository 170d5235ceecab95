import { defineCheck, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux, tryRead } from './linux.ts';
import { type ProcessStat, readProcesses } from './processes.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 5, crit: 1_000, unit: 'zombies', source: 'own' };
/** A process waits for a disk all the time; twice in a row means that it is stuck. */
const STUCK_AFTER_MS = 1_000;
const KEPT = 20;

const params = strictObject({
  /** Only zombies left by a process of this name count. */
  parent: v.optional(v.pipe(v.string(), v.minLength(1))),
});
const facts = v.object({
  observedAt: v.number(),
  processes: v.number(),
  zombies: v.number(),
  /** Who does not collect its dead children, worst first. */
  parents: v.array(v.object({ pid: v.number(), name: v.string(), zombies: v.number() })),
  /** Uninterruptible in both samples. */
  stuck: v.array(v.object({ pid: v.number(), name: v.string(), waitsIn: v.nullable(v.string()) })),
});
type Params = Infer<typeof params>;
type Facts = Infer<typeof facts>;

export const procZombies = defineCheck({
  id: 'proc.zombies',
  phase: 'software',
  title: { en: 'Zombie and stuck processes', 'zh-CN': '僵尸进程与卡死进程' },
  docs:
    'Counts zombies (dead children nobody collected) by parent, and processes that wait uninterruptibly for a device in two samples one second apart. Warns from 5 zombies on, fails from 1000 on, warns for any stuck process; the numbers are our own. ' +
    'With `parent` only the zombies of processes of that name count. Where /proc hides the processes of others (hidepid) it counts what it sees.',
  params,
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: {
      en: '{zombies} zombies, none stuck, among {processes} processes',
      'zh-CN': '{processes} 个进程中有 {zombies} 个僵尸进程,没有卡死的进程',
    },
    zombies: {
      en: '{zombies} zombies, {most} of them left by {parent} (pid {pid})',
      'zh-CN': '{zombies} 个僵尸进程,其中 {most} 个的父进程是 {parent}(pid {pid})',
    },
    stuck: {
      en: '{count} processes are stuck waiting for a device, among them {name} (pid {pid}{waitsIn})',
      'zh-CN': '{count} 个进程卡在等待设备,其中有 {name}(pid {pid}{waitsIn})',
    },
  },
  example: { parent: 'paygw' },
  async probe({ parent }, { host, sleep }) {
    requireLinux(host);
    const all = await readProcesses(host);
    const zombies = groupZombies(all).filter(({ name }) => parent === undefined || name === parent.slice(0, 15));
    const waiting = all.filter(({ state }) => state === 'D');
    if (waiting.length > 0) await sleep(STUCK_AFTER_MS);
    const stuck = findStuck(
      waiting,
      waiting.length > 0
        ? await readProcesses(
            host,
            waiting.map(({ pid }) => pid),
          )
        : [],
    );
    return {
      observedAt: host.now().wallMs,
      processes: all.length,
      zombies: zombies.reduce((sum, each) => sum + each.zombies, 0),
      parents: zombies.slice(0, KEPT),
      stuck: await Promise.all(
        stuck.slice(0, KEPT).map(async ({ pid, name }) => ({ pid, name, waitsIn: await tryRead(host, `/proc/${pid}/wchan`) })),
      ),
    };
  },
  judge: judgeProcesses,
});

function groupZombies(all: readonly ProcessStat[]): Facts['parents'] {
  const names = new Map(all.map(({ pid, name }) => [pid, name]));
  const counts = new Map<number, number>();
  for (const { state, parentPid } of all) if (state === 'Z') counts.set(parentPid, (counts.get(parentPid) ?? 0) + 1);
  return [...counts].map(([pid, zombies]) => ({ pid, name: names.get(pid) ?? '?', zombies })).toSorted((a, b) => b.zombies - a.zombies);
}

/** The same process (not a new one under its number), still waiting, without a tick of work in between. */
function findStuck(before: readonly ProcessStat[], after: readonly ProcessStat[]): readonly ProcessStat[] {
  const earlier = new Map(before.map((each) => [each.pid, each]));
  return after.filter(({ pid, startTicks, state, cpuTicks }) => {
    const known = earlier.get(pid);
    return state === 'D' && known?.startTicks === startTicks && known.cpuTicks === cpuTicks;
  });
}

function judgeProcesses({ zombies, parents, stuck, processes }: Facts, _params: Params, thresholds: Thresholds = THRESHOLDS): Judgement {
  const grade = zombies >= thresholds.crit ? 'fail' : zombies >= thresholds.warn ? 'warn' : 'ok';
  const held = stuck[0];
  if (grade === 'ok' && held) {
    const waitsIn = held.waitsIn && held.waitsIn !== '0' ? `, ${held.waitsIn}` : '';
    return {
      status: 'warn',
      code: 'stuck',
      data: { count: stuck.length, name: held.name, pid: held.pid, waitsIn },
      value: stuck.length,
      unit: 'processes',
      threshold: 0,
      thresholdSource: 'own',
    };
  }
  const worst = parents[0];
  return {
    status: grade,
    code: grade === 'ok' ? 'ok' : 'zombies',
    data: { zombies, processes, parent: worst?.name ?? '', pid: worst?.pid ?? 0, most: worst?.zombies ?? 0 },
    ...showLimit(zombies, thresholds, grade),
  };
}
