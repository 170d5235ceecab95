/** Where a service is, out of the many ways in which configuration writes it down. */
import { HostError } from '../errors.ts';
import type { Address } from '../ports.ts';
import { v } from './schema.ts';

/** Never starts with `-`, so that it cannot be read as an option by a command. */
export const hostName = v.pipe(v.string(), v.regex(/^[^\s/-][^\s/]*$/, 'expected a host name or an IP address'));

const SCHEME_PORTS: Readonly<Record<string, number>> = {
  amqp: 5672,
  amqps: 5671,
  http: 80,
  https: 443,
  ldap: 389,
  ldaps: 636,
  mariadb: 3306,
  mongodb: 27017,
  mysql: 3306,
  mysql2: 3306,
  postgres: 5432,
  postgresql: 5432,
  redis: 6379,
  rediss: 6379,
  sqlserver: 1433,
};
const NO_ADDRESS = 'expected host:port, a URL or a libpq keyword string';

/** `host:port`, a URL, a JDBC URL, a Go MySQL DSN or a libpq keyword string. Errors never repeat the text: it may hold a password. */
export function parseTarget(text: string, defaultPort?: number): readonly [Address, ...Address[]] {
  const trimmed = text.trim().replace(/^jdbc:/, '');
  const url = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(trimmed);
  const found = url
    ? parseUrl((url[1] as string).toLowerCase().split('+')[0] as string, url[2] as string, defaultPort)
    : (parseGoDsn(trimmed) ?? parseKeywords(trimmed) ?? parseHostList(trimmed, defaultPort));
  const [first, ...rest] = found;
  if (!first) throw new HostError('not-found', `no address found: ${NO_ADDRESS}`);
  return [first, ...rest];
}

/** `[::1]` as a URL writes it -> `::1`. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

export function isAddressLiteral(host: string): boolean {
  return host.includes(':') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
}

function parseUrl(scheme: string, rest: string, defaultPort: number | undefined): readonly Address[] {
  const port = SCHEME_PORTS[scheme] ?? defaultPort;
  const [beforeQuery, query = ''] = splitOnce(rest, '?');
  const authority = cutAuthority(beforeQuery);
  if (authority !== '') return parseHostList(authority, port);
  const params = new URLSearchParams(query);
  return pairHosts(params.get('host') ?? '', params.get('port') ?? '', port);
}

/** An unescaped `/` in a password makes the first slash no longer the end of the authority; a port that is no number shows it. */
function cutAuthority(text: string): string {
  const authority = text.split(/[/#]/, 1)[0] as string;
  const looksCut = !authority.includes('@') && text.includes('@') && !/^[^:]*(:\d*)?$/.test(authority);
  const whole = looksCut ? `${text.slice(0, text.lastIndexOf('@'))}@${cutAuthority(text.slice(text.lastIndexOf('@') + 1))}` : authority;
  return whole.slice(whole.lastIndexOf('@') + 1);
}

function parseGoDsn(text: string): readonly Address[] | undefined {
  const inside = /(?:^|@)tcp6?\(([^)]+)\)/.exec(text)?.[1];
  return inside === undefined ? undefined : parseHostList(inside, 3306);
}

/** PostgreSQL 15 manual, 34.1.1.1: `host = localhost port = 5432`, values may be quoted with `'`. */
function parseKeywords(text: string): readonly Address[] | undefined {
  if (!/(^|\s)(host|hostaddr|dbname|user)\s*=/.test(text)) return undefined;
  const pairs = new Map<string, string>();
  for (const match of text.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S*))/g)) {
    pairs.set(match[1] as string, match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '');
  }
  return pairHosts(pairs.get('hostaddr') || pairs.get('host') || '', pairs.get('port') ?? '', 5432);
}

/** `host=a,b port=1,2`: one port serves all hosts, else the lists go in pairs. */
function pairHosts(hosts: string, ports: string, defaultPort: number | undefined): readonly Address[] {
  const portList = ports.split(',');
  return hosts.split(',').map((host, index) => {
    if (host === '' || host.startsWith('/') || host.startsWith('@')) {
      throw new HostError('unsupported', 'the address is a local socket, not a TCP port');
    }
    return { host, port: readPort(portList[index] ?? portList[0], defaultPort) };
  });
}

function parseHostList(text: string, defaultPort: number | undefined): readonly Address[] {
  return text.split(',').map((part) => {
    const match = /^(?:\[([0-9a-f:.%\w]+)\]|([^\s:/[\]-][^\s:/[\]]*))(?::(\d*))?$/i.exec(part.trim());
    const host = match?.[1] ?? match?.[2];
    if (host === undefined) throw new HostError('not-found', `no address found: ${NO_ADDRESS}`);
    return { host, port: readPort(match?.[3], defaultPort) };
  });
}

function readPort(text: string | undefined, defaultPort: number | undefined): number {
  const port = text ? Number(text) : defaultPort;
  if (port === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new HostError('not-found', `no port found: ${NO_ADDRESS}`);
  }
  return port;
}

function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
