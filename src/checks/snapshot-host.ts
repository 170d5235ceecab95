/** The sections of a snapshot that need no profile. */
import { HostError } from '../errors.ts';
import type { Host, JsonObject } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import { tryRead } from './linux.ts';
import { readProcessNames } from './proc-find.ts';
import { readDefaultRoutes } from './routes.ts';
import { askSupervisor, hasSystemd } from './service-manager.ts';
import { type Item, type Section, seen } from './snapshot-section.ts';
import { findOwners, readSockets } from './tcp-sockets.ts';

const TOOL_TIMEOUT_MS = 15_000;
const MAX_LIST_BYTES = 16 * 1024 * 1024;

export async function readMachine({ host }: ProbeContext): Promise<Section> {
  const [kernel, bootId, release] = await Promise.all([
    tryRead(host, '/proc/sys/kernel/osrelease'),
    tryRead(host, '/proc/sys/kernel/random/boot_id'),
    tryRead(host, '/etc/os-release'),
  ]);
  const name = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(release ?? '')?.[1] ?? null;
  return seen([
    ['kernel', { release: kernel }],
    ['boot', { id: bootId }],
    ['system', { name }],
  ]);
}

const PACKAGE_TOOLS: readonly (readonly string[])[] = [
  ['dpkg-query', '-W', '-f', '${db:Status-Abbrev}\\t${binary:Package}\\t${Version}\\n'],
  ['rpm', '-qa', '--qf', 'ii \\t%{NAME}.%{ARCH}\\t%{VERSION}-%{RELEASE}\\n'],
];

export async function listPackages({ host }: ProbeContext): Promise<Section> {
  for (const argv of PACKAGE_TOOLS) {
    const output = await tryTool(host, argv);
    if (output === null || output.trim() === '') continue;
    const versions = new Map<string, string[]>();
    for (const line of output.split('\n')) {
      const [state = '', name, version] = line.split('\t');
      // dpkg also lists what was removed and left its configuration behind.
      if (name === undefined || version === undefined || !state.startsWith('ii')) continue;
      versions.set(name, [...(versions.get(name) ?? []), version]);
    }
    return seen([...versions].map(([name, found]) => [name, { version: found.sort().join(', ') }]));
  }
  throw new HostError('missing-tool', 'neither dpkg-query nor rpm is here', 'install dpkg or rpm, whichever manages this machine');
}

/** Units that are at rest come and go with their timers; what runs, what ran to its end and what failed is kept. */
export async function listUnits({ host }: ProbeContext): Promise<Section> {
  if (!(await hasSystemd(host))) return await listPrograms(host);
  const argv = ['systemctl', 'list-units', '--type=service,socket,timer', '--all', '--plain', '--no-legend', '--no-pager'];
  const { exitCode, stdout, stderr } = await host.run(argv, { timeoutMs: TOOL_TIMEOUT_MS, maxOutputBytes: MAX_LIST_BYTES });
  if (exitCode !== 0) throw new HostError('io', `systemctl list-units: ${stderr.trim().slice(0, 200)}`);
  const lines = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const kept = lines.filter(([, load, active]) => load === 'loaded' && (active === 'active' || active === 'failed'));
  return seen(kept.map(([unit = '', , active = '', sub = '']) => [unit, { active, sub: sub === 'elapsed' ? 'waiting' : sub }]));
}

/** `NAME STATE pid 7, uptime 0:01:02`; the rest of a line changes by the second. */
async function listPrograms(host: Host): Promise<Section> {
  const status = await askSupervisor(host);
  if (status === null)
    throw new HostError(
      'missing-tool',
      'neither systemd nor supervisord runs this machine',
      'the section services looks at the processes of the profile',
    );
  const lines = status.split('\n').map((line) => line.trim().split(/\s+/));
  return seen(
    lines.flatMap(([name = '', state]) =>
      state !== undefined && /^[A-Z]+$/.test(state) ? [[`program ${name}`, { active: state }] as const] : [],
    ),
  );
}

/** A port that the kernel chose is another one after each start: those of one program count as one. */
export async function listListeners({ host }: ProbeContext, profile: JsonObject): Promise<Section> {
  const [{ sockets }, range] = await Promise.all([readSockets(host), tryRead(host, '/proc/sys/net/ipv4/ip_local_port_range')]);
  const [first = Number.POSITIVE_INFINITY, last = 0] = (range ?? '').trim().split(/\s+/).filter(Boolean).map(Number);
  const named = portsOf(profile);
  const listening = sockets.filter(({ state }) => state === 'LISTEN');
  const owners = listening.length > 0 ? await findOwners(host) : null;
  const entries = await Promise.all(
    listening.map(async ({ localAddress, localPort, inode, uid }) => {
      const pid = owners?.get(inode);
      const [process = null] = pid === undefined ? [] : await namesOf(host, pid);
      const address = localAddress.includes(':') ? `[${localAddress}]` : localAddress;
      const passing = localPort >= first && localPort <= last && !named.has(localPort);
      const name = passing ? `tcp ${address}:${first}-${last} by ${process ?? `uid ${uid}`}` : `tcp ${address}:${localPort}`;
      return [name, { process, uid }] as const;
    }),
  );
  const nameless = entries.filter(([, { process }]) => process === null).length;
  const why = `who owns ${nameless} of ${entries.length} listening sockets is not told`;
  const hidden = [
    { item: 'owners', why, unlock: 'run as root, with ss (package iproute2)' },
    { item: `tcp *:${first}-${last}`, why, unlock: 'run as root' },
  ];
  return { ...seen(entries), unseen: nameless === 0 ? [] : hidden };
}

/** Those the profile knows: `listen` of its services and `allowed_listeners`. */
function portsOf({ services, network }: JsonObject): ReadonlySet<number> {
  const lists = [
    ...(Array.isArray(services) ? (services as readonly JsonObject[]).map(({ listen }) => listen) : []),
    (network as JsonObject | undefined)?.['allowed_listeners'],
  ];
  return new Set(lists.flatMap((list) => (Array.isArray(list) ? list.map(Number) : [])));
}

/** It may have gone since. */
async function namesOf(host: Host, pid: number): Promise<readonly string[]> {
  try {
    return await readProcessNames(host, pid);
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}

export async function listRoutes({ host }: ProbeContext): Promise<Section> {
  const all = await Promise.all([askRoutes(host, []), askRoutes(host, ['-6'])]);
  if (all[0] !== null) return seen(all.flatMap((routes) => routes ?? []));
  const defaults = await readDefaultRoutes(host);
  const entries = defaults.map(({ gateway, device, metric }) => [`default metric ${metric}`, { gateway, device }] as const);
  const unseen = [{ item: 'all but the default routes', why: 'there is no ip that speaks JSON', unlock: 'install iproute2' }];
  return { ...seen(entries), unseen };
}

async function askRoutes(host: Host, family: readonly string[]): Promise<readonly (readonly [string, Item])[] | null> {
  const output = await tryTool(host, ['ip', '-j', ...family, 'route', 'show']);
  if (output === null) return null;
  try {
    const rows = JSON.parse(output.trim() === '' ? '[]' : output) as readonly Readonly<Record<string, unknown>>[];
    return rows.map((row) => {
      const name = `${String(row['dst'])}${family.length > 0 ? ' (IPv6)' : ''}${row['metric'] === undefined ? '' : ` metric ${String(row['metric'])}`}`;
      return [name, { gateway: text(row['gateway']), device: text(row['dev']), source: text(row['prefsrc']) }] as const;
    });
  } catch {
    return null;
  }
}

/** '' is "none", which is something that was seen. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export async function listResolvers({ host }: ProbeContext): Promise<Section> {
  const { text: content } = await host.readFile('/etc/resolv.conf');
  const values = (key: string): string[] =>
    content
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([word, ...rest]) => (word === key ? rest : []));
  return seen([
    ['nameservers', { addresses: values('nameserver') }],
    ['search', { domains: [...values('domain'), ...values('search')] }],
    ['options', { options: values('options') }],
  ]);
}

/** null: not here, or it fails. */
async function tryTool(host: Host, argv: readonly string[]): Promise<string | null> {
  try {
    const { exitCode, stdout } = await host.run(argv, { timeoutMs: TOOL_TIMEOUT_MS, maxOutputBytes: MAX_LIST_BYTES });
    return exitCode === 0 ? stdout : null;
  } catch (error) {
    if (error instanceof HostError && (error.reason === 'missing-tool' || error.reason === 'unsupported')) return null;
    throw error;
  }
}
