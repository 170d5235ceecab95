import { describe, expect, it } from 'vitest';
import { TARGET_LISTS } from '../../src/playbook/for-each.ts';
import { parseProfile, profileData } from '../../src/playbook/profile.ts';
import { targetShape } from '../../src/playbook/profile-shape.ts';
import { placeOf, registry, show } from './support.ts';

const GOOD = `oor: 1
site: acme-prod
entry: { url: https://pay.example.test/health, expect_status: 200 }
services:
  - { name: nginx, kind: web, process: nginx, unit: nginx, listen: [443], config_test: [nginx, -t], access_log: /var/log/nginx/access.log, error_log: /var/log/nginx/error.log }
  - { name: paygw, kind: app, process: paygw, listen: [8080], health: http://127.0.0.1:8080/health, log: /var/log/paygw/app.log, env_file: /etc/paygw/paygw.env, required_env: [BANK_API_KEY],
      manifest: /opt/paygw/MANIFEST.sha256, version: { file: /opt/paygw/VERSION, want: "2.4.1" }, user: paygw, data: [/var/lib/paygw], control: { start: [systemctl, start, paygw], restart: [systemctl, restart, paygw], reload: [systemctl, reload, paygw] } }
databases: [ { name: main, kind: postgres, url: {env: OOR_DB_URL}, standbys: [{name: standby, url: "host=db2 user=oor dbname=pay"}], pool: {max: 40, metric: "http://127.0.0.1:9090/pool"} } ]
caches: [ { name: redis, kind: redis, url: "redis://cache.example.test:6379" } ]
providers: [ { name: bank, kind: http, url: https://api.bank.test/health, role: primary, ca_file: /etc/ssl/bank.pem, credentials: {api_key: {file: /etc/paygw/paygw.env, key: BANK_API_KEY}} } ]
switches: [ { name: acquirer, host: 10.0.0.9, port: 8583, dialect: iso87-ascii, framing: len2-binary, echo: { min_interval: 300s, second_session: false } } ]
transactions: [ { name: switch, from: {file: /var/log/switch.log}, format: regex, fields: {time, bin, pan, code, terminal, merchant, amount, ms, order_no} } ]
dns: { names: { db.example.test: [10.0.0.5] }, resolvers: [10.0.0.2] }
time: { servers: [ntp.example.test] }
network: { paths: [ {name: bank, host: api.bank.test, port: 443} ], allowed_listeners: [22, 80, 443] }
power: { ups: rackups@localhost, ipmi: true }
disks: [ /dev/sda ]
settlement: [ { name: bank, orders: /data/orders.csv, statement: {argv: [fetch-statement]}, format: csv, due: "10:00" } ]
hosts: [ { name: db, ssh: db.example.test, services: [main] } ]
peers: { gw: [gw1, gw2] }
links: [ [gw, main], [gw, bank] ]
metrics: { prometheus: "http://metrics.example.test:9090", queries: { success_rate: "sum(rate(ok[5m]))" } }
calendar: { changes: {file: /var/lib/changes.csv}, maintenance: [ {provider: bank, when: "Sun 02:00-04:00"} ] }
thresholds: { disk.space: {warn: 90, crit: 98} }
actions: { switch_channel: {run: [channelctl, use, backup], show: [channelctl, show], rollback: [channelctl, use, primary]} }
contacts: [ { name: Li Wei (on call), role: payments, reach: "+1 555 0100" } ]
x-team: { anything: [goes] }
`;

function problems(text: string): string[] {
  const result = parseProfile({ file: 'main.oor.yaml', text, registry });
  return (result.ok ? result.warnings : result.problems).map(show);
}

describe('a profile with every key of the format', () => {
  const result = parseProfile({ file: 'oor.yaml', text: GOOD, registry });

  it('parses without a word', () => {
    expect(problems(GOOD)).toEqual([]);
  });

  it('is read by expressions as it was written, secrets by name', () => {
    if (!result.ok) throw new Error('refused');
    const data = profileData(result.profile);
    expect(data).toMatchObject({
      site: 'acme-prod',
      services: [{ name: 'nginx' }, { version: { want: '2.4.1' } }],
      switches: [{ echo: { min_interval: '300s' } }],
      databases: [{ url: { env: 'OOR_DB_URL' } }],
    });
    expect(data).not.toHaveProperty('x-team');
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });

  it('may be all but empty', () => {
    expect(problems('oor: 1\n')).toEqual([]);
  });
});

const SECRET = 'secret-in-profile: a secret is written here | name it instead: {env: NAME} or {file: PATH, key: NAME}';

describe('what is refused, and where', () => {
  it.each<readonly [from: string, to: string, at: string, fault: string]>([
    ['oor: 1\n', '', 'site', 'missing-key: oor is missing'],
    ['services:', 'service:', 'service:', 'unknown-key: unknown key service | did you mean services?'],
    ['process: nginx, unit', 'proces: nginx, unit', 'proces:', 'unknown-key: unknown key proces | did you mean process?'],
    ['kind: web', 'kind: nginx', 'nginx, process', 'invalid-value: kind: expected "web", "app", "switch", "worker", got "nginx"'],
    ['{ name: redis, kind', '{ kind', '{ kind: redis', 'missing-key: name is missing'],
    ['listen: [443]', 'listen: [https]', 'https]', 'invalid-value: expected a number, got "https"'],
    ['listen: [443]', 'listen: 443', '443, config', 'invalid-value: listen: expected a list, got 443'],
    ['want: "2.4.1"', 'want: 2.40', '2.40', 'invalid-value: want: expected text, got 2.4 | quote it: "2.40"'],
    ['config_test: [nginx, -t]', 'config_test: nginx -t', 'nginx -t', 'invalid-value: config_test: expected a list, got "nginx -t"'],
    [
      '{env: OOR_DB_URL}',
      '{envv: OOR_DB_URL}',
      '{envv',
      'invalid-value: url: expected {env: NAME} or {file: PATH, key: NAME}; secrets are never written into the file',
    ],
    ['{env: OOR_DB_URL}', 'postgres://oor:hunter2@db/pay', 'postgres://oor', SECRET],
    ['"host=db2 user=oor dbname=pay"', '"host=db2 user=oor password=hunter2"', '"host=db2', SECRET],
    ['redis://cache.example.test:6379', 'redis://:hunter2@cache.example.test:6379', '"redis://:', SECRET],
    ['{file: /etc/paygw/paygw.env, key: BANK_API_KEY}', 'abc123', 'abc123', SECRET],
    ['min_interval: 300s', 'min_interval: 300', '300, second', 'invalid-value: min_interval: expected text, got 300 | quote it: "300"'],
    ['disk.space: {warn', 'disk.spase: {warn', 'disk.spase', 'unknown-check: there is no check disk.spase | did you mean disk.space?'],
    ['disk.space: {warn: 90, crit: 98}', 'net.tcp: {warn: 1}', 'net.tcp', 'no-thresholds: the check net.tcp has no thresholds'],
    ['{warn: 90, crit: 98}', '{}', '{}', 'invalid-value: disk.space: expected warn, crit, warn_clear or crit_clear'],
    [
      '{warn: 90, crit: 98}',
      '{warn: 90, warn_clear: 95}',
      '95}',
      'threshold-order: warn_clear: 95 is on the wrong side of warn (90) | a warn would never clear; expected at most 90',
    ],
    [
      'disk.space: {warn: 90, crit: 98}',
      'disk.space: {crit_clear: 99}',
      '99}',
      'threshold-order: crit_clear: 99 is on the wrong side of crit (95) | a crit would never clear; expected at most 95',
    ],
    [
      'services: [main]',
      'services: [mein]',
      'mein',
      'unknown-name: no service, database, cache or provider is called mein | did you mean main?',
    ],
    ['{provider: bank, when', '{provider: bnk, when', 'bnk', 'unknown-name: no provider is called bnk | did you mean bank?'],
    ['[gw, bank]', '[gw, bnk]', 'bnk', 'unknown-name: nothing here is called bnk | did you mean bank?'],
    ['[gw, bank]', '[gw]', '[gw] ]', 'invalid-value: expected a pair: [who, depends on whom]'],
    ['name: paygw, kind', 'name: nginx, kind', 'nginx, kind: app', 'duplicate-name: two services are called nginx'],
    ['name: nginx, kind: web', 'name: nginx, on: dbb, kind: web', 'dbb', 'unknown-name: no host is called dbb | did you mean db?'],
    ['due: "10:00"', 'due: 10:00am', '10:00am', 'invalid-value: due: expected a time such as "10:00"'],
    [
      'url: https://pay.example.test/health',
      'url: pay.example.test',
      'pay.example.test,',
      'invalid-value: url: expected a URL, got "pay.example.test"',
    ],
  ])('%s -> %s', (from, to, at, fault) => {
    if (!GOOD.includes(from)) throw new Error(`no ${from}`);
    const text = GOOD.replace(from, to);
    expect(problems(text)).toContain(`${placeOf(text, at)} ${fault}`);
  });

  it('never repeats a secret in a problem', () => {
    expect(problems(GOOD.replace('{env: OOR_DB_URL}', 'postgres://oor:hunter2@db/pay')).join('\n')).not.toContain('hunter2');
  });

  it('a file that is no profile', () => {
    expect(problems('[]')).toEqual(['1:1 invalid-value: expected a map of keys, got a list']);
    expect(problems('a: [')).toHaveLength(1);
  });
});

describe('the lists that for: may name', () => {
  it.each(Object.entries(TARGET_LISTS))('%s is a list of the profile', (list, { kinds, role }) => {
    const shape = targetShape(list) as unknown as { entries: Record<string, { options?: readonly string[] }> };
    expect(shape?.entries).toBeDefined();
    expect('kind' in shape.entries).toBe(kinds !== undefined);
    expect('role' in shape.entries).toBe(role === true);
  });
});
