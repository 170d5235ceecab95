/** A bundle from anywhere -> what could be read of it and what it is worth. */

import { readAllowedSigners } from '../bundle/allowed-signers.ts';
import type { Manifest } from '../bundle/manifest.ts';
import { type Verified, verifyBundle } from '../bundle/verify.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { Unpacked } from '../ports.ts';
import type { BundleOptions } from './bundle.ts';
import { cleanVerified } from './bundle-shown.ts';
import { usage } from './options.ts';
import type { Services } from './services.ts';

/** Of the file as it lies there. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_KEY_FILE_BYTES = 1024 * 1024;
/** As the signer of a bundle that this machine made; all other names are from a file. */
export const OWN_KEY = 'the key of this machine';

export interface Opened {
  readonly file: string;
  readonly unpacked: Unpacked;
  /** As it may be shown. */
  readonly verified: Verified;
  /** By name. */
  readonly entries: ReadonlyMap<string, Uint8Array>;
}

/** Says what it is; whether that is good enough is for the command to decide. */
export async function openBundle(services: Services, file: string, options: BundleOptions): Promise<Opened> {
  const archives = await services.archives();
  const seals = await services.seals(options.stateDir);
  const bytes = await services.readBytes(file, MAX_BYTES);
  if (!bytes) throw usage(`the bundle ${file} does not exist`, 'check the path');
  const plain = seals.isEncrypted(bytes) ? await seals.decrypt(bytes, await readIdentities(services, options)) : bytes;
  const unpacked = await archives.unpack(plain);
  const found = verifyBundle({ unpacked, archives, seals, known: await knownKeys(services, options), head: options.head });
  const verified = cleanVerified(found, unpacked.entries, archives);
  return { file, unpacked, verified, entries: new Map(unpacked.entries.map((entry) => [entry.name, entry.bytes])) };
}

export interface Sound extends Opened {
  readonly verified: Verified & { readonly manifest: Manifest };
}

/** As `openBundle`, for commands that believe what they read: throws for what is altered, damaged or no bundle. */
export async function openSound(services: Services, file: string, options: BundleOptions): Promise<Sound> {
  const opened = await openBundle(services, file, options);
  const { exitCode, firstBad, reason, manifest } = opened.verified;
  if (manifest && (exitCode === ExitCode.healthy || exitCode === ExitCode.notSigned || exitCode === ExitCode.unknownSigner))
    return { ...opened, verified: { ...opened.verified, manifest } };
  throw new OorError({
    code: exitCode === ExitCode.invalidInput ? 'not-a-bundle' : 'bundle-altered',
    message:
      exitCode === ExitCode.invalidInput
        ? `${file} is no bundle of oor: ${reason}`
        : `${file} was altered or damaged: ${firstBad ?? ''}: ${reason}`,
    hint: `look closer with: oor bundle verify ${file}`,
    exitCode,
  });
}

async function readIdentities(services: Services, { identity }: BundleOptions): Promise<readonly string[]> {
  const text = identity === undefined ? undefined : await services.readFile(identity, MAX_KEY_FILE_BYTES);
  if (text === undefined)
    throw usage(
      identity === undefined ? 'the bundle is encrypted' : `the identity ${identity} does not exist`,
      'give the age identity of a recipient: --identity FILE',
    );
  return text.split(/\r?\n/).filter((line) => line.startsWith('AGE-SECRET-KEY-'));
}

/** Public keys and whose they are: those of `--allowed-signers`, and the one that this machine signs with. */
async function knownKeys(services: Services, options: BundleOptions): Promise<ReadonlyMap<string, string>> {
  const own = await (await services.seals(options.stateDir)).ownKey();
  const file = options.allowedSigners;
  const text = file === undefined ? '' : await services.readFile(file, MAX_KEY_FILE_BYTES);
  if (text === undefined) throw usage(`the allowed signers ${file} do not exist`, 'each line: NAME ssh-ed25519 AAAA...');
  const listed = readAllowedSigners(text, services.clock.now().wallMs);
  if (file !== undefined && listed.length === 0)
    throw usage(`the allowed signers ${file} name no Ed25519 key`, 'each line: NAME ssh-ed25519 AAAA...');
  const named = listed.filter(({ counts }) => counts).map(({ key, name }) => [key, name] as const);
  return new Map([...(own === undefined ? [] : [[own, OWN_KEY] as const]), ...named]);
}
