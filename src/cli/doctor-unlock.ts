/** From "not seen" to the package, group, capability or sudoers line to ask for. Pure. */
import type { Judgement } from '../checks/check.ts';

export interface UnlockInput {
  readonly judgement: Judgement;
  readonly check: string;
  /** Who runs oor. */
  readonly user: string;
  /** How oor is started, for sudoers. */
  readonly command: readonly string[];
}

export function describeUnlock({ judgement, check, user, command }: UnlockInput): string {
  const { status, code, data, unlock } = judgement;
  const message = String(data?.['message'] ?? '');
  if (code === 'missing-tool') return packageOf(`${message} ${unlock ?? ''}`) ?? unlock ?? 'install the tool that the reason names';
  if (code === 'no-permission' || /\b(as root|journal|permission)\b/.test(unlock ?? ''))
    return permissionFor({ check, user, command, unlock });
  if (unlock !== undefined) return packageOf(unlock) ?? unlock;
  return status === 'unknown' ? 'see the reason' : 'nothing, if this machine has none';
}

/** Debian and RHEL names of the packages that hold the tools. */
const PACKAGES: Readonly<Record<string, readonly [debian: string, rhel: string]>> = {
  apcaccess: ['apcupsd', 'apcupsd'],
  arping: ['iputils-arping', 'iputils'],
  chronyc: ['chrony', 'chrony'],
  dmesg: ['util-linux', 'util-linux'],
  ip: ['iproute2', 'iproute'],
  ipmitool: ['ipmitool', 'ipmitool'],
  journalctl: ['systemd', 'systemd'],
  mdadm: ['mdadm', 'mdadm'],
  nginx: ['nginx', 'nginx'],
  nvme: ['nvme-cli', 'nvme-cli'],
  ping: ['iputils-ping', 'iputils'],
  sensors: ['lm-sensors', 'lm_sensors'],
  smartctl: ['smartmontools', 'smartmontools'],
  ss: ['iproute2', 'iproute'],
  supervisorctl: ['supervisor', 'supervisor'],
  systemctl: ['systemd', 'systemd'],
  upsc: ['nut-client', 'nut-client'],
  zstd: ['zstd', 'zstd'],
};

/** The first tool that the text calls missing or to be installed. */
function packageOf(text: string): string | undefined {
  const words = [...text.matchAll(/\b([a-z][a-z0-9_-]*)\b(?=: not found)|\binstall ([a-z][a-z0-9_-]*)/g)];
  for (const [, missing, wanted] of words) {
    const name = missing ?? wanted ?? '';
    const [debian, rhel] = PACKAGES[name] ?? Object.values(PACKAGES).find((names) => names.includes(name)) ?? [];
    if (debian !== undefined) return `install the package: apt-get install ${debian} (Debian, Ubuntu), dnf install ${rhel} (RHEL, Rocky)`;
  }
  return undefined;
}

/** Enough to look, less than root (capabilities(7)). */
const CAPABILITIES: Readonly<Record<string, string>> = {
  'disk.nvme': 'CAP_SYS_ADMIN',
  'disk.smart': 'CAP_SYS_RAWIO',
  'fd.process': 'CAP_SYS_PTRACE',
  'file.access': 'CAP_DAC_READ_SEARCH',
  'file.checksum': 'CAP_DAC_READ_SEARCH',
  'file.value': 'CAP_DAC_READ_SEARCH',
  'config.keys': 'CAP_DAC_READ_SEARCH',
  'kernel.events': 'CAP_SYSLOG',
  'log.pattern': 'CAP_DAC_READ_SEARCH',
  'log.status': 'CAP_DAC_READ_SEARCH',
  'net.arp_dup': 'CAP_NET_RAW',
  'net.ping': 'CAP_NET_RAW',
  'port.listen': 'CAP_SYS_PTRACE',
  'tls.file': 'CAP_DAC_READ_SEARCH',
};

function permissionFor({ check, user, command, unlock }: Omit<UnlockInput, 'judgement'> & { readonly unlock: string | undefined }): string {
  const capability = CAPABILITIES[check];
  const group = /systemd-journal|journal/.test(unlock ?? '') ? [`group: usermod -aG systemd-journal ${user}`] : [];
  return [
    ...(unlock === undefined ? [] : [unlock]),
    ...group,
    ...(capability === undefined ? [] : [`capability: AmbientCapabilities=${capability} in the unit that starts oor`]),
    `sudoers: ${user} ALL=(root) NOPASSWD: ${[...command, 'check', check].map(sudoersWord).join(' ')}`,
  ].join('; ');
}

/** sudoers(5): these characters need a backslash in a command. */
function sudoersWord(word: string): string {
  return word.replace(/[\\,:= ]/g, '\\$&');
}
