import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createProtocols } from '../../src/adapters/protocols/index.ts';
import { createSshHost } from '../../src/adapters/ssh-host.ts';
import type { ProbeContext } from '../../src/checks/check.ts';
import { compareSites } from '../../src/checks/site-compare.ts';
import { siteDrift } from '../../src/checks/site-drift.ts';
import { COMPARED, type Compared, primaryOf, type SiteState, servicesOn } from '../../src/checks/site-state.ts';
import { HostError } from '../../src/errors.ts';
import type { CertificateFacts } from '../../src/ports.ts';
import { hasSshd, startSshServer, stopSshServers } from '../adapters/ssh-server.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const B = { name: 'site-2', ssh: 'site-2', role: 'standby' };
const app = (name: string, on?: string) => ({ name, kind: 'app', process: name, ...(on && { on }) });

describe('the machine that a standby stands in for', () => {
  it.each([
    ['none, of a machine that is no host of the profile', { hosts: [B] }, 'a', undefined],
    ['none, of a primary', { hosts: [{ name: 'site-2', ssh: 'site-2', role: 'primary' }] }, 'site-2', undefined],
    ["the operator's", { hosts: [B] }, 'site-2', ''],
    ['the primary', { hosts: [B, { name: 'a', ssh: 'a', role: 'primary' }] }, 'site-2', 'a'],
    [
      'a peer by name',
      { hosts: [B, { name: 'a', ssh: 'a' }, { name: 'c', ssh: 'c', role: 'primary' }], peers: { gw: ['a', 'site-2'] } },
      'site-2',
      'a',
    ],
    [
      'the place of a peer of its service',
      { hosts: [B, { name: 'a', ssh: 'a' }], services: [app('gw1', 'a'), app('gw2', 'site-2')], peers: { gw: ['gw1', 'gw2'] } },
      'site-2',
      'a',
    ],
    ['not known among several', { hosts: [B, ...['a', 'c'].map((name) => ({ name, ssh: name, role: 'primary' }))] }, 'site-2', undefined],
  ])('is %s', (_, profile, standby, expected) => {
    expect(primaryOf(profile, standby)).toBe(expected);
  });

  it('is looked at as its own services are written, the standby as their peers are', () => {
    const profile = {
      hosts: [{ ...B, services: ['gw2'] }],
      services: [{ ...app('gw1'), env_file: '/etc/gw1.env' }, { ...app('gw2'), env_file: '/etc/gw2.env' }, app('jobs')],
      peers: { gw: ['gw1', 'gw2'] },
    };
    expect(servicesOn(profile, '', '')).toMatchObject([{ name: 'gw1', env_file: '/etc/gw1.env' }, { name: 'jobs' }]);
    expect(servicesOn(profile, '', 'site-2')).toMatchObject([{ name: 'gw1', process: 'gw2', env_file: '/etc/gw2.env' }, { name: 'jobs' }]);
  });
});

const ENV = '/etc/paygw/paygw.env';
const PROFILE = {
  hosts: [B],
  services: [
    {
      name: 'paygw',
      kind: 'app',
      process: 'paygw',
      env_file: ENV,
      certificates: ['/etc/paygw/tls.pem'],
      version: { file: '/opt/paygw/VERSION', want: '2.4.1' },
    },
  ],
};
const DPKG = 'dpkg-query -W -f ${db:Status-Abbrev}\\t${binary:Package}\\t${Version}\\n';
const UNITS = 'systemctl list-units --type=service,socket,timer --all --plain --no-legend --no-pager';

interface Machine {
  readonly env?: string;
  readonly packages?: string;
  readonly units?: string;
  readonly version?: string;
  readonly somaxconn?: string;
  readonly files?: Record<string, string | null | Error>;
  readonly leaf?: Partial<CertificateFacts>;
}

/** What is not named is not there. */
function otherwiseAbsent<T extends object>(answers: T): T {
  return new Proxy(answers, {
    get: (known, key) => Reflect.get(known, key) ?? null,
    getOwnPropertyDescriptor: (known, key) => Reflect.getOwnPropertyDescriptor(known, key) ?? { configurable: true, value: null },
  });
}

/** A machine with its own name, address, boot and times of files. */
function machine(name: string, given: Machine = {}): ProbeContext {
  const leaf = {
    fingerprint256: `of ${name}`,
    subject: 'CN=pay',
    issuer: 'CN=ca',
    names: ['pay.test'],
    notAfter: Date.UTC(2027, 0, 1),
    ...given.leaf,
  };
  const env = given.env ?? `# written on ${name}\nHOST=${name}.example.test\nLISTEN=10.0.0.${name.length}:8080\nBANK_TIMEOUT=8\n`;
  return fakeHost({
    name,
    files: otherwiseAbsent({
      '/proc/sys/kernel/osrelease': '6.1.0\n',
      '/proc/sys/kernel/random/boot_id': `${name}-boot\n`,
      '/proc/sys/kernel/hostname': `${name}\n`,
      '/proc/sys/net/core/somaxconn': given.somaxconn ?? '4096\n',
      '/etc/os-release': 'PRETTY_NAME="Debian 12"\n',
      '/opt/paygw/VERSION': `${given.version ?? '2.4.1'}\n`,
      [ENV]: env,
      ...given.files,
    }),
    hashes: { [ENV]: `sha of ${env}`, '/etc/localtime': 'UTC' },
    stats: otherwiseAbsent({
      [ENV]: { kind: 'file', size: 10, mode: 0o640, uid: 1, gid: 1, modifiedAt: name.length },
      '/etc/localtime': { kind: 'file', size: 10, mode: 0o644, uid: 0, gid: 0, modifiedAt: 1 },
      '/run/systemd/system': { kind: 'directory' },
    }),
    commands: {
      [DPKG]: { stdout: given.packages ?? 'ii \tnginx\t1.22\n' },
      [UNITS]: { stdout: given.units ?? 'cron.service loaded active running Cron\n' },
      'ip -o addr show': { stdout: `2: eth0 inet 10.0.0.${name.length}/24 scope global eth0\n` },
    },
    lists: { '/proc': [] },
    net: { certificatesInFile: async () => [leaf as CertificateFacts] },
  });
}

const hidden = (section: Compared) => ({
  section,
  what: `site-2 ${section} x`,
  why: 'not allowed to read it',
  unlock: 'run as root, or as the owner of the file',
});

async function compare(primary: Machine, standby: Machine, profile: object = PROFILE) {
  const a = machine('a-site-1', primary);
  const context = { ...machine('site-2', standby), elsewhere: (name: string) => (name === '' ? a : undefined) };
  const { facts, judgement } = await probeAndJudge(siteDrift, context as ProbeContext, { profile });
  return { judgement, drifts: (facts['drifts'] as { en: string; zh: string }[]).map(({ en }) => en), facts };
}

describe('site.drift', () => {
  it('is equal where only what is its own by nature differs', async () => {
    const { judgement, drifts } = await compare({}, {});
    expect(drifts).toEqual([]);
    expect(judgement).toMatchObject({ status: 'ok', code: 'equal', data: { primary: 'a-site-1', standby: 'site-2' } });
  });

  it('takes another certificate for the same names until the same day for equal', async () => {
    const { judgement, drifts } = await compare({}, { leaf: { issuer: 'CN=another', notAfter: Date.UTC(2027, 0, 1, 9, 30) } });
    expect(drifts).toEqual([]);
    expect(judgement).toMatchObject({ status: 'ok', code: 'equal' });
  });

  it.each<[string, Machine, Machine, string[]]>([
    ['a package', {}, { packages: 'ii \tnginx\t1.24\n' }, ['nginx: version 1.22 (a-site-1), 1.24 (site-2)']],
    ['a package that is missing', { packages: 'ii \tnginx\t1.22\nii \tchrony\t4\n' }, {}, ['chrony only on a-site-1']],
    ['a release', {}, { version: '2.4.0' }, ['paygw: version 2.4.1 (a-site-1), 2.4.0 (site-2)']],
    [
      'settings, by name and not by value',
      { env: 'BANK_TIMEOUT=8\nAPI_KEY=one\n' },
      { env: 'BANK_TIMEOUT=30\nPOOL=5\n' },
      [`${ENV}: BANK_TIMEOUT, API_KEY, POOL differ`],
    ],
    [
      'a unit',
      {
        units:
          'cron.service loaded active running Cron\nexporter.service loaded active running x\ngetty@tty1.service loaded active running x\n',
      },
      {},
      ['exporter.service only on a-site-1'],
    ],
    ['a parameter of the kernel', {}, { somaxconn: '128\n' }, ['net.core.somaxconn: value 4096 (a-site-1), 128 (site-2)']],
    [
      'a certificate that ends earlier',
      {},
      { leaf: { notAfter: Date.UTC(2026, 11, 1) } },
      ['file /etc/paygw/tls.pem: not_after 2027-01-01 (a-site-1), 2026-12-01 (site-2)'],
    ],
  ])('names %s', async (_, primary, standby, expected) => {
    const { judgement, drifts, facts } = await compare(primary, standby);
    expect(drifts).toEqual(expected);
    expect(judgement).toMatchObject({ status: 'warn', code: 'drift', value: 1 });
    expect(JSON.stringify(facts)).not.toContain('one\\n');
  });

  it.each([
    [
      'a private key',
      '-----BEGIN PRIVATE KEY-----\nMIGHAgEAhunter0wEwYHKoZ+zj/CAQYI\nAgtiger=\n-----END PRIVATE KEY-----\n',
      'hunter|tiger|MIGH',
    ],
    ['a token', 'hunter2tiger==\n', 'hunter'],
    ['a password in XML', '<password>hunter2</password>\n', 'hunter|password>'],
    ['a list in JSON', '[\n  "hunter2",\n  "tiger"\n]\n', 'hunter|tiger'],
  ])('tells nothing of %s but that it differs', async (_, env, secret) => {
    const { drifts, facts } = await compare({ env }, { env: env.replaceAll('hunter', 'lion') });
    expect(drifts).toEqual([`${ENV}: content differs`]);
    expect(JSON.stringify(facts)).not.toMatch(new RegExp(`${secret}|lion`));
  });

  it('compares a certificate that lies among the configuration by what it says, not by its bytes', async () => {
    const empty = { items: {}, unseen: [] };
    const state = (sha256: string, intermediates: string[]) =>
      ({
        ...Object.fromEntries(COMPARED.map((section) => [section, empty])),
        files: { items: { '/etc/tls.pem': { sha256 } }, unseen: [] },
        certificates: { items: { 'file /etc/tls.pem': { subject: 'CN=pay', intermediates } }, unseen: [] },
      }) as unknown as SiteState;
    const side = fakeHost({ files: { '/etc/tls.pem': null } });
    const sides = { primary: side, standby: side, paths: new Map<string, string>() };
    expect(await compareSites(state('one', ['ca']), state('two', ['other']), sides)).toEqual([]);
    expect(await compareSites(state('one', ['ca']), state('two', []), sides)).toMatchObject([{ en: '/etc/tls.pem: content differs' }]);
  });

  it('does not take for missing what it could not see', async () => {
    const closed = new HostError('no-permission', 'not allowed');
    const { drifts, facts, judgement } = await compare({}, { files: { '/opt/paygw/VERSION': closed } });
    expect(drifts).toEqual([]);
    expect(judgement).toMatchObject({ status: 'unknown', code: 'blind', unlock: 'see the reason' });
    expect(facts['unseen']).toEqual(
      expect.arrayContaining([expect.objectContaining({ what: 'site-2 versions paygw', why: 'not allowed' })]),
    );
  });

  it.each<[string, object, object]>([
    [
      'the content of a file is hidden',
      { unseen: [hidden('files')] },
      {
        status: 'unknown',
        code: 'blind',
        unlock: 'run as root, or as the owner of the file',
        data: { what: 'site-2 files x', why: 'not allowed to read it' },
      },
    ],
    ['a certificate is hidden', { unseen: [hidden('cron'), hidden('certificates')] }, { status: 'unknown', code: 'blind' }],
    ['a whole section is hidden', { compared: ['files', 'versions'], unseen: [hidden('packages')] }, { status: 'unknown', code: 'blind' }],
    ['only a scheduled job is hidden', { unseen: [hidden('cron')] }, { status: 'ok', code: 'equal' }],
    [
      'something differs as well',
      { count: 1, drifts: [{ section: 'units', item: 'x', en: 'x', zh: 'x' }], unseen: [hidden('files')] },
      { status: 'warn', code: 'drift' },
    ],
    ['nothing could be compared', { compared: [] }, { status: 'unknown', code: 'blind' }],
  ])('is judged by what was seen where %s', (_, facts, expected) => {
    const equal = { observedAt: 0, primary: 'a', standby: 'site-2', compared: [...COMPARED], count: 0, drifts: [], unseen: [] };
    expect(judge(siteDrift, { ...equal, ...facts })).toMatchObject(expected);
  });

  it('stands in for none where the profile says so, and cannot tell where the other is not to be seen', async () => {
    expect((await compare({}, {}, { hosts: [] })).judgement).toMatchObject({ status: 'not-applicable', code: 'none' });
    await expect(probeAndJudge(siteDrift, machine('site-2'), { profile: PROFILE })).rejects.toThrow('cannot be looked at');
  });
});

describe.skipIf(!hasSshd() || process.platform !== 'linux')('a standby behind sshd', () => {
  const dir = mkdtempSync(join(tmpdir(), 'oor-sites-'));
  afterAll(() => {
    stopSshServers();
    rmSync(dir, { recursive: true, force: true });
  });
  const write = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };

  it('is compared by the settings of its own service, wherever they lie', { timeout: 120_000 }, async () => {
    const context = realContext();
    const remote = createSshHost((await startSshServer()).connect());
    const services = [
      { name: 'gw1', kind: 'app', env_file: write('one.env', '# first\nPOOL=5\nKEY=secret-one\n'), manifest: write('one.sum', 'same\n') },
      {
        name: 'gw2',
        kind: 'app',
        on: 'box',
        env_file: write('two.env', '# second\nPOOL=5\nKEY=secret-two\n'),
        manifest: write('two.sum', '# other\nsame\n'),
      },
    ];
    const profile = { hosts: [{ name: 'box', ssh: 'box', role: 'standby' }], peers: { gw: ['gw1', 'gw2'] }, services };
    const { facts, judgement } = await probeAndJudge(
      siteDrift,
      { ...context, host: remote, net: createProtocols(remote), elsewhere: (name) => (name === '' ? context : undefined) },
      { profile },
    );
    expect(judgement).toMatchObject({ status: 'warn', code: 'drift' });
    // Whatever else of this machine changes between two looks is nobody's business here.
    const own = (facts['drifts'] as { item: string; en: string }[]).filter(({ item }) => item.startsWith(dir));
    expect(own.map(({ en }) => en)).toEqual([`${join(dir, 'one.env')}: KEY differ`]);
    expect(JSON.stringify(facts)).not.toContain('secret-');
  });
});
