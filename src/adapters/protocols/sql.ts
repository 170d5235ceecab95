import { HostError } from '../../errors.ts';
import type { SqlAnswer, SqlRequest, SqlSession } from '../../ports.ts';
import { talkMysql } from './mysql.ts';
import { talkPostgres } from './postgres.ts';
import { type ClientAccess, openSession, revealLogin } from './session.ts';

/** One short session that reads: log in, run the statements of the server's kind, leave. */
export async function openSql(access: ClientAccess, request: SqlRequest): Promise<SqlSession> {
  const login = await revealLogin(request, request.kind);
  const kind = login.kind;
  const statements = kind === 'redis' || kind === undefined ? undefined : request.statements[kind];
  if (kind === undefined || kind === 'redis' || !statements || (request.kind && request.kind !== kind)) {
    throw new HostError('unsupported', `${kind ?? 'an unknown kind of database'} is not what is asked here`);
  }
  const [{ host, port }] = login.addresses;
  if (login.user === undefined) {
    throw new HostError(
      'no-permission',
      `no login is known for ${host}:${port}`,
      'a url of the profile that names a user: {env: NAME} or {file: PATH}',
    );
  }
  const writing = statements.find(({ text }) => !/^\s*(SELECT|SHOW|WITH)\b/i.test(text));
  if (writing) throw new Error(`statement ${writing.id} does not start as one that reads`);
  const talk = kind === 'postgres' ? talkPostgres : talkMysql;
  return {
    kind,
    ...(await openSession<Record<string, SqlAnswer>>(
      access,
      request,
      login,
      () => ({}),
      (link) => talk(link, statements),
    )),
  };
}
