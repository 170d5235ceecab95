import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLocalHost } from '../../../src/adapters/local-host.ts';
import { createProtocols } from '../../../src/adapters/protocols/index.ts';
import { createRecordedHost, recordHost } from '../../../src/adapters/recorded-host.ts';
import { createSecrets } from '../../../src/adapters/secrets.ts';
import type { Host, SqlRequest } from '../../../src/ports.ts';
import { until } from '../../checks/database-lab.ts';
import { issue } from '../certificates.ts';
import { has, type Instance, POSTGRES_PASSWORD, startPostgres, stopDatabases } from '../databases.ts';
import { waitFor } from '../processes.ts';
import { closeServers, startTcp } from '../servers.ts';

const host = createLocalHost();
const net = createProtocols(host);
const noSecrets = createSecrets({ env: {}, readFile: host.readFile });
const select = (...texts: string[]): SqlRequest['statements'] => ({ postgres: texts.map((text, index) => ({ id: `s${index}`, text })) });
const openSockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

describe('something that is no PostgreSQL server', () => {
  afterEach(closeServers);
  const ask = (port: number, timeoutMs: number) =>
    net.sql({ to: `postgres://app:pw@127.0.0.1:${port}/pay`, secrets: noSecrets, statements: select('SELECT 1'), timeoutMs });

  it.each([
    ['says nothing', () => {}, 'no-answer'],
    ['hangs up', (socket: { end(): void }) => socket.end(), 'closed'],
    ['speaks HTTP', (socket: { write(text: string): void }) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 'protocol-error'],
    [
      'speaks nonsense after the first letter',
      (socket: { write(text: string): void }) => socket.write('N'.padEnd(40, 'x')),
      'protocol-error',
    ],
  ] as const)('%s', async (_name, behave, outcome) => {
    const before = openSockets();
    expect(await ask(await startTcp(behave), outcome === 'no-answer' ? 500 : 60_000)).toMatchObject({ outcome, answers: {} });
    closeServers();
    expect(await waitFor(() => openSockets() <= before)).toBe(true);
  });
});

describe.skipIf(!has('postgres'))('a PostgreSQL server', () => {
  let server: Instance;
  let to = '';
  const ca = issue({ name: 'Root', ca: true });
  const folder = mkdtempSync(join(tmpdir(), 'oor-pg-tls-'));
  const ask = (statements: SqlRequest['statements'], more: Partial<SqlRequest> = {}) =>
    net.sql({ to, secrets: noSecrets, timeoutMs: 60_000, statements, ...more });

  beforeAll(async () => {
    const leaf = issue({ name: 'db', names: ['db.example.test', '127.0.0.1'], issuer: ca });
    for (const [name, text] of [
      ['ca.pem', ca.pem],
      ['other.pem', issue({ name: 'Other', ca: true }).pem],
      ['cert.pem', leaf.pem],
      ['key.pem', leaf.keyPem],
    ] as const) {
      writeFileSync(join(folder, name), text, { mode: 0o644 });
    }
    const key = join(folder, 'key.pem');
    writeFileSync(key, leaf.keyPem);
    chmodSync(folder, 0o755);
    chmodSync(key, 0o600);
    if (process.getuid?.() === 0) chownSync(key, 65_534, 65_534);
    server = await startPostgres({ ssl: 'on', ssl_cert_file: join(folder, 'cert.pem'), ssl_key_file: key });
    to = `postgres://postgres:${POSTGRES_PASSWORD}@127.0.0.1:${server.port}/postgres`;
  });
  afterAll(() => {
    stopDatabases();
    rmSync(folder, { recursive: true });
  });

  it('answers each statement for itself, and gives plain values', async () => {
    const session = await ask(
      select(`SELECT 1 AS n, 'a' AS t, true AS b, NULL AS x, '2026-01-01'::timestamptz AS at`, 'SELECT * FROM nowhere', 'SELECT 2 AS n'),
    );
    expect(session.answers).toMatchObject({
      s0: { rows: [{ n: 1, t: 'a', b: true, x: null, at: expect.stringContaining('2026-01-01') }] },
      s1: { rows: [], errorCode: '42P01' },
      s2: { rows: [{ n: 2 }] },
    });
  });

  it('reads and nothing else', async () => {
    const session = await ask(select(`SELECT relname FROM pg_class FOR UPDATE`));
    expect(session.answers['s0']).toMatchObject({ errorCode: '25006' });
    await expect(ask(select('DROP TABLE orders'))).rejects.toThrow('does not start as one that reads');
  });

  it('a statement that takes too long is given up by the server, and the next one asked', async () => {
    const session = await ask(select('SELECT pg_sleep(30)', 'SELECT 1 AS n'), { timeoutMs: 2_000 });
    expect(session).toMatchObject({ outcome: 'connected', answers: { s0: { errorCode: '57014' }, s1: { rows: [{ n: 1 }] } } });
  });

  it('leaves no session and no socket behind, and no setting with a pooler', async () => {
    const before = openSockets();
    const session = await ask(
      select(`SELECT current_setting('application_name') AS name, current_setting('default_transaction_read_only') AS lasting`),
    );
    expect(session.answers['s0']?.rows).toEqual([{ name: 'oor', lasting: 'off' }]);
    expect(await waitFor(() => openSockets() <= before)).toBe(true);
    // The server hears of the end a moment later.
    const count = select(`SELECT count(*)::int AS others FROM pg_stat_activity WHERE application_name = 'oor' AND pid <> pg_backend_pid()`);
    await until(async () => (await ask(count)).answers['s0']?.rows[0]?.['others'] === 0);
  });

  it('TLS is used where it is offered, and verified where that is asked for', async () => {
    const encrypted = select('SELECT ssl AS encrypted FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    const seen = async (mode: string, caFile?: string) => {
      const session = await ask(encrypted, { to: `${to}${mode}`, ...(caFile && { caFile: join(folder, caFile) }) });
      return session.answers['s0']?.rows[0]?.['encrypted'] ?? session.outcome;
    };
    expect(await seen('')).toBe(true);
    expect(await seen('?sslmode=disable')).toBe(false);
    expect(await seen('?sslmode=require')).toBe(true);
    expect(await seen('?sslmode=verify-full')).toBe('tls-failed');
    expect(await seen('', 'ca.pem')).toBe(true);
    expect(await seen('', 'other.pem')).toBe('tls-failed');
  });

  it('is reached over the dial of its host', async () => {
    const far: Host = {
      ...host,
      name: 'far',
      dial: (address, options) => host.dial({ host: '127.0.0.1', port: address.port === 5432 ? server.port : 1 }, options),
    };
    const session = await createProtocols(far, { isLocal: false }).sql({
      to: `host=10.0.0.5 user=postgres password=${POSTGRES_PASSWORD}`,
      secrets: noSecrets,
      statements: select('SELECT 1 AS n'),
    });
    expect(session).toMatchObject({ outcome: 'connected', address: '10.0.0.5:5432' });
  });

  it('is recorded by the name of the secret', async () => {
    const secrets = createSecrets({ env: { DB_URL: to }, readFile: host.readFile });
    const recorder = recordHost(host, net);
    const request = { to: { env: 'DB_URL' }, statements: select('SELECT 1 AS n') };
    const real = await recorder.net.sql({ ...request, secrets });
    const recording = JSON.stringify(recorder.recording());
    expect(recording).not.toContain(POSTGRES_PASSWORD);
    const replayed = createRecordedHost(JSON.parse(recording));
    expect(await replayed.net.sql({ ...request, secrets: replayed.secrets })).toEqual(real);
  });

  it('several at once take turns', async () => {
    // Long enough for others to be seen at work; one that has ended is listed for a moment more.
    const count = select(
      `SELECT count(*)::int AS sessions FROM pg_stat_activity, pg_sleep(0.1) WHERE application_name = 'oor' AND state = 'active'`,
    );
    const sessions = await Promise.all(Array.from({ length: 6 }, () => ask(count)));
    expect(sessions.map(({ answers }) => answers['s0']?.rows[0]?.['sessions'])).toEqual([1, 1, 1, 1, 1, 1]);
  });
});
