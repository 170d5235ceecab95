/** What this machine shows by itself: processes, sockets, who starts them, resolvers, clocks, power, disks. It only observes. */
import { mapLimited, tryRead } from '../checks/linux.ts';
import { namesOf, parseCmdline } from '../checks/proc-name.ts';
import { nameserversIn } from '../checks/resolv-conf.ts';
import { bareHost } from '../checks/target.ts';
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';

export interface SeenProcess {
  readonly pid: number;
  readonly names: readonly string[];
  readonly argv: readonly string[];
  readonly user: string;
  /** `NAME.service`, where systemd started it. */
  readonly unit: string | undefined;
  /** Names of its environment; empty where it may not be read. */
  readonly environment: readonly string[];
  /** The program of supervisord that it is. */
  readonly program: string | undefined;
}

export interface SeenSocket {
  readonly listening: boolean;
  readonly local: { readonly host: string; readonly port: number };
  readonly peer: { readonly host: string; readonly port: number };
  readonly pids: readonly number[];
}

export interface Seen {
  readonly processes: readonly SeenProcess[];
  readonly sockets: readonly SeenSocket[];
  readonly nginx: string;
  readonly resolvers: readonly string[];
  /** Domains that a short name is looked for in. */
  readonly domains: readonly string[];
  readonly timeServers: readonly string[];
  /** The file that names the time servers. */
  readonly timeFile: string;
  readonly ups: readonly string[];
  readonly ipmi: boolean;
  readonly disks: readonly string[];
}

const QUICK_MS = 5_000;

export async function lookAround(host: Host): Promise<Seen> {
  const [processes, sockets, nginx, resolv, time, upses, disks, devices] = await Promise.all([
    readProcesses(host),
    readSockets(host),
    output(host, ['nginx', '-T']),
    tryRead(host, '/etc/resolv.conf'),
    readTimeServers(host),
    output(host, ['upsc', '-l']),
    readDisks(host),
    host.list('/dev').catch(() => [] as readonly string[]),
  ]);
  return {
    processes,
    sockets,
    nginx,
    resolvers: nameserversIn(resolv ?? ''),
    domains: [...(resolv ?? '').matchAll(/^\s*(?:search|domain)\s+(.+)$/gm)].flatMap(([, names]) => (names as string).trim().split(/\s+/)),
    ...time,
    ups: upses.split('\n').filter((name) => /^[\w.-]+$/.test(name)),
    ipmi: await answersIpmi(host, devices),
    disks: disks.filter((path) => devices.includes(path.slice('/dev/'.length))),
  };
}

/** Standard output; empty when the tool is missing or fails. */
export async function output(host: Host, argv: readonly string[], timeoutMs = QUICK_MS): Promise<string> {
  try {
    const { exitCode, stdout } = await host.run(argv, { timeoutMs });
    return exitCode === 0 ? stdout : '';
  } catch (error) {
    if (error instanceof HostError) return '';
    throw error;
  }
}

async function readProcesses(host: Host): Promise<readonly SeenProcess[]> {
  const programs = await readPrograms(host);
  const users = new Map(
    [...((await tryRead(host, '/etc/passwd')) ?? '').matchAll(/^([^:]+):[^:]*:(\d+):/gm)].map(([, name, id]) => [id, name]),
  );
  const pids = (await host.list('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await mapLimited(pids, 16, async (pid): Promise<SeenProcess | undefined> => {
    const read = (name: string): Promise<string | null> => tryRead(host, `/proc/${pid}/${name}`);
    const [comm, cmdline, status, cgroup, environ] = await Promise.all(['comm', 'cmdline', 'status', 'cgroup', 'environ'].map(read));
    const argv = parseCmdline(cmdline ?? '');
    if (comm === null || comm === undefined || argv.length === 0) return undefined;
    const uid = /^Uid:\s+(\d+)/m.exec(status ?? '')?.[1] ?? '';
    const settings = (environ ?? '').split('\0').filter(Boolean);
    const names = namesOf({ comm, argv });
    return {
      pid,
      names,
      argv,
      user: users.get(uid) ?? uid,
      unit: /\/([^/\n]+\.service)(?:\/|$)/m.exec(cgroup ?? '')?.[1],
      environment: settings.map((setting) => setting.split('=', 1)[0] as string),
      program: PROGRAM.exec(settings.find((setting) => PROGRAM.test(setting)) ?? '')?.[1] ?? programOf(names, status ?? '', programs),
    };
  });
  return found.filter((process) => process !== undefined);
}

const PROGRAM = /^SUPERVISOR_PROCESS_NAME=(.+)$/;

/** Programs of supervisord, with the names that their commands go by. */
async function readPrograms(host: Host): Promise<ReadonlyMap<string, readonly string[]>> {
  const folders = ['/etc/supervisor/conf.d', '/etc/supervisord.d', '/etc/supervisor'];
  const programs = new Map<string, readonly string[]>();
  for (const folder of folders) {
    for (const file of await host.list(folder).catch(() => [] as readonly string[])) {
      const text = (await tryRead(host, `${folder}/${file}`)) ?? '';
      for (const [, program, section] of text.matchAll(/^\[program:([^\]]+)\]([^[]*)/gm)) {
        const argv = (/^command\s*=\s*(.+)$/m.exec(section as string)?.[1] ?? '').trim().split(/\s+/);
        programs.set(program as string, namesOf({ comm: '', argv }));
      }
    }
  }
  return programs;
}

/** A daemon may write its title over its environment; its parent and its command still tell. */
function programOf(names: readonly string[], status: string, programs: ReadonlyMap<string, readonly string[]>): string | undefined {
  if (programs.size === 0 || /^PPid:\s+(\d+)/m.exec(status)?.[1] === '2') return undefined;
  const found = [...programs].filter(([, commands]) => commands.some((name) => names.includes(name)));
  return found.length === 1 ? found[0]?.[0] : undefined;
}

async function readSockets(host: Host): Promise<readonly SeenSocket[]> {
  return parseSockets(await output(host, ['ss', '-H', '-t', '-a', '-n', '-p']));
}

/** `LISTEN 0 511 0.0.0.0:443 0.0.0.0:* users:(("nginx",pid=1,fd=5))` */
function parseSockets(text: string): SeenSocket[] {
  return text.split('\n').flatMap((line) => {
    const [state, , , local = '', peer = ''] = line.trim().split(/\s+/);
    if (state !== 'LISTEN' && state !== 'ESTAB') return [];
    const pids = [...line.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid));
    return [{ listening: state === 'LISTEN', local: parseAddress(local), peer: parseAddress(peer), pids }];
  });
}

function parseAddress(text: string): { host: string; port: number } {
  const at = text.lastIndexOf(':');
  const host = bareHost(text.slice(0, at))
    .replace(/%.*$/, '')
    .replace(/^::ffff:/, '');
  return { host, port: Number(text.slice(at + 1)) };
}

const TIME_FILES = ['/etc/chrony/chrony.conf', '/etc/chrony.conf', '/etc/ntpsec/ntp.conf', '/etc/ntp.conf', '/etc/systemd/timesyncd.conf'];

/** Of the daemons that may run here. */
export const TIME_DAEMON = /^(chronyd|ntpd|ntpsec|systemd-timesyn.*|openntpd)$/;

async function readTimeServers(host: Host): Promise<{ timeServers: readonly string[]; timeFile: string }> {
  const beside = await Promise.all(
    ['/etc/chrony/sources.d', '/etc/chrony/conf.d', '/etc/chrony.d'].map(async (folder) => {
      const names = await host.list(folder).catch(() => [] as readonly string[]);
      return names.filter((name) => /\.(conf|sources)$/.test(name)).map((name) => `${folder}/${name}`);
    }),
  );
  const texts = await Promise.all(
    [...beside.flat(), ...TIME_FILES].map(async (file) => ({ file, text: (await tryRead(host, file)) ?? '' })),
  );
  const named = texts
    .map(({ file, text }) => ({
      file,
      servers: [
        ...[...text.matchAll(/^\s*(?:server|pool|peer)\s+(\S+)/gm)].map(([, server]) => server as string),
        ...[...text.matchAll(/^\s*NTP=(.+)$/gm)].flatMap(([, servers]) => (servers as string).trim().split(/\s+/)),
      ],
    }))
    .filter(({ servers }) => servers.length > 0);
  return { timeServers: [...new Set(named.flatMap(({ servers }) => servers))], timeFile: named.map(({ file }) => file).join(', ') };
}

/** What smartctl can ask, or the whole disks of the kernel. */
async function readDisks(host: Host): Promise<readonly string[]> {
  const scanned = [...(await output(host, ['smartctl', '--scan'])).matchAll(/^(\/dev\/\S+)/gm)].map(([, path]) => path as string);
  if (scanned.length > 0) return [...new Set(scanned)];
  const names = await host.list('/sys/block').catch(() => [] as readonly string[]);
  return names.filter((name) => /^(sd[a-z]+|nvme\d+n\d+|vd[a-z]+|xvd[a-z]+|mmcblk\d+)$/.test(name)).map((name) => `/dev/${name}`);
}

/** The device of the kernel, or a tool that reaches the management controller in another way. */
async function answersIpmi(host: Host, devices: readonly string[]): Promise<boolean> {
  if (devices.some((name) => /^ipmi\d/.test(name))) return true;
  const answer = await host.run(['ipmitool', 'chassis', 'status'], { timeoutMs: 4_000 }).catch(() => undefined);
  return answer?.exitCode === 0;
}
