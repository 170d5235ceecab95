/** Logins to the private servers of test/adapters/databases.ts, and roles with and without rights. */
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { type Instance, POSTGRES_PASSWORD } from '../adapters/databases.ts';

export function postgresUrl({ port }: Instance, login = `postgres:${POSTGRES_PASSWORD}`, database = 'postgres'): string {
  return `postgres://${login}@127.0.0.1:${port}/${database}`;
}

export function mysqlUrl({ port }: Instance, login = 'root:', database = 'mysql'): string {
  return `mysql://${login}@127.0.0.1:${port}/${database}`;
}

const closers: (() => void)[] = [];

export function closeClients(): void {
  for (const close of closers.splice(0)) close();
}

export async function openPostgres(instance: Instance, application = 'till', login?: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: postgresUrl(instance, login), application_name: application });
  client.on('error', () => {});
  await client.connect();
  closers.push(() => void client.end().catch(() => {}));
  return client;
}

export async function openMysql({ port }: Instance, user = 'root', password = ''): ReturnType<typeof createConnection> {
  const connection = await createConnection({ host: '127.0.0.1', port, user, password });
  connection.on('error', () => {});
  closers.push(() => connection.destroy());
  return connection;
}

/** `app` may log in and nothing more, `watch` has pg_monitor. */
export async function addRoles(instance: Instance): Promise<void> {
  const client = await openPostgres(instance, 'setup');
  await client.query(
    `CREATE ROLE app LOGIN PASSWORD 'app-secret'; CREATE ROLE watch LOGIN PASSWORD 'watch-secret'; GRANT pg_monitor TO watch`,
  );
  await client.end();
}

export const APP = 'app:app-secret';
export const WATCH = 'watch:watch-secret';

/** What ends a hang. */
const PATIENCE_MS = 120_000;

export async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
    if (await reached()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come to that');
}

/** A session as `net.sql` gives one, for facts that no server here makes. */
export function sessionOf(outcome: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { kind: 'postgres', outcome, address: 'db:5432', serverVersion: '15', durationMs: 3, errorCode: '', error: '', ...more };
}
