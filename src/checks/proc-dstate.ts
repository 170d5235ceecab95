import { defineCheck, type Judgement } from './check.ts';
import { mapLimited, requireLinux, tryRead } from './linux.ts';
import { type ProcessStat, readProcesses, showsAll } from './processes.ts';
import { type Infer, strictObject, v } from './schema.ts';

/** A process waits for a disk all the time; twice in a row means that it is stuck. */
const STUCK_AFTER_MS = 1_000;
const KEPT = 20;

const params = strictObject({
  /** Only processes of this name count. */
  process: v.nullish(v.pipe(v.string(), v.minLength(1))),
});
const facts = v.object({
  observedAt: v.number(),
  processes: v.number(),
  /** False where /proc hides the processes of others (hidepid): not even pid 1 is seen. */
  sawAll: v.boolean(),
  /** Uninterruptible in both samples. */
  count: v.number(),
  stuck: v.array(v.object({ pid: v.number(), name: v.string(), waitsIn: v.nullable(v.string()) })),
});
type Params = Infer<typeof params>;
type Facts = Infer<typeof facts>;

export const procDstate = defineCheck<Params, Facts>({
  id: 'proc.dstate',
  phase: 'software',
  title: { en: 'Processes stuck on a device', 'zh-CN': '卡在等待设备的进程' },
  params,
  facts,
  messages: {
    ok: { en: 'none of {processes} processes is stuck', 'zh-CN': '{processes} 个进程均未卡死' },
    stuck: {
      en: '{count|process is|processes are} stuck waiting for a device, among them {name} (pid {pid}{waitsIn})',
      'zh-CN': '{count} 个进程卡在等待设备，其中有 {name}（pid {pid}{waitsIn}）',
    },
    hidden: {
      en: 'none of the {processes} processes that are shown here is stuck; those of others are hidden',
      'zh-CN': '此处可见的 {processes} 个进程均未卡死，其他用户的进程被隐藏',
    },
  },
  example: { process: 'postgres' },
  async probe({ process }, { host, sleep }) {
    requireLinux(host);
    const every = await readProcesses(host);
    const all = every.filter(({ name }) => process == null || name === process.slice(0, 15));
    const waiting = all.filter(({ state }) => state === 'D');
    if (waiting.length > 0) await sleep(STUCK_AFTER_MS);
    const pids = waiting.map(({ pid }) => pid);
    const stuck = findStuck(waiting, pids.length > 0 ? await readProcesses(host, pids) : []);
    return {
      observedAt: host.now().wallMs,
      processes: all.length,
      sawAll: showsAll(every),
      count: stuck.length,
      stuck: await mapLimited(stuck.slice(0, KEPT), 8, async ({ pid, name }) => ({
        pid,
        name,
        waitsIn: await tryRead(host, `/proc/${pid}/wchan`),
      })),
    };
  },
  judge: judgeStuck,
});

/** The same process (not a new one under its number), still waiting, without a tick of work in between. */
function findStuck(before: readonly ProcessStat[], after: readonly ProcessStat[]): readonly ProcessStat[] {
  const earlier = new Map(before.map((each) => [each.pid, each]));
  return after.filter(({ pid, startTicks, state, cpuTicks }) => {
    const known = earlier.get(pid);
    return state === 'D' && known?.startTicks === startTicks && known.cpuTicks === cpuTicks;
  });
}

function judgeStuck({ processes, sawAll, count, stuck }: Facts): Judgement {
  if (count === 0 && !sawAll)
    return { status: 'unknown', code: 'hidden', data: { processes }, unlock: 'run as root: /proc is mounted with hidepid' };
  const [held] = stuck;
  const waitsIn = held?.waitsIn && held.waitsIn !== '0' ? `, ${held.waitsIn}` : '';
  return {
    status: count > 0 ? 'warn' : 'ok',
    code: count > 0 ? 'stuck' : 'ok',
    data: { processes, count, name: held?.name ?? '', pid: held?.pid ?? 0, waitsIn },
    value: count,
    unit: 'processes',
    threshold: 0,
    thresholdSource: 'own',
  };
}
