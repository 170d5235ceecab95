import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { loadChecks } from '../../src/checks/index.ts';
import { readNginxConfig } from '../../src/cli/init-nginx.ts';
import { findPaths, findPeers, parseSettings } from '../../src/cli/init-settings.ts';
import { renderProfile } from '../../src/cli/init-yaml.ts';
import { parseProfile } from '../../src/playbook/profile.ts';
import { parseYaml } from '../../src/playbook/yaml.ts';
import { type Desk, openDesk } from '../e2e/oor.ts';

describe('nginx -T', () => {
  const text = `# configuration file /etc/nginx/nginx.conf:
error_log /var/log/nginx/error.log warn; # a comment { with } braces;
http {
  log_format main '$remote_addr "$request" {$status};';
  access_log "/var/log/nginx/access.log" main;
  upstream till { server 127.0.0.1:9001 weight=2; server localhost:9002; server 10.0.0.5:9003; }
  server { listen 80; server_name pay.example.test; return 301 https://$host$request_uri; }
  server {
    listen [::]:8443 ssl http2; listen 10.0.0.1:8443 ssl;
    server_name pay.example.test *.example.test;
    ssl_certificate /etc/ssl/pay.pem; ssl_certificate_key /etc/ssl/pay.key;
    location / { if ($x) { return 403; } proxy_pass http://till/path; }
    location /a { proxy_pass http://$backend; access_log off; }
  }
}
# configuration file /etc/nginx/conf.d/more.conf:
`;
  test('servers, upstreams, logs, certificates, files', () => {
    expect(readNginxConfig(text)).toEqual({
      files: ['/etc/nginx/nginx.conf', '/etc/nginx/conf.d/more.conf'],
      accessLogs: ['/var/log/nginx/access.log'],
      errorLogs: ['/var/log/nginx/error.log'],
      servers: [
        { names: ['pay.example.test'], listens: [{ port: 80, tls: false }], certificates: [], proxiedPorts: [] },
        {
          names: ['pay.example.test', '*.example.test'],
          listens: [
            { port: 8443, tls: true },
            { port: 8443, tls: true },
          ],
          certificates: ['/etc/ssl/pay.pem'],
          proxiedPorts: [9001, 9002],
        },
      ],
    });
  });
  test('any text is read', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', ';', ' ', '"', "'", '\\', '#', 'a', '\n', 'server') }),
        (odd) => void readNginxConfig(odd),
      ),
    );
  });
});

describe('settings', () => {
  const settings = parseSettings(`# comment
export DB_URL="postgres://till:hunter2@db.example.test:6432/pay?sslmode=require"
LEDGER_DSN='host=ledger.example.test dbname=l user=u password=hunter2'
STOCK_JDBC_URL=jdbc:mysql://stock.example.test/s?user=u&password=hunter2
REDIS_HOST=cache.example.test
REDIS_PORT=6380
REDIS_PASSWORD=hunter2
BANK_URL=https://api.bank.test/v1/charge   # theirs
QUEUE=amqps://u:hunter2@mq.example.test
SPOOL=/var/lib/till/spool
API_KEY=/not/a/path
NODE_HOST=not a host
`);
  test('peers, by place only', () => {
    const peers = findPeers(settings);
    expect(peers.map(({ kind, host, port, whole, secret, from }) => [kind, host, port, whole, secret, from])).toEqual([
      ['postgres', 'db.example.test', 6432, true, true, ['DB_URL']],
      ['postgres', 'ledger.example.test', 5432, true, true, ['LEDGER_DSN']],
      ['mysql', 'stock.example.test', 3306, false, true, ['STOCK_JDBC_URL']],
      ['redis', 'cache.example.test', 6380, false, true, ['REDIS_HOST', 'REDIS_PORT']],
      ['http', 'api.bank.test', 443, false, false, ['BANK_URL']],
      ['tcp', 'mq.example.test', 5671, false, true, ['QUEUE']],
    ]);
    expect(peers.map(({ stem }) => stem)).toEqual(['', 'ledger', 'stock', 'redis', 'bank', 'queue']);
    expect(JSON.stringify(peers)).not.toContain('hunter2');
  });
  test('paths, but none of a secret', () => {
    expect(findPaths(settings)).toEqual([{ name: 'SPOOL', path: '/var/lib/till/spool' }]);
  });
});

describe('the YAML that is written', () => {
  test('whatever a name is, it reads back as that name', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('yes', 'null', '1.10', '0x1f', '- a', 'a: b', '#x', '{a}', '*a', '&a', '!a', '%a', '@a', "it's", 'a,b', ' a ', ''),
    );
    const plain = word.map((text) => Buffer.from(text).toString());
    fc.assert(
      fc.property(plain, plain, fc.array(plain), (value, note, list) => {
        const text = renderProfile(
          ['head'],
          [
            { key: 'site', content: { value } },
            {
              key: 'x-list',
              note,
              content: {
                entries: [
                  {
                    note,
                    lines: [
                      { key: 'name', value, note },
                      { key: 'more', value: { list }, note },
                    ],
                  },
                ],
              },
            },
          ],
        );
        const parsed = parseYaml({ file: 'oor.yaml', text });
        expect(parsed.ok && parsed.yaml.value).toEqual({ oor: 1, site: value, 'x-list': [{ name: value, more: { list } }] });
      }),
      { numRuns: 300 },
    );
  });
});

describe('oor init', () => {
  let desk: Desk | undefined;
  afterEach(() => desk?.leave());

  test('writes a profile that is valid, readable for all, and never over another one', async () => {
    desk = openDesk();
    const file = join(desk.folder, 'oor.yaml');
    const first = await desk.run(['init', '--no-input', '--answer', 'site=till-prod', '--answer', 'entry=https://pay.example.test/health']);
    expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining('wrote oor.yaml') });
    const text = readFileSync(file, 'utf8');
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(text).toMatch(/^site: till-prod$/m);
    expect(text).toMatch(/url: https:\/\/pay\.example\.test\/health +# answered$/m);
    expect(parseProfile({ file, text, registry: await loadChecks() })).toMatchObject({ ok: true });
    writeFileSync(file, 'oor: 1 # mine\n');
    expect(await desk.run(['init', '--no-input'])).toMatchObject({ status: 2, stderr: expect.stringContaining('--force') });
    expect(readFileSync(file, 'utf8')).toBe('oor: 1 # mine\n');
    const again = await desk.run(['init', '--no-input', '--force', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ schema_version: 1, file: 'oor.yaml' });
    expect(readFileSync(file, 'utf8')).not.toContain('# mine');
    expect(await desk.run(['init', '--no-input', '--answer', 'overwrite=true'])).toMatchObject({ status: 0 });
    expect(await desk.run(['init', 'a', 'b'])).toMatchObject({ status: 2 });
    expect(existsSync(join(desk.folder, 'a'))).toBe(false);
  });
});

test('the example profile is valid and names no secret', async () => {
  const file = 'playbooks/examples/acme/oor.yaml';
  const text = readFileSync(file, 'utf8');
  expect(parseProfile({ file, text, registry: await loadChecks() })).toMatchObject({ ok: true });
  expect(text).not.toMatch(/password\s*[=:]/i);
});
