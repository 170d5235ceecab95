import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLocalHost } from '../../../src/adapters/local-host.ts';
import { createProtocols } from '../../../src/adapters/protocols/index.ts';
import { createSecrets } from '../../../src/adapters/secrets.ts';
import type { SqlRequest } from '../../../src/ports.ts';
import { until } from '../../checks/database-lab.ts';
import { has, type Instance, startMariadb, stopDatabases } from '../databases.ts';
import { waitFor } from '../processes.ts';
import { closeServers, startTcp } from '../servers.ts';

const host = createLocalHost();
const net = createProtocols(host);
const secrets = createSecrets({ env: {}, readFile: host.readFile });
const select = (...texts: string[]): SqlRequest['statements'] => ({ mysql: texts.map((text, index) => ({ id: `s${index}`, text })) });
const openSockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

describe('something that is no MySQL server', () => {
  afterEach(closeServers);

  it.each([
    ['says nothing', () => {}, 'no-answer'],
    ['hangs up', (socket: { end(): void }) => socket.end(), 'closed'],
    [
      'speaks something else',
      (socket: { write(text: string): void }) => socket.write('220 mail.example.test ESMTP\r\n'),
      /protocol-error|no-answer/,
    ],
  ] as const)('%s', async (_name, behave, outcome) => {
    const before = openSockets();
    const port = await startTcp(behave);
    const timeoutMs = outcome === 'closed' ? 60_000 : 500;
    const session = await net.sql({ to: `mysql://app:pw@127.0.0.1:${port}/pay`, secrets, statements: select('SELECT 1'), timeoutMs });
    expect(session.outcome).toMatch(outcome);
    closeServers();
    expect(await waitFor(() => openSockets() <= before)).toBe(true);
  });
});

describe.skipIf(!has('mariadb'))('a MariaDB server', () => {
  let server: Instance;
  const ask = (statements: SqlRequest['statements'], query = '') =>
    net.sql({ to: `mysql://root:@127.0.0.1:${server.port}/mysql${query}`, secrets, timeoutMs: 60_000, statements });

  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(stopDatabases);

  it('answers each statement for itself, and gives plain values', async () => {
    const session = await ask(
      select(`SELECT 1 AS n, 'a' AS t, 1.5 AS d, NULL AS x, timestamp('2026-01-01') AS at`, 'SELECT * FROM nowhere', 'SELECT 2 AS n'),
    );
    expect(session).toMatchObject({ kind: 'mysql', outcome: 'connected', serverVersion: expect.stringContaining('MariaDB') });
    expect(session.answers).toEqual({
      s0: { rows: [{ n: 1, t: 'a', d: 1.5, x: null, at: '2026-01-01 00:00:00' }] },
      s1: { rows: [], errorCode: '1146', error: expect.any(String) },
      s2: { rows: [{ n: 2 }] },
    });
  });

  it('says so when TLS is asked for and not to be had', async () => {
    expect(await ask(select('SELECT 1'), '?ssl-mode=REQUIRED')).toMatchObject({ outcome: 'tls-failed' });
  });

  it('leaves no session and no socket behind', async () => {
    const before = openSockets();
    await ask(select('SELECT 1'));
    expect(await waitFor(() => openSockets() <= before)).toBe(true);
    // The server hears of the end a moment later.
    const count = select('SELECT count(*) AS others FROM information_schema.processlist WHERE id <> connection_id()');
    await until(async () => (await ask(count)).answers['s0']?.rows[0]?.['others'] === 0);
  });
});
