/** Services that nothing stands in for: by the groups of `peers`, and by what nginx passes requests to. Pure. */
import type { JsonObject } from '../ports.ts';
import { type Found, type Looked, machineOf, point } from './single-point.ts';
import { entriesOf, mapOf, nameOf, placeOf, texts } from './site-entries.ts';

/** A role is what the services of one group of `peers` do together; a service of no group does it alone. */
export function findServices(profile: JsonObject, looked: Looked): Found[] {
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

/** By its port: a web server that listens on the same one is the one that asks. */
function listensOn(service: JsonObject, server: string): boolean {
  return service['kind'] !== 'web' && texts(service['listen']).some((port) => server.endsWith(`:${port}`));
}

export function findUpstreams(profile: JsonObject, { upstreams = [] }: Looked): Found[] {
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
