/** Is a database connection kept free for oor? When the pool has taken them all it is too late to ask. */
import { HostError } from '../errors.ts';
import type { Json, JsonObject, SecretRef, SqlKind, SqlRow } from '../ports.ts';
import type { Services } from './services.ts';

export interface Unreserved {
  readonly database: string;
  readonly why: string;
  readonly unlock: string;
}

/** `reserved_connections` and its role exist since PostgreSQL 16 (manual, 20.3.1). */
const STATEMENT = `SELECT current_user AS role, current_setting('max_connections') AS most,
  current_setting('superuser_reserved_connections') AS for_superusers, coalesce(current_setting('reserved_connections', true), '') AS reserved,
  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS is_superuser,
  coalesce((SELECT pg_has_role(current_user, oid, 'USAGE') FROM pg_roles WHERE rolname = 'pg_use_reserved_connections'), false) AS may_use`;

/** One connection beyond `max_connections` is kept for whoever may SUPER or CONNECTION_ADMIN; a second port has its own (MariaDB extra_port, MySQL admin_port). */
const MYSQL = [
  {
    id: 'slots',
    text: `SELECT current_user() AS role, @@global.max_connections AS most,
  (SELECT count(*) FROM information_schema.user_privileges WHERE privilege_type IN ('SUPER', 'CONNECTION_ADMIN', 'CONNECTION ADMIN')
    AND grantee = concat('''', substring_index(current_user(), '@', 1), '''@''', substring_index(current_user(), '@', -1), '''')) AS may_use`,
  },
];

/** Every database of the profile that has nothing kept for oor, or that does not say. */
export async function askSlots(services: Services, profile: JsonObject): Promise<readonly Unreserved[]> {
  const databases = Array.isArray(profile['databases']) ? (profile['databases'] as readonly JsonObject[]) : [];
  const asked = databases.filter(({ kind }) => kind === 'postgres' || kind === 'mysql');
  if (asked.length === 0) return [];
  const access = (await services.hosts({}))(services.localHost);
  const found = await Promise.all(
    asked.map(async ({ name, url, kind }) => {
      const database = String(name);
      const judge = kind === 'mysql' ? judgeMysqlSlot : judgeSlot;
      if (!access || url === undefined) return { database, ...judge(undefined, 'the profile names no url for it') };
      try {
        const { outcome, answers, error } = await access.net.sql({
          to: url as string | SecretRef,
          secrets: access.secrets,
          kind: kind as SqlKind,
          statements: { postgres: [{ id: 'slots', text: STATEMENT }], mysql: MYSQL },
          timeoutMs: 5_000,
          signal: services.interruption,
        });
        const answer = answers['slots'];
        return { database, ...judge(answer?.rows[0], answer?.error ?? error ?? outcome) };
      } catch (failure) {
        if (!(failure instanceof HostError)) throw failure;
        return { database, ...judge(undefined, failure.message) };
      }
    }),
  );
  return found.flatMap(({ database, why, unlock }) => (why === undefined || unlock === undefined ? [] : [{ database, why, unlock }]));
}

/** Empty when a slot is kept. */
export function judgeSlot(row: SqlRow | undefined, otherwise: string): { readonly why?: string; readonly unlock?: string } {
  if (!row)
    return {
      why: `whether a connection is kept for oor cannot be told (${otherwise})`,
      unlock: `${ADVICE_16} (PostgreSQL 16 and later); before 16 only superusers have reserved ones (superuser_reserved_connections)`,
    };
  const role = text(row['role']);
  const [most, forSuperusers, reserved] = [text(row['most']), Number(row['for_superusers']), text(row['reserved'])];
  if (row['is_superuser'] === true && forSuperusers > 0) return {};
  if (row['may_use'] === true && Number(reserved) > 0) return {};
  const why = `no connection is kept for ${role}: when all ${most} are taken, oor is refused like everybody else`;
  if (reserved === '') {
    return {
      why,
      unlock: `before PostgreSQL 16 only superusers have reserved connections (superuser_reserved_connections = ${forSuperusers}): keep one for the person on call, and limit the others: ALTER ROLE <application role> CONNECTION LIMIT ${Math.max(1, Number(most) - forSuperusers - 2)}`,
    };
  }
  return { why, unlock: ADVICE_16.replace('<role of oor>', quoteIdentifier(role)) };
}

/** Empty when a slot is kept. */
function judgeMysqlSlot(row: SqlRow | undefined, otherwise: string): { readonly why?: string; readonly unlock?: string } {
  if (Number(row?.['may_use'] ?? 0) > 0) return {};
  const role = row ? text(row['role']) : '<account of oor>';
  const unlock = `GRANT CONNECTION ADMIN ON *.* TO ${role} (MySQL: CONNECTION_ADMIN): one connection beyond max_connections is kept for such accounts; or a second port of its own: extra_port (MariaDB), admin_address and admin_port (MySQL)`;
  if (!row) return { why: `whether a connection is kept for oor cannot be told (${otherwise})`, unlock };
  return { why: `no connection is kept for ${role}: when all ${text(row['most'])} are taken, oor is refused like everybody else`, unlock };
}

const ADVICE_16 =
  'in postgresql.conf: reserved_connections = 2 (needs a restart), then: GRANT pg_use_reserved_connections TO <role of oor>';

function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function text(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
