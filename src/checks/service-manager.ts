/** Who keeps the services of this machine running: systemd, else supervisord. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { sinceBootMs } from './linux.ts';
import { parseSupervisorStatus, parseSystemctlShow, UNIT_PROPERTIES, type UnitState } from './unit-state.ts';

/** systemctl may be installed where systemd does not run the machine. */
export async function hasSystemd(host: Host): Promise<boolean> {
  try {
    return (await host.stat('/run/systemd/system')).kind === 'directory';
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return false;
    throw error;
  }
}

/** `null`: no service manager runs this machine; `undefined`: supervisord does not know the unit (systemd says so in `load`). */
export async function askUnit(host: Host, unit: string): Promise<UnitState | undefined | null> {
  if (await hasSystemd(host)) return await askSystemd(host, unit);
  const text = await askSupervisor(host, unit);
  return text === null ? null : parseSupervisorStatus(text, unit);
}

async function askSystemd(host: Host, unit: string): Promise<UnitState> {
  const uptimeMs = (await sinceBootMs(host)) ?? 0;
  const { exitCode, stdout, stderr } = await host.run(['systemctl', 'show', '-p', UNIT_PROPERTIES, '--', unit], { timeoutMs: 5_000 });
  if (exitCode !== 0) throw new HostError('io', `systemctl show ${unit}: ${stderr.trim().slice(0, 200)}`);
  return parseSystemctlShow(stdout, uptimeMs);
}

/** What `supervisorctl status` prints; null where no supervisord runs. */
export async function askSupervisor(host: Host, ...names: readonly string[]): Promise<string | null> {
  try {
    const { stdout, stderr } = await host.run(['supervisorctl', 'status', ...names], { timeoutMs: 5_000 });
    const said = `${stdout}${stderr}`;
    if (/PermissionError|permission denied/i.test(said))
      throw new HostError('no-permission', 'supervisorctl may not ask supervisord', 'run as root');
    const isTold = /\b(RUNNING|STOPPED|EXITED|BACKOFF|FATAL|STARTING|STOPPING)\b/.test(stdout);
    return !isTold && /refused|no such file|unix:\/\/|could not read config/i.test(said) ? null : stdout;
  } catch (error) {
    if (error instanceof HostError && error.reason === 'missing-tool') return null;
    throw error;
  }
}
