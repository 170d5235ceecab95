import { expect, test } from 'vitest';
import { loadChecks } from '../../src/checks/index.ts';
import { draftSections } from '../../src/cli/init-draft.ts';
import { lookAround } from '../../src/cli/init-look.ts';
import { collectPeers, collectSwitchPeers } from '../../src/cli/init-peers.ts';
import { findServices } from '../../src/cli/init-services.ts';
import { renderProfile } from '../../src/cli/init-yaml.ts';
import { HostError } from '../../src/errors.ts';
import { parseProfile } from '../../src/playbook/profile.ts';
import type { Host, Protocols } from '../../src/ports.ts';

const SECRET = 'hunter2-canary';
const FILES: Readonly<Record<string, string>> = {
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\ntill:x:900:900::/:/bin/false\n',
  '/etc/resolv.conf': 'nameserver 10.0.0.2\nsearch example.test\n',
  '/etc/chrony/chrony.conf': 'pool ntp.example.test iburst\n',
  '/srv/till/VERSION': '7.1\n',
  '/etc/till/till.env': `DB_URL=postgres://till:${SECRET}@db.example.test/pay\nBANK_URL=https://api.bank.test/v1\nBANK_SECRET=${SECRET}\nSPOOL=/var/spool/till\n`,
  '/etc/systemd/x': '',
  ...processFiles(10, ['nginx: master process /usr/sbin/nginx'], 0, 'nginx', 'nginx.service'),
  ...processFiles(
    20,
    ['/usr/bin/node', '/srv/till/till.js'],
    900,
    'node',
    'till.service',
    `DB_URL=postgres://x:${SECRET}@db\0BANK_URL=u\0BANK_SECRET=${SECRET}\0SPOOL=/x\0`,
  ),
  ...processFiles(30, ['/srv/acq/acqlink'], 900, 'acqlink', 'acqlink.service'),
  ...processFiles(40, ['/usr/sbin/chronyd'], 0, 'chronyd', 'chrony.service'),
  ...processFiles(50, ['/usr/sbin/sshd'], 0, 'sshd', 'ssh.service'),
  '/proc/20/fdinfo/3': 'pos:\t0\nflags:\t0102001\n',
};
const COMMANDS: Readonly<Record<string, string>> = {
  'ss -H -t -a -n -p': `LISTEN 0 511 0.0.0.0:443 0.0.0.0:* users:(("nginx",pid=10,fd=5))
LISTEN 0 64 127.0.0.1:9001 0.0.0.0:* users:(("node",pid=20,fd=4))
LISTEN 0 64 *:7000 *:* users:(("acqlink",pid=30,fd=4))
LISTEN 0 64 [::]:22 [::]:* users:(("sshd",pid=50,fd=4))
ESTAB 0 0 10.0.0.1:55001 10.9.0.1:8583 users:(("acqlink",pid=30,fd=5))
ESTAB 0 0 10.0.0.1:7000 10.8.0.1:40000 users:(("acqlink",pid=30,fd=6))
`,
  'nginx -T':
    '# configuration file /etc/nginx/nginx.conf:\nhttp { server { listen 443 ssl; server_name pay.example.test; location / { proxy_pass http://127.0.0.1:9001; } } }',
  'upsc -l': 'rack\n',
  'systemctl show -p EnvironmentFiles,ExecStart till.service': 'EnvironmentFiles=/etc/till/till.env (ignore_errors=no)\n',
  'find /proc/20/fd -maxdepth 1 -type l -printf %f %l\\n': '1 /dev/null\n3 /var/log/till/till.log\n4 socket:[1]\n',
};

function processFiles(pid: number, argv: readonly string[], uid: number, comm: string, unit: string, environ = ''): Record<string, string> {
  const at = (name: string) => `/proc/${pid}/${name}`;
  return {
    [at('comm')]: `${comm}\n`,
    [at('cmdline')]: `${argv.join('\0')}\0`,
    [at('status')]: `Name:\t${comm}\nPPid:\t1\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`,
    [at('cgroup')]: `0::/system.slice/${unit}\n`,
    [at('environ')]: environ,
  };
}

const missing = (what: string): never => {
  throw new HostError('not-found', what);
};
const host = {
  name: 'till1',
  platform: 'linux',
  readFile: async (path: string) => ({ text: FILES[path] ?? missing(path), offset: 0, bytesRead: 0, size: 0 }),
  list: async (path: string) =>
    path === '/proc' ? ['10', '20', '30', '40', '50', 'self'] : path === '/dev' ? ['ipmi0', 'sda'] : missing(path),
  stat: async (path: string) => (path === '/var/spool/till' ? { kind: 'directory' } : missing(path)),
  run: async (argv: readonly string[]) => {
    const stdout = COMMANDS[argv.join(' ')];
    if (stdout === undefined) throw new HostError('missing-tool', argv.join(' '));
    return { argv, exitCode: 0, stdout, stderr: '', truncated: false, durationMs: 1 };
  },
} as unknown as Host;
const asked: string[] = [];
const net = {
  http: async ({ url }: { url: string }) => {
    asked.push(url);
    return { reached: 'done', status: url.endsWith('/healthz') ? 200 : 404, headers: {}, body: '' };
  },
} as unknown as Protocols;

test('a machine with a web server, an application and a switch becomes a profile without a secret', async () => {
  const seen = await lookAround(host);
  const services = await findServices({ host, net }, seen);
  expect(services.map(({ name, kind }) => [name, kind])).toEqual([
    ['nginx', 'web'],
    ['till', 'app'],
    ['acqlink', 'switch'],
  ]);
  // Nobody but the port behind the web server is spoken to: a switch must not be sent HTTP.
  expect(asked).toEqual(['http://127.0.0.1:9001/health', 'http://127.0.0.1:9001/healthz']);
  const peers = await collectPeers(host, services);
  const switches = collectSwitchPeers(seen, services, peers).map((peer) => ({ ...peer, name: 'acquirer', dialect: undefined }));
  expect(switches).toMatchObject([{ host: '10.9.0.1', port: 8583, service: 'acqlink' }]);
  const found = {
    site: 'till',
    entry: undefined,
    seen,
    services,
    kept: {
      controls: new Map([['till', { save_config: ['tar', '-cpf', '/k/b.tar'], restore_config: ['tar', '-xpf', '/k/a.tar'] }]]),
      configs: new Map([['till', ['/etc/till/till.env']]]),
      certificates: new Map([['nginx', '/k/nginx-certificate.pem']]),
      resolvers: '/k/resolv.conf',
    },
    peers,
    answering: new Map(),
    standbys: new Map([['db.example.test:5432', ['standby1']]]),
    controls: new Map([['db.example.test:5432', { start: ['systemctl', 'start', 'postgresql'] }]]),
    switches,
    names: new Map(),
    hosts: [],
  };
  const text = renderProfile([], draftSections(found));
  expect(text).not.toContain(SECRET);
  const parsed = parseProfile({ file: 'oor.yaml', text, registry: await loadChecks() });
  expect(parsed).toMatchObject({ ok: true });
  expect(parsed.ok && parsed.profile).toMatchObject({
    services: [
      { name: 'nginx', unit: 'nginx', listen: [443], config_test: ['nginx', '-t'], renewed_certificate: '/k/nginx-certificate.pem' },
      {
        ...{ name: 'till', kind: 'app', process: 'till', unit: 'till', user: 'till', health: 'http://127.0.0.1:9001/healthz' },
        ...{ env_file: '/etc/till/till.env', required_env: ['DB_URL', 'BANK_URL', 'BANK_SECRET', 'SPOOL'], data: ['/var/spool/till'] },
        ...{ version: { file: '/srv/till/VERSION', want: '7.1' }, log: '/var/log/till/till.log' },
        kept_config: ['/etc/till/till.env'],
        control: { restart: ['systemctl', 'restart', 'till'], restore_config: ['tar', '-xpf', '/k/a.tar'] },
      },
      { name: 'acqlink', kind: 'switch', listen: [7000] },
    ],
    databases: [
      {
        ...{ name: 'main', kind: 'postgres', url: { file: '/etc/till/till.env', key: 'DB_URL' } },
        ...{ standbys: [{ name: 'standby1' }], control: { start: ['systemctl', 'start', 'postgresql'] } },
      },
    ],
    providers: [
      { name: 'bank', host: 'api.bank.test', port: 443, credentials: { secret: { file: '/etc/till/till.env', key: 'BANK_SECRET' } } },
    ],
    switches: [{ host: '10.9.0.1', port: 8583 }],
    dns: { resolvers: ['10.0.0.2'] },
    time: { servers: ['ntp.example.test'] },
    network: { allowed_listeners: [22, 443, 7000] },
    power: { ups: 'rack@localhost', ipmi: true },
  });
});
