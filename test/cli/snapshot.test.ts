import { describe, expect, it } from 'vitest';
import { collectSections, parseSnapshot, type Sections } from '../../src/checks/snapshot.ts';
import { compareSections } from '../../src/checks/snapshot-compare.ts';
import { describeDifference } from '../../src/checks/snapshot-meaning.ts';
import type { Section } from '../../src/checks/snapshot-section.ts';
import { HostError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/ports.ts';
import { type Changes, renderChangesJson, renderChangesText } from '../../src/report/check-changes.ts';
import { FAKE_NOW, type FakeHostOptions, fakeHost } from '../checks/fake-host.ts';
import { realContext } from '../checks/real-context.ts';

const CHAIN = [
  certificate({ fingerprint256: 'AA:01', subject: 'CN=pay.example.test', issuer: 'CN=Inner', names: ['pay.example.test'] }),
  certificate({ fingerprint256: 'BB:02', subject: 'CN=Inner' }),
];

function certificate(change: object) {
  return {
    subject: '',
    issuer: '',
    serial: '1',
    fingerprint256: '',
    notBefore: 0,
    notAfter: FAKE_NOW,
    names: [],
    selfSigned: false,
    ...change,
  };
}

const PROFILE: JsonObject = {
  oor: 1,
  entry: { url: 'https://pay.example.test/health' },
  services: [
    {
      name: 'app',
      kind: 'app',
      process: 'paygw',
      config: '/etc/paygw',
      env_file: '/etc/paygw.env',
      certificates: ['/etc/paygw.pem', '/etc/gone.pem'],
      version: { file: '/opt/VERSION', want: '2' },
    },
    { name: 'elsewhere', kind: 'app', on: 'other', config: '/not/here', process: 'x' },
  ],
  providers: [{ name: 'bank', kind: 'http', url: 'https://10.0.0.9:8443/' }],
  dns: { names: { 'db.example.test': ['10.0.0.5'] }, resolvers: ['10.0.0.2'] },
};

const COMMANDS: NonNullable<FakeHostOptions['commands']> = {
  'dpkg-query -W -f ${db:Status-Abbrev}\\t${binary:Package}\\t${Version}\\n': {
    stdout: 'ii \tnginx\t1.22.1-9\nrc \told\t1.0\nii \tlibc6:amd64\t2.36\nii \tlibc6:amd64\t2.35\n',
  },
  'systemctl list-units --type=service,socket,timer --all --plain --no-legend --no-pager': {
    stdout:
      'nginx.service loaded active running A web server\nbroken.service loaded failed failed B\nidle.service loaded inactive dead C\ngone.service not-found inactive dead D\nx.timer loaded active elapsed E\n',
  },
  'ss -H -l -t -n -p -e': { stdout: 'LISTEN 0 511 0.0.0.0:443 0.0.0.0:* users:(("nginx",pid=7,fd=6)) ino:900 sk:1\n' },
  'ip -j route show': {
    stdout: '[{"dst":"default","gateway":"10.0.0.1","dev":"eth0","metric":100},{"dst":"10.0.0.0/24","dev":"eth0","prefsrc":"10.0.0.7"}]',
  },
  'ip -j -6 route show': { stdout: '' },
};
const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 900 1 0 100 0 0 10 0
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 901 1 0 100 0 0 10 0
   2: 0700000A:9999 0900000A:20FB 01 00000000:00000000 00:00000000 00000000     0        0 902 1 0 100 0 0 10 0
`;
const FILES: FakeHostOptions['files'] = {
  '/proc/sys/kernel/osrelease': '6.1.0\n',
  '/proc/sys/kernel/random/boot_id': 'b00t\n',
  '/etc/os-release': 'NAME=x\nPRETTY_NAME="Debian 12"\n',
  '/proc/net/tcp': TCP,
  '/proc/net/tcp6': null,
  '/etc/resolv.conf': '# made by hand\nsearch example.test\nnameserver 10.0.0.2\nnameserver 10.0.0.3\noptions timeout:1\n',
  '/opt/VERSION': '2.4.1\nbuilt today\n',
  '/proc/self/mountinfo':
    '20 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n21 20 0:5 / /proc rw - proc proc rw\n22 20 8:2 / /var/lib/paygw rw,noatime - ext4 /dev/sdb1 rw\n23 20 0:6 / /run/user/0 rw - tmpfs tmpfs rw\n',
  '/proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
  '/proc/sys/net/core/somaxconn': '4096\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\npaygw:x:999:999::/opt:/usr/sbin/nologin\n',
  '/etc/group': 'sudo:x:27:bob,alice\n',
  '/proc/7/comm': 'nginx\n',
  '/proc/7/stat': `7 (nginx) S 1 7 7 0 -1${' 0'.repeat(44)}\n`,
  '/proc/9/stat': `9 (paygw) S 1 9 9 0 -1${' 0'.repeat(44)}\n`,
  '/proc/7/cmdline': 'nginx: master process\0',
  '/proc/9/comm': 'paygw\n',
  '/proc/9/cmdline': '/opt/paygw\0',
};
const CONFIG = { kind: 'file', size: 10, mode: 0o640, uid: 0, gid: 33, modifiedAt: FAKE_NOW } as const;

/** What is not listed is not there. */
function absentBut(known: FakeHostOptions['files']): NonNullable<FakeHostOptions['files']> {
  return new Proxy(
    { ...known },
    {
      getOwnPropertyDescriptor: (target, key) =>
        Object.getOwnPropertyDescriptor(target, key) ??
        (String(key).startsWith('/proc/sys/') ? { value: null, configurable: true, enumerable: true } : undefined),
      get: (target, key) => target[String(key)] ?? null,
    },
  );
}
const NO_CRON = Object.fromEntries(
  ['crontab', 'anacrontab', 'cron.hourly', 'cron.daily', 'cron.weekly', 'cron.monthly'].map((name) => [`/etc/${name}`, null]),
);

function host(change: FakeHostOptions = {}) {
  return fakeHost({
    commands: COMMANDS,
    files: absentBut({ ...FILES, ...change.files }),
    stats: {
      '/run/systemd/system': { kind: 'directory' },
      '/etc/paygw': { kind: 'directory' },
      '/etc/paygw/a.conf': CONFIG,
      '/etc/paygw.env': { ...CONFIG, mode: 0o600 },
      '/opt/VERSION': CONFIG,
      '/etc/hosts': CONFIG,
      '/etc/nsswitch.conf': null,
      ...NO_CRON,
      '/var/spool/cron': null,
      '/etc/cron.d': { kind: 'directory' },
      '/etc/cron.d/settle': CONFIG,
      ...change.stats,
    },
    lists: { '/etc/paygw': ['a.conf'], '/etc/cron.d': ['settle'], '/proc': ['7', '9', 'net'] },
    hashes: {
      '/etc/paygw/a.conf': 'a'.repeat(64),
      '/etc/paygw.env': new HostError('no-permission', '/etc/paygw.env: not allowed to read it', 'run as root'),
      '/opt/VERSION': 'c'.repeat(64),
      '/etc/hosts': 'd'.repeat(64),
      '/etc/cron.d/settle': 'e'.repeat(64),
      ...change.hashes,
    },
    net: {
      certificatesInFile: async (path) => {
        if (path === '/etc/gone.pem') throw new HostError('not-found', `${path}: no such file or folder`);
        return CHAIN;
      },
      tls: async ({ host: name }) => ({
        outcome: name === '10.0.0.9' ? 'refused' : 'connected',
        chain: name === '10.0.0.9' ? [] : CHAIN,
        nameMatches: null,
        trusted: null,
        durationMs: 1,
      }),
      dns: async ({ name, resolver }) =>
        resolver !== undefined && name === 'pay.example.test'
          ? { outcome: 'timed-out', addresses: [], durationMs: 1 }
          : { outcome: 'answered', addresses: ['10.0.0.6', '10.0.0.5'], durationMs: 1 },
      ...change.net,
    },
  });
}

describe('a snapshot', () => {
  it('of everything there is', async () => {
    const sections = await collectSections(host(), PROFILE);
    const items = Object.fromEntries(Object.entries(sections).map(([id, section]) => [id, section.items]));
    const leaf = {
      fingerprint: 'AA:01',
      subject: 'CN=pay.example.test',
      issuer: 'CN=Inner',
      not_after: new Date(FAKE_NOW).toISOString(),
      names: ['pay.example.test'],
      intermediates: ['BB:02'],
    };
    const file = { size: 10, mode: '0640', owner: '0:33', modified_at: new Date(FAKE_NOW).toISOString() };
    expect(items).toEqual({
      machine: { kernel: { release: '6.1.0' }, boot: { id: 'b00t' }, system: { name: 'Debian 12' } },
      packages: { nginx: { version: '1.22.1-9' }, 'libc6:amd64': { version: '2.35, 2.36' } },
      files: {
        '/etc/paygw/a.conf': { sha256: 'a'.repeat(64), ...file },
        '/etc/paygw.env': { sha256: null, ...file, mode: '0600' },
        '/opt/VERSION': { sha256: 'c'.repeat(64), ...file },
        '/etc/hosts': { sha256: 'd'.repeat(64), ...file },
      },
      services: { app: { running: true } },
      units: {
        'nginx.service': { active: 'active', sub: 'running' },
        'broken.service': { active: 'failed', sub: 'failed' },
        'x.timer': { active: 'active', sub: 'waiting' },
      },
      listeners: { 'tcp 0.0.0.0:443': { process: 'nginx', uid: 33 }, 'tcp 127.0.0.1:8080': { process: null, uid: 0 } },
      routes: {
        'default metric 100': { gateway: '10.0.0.1', device: 'eth0', source: '' },
        '10.0.0.0/24': { gateway: '', device: 'eth0', source: '10.0.0.7' },
      },
      resolvers: {
        nameservers: { addresses: ['10.0.0.2', '10.0.0.3'] },
        search: { domains: ['example.test'] },
        options: { options: ['timeout:1'] },
      },
      certificates: { 'file /etc/paygw.pem': leaf, 'served pay.example.test:443': leaf },
      names: {
        'db.example.test': { answer: 'answered', addresses: ['10.0.0.5', '10.0.0.6'] },
        'db.example.test at 10.0.0.2': { answer: 'answered', addresses: ['10.0.0.5', '10.0.0.6'] },
        'pay.example.test': { answer: 'answered', addresses: ['10.0.0.5', '10.0.0.6'] },
      },
      versions: { app: { version: '2.4.1' } },
      parameters: { 'net.core.somaxconn': { value: '4096' }, 'net.ipv4.ip_local_port_range': { value: '32768 60999' } },
      cron: { '/etc/cron.d/settle': { sha256: 'e'.repeat(64), ...file } },
      accounts: {
        'user root': { uid: '0', gid: '0', home: '/root', shell: '/bin/bash' },
        'user paygw': { uid: '999', gid: '999', home: '/opt', shell: '/usr/sbin/nologin' },
        'group sudo': { gid: '27', members: ['alice', 'bob'] },
      },
      mounts: {
        '/': { source: '/dev/sda1', type: 'ext4', options: 'relatime,rw' },
        '/var/lib/paygw': { source: '/dev/sdb1', type: 'ext4', options: 'noatime,rw' },
      },
    });
    expect(Object.values(sections).flatMap(({ unseen }) => unseen.map(({ item }) => item))).toEqual([
      'content of /etc/paygw.env',
      'owners',
      'tcp *:32768-60999',
      'served 10.0.0.9:8443',
      'pay.example.test at 10.0.0.2',
    ]);
  });

  it('of this machine: it is read back as it was, and nothing changed', async () => {
    const sections = await collectSections(realContext(), {});
    const snapshot = {
      schema_version: 1,
      kind: 'oor-snapshot',
      tool: { name: 'oor', version: '1' },
      taken_at: new Date().toISOString(),
      host: 'h',
      site: '',
      sections,
    };
    const parsed = parseSnapshot(JSON.parse(JSON.stringify(snapshot)));
    expect(parsed).toEqual({ ok: true, snapshot });
    expect(Object.keys(sections.machine?.items['kernel'] ?? {})).toEqual(['release']);
    expect(compareSections(sections, sections)).toMatchObject({ differences: [] });
  });

  it('elsewhere than on Linux: none', async () => {
    await expect(collectSections(fakeHost({ platform: 'darwin' }), {})).rejects.toThrow(HostError);
  });

  it.each([
    [{}, 'schema_version'],
    [{ schema_version: 2, kind: 'oor-snapshot' }, 'schema_version'],
    ['text', 'it'],
    [undefined, 'it'],
  ])('no snapshot: %j', (value, where) => {
    const parsed = parseSnapshot(value);
    expect(parsed.ok ? '' : parsed.message).toContain(where);
  });
});

function section(items: Section['items'], ...unseen: readonly string[]): Section {
  return { items, unseen: unseen.map((item) => ({ item, why: 'denied', unlock: 'run as root' })) };
}

function differences(before: Sections, now: Sections): string[] {
  return compareSections(before, now).differences.map(
    ({ section: id, change, item, fields }) => `${change} ${id} ${item}: ${fields.map(({ field }) => field).join(' ')}`,
  );
}

describe('what changed', () => {
  it('added, removed, changed', () => {
    const before = { packages: section({ a: { version: '1' }, b: { version: '1' }, c: { version: '1' } }) };
    const now = { packages: section({ a: { version: '2' }, b: { version: '1' }, d: { version: '1' } }) };
    expect(differences(before, now)).toEqual(['changed packages a: version', 'removed packages c: version', 'added packages d: version']);
  });

  it('the order of a list is a change, as it is in resolv.conf', () => {
    expect(differences({ resolvers: section({ n: { a: ['1', '2'] } }) }, { resolvers: section({ n: { a: ['2', '1'] } }) })).toEqual([
      'changed resolvers n: a',
    ]);
  });

  it('a file that was only touched did not change; its owner may have', () => {
    const file = { sha256: 'aa', mode: '0640', modified_at: '2026-01-01' };
    const compare = (change: object): string[] =>
      differences({ files: section({ f: file }) }, { files: section({ f: { ...file, ...change } }) });
    expect(compare({ modified_at: '2026-01-02' })).toEqual([]);
    expect(compare({ modified_at: '2026-01-02', mode: '0644' })).toEqual(['changed files f: mode modified_at']);
    expect(compare({ sha256: 'bb' })).toEqual(['changed files f: sha256']);
  });

  it.each<[string, Sections, Sections]>([
    ['a value', { listeners: section({ p: { process: null, uid: 0 } }) }, { listeners: section({ p: { process: 'nginx', uid: 0 } }) }],
    ['an item before', { files: section({}, '/etc/x') }, { files: section({ '/etc/x': { sha256: 'a' } }) }],
    ['an item now', { files: section({ '/etc/x': { sha256: 'a' } }) }, { files: section({}, '/etc/x') }],
    ['the folder above it', { files: section({ '/etc/d/x': { sha256: 'a' } }) }, { files: section({}, '/etc/d') }],
    ['the section before', { units: section({}, '*') }, { units: section({ a: { active: 'active' } }) }],
    ['the section now', { units: section({ a: { active: 'active' } }) }, { units: section({}, '*') }],
    ['a section that older versions did not keep', {}, { units: section({ a: { active: 'active' } }) }],
  ])('never what could not be seen: %s', (_, before, now) => {
    expect(compareSections(before, now).differences).toEqual([]);
  });

  it('nor what the profile of one of the days did not name', () => {
    const before = { certificates: { ...section({ 'file /a': { fingerprint: 'A' } }), asked: ['file /a'] } };
    const now = { certificates: { ...section({ 'file /b': { fingerprint: 'B' } }), asked: ['file /b'] } };
    expect(differences(before, now)).toEqual([]);
    expect(compareSections(before, now).unseen.filter(({ section: id }) => id === 'certificates')).toEqual([
      expect.objectContaining({ item: 'file /b', when: 'before', why: 'the profile did not name it' }),
      expect.objectContaining({ item: 'file /a', when: 'now' }),
    ]);
    const gone = { certificates: { ...section({}), asked: ['file /a'] } };
    expect(differences(before, gone)).toEqual(['removed certificates file /a: fingerprint']);
    // A folder stands for what is below it.
    const folder = (items: Section['items']) => ({ files: { ...section(items), asked: ['/etc/paygw/'] } });
    expect(differences(folder({}), folder({ '/etc/paygw/new': { sha256: 'a' } }))).toEqual(['added files /etc/paygw/new: sha256']);
  });

  it('nor other addresses of a name that hands out some of many', () => {
    const names = (addresses: string[], rotates = false) => ({
      names: section({ db: { answer: 'answered', addresses, ...(rotates && { rotates }) } }),
    });
    expect(differences(names(['1', '2'], true), names(['2', '3'], true))).toEqual([]);
    expect(differences(names(['1', '2'], true), names(['8', '9'], true))).toEqual(['changed names db: addresses']);
    expect(differences(names(['1', '2']), names(['2', '3']))).toEqual(['changed names db: addresses']);
  });

  it('but says so', () => {
    const { unseen, compared } = compareSections(
      { units: section({}, '*'), files: section({}, '/etc/x') },
      { units: section({}), files: section({}) },
    );
    expect(compared).toEqual(['files']);
    expect(unseen).toContainEqual({ section: 'units', when: 'before', item: '*', why: 'denied', unlock: 'run as root' });
    expect(unseen).toContainEqual({ section: 'files', when: 'before', item: '/etc/x', why: 'denied', unlock: 'run as root' });
    expect(unseen).toContainEqual(expect.objectContaining({ section: 'names', when: 'now', item: '*' }));
  });
});

describe('as it is shown', () => {
  const found = compareSections(
    {
      packages: section({ 'a\u001B[2J': { version: '1' } }),
      certificates: section({ 'served x:443': { fingerprint: 'AA', names: ['x'] } }),
      names: section({}, 'db'),
    },
    {
      packages: section({ b: { version: '2' } }),
      certificates: section({ 'served x:443': { fingerprint: 'BB', names: [] } }),
      names: section({}, 'db'),
    },
  );
  const changes: Changes = {
    ...found,
    unseen: found.unseen.filter(({ section: id }) => id === 'names'),
    tool: { name: 'oor', version: '1' },
    host: 'gw',
    differences: found.differences.map((difference) => ({ ...difference, text: describeDifference(difference) })),
    snapshot: { host: 'gw', taken_at: '2026-01-01T00:00:00.000Z', tool: { name: 'oor', version: '1' } },
    comparedAt: '2026-01-02T00:00:00.000Z',
  };

  it('to a person', () => {
    expect(renderChangesText(changes, 'en')).toBe(`packages
  - package a\\x1b[2J 1 removed
  + package b 2 installed

certificates
  ~ certificate of x:443 replaced: names changed (x -> -)

could not tell
  ? names db: denied -> run as root

gw: 3 changes since 2026-01-01T00:00:00.000Z, in 3 sections that could be compared
`);
  });

  it('to programs', () => {
    expect(JSON.parse(renderChangesJson(changes, 1, 'en'))).toMatchObject({
      schema_version: 1,
      exit_code: 1,
      compared: ['packages', 'certificates', 'names'],
      changes: [
        { section: 'packages', change: 'removed', fields: [{ field: 'version', before: '1', after: null }] },
        { section: 'packages', change: 'added', item: 'b' },
        {
          section: 'certificates',
          change: 'changed',
          item: 'served x:443',
          fields: [{ field: 'fingerprint', before: 'AA', after: 'BB' }, { field: 'names' }],
        },
      ],
      unknown: [
        { section: 'names', when: 'before' },
        { section: 'names', when: 'now' },
      ],
    });
  });
});
