/** Who keeps the services of this machine running: systemd, else supervisord. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';

/** systemctl may be installed where systemd does not run the machine. */
export async function hasSystemd(host: Host): Promise<boolean> {
  try {
    return (await host.stat('/run/systemd/system')).kind === 'directory';
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return false;
    throw error;
  }
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
