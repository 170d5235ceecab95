/** Is a bundle what it was when it was made, and whose is it? Names the first thing that is not right. Pure. */
import { fromEntry } from '../engine/events.ts';
import { explainEntries } from '../engine/read-events.ts';
import { ExitCode } from '../errors.ts';
import type { ArchiveEntry, Archives, Seals, Unpacked } from '../ports.ts';
import { findUnfit } from './fits-journal.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { JOURNAL, MANIFEST, REPORT, SIGNATURE } from './names.ts';

export interface Verified {
  readonly exitCode: 0 | 9 | 10 | 11 | 65;
  /** The entry (or `archive`) that is the first not to be right. */
  readonly firstBad: string | null;
  readonly reason: string;
  /** Name of the key, else its fingerprint; null: nobody signed. */
  readonly signedBy: string | null;
  /** Of a signature that nobody here knows: the public key (`ssh-ed25519 AAAA...`). */
  readonly key?: string;
  /** Entries whose digest was looked at. */
  readonly items: number;
  readonly manifest?: Manifest;
}

export interface VerifyRequest {
  readonly unpacked: Unpacked;
  readonly archives: Pick<Archives, 'sha256' | 'readJournal'>;
  readonly seals: Pick<Seals, 'readSignature'>;
  /** Public keys (`ssh-ed25519 AAAA...`) and whose they are. */
  readonly known: ReadonlyMap<string, string>;
  /** The head that the journal is known to have had: an older state of the session is refused. */
  readonly head?: string | undefined;
}

export function verifyBundle(request: VerifyRequest): Verified {
  const { unpacked, known } = request;
  const byName = new Map(unpacked.entries.map((entry) => [entry.name, entry.bytes]));
  const state = readState(request, byName);
  if ('exitCode' in state) return state;
  const { manifest, signer } = state;
  const signedBy = signer ? (known.get(signer.publicKey) ?? signer.fingerprint) : null;
  const seen = { signedBy, manifest };
  const altered = findAltered(request, manifest, byName);
  if (altered) return { exitCode: ExitCode.recordDamaged, ...altered, items: manifest.entries.length, ...seen };
  const items = manifest.entries.length;
  if (!signer) return { exitCode: ExitCode.notSigned, firstBad: null, reason: 'nobody signed it', items, ...seen };
  if (!known.has(signer.publicKey))
    return {
      exitCode: ExitCode.unknownSigner,
      firstBad: null,
      reason: `no known key has the fingerprint ${signer.fingerprint}`,
      items,
      key: signer.publicKey,
      ...seen,
    };
  return { exitCode: ExitCode.healthy, firstBad: null, reason: '', items, ...seen };
}

interface State {
  readonly manifest: Manifest;
  readonly signer: ReturnType<Seals['readSignature']>;
}

function readState({ unpacked, seals }: VerifyRequest, byName: ReadonlyMap<string, Uint8Array>): State | Verified {
  const { stopped } = unpacked;
  const no = (exitCode: Verified['exitCode'], firstBad: string | null, reason: string): Verified => ({
    exitCode,
    firstBad,
    reason,
    signedBy: null,
    items: 0,
  });
  const bytes = byName.get(MANIFEST);
  if (!bytes) {
    if (stopped?.kind === 'damaged') return no(ExitCode.recordDamaged, stopped.at, stopped.reason);
    return no(ExitCode.invalidInput, stopped ? stopped.at : null, stopped?.reason ?? 'it has no manifest');
  }
  const manifest = parseManifest(text(bytes));
  const signature = byName.get(SIGNATURE);
  const signer = signature && seals.readSignature(bytes, text(signature));
  if (signature && !signer)
    return no(
      ExitCode.recordDamaged,
      manifest ? SIGNATURE : MANIFEST,
      'the signature is none of this manifest: one of the two was altered',
    );
  if (!manifest) {
    const version = /"schema_version": ?(\d+)/.exec(text(bytes))?.[1];
    if (version !== undefined && version !== '1')
      return no(ExitCode.invalidInput, MANIFEST, `it is a bundle of version ${version}, which this oor does not know`);
    return no(ExitCode.recordDamaged, MANIFEST, 'it cannot be read');
  }
  return { manifest, signer };
}

interface Altered {
  readonly firstBad: string;
  readonly reason: string;
}

function findAltered(request: VerifyRequest, manifest: Manifest, byName: ReadonlyMap<string, Uint8Array>): Altered | undefined {
  const { unpacked, archives } = request;
  const { stopped, entries } = unpacked;
  const { sha256 } = archives;
  const listed = new Map(manifest.entries.map((entry) => [entry.name, entry]));
  for (const { name, bytes: size, sha256: digest } of manifest.entries) {
    const bytes = byName.get(name);
    if (bytes && sha256(bytes) !== digest)
      return { firstBad: name, reason: stopped?.at === name ? stopped.reason : 'its digest is not the one in the manifest' };
    if (bytes && bytes.length !== size) return { firstBad: name, reason: 'its size is not the one in the manifest' };
    if (!bytes && stopped && !stopped.at.startsWith('artifacts/')) return { firstBad: name, reason: stopped.reason };
    if (!bytes && !stopped) return { firstBad: name, reason: 'it is missing' };
  }
  if (stopped) return { firstBad: stopped.at, reason: stopped.reason };
  const extra = entries.find(({ name }) => !listed.has(name) && name !== MANIFEST && name !== SIGNATURE);
  if (extra) return { firstBad: extra.name, reason: 'the manifest does not know it' };
  const inJournals = manifest.kind === 'oor-bundle' ? findInJournal(request, manifest, byName) : findInMembers(request, byName);
  return outOfOrder(manifest, entries) ?? inJournals;
}

/** The report first, then what vouches for it, then the others as the manifest names them. */
function outOfOrder(manifest: Manifest, entries: readonly ArchiveEntry[]): Altered | undefined {
  const [report, ...rest] = manifest.entries.map(({ name }) => name);
  if (report !== REPORT) return { firstBad: entries[0]?.name ?? MANIFEST, reason: 'the report is not the first entry' };
  const signed = entries.some(({ name }) => name === SIGNATURE);
  const order = [REPORT, MANIFEST, ...(signed ? [SIGNATURE] : []), ...rest];
  const wrong = entries.map(({ name }) => name).find((name, index) => order[index] !== name);
  return wrong === undefined ? undefined : { firstBad: wrong, reason: 'it stands in another place than in the manifest' };
}

/** The chain, its head, and that every item is the one that was captured. */
function findInJournal(
  { archives, head }: VerifyRequest,
  manifest: Manifest,
  byName: ReadonlyMap<string, Uint8Array>,
): Altered | undefined {
  const bad = (reason: string, firstBad = JOURNAL): Altered => ({ firstBad, reason });
  const bytes = byName.get(JOURNAL);
  if (!bytes) return bad('it is missing');
  const journal = archives.readJournal(bytes);
  if (!journal.ok) return bad(`record ${journal.bad}: ${journal.reason}`);
  if (journal.tornBytes > 0 || journal.head !== manifest.journal.head || journal.entries.length !== manifest.journal.records)
    return bad('it does not end where the manifest says');
  if (head !== undefined && head.toLowerCase() !== journal.head)
    return bad('it does not end in the head that is known: this is another state of the session');
  const unknown = explainEntries(journal.entries);
  if (unknown !== undefined) return bad(unknown);
  return findUnfit(manifest, journal.entries.map(fromEntry), (own) => archives.sha256(utf8(own)));
}

/** Of a merged bundle: each host's journal is whole, and ends where that host's manifest says; a seal that it brought is its own. */
function findInMembers({ archives, seals }: VerifyRequest, byName: ReadonlyMap<string, Uint8Array>): Altered | undefined {
  for (const [name, bytes] of byName) {
    if (!name.startsWith('hosts/') || !name.endsWith(`/${JOURNAL}`)) continue;
    const journal = archives.readJournal(bytes);
    if (!journal.ok) return { firstBad: name, reason: `record ${journal.bad}: ${journal.reason}` };
    const manifest = byName.get(name.replace(JOURNAL, MANIFEST)) ?? new Uint8Array();
    const member = parseManifest(text(manifest));
    if (member?.journal.head !== journal.head) return { firstBad: name, reason: 'it does not end where the manifest of its host says' };
    const signature = name.replace(JOURNAL, SIGNATURE);
    const sealed = byName.get(signature);
    if (sealed && !seals.readSignature(manifest, text(sealed)))
      return { firstBad: signature, reason: 'the signature is none of this manifest: one of the two was altered' };
  }
  return undefined;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function utf8(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
