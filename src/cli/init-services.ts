/** Processes that listen -> the services of the profile. */
import { tryRead } from '../checks/linux.ts';
import type { Host, Protocols } from '../ports.ts';
import { output, type Seen, type SeenProcess } from './init-look.ts';
import { type NginxConfig, readNginxConfig } from './init-nginx.ts';
import { findPaths, parseSettings, type Setting } from './init-settings.ts';

export interface FoundService {
  readonly name: string;
  readonly kind: 'web' | 'app' | 'switch' | 'worker';
  readonly process: SeenProcess;
  readonly listen: readonly number[];
  /** Why it is of this kind. */
  readonly why: string;
  readonly nginx: NginxConfig | undefined;
  readonly health: string | undefined;
  readonly log: string | undefined;
  readonly envFile: { readonly path: string; readonly settings: readonly Setting[]; readonly why: string } | undefined;
  readonly data: readonly { readonly path: string; readonly why: string }[];
  readonly version: { readonly file: string; readonly want: string } | undefined;
  readonly manifest: string | undefined;
}

const WEB = /^(nginx|openresty|httpd|apache2|haproxy|caddy|envoy|traefik)$/;
/** Servers that are found otherwise (databases, caches), and the furniture of a machine. */
const OTHERS = new RegExp(
  `^(${[
    ...['postgres', 'postmaster', 'mysqld', 'mariadbd', 'redis-server', 'valkey-server', 'memcached', 'mongod', 'beam\\.smp', 'epmd'],
    ...[
      'sshd',
      'init',
      'systemd.*',
      'supervisord',
      'chronyd',
      'ntpd',
      'dnsmasq',
      'named',
      'unbound',
      'cupsd',
      'master',
      'exim4',
      'rpcbind',
      'rpc\\..*',
    ],
    ...[
      'upsd',
      'upsmon',
      'snmpd',
      'dockerd',
      'containerd.*',
      'kubelet',
      'node_exporter',
      '.*_exporter',
      'prometheus',
      'zabbix_agentd',
      'inetd',
      'xinetd',
    ],
    ...[
      'rsyslogd',
      'avahi-daemon',
      'dhclient',
      'NetworkManager',
      'smbd',
      'nmbd',
      'vsftpd',
      'slapd',
      'sssd.*',
      'filebeat',
      'fluent.*',
      'java-agent',
    ],
  ].join('|')})$`,
);
const HEALTH_PATHS = ['/health', '/healthz', '/status', '/actuator/health'];
const HEALTH_TIMEOUT_MS = 3_000;

export async function findServices({ host, net }: { host: Host; net: Protocols }, seen: Seen): Promise<readonly FoundService[]> {
  const nginx = seen.nginx === '' ? undefined : readNginxConfig(seen.nginx);
  const proxied = new Set(nginx?.servers.flatMap(({ proxiedPorts }) => proxiedPorts) ?? []);
  const groups = new Map<string, { process: SeenProcess; ports: Set<number>; pids: Set<number> }>();
  for (const { listening, local, pids } of seen.sockets) {
    if (!listening) continue;
    const owners = seen.processes.filter(({ pid }) => pids.includes(pid));
    const process = owners.find(({ user }) => user === 'root') ?? owners[0];
    if (!process || process.names.some((name) => OTHERS.test(name))) continue;
    const name = nameOf(process);
    const group = groups.get(name) ?? { process, ports: new Set(), pids: new Set() };
    group.ports.add(local.port);
    for (const pid of pids) group.pids.add(pid);
    groups.set(name, group);
  }
  return Promise.all(
    [...groups].map(async ([name, { process, ports, pids }]) => {
      const listen = [...ports].sort((one, other) => one - other);
      const isWeb = process.names.some((one) => WEB.test(one));
      const outbound = seen.sockets.some(
        ({ listening, pids: owners, local }) => !listening && owners.some((pid) => pids.has(pid)) && !ports.has(local.port),
      );
      const kind = isWeb ? 'web' : listen.some((port) => proxied.has(port)) ? 'app' : outbound ? 'switch' : 'worker';
      const base = { name, kind, process, listen, why: WHY[kind], nginx: name === 'nginx' ? nginx : undefined } as const;
      return isWeb
        ? { ...base, ...NOTHING }
        : { ...base, ...(await lookCloser(host, process)), health: kind === 'app' ? await findHealth(net, listen) : undefined };
    }),
  );
}

const NOTHING = { health: undefined, log: undefined, envFile: undefined, data: [], version: undefined, manifest: undefined };

const WHY = {
  web: 'a web server',
  app: 'the web server hands requests to its port',
  switch: 'no web server stands before its port, and it holds connections to others',
  worker: 'it listens, and no web server stands before it',
} as const;

/** The name of its script or program, without the ending of a language. */
function nameOf({ names }: SeenProcess): string {
  const interpreters = /^(node|python[\d.]*|ruby[\d.]*|perl|php[\d.-]*|java|sh|bash|dash|MainThread|dotnet)$/;
  const own = names.filter((name) => !interpreters.test(name));
  const plain = own.find((name) => !name.includes('.')) ?? own[0] ?? names[0] ?? 'service';
  return plain.replace(/[^\w.@-]+/g, '-');
}

type Closer = Omit<FoundService, 'name' | 'kind' | 'process' | 'listen' | 'why' | 'nginx' | 'health'>;

async function lookCloser(host: Host, process: SeenProcess): Promise<Closer> {
  const [links, home] = await Promise.all([readLinks(host, process.pid), findHome(host, process)]);
  const envFile = await findEnvFile(host, process, home);
  const paths = findPaths(envFile?.settings ?? []);
  const written = links.filter(({ writable }) => writable).map(({ path }) => path);
  const logs = [...written, ...paths.map(({ path }) => path)].filter((path) => /\.(log|out)$|\/log\//.test(path) && !path.endsWith('/'));
  const data = await keepFolders(host, [
    ...paths.map(({ name, path }) => ({ path, why: `${name} in ${envFile?.path}` })),
    ...written
      .filter((path) => !logs.includes(path))
      .map((path) => ({ path: path.slice(0, path.lastIndexOf('/')), why: 'it writes files there' })),
  ]);
  const version = home === undefined ? undefined : await readVersion(host, home);
  const manifest =
    home === undefined
      ? undefined
      : (await host.list(home).catch(() => [])).find((name) => /^(manifest|.*sums?).*sha256|\.sha256$|^SHA256SUMS$/i.test(name));
  return { log: logs[0], envFile, data, version, manifest: manifest === undefined ? undefined : `${home}/${manifest}` };
}

/** Files that it holds open, and whether for writing. */
async function readLinks(host: Host, pid: number): Promise<readonly { path: string; writable: boolean }[]> {
  const listed = await output(host, ['find', `/proc/${pid}/fd`, '-maxdepth', '1', '-type', 'l', '-printf', '%f %l\\n']);
  const files = [...listed.matchAll(/^(\d+) (\/(?!dev\/|proc\/|sys\/).*?)( \(deleted\))?$/gm)].filter(
    ([, , , deleted]) => deleted === undefined,
  );
  return Promise.all(
    files.map(async ([, fd, path]) => {
      const flags = /^flags:\s+0*(\d+)$/m.exec((await tryRead(host, `/proc/${pid}/fdinfo/${fd}`)) ?? '')?.[1] ?? '0';
      return { path: path as string, writable: (Number.parseInt(flags, 8) & 3) !== 0 };
    }),
  );
}

/** The folder of its release: where its script or program lies, unless that is one of the system's. */
async function findHome(host: Host, { argv, pid }: SeenProcess): Promise<string | undefined> {
  const cwd = (await output(host, ['readlink', `/proc/${pid}/cwd`])).trim();
  const files = argv.filter((word) => /^\/[\w./@+-]+$/.test(word)).map((word) => word.slice(0, word.lastIndexOf('/')));
  return [...files, cwd].find((folder) => /^\/(opt|srv|home|app|apps|usr\/local|data|var\/www|var\/lib)\//.test(`${folder}/`));
}

async function readVersion(host: Host, home: string): Promise<{ file: string; want: string } | undefined> {
  for (const name of ['VERSION', 'version', 'version.txt', 'RELEASE']) {
    const want = (await tryRead(host, `${home}/${name}`))?.trim();
    if (want !== undefined && /^[\w.+-]{1,60}$/.test(want)) return { file: `${home}/${name}`, want };
  }
  return undefined;
}

/** A file is taken only when most names of it are in the environment of the process; where that may not be read, when its starter names it. */
async function findEnvFile(host: Host, process: SeenProcess, home: string | undefined): Promise<FoundService['envFile']> {
  const name = nameOf(process);
  const told = await findToldFiles(host, process);
  const usual = [
    `/etc/${name}/${name}.env`,
    `/etc/${name}/env`,
    `/etc/${name}.env`,
    `/etc/default/${name}`,
    `/etc/sysconfig/${name}`,
    ...(home ? [`${home}/.env`] : []),
  ];
  for (const path of [...new Set([...told, ...usual])]) {
    const settings = parseSettings((await tryRead(host, path)) ?? '');
    const present = settings.filter((setting) => process.environment.includes(setting.name));
    if (settings.length > 0 && present.length * 2 > settings.length)
      return { path, settings, why: `${present.length} of its ${settings.length} names are in the environment of the process` };
    if (settings.length > 0 && process.environment.length === 0 && told.includes(path))
      return { path, settings, why: 'what starts the process names it' };
  }
  return undefined;
}

/** Files of settings that the unit, the supervisor or a start script names. */
async function findToldFiles(host: Host, { unit, program }: SeenProcess): Promise<readonly string[]> {
  const texts: string[] = [];
  if (unit !== undefined) texts.push(await output(host, ['systemctl', 'show', '-p', 'EnvironmentFiles,ExecStart', unit]));
  if (program !== undefined) {
    for (const folder of ['/etc/supervisor/conf.d', '/etc/supervisord.d', '/etc/supervisor']) {
      for (const file of await host.list(folder).catch(() => [] as readonly string[])) {
        const text = (await tryRead(host, `${folder}/${file}`)) ?? '';
        if (text.includes(`[program:${program}]`)) texts.push(text);
      }
    }
  }
  const scripts = texts.flatMap((text) =>
    [...text.matchAll(/(?:command\s*=\s*|path=|\s)(\/[\w./@+-]+\.sh)\b/g)].map(([, path]) => path as string),
  );
  for (const script of new Set(scripts)) texts.push((await tryRead(host, script)) ?? '');
  return texts.flatMap((text) => [
    ...[...text.matchAll(/EnvironmentFiles?=-?(\/[^\s(]+)/g)].map(([, path]) => path as string),
    ...[...text.matchAll(/(?:^|[\s;&])(?:\.|source)\s+"?(\/[\w./@+-]+)/gm)].map(([, path]) => path as string),
    ...[...text.matchAll(/(\/[\w./@+-]+\.env)\b/g)].map(([, path]) => path as string),
  ]);
}

async function keepFolders(
  host: Host,
  candidates: readonly { path: string; why: string }[],
): Promise<readonly { path: string; why: string }[]> {
  const kept = new Map<string, string>();
  for (const { path, why } of candidates) {
    if (kept.has(path) || /^\/(proc|sys|dev|tmp|run|etc|usr|bin|lib)\b/.test(path) || /\/log(\/|$)/.test(path)) continue;
    const stat = await host.stat(path).catch(() => undefined);
    if (stat?.kind === 'directory') kept.set(path, why);
  }
  return [...kept].map(([path, why]) => ({ path, why }));
}

async function findHealth(net: Protocols, ports: readonly number[]): Promise<string | undefined> {
  for (const port of ports) {
    for (const path of HEALTH_PATHS) {
      const url = `http://127.0.0.1:${port}${path}`;
      const answer = await net.http({ url, timeoutMs: HEALTH_TIMEOUT_MS }).catch(() => undefined);
      if (answer?.reached !== 'done') break;
      if (answer.status === 200) return url;
    }
  }
  return undefined;
}
