import { describe, expect, it } from 'vitest';
import { parseProfile } from '../../src/playbook/profile.ts';
import { registry, show } from './support.ts';

const GOOD = `oor: 1
site: acme-prod
entry: { url: https://pay.example.test/health, expect_status: 200 }
services:
  - { name: nginx, kind: web, process: nginx, unit: nginx, listen: [443], config_test: [nginx, -t], access_log: /var/log/nginx/access.log, error_log: /var/log/nginx/error.log }
  - { name: paygw, kind: app, process: paygw, listen: [8080], health: http://127.0.0.1:8080/health, log: /var/log/paygw/app.log, env_file: /etc/paygw/paygw.env, required_env: [BANK_API_KEY],
      manifest: /opt/paygw/MANIFEST.sha256, version: { file: /opt/paygw/VERSION, want: "2.4.1" }, user: paygw, data: [/var/lib/paygw], control: { start: [systemctl, start, paygw], restart: [systemctl, restart, paygw], reload: [systemctl, reload, paygw] } }
databases: [ { name: main, kind: postgres, url: {env: OOR_DB_URL}, standbys: [{name: standby, url: "host=db2 user=oor dbname=pay"}], pool: {max: 40, metric: http://127.0.0.1:9090/pool} } ]
caches: [ { name: redis, kind: redis, url: redis://cache.example.test:6379 } ]
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
metrics: { prometheus: http://metrics.example.test:9090, queries: { success_rate: "sum(rate(ok[5m]))" } }
calendar: { changes: {file: /var/lib/changes.csv}, maintenance: [ {provider: bank, when: "Sun 02:00-04:00"} ] }
thresholds: { disk.space: {warn: 90, crit: 98} }
actions: { switch_channel: {run: [channelctl, use, backup], show: [channelctl, show], rollback: [channelctl, use, primary]} }
contacts: [ { name: oncall, role: payments, reach: "+1 555 0100" } ]
x-team: { anything: [goes] }
`;

function problems(text: string): string[] {
  const result = parseProfile({ file: 'main.oor.yaml', text, registry });
  return (result.ok ? result.warnings : result.problems).map(show);
}

describe('a profile with every key of the format', () => {
  it('parses without a word', () => {
    expect(problems(GOOD)).toEqual([]);
  });
});
