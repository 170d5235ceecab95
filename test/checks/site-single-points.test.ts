import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Looked } from '../../src/checks/single-point.ts';
import { findSinglePoints } from '../../src/checks/single-points.ts';
import { suppliesOf } from '../../src/checks/single-points-look.ts';
import { siteSinglePoints } from '../../src/checks/site-single-points.ts';
import { HostError } from '../../src/errors.ts';
import type { CertificateFacts, JsonObject, SqlSession } from '../../src/ports.ts';
import { type Lab, openLab } from './cases.ts';
import { type FakeHostOptions, fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { has } from './programs.ts';
import { openProof } from './proof.ts';
import { realContext } from './real-context.ts';

const NOTHING: Looked = { host: 'gw1', addresses: new Map(), followers: new Map(), certificates: [] };
const points = (profile: JsonObject, looked: Partial<Looked> = {}) =>
  findSinglePoints(profile, { ...NOTHING, ...looked }).map(({ area, name, basis, why, hits, owner }) => ({
    what: `${area} ${name} (${basis})`,
    why: why.en,
    zh: why['zh-CN'],
    hits,
    owner,
  }));
const names = (profile: JsonObject, looked: Partial<Looked> = {}) => points(profile, looked).map(({ what }) => what);

const gw = (name: string, on?: string) => ({ name, kind: 'app', listen: [8080], ...(on && { on }) });
const bank = (role: string, url: string, name = role) => ({ name, kind: 'http', role, url });

describe('a single point is named', () => {
  it.each<[string, JsonObject, Partial<Looked>, string[]]>([
    ['a service without peers', { services: [gw('paygw')] }, {}, ['service paygw (declared)']],
    ['peers on one machine', { services: [gw('a'), gw('b')], peers: { gw: ['a', 'b'] } }, {}, ['service gw (declared)']],
    ['peers on two machines', { services: [gw('a'), gw('b', 'gw2')], peers: { gw: ['a', 'b'] } }, {}, []],
    [
      'peers on two machines, by the list of a host',
      { services: [gw('a'), gw('b')], peers: { gw: ['a', 'b'] }, hosts: [{ name: 'gw2', ssh: 'gw2', services: ['b'] }] },
      {},
      [],
    ],
    [
      'one server behind nginx, which is the service',
      { services: [gw('paygw')] },
      { upstreams: [{ name: 'pay', servers: ['10.0.0.5:8080'] }] },
      ['service paygw (seen)'],
    ],
    ['one server behind nginx', {}, { upstreams: [{ name: 'pay', servers: ['10.0.0.5:80'] }] }, ['service upstream pay (seen)']],
    [
      'two servers behind nginx on one machine',
      { services: [gw('paygw')] },
      { upstreams: [{ name: 'pay', servers: ['127.0.0.1:8080', '127.0.0.1:8081'] }] },
      ['service paygw (declared)', 'service upstream pay (seen)'],
    ],
    [
      'two machines behind nginx',
      { services: [gw('paygw')] },
      { upstreams: [{ name: 'pay', servers: ['10.0.0.5:8080', '10.0.0.6:8080'] }] },
      [],
    ],
    [
      'one server behind a web server that listens on the same port',
      { services: [{ name: 'nginx', kind: 'web', listen: [8080] }], peers: { web: ['nginx', 'nginx2'] } },
      { upstreams: [{ name: 'pay', servers: ['10.0.0.5:8080'] }] },
      ['service upstream pay (seen)'],
    ],
    [
      'two names of this machine behind nginx',
      {},
      { upstreams: [{ name: 'pay', servers: ['localhost:8080', '[::1]:8081', '127.0.0.2:8082', 'unix:/run/pay.sock'] }] },
      ['service upstream pay (seen)'],
    ],
    ['a worker may be alone', { services: [{ name: 'mail', kind: 'worker' }] }, {}, []],
    ['a database that says so', { databases: [{ name: 'main' }] }, { followers: new Map([['main', 0]]) }, ['database main (seen)']],
    [
      'a database that names a standby and feeds none',
      { databases: [{ name: 'main', host: 'a', standbys: [{ name: 's', host: 'b' }] }] },
      { followers: new Map([['main', 0]]) },
      ['database main (seen)'],
    ],
    [
      'a standby on the same machine, by libpq strings',
      {
        databases: [
          { name: 'main', url: 'host=localhost port=5432 password=x', standbys: [{ name: 's', url: 'host=/run/postgresql port=5433' }] },
        ],
      },
      { followers: new Map([['main', 1]]) },
      ['database main (declared)'],
    ],
    ['a database whose address names two', { databases: [{ name: 'main', url: 'postgres://u@10.0.0.5,10.0.0.6/pay' }] }, {}, []],
    ['a database that could not be asked', { databases: [{ name: 'main' }] }, {}, ['database main (declared)']],
    ['a database that feeds one', { databases: [{ name: 'main' }] }, { followers: new Map([['main', 1]]) }, []],
    [
      'a standby on the same machine, under another name',
      { databases: [{ name: 'main', host: 'db.test', standbys: [{ name: 's', host: 'db2.test' }] }] },
      {
        addresses: new Map([
          ['db.test', ['10.0.0.5']],
          ['db2.test', ['10.0.0.5']],
        ]),
      },
      ['database main (declared)'],
    ],
    [
      'a standby elsewhere',
      {
        databases: [
          { name: 'main', host: 'a' },
          { name: 's', host: 'b', role: 'replica' },
        ],
      },
      {},
      [],
    ],
    ['one cache', { caches: [{ name: 'redis' }] }, {}, ['cache redis (declared)']],
    ['one channel', { providers: [bank('primary', 'https://a.test')] }, {}, ['provider primary (declared)']],
    ['two channels', { providers: [bank('primary', 'https://a.test'), bank('backup', 'https://b.test')] }, {}, []],
    [
      'two channels at one address',
      { providers: [bank('primary', 'https://a.test'), bank('backup', 'https://b.test')] },
      {
        addresses: new Map([
          ['a.test', ['192.0.2.1', '192.0.2.2']],
          ['b.test', ['192.0.2.2']],
        ]),
      },
      ['provider primary (seen)'],
    ],
    [
      'two lines to one switch',
      {
        switches: [
          { name: 'a', host: '10.0.0.9', port: 1 },
          { name: 'b', host: '10.0.0.9', port: 2 },
        ],
      },
      {},
      ['switch a (declared)'],
    ],
    [
      'one address of the entry',
      { entry: { url: 'https://pay.test/' } },
      { addresses: new Map([['pay.test', ['192.0.2.1', '2001:db8::1']]]) },
      ['entry pay.test (seen)'],
    ],
    [
      'two addresses of the entry',
      { entry: { url: 'https://pay.test/' } },
      { addresses: new Map([['pay.test', ['192.0.2.1', '192.0.2.2']]]) },
      [],
    ],
    ['one resolver', {}, { resolvers: ['10.0.0.2'] }, ['dns 10.0.0.2 (seen)']],
    ['one source of time', {}, { timeSources: 1 }, ['time time source (seen)']],
    ['one way out', {}, { routes: [{ gateway: '10.0.0.1', device: 'eth0' }] }, ['route eth0 (seen)']],
    ['one power supply', {}, { supplies: ['PS1'] }, ['power PS1 (seen)']],
    [
      'one certificate for two',
      {},
      { certificates: [{ subject: 'CN=pay.test', notAfter: 0, of: ['a', 'b'] }] },
      ['certificate CN=pay.test (seen)'],
    ],
    ['one contact', { contacts: [{ name: 'Li', reach: '1' }] }, {}, ['people Li (declared)']],
    ['nothing is declared and nothing seen', {}, {}, []],
  ])('%s', (_, profile, looked, expected) => {
    expect(names(profile, looked)).toEqual(expected);
    for (const { zh } of points(profile, looked)) expect(zh).toMatch(/\p{Script=Han}/u);
  });

  it('with what depends on it, directly or not, and who owns it', () => {
    const profile = {
      databases: [{ name: 'main' }],
      caches: [{ name: 'redis' }],
      links: [
        ['web', 'gw'],
        ['gw', 'main'],
        ['main', 'web'],
      ],
      contacts: [
        { name: 'Li', role: 'database', reach: '1' },
        { name: 'Ann', role: 'redis', reach: '2' },
      ],
    };
    expect(points(profile).map(({ hits, owner }) => ({ hits, owner }))).toEqual([
      { hits: ['gw', 'web'], owner: 'Li' },
      { hits: [], owner: 'Ann' },
    ]);
  });
});

const ROUTES = 'ip -j route show default';
const PLAIN = {
  files: { '/etc/resolv.conf': 'nameserver 10.0.0.2\nnameserver 10.0.0.3\n' },
  commands: {
    [ROUTES]: { stdout: JSON.stringify([{ dst: 'default', gateway: '10.0.0.1', dev: 'bond0' }]) },
    'chronyc -n -c sources': { stdout: '^,*,10.0.0.4,2\n^,+,10.0.0.5,2\n' },
    'nginx -T': null,
  },
  lists: { '/proc/net/bonding': ['bond0'] },
  stats: { '/dev/ipmi0': null, '/dev/ipmi/0': null, '/dev/ipmidev/0': null },
};

/** What PostgreSQL answers to db.replication. */
function sessionOf({
  followers = [],
  standby = 'no',
  errorCode,
  outcome = 'connected',
}: {
  readonly followers?: readonly object[];
  readonly standby?: string;
  readonly errorCode?: string;
  readonly outcome?: SqlSession['outcome'];
}): SqlSession {
  const answers = {
    state: { rows: [{ role: 'oor', standby, waits_for: '' }] },
    followers: errorCode === undefined ? { rows: followers } : { rows: [], errorCode, error: 'denied' },
    slots: { rows: [] },
    receiver: { rows: [{ status: 'streaming', seconds: '0' }] },
  };
  return { kind: 'postgres', outcome, address: '10.0.0.5:5432', serverVersion: '16', durationMs: 1, answers } as never;
}

describe('site.single_points', () => {
  it('is ok where everything has a second one', async () => {
    const { judgement } = await probeAndJudge(siteSinglePoints, fakeHost(PLAIN), {});
    expect(judgement).toMatchObject({ status: 'ok', code: 'none' });
  });

  it('names what has none, and what it could not see', async () => {
    const host = fakeHost({
      ...PLAIN,
      files: { '/etc/resolv.conf': 'nameserver 127.0.0.53\n', '/run/systemd/resolve/resolv.conf': 'nameserver 10.0.0.2\n' },
      commands: {
        ...PLAIN.commands,
        'ipmitool sdr type Power Supply': {
          stdout:
            'PS1 Status | C8h | ok | 10.1 | Presence detected\nPS1 Input | C9h | ok | 10.1 | 230 Volts\nPS2 Status | C8h | ns | 10.2 | No Reading\n',
        },
        'nginx -T': { exitCode: 1, stderr: 'nginx: [emerg] open() "/etc/nginx/key" failed (13: Permission denied)' },
      },
      stats: { '/dev/ipmi0': {} },
    });
    const { facts, judgement } = await probeAndJudge(siteSinglePoints, host, { profile: { caches: [{ name: 'redis', kind: 'redis' }] } });
    expect(judgement).toMatchObject({ status: 'warn', code: 'points', value: 3, data: { orphans: 3, what: 'redis, 10.0.0.2, PS1' } });
    expect(facts['unseen']).toMatchObject([{ what: 'nginx', unlock: 'run as root' }]);
  });

  it('does not know where it saw no single point and could not look everywhere', async () => {
    const closed = new HostError('no-permission', 'not allowed to read it');
    const { judgement } = await probeAndJudge(siteSinglePoints, fakeHost({ ...PLAIN, files: { '/etc/resolv.conf': closed } }), {});
    expect(judgement).toMatchObject({ status: 'unknown', code: 'blind', data: { what: 'resolvers' } });
  });

  const looked = async (given: Partial<FakeHostOptions>, profile: JsonObject = {}) => {
    const { facts } = await probeAndJudge(siteSinglePoints, fakeHost({ ...PLAIN, ...given }), { profile });
    const [points, unseen] = [facts['points'] as { name: string }[], facts['unseen'] as { what: string; why: string; unlock: string }[]];
    return { points: points.map(({ name }) => name), unseen };
  };

  it.each<[string, { dev: string; gateway: string }[], Record<string, string[] | null>, string[]]>([
    ['a VLAN on a bond', [{ gateway: '10.0.0.1', dev: 'bond0.100' }], {}, []],
    [
      'a VLAN of another name on a bond below a bridge',
      [{ gateway: '10.0.0.1', dev: 'br0' }],
      { '/sys/class/net/br0': ['bridge', 'lower_pay', 'lower_tap1'], '/sys/class/net/tap1': [], '/sys/class/net/pay': ['lower_bond0'] },
      [],
    ],
    [
      'a bridge on a card',
      [{ gateway: '10.0.0.1', dev: 'br0' }],
      { '/sys/class/net/br0': ['lower_eth0'], '/sys/class/net/eth0': [] },
      ['br0'],
    ],
    [
      'one way by two routes',
      [
        { gateway: '10.0.0.1', dev: 'eth0' },
        { gateway: '10.0.0.1', dev: 'eth0' },
      ],
      { '/sys/class/net/eth0': [] },
      ['eth0'],
    ],
    [
      'two ways',
      [
        { gateway: '10.0.0.1', dev: 'eth0' },
        { gateway: '10.0.1.1', dev: 'eth1' },
      ],
      { '/sys/class/net/eth0': [], '/sys/class/net/eth1': [] },
      [],
    ],
  ])('counts ways out: %s', async (_, routes, devices, expected) => {
    const commands = { ...PLAIN.commands, [ROUTES]: { stdout: JSON.stringify(routes) } };
    expect(await looked({ commands, lists: { ...PLAIN.lists, ...devices } })).toEqual({ points: expected, unseen: [] });
  });

  it('says which names, sources of time and certificates it could not see', async () => {
    const dns = async ({ name }: { name: string }) => ({
      outcome: name === 'pay.test' ? ('timed-out' as const) : ('no-such-name' as const),
      addresses: [],
      durationMs: 1,
    });
    const { unseen } = await looked(
      {
        commands: { ...PLAIN.commands, 'chronyc -n -c sources': { exitCode: 1, stdout: '506 Cannot talk to daemon' } },
        net: {
          dns,
          certificatesInFile: async (file) => {
            throw file === '/gone.pem' ? new HostError('not-found', 'gone') : new HostError('no-permission', 'not allowed to read it');
          },
        },
      },
      {
        entry: { url: 'https://pay.test/' },
        providers: [bank('a', 'https://none.test'), bank('backup', 'https://nil.test')],
        services: [{ name: 'web', kind: 'web', certificates: ['/gone.pem', '/closed.pem'] }],
        databases: [{ name: 'main', kind: 'tcp', url: { env: 'DB_URL' }, standbys: [{ name: 's', host: '10.0.0.6' }] }],
      },
    );
    expect(unseen.map(({ what, why }) => `${what}: ${why}`).sort()).toEqual([
      'certificate /closed.pem: not allowed to read it',
      'database main: its address is a secret or cannot be read, so that its machine is not known',
      'name pay.test: pay.test: timed-out',
      'time: chronyd does not answer chronyc',
    ]);
  });

  it.each<[string, Parameters<typeof sessionOf>[0], string[], string[]]>([
    ['feeds none', {}, ['main'], []],
    ['feeds one', { followers: [{ name: 's' }] }, [], []],
    ['follows another', { standby: 'yes' }, [], []],
    ['does not let this login see', { errorCode: '42501' }, [], ['its standbys are hidden from this login']],
    ['does not answer', { outcome: 'timed-out' }, [], ['10.0.0.5:5432: timed-out']],
  ])('asks a database that names a standby and %s', async (_, given, expected, hidden) => {
    const { points, unseen } = await looked(
      { net: { sql: async () => sessionOf(given) } },
      { databases: [{ name: 'main', kind: 'postgres', url: 'postgres://oor@10.0.0.5/pay', standbys: [{ name: 's', host: '10.0.0.6' }] }] },
    );
    expect({ points, hidden: unseen.map(({ why }) => why) }).toEqual({ points: expected, hidden });
  });

  it.each<[string, Record<string, { service: string; subject: string; issuer?: string }>, string[]]>([
    ['of two services', { '/a.pem': { service: 'a', subject: 'CN=pay' }, '/b.pem': { service: 'b', subject: 'CN=pay' } }, ['CN=pay']],
    ['twice of one service', { '/a.pem': { service: 'a', subject: 'CN=pay' }, '/copy.pem': { service: 'a', subject: 'CN=pay' } }, []],
    [
      'above those of two services',
      {
        '/a.pem': { service: 'a', subject: 'CN=a', issuer: 'CN=ca' },
        '/a-chain.pem': { service: 'a', subject: 'CN=ca' },
        '/b.pem': { service: 'b', subject: 'CN=b', issuer: 'CN=ca' },
        '/b-chain.pem': { service: 'b', subject: 'CN=ca' },
      },
      [],
    ],
  ])('names a certificate %s', async (_, files, expected) => {
    const names = [...new Set(Object.values(files).map(({ service }) => service))];
    const services = names.map((name) => ({
      name,
      kind: 'worker',
      certificates: Object.keys(files).filter((file) => files[file]?.service === name),
    }));
    const certificatesInFile = async (file: string) => {
      const { subject = '', issuer = 'CN=root' } = files[file] ?? {};
      return [{ subject, issuer, fingerprint256: subject, notAfter: 0 } as unknown as CertificateFacts];
    };
    const profile = { services, certificates: [{ name: 'listed', file: '/a.pem' }] };
    expect((await looked({ net: { certificatesInFile } }, profile)).points).toEqual(expected);
  });

  it.each([
    [['PS1 Status', 'PS1 Input'], ['PS1']],
    [
      ['Power Supply 1', 'Power Supply 2'],
      ['Power Supply 1', 'Power Supply 2'],
    ],
    [['PS1 Status', 'PS Redundancy', 'Power Supplies'], ['PS1']],
    [
      ['PSU A', 'PSU B'],
      ['PSU A 1', 'PSU B 2'],
    ],
    [['Power Supply'], ['Power Supply']],
    [[], []],
  ])('takes the sensors %j for the supplies %j', (sensors, expected) => {
    expect(suppliesOf([...sensors.map((name) => ({ name, status: 'ok' })), { name: 'PS9 Status', status: 'ns' }])).toEqual(expected);
  });

  it.skipIf(process.platform !== 'linux')('looks at this machine, and at a database that does not answer', async () => {
    const profile = {
      services: [{ name: 'paygw', kind: 'app', listen: [8080] }],
      databases: [{ name: 'main', kind: 'postgres', url: 'postgres://oor@127.0.0.1:1/pay' }],
    };
    const { facts, judgement } = await probeAndJudge(siteSinglePoints, realContext(), { profile });
    expect(judgement).toMatchObject({ status: 'warn', code: 'points' });
    expect(facts['points']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'paygw', basis: 'declared' }),
        expect.objectContaining({ name: 'main', basis: 'declared', en: 'no standby is named, and it could not be asked' }),
      ]),
    );
  });
});

const canUnshare = process.getuid?.() === 0 && spawnSync('unshare', ['--net', '--mount', '--pid', '--fork', 'true']).status === 0;
const problem = !canUnshare ? 'no namespaces can be made here' : !has('chronyd', 'ip') ? 'chrony is not installed' : '';
if (problem) process.stderr.write(`skipped: a machine with two of everything: ${problem}\n`);

describe.skipIf(problem !== '')('a machine with two ways out, two resolvers', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
    writeFileSync(join(lab.folder, 'resolv.conf'), 'nameserver 10.98.1.2\nnameserver 10.98.2.2\n');
    writeFileSync(
      join(lab.folder, 'chrony.conf'),
      `server 10.98.1.2\nserver 10.98.2.2\nbindcmdaddress /\npidfile ${join(lab.folder, 'chronyd.pid')}\n`,
    );
  });
  afterAll(() => lab.close());

  // What is started in it ends with it.
  const within = `exec unshare --net --mount --pid --fork --kill-child --mount-proc sh -ec '
mount --bind "$LAB/resolv.conf" /etc/resolv.conf
ip link set lo up
for each in 1 2; do
  ip link add way$each type veth peer name end$each; ip link set end$each up
  ip address add 10.98.$each.1/24 dev way$each; ip link set way$each up
  ip route add default via 10.98.$each.2 metric $each
done
if [ "$TIME" = kept ]; then
  chronyd -d -x -u root -f "$LAB/chrony.conf" >/dev/null 2>&1 &
  until chronyc -n sources 2>/dev/null | grep -q 10.98.2.2; do kill -0 $!; sleep 0.1; done
fi
"$@"' sh "$@"`;

  it.each([
    ['and two sources of time', 'kept', 'ok', 'none'],
    ['and nothing that tells of its time', 'lost', 'unknown', 'blind'],
  ] as const)('%s', async (_name, time, status, code) => {
    const prove = openProof('site.single_points', 'real');
    const { said } = await lab.ask(within, [{ check: 'site.single_points', params: { profile: {} } }], { env: { TIME: time } });
    expect(said).toMatchObject([{ status, code }]);
    prove(status);
  });
});
