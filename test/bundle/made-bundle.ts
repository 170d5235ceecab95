/** A session of three steps and its bundle, made of the real parts, in memory. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { createArchives } from '../../src/adapters/archives.ts';
import { encodeLine, GENESIS_HASH } from '../../src/adapters/file-journal-line.ts';
import { publicLine, readSignature, signMessage } from '../../src/adapters/ssh-signature.ts';
import { type Composition, composeBundle } from '../../src/bundle/compose.ts';
import { scanOptions } from '../../src/bundle/gate.ts';
import { isEntryName } from '../../src/bundle/names.ts';
import { type Verified, verifyBundle } from '../../src/bundle/verify.ts';
import { type Artifact, type Event, fromEntry, type SessionStarted } from '../../src/engine/events.ts';
import { fold } from '../../src/engine/fold.ts';
import type { ArchiveEntry, JournalRecord, JsonObject, Signer } from '../../src/ports.ts';

export const archives = createArchives(isEntryName);
const { privateKey } = generateKeyPairSync('ed25519');
export const signer: Signer = { publicKey: publicLine(privateKey), sign: (message) => signMessage(message, privateKey) };
export const NIGHT = Date.UTC(2026, 2, 11, 3, 0, 0);

const started: SessionStarted = {
  schema_version: 1,
  session: '20260311-030000-abcdef',
  tool: { name: 'oor', version: '0' },
  playbook: { id: 'test', file: 'test', sha256: '00', text: 'oor: 1\n', included: [{ name: 'part', text: 'oor: 1\n' }] },
  profile: { file: '', sha256: '', data: { site: 'acme' } },
  inputs: {},
  local_host: 'gw',
  language: 'en',
  flags: {
    interactive: false,
    allow_fix: [],
    dry_run: false,
    concurrency: 8,
    since: NIGHT - 1_800_000,
    deadline_ms: null,
    ephemeral: false,
  },
  symptom: '',
};

export const LOG = '2026-03-11T02:50:00Z slow\n2026-03-11T02:58:00Z timeout of the bank\n';
export const scan = scanOptions(archives, []);
const UPTIME = 'up 3 days\n';

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

export function artifact(source: Artifact['source'], text: string, more: Partial<Artifact> = {}): Artifact {
  const about = { host: 'gw', collected: 'ok', at: NIGHT, duration_ms: 4, truncated: false } as const;
  return { source, ...about, bytes: text.length, digest: digestOf(text), ...more };
}

export function record(type: string, data: unknown): JournalRecord {
  return { ts: new Date(NIGHT).toISOString(), mono_ms: 1, actor: 'oor', type, data: data as JsonObject };
}

export function finished(key: string, status: 'ok' | 'fail' | 'unknown', artifacts: readonly Artifact[]): JournalRecord {
  const judgement = {
    status,
    code: status === 'unknown' ? 'no-permission' : status,
    ...(status === 'unknown' && { unlock: 'run as root' }),
  };
  return record('step.finished', { key, loop: 0, judgement, facts: { status }, duration_ms: 5, attempts: [], redactions: 0, artifacts });
}

const absent = artifact({ argv: ['smartctl', '-a'] }, '', {
  collected: 'not-installed',
  why: 'smartctl: not found',
  unlock: 'apt-get install smartmontools',
});

export const records: readonly JournalRecord[] = [
  record('session.started', started),
  finished('uptime', 'ok', [artifact({ argv: ['uptime', '-p'] }, UPTIME, { exit_code: 0, redactions: [{ rule: 'pan', count: 2 }] })]),
  finished('log@web', 'fail', [artifact({ file: '/var/log/app.log' }, LOG)]),
  finished('disk', 'unknown', [absent]),
  record('evidence.collected', { artifacts: [artifact({ file: '/var/log/app.log' }, LOG)] }),
  record('session.ended', { verdict: 'fault', outcome: 'fault-found', exit_code: 1 }),
];

const PLAYBOOK = `oor: 1
id: test
title: { en: Test }
phases:
  hardware: { steps: [ { id: uptime, uses: host.uptime }, { id: disk, uses: disk.space } ] }
`;

/** The same with a playbook that can be read again. */
export const judgeable: readonly JournalRecord[] = [
  record('session.started', { ...started, playbook: { ...started.playbook, text: PLAYBOOK, included: [] } }),
  ...records.slice(1),
];

/** The same of another session. */
export function ofOtherSession(of: readonly JournalRecord[]): readonly JournalRecord[] {
  return [record('session.started', { ...(of[0]?.data as JsonObject), session: '20260311-030000-fedcba' }), ...of.slice(1)];
}

export function journalOf(of: readonly JournalRecord[]): { readonly bytes: Uint8Array; readonly head: string } {
  let head = { seq: 0, hash: GENESIS_HASH };
  const lines = of.map((each) => {
    const line = encodeLine(each, head);
    head = line.head;
    return line.bytes;
  });
  return { bytes: Buffer.concat(lines), head: head.hash };
}

function eventsOf(of: readonly JournalRecord[]): readonly Event[] {
  return of.map((each, seq) => fromEntry({ ...each, seq, prev_hash: '' }));
}

export async function compose(change: Partial<Composition> = {}, of: readonly JournalRecord[] = records): Promise<readonly ArchiveEntry[]> {
  const events = eventsOf(of);
  const journal = journalOf(of);
  const kept = new Map([UPTIME, LOG].map((text) => [digestOf(text), text]));
  const { entries } = await composeBundle({
    events,
    session: fold(events),
    journal: journal.bytes,
    head: journal.head,
    report: () => '<!doctype html>\n<p>no</p>\n',
    evidence: { read: async (digest) => kept.get(digest) },
    tool: { name: 'oor', version: '1', sha256: '' },
    window: { since: NIGHT - 1_800_000 },
    maxBytes: 1_000_000,
    signer,
    archives,
    ...change,
  });
  return entries;
}

interface Knowledge {
  readonly head?: string;
  readonly known?: ReadonlyMap<string, string>;
}

export async function verify(bytes: Uint8Array, { head, known }: Knowledge = {}): Promise<Verified> {
  const keys = known ?? new Map([[signer.publicKey, 'the auditor']]);
  return verifyBundle({ unpacked: await archives.unpack(bytes), archives, seals: { readSignature }, known: keys, head });
}

export const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
export const utf8 = (value: string): Uint8Array => Buffer.from(value);
