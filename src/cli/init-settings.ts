/** Names and values of settings (an env file) -> whom the application talks to. Only places leave here, never a login. Pure. */
import { bareHost } from '../checks/target.ts';

export interface Setting {
  readonly name: string;
  readonly value: string;
}

export type PeerKind = 'postgres' | 'mysql' | 'redis' | 'http' | 'tcp';

export interface Peer {
  readonly kind: PeerKind;
  readonly host: string;
  readonly port: number;
  /** Names of the settings that said so. */
  readonly from: readonly string[];
  /** What stands before URL, HOST, ... in the name, in lower case: `bank` of BANK_URL. */
  readonly stem: string;
  /** The setting holds all that a client needs to log in. */
  readonly whole: boolean;
  /** With a user name or a password in it. */
  readonly secret: boolean;
  /** Of an HTTP address. */
  readonly tls: boolean;
}

/** `NAME=value`, `export NAME="value"`; comments and empty lines left out. */
export function parseSettings(text: string): Setting[] {
  return text.split('\n').flatMap((line) => {
    const [, name, raw] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || raw === undefined) return [];
    const quoted = /^(["'])(.*)\1$/.exec(raw)?.[2];
    return [{ name, value: quoted ?? raw.replace(/\s+#.*$/, '') }];
  });
}

const SCHEMES: Readonly<Record<string, readonly [PeerKind, number]>> = {
  postgres: ['postgres', 5432],
  postgresql: ['postgres', 5432],
  mysql: ['mysql', 3306],
  mariadb: ['mysql', 3306],
  redis: ['redis', 6379],
  rediss: ['redis', 6379],
  http: ['http', 80],
  https: ['http', 443],
  amqp: ['tcp', 5672],
  amqps: ['tcp', 5671],
  mongodb: ['tcp', 27017],
  oracle: ['tcp', 1521],
  sqlserver: ['tcp', 1433],
};
const PORT_KINDS: Readonly<Record<number, PeerKind>> = { 5432: 'postgres', 3306: 'mysql', 6379: 'redis' };
const STEM =
  /[_.]?(?:JDBC|DATABASE|DB|SQL)?[_.]?(?:URLS?|URI|DSN|HOST(?:NAME)?|ADDR(?:ESS)?|ENDPOINT|SERVER|BASE|CONN(?:ECTION)?(?:_STRING)?)$/i;

export function findPeers(settings: readonly Setting[]): Peer[] {
  const value = (name: string): string | undefined => settings.find((one) => one.name === name)?.value;
  return settings.flatMap((setting) => readUrl(setting) ?? readKeywords(setting) ?? readHostAndPort(setting, value) ?? []);
}

function readUrl({ name, value }: Setting): Peer | undefined {
  const [, scheme = '', login, host, port] =
    /^(?:jdbc:)?([a-z][a-z0-9]*)(?:\+\w+)?:\/\/(?:([^/@\s]*)@)?(\[[^\]]+\]|[^:/?#\s,]+)(?::(\d+))?/i.exec(value) ?? [];
  const known = SCHEMES[scheme.toLowerCase()];
  if (!known || host === undefined) return undefined;
  return {
    kind: known[0],
    host: bareHost(host),
    port: port === undefined ? known[1] : Number(port),
    from: [name],
    stem: stemOf(name),
    whole: !value.startsWith('jdbc:') && /^(postgres|mysql|redis)$/.test(known[0]),
    secret: login !== undefined || /[?&;](user|password)=/i.test(value),
    tls: scheme.toLowerCase() === 'https',
  };
}

/** `host=... port=... dbname=...`, the keyword string of libpq. */
function readKeywords({ name, value }: Setting): Peer | undefined {
  const word = (key: string): string | undefined => new RegExp(`(?:^|\\s)${key}\\s*=\\s*'?([^\\s']+)`).exec(value)?.[1];
  const host = word('host') ?? word('hostaddr');
  if (host === undefined || host.startsWith('/') || word('dbname') === undefined) return undefined;
  const base = { kind: 'postgres', host, port: Number(word('port') ?? 5432), from: [name], stem: stemOf(name), tls: false } as const;
  return { ...base, whole: true, secret: word('password') !== undefined };
}

/** `REDIS_HOST` and `REDIS_PORT`; the port, or else the name, says what it is. */
function readHostAndPort({ name, value }: Setting, settingOf: (name: string) => string | undefined): Peer | undefined {
  const stem = /^(.*?)_?(?:HOST|HOSTNAME)$/i.exec(name)?.[1];
  if (stem === undefined || stem === '' || !/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(value)) return undefined;
  const portName = `${stem}_PORT`;
  const named = kindOfName(stem);
  const port = Number(settingOf(portName) ?? named?.[1]);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  const kind = PORT_KINDS[port] ?? named?.[0] ?? 'tcp';
  const from = settingOf(portName) === undefined ? [name] : [name, portName];
  return { kind, host: value, port, from, stem: stem.toLowerCase(), whole: false, secret: hasPassword(stem, settingOf), tls: false };
}

function kindOfName(name: string): readonly [PeerKind, number] | undefined {
  if (/redis|cache|valkey/i.test(name)) return ['redis', 6379];
  if (/postgres|pg/i.test(name)) return ['postgres', 5432];
  return /mysql|maria/i.test(name) ? ['mysql', 3306] : undefined;
}

function hasPassword(stem: string, settingOf: (name: string) => string | undefined): boolean {
  return ['PASSWORD', 'PASS', 'PASSWD', 'AUTH'].some((word) => (settingOf(`${stem}_${word}`) ?? '') !== '');
}

function stemOf(name: string): string {
  return name.replace(STEM, '').toLowerCase();
}

const SECRET_NAME = /(KEY|SECRET|TOKEN|PASS(WORD|WD)?|PIN|CREDENTIALS?)$/i;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Absolute paths among the values, with the setting that holds each. */
export function findPaths(settings: readonly Setting[]): readonly { readonly name: string; readonly path: string }[] {
  return settings
    .filter(({ name, value }) => !isSecretName(name) && /^\/[\w./@+-]+$/.test(value))
    .map(({ name, value }) => ({ name, path: value }));
}
