/**
 * The same statements, asked on the machine of the database by its own administrator: psql over the local socket. Sees what the
 * login of the application may not see; nothing is written (read-only transactions), no password is needed (peer login).
 */
import { HostError } from '../errors.ts';
import type { SqlAnswer, SqlRow, SqlSession, SqlStatement } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import { boundTimeout } from './connect.ts';
import { parseTarget } from './target.ts';

const OUTPUT_BYTES = 1024 * 1024;
const MARK = '--oor-answer--';

export interface HostRequest {
  readonly to: string | { readonly env: string } | { readonly file: string; readonly key?: string };
  readonly statements: readonly SqlStatement[];
  readonly timeout: number;
  readonly rounds: number;
}

export async function askPostgresOnHost({ to, statements, timeout, rounds }: HostRequest, context: ProbeContext): Promise<SqlSession> {
  const { host, secrets, signal } = context;
  const text = typeof to === 'string' ? to : await secrets.reveal(to);
  const [{ port }] = parseTarget(text);
  const timeoutMs = boundTimeout(timeout, context.timeoutMs, rounds);
  const startedAt = host.now().monoMs;
  const psql = [
    'env',
    `PGOPTIONS=-c default_transaction_read_only=on -c statement_timeout=${Math.round(timeoutMs)}`,
    'PGCONNECT_TIMEOUT=3',
  ];
  psql.push('psql', '-X', '-q', '-A', '-t', '-p', String(port), '-d', databaseOf(text));
  for (const { id, text: query } of statements)
    psql.push('-c', `\\echo ${MARK}${id}`, '-c', `SELECT coalesce(json_agg(q), '[]') FROM (${query}) q`);
  const { exitCode, stdout, stderr } = await runAsOwner(psql, context, { timeoutMs, maxOutputBytes: OUTPUT_BYTES, signal });
  const answers = readAnswers(stdout, statements, stderr);
  const connected = stdout.includes(MARK) && !/could not connect|connection to server .{0,200} failed/i.test(stderr);
  if (!connected && exitCode !== 0) throw new HostError('io', `psql: ${stderr.trim().slice(0, 200)}`, UNLOCK);
  return {
    kind: 'postgres',
    outcome: 'connected',
    address: `${host.name}:${port}`,
    serverVersion: '',
    durationMs: host.now().monoMs - startedAt,
    answers,
  };
}

const UNLOCK = 'root on the machine of the database, or a sudoers line that lets this login run psql as postgres';

/** Root becomes the owner of the database; everybody else needs a line in sudoers. */
async function runAsOwner(argv: readonly string[], { host }: ProbeContext, options: Parameters<ProbeContext['host']['run']>[1]) {
  const asRoot = await host.run(['runuser', '-u', 'postgres', '--', ...argv], options);
  if (!/may not be used by non-root|Permission denied|Operation not permitted/i.test(asRoot.stderr)) return asRoot;
  const bySudo = await host.run(['sudo', '-n', '-u', 'postgres', '--', ...argv], options);
  if (/password is required|not allowed|not in the sudoers/i.test(bySudo.stderr))
    throw new HostError('no-permission', 'this login may not become postgres', UNLOCK);
  return bySudo;
}

/** `dbname=` of a keyword string, the path of a URL; the administrator's own database where neither is there. */
function databaseOf(text: string): string {
  return /(?:^|\s)dbname\s*=\s*'?([\w-]+)/.exec(text)?.[1] ?? /^[a-z+]+:\/\/[^/]*\/([\w-]+)/i.exec(text)?.[1] ?? 'postgres';
}

function readAnswers(stdout: string, statements: readonly SqlStatement[], stderr: string): Readonly<Record<string, SqlAnswer>> {
  const parts = new Map(
    stdout
      .split(MARK)
      .slice(1)
      .map((part) => {
        const end = part.indexOf('\n');
        return [part.slice(0, end).trim(), part.slice(end + 1).trim()] as const;
      }),
  );
  return Object.fromEntries(
    statements.flatMap(({ id }): [string, SqlAnswer][] => {
      const part = parts.get(id);
      if (part === undefined) return [];
      if (part === '') return [[id, { rows: [], errorCode: 'failed', error: stderr.trim().slice(0, 200) }]];
      return [[id, { rows: JSON.parse(part) as readonly SqlRow[] }]];
    }),
  );
}
