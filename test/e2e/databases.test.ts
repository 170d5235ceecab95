/** The clients as they are in the bundle, each against a real server: CommonJS packages lose their names easily on the way there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { has, POSTGRES_PASSWORD, startMariadb, startPostgres, startRedis, stopDatabases } from '../adapters/databases.ts';
import { type Desk, openDesk } from './oor.ts';

const PLAYBOOK = `oor: 1
id: databases
title: { en: databases }
phases:
  software:
    steps:
      - { id: pg, for: databases.postgres, uses: db.pg, with: { to: "\${{ target.url }}" } }
      - { id: slots, for: databases, uses: db.connections, with: { to: "\${{ target.url }}", kind: "\${{ target.kind }}" } }
      - { id: waits, for: databases, uses: db.locks, with: { to: "\${{ target.url }}", kind: "\${{ target.kind }}" } }
      - { id: mysql, for: databases.mysql, uses: db.mysql, with: { to: "\${{ target.url }}" } }
      - { id: redis, for: caches, uses: cache.redis, with: { to: "\${{ target.url }}" } }
`;

interface Answer {
  readonly findings: readonly { readonly id: string; readonly status: string; readonly code: string }[];
}

describe.skipIf(!(has('postgres') && has('mariadb') && has('redis')))('oor with databases and a cache', () => {
  let desk: Desk;

  beforeAll(() => {
    desk = openDesk();
  });
  afterAll(() => {
    desk.leave();
    stopDatabases();
  });

  it('asks all of them, keeps no password, and ends', async () => {
    const [pg, mariadb, redis] = await Promise.all([startPostgres(), startMariadb(), startRedis(['--requirepass', 'redis-secret'])]);
    writeFileSync(join(desk.folder, 'databases.yaml'), PLAYBOOK);
    writeFileSync(
      join(desk.folder, 'oor.yaml'),
      `oor: 1
databases:
  - { name: main, kind: postgres, url: { env: PG_URL } }
  - { name: old, kind: mysql, url: { env: MYSQL_URL } }
  - { name: gone, kind: postgres, url: { env: NO_SUCH_URL } }
caches:
  - { name: cache, kind: redis, url: { env: REDIS_URL } }
`,
    );
    const look = async () => {
      const { stdout, stderr, status } = await desk.run(['run', 'databases.yaml', '--json', '--no-input'], {
        PG_URL: `postgres://postgres:${POSTGRES_PASSWORD}@127.0.0.1:${pg.port}/postgres`,
        MYSQL_URL: `mysql://root:@127.0.0.1:${mariadb.port}/mysql`,
        REDIS_URL: `redis://:redis-secret@127.0.0.1:${redis.port}`,
      });
      expect(stdout + stderr).not.toMatch(/root-secret|redis-secret/);
      const { findings } = JSON.parse(stdout) as Answer;
      return { status, found: findings.map(({ id, status: each, code }) => `${id} ${each} ${code}`).sort() };
    };
    const gone = ['pg@gone unknown not-found', 'slots@gone unknown not-found', 'waits@gone unknown not-found'];
    expect((await look()).found).toEqual(gone);

    pg.hang();
    const { found, status } = await look();
    pg.goOn();
    expect(found).toEqual([...gone, 'pg@main fail hung', 'slots@main unknown no-session', 'waits@main unknown no-session'].sort());
    expect(status).not.toBeNull();
  });
});
