import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeSnapshot } from '../../src/checks/change-snapshot.ts';
import type { ProbeContext } from '../../src/checks/check.ts';
import { collectSections, type Sections } from '../../src/checks/snapshot.ts';
import { compareSections } from '../../src/checks/snapshot-compare.ts';
import { describeDifference } from '../../src/checks/snapshot-meaning.ts';
import type { JsonObject } from '../../src/ports.ts';
import { findClosedPort } from '../adapters/servers.ts';
import { until } from './database-lab.ts';
import { judge, probeAndJudge } from './judge.ts';
import { makeNamespace, type NetworkNamespace } from './network-namespace.ts';
import { hasProgram, type Lab, makeLab } from './openssl-lab.ts';
import { realContext } from './real-context.ts';

const NOTHING = { observedAt: 1, takenAt: null, host: '', sameHost: true, count: 0, changes: [], compared: [], unseen: 0 };
const TAKEN = { ...NOTHING, takenAt: '2026-01-01T00:00:00.000Z', host: 'gw', compared: ['packages'] };
const CHANGE = { section: 'packages', change: 'added', item: 'b', at: '', en: 'package b 2 installed', zh: 'x' };

describe('change.snapshot judges', () => {
  it.each([
    ['no snapshot', NOTHING, 'not-applicable', 'none'],
    ['nothing changed', TAKEN, 'ok', 'unchanged'],
    ['something changed', { ...TAKEN, count: 1, changes: [CHANGE] }, 'warn', 'changed'],
    ['another machine', { ...TAKEN, sameHost: false }, 'unknown', 'elsewhere'],
    ['nothing comparable', { ...TAKEN, compared: [] }, 'unknown', 'blind'],
  ])('%s', (_, facts, status, code) => {
    expect(judge(changeSnapshot, facts, {})).toMatchObject({ status, code });
  });
});

const tools = ['dpkg-deb', 'dpkg', 'supervisord', 'dnsmasq', 'openssl', 'ip', 'ss'].map(hasProgram);
const isReady = process.getuid?.() === 0 && process.platform === 'linux' && tools.every(Boolean);
if (!isReady) console.log('skipped: changes of a real machine need root and the tools above');

describe.skipIf(!isReady)('a real machine, changed', () => {
  let dir = '';
  let lab: Lab;
  let net: NetworkNamespace | null = null;
  let profile: JsonObject = {};
  let dnsPort = 0;
  let servedPort = 0;
  let served: ReturnType<typeof spawn> | undefined;
  let dnsmasq: ReturnType<typeof spawn> | undefined;
  let supervisor: ReturnType<typeof spawn> | undefined;
  const at = (name: string): string => join(dir, name);

  /** The machine's own tools, pointed at a package database, a supervisor and a network of this test's own. */
  function context(): ProbeContext {
    const real = realContext();
    const { host } = real;
    const inside = net?.context.host ?? host;
    return {
      ...real,
      net: { ...real.net, dns: (query) => real.net.dns({ ...query, resolver: `127.0.0.1:${dnsPort}` }) },
      host: {
        ...host,
        run: (argv, options) => {
          if (argv[0] === 'dpkg-query') return host.run(['dpkg-query', '--admindir', at('dpkg'), ...argv.slice(1)], options);
          if (argv[0] === 'supervisorctl') return host.run(['supervisorctl', '-c', at('supervisord.conf'), ...argv.slice(1)], options);
          return argv[0] === 'ip' || argv[0] === 'ss' ? inside.run(argv, options) : host.run(argv, options);
        },
        readFile: (path, options) => {
          if (path === '/etc/resolv.conf') return host.readFile(at('resolv.conf'), options);
          if (path === '/etc/passwd' || path === '/etc/group') return host.readFile(at(path.slice(5)), options);
          return path.startsWith('/proc/net/') || path.startsWith('/proc/sys/net/')
            ? inside.readFile(path, options)
            : host.readFile(path, options);
        },
      },
    };
  }
  const look = (): Promise<Sections> => collectSections(context(), profile);
  const sentences = (before: Sections, now: Sections): string[] =>
    compareSections(before, now).differences.map((difference) => {
      expect(describeDifference(difference)['zh-CN']).toMatch(/\p{Script=Han}/u);
      return describeDifference(difference).en;
    });

  async function startDns(address: string): Promise<void> {
    if (dnsmasq) await end(dnsmasq);
    dnsPort = await findClosedPort();
    const argv = ['-d', '-C', '/dev/null', '-R', '-h', '-i', 'lo', '--bind-interfaces', '-a', '127.0.0.1', '-p', String(dnsPort)];
    dnsmasq = await lab.run(
      ['dnsmasq', ...argv, '--host-record', `db.example.test,${address}`, '--host-record', 'localhost,127.0.0.1'],
      dnsPort,
    );
  }
  async function serve(name: string): Promise<void> {
    if (served) await end(served);
    const argv = ['openssl', 's_server', '-accept', `127.0.0.1:${servedPort}`, '-cert', `${name}.pem`, '-key', `${name}.key`, '-quiet'];
    served = await lab.run(argv, servedPort);
  }
  async function end(child: ChildProcess): Promise<void> {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGKILL');
    await ended;
  }
  function installPackage(version: string): void {
    mkdirSync(at('build/DEBIAN'), { recursive: true });
    writeFileSync(
      at('build/DEBIAN/control'),
      `Package: till\nVersion: ${version}\nArchitecture: all\nMaintainer: x <x@example.test>\nDescription: x\n`,
    );
    execFileSync('dpkg-deb', ['-b', at('build'), at('till.deb')], { stdio: 'pipe' });
    const places = [`--admindir=${at('dpkg')}`, `--instdir=${at('root')}`, `--log=${at('dpkg.log')}`];
    execFileSync('dpkg', [...places, '--force-all', '-i', at('till.deb')], { stdio: 'pipe' });
  }
  const supervise = (...argv: readonly string[]): void => {
    try {
      execFileSync('supervisorctl', ['-c', at('supervisord.conf'), ...argv], { stdio: 'pipe' });
    } catch {
      // Its exit code tells the state of the program.
    }
  };

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'oor-changes-'));
    lab = makeLab();
    net = makeNamespace('changes');
    net?.sh(
      'ip link set lo up; ip link add d0 type veth peer name d1; ip link set d1 up; ip addr add 10.9.0.1/24 dev d0; ip link set d0 up; ip route add 10.77.0.0/24 via 10.9.0.2',
    );
    for (const folder of ['dpkg/info', 'dpkg/updates', 'dpkg/triggers', 'root', 'conf']) mkdirSync(at(folder), { recursive: true });
    writeFileSync(at('dpkg/status'), '');
    installPackage('1.0');
    writeFileSync(at('resolv.conf'), 'nameserver 10.0.0.2\n');
    writeFileSync(at('passwd'), 'root:x:0:0::/root:/bin/bash\n');
    writeFileSync(at('group'), 'sudo:x:27:alice\n');
    writeFileSync(at('conf/a.conf'), 'timeout 5\n');
    writeFileSync(at('conf/b.conf'), 'x\n');
    writeFileSync(at('VERSION'), '2.4.1\n');
    writeFileSync(
      at('supervisord.conf'),
      `[unix_http_server]\nfile=${at('s.sock')}\n[supervisord]\nnodaemon=true\nlogfile=${at('s.log')}\npidfile=${at('s.pid')}\n[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n[supervisorctl]\nserverurl=unix://${at('s.sock')}\n[program:till]\ncommand=sleep 1000\nstartsecs=0\n`,
    );
    supervisor = spawn('supervisord', ['-c', at('supervisord.conf')], { stdio: 'ignore' });
    lab.issue('first', { subject: '/O=Acme/CN=First CA', ca: true });
    lab.issue('second', { subject: '/O=Acme/CN=Second CA', ca: true });
    const expiry = Date.now() + 60 * 86_400_000;
    lab.issue('old', { subject: '/CN=localhost', names: 'DNS:localhost', by: 'first', until: new Date(expiry) });
    lab.issue('new', { subject: '/CN=localhost', names: 'DNS:localhost', by: 'second', until: new Date(expiry - 3 * 86_400_000) });
    writeFileSync(at('site.pem'), readFileSync(lab.path('old.pem')));
    servedPort = await findClosedPort();
    await serve('old');
    await startDns('10.0.0.5');
    profile = {
      oor: 1,
      entry: { url: `https://localhost:${servedPort}/` },
      services: [{ name: 'till', kind: 'app', config: at('conf'), certificates: [at('site.pem')], version: { file: at('VERSION') } }],
      dns: { names: { 'db.example.test': ['10.0.0.5'] } },
    };
    await listen(8_081);
    await until(async () => JSON.stringify(await look()).includes('RUNNING'));
  });
  const listeners = new Map<number, ReturnType<typeof spawn>>();
  /** A listener inside the network of the test. */
  async function listen(port: number): Promise<void> {
    const program = `require('net').createServer().listen(${port}, '10.9.0.1', () => console.log('up'))`;
    const child = spawn('ip', ['netns', 'exec', `oor-changes-${process.pid}`, process.execPath, '-e', program], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    listeners.set(port, child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
  }
  afterAll(() => {
    for (const child of [...listeners.values(), served, dnsmasq, supervisor]) child?.kill('SIGKILL');
    execFileSync('sh', ['-c', `[ ! -e ${at('s.pid')} ] || kill -9 $(cat ${at('s.pid')}) 2>/dev/null; true`]);
    net?.remove();
    lab?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('is the same five times under load', async () => {
    const busy = [1, 2, 3].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
    try {
      await listen(0);
      const before = await look();
      for (let round = 0; round < 5; round++) {
        // A port that the kernel chooses is another one each time.
        const former = listeners.get(0);
        if (former) await end(former);
        await listen(0);
        expect(sentences(before, await look())).toEqual([]);
      }
      const seen = compareSections(before, before);
      expect(seen.compared).toEqual(
        expect.arrayContaining(['packages', 'files', 'units', 'listeners', 'routes', 'certificates', 'names', 'versions']),
      );
    } finally {
      for (const each of busy) each.kill('SIGKILL');
    }
  });

  it.each<[string, () => unknown, readonly (string | RegExp)[]]>([
    ['a package is upgraded', () => installPackage('1.1'), ['package till: 1.0 -> 1.1']],
    [
      'a configuration file is edited, another opened to all, one added, one removed',
      () => {
        writeFileSync(at('conf/a.conf'), 'timeout 50\n');
        writeFileSync(at('conf/c.conf'), '');
      },
      [/a\.conf: content changed \(modified 20/, /c\.conf is new/],
    ],
    ['a file is opened to all', () => chmodSync(at('conf/b.conf'), 0o666), [/b\.conf: mode 0644 -> 0666$/]],
    ['a file is removed', () => unlinkSync(at('conf/b.conf')), [/b\.conf is gone/]],
    ['a program of the supervisor is stopped', () => supervise('stop', 'till'), ['program till: active RUNNING -> STOPPED']],
    ['a port is opened', () => listen(8_082), ['node now listens on tcp 10.9.0.1:8082']],
    [
      'a port is closed',
      async () => {
        const former = listeners.get(8_081);
        if (former) await end(former);
      },
      ['nothing listens on tcp 10.9.0.1:8081 any more (was node)'],
    ],
    ['a route is added', () => net?.sh('ip route add 10.88.0.0/24 via 10.9.0.3'), [/^route to 10\.88\.0\.0\/24 added \(10\.9\.0\.3 d0/]],
    [
      'a route goes elsewhere',
      () => net?.sh('ip route replace 10.77.0.0/24 via 10.9.0.4'),
      [/^route to 10\.77\.0\.0\/24 changed: gateway 10\.9\.0\.2 -> 10\.9\.0\.4/],
    ],
    [
      'a resolver is replaced',
      () => writeFileSync(at('resolv.conf'), 'nameserver 10.0.0.9\n'),
      ['resolver settings, nameservers: addresses 10.0.0.2 -> 10.0.0.9'],
    ],
    [
      'the certificate in service is replaced',
      () => serve('new'),
      [/^certificate of localhost:\d+ replaced: expires 3 days earlier, issuer changed \(O=Acme, CN=First CA -> O=Acme, CN=Second CA\)$/],
    ],
    [
      'the certificate on disk is replaced',
      () => writeFileSync(at('site.pem'), readFileSync(lab.path('new.pem'))),
      [/site\.pem replaced: expires 3 days earlier/],
    ],
    ['a name moves', () => startDns('10.0.0.6'), [/^db\.example\.test now resolves to 10\.0\.0\.6 \(was 10\.0\.0\.5\)$/]],
    [
      'a release is rolled out',
      () => writeFileSync(at('VERSION'), '2.4.2\n'),
      [/VERSION: content changed/, 'till: version 2.4.1 -> 2.4.2'],
    ],
    [
      'a parameter of the kernel is set',
      () => net?.sh('echo 77 >/proc/sys/net/core/somaxconn'),
      [/^kernel parameter net\.core\.somaxconn: value \d+ -> 77$/],
    ],
    [
      'an account joins a group',
      () => writeFileSync(at('group'), 'sudo:x:27:alice,mallory\n'),
      ['group sudo changed: members alice -> alice, mallory'],
    ],
  ])('%s', async (_, change, expected) => {
    const before = await look();
    await change();
    const found = sentences(before, await look());
    expect(found, found.join('\n')).toHaveLength(expected.length);
    for (const [index, sentence] of expected.entries()) expect(found[index]).toMatch(sentence);
  });

  it('as a check of a run: with the time of the change, and never what could not be seen', async () => {
    const file = at('healthy.json');
    const sections = await look();
    const snapshot = {
      schema_version: 1,
      kind: 'oor-snapshot',
      tool: { name: 'oor', version: '1' },
      taken_at: new Date().toISOString(),
      host: context().host.name,
      site: '',
      sections,
    };
    writeFileSync(file, JSON.stringify(snapshot));
    const ask = () => probeAndJudge(changeSnapshot, context(), { file, profile });
    expect((await ask()).judgement).toMatchObject({ status: 'ok', code: 'unchanged' });
    writeFileSync(at('conf/a.conf'), 'timeout 500\n');
    served?.kill('SIGKILL');
    const { judgement, facts } = await ask();
    expect(judgement).toMatchObject({ status: 'warn', code: 'changed', data: { count: 1, sections: 'files 1' } });
    expect(facts['changes']).toMatchObject([
      { section: 'files', at: expect.stringMatching(/^20/), en: expect.stringContaining('a.conf: content changed') },
    ]);
    writeFileSync(file, JSON.stringify({ ...snapshot, host: 'elsewhere' }));
    expect((await ask()).judgement).toMatchObject({ status: 'unknown', code: 'elsewhere' });
    writeFileSync(file, '{}');
    await expect(ask()).rejects.toThrow('is no snapshot of oor');
    expect((await probeAndJudge(changeSnapshot, context(), { file: '' })).judgement).toMatchObject({ status: 'not-applicable' });
  });
});
