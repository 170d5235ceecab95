/** Looks that leave this machine: an HTTP address that answers, a machine that ssh lets us into. */
import { tryRead } from '../checks/linux.ts';
import { HostError } from '../errors.ts';
import type { Host, Protocols, Secrets } from '../ports.ts';
import type { FoundPeer } from './init-peers.ts';

export interface Answering {
  readonly url: string;
  readonly status: number;
}

const PATHS = ['/health', '/healthz', '/status', '/'];
const TIMEOUT_MS = 4_000;
const SSH_TIMEOUT_MS = 8_000;

/** The first path that answers 200, or else what `/` answers. Reads only. */
export async function findAnswer(
  net: Protocols,
  origin: string,
  options: { readonly caFile?: string; readonly first?: string } = {},
): Promise<Answering | undefined> {
  let last: Answering | undefined;
  for (const path of [...new Set([...(options.first === undefined ? [] : [options.first]), ...PATHS])]) {
    const url = `${origin}${path}`;
    const answer = await net
      .http({ url, timeoutMs: TIMEOUT_MS, ...(options.caFile !== undefined && { caFile: options.caFile }) })
      .catch(() => undefined);
    if (answer?.reached !== 'done' || answer.status === undefined) return last;
    last = { url, status: answer.status };
    if (answer.status === 200) return last;
  }
  return last;
}

/** Names among the candidates that the user's ssh knows already: by its configuration or by a host key. */
export async function knownToSsh(host: Host, home: string, candidates: readonly string[]): Promise<readonly string[]> {
  const config = (await tryRead(host, `${home}/.ssh/config`)) ?? '';
  const patterns = [...config.matchAll(/^\s*Host\s+(.+)$/gim)]
    .flatMap(([, words]) => (words as string).trim().split(/\s+/))
    .filter((pattern) => pattern !== '*' && !pattern.startsWith('!'))
    .map(
      (pattern) =>
        new RegExp(
          `^${pattern
            .replace(/[.+^${}()|[\]\\]/g, '\\$&')
            .replaceAll('*', '.*')
            .replaceAll('?', '.')}$`,
          'i',
        ),
    );
  const known = await Promise.all(
    candidates.map(async (name) => {
      if (patterns.some((pattern) => pattern.test(name))) return true;
      const found = await host.run(['ssh-keygen', '-F', name], { timeoutMs: 2_000 }).catch(() => undefined);
      return found?.exitCode === 0;
    }),
  );
  return candidates.filter((_, index) => known[index]);
}

/** What the machine calls itself; undefined where ssh does not get in without a question. */
export async function askItsName(host: Host, target: string): Promise<string | undefined> {
  if (!/^[\w.:@-]+$/.test(target) || target.startsWith('-')) return undefined;
  const options = ['BatchMode=yes', 'ConnectTimeout=5', 'ForwardAgent=no', 'ForwardX11=no', 'RequestTTY=no', 'ClearAllForwardings=yes'];
  try {
    const { exitCode, stdout } = await host.run(['ssh', ...options.flatMap((option) => ['-o', option]), '--', target, 'uname -n'], {
      timeoutMs: SSH_TIMEOUT_MS,
    });
    const name = stdout.trim().split('\n').at(-1)?.split('.')[0] ?? '';
    return exitCode === 0 && /^[\w-]+$/.test(name) ? name : undefined;
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

/** Who follows a PostgreSQL server on this good day. Their names are visible to every login, their states are not needed. */
export async function findStandbys(
  net: Protocols,
  secrets: Secrets,
  { file, from, host, port, whole, secret }: FoundPeer,
): Promise<readonly string[]> {
  const to = whole && secret ? { file, key: from[0] as string } : `postgres://${host}:${port}`;
  const text = "SELECT DISTINCT application_name AS name FROM pg_stat_replication WHERE application_name <> '' ORDER BY 1";
  const request = { to, secrets, kind: 'postgres', statements: { postgres: [{ id: 'followers', text }] }, timeoutMs: TIMEOUT_MS } as const;
  const session = await net.sql(request).catch(() => undefined);
  return (session?.answers['followers']?.rows ?? []).map((row) => String(row['name']));
}
