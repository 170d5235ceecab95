/** Which package holds a tool: Debian and RHEL names. Pure. */

const PACKAGES: Readonly<Record<string, readonly [debian: string, rhel: string]>> = {
  apcaccess: ['apcupsd', 'apcupsd'],
  arping: ['iputils-arping', 'iputils'],
  bash: ['bash', 'bash'],
  bzip2: ['bzip2', 'bzip2'],
  chronyc: ['chrony', 'chrony'],
  coredumpctl: ['systemd-coredump', 'systemd-udev'],
  date: ['coreutils', 'coreutils'],
  dd: ['coreutils', 'coreutils'],
  dmesg: ['util-linux', 'util-linux'],
  docker: ['docker.io', 'podman-docker'],
  'dpkg-query': ['dpkg', 'dpkg'],
  find: ['findutils', 'findutils'],
  getent: ['libc-bin', 'glibc-common'],
  id: ['coreutils', 'coreutils'],
  ip: ['iproute2', 'iproute'],
  ipmitool: ['ipmitool', 'ipmitool'],
  'iptables-save': ['iptables', 'iptables-nft'],
  journalctl: ['systemd', 'systemd'],
  mdadm: ['mdadm', 'mdadm'],
  'needs-restarting': ['needrestart', 'dnf-utils'],
  nft: ['nftables', 'nftables'],
  nginx: ['nginx', 'nginx'],
  nvme: ['nvme-cli', 'nvme-cli'],
  ping: ['iputils-ping', 'iputils'],
  podman: ['podman', 'podman'],
  rabbitmqctl: ['rabbitmq-server', 'rabbitmq-server'],
  readlink: ['coreutils', 'coreutils'],
  rpm: ['rpm', 'rpm'],
  sensors: ['lm-sensors', 'lm_sensors'],
  sh: ['dash', 'bash'],
  smartctl: ['smartmontools', 'smartmontools'],
  ss: ['iproute2', 'iproute'],
  stat: ['coreutils', 'coreutils'],
  supervisorctl: ['supervisor', 'supervisor'],
  systemctl: ['systemd', 'systemd'],
  'systemd-detect-virt': ['systemd', 'systemd'],
  timedatectl: ['systemd', 'systemd'],
  timeout: ['coreutils', 'coreutils'],
  upsc: ['nut-client', 'nut-client'],
  xz: ['xz-utils', 'xz'],
  zstd: ['zstd', 'zstd'],
};

/** Sold or given away by their makers only. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  storcli: "Broadcom's storcli (perccli for Dell), as storcli64 in the PATH of oor",
  storcli64: "Broadcom's storcli (perccli for Dell), as storcli64 in the PATH of oor",
  perccli64: "Dell's perccli, as perccli64 in the PATH of oor",
  megacli: "Broadcom's MegaCli, in the PATH of oor",
  runmqsc: 'IBM MQ itself (package MQSeriesServer), in the PATH of oor',
  dspmq: 'IBM MQ itself (package MQSeriesServer), in the PATH of oor',
};

/** The first tool that the text calls missing or to be installed. */
export function packageOf(text: string): string | undefined {
  const words = [...text.matchAll(/\b([a-z][a-z0-9_-]*)\b(?=: not found| is not installed)|\binstall ([a-z][a-z0-9_-]*)/gi)];
  for (const [, missing, wanted] of words) {
    const name = (missing ?? wanted ?? '').toLowerCase();
    const maker = ELSEWHERE[name];
    if (maker !== undefined) return `install ${maker}`;
    const own = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
    const [debian, rhel] = own ?? Object.values(PACKAGES).find((names) => names.includes(name)) ?? [];
    if (debian !== undefined) return `install the package: apt-get install ${debian} (Debian, Ubuntu), dnf install ${rhel} (RHEL, Rocky)`;
  }
  return undefined;
}
