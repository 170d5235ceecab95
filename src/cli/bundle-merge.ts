/** Bundles of several hosts -> one bundle with one timeline and one diagnosis. */
import { scanOptions } from '../bundle/gate.ts';
import { digestsIn, type Manifest, removedFrom, renderManifest, sum } from '../bundle/manifest.ts';
import { type Custody, type Merged, mergeHosts } from '../bundle/merge.ts';
import { renderMerged } from '../bundle/merged-report.ts';
import { DIAGNOSIS, JOURNAL, MANIFEST, namePart, REPORT, SIGNATURE, TIMELINE } from '../bundle/names.ts';
import { describeReason } from '../checks/check.ts';
import { formatBytes } from '../checks/linux.ts';
import { ExitCode } from '../errors.ts';
import type { ArchiveEntry, Archives, Json, Seals, Signer } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { incidentOf } from '../report/incident.ts';
import { jsonLine, toJson } from '../report/json-text.ts';
import { percent } from '../report/percent.ts';
import type { BundleOptions } from './bundle.ts';
import { refuseExisting, writeBundle } from './bundle-create.ts';
import type { Sound } from './bundle-open.ts';
import { type BundledSession, openSession } from './bundle-session.ts';
import { bundleWords, nameOf } from './bundle-words.ts';
import { policyOf, usage } from './options.ts';
import { shippedTexts } from './prepare.ts';
import type { Services } from './services.ts';

export async function mergeCommand(services: Services, files: readonly string[], options: BundleOptions): Promise<number> {
  const out = options.out ?? options.bundle;
  if (files.length < 2 || out === undefined)
    throw usage(
      'bundle merge needs two bundles or more and --out',
      'for example: oor bundle merge gw.tar.gz switch.tar.gz --out all.tar.gz',
    );
  if (options.pseudonyms)
    throw usage(
      'bundle merge gives no pseudonyms',
      'make each bundle with --pseudonyms --incident NAME: then a name is the same in all of them',
    );
  await refuseExisting(services, out);
  const members: Member[] = [];
  for (const file of files) members.push(named(await openSession(services, file, options), members));
  refuseTwins(members);
  const { language } = policyOf(options, services);
  const archives = await services.archives();
  const seals = await services.seals(options.stateDir);
  const hosts = members.map(({ host, session: { plan, registry, entriesOfJournal, headHash, ...opened } }) => ({
    host,
    incident: incidentOf({ plan, registry, entries: entriesOfJournal, headHash }),
    custody: custodyOf(opened, seals),
  }));
  const merged = mergeHosts(hosts, language);
  const signer = options.sign === false ? undefined : await seals.signer(options.signKey);
  const tool = { name: 'oor', version: services.version, sha256: await services.programDigest() };
  const digests = [tool.sha256, ...members.flatMap(({ session }) => digestsIn(session.verified.manifest))];
  const entries = await compose({ tool, archives, signer, members, merged, report: renderMerged(merged, language) });
  const shipped = await Promise.all(members.map(({ session }) => shippedTexts(services, session.session.started.playbook)));
  const written = await writeBundle(
    { archives, seals },
    { entries, out, recipients: options.recipient ?? [], scan: scanOptions(archives, []), digests, shipped: [...new Set(shipped.flat())] },
  );
  await services.out(
    options.json ? jsonLine({ schema_version: 1, file: out, ...written, ...asJson(merged) }, 2) : describe(merged, language),
  );
  if (!options.quiet) services.err(bundleWords(language)('merged', { file: out, size: formatBytes(written.bytes), count: files.length }));
  return { healthy: ExitCode.healthy, fault: ExitCode.fault, unknown: ExitCode.inconclusive }[merged.verdict];
}

interface Member {
  readonly host: string;
  readonly session: BundledSession;
}

/** What one host saw must not speak twice. */
function refuseTwins(members: readonly Member[]): void {
  const seen = new Map<string, string>();
  for (const { session } of members) {
    const { session: id } = session.session.started;
    const other = seen.get(id);
    if (other !== undefined)
      throw usage(`${other} and ${session.file} are of the same session`, 'give one bundle of each host, or of each run');
    seen.set(id, session.file);
  }
}

function custodyOf({ entries, verified }: Sound, { readSignature }: Seals): Custody {
  const signature = entries.get(SIGNATURE);
  const signer = signature && readSignature(entries.get(MANIFEST) ?? new Uint8Array(), new TextDecoder().decode(signature));
  if (!signer) return { fingerprint: null, name: null };
  const { fingerprint } = signer;
  const name = verified.exitCode === ExitCode.healthy ? verified.signedBy : null;
  return { fingerprint, name: name === null ? null : { en: name, 'zh-CN': describeReason(name, 'zh-CN') } };
}

/** Two bundles of one host are told apart by a number. */
function named(session: BundledSession, others: readonly Member[]): Member {
  const plain = namePart(session.session.started.local_host, 40);
  const taken = others.filter(({ host }) => host === plain || host.startsWith(`${plain}+`)).length;
  return { host: taken === 0 ? plain : `${plain}+${taken + 1}`, session };
}

interface Composition {
  readonly tool: Manifest['tool'];
  readonly archives: Archives;
  readonly signer: Signer | undefined;
  readonly members: readonly Member[];
  readonly merged: Merged;
  readonly report: string;
}

async function compose({ tool, archives, signer, members, merged, report }: Composition): Promise<readonly ArchiveEntry[]> {
  const timeline = merged.timeline.map(({ at, recordedAt, ...rest }) => toJson({ at: iso(at), recorded_at: iso(recordedAt), ...rest }));
  const entries: ArchiveEntry[] = [
    { name: REPORT, bytes: utf8(report) },
    { name: DIAGNOSIS, bytes: utf8(jsonLine(asJson(merged), 2)) },
    { name: TIMELINE, bytes: utf8(`${timeline.join('\n')}\n`) },
    ...members.flatMap(({ host, session }) =>
      [JOURNAL, MANIFEST, SIGNATURE].flatMap((name) => {
        const bytes = session.entries.get(name);
        return bytes ? [{ name: `hosts/${host}/${name}`, bytes }] : [];
      }),
    ),
  ];
  const listed = entries.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: archives.sha256(bytes) }));
  const manifest = utf8(renderManifest(manifestOf(members, merged, { tool, entries: listed })));
  const signature = signer ? [{ name: SIGNATURE, bytes: utf8(signer.sign(manifest)) }] : [];
  const [first, ...rest] = entries as [ArchiveEntry, ...ArchiveEntry[]];
  return [first, { name: MANIFEST, bytes: manifest }, ...signature, ...rest];
}

/** The span and the sum of all of them; what is said of one host alone stands in its own manifest. */
function manifestOf(members: readonly Member[], { verdict }: Merged, own: Pick<Manifest, 'tool' | 'entries'>): Manifest {
  const manifests = members.map(({ session }) => session.verified.manifest);
  const [first] = manifests as [Manifest];
  const sorted = (key: 'started_at' | 'ended_at'): readonly string[] => manifests.map((each) => each[key]).sort();
  return {
    schema_version: 1,
    kind: 'oor-merged-bundle',
    tool: own.tool,
    session: manifests.map(({ session }) => session).join(' '),
    site: first.site,
    host: members.map(({ host }) => host).join(' '),
    started_at: sorted('started_at')[0] ?? '',
    ended_at: sorted('ended_at').at(-1) ?? '',
    verdict,
    ...{
      healthy: { outcome: 'healthy', exit_code: ExitCode.healthy },
      fault: { outcome: 'fault-found', exit_code: ExitCode.fault },
      unknown: { outcome: 'inconclusive', exit_code: ExitCode.inconclusive },
    }[verdict],
    playbook: first.playbook,
    profile: first.profile,
    window: spanOf(manifests.map(({ window }) => window)),
    journal: { records: manifests.reduce((total, { journal }) => total + journal.records, 0), head: '' },
    entries: own.entries,
    items: [],
    not_collected: [],
    redactions: removedFrom(manifests),
    issuers: sum(manifests.map(({ issuers = {} }) => issuers)),
  };
}

/** From the earliest begin; to the latest end, or of one of them to the end of its run. */
function spanOf(windows: readonly Manifest['window'][]): Manifest['window'] {
  const ends = windows.flatMap(({ until }) => (until === null ? [] : [until])).sort();
  return {
    since: windows.map(({ since }) => since).sort()[0] ?? '',
    until: ends.length < windows.length ? null : (ends.at(-1) ?? null),
  };
}

function asJson({ verdict, offsets, custody, causes }: Merged): { readonly [key: string]: Json } {
  return {
    verdict,
    clock_offsets_ms: offsets,
    signed_by: Object.fromEntries(
      Object.entries(custody).map(([host, { fingerprint, name }]) => [host, { fingerprint, name: name?.en ?? null }]),
    ),
    causes: causes.map(({ id, class: family, component, host, score, state, seenBy, because, title }) => ({
      id,
      class: family,
      ...(component !== undefined && { component }),
      ...(host !== undefined && { host }),
      score: round(score),
      state,
      text: title.en,
      seen_by: seenBy,
      because: because.map((each) => ({ ...each, factor: round(each.factor) })),
    })),
  };
}

function describe({ verdict, offsets, custody, causes, timeline }: Merged, language: 'en' | 'zh-CN'): string {
  const say = bundleWords(language);
  const signerOf = ({ fingerprint, name }: Custody = { fingerprint: null, name: null }): string => {
    if (fingerprint === null) return say('memberUnsigned');
    return name === null ? say('memberUnknown', { key: fingerprint }) : say('memberSigned', { name: name[language] ?? name.en });
  };
  const lines = [
    say('mergedVerdict', { verdict: nameOf(verdict, language), count: Object.keys(offsets).length }),
    ...Object.entries(offsets).map(
      ([host, offset]) =>
        `  ${host}  ${offset === null ? say('clockUnknown') : say('clockCorrected', { ms: offset })}${say('comma')}${signerOf(custody[host])}`,
    ),
    '',
    ...causes.slice(0, 10).map(({ id, component, host, score, state, seenBy, title }) => {
      const place = [component, host].filter((part) => part !== undefined).join(' @ ');
      return `  ${percent(score)}  ${title[language] ?? title.en} [${id}] ${nameOf(state, language)}${place === '' ? '' : ` (${place})`} <- ${seenBy.join(', ')}`;
    }),
    '',
    ...timeline.filter(({ weighty }) => weighty).map(({ at, host, text }) => `  ${iso(at)}  ${host}  ${text}`),
  ];
  return `${lines.map(escapeControlInLine).join('\n')}\n`;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
