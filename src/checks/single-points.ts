/** What stops payments when it alone stops: found in the site profile and in what was seen of the machine. Pure. */
import type { Json, JsonObject, Text } from '../ports.ts';
import { entriesOf, hostOfEntry, hostOfUrl, mapOf, nameOf, placeOf, texts } from './site-entries.ts';

export const AREAS = [
  'entry',
  'service',
  'database',
  'cache',
  'provider',
  'switch',
  'dns',
  'time',
  'route',
  'power',
  'certificate',
  'people',
] as const;
export type Area = (typeof AREAS)[number];

export interface SinglePoint {
  readonly area: Area;
  /** The entry of the profile, or the thing itself. */
  readonly name: string;
  readonly why: Text;
  /** `seen` by a look; `declared`: the profile names no second one, and whether there is one is not seen from here. */
  readonly basis: 'seen' | 'declared';
  /** What depends on it by the profile's `links`, directly or not. */
  readonly hits: readonly string[];
  /** The contact whose name or role is its name or its area; '' where there is none. */
  readonly owner: string;
}

/** What a look at the machine and the network tells; undefined: could not be seen, or is not there. */
export interface Looked {
  readonly host: string;
  /** Addresses behind each name of the profile. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly upstreams?: readonly { readonly name: string; readonly servers: readonly string[] }[];
  /** Standbys that each database says it feeds. */
  readonly followers: ReadonlyMap<string, number>;
  readonly resolvers?: readonly string[];
  readonly timeSources?: number;
  readonly routes?: readonly { readonly gateway: string | null; readonly device: string }[];
  readonly supplies?: readonly string[];
  /** Each once, with the services and certificates of the profile that show it. */
  readonly certificates: readonly { readonly subject: string; readonly notAfter: number; readonly of: readonly string[] }[];
}

type Found = Pick<SinglePoint, 'area' | 'name' | 'why' | 'basis'>;

export function findSinglePoints(profile: JsonObject, looked: Looked): SinglePoint[] {
  const found = [
    ...findEntry(profile, looked),
    ...findServices(profile, looked),
    ...findUpstreams(profile, looked),
    ...findDatabases(profile, looked),
    ...findCaches(profile),
    ...findProviders(profile, looked),
    ...findSwitches(profile),
    ...findMachine(looked),
    ...findCertificates(looked),
    ...findPeople(profile),
  ];
  return found.map((point) => ({ ...point, hits: dependentsOf(profile, point.name), owner: ownerOf(profile, point) }));
}

function point(area: Area, name: string, basis: SinglePoint['basis'], en: string, zh: string): Found {
  return { area, name, basis, why: { en, 'zh-CN': zh } };
}

function findEntry(profile: JsonObject, { addresses }: Looked): Found[] {
  const { url } = mapOf(profile['entry']);
  const name = hostOfUrl(url);
  const known = addresses.get(name) ?? [];
  // One of each family is one machine with two addresses.
  const families = [known.filter((address) => address.includes(':')), known.filter((address) => !address.includes(':'))];
  if (name === '' || known.length === 0 || families.some(({ length }) => length > 1)) return [];
  return [
    point(
      'entry',
      name,
      'seen',
      `one address for all customers (${known[0]}); whether it moves to another machine is not seen from here`,
      `全部客户仅有一个入口地址（${known[0]}）；此处无法判断该地址能否漂移`,
    ),
  ];
}

/** A role is what the services of one group of `peers` do together; a service of no group does it alone. */
function findServices(profile: JsonObject, looked: Looked): Found[] {
  const services = entriesOf(profile, 'services').filter(({ kind }) => kind !== 'worker');
  const groups = Object.entries(mapOf(profile['peers'])).map(([role, names]) => ({ role, names: texts(names) }));
  const balanced = (looked.upstreams ?? []).filter(({ servers }) => new Set(servers.map(machineOf)).size > 1);
  const alone = services.filter((service) => {
    const name = nameOf(service);
    if (groups.some(({ names }) => names.includes(name) && names.length > 1)) return false;
    return !balanced.some(({ servers }) => servers.some((server) => listensOn(service, server)));
  });
  const together = groups.flatMap(({ role, names }) => {
    const places = names
      .map((name) => placeOf(profile, name))
      .map((place) => (place === '' ? looked.host : place))
      .filter((place) => place !== undefined);
    const [place] = places;
    return names.length > 1 && places.length === names.length && new Set(places).size === 1
      ? [
          point(
            'service',
            role,
            'declared',
            `all of ${names.join(', ')} run on the machine ${place}`,
            `${names.join('、')} 均运行在主机 ${place} 上`,
          ),
        ]
      : [];
  });
  return [...alone.map((service) => describeAlone(service, looked)), ...together];
}

function describeAlone(service: JsonObject, { upstreams = [] }: Looked): Found {
  const only = upstreams.find(
    ({ servers: [server, ...others] }) => others.length === 0 && server !== undefined && listensOn(service, server),
  );
  const name = nameOf(service);
  return only
    ? point('service', name, 'seen', `nginx passes requests to it alone (${only.servers[0]})`, `nginx 的上游仅有它（${only.servers[0]}）`)
    : point('service', name, 'declared', 'no second node does its work (peers names none)', '没有第二个节点承担其工作（peers 未列出）');
}

function listensOn(service: JsonObject, server: string): boolean {
  return texts(service['listen']).some((port) => server.endsWith(`:${port}`));
}

function findUpstreams(profile: JsonObject, { upstreams = [] }: Looked): Found[] {
  const services = entriesOf(profile, 'services');
  return upstreams.flatMap(({ name, servers }) => {
    const machines = new Set(servers.map(machineOf));
    if (servers.length === 1 && services.some((service) => listensOn(service, servers[0] ?? ''))) return [];
    if (servers.length === 1)
      return [
        point(
          'service',
          `upstream ${name}`,
          'seen',
          `nginx passes requests to one server only (${servers[0]})`,
          `nginx 仅有一个上游服务器（${servers[0]}）`,
        ),
      ];
    return machines.size === 1
      ? [
          point(
            'service',
            `upstream ${name}`,
            'seen',
            `all ${servers.length} servers behind nginx are on one machine (${[...machines][0]})`,
            `nginx 的 ${servers.length} 个上游都在同一主机（${[...machines][0]}）`,
          ),
        ]
      : [];
  });
}

const SPARE = new Set(['standby', 'replica', 'backup', 'secondary']);

function findDatabases(profile: JsonObject, { followers, addresses }: Looked): Found[] {
  const databases = entriesOf(profile, 'databases');
  const spare = databases.filter(({ role }) => SPARE.has(String(role)));
  return databases
    .filter((database) => !spare.includes(database))
    .flatMap((database) => {
      const name = nameOf(database);
      const standbys = [...entriesOf(database, 'standbys'), ...spare];
      const seen = followers.get(name);
      if (standbys.length === 0 && seen === 0) return [point('database', name, 'seen', 'it feeds no standby', '没有备库跟随')];
      if (standbys.length === 0 && seen === undefined)
        return [point('database', name, 'declared', 'no standby is named, and it could not be asked', '未列出备库，且无法查询')];
      const own = machinesOf(hostOfEntry(database), addresses);
      const apart = standbys
        .map(hostOfEntry)
        .some((host) => host === '' || !machinesOf(host, addresses).some((machine) => own.includes(machine)));
      return standbys.length > 0 && own.length > 0 && !apart
        ? [point('database', name, 'declared', `its standby is on the same machine (${own[0]})`, `备库与主库在同一主机（${own[0]}）`)]
        : [];
    });
}

function findCaches(profile: JsonObject): Found[] {
  const caches = entriesOf(profile, 'caches');
  return caches.length === 1 ? [point('cache', nameOf(caches[0] ?? {}), 'declared', 'no second cache is named', '未列出第二个缓存')] : [];
}

function findProviders(profile: JsonObject, { addresses }: Looked): Found[] {
  const providers = entriesOf(profile, 'providers');
  const backups = providers.filter(({ role }) => SPARE.has(String(role)));
  const first = providers.filter((provider) => !backups.includes(provider));
  if (first.length === 1 && backups.length === 0)
    return [
      point(
        'provider',
        nameOf(first[0] ?? {}),
        'declared',
        'the only channel: none has the role backup',
        '唯一通道：没有角色为 backup 的通道',
      ),
    ];
  return first.flatMap((provider) => {
    const own = machinesOf(hostOfEntry(provider), addresses);
    const shared = backups.find((backup) => machinesOf(hostOfEntry(backup), addresses).some((machine) => own.includes(machine)));
    return shared
      ? [
          point(
            'provider',
            nameOf(provider),
            'seen',
            `its backup ${nameOf(shared)} ends at the same address (${own[0]})`,
            `备用通道 ${nameOf(shared)} 指向同一地址（${own[0]}）`,
          ),
        ]
      : [];
  });
}

function findSwitches(profile: JsonObject): Found[] {
  const switches = entriesOf(profile, 'switches');
  const hosts = new Set(switches.map(({ host }) => String(host)));
  return switches.length > 0 && hosts.size === 1
    ? [
        point(
          'switch',
          nameOf(switches[0] ?? {}),
          'declared',
          `one address for all card payments (${[...hosts][0]})`,
          `全部卡支付仅有一个地址（${[...hosts][0]}）`,
        ),
      ]
    : [];
}

function findMachine({ resolvers, timeSources, routes, supplies }: Looked): Found[] {
  const [route] = routes ?? [];
  return [
    ...(resolvers?.length === 1
      ? [point('dns', resolvers[0] ?? '', 'seen', 'the only resolver of this machine', '本机唯一的 DNS 解析器')]
      : []),
    ...(timeSources === 1 ? [point('time', 'time source', 'seen', 'this machine has one source of time', '本机只有一个时间源')] : []),
    ...(routes?.length === 1 && route
      ? [
          point(
            'route',
            route.device,
            'seen',
            `one way out, ${route.gateway === null ? '' : `by ${route.gateway} `}on ${route.device}, which is no bond`,
            `唯一出口${route.gateway === null ? '' : `，经 ${route.gateway}`}，网卡 ${route.device} 未绑定`,
          ),
        ]
      : []),
    ...(supplies?.length === 1
      ? [point('power', supplies[0] ?? '', 'seen', 'the only power supply of this machine', '本机唯一的电源模块')]
      : []),
  ];
}

function findCertificates({ certificates }: Looked): Found[] {
  return certificates
    .filter(({ of }) => of.length > 1)
    .map(({ subject, notAfter, of }) => {
      const end = new Date(notAfter).toISOString().slice(0, 10);
      return point(
        'certificate',
        subject,
        'seen',
        `${of.join(', ')} show the same certificate: all of them end on ${end}`,
        `${of.join('、')} 使用同一张证书：均于 ${end} 到期`,
      );
    });
}

function findPeople(profile: JsonObject): Found[] {
  const contacts = entriesOf(profile, 'contacts');
  return contacts.length === 1
    ? [point('people', nameOf(contacts[0] ?? {}), 'declared', 'the only contact: nobody stands in', '唯一联系人：无人替补')]
    : [];
}

function dependentsOf(profile: JsonObject, name: string): string[] {
  const links = (Array.isArray(profile['links']) ? (profile['links'] as readonly Json[]) : []).map(texts);
  const found = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [who = '', whom] of links) {
      if (whom !== next || who === name || found.has(who)) continue;
      found.add(who);
      open.push(who);
    }
  }
  return [...found];
}

function ownerOf(profile: JsonObject, { area, name }: Found): string {
  const contacts = entriesOf(profile, 'contacts');
  const byWord = (word: string) => contacts.find((contact) => nameOf(contact) === word || contact['role'] === word);
  const owner = byWord(name) ?? byWord(area);
  return owner ? nameOf(owner) : '';
}

function machinesOf(host: string, addresses: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return host === '' ? [] : (addresses.get(host) ?? [host]);
}

/** `10.0.0.5:8080`, `[::1]:8080`; a socket is of this machine. */
function machineOf(server: string): string {
  return server.startsWith('unix:') ? '127.0.0.1' : server.replace(/:\d+$/, '');
}
