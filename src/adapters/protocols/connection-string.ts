/** Who logs in where: the ways in which applications write it down. Nothing here repeats the text in an error: it holds a password. */
import { HostError } from '../../errors.ts';
import type { Address, SqlKind } from '../../ports.ts';

/** As libpq's `sslmode`; undefined: the text does not say. */
export type TlsMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

export interface Login {
  /** undefined: the form does not tell. */
  readonly kind: SqlKind | 'redis' | undefined;
  readonly addresses: readonly [Address, ...Address[]];
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly tls: TlsMode | undefined;
}

const KINDS: Readonly<Record<string, NonNullable<Login['kind']>>> = {
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mysql2: 'mysql',
  mariadb: 'mysql',
  redis: 'redis',
  rediss: 'redis',
  valkey: 'redis',
  valkeys: 'redis',
};
const PORTS: Readonly<Record<NonNullable<Login['kind']>, number>> = { postgres: 5432, mysql: 3306, redis: 6379 };

/** A URL (JDBC and `+driver` included), a libpq keyword string, a Go MySQL DSN, or `host:port`. */
export function parseConnectionString(text: string, kind?: NonNullable<Login['kind']>): Login {
  const trimmed = text.trim().replace(/^jdbc:/i, '');
  const url = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(trimmed);
  if (url) return parseUrl((url[1] as string).toLowerCase().split('+')[0] as string, url[2] as string);
  return parseGoDsn(trimmed) ?? parseKeywords(trimmed) ?? parsePlain(trimmed, kind);
}

function parseUrl(scheme: string, rest: string): Login {
  const kind = KINDS[scheme];
  if (!kind) throw new HostError('unsupported', `a ${scheme}: URL is no PostgreSQL, MySQL or Redis server`);
  const at = findEndOfUser(rest);
  const [user, password] = splitOnce(rest.slice(0, Math.max(0, at)), ':');
  const [path, query = ''] = splitOnce(rest.slice(at + 1).split('#', 1)[0] as string, '?');
  const [hosts, database = ''] = splitOnce(path as string, '/');
  const options = new URLSearchParams(query);
  return {
    kind,
    addresses: readHosts(hosts || options.get('host') || '', options.get('port') ?? '', PORTS[kind]),
    user: decode(user) || options.get('user') || undefined,
    password: decode(password ?? '') || options.get('password') || undefined,
    database: decode(database) || options.get('dbname') || undefined,
    tls: scheme.endsWith('ss') || scheme === 'valkeys' ? 'verify-full' : readTls(options),
  };
}

/** Passwords with an unescaped `/`, `?` or `@` exist; an `@` of the query comes after a `=`. */
function findEndOfUser(rest: string): number {
  const last = rest.lastIndexOf('@');
  return rest.slice(0, last).includes('=') ? (rest.split(/[/?#]/, 1)[0] as string).lastIndexOf('@') : last;
}

function parseGoDsn(text: string): Login | undefined {
  const found = /^(?:(.*)@)?tcp6?\(([^)]+)\)\/([^?]*)(?:\?(.*))?$/s.exec(text);
  if (!found) return undefined;
  const [user, password] = splitOnce(found[1] ?? '', ':');
  const tls = new URLSearchParams(found[4] ?? '').get('tls');
  return {
    kind: 'mysql',
    addresses: readHosts(found[2] as string, '', PORTS.mysql),
    user: user || undefined,
    password,
    database: found[3] || undefined,
    tls: tls === 'true' ? 'verify-full' : tls === 'skip-verify' || tls === 'preferred' ? 'prefer' : undefined,
  };
}

/** PostgreSQL 15 manual, 34.1.1.1. */
function parseKeywords(text: string): Login | undefined {
  if (!/(^|\s)(host|hostaddr|dbname|user)\s*=/.test(text)) return undefined;
  const pairs = new URLSearchParams();
  for (const match of text.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S*))/g)) {
    pairs.set(match[1] as string, match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '');
  }
  return {
    kind: 'postgres',
    addresses: readHosts(pairs.get('hostaddr') || pairs.get('host') || '', pairs.get('port') ?? '', PORTS.postgres),
    user: pairs.get('user') || undefined,
    password: pairs.get('password') || undefined,
    database: pairs.get('dbname') || undefined,
    tls: readTls(pairs),
  };
}

function parsePlain(text: string, kind: Login['kind']): Login {
  const addresses = readHosts(text, '', kind && PORTS[kind]);
  const byPort = Object.entries(PORTS).find(([, port]) => port === addresses[0].port)?.[0] as Login['kind'];
  return { kind: kind ?? byPort, addresses, user: undefined, password: undefined, database: undefined, tls: undefined };
}

const TLS_MODES: Readonly<Record<string, TlsMode>> = {
  disable: 'disable',
  disabled: 'disable',
  false: 'disable',
  allow: 'prefer',
  prefer: 'prefer',
  preferred: 'prefer',
  require: 'require',
  required: 'require',
  true: 'require',
  'verify-ca': 'verify-ca',
  verify_ca: 'verify-ca',
  'verify-full': 'verify-full',
  verify_identity: 'verify-full',
};

/** libpq, MySQL, MariaDB and JDBC spell it in their own ways. */
function readTls(options: URLSearchParams): TlsMode | undefined {
  const word = ['sslmode', 'ssl-mode', 'sslMode', 'ssl', 'useSSL'].map((name) => options.get(name)).find((value) => value !== null);
  return word == null ? undefined : TLS_MODES[word.toLowerCase()];
}

function readHosts(hosts: string, ports: string, defaultPort: number | undefined): readonly [Address, ...Address[]] {
  const portList = ports.split(',');
  const [first, ...rest] = hosts.split(',').map((each, index): Address => {
    const part = decode(each.trim());
    if (part.startsWith('/') || part.startsWith('@')) throw new HostError('unsupported', 'the address is a local socket, not a TCP port');
    const found = /^(?:\[([0-9a-f:.%\w]+)\]|([^\s:/[\]-][^\s:/[\]]*)|([0-9a-f:]*:[0-9a-f:.]*))(?::(\d*))?$/i.exec(part);
    const host = found?.[1] ?? found?.[2] ?? found?.[3];
    const port = Number(found?.[4] || portList[index] || portList[0] || defaultPort);
    if (host === undefined || !(port >= 1 && port <= 65_535)) throw new HostError('not-found', 'no address found in the connection string');
    return { host, port };
  });
  return [first as Address, ...rest];
}

function decode(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    return text ?? '';
  }
}

function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
