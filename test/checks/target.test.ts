import { describe, expect, it } from 'vitest';
import { parseTarget } from '../../src/checks/target.ts';
import { HostError } from '../../src/errors.ts';

describe('parseTarget', () => {
  it.each([
    ['db.example.test:5432', 'db.example.test:5432'],
    ['[::1]:5433', '::1:5433'],
    ['postgres://user:pa55@db.example.test/pay', 'db.example.test:5432'],
    ['postgresql://db.example.test:6000/pay?sslmode=require', 'db.example.test:6000'],
    ['postgres://user:p/a@ss@db.example.test:6001/pay', 'db.example.test:6001'],
    ['postgres://a:1,b:2/pay', 'a:1 b:2'],
    ['postgres:///pay?host=10.0.0.5&port=7000', '10.0.0.5:7000'],
    ['mysql://root@db.example.test/x', 'db.example.test:3306'],
    ['redis://:secret@cache.example.test', 'cache.example.test:6379'],
    ['rediss://cache.example.test:6380/0', 'cache.example.test:6380'],
    ['postgresql+psycopg2://db.example.test/x', 'db.example.test:5432'],
    ['jdbc:postgresql://db.example.test:5444/pay', 'db.example.test:5444'],
    ['app:pw@tcp(10.0.0.9:3307)/pay', '10.0.0.9:3307'],
    ['https://api.example.test/health', 'api.example.test:443'],
    ['http://[fd00::1]/health', 'fd00::1:80'],
    ["host='db.example.test' port='6432' user=app password='a b \\' host=evil'", 'db.example.test:6432'],
    ["host=db.example.test dbname=pay user=app password='a b'", 'db.example.test:5432'],
    ['host = db1,db2 port=5432,5433 dbname=pay', 'db1:5432 db2:5433'],
    ['host=db.example.test hostaddr=10.0.0.5 port=6432 user=x', '10.0.0.5:6432'],
  ])('%s', (text, expected) => {
    expect(
      parseTarget(text)
        .map(({ host, port }) => `${host}:${port}`)
        .join(' '),
    ).toBe(expected);
  });

  it('takes the default port where none is written', () => {
    expect(parseTarget('pay.example.test', 443)).toEqual([{ host: 'pay.example.test', port: 443 }]);
  });

  it.each(['hunter2-secret', 'postgres://user:hunter2@', 'host=/var/run/postgresql user=hunter2', 'db:99999999hunter2', '-ohunter2:1', ''])(
    'refuses %s without repeating it',
    (text) => {
      const failure = (() => {
        try {
          return parseTarget(text);
        } catch (error) {
          return error;
        }
      })();
      expect(failure).toBeInstanceOf(HostError);
      expect(String(failure)).not.toContain('hunter2');
    },
  );

  it('tells a local socket from a mistake', () => {
    expect(() => parseTarget('host=/var/run/postgresql dbname=pay')).toThrow(expect.objectContaining({ reason: 'unsupported' }));
    expect(() => parseTarget('nonsense')).toThrow(expect.objectContaining({ reason: 'not-found' }));
  });
});
