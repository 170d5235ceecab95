import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tlsCert } from '../../src/checks/tls-cert.ts';
import type { CertificateFacts, TlsHandshake, TlsRequest } from '../../src/ports.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';
import { realContext } from './real-context.ts';

const DAY = 86_400_000;

function certificate(more: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    subject: 'CN=pay.example.test',
    issuer: 'CN=Acme Issuing CA, O=Acme',
    serial: '01',
    fingerprint256: 'AA',
    names: ['pay.example.test'],
    notBefore: FAKE_NOW - 30 * DAY,
    notAfter: FAKE_NOW + 60 * DAY,
    selfSigned: false,
    ...more,
  };
}

const intermediate = certificate({ subject: 'CN=Acme Issuing CA, O=Acme', issuer: 'CN=Acme Root, O=Acme', fingerprint256: 'BB' });

function handshake(more: Partial<TlsHandshake> = {}): TlsHandshake {
  return {
    outcome: 'connected',
    protocol: 'TLSv1.3',
    cipher: 'X',
    chain: [certificate(), intermediate],
    nameMatches: true,
    trusted: true,
    durationMs: 3,
    ...more,
  };
}

const noHandshake = (outcome: TlsHandshake['outcome'], errorCode: string): TlsHandshake => ({
  outcome,
  errorCode,
  chain: [],
  nameMatches: null,
  trusted: null,
  durationMs: 3,
});

function context(handshakes: Readonly<Record<string, TlsHandshake>> | TlsHandshake, anchors: readonly CertificateFacts[] = []) {
  const byAddress = 'outcome' in handshakes ? undefined : (handshakes as Readonly<Record<string, TlsHandshake>>);
  const all = Object.keys(byAddress ?? { '10.0.0.5': 0 });
  return fakeHost({
    net: {
      dns: async ({ type }) => {
        const addresses = all.filter((address) => address.includes(':') === (type === 'AAAA'));
        return { outcome: addresses.length > 0 ? 'answered' : 'no-data', addresses, durationMs: 1 };
      },
      tls: async ({ address = '' }: TlsRequest) => byAddress?.[address] ?? (handshakes as TlsHandshake),
      certificatesInFile: async () => anchors,
    },
  });
}

const PARAMS = { url: 'https://pay.example.test/health' };

describe('tls.cert judges', () => {
  it.each([
    ['valid', handshake(), 'ok'],
    ['expiring-soon', handshake({ chain: [certificate({ notAfter: FAKE_NOW + 13.9 * DAY }), intermediate] }), 'warn'],
    ['valid', handshake({ chain: [certificate({ notAfter: FAKE_NOW + 14 * DAY }), intermediate] }), 'ok'],
    ['expiring', handshake({ chain: [certificate({ notAfter: FAKE_NOW + 6.9 * DAY }), intermediate] }), 'fail'],
    ['expired', handshake({ chain: [certificate({ notAfter: FAKE_NOW - 1 }), intermediate] }), 'fail'],
    ['not-yet-valid', handshake({ chain: [certificate({ notBefore: FAKE_NOW + DAY }), intermediate] }), 'fail'],
    ['wrong-host', handshake({ nameMatches: false }), 'fail'],
    ['self-signed', handshake({ trusted: false, chain: [certificate({ selfSigned: true, issuer: 'CN=pay.example.test' })] }), 'fail'],
    ['untrusted', handshake({ trusted: false }), 'fail'],
    ['incomplete-chain', handshake({ trusted: false, chain: [certificate()] }), 'fail'],
    ['chain-expired', handshake({ chain: [certificate(), { ...intermediate, notAfter: FAKE_NOW - DAY }] }), 'fail'],
    ['refused', noHandshake('refused', 'ECONNREFUSED'), 'fail'],
    ['timed-out', noHandshake('timed-out', 'ETIMEDOUT'), 'fail'],
    ['unreachable', noHandshake('unreachable', 'EHOSTUNREACH'), 'fail'],
    ['no-response', noHandshake('handshake-failed', 'ETIMEDOUT'), 'fail'],
    ['reset', noHandshake('handshake-failed', 'ECONNRESET'), 'fail'],
    ['not-tls', noHandshake('handshake-failed', 'ERR_SSL_WRONG_VERSION_NUMBER'), 'fail'],
    ['protocol-mismatch', noHandshake('handshake-failed', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'), 'fail'],
    ['protocol-mismatch', noHandshake('handshake-failed', 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE'), 'fail'],
    ['client-certificate-required', noHandshake('handshake-failed', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'fail'],
    ['handshake-failed', noHandshake('handshake-failed', 'ERR_SSL_INTERNAL_ERROR'), 'fail'],
  ] as const)('%s', async (code, seen, status) => {
    expect((await probeAndJudge(tlsCert, context(seen), PARAMS)).judgement).toMatchObject({ code, status });
  });

  it('names the worst of several problems and lists them all', async () => {
    const seen = handshake({ nameMatches: false, trusted: false, chain: [certificate({ notAfter: FAKE_NOW - DAY }), intermediate] });
    const { judgement, facts } = await probeAndJudge(tlsCert, context(seen), PARAMS);
    expect(judgement).toMatchObject({ code: 'expired', data: { problems: 'expired, wrong-host, untrusted' } });
    expect(facts).toMatchObject({ problems: ['expired', 'wrong-host', 'untrusted'], daysLeft: -1 });
  });

  it('a lone leaf of an authority that calls itself a root lacks nothing but trust, also without anchors to compare with', async () => {
    const named = async (issuer: string) =>
      (await probeAndJudge(tlsCert, context(handshake({ trusted: false, chain: [certificate({ issuer })] })), PARAMS)).judgement.code;
    expect(await named('CN=Unknown Corp Root CA, O=Unknown Corp')).toBe('untrusted');
    expect(await named('CN=Unknown Corp Issuing CA 3, O=Unknown Corp')).toBe('incomplete-chain');
  });

  it.each([
    [
      'a private authority with a root of the same house',
      [certificate({ subject: 'CN=Acme Root, O=Acme' })],
      certificate({ issuer: 'CN=Payments Issuing CA, O=Acme' }),
      'incomplete-chain',
    ],
    [
      'an authority that no anchor is akin to',
      [certificate({ subject: 'CN=Acme Root, O=Acme' })],
      certificate({ issuer: 'CN=Unknown Corp Root CA, O=Unknown Corp' }),
      'untrusted',
    ],
    ['an anchor of the same name and another key', [certificate({ subject: 'CN=Acme Issuing CA, O=Acme' })], certificate(), 'untrusted'],
    [
      'an authority that publishes its certificate',
      [certificate({ subject: 'CN=Acme Root, O=Acme' })],
      certificate({ issuer: 'CN=R11, O=Other', issuerUrl: 'http://r11.example.test/' }),
      'incomplete-chain',
    ],
  ] as const)('a lone leaf from %s', async (_name, anchors, leaf, code) => {
    const seen = handshake({ trusted: false, chain: [leaf] });
    const { judgement } = await probeAndJudge(tlsCert, context(seen, anchors), { ...PARAMS, ca_file: '/etc/acme/ca.pem' });
    expect(judgement.code).toBe(code);
  });

  it('judges the worst address and names it', async () => {
    const stale = handshake({ chain: [certificate({ notAfter: FAKE_NOW - DAY, fingerprint256: 'OLD' }), intermediate] });
    const { judgement, facts } = await probeAndJudge(tlsCert, context({ '10.0.0.5': handshake(), '10.0.0.6': stale }), PARAMS);
    expect(judgement).toMatchObject({ code: 'expired', data: { address: '10.0.0.6' } });
    expect(facts['fingerprints']).toEqual(['AA', 'OLD']);
  });

  it('leaves out IPv6 addresses where this machine has no IPv6, but not a lone one', async () => {
    const both = await probeAndJudge(
      tlsCert,
      context({ '10.0.0.5': handshake(), 'fd00::5': noHandshake('unreachable', 'ENETUNREACH') }),
      PARAMS,
    );
    const lone = await probeAndJudge(tlsCert, context({ 'fd00::5': noHandshake('unreachable', 'ENETUNREACH') }), PARAMS);
    expect([both.judgement.code, lone.judgement.code]).toEqual(['valid', 'unreachable']);
  });

  it('takes the bounds of the profile', async () => {
    const { facts } = await probeAndJudge(tlsCert, context(handshake()), PARAMS);
    const limits = { warn: 90, crit: 70, unit: 'days', source: 'profile' };
    expect(tlsCert.judge(facts, PARAMS, limits)).toMatchObject({ status: 'fail', code: 'expiring', value: 60, threshold: 70 });
  });

  it('has nothing to say about plain HTTP, and refuses two targets', async () => {
    expect((await probeAndJudge(tlsCert, fakeHost(), { url: 'http://pay.example.test/' })).judgement).toMatchObject({
      status: 'not-applicable',
      code: 'plain-text',
    });
    expect(problemsOf(tlsCert, { url: 'https://a', host: 'b' })).toEqual(['expected either `url` or `host`']);
    expect(problemsOf(tlsCert, {})).toHaveLength(1);
  });

  it('says that a name does not resolve', async () => {
    const unresolved = fakeHost({ net: { dns: async () => ({ outcome: 'no-such-name', addresses: [], durationMs: 1 }) } });
    expect((await probeAndJudge(tlsCert, unresolved, { host: 'nowhere.example.test' })).judgement.code).toBe('name-not-resolved');
  });
});

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!hasOpenssl) console.warn('tls.cert: real handshakes skipped, openssl is not installed');

describe.skipIf(!hasOpenssl)('tls.cert on real handshakes', () => {
  let folder = '';
  const servers: Server[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'oor-tls-'));
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
    const request = (name: string, subject: string) =>
      openssl(
        'req',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
        '-subj',
        subject,
      );
    const sign = (name: string, by: string, days: string, extensions: string) => {
      writeFileSync(join(folder, `${name}.ext`), extensions);
      openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        `${by}.pem`,
        '-CAkey',
        `${by}.key`,
        '-CAcreateserial',
        '-days',
        days,
        '-out',
        `${name}.pem`,
        '-extfile',
        `${name}.ext`,
      );
    };
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      'root.key',
      '-out',
      'root.pem',
      '-days',
      '3650',
      '-subj',
      '/O=Acme/CN=Acme Root',
    );
    request('issuing', '/O=Acme/CN=Acme Issuing CA');
    sign('issuing', 'root', '3000', 'basicConstraints=critical,CA:TRUE\n');
    for (const [name, days] of [
      ['good', '60'],
      ['soon', '3'],
      ['expired', '-1'],
    ] as const) {
      request(name, '/CN=localhost');
      sign(name, 'issuing', days, 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    }
  });
  afterAll(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function serve(name: string, chain: readonly string[]): Promise<number> {
    const read = (file: string) => readFileSync(join(folder, file), 'utf8');
    const server = createServer({ key: read(`${name}.key`), cert: chain.map(read).join('') }, (socket) => socket.end());
    server.on('tlsClientError', () => {});
    servers.push(server.listen(0, '127.0.0.1'));
    await new Promise((resolve) => server.once('listening', resolve));
    return (server.address() as { port: number }).port;
  }

  const look = async (port: number, more = {}) =>
    (await probeAndJudge(tlsCert, realContext(), { host: '127.0.0.1', port, ca_file: join(folder, 'root.pem'), ...more })).judgement.code;

  it.each([
    ['good', ['good.pem', 'issuing.pem'], {}, 'valid'],
    ['soon', ['soon.pem', 'issuing.pem'], {}, 'expiring'],
    ['expired', ['expired.pem', 'issuing.pem'], {}, 'expired'],
    ['good', ['good.pem'], {}, 'incomplete-chain'],
    ['good', ['good.pem', 'issuing.pem'], { ca_file: null }, 'untrusted'],
    ['good', ['good.pem', 'issuing.pem'], { server_name: 'pay.example.test' }, 'wrong-host'],
  ])('%s as %j with %j: %s', async (name, chain, more, code) => {
    expect(await look(await serve(name, chain), more)).toBe(code);
  });

  it('a port that does not speak TLS, and one that says nothing', async () => {
    const plain = createTcpServer((socket) => socket.end('SSH-2.0-x\r\n')).listen(0, '127.0.0.1');
    const hung = createTcpServer(() => {}).listen(0, '127.0.0.1');
    await Promise.all([plain, hung].map((server) => new Promise((resolve) => server.once('listening', resolve))));
    const ports = [plain, hung].map((server) => (server.address() as { port: number }).port);
    const codes = await Promise.all(ports.map((port) => look(port, { timeout: '500ms' })));
    plain.close();
    hung.close();
    expect(codes).toEqual(['not-tls', 'no-response']);
  });
});
