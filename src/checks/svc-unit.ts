import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { formatSeconds, requireLinux } from './linux.ts';
import { findProcesses } from './proc-find.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { askUnit } from './service-manager.ts';
import type { UnitState } from './unit-state.ts';

/** NodeSystemdServiceCrashlooping of the Prometheus node mixin: more than two restarts within five minutes. */
const RESTARTS = 3;
const RECENT = '-5min';
/** systemd counts restarts since the unit was loaded; where the journal does not tell when they were, a unit up for so long has settled. */
const STABLE_MS = 10 * 60_000;
/** SD_MESSAGE_UNIT_RESTART_SCHEDULED of sd-messages.h: one entry a restart. */
const RESTART_MESSAGE = '5eb03494b6584870a536b337290809b3';

const params = strictObject({
  unit: v.pipe(v.string(), v.regex(/^[^\s/-][^\s/]*$/, 'expected the name of a unit')),
  /** Looked for instead where no service manager runs the machine. */
  process: v.nullish(v.pipe(v.string(), v.minLength(1))),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  unit: v.string(),
  /** none: only the process was looked for. */
  manager: v.picklist(['systemd', 'supervisor', 'none']),
  load: v.string(),
  active: v.string(),
  sub: v.string(),
  result: v.string(),
  restarts: v.number(),
  /** Within five minutes, by the journal; null: not told. */
  recentRestarts: v.nullable(v.number()),
  mainPid: v.number(),
  exitStatus: v.nullable(v.number()),
  activeMs: v.nullable(v.number()),
  detail: v.string(),
});
type Facts = Infer<typeof facts>;

export const svcUnit = defineCheck<Params, Facts>({
  id: 'svc.unit',
  phase: 'software',
  title: { en: 'Service unit', 'zh-CN': '服务单元' },
  params,
  facts,
  messages: {
    active: { en: '{unit} is active ({sub}), up {age}', 'zh-CN': '{unit} 处于活动状态（{sub}），已运行 {age}' },
    failed: { en: '{unit} has failed: {result}, exit status {exit}', 'zh-CN': '{unit} 已失败：{result}，退出状态 {exit}' },
    'oom-killed': { en: '{unit} was killed for want of memory', 'zh-CN': '{unit} 因内存不足被终止' },
    inactive: { en: '{unit} is not running ({sub}, {result})', 'zh-CN': '{unit} 未运行（{sub}，{result}）' },
    'crash-looping': {
      en: '{unit} keeps crashing: {restarts} restarts, {result}, exit status {exit} {detail}',
      'zh-CN': '{unit} 反复崩溃：重启 {restarts} 次，{result}，退出状态 {exit} {detail}',
    },
    activating: { en: '{unit} is still {active} ({sub})', 'zh-CN': '{unit} 仍处于 {active}（{sub}）' },
    masked: { en: '{unit} is masked: it cannot be started', 'zh-CN': '{unit} 已被屏蔽（masked），无法启动' },
    'process-runs': {
      en: 'no service manager runs this machine; {count|process goes|processes go} by the name {process}',
      'zh-CN': '此机器没有运行服务管理器；名为 {process} 的进程有 {count} 个',
    },
    'process-missing': {
      en: 'no service manager runs this machine, and no process goes by the name {process}',
      'zh-CN': '此机器没有运行服务管理器，也没有名为 {process} 的进程',
    },
    'not-found': { en: '{manager} knows no unit {unit}', 'zh-CN': '{manager} 中没有 {unit}' },
  },
  timeoutMs: 8_000,
  example: { unit: 'nginx' },
  probe,
  judge,
});

async function probe({ unit, process }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const state = await findState(host, unit, process ?? undefined);
  const recentRestarts = state.manager === 'systemd' && state.restarts >= RESTARTS ? await countRestarts(host, unit) : null;
  return { observedAt: host.now().wallMs, unit, recentRestarts, ...state };
}

async function findState(host: Host, unit: string, process: string | undefined): Promise<State> {
  const state = await askUnit(host, unit);
  if (state !== null) return state ?? { ...NOTHING, manager: 'supervisor', load: 'not-found' };
  if (process !== undefined) return findProcess(host, process);
  throw new HostError(
    'missing-tool',
    'neither systemd nor supervisor runs this machine',
    'proc.match looks at the process instead; `process` makes this check do so',
  );
}

type State = Omit<UnitState, 'manager'> & Pick<Facts, 'manager'>;

const NOTHING = {
  manager: 'none',
  load: 'loaded',
  active: 'inactive',
  sub: '',
  result: '',
  restarts: 0,
  mainPid: 0,
  exitStatus: null,
  activeMs: null,
  detail: '',
} as const;

async function findProcess(host: Host, process: string): Promise<State> {
  const found = (await findProcesses(host, process)).filter(({ stat }) => stat.state !== 'Z');
  const [first] = found;
  return first ? { ...NOTHING, active: 'active', sub: String(found.length), mainPid: first.stat.pid } : NOTHING;
}

/** journalctl ends well where it may not read, and says so on stderr only. */
async function countRestarts(host: Host, unit: string): Promise<number | null> {
  const argv = ['journalctl', '--unit', unit, '--since', RECENT, '--no-pager', '--output=cat', `MESSAGE_ID=${RESTART_MESSAGE}`];
  try {
    const { exitCode, stdout, stderr } = await host.run(argv, { timeoutMs: 2_000 });
    if (exitCode !== 0 || /not seeing messages|no journal files|permission/i.test(stderr)) return null;
    return stdout.split('\n').filter((line) => line !== '' && line !== '-- No entries --').length;
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

function judge(facts: Facts, { process }: Params): Judgement {
  const { unit, manager, load, active, sub, result, restarts, recentRestarts, exitStatus, activeMs, detail } = facts;
  if (manager === 'none') {
    const data = { process: process ?? unit, count: sub || '0' };
    return active === 'active' ? { status: 'ok', code: 'process-runs', data } : { status: 'fail', code: 'process-missing', data };
  }
  const data = {
    unit,
    manager,
    active,
    sub: sub || active,
    result: result || '-',
    exit: exitStatus ?? '-',
    restarts: manager === 'supervisor' ? 'several' : restarts,
    detail,
    age: activeMs === null ? '?' : formatSeconds(activeMs / 1_000),
  };
  if (load === 'not-found') return { status: 'not-applicable', code: 'not-found', data };
  if (load === 'masked' && active !== 'active') return { status: 'fail', code: 'masked', data };
  if (result === 'oom-kill' && active !== 'active') return { status: 'fail', code: 'oom-killed', data };
  const settled = active === 'active' && activeMs !== null && activeMs >= STABLE_MS;
  const often = recentRestarts === null ? restarts >= RESTARTS && !settled : recentRestarts >= RESTARTS;
  if (sub === 'auto-restart' || result === 'start-limit-hit' || often) return { status: 'fail', code: 'crash-looping', data };
  if (active === 'failed') return { status: 'fail', code: 'failed', data };
  if (active === 'inactive' || active === 'deactivating') return { status: 'fail', code: 'inactive', data };
  return active === 'active' || active === 'reloading'
    ? { status: 'ok', code: 'active', data }
    : { status: 'warn', code: 'activating', data };
}
