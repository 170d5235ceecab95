import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { formatSeconds, requireLinux, tryRead } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { parseSupervisorStatus, parseSystemctlShow, UNIT_PROPERTIES, type UnitState } from './unit-state.ts';

/** NodeSystemdServiceCrashlooping of the node mixin counts restarts in a stretch of time; systemd only since the unit was loaded. */
const RESTARTS = 3;
const STABLE_MS = 10 * 60_000;

const params = strictObject({
  unit: v.pipe(v.string(), v.regex(/^[^\s/-][^\s/]*$/, 'expected the name of a unit')),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  unit: v.string(),
  manager: v.picklist(['systemd', 'supervisor']),
  load: v.string(),
  active: v.string(),
  sub: v.string(),
  result: v.string(),
  restarts: v.number(),
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
  docs:
    'State of a systemd unit, or of a supervisor program where systemd does not run the machine. Restarts count as a crash loop from 3 on, unless the unit has been up for 10 minutes since. ' +
    'Without either manager it is unknown: proc.match looks at the process itself.',
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
    'not-found': { en: '{manager} knows no unit {unit}', 'zh-CN': '{manager} 中没有 {unit}' },
  },
  timeoutMs: 8_000,
  example: { unit: 'nginx' },
  probe,
  judge,
});

async function probe({ unit }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  // systemctl may be installed where it does not run the machine.
  const state = (await hasSystemd(host)) ? await askSystemd(host, unit) : await askSupervisor(host, unit);
  return { observedAt: host.now().wallMs, unit, ...state };
}

async function hasSystemd(host: Host): Promise<boolean> {
  try {
    return (await host.stat('/run/systemd/system')).kind === 'directory';
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return false;
    throw error;
  }
}

async function askSystemd(host: Host, unit: string): Promise<UnitState> {
  const uptimeMs = Number(((await tryRead(host, '/proc/uptime')) ?? '0').split(' ')[0]) * 1_000;
  const { exitCode, stdout, stderr } = await host.run(['systemctl', 'show', '-p', UNIT_PROPERTIES, '--', unit], { timeoutMs: 5_000 });
  if (exitCode !== 0) throw new HostError('io', `systemctl show ${unit}: ${stderr.trim().slice(0, 200)}`);
  return parseSystemctlShow(stdout, uptimeMs);
}

async function askSupervisor(host: Host, unit: string): Promise<UnitState> {
  const noManager = new HostError(
    'missing-tool',
    'neither systemd nor supervisor runs this machine',
    'proc.match looks at the process instead',
  );
  try {
    const { stdout, stderr } = await host.run(['supervisorctl', 'status', unit], { timeoutMs: 5_000 });
    if (/PermissionError|permission denied/i.test(`${stdout}${stderr}`))
      throw new HostError('no-permission', 'supervisorctl may not ask supervisord', 'run as root');
    if (/refused|no such file|unix:\/\//i.test(`${stdout}${stderr}`) && !/\b(RUNNING|STOPPED|EXITED|BACKOFF|FATAL|STARTING)\b/.test(stdout))
      throw noManager;
    const unknownUnit = {
      manager: 'supervisor',
      load: 'not-found',
      active: 'inactive',
      sub: '',
      result: '',
      restarts: 0,
      mainPid: 0,
      exitStatus: null,
      activeMs: null,
      detail: '',
    } as const;
    return parseSupervisorStatus(stdout, unit) ?? unknownUnit;
  } catch (error) {
    if (error instanceof HostError && error.reason === 'missing-tool') throw noManager;
    throw error;
  }
}

function judge({ unit, manager, load, active, sub, result, restarts, exitStatus, activeMs, detail }: Facts, _params: Params): Judgement {
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
  if (sub === 'auto-restart' || result === 'start-limit-hit' || (restarts >= RESTARTS && !settled))
    return { status: 'fail', code: 'crash-looping', data };
  if (active === 'failed') return { status: 'fail', code: 'failed', data };
  if (active === 'inactive' || active === 'deactivating') return { status: 'fail', code: 'inactive', data };
  return active === 'active' || active === 'reloading'
    ? { status: 'ok', code: 'active', data }
    : { status: 'warn', code: 'activating', data };
}
