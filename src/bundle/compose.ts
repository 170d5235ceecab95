/** A session -> the entries of its bundle. The same session gives the same bytes. */
import type { Event, SessionStarted } from '../engine/events.ts';
import type { Session } from '../engine/session.ts';
import type { ArchiveEntry, Archives, Evidence, Signer } from '../ports.ts';
import { absentIn, type Captured, capturedIn, isLogIn } from './items.ts';
import {
  type Absent,
  describeSource,
  hexDigest,
  type Item,
  type Manifest,
  type ManifestEntry,
  removedFrom,
  renderManifest,
  sum,
  type Tool,
} from './manifest.ts';
import { JOURNAL, MANIFEST, namePart, REPORT, SIGNATURE } from './names.ts';
import { removedAt } from './removed-lines.ts';

/** Of all entries together. */
export const MAX_BUNDLE_BYTES = 48 * 1024 * 1024;
const STEP_LENGTH = 40;
const LABEL_LENGTH = 36;

/** The lines of a log that lie in the window that was asked for; null: its lines carry no time. */
export type InWindow = (text: string, capturedAt: number) => Promise<{ readonly text: string; readonly left: number } | null>;

export interface Composition {
  readonly events: readonly Event[];
  readonly session: Session;
  readonly journal: Uint8Array;
  readonly head: string;
  /** The report, given the files of each step. */
  readonly report: (artifacts: ReadonlyMap<string, readonly string[]>) => string;
  /** Tables to work through that the session filled, by file name. */
  readonly letters?: Readonly<Record<string, string>>;
  readonly evidence: Pick<Evidence, 'read'>;
  readonly tool: Tool;
  readonly window: { readonly since: number; readonly until?: number | undefined };
  /** Absent: the window is that of the run, and all that was captured in it goes in. */
  readonly inWindow?: InWindow;
  /** Of artifacts; those of the steps that failed and of the logs come first. */
  readonly maxBytes: number;
  readonly signer?: Signer | undefined;
  readonly archives: Archives;
}

export interface Composed {
  readonly entries: readonly ArchiveEntry[];
  /** Captured, and not there any more as it was: the record was altered or damaged since. */
  readonly lost: readonly Absent[];
}

export async function composeBundle(composition: Composition): Promise<Composed> {
  const { events, session, journal, report, letters = {}, archives, signer } = composition;
  const collected = await collectItems(composition);
  const entries = [
    { name: REPORT, bytes: utf8(report(filesByStep(collected.items))) },
    { name: JOURNAL, bytes: journal },
    ...playbookEntries(session.started),
    ...Object.entries(letters).map(([name, text]) => ({ name: `letters/${name}`, bytes: utf8(text) })),
    ...collected.entries,
  ];
  const listed: ManifestEntry[] = entries.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: archives.sha256(bytes) }));
  const absent = [...absentIn(events), ...collected.lost, ...collected.absent];
  const manifest = utf8(renderManifest(describe(composition, listed, collected.items, absent)));
  const signature = signer ? [{ name: SIGNATURE, bytes: utf8(signer.sign(manifest)) }] : [];
  const [first, ...rest] = entries as [ArchiveEntry, ...ArchiveEntry[]];
  return { entries: [first, { name: MANIFEST, bytes: manifest }, ...signature, ...rest], lost: collected.lost };
}

function filesByStep(items: readonly Item[]): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const { step, entry } of items) files.set(step, [...new Set([...(files.get(step) ?? []), entry])].sort());
  return files;
}

function playbookEntries({ playbook }: SessionStarted): readonly ArchiveEntry[] {
  const texts = [{ name: playbook.id, text: playbook.text }, ...playbook.included];
  const named = new Map(texts.map(({ name, text }) => [`playbook/${namePart(name, 60)}.yaml`, text]));
  return [...named].map(([name, text]) => ({ name, bytes: utf8(text) }));
}

interface Collection {
  readonly entries: ArchiveEntry[];
  readonly items: Item[];
  readonly absent: Absent[];
  readonly lost: Absent[];
}

async function collectItems(composition: Composition): Promise<Collection> {
  const { events, session } = composition;
  const captured = capturedIn(events).filter(({ artifact }) => artifact.collected === 'ok');
  const collection: Collection = { entries: [], items: [], absent: [], lost: [] };
  const room: Room = { bytes: composition.maxBytes, byText: new Map(), names: new Map<string, number>(), isLog: isLogIn(session.started) };
  for (const each of captured.toSorted((one, other) => weightOf(session, one) - weightOf(session, other)))
    await addItem(composition, collection, room, each);
  const order = new Map([...new Set(captured.map(({ step }) => namePart(step, STEP_LENGTH)))].map((step, index) => [step, index]));
  const place = ({ name }: ArchiveEntry): number => order.get(name.split('/')[1] ?? '') ?? 0;
  collection.entries.sort((one, other) => place(one) - place(other) || (one.name < other.name ? -1 : 1));
  return collection;
}

/** Where room is short: first what speaks of the fault. */
function weightOf({ results }: Session, { step }: Captured): number {
  const status = results.get(step)?.status;
  if (status === 'fail' || status === 'warn') return 0;
  return status === undefined ? 1 : 2;
}

interface Room {
  bytes: number;
  readonly isLog: (captured: Captured) => boolean;
  /** The same text of the same source under one name. */
  readonly byText: Map<string, string>;
  readonly names: Map<string, number>;
}

async function addItem(
  composition: Composition,
  { entries, items, absent, lost }: Collection,
  room: Room,
  captured: Captured,
): Promise<void> {
  const { step, artifact } = captured;
  const what = describeSource(artifact.source);
  const missing = (collected: Absent['collected'], why: string, unlock?: string): void =>
    void absent.push({ step, what, collected, why, ...(unlock !== undefined && { unlock }) });
  const whole = captured.text ?? (artifact.digest === undefined ? undefined : await composition.evidence.read(artifact.digest));
  if (whole === undefined)
    return void lost.push({ step, what, collected: 'failed', why: 'what was captured is no longer there, or was altered since' });
  const windowed = room.isLog(captured) ? ((await composition.inWindow?.(whole, artifact.at)) ?? null) : null;
  if (windowed && windowed.text === '') return missing('out-of-window', 'no line lies in the window', 'a wider --since and --until');
  const sha256 = artifact.digest === undefined ? composition.archives.sha256(utf8(whole)) : hexDigest(artifact.digest);
  // Two sources may have said the same, or nothing: whoever reads the manifest looks for each of them under its own name.
  const key = `${sha256} ${windowed?.left ?? ''} ${what}`;
  let entry = room.byText.get(key);
  if (entry === undefined) {
    entry = nameOf(captured, room.names);
    const bytes = utf8(windowed?.text ?? whole);
    if (bytes.length > room.bytes)
      return missing('over-cap', `${bytes.length} bytes are more than is left of the budget`, 'a larger --max-size');
    room.byText.set(key, entry);
    room.bytes -= bytes.length;
    entries.push({ name: entry, bytes });
  }
  const { source, host, exit_code, at, duration_ms, truncated, redactions = [], issuers, withheld_lines, outside_window = 0 } = artifact;
  const outside = outside_window + (windowed?.left ?? 0);
  items.push({
    step,
    host,
    ...('argv' in source ? { command: source.argv } : { file: source.file }),
    ...(exit_code !== undefined && { exit_code }),
    at: new Date(at).toISOString(),
    duration_ms,
    bytes: artifact.bytes,
    truncated,
    entry,
    sha256,
    ...(outside > 0 && { outside_window: outside }),
    ...(withheld_lines !== undefined && { withheld_lines }),
    redactions: removedAt(windowed?.text ?? whole, redactions),
    ...(issuers !== undefined && { issuers }),
  });
}

/** `artifacts/web_log@web/01-error.log.txt` */
function nameOf({ step, artifact: { source } }: Captured, names: Map<string, number>): string {
  const folder = namePart(step, STEP_LENGTH);
  const count = (names.get(folder) ?? 0) + 1;
  names.set(folder, count);
  const label = 'argv' in source ? [source.argv[0]?.split('/').at(-1), ...source.argv.slice(1)].join(' ') : source.file.split('/').at(-1);
  return `artifacts/${folder}/${String(count).padStart(2, '0')}-${namePart(label ?? '', LABEL_LENGTH)}.txt`;
}

function describe(
  { events, session, head, tool, window }: Composition,
  entries: readonly ManifestEntry[],
  items: readonly Item[],
  not_collected: readonly Absent[],
): Manifest {
  return {
    schema_version: 1,
    kind: 'oor-bundle',
    tool,
    ...aboutSession(session),
    window: { since: iso(window.since), until: window.until === undefined ? null : iso(window.until) },
    journal: { records: events.length, head },
    entries,
    items: items.toSorted((one, other) => (one.entry < other.entry ? -1 : one.entry > other.entry ? 1 : one.at < other.at ? -1 : 1)),
    not_collected,
    redactions: removedFrom(items),
    issuers: sum(items.map(({ issuers = {} }) => issuers)),
  };
}

type AboutSession = Pick<
  Manifest,
  'session' | 'site' | 'host' | 'started_at' | 'ended_at' | 'verdict' | 'outcome' | 'exit_code' | 'playbook' | 'profile'
>;

export function aboutSession({ started, startedAt, endedAt, lastAt, ended }: Session): AboutSession {
  const { site } = started.profile.data;
  return {
    session: started.session,
    site: typeof site === 'string' ? site : '',
    host: started.local_host,
    started_at: iso(startedAt),
    ended_at: iso(endedAt ?? lastAt),
    verdict: ended?.verdict ?? 'unknown',
    outcome: ended?.outcome ?? 'aborted',
    exit_code: ended?.exit_code ?? 4,
    playbook: { id: started.playbook.id, sha256: started.playbook.sha256 },
    profile: { sha256: started.profile.sha256 },
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
