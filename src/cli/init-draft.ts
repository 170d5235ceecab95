/** What was found and answered -> the sections of oor.yaml, each value with where it comes from. Pure. */
import type { Json, JsonObject } from '../ports.ts';
import type { KeptCopies } from './init-copies.ts';
import type { Seen } from './init-look.ts';
import { type FoundPeer, isLoopback, peersAt, type SwitchPeer } from './init-peers.ts';
import type { Answering } from './init-reach.ts';
import type { FoundService } from './init-services.ts';
import type { Entry, Line, Section } from './init-yaml.ts';

export interface Found {
  readonly site: string;
  readonly entry:
    | { readonly url: string; readonly status: number | undefined; readonly caFile: string | undefined; readonly note: string }
    | undefined;
  readonly seen: Seen;
  readonly services: readonly FoundService[];
  readonly kept: KeptCopies;
  readonly peers: readonly FoundPeer[];
  /** By `host:port`: what an HTTP peer answered. */
  readonly answering: ReadonlyMap<string, Answering>;
  /** By `host:port` of a database: the names of those that follow it. */
  readonly standbys: ReadonlyMap<string, readonly string[]>;
  /** By `host:port`: how what listens there, on a machine that ssh lets us into, is started. */
  readonly controls: ReadonlyMap<string, JsonObject>;
  readonly switches: readonly (SwitchPeer & { readonly name: string; readonly dialect: string | undefined })[];
  /** Empty when they shall not be written. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly hosts: readonly { readonly name: string; readonly ssh: string; readonly addresses: readonly string[] }[];
}

export function draftSections(found: Found): readonly Section[] {
  const { entry, seen, peers, names } = found;
  const named = namePeers(peers);
  return [
    { key: 'site', content: { value: found.site } },
    { key: 'entry', note: 'What customers reach', content: { lines: entry ? entryLines(entry) : [] } },
    {
      key: 'services',
      note: 'What must run here',
      content: { entries: [...found.services].sort(byKind).map((service) => serviceEntry(service, found.kept)) },
    },
    {
      key: 'databases',
      content: { entries: named.filter(isDatabase).map((peer) => databaseEntry(peer, found)) },
    },
    { key: 'caches', content: { entries: named.filter(({ kind }) => kind === 'redis').map((peer) => databaseEntry(peer, found)) } },
    { key: 'providers', content: { entries: providerEntries(found, named) } },
    { key: 'switches', note: 'Peers that speak ISO 8583', content: { entries: found.switches.map(switchEntry) } },
    { key: 'dns', content: { lines: dnsLines(seen, names) } },
    { key: 'time', content: { lines: timeLines(seen) } },
    { key: 'network', content: { lines: networkLines(seen) } },
    { key: 'power', content: { lines: powerLines(seen) } },
    { key: 'disks', content: { value: seen.disks } },
    { key: 'actions', note: 'What fixes may call, after consent', content: { lines: actionLines(found.kept) } },
    { key: 'hosts', note: 'Other machines to look at', content: { entries: hostEntries(found, named) } },
  ];
}

export type Named = FoundPeer & { readonly name: string };

/** By the stem of the setting, made unique. */
export function namePeers(peers: readonly FoundPeer[]): readonly Named[] {
  const taken = new Map<string, number>();
  return peers.map((peer) => {
    const base = peer.stem.replace(/[^\w.@-]+/g, '-') || (peer.kind === 'http' ? 'provider' : 'main');
    const count = (taken.get(base) ?? 0) + 1;
    taken.set(base, count);
    return { ...peer, name: count === 1 ? base : `${base}-${count}` };
  });
}

function isDatabase({ kind, port }: Named): boolean {
  return kind === 'postgres' || kind === 'mysql' || (kind === 'tcp' && [1521, 1433, 27017].includes(port));
}

const KINDS = ['web', 'app', 'switch', 'worker'];

/** As a payment passes them. */
function byKind(one: FoundService, other: FoundService): number {
  return KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) || one.name.localeCompare(other.name);
}

function entryLines({ url, status, caFile, note }: NonNullable<Found['entry']>): Line[] {
  return lines(
    ['url', url, note],
    ['expect_status', status, 'what it answered'],
    ['ca_file', caFile, 'with it its certificate is trusted'],
  );
}

function serviceEntry(service: FoundService, kept: KeptCopies): Entry {
  const { name, kind, process, listen, why, nginx, envFile, data, version, manifest, health, log } = service;
  const required = envFile?.settings.filter(({ value }) => value !== '').map((setting) => setting.name);
  return {
    note: `process ${process.pid}, ${process.unit ?? (process.program === undefined ? 'started by hand' : `program ${process.program} of supervisord`)}; ${why}`,
    lines: lines(
      ['name', name],
      ['kind', kind],
      ['process', process.names.includes(name) ? name : (process.names[0] ?? name)],
      [
        'unit',
        process.unit?.replace(/\.service$/, '') ?? process.program,
        process.unit === undefined ? 'supervisorctl status' : `/proc/${process.pid}/cgroup`,
      ],
      ['listen', listen, 'its listening sockets'],
      ['health', health, 'answers 200'],
      ['user', kind === 'web' ? undefined : process.user, `/proc/${process.pid}/status`],
      ['config', nginx?.files[0], 'nginx -T'],
      ['config_test', nginx && ['nginx', '-t']],
      ['access_log', nginx?.accessLogs[0], 'nginx -T'],
      ['error_log', nginx?.errorLogs[0], 'nginx -T'],
      ['certificates', nonEmpty(nginx?.servers.flatMap(({ certificates }) => certificates)), 'ssl_certificate'],
      ['renewed_certificate', kept.certificates.get(name), 'a copy of today; better: where renewals arrive'],
      ['kept_config', kept.configs.get(name), 'copied today, restore_config puts them back'],
      ['log', log, 'open for writing'],
      ['env_file', envFile?.path, envFile?.why],
      ['required_env', nonEmpty(required), 'the names that have a value today; take out what may be empty'],
      ['manifest', manifest, 'beside the program'],
      ['version', version && { file: version.file, want: version.want }, 'what it says today'],
      ['data', nonEmpty(data.map(({ path }) => path)), data.map(({ why: reason }) => reason).join('; ')],
      ['control', nonEmptyMap({ ...controlOf(service), ...kept.controls.get(name) }), 'what fixes may run, after consent'],
    ),
  };
}

/** How whoever keeps the process running is told to; nothing for one that was started by hand. */
export function controlOf({ process, name }: Pick<FoundService, 'process' | 'name'>): JsonObject | undefined {
  const reload = name === 'nginx' ? { reload: ['nginx', '-s', 'reload'] } : {};
  if (process.program !== undefined)
    return { start: ['supervisorctl', 'start', process.program], restart: ['supervisorctl', 'restart', process.program], ...reload };
  const unit = process.unit?.replace(/\.service$/, '');
  if (unit !== undefined) return { start: ['systemctl', 'start', unit], restart: ['systemctl', 'restart', unit], ...reload };
  return 'reload' in reload ? reload : undefined;
}

/** By reference where a login stands in it; the setting itself is never copied. */
function databaseEntry(peer: Named, { standbys, controls }: Found): Entry {
  const { name, kind, host, port, whole, secret, from, file, caFile, service } = peer;
  const at = `${host}:${port}`;
  const byReference = whole && secret;
  const url = byReference ? { file, key: from[0] as string } : kind === 'tcp' || secret ? undefined : `${kind}://${host}:${port}`;
  return {
    note: `${host}:${port}, used by ${service}`,
    lines: lines(
      ['name', name],
      ['kind', kind],
      ['url', url, byReference ? 'read there when it is needed, never copied' : `${from.join(' and ')} in ${file}`],
      ['host', url === undefined ? host : undefined, `${from.join(' and ')} in ${file}`],
      ['port', url === undefined ? port : undefined],
      ['ca_file', caFile],
      ['standbys', nonEmpty(standbys.get(at)?.map((standby) => ({ name: standby }))), 'they follow it today (pg_stat_replication)'],
      ['control', controls.get(at), 'what fixes may run there, after consent'],
    ),
  };
}

function providerEntries({ answering }: Found, peers: readonly Named[]): Entry[] {
  const providers = peers.filter((peer) => peer.kind === 'http' || (peer.kind === 'tcp' && !isDatabase(peer)));
  return providers.map((peer) => {
    const { name, kind, host, port, from, file, caFile, credentials, service } = peer;
    const answer = answering.get(`${host}:${port}`);
    return {
      note: `${host}:${port}, used by ${service}`,
      lines: lines(
        ['name', name],
        ['kind', kind],
        ['url', answer?.url, `host of ${from[0]} in ${file}; a path that only reads`],
        ['expect_status', answer && answer.status !== 200 ? answer.status : undefined, 'what it answered'],
        ['host', answer ? undefined : host, `${from.join(' and ')} in ${file}; better: url: of something that only reads`],
        ['port', answer ? undefined : port],
        ['role', providers.length === 1 ? 'primary' : undefined, 'the only one found'],
        ['ca_file', caFile],
        ['credentials', credentials.length > 0 ? credentialsOf(peer) : undefined, 'by name only'],
      ),
    };
  });
}

function credentialsOf({ credentials, stem, file }: Named): JsonObject {
  return Object.fromEntries(credentials.map((key) => [key.toLowerCase().slice(stem.length + 1), { file, key }]));
}

function switchEntry({ name, host, port, dialect, service }: Found['switches'][number]): Entry {
  return {
    note: `a connection that ${service} holds`,
    lines: lines(
      ['name', name],
      ['host', host],
      ['port', port],
      ['dialect', dialect, 'answered; without it the codec finds out by itself'],
    ),
  };
}

function dnsLines({ resolvers }: Seen, names: Found['names']): Line[] {
  const found = Object.fromEntries(names);
  return lines(
    ['names', names.size > 0 ? found : undefined, 'as they resolved when this was written: confirm each'],
    ['resolvers', nonEmpty(resolvers), '/etc/resolv.conf'],
  );
}

function timeLines({ timeServers, timeFile }: Seen): Line[] {
  return lines(['servers', nonEmpty(timeServers), timeFile]);
}

function networkLines({ sockets }: Seen): Line[] {
  const open = sockets.filter(({ listening, local }) => listening && !isLoopback(local.host)).map(({ local }) => local.port);
  const ports = [...new Set(open)].sort((one, other) => one - other);
  return lines(['allowed_listeners', nonEmpty(ports), 'what listens today beyond loopback; take out what should not']);
}

function powerLines({ ups, ipmi }: Seen): Line[] {
  return lines(
    ['ups', ups[0] === undefined ? undefined : `${ups[0]}@localhost`, 'upsc -l'],
    ['ipmi', ipmi ? true : undefined, 'ipmitool answers'],
  );
}

function actionLines({ resolvers }: KeptCopies): Line[] {
  const file = '/etc/resolv.conf';
  const run = resolvers && ['cp', '--backup=simple', '--suffix=.set-aside', '--', resolvers, file];
  return lines(['restore_resolvers', run && { run, rollback: ['cp', '--', `${file}.set-aside`, file] }, 'the copy of today']);
}

function hostEntries({ hosts, names }: Found, peers: readonly Named[]): Entry[] {
  return hosts.map(({ name, ssh, addresses }) => {
    const here = peersAt({ addresses }, peers, names);
    return {
      note: 'ssh gets in without a question',
      lines: lines(['name', name], ['ssh', ssh], ['services', nonEmpty(here.map((peer) => peer.name)), 'their names resolve to it']),
    };
  });
}

function lines(...rows: readonly (readonly [key: string, value: Json | undefined, note?: string | undefined])[]): Line[] {
  return rows.flatMap(([key, value, note]) =>
    value === undefined ? [] : [{ key, value, ...(note !== undefined && note !== '' && { note }) }],
  );
}

function nonEmptyMap(map: JsonObject): JsonObject | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}

function nonEmpty<T>(values: readonly T[] | undefined): readonly T[] | undefined {
  return values && values.length > 0 ? values : undefined;
}
