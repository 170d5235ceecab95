import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ExitCode, OorError } from '../errors.ts';
import type { JournalEntry, JournalReading, JournalRecord } from '../ports.ts';

/** `prev_hash` of the first record. */
export const GENESIS_HASH = '0'.repeat(64);

const NEWLINE = 0x0a;
/** `,"sum":"` + 8 hex digits + `"}` */
const SUM_LENGTH = 18;
const KEYS = ['seq', 'ts', 'mono_ms', 'actor', 'type', 'data', 'prev_hash', 'sum'];
/** Disks lose a write in units of this many bytes at least. */
const SECTOR_BYTES = 512;

export interface ChainHead {
  /** Of the last record; 0 when there is none. */
  readonly seq: number;
  readonly hash: string;
}

export interface VerifiedJournal {
  readonly entries: readonly JournalEntry[];
  readonly head: ChainHead;
  /** Up to and with the newline of the last whole record. */
  readonly goodBytes: number;
  readonly tornBytes: number;
}

/**
 * One record as bytes, newline included, and the head it makes.
 * The chain cannot vouch for its own last link, so each line also ends in the CRC-32 of what stands before it.
 */
export function encodeLine(record: JournalRecord, previous: ChainHead): { readonly bytes: Buffer; readonly head: ChainHead } {
  if (!Number.isFinite(record.mono_ms)) throw new TypeError('mono_ms of a journal record must be a finite number');
  const { ts, mono_ms, actor, type, data } = record;
  const seq = previous.seq + 1;
  const body = JSON.stringify({ seq, ts, mono_ms, actor, type, data, prev_hash: previous.hash });
  const line = Buffer.from(`${body.slice(0, -1)},"sum":"${checksum(body)}"}\n`);
  return { bytes: line, head: { seq, hash: hashLine(line.subarray(0, -1)) } };
}

/** A whole journal at once. */
export function writeJournal(records: readonly JournalRecord[]): { readonly bytes: Uint8Array; readonly head: string } {
  let head: ChainHead = { seq: 0, hash: GENESIS_HASH };
  const lines = records.map((record) => {
    const line = encodeLine(record, head);
    head = line.head;
    return line.bytes;
  });
  return { bytes: Buffer.concat(lines), head: head.hash };
}

/** Checks every record of a journal file. Throws (exit 9) at the first bad one; a torn tail is only measured. */
export function verifyJournal(bytes: Buffer, path: string): VerifiedJournal {
  const entries: JournalEntry[] = [];
  let head: ChainHead = { seq: 0, hash: GENESIS_HASH };
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    const line = bytes.subarray(start, end);
    const found = readLine(line, head);
    if (typeof found === 'string') {
      if (end === bytes.length - 1 && lostSector(line, start)) break;
      throw damaged({ path, seq: head.seq + 1, offset: start, reason: found });
    }
    entries.push(found);
    head = { seq: found.seq, hash: hashLine(line) };
    start = end + 1;
  }
  return { entries, head, goodBytes: start, tornBytes: bytes.length - start };
}

/** The journal of a bundle: what is wrong with it is an answer. */
export function readJournal(bytes: Uint8Array): JournalReading {
  try {
    const { entries, head, tornBytes } = verifyJournal(Buffer.from(bytes), 'journal');
    return { ok: true, entries, head: head.hash, tornBytes };
  } catch (error) {
    if (!(error instanceof OorError)) throw error;
    const { seq, reason } = error.cause as { readonly seq: number; readonly reason: string };
    return { ok: false, bad: seq, reason };
  }
}

/** The record, or why it is none. */
function readLine(line: Buffer, previous: ChainHead): JournalEntry | string {
  const text = line.toString('utf8');
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (typeof parsed !== 'object' || parsed === null) return 'it is not an object';
  if (Object.keys(parsed).join() !== KEYS.join()) return 'its keys are not those of a journal record';
  if (parsed['sum'] !== checksum(Buffer.concat([line.subarray(0, -SUM_LENGTH), Buffer.from('}')]))) return 'its checksum does not match';
  if (parsed['seq'] !== previous.seq + 1) return `its number is ${String(parsed['seq'])}`;
  if (parsed['prev_hash'] !== previous.hash) return 'its prev_hash is not the hash of the record before it';
  const { sum: _, ...entry } = parsed;
  return isEntry(entry) ? entry : 'a value has the wrong type';
}

function isEntry(value: object): value is JournalEntry {
  const entry = value as Record<string, unknown>;
  return (
    typeof entry['ts'] === 'string' &&
    typeof entry['mono_ms'] === 'number' &&
    typeof entry['actor'] === 'string' &&
    typeof entry['type'] === 'string' &&
    typeof entry['data'] === 'object' &&
    entry['data'] !== null
  );
}

/** After a power loss a last record may span a sector that was never written and reads as zeros (etcd's WAL has the same rule). */
function lostSector(line: Buffer, offset: number): boolean {
  for (let start = 0; start < line.length; ) {
    const end = Math.min(line.length, start + SECTOR_BYTES - ((offset + start) % SECTOR_BYTES));
    if (line.subarray(start, end).every((byte) => byte === 0)) return true;
    start = end;
  }
  return false;
}

function damaged({ path, seq, offset, reason }: { path: string; seq: number; offset: number; reason: string }): OorError {
  return new OorError({
    code: 'journal-damaged',
    message: `${path}: record ${seq} (at byte ${offset}) was altered or damaged: ${reason}.`,
    hint: 'Nothing was changed. Keep the file as evidence and start a new session with: oor run',
    exitCode: ExitCode.recordDamaged,
    cause: { seq, reason },
  });
}

function checksum(body: string | Buffer): string {
  return crc32(body).toString(16).padStart(8, '0');
}

function hashLine(line: Buffer): string {
  return createHash('sha256').update(line).digest('hex');
}
