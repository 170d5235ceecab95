/** Nothing leaves that a second pair of eyes finds card data or a secret in. Pure. */
import { fromEntry } from '../engine/events.ts';
import { explainEntries } from '../engine/read-events.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { ArchiveEntry, Archives, Seals } from '../ports.ts';
import { findSensitive, type ScanOptions } from '../scan/index.ts';
import { capturedIn } from './items.ts';
import { formsOf, withoutTexts } from './known-texts.ts';
import { hexDigest } from './manifest.ts';
import { MANIFEST, SIGNATURE } from './names.ts';

export interface GateRequest {
  readonly archives: Pick<Archives, 'unpack' | 'sha256' | 'readJournal'>;
  readonly seals: Pick<Seals, 'readSignature'>;
  readonly scan: ScanOptions;
  /** SHA-256 of what is not in the archive itself: the program, the profile. */
  readonly digests?: readonly string[];
  /** Texts of the bundle that this program ships. */
  readonly shipped?: readonly string[];
}

/** Re-opens the finished archive; throws (exit 8) when anything is found, with place and kind. */
export async function passGate(request: GateRequest, bytes: Uint8Array): Promise<void> {
  const { entries, stopped } = await request.archives.unpack(bytes);
  if (stopped)
    throw new OorError({
      code: 'bundle-unreadable',
      message: `the finished bundle cannot be read: ${stopped.at}: ${stopped.reason}`,
      exitCode: ExitCode.internal,
    });
  refuseFindings(request, {
    entries,
    all: entries,
    hint: 'the session is kept; look at the place with: oor report, and tell oor to remove it (a secret that oor.yaml names never gets in)',
  });
}

interface Leaving {
  readonly entries: readonly ArchiveEntry[];
  /** Of the bundle that they are of. */
  readonly all: readonly ArchiveEntry[];
  readonly hint: string;
}

/** Throws (exit 8) when anything is found in what is about to leave a bundle. */
export function refuseFindings(
  { archives, seals, scan, digests: known = [], shipped = [] }: Omit<GateRequest, 'archives'> & { readonly archives: DigestReader },
  { entries, all, hint }: Leaving,
): void {
  const digests = new Set([...known, ...ownDigests(all, archives)]);
  const forms = formsOf(shipped);
  const unsigned = entries.filter((entry) => !isSignature(entry, all, seals));
  const found = unsigned.flatMap(({ name, bytes: content }) =>
    findSensitive(name, withoutDigests(withoutTexts(content, forms), digests), scan),
  );
  refuseFound(found, hint);
}

/** One that is right holds a key and what it made of the manifest, and nothing else. */
function isSignature({ name, bytes }: ArchiveEntry, all: readonly ArchiveEntry[], { readSignature }: GateRequest['seals']): boolean {
  if (!name.endsWith(SIGNATURE)) return false;
  const signed = all.find((entry) => entry.name === `${name.slice(0, -SIGNATURE.length)}${MANIFEST}`);
  return signed !== undefined && readSignature(signed.bytes, new TextDecoder().decode(bytes)) !== undefined;
}

/** Throws (exit 8) where anything was found, with place and kind. */
export function refuseFound(found: ReturnType<typeof findSensitive>, hint: string): void {
  if (found.length === 0) return;
  const shown = [...new Set(found.map(({ place, kind }) => `${place}: ${kind}`))].slice(0, 20);
  const more = found.length > shown.length ? [`  ... ${found.length} in all`] : [];
  throw new OorError({
    code: 'export-refused',
    message: ['card data or a secret would have left; no file was written', ...shown.map((each) => `  ${each}`), ...more].join('\n'),
    hint,
    exitCode: ExitCode.exportRefused,
  });
}

type DigestReader = Pick<Archives, 'sha256' | 'readJournal'>;

/** Digests that were computed here anew: their digits mean nothing, whatever they look like. */
export function ownDigests(entries: readonly ArchiveEntry[], { sha256, readJournal }: DigestReader): readonly string[] {
  const journals = entries.filter(({ name }) => name.endsWith('journal.jsonl')).map(({ bytes }) => readJournal(bytes));
  const inJournals = journals.flatMap((journal) => {
    if (!journal.ok || explainEntries(journal.entries) !== undefined) return [];
    const captured = capturedIn(journal.entries.map(fromEntry)).flatMap(({ artifact: { digest } }) =>
      digest === undefined ? [] : [hexDigest(digest)],
    );
    return [journal.head, ...journal.entries.map(({ prev_hash }) => prev_hash), ...captured];
  });
  return [...entries.map(({ bytes }) => sha256(bytes)), ...inJournals];
}

const DIGEST_LENGTH = 64;

/** Every run of 64 hexadecimal digits that is one of `digests` becomes as many hyphens. */
function withoutDigests(bytes: Uint8Array, digests: ReadonlySet<string>): Uint8Array {
  // A Buffer's own slice would be the same bytes.
  const rest = new Uint8Array(bytes);
  let run = 0;
  for (let at = 0; at <= rest.length; at++) {
    if (at < rest.length && isHexDigit(rest[at] ?? 0)) {
      run += 1;
      continue;
    }
    const start = at - DIGEST_LENGTH;
    if (run === DIGEST_LENGTH && digests.has(new TextDecoder().decode(rest.subarray(start, at)))) rest.fill(0x2d, start, at);
    run = 0;
  }
  return rest;
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66);
}

/** Decodings that are undone, one in the other. */
const DEPTH = 2;

/** `literals`: the secrets of the site, which must be nowhere. */
export function scanOptions({ gunzip }: Pick<Archives, 'gunzip'>, literals: readonly string[]): ScanOptions {
  return { depth: DEPTH, literals, gunzip };
}
