/** The second look: whatever leaves the host is searched for card data and secrets by code that shares nothing with what removed them. */
import { authenticationData } from './authentication.ts';
import { isBinary, mayBePacked, readings, toHex } from './bytes.ts';
import { containerKind, tarItems } from './container.ts';
import { decoratedNumbers } from './decorated.ts';
import { blobs } from './encoded.ts';
import { cardNumbers, type Hit, packedNumbers } from './numbers.ts';
import { secrets } from './secrets.ts';
import { spelledNumbers } from './spelled.ts';
import { visibleForm } from './visible.ts';

/** Never holds the value that was found. */
export interface Finding {
  /** `evidence.tar.gz > app.log:12 (base64)`. */
  readonly place: string;
  /** pan, track, sad, literal, secret:...; unread: what could not be opened within the limits cannot be vouched for. */
  readonly kind: string;
  /** In the innermost file: where it begins, or what it is encoded in. */
  readonly offset: number;
}

export interface ScanLimits {
  /** Of all that is unpacked, together. */
  readonly bytes: number;
  /** Unpacked to packed. */
  readonly ratio: number;
  readonly items: number;
  /** Containers in containers. */
  readonly nesting: number;
  /** As many are named; one is enough to refuse. */
  readonly findings: number;
}

export interface ScanOptions {
  /** How many decodings (base64, hex, dump) are undone, one in the other. */
  readonly depth: number;
  /** Values that must not be anywhere, known secrets for example. */
  readonly literals?: readonly (string | Uint8Array)[];
  /** undefined: damaged, or more than `maxBytes`. */
  gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array | undefined;
  readonly limits?: Partial<ScanLimits>;
}

const LIMITS: ScanLimits = { bytes: 1024 * 1024 * 1024, ratio: 250, items: 20_000, nesting: 6, findings: 100 };
/** Below this a ratio says nothing. */
const FREE_BYTES = 4 * 1024 * 1024;
const PIECE = 4 * 1024 * 1024;
/** What lies across the border of two pieces is seen whole in one of them. */
const OVERLAP = 64 * 1024;
const MIN_LITERAL = 4;

/** Everything in the bytes, their name included, that must not leave. Pure, bounded, and blind to nothing it cannot read: that is a finding. */
export function findSensitive(name: string, bytes: Uint8Array, options: ScanOptions): readonly Finding[] {
  const scan = createScan(options);
  for (const _ of scanWhole(scan, name, bytes));
  return scan.findings;
}

/** The same in pieces of a few milliseconds for a text of 64 KiB; before each it waits for `turn`. */
export async function findSensitiveInTurns(
  name: string,
  bytes: Uint8Array,
  options: ScanOptions,
  turn: () => Promise<void>,
): Promise<readonly Finding[]> {
  const scan = createScan(options);
  for (const _ of scanWhole(scan, name, bytes)) await turn();
  return scan.findings;
}

/** Yields where it can be left for a while. */
type Pieces = Generator<undefined, void>;

function scanWhole(scan: Scan, name: string, bytes: Uint8Array): Pieces {
  return scanItem(scan, { name, bytes }, { place: '', number: 0, nesting: 0, depth: scan.options.depth, via: '', offset: 0 });
}

interface Scan {
  readonly options: ScanOptions;
  readonly limits: ScanLimits;
  readonly literals: readonly string[];
  readonly findings: Finding[];
  readonly seen: Set<string>;
  bytesLeft: number;
  itemsLeft: number;
}

interface Where {
  readonly place: string;
  /** In its container. */
  readonly number: number;
  readonly nesting: number;
  readonly depth: number;
  /** The writings it was decoded from. */
  readonly via: string;
  /** Of what was decoded, in the innermost file. */
  readonly offset: number;
}

function createScan(options: ScanOptions): Scan {
  const limits = { ...LIMITS, ...options.limits };
  const literals = (options.literals ?? [])
    .map((literal) => (typeof literal === 'string' ? literal : new TextDecoder().decode(literal)))
    .filter((literal) => literal.length >= MIN_LITERAL);
  return { options, limits, literals, findings: [], seen: new Set(), bytesLeft: limits.bytes, itemsLeft: limits.items };
}

function* scanItem(scan: Scan, { name, bytes }: { name: string; bytes: Uint8Array }, where: Where): Pieces {
  if (scan.itemsLeft-- <= 0) return add(scan, where.place, 'unread', 0);
  const hits = yield* hitsIn(scan, name);
  // A name that holds something is not repeated.
  const shown = hits.length > 0 ? `#${where.number}` : printable(name);
  const place = where.place === '' ? shown : `${where.place} > ${shown}`;
  for (const { kind } of hits) add(scan, `${place} (name)`, kind, 0);
  yield* scanContent(scan, bytes, { ...where, place });
}

function* scanContent(scan: Scan, bytes: Uint8Array, where: Where): Pieces {
  const kind = containerKind(bytes);
  if (kind === undefined) return yield* scanPieces(scan, bytes, where);
  if (kind === 'opaque' || where.nesting >= scan.limits.nesting) return add(scan, where.place, 'unread', 0);
  if (kind === 'gzip') return yield* scanGzip(scan, bytes, where);
  let number = 0;
  for (const item of tarItems(bytes)) {
    if (item === undefined) return add(scan, where.place, 'unread', 0);
    yield* scanItem(scan, item, { ...where, number: ++number, nesting: where.nesting + 1 });
    if (scan.itemsLeft < 0 || scan.findings.length >= scan.limits.findings) return;
  }
}

function* scanGzip(scan: Scan, bytes: Uint8Array, where: Where): Pieces {
  const most = Math.min(scan.bytesLeft, Math.max(FREE_BYTES, bytes.length * scan.limits.ratio));
  const unpacked = most > 0 ? scan.options.gunzip(bytes, most) : undefined;
  if (unpacked === undefined || unpacked.length > most) return add(scan, where.place, 'unread', 0);
  scan.bytesLeft -= unpacked.length;
  yield* scanContent(scan, unpacked, { ...where, nesting: where.nesting + 1 });
}

function* scanPieces(scan: Scan, bytes: Uint8Array, where: Where): Pieces {
  let lines = 1;
  for (let from = 0; from < bytes.length; from += PIECE) {
    if (scan.findings.length >= scan.limits.findings) return;
    const piece = bytes.subarray(from, Math.min(bytes.length, from + PIECE + OVERLAP));
    for (const { text, how } of readings(piece)) yield* scanText(scan, text, { where, from, lines, how });
    if ((where.via !== '' || isBinary(piece)) && mayBePacked(piece))
      for (const { kind, at } of packedNumbers(toHex(piece)))
        add(scan, placeOf(where), kind, where.via === '' ? from + (at >> 1) : where.offset);
    if (where.via === '' && from + PIECE < bytes.length) lines += countLines(bytes.subarray(from, from + PIECE));
  }
}

interface TextPlace {
  readonly where: Where;
  /** Of the text in the file. */
  readonly from: number;
  readonly lines: number;
  readonly how: string | undefined;
}

function* scanText(scan: Scan, text: string, { where, from, lines, how }: TextPlace): Pieces {
  const starts = lineStarts(text);
  const placeAt = (at: number) => (where.via === '' ? `${where.place}:${lines + lineOf(starts, at)}` : where.place);
  const suffix = where.via === '' ? (how === undefined ? '' : ` (${how})`) : ` (${where.via})`;
  const hits = yield* hitsIn(scan, text);
  for (const { kind, at } of hits) add(scan, placeAt(at) + suffix, kind, where.via === '' ? from + at : where.offset);
  // One finding in what was decoded says enough of it.
  if (where.depth === 0 || (where.via !== '' && hits.length > 0)) return;
  for (const { at, how: encoding, bytes } of blobs(text)) {
    const via = where.via === '' ? encoding : `${where.via}, ${encoding}`;
    if (mayHold(bytes))
      yield* scanContent(scan, bytes, {
        ...where,
        place: placeAt(at),
        via,
        depth: where.depth - 1,
        offset: where.via === '' ? from + at : where.offset,
      });
  }
}

function placeOf({ place, via }: Where): string {
  return via === '' ? place : `${place} (${via})`;
}

/** In plain sight, and in the form in which a reader sees it. Line ends are where they were. */
function* hitsIn(scan: Scan, text: string): Generator<undefined, readonly Hit[]> {
  const seen = visibleForm(text);
  const found = yield* detect(scan, text);
  if (seen === undefined) return found;
  const [starts, seenStarts] = [lineStarts(text), lineStarts(seen)];
  const foundSeen = yield* detect(scan, seen);
  return [...found, ...foundSeen.map(({ kind, at }) => ({ kind, at: starts[lineOf(seenStarts, at)] ?? 0 }))];
}

/** Where each line begins. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Counted from 0. */
function lineOf(starts: readonly number[], at: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

function* detect(scan: Scan, text: string): Generator<undefined, Hit[]> {
  const found = scan.literals.map((literal): Hit => ({ kind: 'literal', at: text.indexOf(literal) })).filter(({ at }) => at !== -1);
  for (const find of FINDERS) {
    found.push(...find(text));
    yield;
  }
  return found;
}

const FINDERS = [cardNumbers, decoratedNumbers, spelledNumbers, packedNumbers, authenticationData, secrets];

/** Decoded noise is most of what looks encoded: no text, no container, no digits. */
function mayHold(bytes: Uint8Array): boolean {
  return bytes.length >= 7 && (containerKind(bytes) !== undefined || !isBinary(bytes) || hasDigits(bytes) || bytes.length <= 4096);
}

function hasDigits(bytes: Uint8Array): boolean {
  let count = 0;
  for (const byte of bytes) if ((byte >= 0x30 && byte <= 0x39) || byte >= 0xf0) count++;
  return count >= 12;
}

function add(scan: Scan, place: string, kind: string, offset: number): void {
  const key = `${place}\0${kind}`;
  if (scan.seen.has(key) || scan.findings.length >= scan.limits.findings) return;
  scan.seen.add(key);
  scan.findings.push({ place, kind, offset });
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === 10) count++;
  return count;
}

function printable(name: string): string {
  return name.slice(0, 200).replace(/[^\x20-\x7e]/g, '?');
}
