import { type Composition, composeBundle, type InWindow, MAX_BUNDLE_BYTES } from '../bundle/compose.ts';
import { passGate, scanOptions } from '../bundle/gate.ts';
import type { Absent } from '../bundle/manifest.ts';
import type { CheckRegistry } from '../checks/check.ts';
import { formatBytes } from '../checks/linux.ts';
import { fold } from '../engine/fold.ts';
import type { Plan } from '../engine/plan.ts';
import { readEvents } from '../engine/read-events.ts';
import type { Session } from '../engine/session.ts';
import { isObject } from '../engine/targets.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { Archives, JournalReading, Language, Seals } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { renderHtml } from '../report/html-report.ts';
import { incidentOf, tell } from '../report/incident.ts';
import { jsonLine } from '../report/json-text.ts';
import { vipQueue } from '../report/letter-queue.ts';
import type { BundleOptions } from './bundle.ts';
import type { ExportOptions } from './bundle-options.ts';
import { bundleWords } from './bundle-words.ts';
import { type LogWindow, narrow } from './log-window.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import { shippedTexts } from './prepare.ts';
import type { Services } from './services.ts';
import { planOf } from './session-run.ts';
import { tellError } from './tell.ts';

const MAX_EVIDENCE_BYTES = 16 * 1024 * 1024;

export interface Packed {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly items: number;
  readonly signedBy: string | null;
  readonly encrypted: boolean;
  /** What was left out, because it is gone or was altered since it was captured. */
  readonly lost: readonly Absent[];
  /** For a person. */
  readonly summary: string;
}

export async function createCommand(services: Services, [id]: readonly string[], options: BundleOptions): Promise<number> {
  if (id === undefined) throw usage('bundle create needs a session', 'see: oor sessions');
  const out = options.out ?? options.bundle ?? `oor-${id}.tar.gz${(options.recipient ?? []).length > 0 ? '.age' : ''}`;
  await refuseExisting(services, out);
  const { summary, ...packed } = await packSession(services, { ...options, out }, id);
  if (!options.json) await services.out(summary);
  else {
    const { signedBy: signed_by, ...rest } = packed;
    await services.out(jsonLine({ schema_version: 1, ...rest, signed_by }, 2));
  }
  return (await tellLost(services, options, id, packed)) ?? ExitCode.healthy;
}

/** The bundle stands and holds what is left; that the record is not whole is told, and is the exit code. */
async function tellLost(
  services: Services,
  options: GlobalOptions,
  id: string,
  { file, lost }: Pick<Packed, 'file' | 'lost'>,
): Promise<number | undefined> {
  if (lost.length === 0) return undefined;
  const named = lost.slice(0, MOST_NAMED).map(({ step, what }) => `${step} (${what})`);
  const others = lost.length > MOST_NAMED ? `, +${lost.length - MOST_NAMED}` : '';
  await tellError(
    services,
    {
      message: `the evidence of session ${id} is gone or was altered since it was captured; ${file} is without it: ${named.join(', ')}${others}`,
      hint: `the manifest names each of them; what else is in it is as it was captured. Find out who wrote in the state folder: oor sessions show ${id}`,
    },
    policyOf(options, services).language,
  );
  return ExitCode.recordDamaged;
}

const MOST_NAMED = 5;

/** Found out before anything runs, not after. */
export async function refuseExisting(services: Services, file: string): Promise<void> {
  if (await (await services.archives()).mayCreate(file)) return;
  throw usage(`${file} is there already, and evidence is never overwritten`, 'choose another name, or move it away');
}

/** The result is on stdout already: what goes wrong here is told beside it, and is the exit code. */
export async function packAfterRun(services: Services, options: PackOptions, id: string, planned: Planned): Promise<number | undefined> {
  try {
    const { summary, ...packed } = await packSession(services, options, id, planned);
    if (!options.quiet) services.err(summary);
    return await tellLost(services, options, id, packed);
  } catch (error) {
    if (!(error instanceof OorError)) throw error;
    await tellError(services, error, policyOf(options, services).language);
    return error.exitCode;
  }
}

type PackOptions = GlobalOptions & ExportOptions & { readonly out: string };

interface Planned {
  readonly plan: Plan;
  readonly registry: CheckRegistry;
}

/** `planned`: of the run that has just ended; without it the plan is made of the journal, which comes to the same. */
async function packSession(services: Services, options: PackOptions, id: string, planned?: Planned): Promise<Packed> {
  const [archives, seals] = [await services.archives(), await services.seals(options.stateDir)];
  const goOn = (): void => refuseInterrupted(services, id);
  const packing = await preparePacking(services, options, id, planned);
  goOn();
  const { session, plan, signKey, recipients } = packing;
  const composition = options.pseudonyms ? await unnamed(services, options, packing, archives) : packing.composition;
  const signer = options.sign === false ? undefined : await seals.signer(signKey);
  const scan = scanOptions(archives, await services.secretsOf(plan.profile));
  const digests = [composition.tool.sha256, session.started.profile.sha256, session.started.playbook.sha256];
  const { entries, lost } = await composeBundle({ ...composition, signer, archives });
  goOn();
  const shipped = await shippedTexts(services, session.started.playbook);
  const written = await writeBundle({ archives, seals }, { entries, out: options.out, recipients, scan, digests, shipped, goOn });
  const signedBy = signer ? (seals.readSignature(...signatureOf(entries))?.fingerprint ?? null) : null;
  const packed = { file: options.out, encrypted: recipients.length > 0, ...written, items: entries.length - (signer ? 2 : 1), signedBy };
  return { ...packed, lost, summary: summarise(packed, session, policyOf(options, services).language) };
}

function summarise(
  { encrypted, signedBy, file, items, bytes }: Omit<Packed, 'lost' | 'summary'>,
  { ended }: Session,
  language: Language,
): string {
  const say = bundleWords(language);
  const identity = encrypted ? ' --identity FILE' : '';
  const created = say('created', {
    file: escapeControlInLine(file),
    items,
    identity,
    signed: signedBy ?? say('nobody'),
    size: formatBytes(bytes),
  });
  return ended ? created : created + say('notEnded');
}

/** Nothing is half written: the file gets its name at the end or not at all. */
function refuseInterrupted({ interruption }: Services, id: string): void {
  if (!interruption.aborted) return;
  const codes: Readonly<Record<string, ExitCode>> = { SIGTERM: ExitCode.terminated, SIGHUP: ExitCode.hangup };
  throw new OorError({
    code: 'interrupted',
    message: 'the export was interrupted: no file was written, and the record is whole',
    hint: `export it with: oor bundle create ${id}`,
    exitCode: codes[String(interruption.reason)] ?? ExitCode.interrupted,
  });
}

type Packing = Awaited<ReturnType<typeof preparePacking>>;

/** The same composition under pseudonyms; what belongs to this machine and what the report says of it included. */
async function unnamed(
  services: Services,
  { incident, stateDir }: PackOptions,
  { entries, plan, session, composition }: Packing,
  archives: Archives,
): Promise<Omit<Composition, 'signer' | 'archives'>> {
  const [{ createRedactor }, { machineNames }, { pseudonymise }] = await Promise.all([
    import('../redact/index.ts'),
    import('./machine-names.ts'),
    import('../bundle/pseudonymise.ts'),
  ]);
  const pseudonym = await services.pseudonym(incident, stateDir);
  const names = machineNames(plan.profile, session.started.local_host);
  const redactor = createRedactor({ personal: { pseudonym, names } });
  const shipped = new Set((await services.shippedPlaybooks()).map(({ text }) => text));
  const { steps, causes, fixes } = plan.playbook;
  const left = await pseudonymise({
    entries,
    evidence: composition.evidence,
    archives,
    redactor,
    ids: new Set([...steps, ...causes, ...fixes].map(({ id }) => id)),
    isShipped: (text) => shipped.has(text),
  });
  return {
    ...composition,
    ...left,
    session: fold(left.events),
    letters: Object.fromEntries(Object.entries(composition.letters).map(([name, text]) => [name, redactor.text(text).text])),
    report: (artifacts) => redactor.text(composition.report(artifacts).replaceAll(composition.head, left.head)).text,
  };
}

async function preparePacking(services: Services, options: PackOptions, id: string, planned: Planned | undefined) {
  const store = await services.store(options.stateDir);
  const evidence = await store.evidence(id);
  // Read once: of a session that runs it is longer a moment later.
  const journal = await evidence.journal();
  const { entries, head: headHash } = readWhole((await services.archives()).readJournal(journal));
  const events = readEvents(entries, id);
  const session = fold(events);
  // That of the session, unless another is asked for: whoever packs it, the same bytes.
  const language = options.lang === undefined ? session.started.language : policyOf(options, services).language;
  const { plan, registry } = planned ?? (await planOf(services, session.started));
  const window = windowOf(options, session);
  const incident = incidentOf({ plan, registry, entries, headHash });
  const queue = vipQueue(tell(incident, language));
  const composition = {
    events,
    session,
    journal,
    head: headHash,
    report: (artifacts: ReadonlyMap<string, readonly string[]>) => renderHtml({ ...incident, artifacts }, language),
    letters: queue === undefined ? {} : { 'vip-queue.csv': queue },
    evidence,
    tool: { name: 'oor', version: services.version, sha256: await services.programDigest() },
    window,
    ...(window.narrowed && { inWindow: await makeInWindow(services, window) }),
    maxBytes: parseSize(options.maxSize) ?? MAX_EVIDENCE_BYTES,
  };
  return { entries, session, plan, composition, ...exportSettings(options, session) };
}

/** The store has found it whole. */
function readWhole(reading: JournalReading): Extract<JournalReading, { ok: true }> {
  if (!reading.ok) throw new Error(`record ${reading.bad} is whole and cannot be read: ${reading.reason}`);
  return reading;
}

function signatureOf(entries: readonly { readonly name: string; readonly bytes: Uint8Array }[]): [Uint8Array, string] {
  const find = (name: string): Uint8Array => entries.find((entry) => entry.name === name)?.bytes ?? new Uint8Array();
  return [find('manifest.json'), new TextDecoder().decode(find('manifest.json.sig'))];
}

export interface Writing {
  readonly entries: Parameters<Archives['pack']>[0];
  readonly out: string;
  readonly recipients: readonly string[];
  readonly scan: ReturnType<typeof scanOptions>;
  /** As `GateRequest` knows them. */
  readonly digests: readonly string[];
  readonly shipped: readonly string[];
  /** Throws when the file is not wanted any more. */
  readonly goOn?: () => void;
}

/** Packs, looks through what was packed, and only then gives it its name. */
export async function writeBundle(
  { archives, seals }: { readonly archives: Archives; readonly seals: Seals },
  { entries, out, recipients, scan, digests, shipped, goOn }: Writing,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const total = entries.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (total > MAX_BUNDLE_BYTES)
    throw new OorError({
      code: 'bundle-too-large',
      message: `the bundle would hold ${formatBytes(total)}, more than ${formatBytes(MAX_BUNDLE_BYTES)}`,
      hint: 'less evidence: --max-size 4M, or a narrower window: --since 10m',
      exitCode: ExitCode.inconclusive,
    });
  const packed = await archives.pack(entries);
  const gate = async (bytes: Uint8Array): Promise<void> => {
    await passGate({ archives, seals, scan, digests, shipped }, bytes);
    goOn?.();
  };
  if (recipients.length === 0) {
    await archives.writeNew(out, packed, gate);
    return { bytes: packed.length, sha256: archives.sha256(packed) };
  }
  // What is encrypted can be opened by its recipients alone, so it is looked through before.
  await gate(packed);
  const sealed = await seals.encrypt(packed, recipients);
  await archives.writeNew(out, sealed);
  return { bytes: sealed.length, sha256: archives.sha256(sealed) };
}

/** Flag, then environment (read with the flags), then the profile of that night. */
export function exportSettings(
  options: ExportOptions,
  { started }: Session,
): { readonly signKey: string | undefined; readonly recipients: readonly string[] } {
  const own = started.profile.data['bundle'];
  const profile = isObject(own) ? own : {};
  const named = Array.isArray(profile['recipients']) ? profile['recipients'].map(String) : [];
  const signKey = options.signKey ?? (typeof profile['sign_key'] === 'string' ? profile['sign_key'] : undefined);
  return { signKey, recipients: options.recipient && options.recipient.length > 0 ? options.recipient : named };
}

interface Window extends LogWindow {
  /** Lines of what was captured may lie outside of it. */
  readonly narrowed: boolean;
}

/** Reckoned from the start of the run, so that the same flags give the same bundle tomorrow. */
function windowOf({ since, sinceGiven, until }: GlobalOptions, { started, startedAt }: Session): Window {
  const run = started.flags;
  // What the run did not look at was not captured, so a wider window would promise too much.
  const from = sinceGiven ? Math.max(startedAt - since, run.since) : run.since;
  const to = until === undefined ? run.until : Math.min(startedAt - until, run.until ?? startedAt);
  if (until !== undefined && to !== undefined && to <= from)
    throw usage(
      '--until lies before the window that was captured',
      'for example --since 20m --until 10m: of the half hour that a run looks at',
    );
  return { since: from, until: to, narrowed: from !== run.since || to !== run.until };
}

async function makeInWindow(services: Services, window: LogWindow): Promise<InWindow> {
  const access = (await services.hosts({}))(services.localHost);
  return async (text, modifiedAt) => (access ? await narrow(access.host, text, modifiedAt, window) : null);
}

function parseSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+)\s*([KMG]?)(?:i?B)?$/i.exec(text);
  const unit = { '': 1, K: 1_024, M: 1_048_576, G: 1_073_741_824 }[match?.[2]?.toUpperCase() ?? ''];
  if (!match || unit === undefined) throw usage(`--max-size ${text}: expected a size`, 'for example --max-size 4M');
  return Number(match[1]) * unit;
}
