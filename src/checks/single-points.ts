/** What stops payments when it alone stops: found in the site profile and in what was seen of the machine. Pure. */
import type { Json, JsonObject } from '../ports.ts';
import { type Found, type Looked, machinesOf, point, type SinglePoint, SPARE } from './single-point.ts';
import { findServices, findUpstreams } from './single-points-services.ts';
import { findCaches, findDatabases } from './single-points-stores.ts';
import { entriesOf, hostOfEntry, hostOfUrl, mapOf, nameOf, texts } from './site-entries.ts';

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
