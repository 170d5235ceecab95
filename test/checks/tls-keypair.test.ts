import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tlsKeypair } from '../../src/checks/tls-keypair.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const file = (name: string): string => join(folder, name);
const openssl = hasOpenssl();

describe.skipIf(!openssl)('real key pairs', () => {
  const pair = (name: string, kind: readonly string[]): void =>
    void execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', ...kind, '-nodes', '-subj', `/CN=${name}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)],
      { stdio: 'ignore' },
    );
  pair('ec', ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']);
  pair('other', ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']);
  execFileSync('openssl', ['pkey', '-in', file('ec.key'), '-aes256', '-passout', 'pass:x', '-out', file('locked.key')], {
    stdio: 'ignore',
  });
  writeFileSync(file('notes.txt'), 'nothing');

  test.each([
    ['ec.pem', 'ec.key', 'ok', 'match'],
    ['ec.pem', 'other.key', 'fail', 'mismatch'],
    ['ec.key', 'ec.pem', 'fail', 'swapped'],
    ['ec.pem', 'locked.key', 'fail', 'encrypted'],
    ['notes.txt', 'ec.key', 'fail', 'no-certificate'],
    ['ec.pem', 'notes.txt', 'fail', 'no-key'],
    ['gone.pem', 'ec.key', 'fail', 'certificate-missing'],
    ['ec.pem', 'gone.key', 'fail', 'key-missing'],
  ])('%s and %s', async (certificate, key, status, code) => {
    const { facts, judgement } = await probeAndJudge(tlsKeypair, localContext(), { certificate: file(certificate), key: file(key) });
    expect(judgement).toMatchObject({ status, code });
    expect(JSON.stringify(facts)).not.toContain('BEGIN');
  });
});

test('a key that may not be read is unknown, and is not read by any other way', async () => {
  const context = fakeHost({
    stats: { '/c.pem': {}, '/k.pem': {} },
    commands: {
      'openssl x509 -in /c.pem -noout -pubkey': { stdout: '-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----\n' },
      'openssl pkey -in /k.pem -pubout -passin pass:': {
        exitCode: 1,
        stderr: 'Could not open file or uri for loading key from /k.pem: Permission denied',
      },
    },
  });
  await expect(probeAndJudge(tlsKeypair, context, { certificate: '/c.pem', key: '/k.pem' })).rejects.toMatchObject({
    reason: 'no-permission',
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('no openssl here: tests of tls.keypair skip real key pairs\n');
    return false;
  }
}
