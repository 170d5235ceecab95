/** What systemctl and supervisorctl say about a unit. Pure. */
export interface UnitState {
  readonly manager: 'systemd' | 'supervisor';
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  /** systemd's Result: success, exit-code, signal, oom-kill, watchdog, start-limit-hit, ... */
  readonly result: string;
  readonly restarts: number;
  readonly mainPid: number;
  readonly exitStatus: number | null;
  /** Since it became active; null when it is not, or when it is not told. */
  readonly activeMs: number | null;
  readonly detail: string;
}

export const UNIT_PROPERTIES =
  'LoadState,ActiveState,SubState,Result,NRestarts,MainPID,ExecMainStatus,ActiveEnterTimestampMonotonic,UnitFileState';

export function parseSystemctlShow(text: string, uptimeMs: number): UnitState {
  const values = new Map(text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]));
  const number = (name: string): number => Number(values.get(name) ?? 0) || 0;
  const active = values.get('ActiveState') ?? '';
  const enteredMs = number('ActiveEnterTimestampMonotonic') / 1_000;
  return {
    manager: 'systemd',
    load: values.get('LoadState') ?? '',
    active,
    sub: values.get('SubState') ?? '',
    result: values.get('Result') ?? '',
    restarts: number('NRestarts'),
    mainPid: number('MainPID'),
    exitStatus: values.has('ExecMainStatus') ? number('ExecMainStatus') : null,
    activeMs: active === 'active' && enteredMs > 0 ? Math.max(0, Math.round(uptimeMs - enteredMs)) : null,
    detail: values.get('UnitFileState') ?? '',
  };
}

/** supervisord's states in systemd's words; it counts no restarts, BACKOFF and FATAL are its crash loop. */
const SUPERVISOR: Readonly<Record<string, readonly [active: string, sub: string, result: string]>> = {
  RUNNING: ['active', 'running', 'success'],
  STARTING: ['activating', 'start', 'success'],
  STOPPING: ['deactivating', 'stop', 'success'],
  STOPPED: ['inactive', 'dead', 'success'],
  EXITED: ['inactive', 'dead', 'exit-code'],
  BACKOFF: ['activating', 'auto-restart', 'exit-code'],
  FATAL: ['failed', 'auto-restart', 'start-limit-hit'],
};

/** `paygw   RUNNING   pid 123, uptime 1:02:03`; undefined when it does not know the program. */
export function parseSupervisorStatus(text: string, unit: string): UnitState | undefined {
  const match = text
    .split('\n')
    .map((line) => /^(\S+)\s+([A-Z]+)\s*(.*)$/.exec(line))
    .find((found) => found?.[1] === unit || found?.[1]?.startsWith(`${unit}:`));
  const state = SUPERVISOR[match?.[2] ?? ''];
  if (!match || !state) return undefined;
  const detail = match[3] ?? '';
  const [active, sub, result] = state;
  return {
    manager: 'supervisor',
    load: 'loaded',
    active,
    sub,
    result,
    restarts: 0,
    exitStatus: null,
    detail,
    mainPid: Number(/\bpid (\d+)/.exec(detail)?.[1] ?? 0),
    activeMs: active === 'active' ? parseUptime(detail) : null,
  };
}

function parseUptime(detail: string): number | null {
  const match = /uptime (?:(\d+) days?, )?(\d+):(\d\d):(\d\d)/.exec(detail);
  if (!match) return null;
  const [, days = '0', hours, minutes, seconds] = match;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}
