import { HostError } from '../errors.ts';

export interface SshTarget {
  /** The name in the profile. */
  readonly name: string;
  /** What stands behind `ssh` on a command line: `[user@]host`, `ssh://[user@]host[:port]` or an alias of the user's configuration. */
  readonly ssh: string;
}

/** Of the way there: TCP, key exchange and login. */
export const CONNECT_TIMEOUT_S = 5;

/**
 * The user's own configuration decides who is asked and who is trusted (keys, jump hosts, StrictHostKeyChecking). Set here is only
 * what makes it unattended and bounded, and what must not follow it to another machine.
 */
const OPTIONS = {
  BatchMode: 'yes',
  ConnectTimeout: CONNECT_TIMEOUT_S,
  ConnectionAttempts: 1,
  // A network that went silent is noticed after four seconds and not after the kernel's quarter of an hour.
  ServerAliveInterval: 2,
  ServerAliveCountMax: 2,
  ForwardAgent: 'no',
  ForwardX11: 'no',
  PermitLocalCommand: 'no',
  RemoteCommand: 'none',
  RequestTTY: 'no',
  ClearAllForwardings: 'yes',
  Tunnel: 'no',
  UpdateHostKeys: 'no',
  ControlPersist: 'no',
} as const;

export interface SshOptions {
  readonly target: SshTarget;
  /** `null`: a connection of its own. */
  readonly controlPath: string | null;
  readonly master?: boolean;
  /** Flags in front of the target, such as `-W host:port`. */
  readonly flags?: readonly string[];
  readonly command?: string;
  /** Another file than ~/.ssh/config. */
  readonly configFile?: string;
}

export function sshArguments({ target, controlPath, master = false, flags = [], command, configFile }: SshOptions): string[] {
  refuseOddTarget(target);
  const options = {
    ...OPTIONS,
    ControlMaster: master ? 'yes' : 'no',
    // % begins a token there.
    ControlPath: controlPath === null ? 'none' : controlPath.replaceAll('%', '%%'),
  };
  return [
    ...(configFile === undefined ? [] : ['-F', configFile]),
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...flags,
    '--',
    target.ssh,
    ...(command === undefined ? [] : [command]),
  ];
}

/** A target that ssh would read as an option, or that its configuration could not hold. */
function refuseOddTarget({ name, ssh }: SshTarget): void {
  if (/^[^\s\0-][^\s\0"'`;|&<>()$\\]*$/.test(ssh) && !/@-/.test(ssh)) return;
  throw new HostError(
    'unsupported',
    `${name}: ${JSON.stringify(ssh)} cannot be the target of ssh`,
    'a host name or an alias of ~/.ssh/config',
  );
}
