import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tlsCert } from '../../src/checks/tls-cert.ts';
import { tlsFile } from '../../src/checks/tls-file.ts';
import { has, startMariadb, startPostgres, stopDatabases } from '../adapters/databases.ts';
import { findClosedPort } from '../adapters/servers.ts';
import { mysqlUrl, postgresUrl } from './database-lab.ts';
import { probeAndJudge } from './judge.ts';
import { hasProgram, type Lab, makeLab } from './openssl-lab.ts';
import { realContext } from './real-context.ts';

const DAY = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY);
const NAMES = 'DNS:pay.example.test,IP:127.0.0.1';

describe.skipIf(!hasProgram('openssl'))('tls.cert and real servers', () => {
  let lab: Lab;
  beforeAll(() => {
    lab = makeLab();
    lab.issue('root', { subject: '/O=Acme/CN=Acme Root', ca: true, until: inDays(3_000) });
    lab.issue('stranger', { subject: '/O=Nobody/CN=Nobody Root', ca: true, until: inDays(3_000) });
    lab.issue('issuing', { subject: '/O=Acme/CN=Acme Issuing CA', by: 'root', ca: true, until: inDays(2_000) });
    lab.issue('stale', { subject: '/O=Acme/CN=Acme Old CA', by: 'root', ca: true, from: inDays(-900), until: inDays(-2) });
    lab.issue('ending', { subject: '/O=Acme/CN=Acme Ending CA', by: 'root', ca: true, until: inDays(5) });
    const pay = { subject: '/CN=pay.example.test', names: NAMES };
    lab.issue('good', { ...pay, by: 'issuing' });
    lab.issue('renewed', { ...pay, by: 'issuing', until: inDays(300) });
    lab.issue('expired', { ...pay, by: 'issuing', from: inDays(-90), until: inDays(-1) });
    lab.issue('early', { ...pay, by: 'issuing', from: inDays(2), until: inDays(90) });
    lab.issue('other', { subject: '/CN=other.example.test', names: 'DNS:other.example.test', by: 'issuing' });
    lab.issue('alone', { ...pay });
    lab.issue('foreign', { ...pay, by: 'stranger' });
    lab.issue('of-stale', { ...pay, by: 'stale' });
    lab.issue('of-ending', { ...pay, by: 'ending' });
    lab.issue('short', { ...pay, by: 'issuing', key: ['-newkey', 'rsa:1024'] });
    lab.issue('sha1', { ...pay, by: 'issuing', hash: 'sha1' });
  });
  afterAll(() => lab.stop());
  const look = (params: object) =>
    probeAndJudge(tlsCert, realContext(), { host: '127.0.0.1', server_name: 'pay.example.test', ca_file: lab.path('root.pem'), ...params });

  it.each<[string, string, readonly string[], string, string]>([
    ['in order', 'good', ['issuing'], 'ok', 'valid'],
    ['expired leaf', 'expired', ['issuing'], 'fail', 'expired'],
    ['not yet valid', 'early', ['issuing'], 'fail', 'not-yet-valid'],
    ['expired intermediate', 'of-stale', ['stale'], 'fail', 'chain-expired'],
    ['an intermediate that ends before the leaf', 'of-ending', ['ending'], 'warn', 'chain-expiring'],
    ['missing intermediate', 'good', [], 'fail', 'incomplete-chain'],
    ['wrong order', 'good', ['root', 'issuing'], 'warn', 'wrong-order'],
    ['wrong host', 'other', ['issuing'], 'fail', 'wrong-host'],
    ['self-signed', 'alone', [], 'fail', 'self-signed'],
    ['unknown authority', 'foreign', ['stranger'], 'fail', 'untrusted'],
    ['a key of 1024 bit', 'short', ['issuing'], 'fail', 'weak'],
    ['a signature with SHA-1', 'sha1', ['issuing'], 'fail', 'weak'],
  ])('%s', async (_, name, chain, status, code) => {
    const port = await lab.serve(name, ['-cipher', 'DEFAULT@SECLEVEL=0'], { chain });
    const { judgement, facts } = await look({ port });
    expect(judgement).toMatchObject({ status, code });
    expect(facts['problems']).toEqual(code === 'valid' ? [] : [code]);
  });

  it('the good one with the expired intermediate in the hands of this client too: as sent counts', async () => {
    const port = await lab.serve('of-stale', [], { chain: ['stale'] });
    const anchors = lab.bundle('both.pem', 'root.pem', 'stale.pem');
    expect((await look({ port, ca_file: anchors })).judgement.code).toBe('chain-expired');
  });

  it('a peer that was not reloaded, behind one name of a real resolver', async (test) => {
    if (!hasProgram('dnsmasq')) return test.skip();
    const port = await lab.serve('good', [], { chain: ['issuing'] });
    await lab.serve('renewed', [], { chain: ['issuing'], address: '127.0.0.2', port });
    const dns = await findClosedPort();
    const hosts = ['127.0.0.1', '127.0.0.2'].flatMap((address) => [`--host-record=pay.example.test,${address}`]);
    await lab.run(
      ['dnsmasq', '-d', '-C', '/dev/null', '-R', '-h', '-i', 'lo', '--bind-interfaces', '-a', '127.0.0.1', '-p', String(dns), ...hosts],
      dns,
    );
    const context = realContext();
    const net = {
      ...context.net,
      dns: (query: Parameters<typeof context.net.dns>[0]) => context.net.dns({ ...query, resolver: `127.0.0.1:${dns}` }),
    };
    const params = { url: `https://pay.example.test:${port}/`, ca_file: lab.path('root.pem') };
    const { judgement, facts } = await probeAndJudge(tlsCert, { ...context, net }, params);
    expect(judgement).toMatchObject({ status: 'warn', code: 'nodes-differ', data: { old: '127.0.0.1', new: '127.0.0.2' } });
    expect(facts['fingerprints']).toHaveLength(2);
    // A peer counts as an address of the same name.
    const peer = await look({ port, peers: [['127.0.0.2']] });
    expect(peer.judgement).toMatchObject({ status: 'warn', code: 'nodes-differ' });
    await lab.serve('expired', [], { chain: ['issuing'], address: '127.0.0.3', port });
    expect((await look({ port, peers: ['127.0.0.3'] })).judgement).toMatchObject({ code: 'expired', data: { address: '127.0.0.3' } });
  });

  it('asks for no intermediate where the certificate says it is published', async () => {
    const asked: string[] = [];
    const published = createServer((socket) => {
      asked.push('asked');
      socket.destroy();
    });
    await new Promise<void>((resolve) => published.listen(0, '127.0.0.1', resolve));
    const { port: at } = published.address() as { port: number };
    lab.issue('aia', {
      subject: '/CN=pay.example.test',
      names: `${NAMES}\nauthorityInfoAccess=caIssuers;URI:http://127.0.0.1:${at}/issuing.pem`,
      by: 'issuing',
    });
    const { judgement } = await look({ port: await lab.serve('aia') });
    published.close();
    expect([judgement.code, asked]).toEqual(['incomplete-chain', []]);
  });

  it('a name that is needed', async () => {
    const port = await lab.serve('other', ['-servername', 'pay.example.test', '-cert2', 'good.pem', '-key2', 'good.key'], {
      chain: ['issuing'],
    });
    const known = { port, ca_file: lab.bundle('known.pem', 'root.pem', 'issuing.pem') };
    const { judgement } = await look({ ...known, without_name: true });
    expect(judgement).toMatchObject({ status: 'warn', code: 'name-needed', data: { names: 'other.example.test' } });
    expect((await look(known)).judgement.code).toBe('valid');
  });

  it.each(['-tls1_2', '-tls1_3'])('a certificate of ours is asked for, %s', async (version) => {
    lab.issue('ours', { subject: '/CN=till', by: 'issuing' });
    lab.issue('ours-ending', { subject: '/CN=till', by: 'issuing', until: inDays(3) });
    lab.bundle('clients.pem', 'root.pem', 'issuing.pem');
    const port = await lab.serve('good', ['-Verify', '2', '-verify_return_error', '-CAfile', 'clients.pem', version], {
      chain: ['issuing'],
    });
    const { judgement, facts } = await look({ port });
    expect(judgement).toMatchObject({ status: 'fail' });
    expect(['client-certificate-required', 'protocol-mismatch']).toContain(judgement.code);
    expect(facts['endpoints']).toMatchObject([{ asksForCertificate: true, chain: [{ subject: 'CN=pay.example.test' }, {}] }]);
    const shown = (name: string) => look({ port, client_certificate: lab.path(`${name}.pem`), client_key: lab.path(`${name}.key`) });
    expect((await shown('ours')).judgement).toMatchObject({ status: 'ok', code: 'valid' });
    expect((await shown('ours-ending')).judgement).toMatchObject({ status: 'fail', code: 'own-certificate' });
    expect(JSON.stringify((await shown('ours')).facts)).not.toContain('PRIVATE KEY');
  });

  /** What `openssl ocsp` answers about a certificate of the lab, signed by one of its keys. */
  function answer(name: string, state: 'V' | 'R', signer: string, subject = '/CN=pay.example.test'): string {
    const said = execFileSync('openssl', ['x509', '-in', `${name}.pem`, '-noout', '-serial'], { cwd: lab.dir, encoding: 'utf8' });
    const serial = said.trim().slice(7);
    const gone = state === 'R' ? '260101000000Z,keyCompromise' : '';
    writeFileSync(lab.path('status.txt'), `${state}\t400101000000Z\t${gone}\t${serial}\tunknown\t${subject}\n`);
    const parties = ['-CA', 'issuing.pem', '-issuer', 'issuing.pem', '-rsigner', `${signer}.pem`, '-rkey', `${signer}.key`];
    const file = `${name}-${state}-${signer}.ocsp`;
    lab.openssl('ocsp', '-index', 'status.txt', ...parties, '-serial', `0x${serial}`, '-respout', file, '-ndays', '1', '-noverify');
    return file;
  }

  it.each([
    ['V', 'issuing', 'good', 'verified', 'ok', 'valid'],
    ['R', 'issuing', 'revoked', 'verified', 'fail', 'revoked'],
    ['V', 'responder', 'good', 'verified', 'ok', 'valid'],
    ['R', 'responder', 'revoked', 'verified', 'fail', 'revoked'],
    ['R', 'stranger', 'revoked', 'wrong', 'warn', 'staple-wrong'],
    ['V', 'pretender', 'good', 'wrong', 'warn', 'staple-wrong'],
  ] as const)('a stapled answer %s, signed by %s', async (state, signer, said, proof, status, code) => {
    lab.issue('responder', { subject: '/CN=OCSP', by: 'issuing', usage: 'OCSPSigning' });
    lab.issue('pretender', { subject: '/CN=OCSP', by: 'issuing' });
    const port = await lab.serve('good', ['-status_file', answer('good', state, signer)], { chain: ['issuing'] });
    const { judgement, facts } = await look({ port });
    expect(judgement).toMatchObject({ status, code });
    expect(facts['endpoints']).toMatchObject([{ stapled: { status: said, proof, nextUpdate: expect.any(Number) } }]);
  });

  it('a stapled answer about another certificate, and one whose issuer is not sent', async () => {
    const port = await lab.serve('good', ['-status_file', answer('other', 'R', 'issuing', '/CN=other.example.test')], {
      chain: ['issuing'],
    });
    const { judgement, facts } = await look({ port });
    expect(judgement).toMatchObject({ status: 'warn', code: 'staple-wrong' });
    expect(facts['endpoints']).toMatchObject([{ stapled: { proof: 'other-certificate' } }]);
    const alone = await lab.serve('good', ['-status_file', answer('good', 'R', 'issuing')]);
    const known = await look({ port: alone, ca_file: lab.bundle('with-issuing.pem', 'root.pem', 'issuing.pem') });
    expect(known.judgement).toMatchObject({ status: 'fail', code: 'revoked' });
    expect(known.facts['endpoints']).toMatchObject([{ stapled: { proof: 'unknown' } }]);
  });

  it('stores that disagree: the one an application uses, in PEM, JKS and PKCS#12', async () => {
    const port = await lab.serve('good', [], { chain: ['issuing'] });
    const store = (name: string) => look({ port, trust_stores: [lab.path(name)] });
    expect((await store('root.pem')).judgement.code).toBe('valid');
    const { judgement, facts } = await store('stranger.pem');
    expect(judgement).toMatchObject({
      status: 'fail',
      code: 'untrusted-by-store',
      data: { distrusting: expect.stringContaining('stranger.pem') },
    });
    const stores = (facts['endpoints'] as [{ stores: { store: string; trusted: boolean }[] }])[0].stores;
    expect(stores).toContainEqual({
      store: 'mozilla',
      trusted: false,
      reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    });
    expect((await store('nowhere.pem')).judgement).toMatchObject({ status: 'unknown', code: 'store-unread' });
    if (!hasProgram('keytool')) return;
    for (const [type, anchor, code] of [
      ['JKS', 'root', 'valid'],
      ['PKCS12', 'root', 'valid'],
      ['JKS', 'stranger', 'untrusted-by-store'],
    ] as const) {
      const file = `${anchor}.${type}`;
      const argv = [
        '-importcert',
        '-noprompt',
        '-alias',
        'a',
        '-file',
        `${anchor}.pem`,
        '-keystore',
        file,
        '-storetype',
        type,
        '-storepass',
        'changeit',
      ];
      execFileSync('keytool', argv, { cwd: lab.dir, stdio: 'pipe' });
      expect((await store(file)).judgement.code, file).toBe(code);
    }
  });

  it.each<[string, string, (socket: Socket) => AsyncGenerator<void>]>([
    ['smtp', '220 mail ESMTP\r\n', lines(/^EHLO/, '250-mail\r\n250 STARTTLS\r\n', /^STARTTLS/, '220 go\r\n')],
    ['imap', '* OK ready\r\n', lines(/^a STARTTLS/, 'a OK begin\r\n')],
    ['pop3', '+OK ready\r\n', lines(/^STLS/, '+OK begin\r\n')],
  ])('a port that begins in the clear: %s', async (protocol, greeting, dialogue) => {
    const read = (name: string): string => readFileSync(lab.path(name), 'utf8');
    const context = createSecureContext({ key: read('expired.key'), cert: read('expired.pem') + read('issuing.pem') });
    const server = createServer(async (socket) => {
      socket.on('error', () => {}).write(greeting);
      for await (const _ of dialogue(socket));
      new TLSSocket(socket, { isServer: true, secureContext: context }).on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    expect((await look({ port, starttls: protocol })).judgement.code).toBe('expired');
    server.close();
    const refusing = createServer((socket) => socket.on('error', () => {}).end('220 mail\r\n500 no\r\n500 no\r\n'));
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const refused = await look({ port: (refusing.address() as { port: number }).port, starttls: 'smtp', timeout: '1s' });
    refusing.close();
    expect(['starttls-refused', 'reset']).toContain(refused.judgement.code);
  });

  it.each(['postgres', 'mariadb'] as const)('a real %s, with TLS and without', async (kind) => {
    if (!has(kind)) return;
    const [cert, key] = [lab.bundle('database.pem', 'expired.pem', 'issuing.pem'), lab.path('expired.key')];
    // The server runs as somebody else, who may read the key alone.
    chmodSync(lab.dir, 0o755);
    if (process.getuid?.() === 0) for (const file of [cert, key]) chownSync(file, 65_534, 65_534);
    chmodSync(key, 0o600);
    const start = async (tls: boolean): Promise<string> => {
      if (kind === 'postgres') return postgresUrl(await startPostgres(tls ? { ssl: 'on', ssl_cert_file: cert, ssl_key_file: key } : {}));
      return mysqlUrl(await startMariadb(tls ? [`--ssl-cert=${cert}`, `--ssl-key=${key}`] : []));
    };
    const ask = async (url: string) => probeAndJudge(tlsCert, realContext(), { url, ca_file: lab.path('root.pem') });
    expect((await ask(await start(true))).judgement).toMatchObject({ status: 'fail', code: 'expired' });
    expect((await ask(await start(false))).judgement).toMatchObject({ status: 'fail', code: 'starttls-refused' });
    stopDatabases();
  });
});

function lines(...pairs: readonly (RegExp | string)[]): (socket: Socket) => AsyncGenerator<void> {
  return async function* talk(socket) {
    for (let at = 0; at < pairs.length; at += 2) {
      const said = await new Promise<string>((resolve) => socket.once('data', (chunk: Buffer) => resolve(chunk.toString())));
      socket.write((pairs[at] as RegExp).test(said) ? (pairs[at + 1] as string) : '500 what?\r\n');
      yield;
    }
  };
}

describe.skipIf(!hasProgram('nginx') || !hasProgram('openssl'))('a certificate that was renewed', () => {
  let lab: Lab;
  afterAll(() => lab.stop());

  it('on disk and not loaded by nginx, then loaded, then put back', async () => {
    lab = makeLab();
    lab.issue('root', { subject: '/O=Acme/CN=Acme Root', ca: true });
    for (const [name, days] of [
      ['old', 10],
      ['new', 80],
    ] as const)
      lab.issue(name, { subject: '/CN=pay.example.test', names: NAMES, by: 'root', until: inDays(days) });
    const port = await findClosedPort();
    const use = (name: string): void => {
      writeFileSync(lab.path('live.pem'), readFileSync(lab.path(`${name}.pem`)));
      writeFileSync(lab.path('live.key'), readFileSync(lab.path(`${name}.key`)));
    };
    writeFileSync(
      lab.path('nginx.conf'),
      `daemon off; master_process on; worker_processes 1; user root; pid nginx.pid; error_log error.log; events {}
http { access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
server { listen 127.0.0.1:${port} ssl; ssl_certificate live.pem; ssl_certificate_key live.key; } }`,
    );
    use('old');
    const nginx = await lab.run(['nginx', '-p', lab.dir, '-c', join(lab.dir, 'nginx.conf'), '-e', 'error.log'], port);
    const look = async () =>
      (await probeAndJudge(tlsFile, realContext(), { file: lab.path('live.pem'), served_at: `127.0.0.1:${port}` })).judgement;
    expect(await look()).toMatchObject({ status: 'warn', code: 'expiring-soon' });
    use('new');
    expect(await look()).toMatchObject({ status: 'fail', code: 'not-loaded' });
    const worker = workersOf(nginx.pid);
    nginx.kill('SIGHUP');
    // The old worker answers until it has ended.
    await vi.waitUntil(() => workersOf(nginx.pid).length === 1 && workersOf(nginx.pid)[0] !== worker[0], { timeout: 20_000 });
    expect(await look()).toMatchObject({ status: 'ok', code: 'valid' });
    use('old');
    expect(await look()).toMatchObject({ status: 'warn', code: 'file-older' });
    nginx.kill('SIGTERM');
  });
});

/** Process ids of the children of a master. */
function workersOf(master: number | undefined): readonly string[] {
  return readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').trim().split(' ');
}
