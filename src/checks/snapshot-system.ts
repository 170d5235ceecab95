/** Sections of a snapshot that are the system's own settings: kernel parameters, scheduled jobs, accounts, mounts. */
import type { JsonObject } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import { tryRead } from './linux.ts';
import { parseMounts } from './parse-mounts.ts';
import { describeFiles } from './snapshot-files.ts';
import { eachItem, type Item, type Section, seen } from './snapshot-section.ts';

/** Those that change how a host takes payments: queues, ports, memory, limits. The hundreds of others vary by themselves. */
const PARAMETERS = [
  'fs.file-max',
  'fs.nr_open',
  'kernel.pid_max',
  'kernel.threads-max',
  'net.core.netdev_max_backlog',
  'net.core.rmem_max',
  'net.core.somaxconn',
  'net.core.wmem_max',
  'net.ipv4.ip_forward',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_congestion_control',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_max_syn_backlog',
  'net.ipv4.tcp_mtu_probing',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_timestamps',
  'net.ipv4.tcp_tw_reuse',
  'net.ipv4.tcp_wmem',
  'net.ipv6.conf.all.disable_ipv6',
  'net.netfilter.nf_conntrack_max',
  'vm.max_map_count',
  'vm.overcommit_memory',
  'vm.swappiness',
] as const;

export async function readParameters({ host }: ProbeContext): Promise<Section> {
  return await eachItem(
    PARAMETERS,
    (name) => name,
    async (name) => {
      const value = await tryRead(host, `/proc/sys/${name.replaceAll('.', '/')}`);
      return value === null ? undefined : { value: value.trim().replace(/\s+/g, ' ') };
    },
  );
}

const CRON_PLACES = [
  '/etc/crontab',
  '/etc/anacrontab',
  '/etc/cron.d',
  '/etc/cron.hourly',
  '/etc/cron.daily',
  '/etc/cron.weekly',
  '/etc/cron.monthly',
  '/var/spool/cron',
];

/** Timers of systemd are among the units. */
export async function hashCronFiles({ host }: ProbeContext): Promise<Section> {
  return await describeFiles(host, CRON_PLACES);
}

/** Accounts that can log in or run something, and who is in which group; no password is read. */
export async function listAccounts({ host }: ProbeContext): Promise<Section> {
  const [passwd, group] = await Promise.all([host.readFile('/etc/passwd'), host.readFile('/etc/group')]);
  const users = fieldsOf(passwd.text).map(([name = '', , uid = '', gid = '', , home = '', shell = '']): readonly [string, Item] => [
    `user ${name}`,
    { uid, gid, home, shell },
  ]);
  const groups = fieldsOf(group.text).map(([name = '', , gid = '', members = '']): readonly [string, Item] => [
    `group ${name}`,
    { gid, members: members.split(',').filter(Boolean).sort() },
  ]);
  return seen([...users, ...groups]);
}

function fieldsOf(table: string): string[][] {
  return table.split('\n').flatMap((line) => (line.includes(':') && !line.startsWith('#') ? [line.split(':')] : []));
}

/** They come and go with containers, sessions and namespaces. */
const PASSING = /^\/(run\/(user|netns|credentials|docker|containerd)|var\/lib\/(docker|containers|containerd|kubelet)|snap|proc|sys)(\/|$)/;

export async function listMounts({ host }: ProbeContext): Promise<Section> {
  const { text } = await host.readFile('/proc/self/mountinfo');
  const lasting = parseMounts(text).filter(({ mountPoint, type }) => !PASSING.test(mountPoint) && type !== 'nsfs' && type !== 'autofs');
  return seen(
    lasting.map(({ mountPoint, source, type, options }) => [mountPoint, { source, type, options: [...options].sort().join(',') }] as const),
  );
}

export type Collector = (context: ProbeContext, profile: JsonObject) => Promise<Section>;
