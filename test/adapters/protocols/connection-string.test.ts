import { describe, expect, it } from 'vitest';
import { parseConnectionString } from '../../../src/adapters/protocols/connection-string.ts';

const at = (host: string, port: number) => ({ host, port });

describe('a connection string', () => {
  it.each([
    ['postgres://app:pw@db:5433/pay?sslmode=require', 'postgres', [at('db', 5433)], 'app', 'pw', 'pay', 'require'],
    ['postgresql+psycopg2://app@db/pay', 'postgres', [at('db', 5432)], 'app', undefined, 'pay', undefined],
    ['postgres://app:p%40ss%2Fword@db/pay', 'postgres', [at('db', 5432)], 'app', 'p@ss/word', 'pay', undefined],
    ['postgres://app:p@ss/w?rd@db:5432/pay', 'postgres', [at('db', 5432)], 'app', 'p@ss/w?rd', 'pay', undefined],
    ['postgres://app:pw@a:1,b:2/pay', 'postgres', [at('a', 1), at('b', 2)], 'app', 'pw', 'pay', undefined],
    ['postgres://app:pw@[::1]:5432/pay', 'postgres', [at('::1', 5432)], 'app', 'pw', 'pay', undefined],
    ['postgres://db/pay?user=a@b&password=pw', 'postgres', [at('db', 5432)], 'a@b', 'pw', 'pay', undefined],
    ['jdbc:postgresql://db:5432/pay?user=app&password=pw&ssl=true', 'postgres', [at('db', 5432)], 'app', 'pw', 'pay', 'require'],
    ['jdbc:mysql://db/pay?user=app&password=pw&sslMode=VERIFY_CA', 'mysql', [at('db', 3306)], 'app', 'pw', 'pay', 'verify-ca'],
    ['mysql://app:pw@db/pay?ssl-mode=DISABLED', 'mysql', [at('db', 3306)], 'app', 'pw', 'pay', 'disable'],
    ['app:p@ss@tcp(db:3307)/pay?tls=true', 'mysql', [at('db', 3307)], 'app', 'p@ss', 'pay', 'verify-full'],
    [
      `host=a,b port=5432 user=app password='it\\'s one' dbname=pay`,
      'postgres',
      [at('a', 5432), at('b', 5432)],
      'app',
      "it's one",
      'pay',
      undefined,
    ],
    ['hostaddr=10.0.0.5 host=db user=app', 'postgres', [at('10.0.0.5', 5432)], 'app', undefined, undefined, undefined],
    ['redis://:pw@cache/2', 'redis', [at('cache', 6379)], undefined, 'pw', '2', undefined],
    ['rediss://app:pw@cache:6380', 'redis', [at('cache', 6380)], 'app', 'pw', undefined, 'verify-full'],
    ['db:5432', 'postgres', [at('db', 5432)], undefined, undefined, undefined, undefined],
    ['db:9999', undefined, [at('db', 9999)], undefined, undefined, undefined, undefined],
  ])('%s', (text, kind, addresses, user, password, database, tls) => {
    expect(parseConnectionString(text)).toEqual({ kind, addresses, user, password, database, tls });
  });

  it.each([
    'http://app:hunter2@db',
    'postgres://app:hunter2@',
    'host=/var/run/postgresql password=hunter2',
    'postgres://app:hunter2@db:99999/x',
    'hunter2',
  ])('is refused without repeating it: %s', (text) => {
    expect(() => parseConnectionString(text)).toThrow(
      expect.objectContaining({ name: 'HostError', message: expect.not.stringContaining('hunter2') }),
    );
  });

  it('takes the port of its kind where none is written', () => {
    expect(parseConnectionString('db', 'mysql').addresses).toEqual([at('db', 3306)]);
  });
});
