/** Signatures and encryption of what leaves; the key of the state folder is made on first use. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, OorError } from '../errors.ts';
import type { Seals, Signer } from '../ports.ts';
import { createNew } from './atomic-file.ts';
import { makeSafeDirectory, stateError } from './file-state-dir.ts';
import { publicLine, readPrivateKey, readSignature, signMessage } from './ssh-signature.ts';

const KEY_FILE = 'bundle_ed25519';
const AGE = () => import('./age.ts');

export function createSeals({ stateDir }: { readonly stateDir: string }): Seals {
  const folder = join(stateDir, 'keys');
  return {
    signer: async (file) => signerOf(file === undefined ? await ownOrNew(folder) : await readKey(file)),
    async ownKey() {
      const text = await readIfThere(join(folder, KEY_FILE));
      const key = text === undefined ? undefined : readPrivateKey(text);
      return key && publicLine(key);
    },
    readSignature,
    encrypt: async (bytes, recipients) => (await AGE()).encryptTo(bytes, recipients),
    isEncrypted: (bytes) => /^(?:age-encryption\.org\/v1|-----BEGIN AGE )/.test(Buffer.from(bytes.subarray(0, 32)).toString('latin1')),
    decrypt: async (bytes, identities) => (await AGE()).decryptWith(bytes, identities),
  };
}

function signerOf(key: KeyObject): Signer {
  return { publicKey: publicLine(key), sign: (message) => signMessage(message, key) };
}

async function readKey(file: string): Promise<KeyObject> {
  const text = await readIfThere(file);
  const key = text === undefined ? undefined : readPrivateKey(text);
  if (key) return key;
  throw new OorError({
    code: 'usage',
    message: text === undefined ? `the signing key ${file} cannot be read` : `${file} is no Ed25519 private key without a passphrase`,
    hint: 'make one with: ssh-keygen -t ed25519 -N "" -f bundle_key',
    exitCode: ExitCode.usage,
  });
}

async function ownOrNew(folder: string): Promise<KeyObject> {
  const path = join(folder, KEY_FILE);
  try {
    await makeSafeDirectory(folder);
    const text = await readIfThere(path);
    if (text !== undefined) return await readKey(path);
    const { privateKey } = generateKeyPairSync('ed25519');
    await createNew(path, Buffer.from(privateKey.export({ format: 'pem', type: 'pkcs8' })));
    await createNew(`${path}.pub`, Buffer.from(`${publicLine(privateKey)} oor\n`));
    return privateKey;
  } catch (error) {
    throw stateError(error, folder);
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
