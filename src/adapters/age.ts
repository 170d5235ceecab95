/** age files (age-encryption.org/v1); interoperates with the age command. */
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { ExitCode, OorError } from '../errors.ts';

const HEADER = 'age-encryption.org/v1';
const ARMOUR = '-----BEGIN AGE ENCRYPTED FILE-----';

export async function encryptTo(bytes: Uint8Array, recipients: readonly string[]): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) addRecipient(encrypter, recipient);
  return await encrypter.encrypt(bytes);
}

export function isEncrypted(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, ARMOUR.length)).toString('latin1');
  return start.startsWith(HEADER) || start === ARMOUR;
}

export async function decryptWith(bytes: Uint8Array, identities: readonly string[]): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  try {
    for (const identity of identities) decrypter.addIdentity(identity);
    const text = Buffer.from(bytes.subarray(0, ARMOUR.length)).toString('latin1') === ARMOUR;
    return await decrypter.decrypt(text ? armor.decode(Buffer.from(bytes).toString('latin1')) : bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const wrongKey = /no identity matched|invalid identity|unrecognized identity/i.test(reason);
    throw new OorError({
      code: wrongKey ? 'wrong-identity' : 'damaged-bundle',
      message: wrongKey ? 'none of the identities opens this bundle' : `the encrypted bundle is damaged or altered (${reason})`,
      hint: 'give the identity of one of its recipients: --identity FILE',
      exitCode: wrongKey ? ExitCode.usage : ExitCode.recordDamaged,
      cause: error,
    });
  }
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch (error) {
    throw new OorError({
      code: 'usage',
      message: `${JSON.stringify(recipient.slice(0, 100))} is no age recipient`,
      hint: 'a recipient begins with age1; age-keygen prints one',
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}
