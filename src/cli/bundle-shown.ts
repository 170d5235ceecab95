/** What a bundle says of itself, without the card data and secrets that somebody wrote into it by hand: nothing else of it is ever shown. */
import { ownDigests } from '../bundle/gate.ts';
import type { Manifest } from '../bundle/manifest.ts';
import type { Verified } from '../bundle/verify.ts';
import { findMessages } from '../payments/iso8583/find-messages.ts';
import type { ArchiveEntry, Archives } from '../ports.ts';
import { createRedactor } from '../redact/index.ts';

const redactor = createRedactor({ messages: findMessages });

export function cleanText(text: string): string {
  return redactor.text(text).text;
}

/** Digests that are those of the entries stay, whatever their digits look like. */
export function cleanVerified(
  verified: Verified,
  entries: readonly ArchiveEntry[],
  archives: Pick<Archives, 'sha256' | 'readJournal'>,
): Verified {
  const { firstBad, reason, manifest } = verified;
  const told = { ...verified, firstBad: firstBad === null ? null : cleanText(firstBad), reason: cleanText(reason) };
  if (!manifest) return told;
  const digests = new Set(ownDigests(entries, archives));
  return { ...told, manifest: kept(manifest, redactor.json(manifest).value, digests) as Manifest };
}

/** `cleaned`, with the strings of `before` that are digests. Both have the same structure. */
function kept(before: unknown, cleaned: unknown, digests: ReadonlySet<string>): unknown {
  if (typeof before === 'string') return digests.has(before) ? before : cleaned;
  if (Array.isArray(before) && Array.isArray(cleaned) && before.length === cleaned.length)
    return cleaned.map((item, index) => kept(before[index], item, digests));
  if (!isObject(before) || !isObject(cleaned)) return cleaned;
  const values = Object.values(before);
  return Object.fromEntries(Object.entries(cleaned).map(([key, value], index) => [key, kept(values[index], value, digests)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
