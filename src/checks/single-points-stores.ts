/** Databases and caches that nothing stands in for. Pure. */
import type { JsonObject } from '../ports.ts';
import { type Found, type Looked, machinesOf, point, SPARE } from './single-point.ts';
import { entriesOf, hostsOfTarget, nameOf } from './site-entries.ts';

export function findDatabases(profile: JsonObject, { followers, addresses }: Looked): Found[] {
  const databases = entriesOf(profile, 'databases');
  const spare = databases.filter(({ role }) => SPARE.has(String(role)));
  return databases
    .filter((database) => !spare.includes(database))
    .flatMap((database) => {
      const name = nameOf(database);
      const [first, ...more] = hostsOfTarget(database);
      // '' is somewhere, and not known to be here.
      const others = [...more, ...[...entriesOf(database, 'standbys'), ...spare].map((entry) => hostsOfTarget(entry)[0] ?? '')];
      const seen = followers.get(name);
      if (seen === 0)
        return others.length === 0
          ? [point('database', name, 'seen', 'it feeds no standby', '没有备库跟随')]
          : [point('database', name, 'seen', 'it feeds no standby, though the profile names one', '没有备库跟随，尽管配置列出了备库')];
      if (others.length === 0 && seen === undefined)
        return [point('database', name, 'declared', 'no standby is named, and it could not be asked', '未列出备库，且无法查询')];
      const own = machinesOf(first ?? '', addresses);
      const apart = others.some((host) => host === '' || !machinesOf(host, addresses).some((machine) => own.includes(machine)));
      return others.length > 0 && own.length > 0 && !apart
        ? [point('database', name, 'declared', `its standby is on the same machine (${own[0]})`, `备库与主库在同一主机（${own[0]}）`)]
        : [];
    });
}

export function findCaches(profile: JsonObject): Found[] {
  const caches = entriesOf(profile, 'caches');
  return caches.length === 1 ? [point('cache', nameOf(caches[0] ?? {}), 'declared', 'no second cache is named', '未列出第二个缓存')] : [];
}
