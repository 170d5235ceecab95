import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { tlsFile } from '../../src/checks/tls-file.ts';
import { HostError } from '../../src/errors.ts';
import type { CertificateFacts, TlsHandshake } from '../../src/ports.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const DAY = 86_400_000;
const certificate = (days: number, fingerprint256 = 'NEW', more = {}): CertificateFacts => ({
  subject: 'CN=pay',
  issuer: 'CN=Acme',
  serial: '1',
  fingerprint256,
  names: ['pay'],
  notBefore: FAKE_NOW - DAY,
  notAfter: FAKE_NOW + days * DAY,
  selfSigned: false,
  ...more,
});

function look(inFile: readonly CertificateFacts[] | Error, served?: CertificateFacts) {
  const certificatesInFile = async () => {
    if (inFile instanceof Error) throw inFile;
    return inFile as readonly CertificateFacts[];
  };
  const tls = async (): Promise<TlsHandshake> => ({
    outcome: served ? 'connected' : 'refused',
    chain: served ? [served] : [],
    nameMatches: null,
    trusted: null,
    durationMs: 1,
  });
  return probeAndJudge(tlsFile, fakeHost({ net: { certificatesInFile, tls } }), {
    file: '/tls/pay.pem',
    ...(served && { served_at: 'https://pay.example.test' }),
  });
}

describe('tls.file', () => {
  it.each([
    ['valid', [certificate(60)], undefined, 'ok'],
    ['expiring-soon', [certificate(10)], undefined, 'warn'],
    ['expiring', [certificate(3)], undefined, 'fail'],
    ['expired', [certificate(-2)], undefined, 'fail'],
    ['not-yet-valid', [certificate(60, 'NEW', { notBefore: FAKE_NOW + DAY })], undefined, 'fail'],
    ['chain-expired', [certificate(60), certificate(-2, 'CA')], undefined, 'fail'],
    ['no-certificate', [], undefined, 'fail'],
    ['missing', new HostError('not-found', 'ENOENT'), undefined, 'fail'],
    ['no-certificate', new HostError('unsupported', 'holds no certificate'), undefined, 'fail'],
    ['valid', [certificate(60)], certificate(60), 'ok'],
    ['not-loaded', [certificate(60)], certificate(-1, 'OLD'), 'fail'],
    ['expired', [certificate(-1)], certificate(60, 'OTHER'), 'fail'],
    ['file-older', [certificate(60)], certificate(90, 'NEWER'), 'warn'],
  ] as const)('%s', async (code, inFile, served, status) => {
    expect((await look(inFile, served)).judgement).toMatchObject({ code, status });
  });

  it('shows the bound that was crossed', async () => {
    expect((await look([certificate(3)])).judgement).toMatchObject({ value: 3, threshold: 7, unit: 'days' });
    expect((await look([certificate(10)])).judgement).toMatchObject({ value: 10, threshold: 14 });
  });

  it('an unreadable file is not a bad one', async () => {
    await expect(look(new HostError('no-permission', 'EACCES'))).rejects.toMatchObject({ reason: 'no-permission' });
  });

  it('reads a real file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oor-pem-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'root.pem'), rootCertificates[0] as string);
    const { facts } = await probeAndJudge(tlsFile, realContext(), { file: join(folder, 'root.pem') });
    expect(facts).toMatchObject({ missing: false, fingerprint: expect.stringMatching(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/) });
    expect((await probeAndJudge(tlsFile, realContext(), { file: join(folder, 'none.pem') })).judgement.code).toBe('missing');
  });
});
