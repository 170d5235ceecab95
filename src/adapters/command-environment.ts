const PASSED_ON = ['HOME', 'USER', 'LOGNAME', 'TZ', 'TMPDIR', 'SSH_AUTH_SOCK', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'] as const;
/** Where Debian and Red Hat keep tools that an unprivileged PATH leaves out (ip, ss, smartctl, chronyc). */
const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * An allow-list: nothing of the operator's shell that changes what a tool does (LD_PRELOAD, NODE_OPTIONS, GREP_OPTIONS) gets through,
 * and messages are English, so that they can be parsed.
 */
export function commandEnvironment(source: NodeJS.ProcessEnv = process.env): Record<string, string> & { PATH: string } {
  const environment: Record<string, string> & { PATH: string } = { PATH: commandPath(source['PATH']), LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
  for (const name of PASSED_ON) {
    const value = source[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/** Relative entries (`.`, the empty one) would run whatever lies in the current folder. */
function commandPath(path = ''): string {
  const absolute = path.split(':').filter((entry) => entry.startsWith('/'));
  return [...new Set([...absolute, ...SYSTEM_PATH])].join(':');
}
