import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSeals } from '../../src/adapters/seals.ts';
import { fingerprintOf, publicLine, readPrivateKey, readSignature, signMessage } from '../../src/adapters/ssh-signature.ts';

const tool = (name: string): boolean => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
const [ssh, age] = [tool('ssh-keygen'), tool('age')];
if (!ssh) console.log('ssh-keygen is not here: signatures are not held against it');
if (!age) console.log('age is not here: encryption is not held against it');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oor-seals-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { privateKey } = generateKeyPairSync('ed25519');
const message = Buffer.from('{"schema_version":1}\n');

describe('a signature', () => {
  it('is of its message and of no other, and says whose it is', () => {
    const signature = signMessage(message, privateKey);
    const blob = Buffer.from(publicLine(privateKey).split(' ')[1] ?? '', 'base64');
    expect(readSignature(message, signature)).toEqual({ publicKey: publicLine(privateKey), fingerprint: fingerprintOf(blob) });
    expect(readSignature(Buffer.from('{"schema_version":2}\n'), signature)).toBeUndefined();
    expect(signMessage(message, privateKey)).toBe(signature);
  });

  it('with any byte changed is none', () => {
    const [begin = '', ...lines] = signMessage(message, privateKey).trimEnd().split('\n');
    const end = lines.pop() ?? '';
    const bytes = Buffer.from(lines.join(''), 'base64');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(readSignature(message, `${[begin, changed.toString('base64'), end].join('\n')}\n`), `byte ${at}`).toBeUndefined();
    }
  });

  it.each(['', 'hello', '-----BEGIN SSH SIGNATURE-----\n\n-----END SSH SIGNATURE-----\n'])('%j is none', (text) => {
    expect(readSignature(message, text)).toBeUndefined();
  });

  it.skipIf(!ssh)('is good for ssh-keygen -Y verify, and one of ssh-keygen -Y sign is good here', () => {
    const [key, signers] = [join(folder, 'key'), join(folder, 'signers')];
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key]);
    const own = readPrivateKey(readFileSync(key, 'utf8'));
    if (!own) throw new Error('the key of ssh-keygen cannot be read');
    expect(publicLine(own)).toBe(readFileSync(`${key}.pub`, 'utf8').trim());
    writeFileSync(signers, `auditor ${publicLine(own)}\n`);
    writeFileSync(join(folder, 'sig'), signMessage(message, own));
    const verify = ['-Y', 'verify', '-f', signers, '-I', 'auditor', '-n', 'oor-bundle', '-s', join(folder, 'sig')];
    expect(spawnSync('ssh-keygen', verify, { input: message }).status).toBe(0);
    expect(spawnSync('ssh-keygen', verify, { input: 'another' }).status).not.toBe(0);
    const theirs = execFileSync('ssh-keygen', ['-Y', 'sign', '-f', key, '-n', 'oor-bundle'], {
      input: message,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    expect(readSignature(message, theirs)?.publicKey).toBe(publicLine(own));
    const foreign = execFileSync('ssh-keygen', ['-Y', 'sign', '-f', key, '-n', 'git'], {
      input: message,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    expect(readSignature(message, foreign)).toBeUndefined();
  });
});

describe('the key of the state folder', () => {
  it('is made once, for the owner alone', async () => {
    const seals = createSeals({ stateDir: join(folder, 'state') });
    expect(await seals.ownKey()).toBeUndefined();
    const first = await seals.signer(undefined);
    expect((await seals.signer(undefined)).publicKey).toBe(first.publicKey);
    expect(await seals.ownKey()).toBe(first.publicKey);
    expect(statSync(join(folder, 'state/keys/bundle_ed25519')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'state/keys/bundle_ed25519.pub'), 'utf8')).toContain(first.publicKey);
  });

  it('a key that is none is refused with the way to make one', async () => {
    const path = join(folder, 'rsa');
    writeFileSync(path, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const seals = createSeals({ stateDir: join(folder, 'state') });
    await expect(seals.signer(path)).rejects.toMatchObject({ exitCode: 2, hint: expect.stringContaining('ssh-keygen') });
    await expect(seals.signer(join(folder, 'none'))).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('encryption', () => {
  const seals = createSeals({ stateDir: '/nonexistent' });
  const identity = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX';

  it('to no recipient that there is: usage', async () => {
    await expect(seals.encrypt(message, ['age1nonsense'])).rejects.toMatchObject({ exitCode: 2 });
  });

  it.skipIf(!age)('goes both ways with the age command; what was altered opens for nobody', async () => {
    const file = join(folder, 'identity');
    execFileSync('age-keygen', ['-o', file], { stdio: 'ignore' });
    const own =
      readFileSync(file, 'utf8')
        .split('\n')
        .find((line) => line.startsWith('AGE-SECRET-KEY-')) ?? '';
    const recipient = execFileSync('age-keygen', ['-y', file], { encoding: 'utf8' }).trim();
    const sealed = await seals.encrypt(message, [recipient]);
    expect(seals.isEncrypted(sealed)).toBe(true);
    expect(execFileSync('age', ['-d', '-i', file], { input: sealed })).toEqual(message);
    const theirs = execFileSync('age', ['-r', recipient], { input: message });
    expect(Buffer.from(await seals.decrypt(theirs, [own]))).toEqual(message);
    const armoured = execFileSync('age', ['-a', '-r', recipient], { input: message });
    expect(seals.isEncrypted(armoured)).toBe(true);
    expect(Buffer.from(await seals.decrypt(armoured, [own]))).toEqual(message);
    const altered = Uint8Array.from(sealed);
    altered[sealed.length - 1] = (altered[sealed.length - 1] ?? 0) ^ 1;
    await expect(seals.decrypt(altered, [own])).rejects.toMatchObject({ exitCode: 9 });
    await expect(seals.decrypt(sealed, [identity])).rejects.toMatchObject({ exitCode: 2 });
    expect(existsSync('/nonexistent')).toBe(false);
  });
});
