/** What does not exist here: whether that is all there is to say, or what would make it exist for oor. Pure. */

const DECLARE: Readonly<Record<string, string>> = {
  'iso8583.echo': 'add the peer under switches to oor.yaml, with echo: {min_interval: 300s}',
  'kernel.param': 'a step that declares them; see: oor check --explain kernel.param',
  'lb.haproxy': 'a step that names where its statistics are; see: oor check --explain lb.haproxy',
  'metric.baseline': 'add the query under metrics.queries to oor.yaml, to a Prometheus that keeps a week or more',
  'mq.depth': 'a step that names its queues; see: oor check --explain mq.depth',
  'pay.hsm': 'a step that names its address; see: oor check --explain pay.hsm',
  'power.ups': 'add power: {ups: NAME@HOST} to oor.yaml',
  'security.listeners': 'add network: {allowed_listeners: [22, 443]} to oor.yaml',
  'time.offset': 'add time: {servers: [ntp.example.test]} to oor.yaml',
};

const VIRTUAL = 'a virtual machine or container has none';
/** After "this machine has none". */
const HARDWARE: Readonly<Record<string, string>> = {
  'container.state':
    'no docker or podman here; to see containers: apt-get install docker.io or podman (Debian, Ubuntu), dnf install podman (RHEL, Rocky)',
  'bond.slaves': 'no cards are bonded here',
  'core.dumps': 'to keep core dumps: apt-get install systemd-coredump (Debian, Ubuntu), or a folder in sysctl kernel.core_pattern',
  'cpu.throttle': `${VIRTUAL}; on hardware its processors count it by themselves`,
  'disk.nvme': `${VIRTUAL}; on hardware: modprobe nvme`,
  'disk.smart': `${VIRTUAL} (virtio disks know no SMART); behind a RAID controller use raid.hw`,
  'host.reboot_required':
    'to have it recorded: apt-get install unattended-upgrades (Debian, Ubuntu: /run/reboot-required), dnf install dnf-utils (RHEL, Rocky: needs-restarting)',
  'hw.sel': `${VIRTUAL}; on a server: modprobe ipmi_si ipmi_devintf`,
  'mem.ecc': `${VIRTUAL}; on a server with ECC memory: modprobe the EDAC driver of its chipset`,
  'mem.swap': 'no swap is switched on (swapon --show)',
  'net.bandwidth': 'virtual cards tell no speed: a step with: {capacity_mbps: 1000} says what the line carries',
  'power.battery': `${VIRTUAL}; ask on site`,
  'power.mains': `${VIRTUAL}; ask on site`,
  'power.psu': `${VIRTUAL}; on a server: modprobe ipmi_si ipmi_devintf`,
  'raid.hw': VIRTUAL,
  'raid.md': 'no software RAID is set up here (/proc/mdstat)',
  'svc.failed': 'no systemd runs here (a container); supervisors are seen by svc.unit and proc.match',
  'svc.output': 'no such unit; correct unit: under services in oor.yaml',
  'svc.unit': 'no such unit; correct unit: under services in oor.yaml',
  'tcp.conntrack': 'the kernel tracks no connections; with a firewall that does: modprobe nf_conntrack',
  'temp.sensor': `${VIRTUAL}; on hardware: modprobe coretemp (Intel) or k10temp (AMD)`,
};

export function absenceOf(check: string, code: string, message: string): string {
  const declare = DECLARE[check];
  if (declare !== undefined) return declare;
  if (/not a Linux host/.test(message))
    return 'this machine has none: checks of the host are for Linux; run oor on the Linux machine itself';
  if (check.startsWith('psi.') || code === 'quota' || code === 'container')
    return check.startsWith('psi.')
      ? 'this machine has none: the kernel must be started with psi=1 (CONFIG_PSI)'
      : 'this machine has none: in a container the limits decide; see psi.cpu and cpu.util';
  return `this machine has none: ${HARDWARE[check] ?? (message || 'nothing to do')}`;
}
