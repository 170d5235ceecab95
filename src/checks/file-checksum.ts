import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { copiesBeside } from './copies.ts';
import { mapLimited, readIfThere } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const MOST_FILES = 5_000;
const NAMED = 50;
/** With more files damaged than this the release is installed again. */
const MOST_REPAIRED = 3;
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i, 'expected 64 hex digits'));

const params = v.pipe(
  strictObject({
    /** Lines as sha256sum writes them; names are relative to the manifest's folder. */
    manifest: v.nullish(v.string()),
    file: v.nullish(v.string()),
    sha256: v.nullish(sha256),
  }),
  v.check(
    ({ manifest, file, sha256: sum }) => (manifest == null) === (file != null && sum != null),
    'expected `manifest`, or `file` and `sha256`',
  ),
);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  source: v.string(),
  noManifest: v.boolean(),
  checked: v.number(),
  /** The first 50 of each. */
  altered: v.array(v.string()),
  missing: v.array(v.string()),
  unreadable: v.array(v.string()),
  alteredCount: v.number(),
  missingCount: v.number(),
  unreadableCount: v.number(),
  /** Lines of the manifest that are no checksum. */
  badLines: v.number(),
  /** For an altered or missing file, one beside it that has the agreed sum. */
  copies: v.optional(v.array(v.object({ path: v.string(), copy: v.string() })), []),
});
type Facts = Infer<typeof facts>;

export const fileChecksum = defineCheck<Params, Facts>({
  id: 'file.checksum',
  phase: 'software',
  title: { en: 'File integrity', 'zh-CN': '文件完整性' },
  params,
  facts,
  messages: {
    intact: { en: 'all {checked|file matches|files match} {source}', 'zh-CN': '{checked} 个文件均与 {source} 一致' },
    altered: {
      en: '{count} of {checked|file differs|files differ} from {source}: {names}',
      'zh-CN': '{checked} 个文件中有 {count} 个与 {source} 不符：{names}',
    },
    missing: {
      en: '{count} of {checked|file|files} of {source} are gone: {names}',
      'zh-CN': '{source} 中 {checked} 个文件有 {count} 个缺失：{names}',
    },
    unreadable: {
      en: '{count} of {checked|file|files} of {source} could not be read: {names}',
      'zh-CN': '{source} 中 {checked} 个文件有 {count} 个无法读取：{names}',
    },
    'no-manifest': { en: 'the manifest {source} does not exist', 'zh-CN': '校验清单 {source} 不存在' },
    empty: { en: 'the manifest {source} lists no file', 'zh-CN': '校验清单 {source} 未列出任何文件' },
  },
  timeoutMs: 60_000,
  example: { manifest: '/opt/paygw/MANIFEST.sha256' },
  probe,
  judge,
});

interface Entry {
  readonly path: string;
  readonly sum: string;
}

async function probe({ manifest, file, sha256: sum }: Params, { host, signal }: ProbeContext): Promise<Facts> {
  const source = manifest ?? (file as string);
  const text = manifest == null ? null : await readIfThere(host, manifest);
  const { entries, badLines } =
    manifest == null
      ? { entries: [{ path: file as string, sum: sum as string }], badLines: 0 }
      : parseManifest(text ?? '', folderOf(manifest));
  const results = await mapLimited(entries.slice(0, MOST_FILES), 4, async (entry) => ({
    path: entry.path,
    state: signal.aborted ? 'unreadable' : await compare(host, entry),
  }));
  const pick = (state: string): string[] => results.filter((result) => result.state === state).map(({ path }) => path);
  const [altered, missing, unreadable] = [pick('altered'), pick('missing'), pick('unreadable')];
  return {
    observedAt: host.now().wallMs,
    source,
    noManifest: manifest != null && text === null,
    checked: results.length,
    altered: altered.slice(0, NAMED),
    missing: missing.slice(0, NAMED),
    unreadable: unreadable.slice(0, NAMED),
    alteredCount: altered.length,
    missingCount: missing.length,
    unreadableCount: unreadable.length,
    badLines,
    copies: await findCopies(
      host,
      entries.filter(({ path }) => [...altered, ...missing].slice(0, MOST_REPAIRED).includes(path)),
    ),
  };
}

async function findCopies(host: Host, lost: readonly Entry[]): Promise<{ path: string; copy: string }[]> {
  const found = await mapLimited(lost, 1, async (entry) => {
    const isGood = async (path: string): Promise<boolean> => (await compare(host, { ...entry, path })) === 'intact';
    const [copy] = await copiesBeside(host, entry.path, { isGood, anyName: true });
    return copy === undefined ? [] : [{ path: entry.path, copy }];
  });
  return found.flat();
}

async function compare(host: Host, { path, sum }: Entry): Promise<'intact' | 'altered' | 'missing' | 'unreadable'> {
  try {
    return (await host.hashFile(path, { timeoutMs: 30_000 })) === sum.toLowerCase() ? 'intact' : 'altered';
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return error.reason === 'not-found' ? 'missing' : 'unreadable';
  }
}

/** GNU `SUM  name`, `SUM *name`, a leading backslash where the name is escaped; BSD `SHA256 (name) = SUM`. */
export function parseManifest(text: string, folder: string): { entries: readonly Entry[]; badLines: number } {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const entries = lines.flatMap((line): Entry[] => {
    const gnu = /^(\\?)([0-9a-f]{64}) [ *](.+)$/i.exec(line);
    const bsd = /^SHA256 \((.+)\) = ([0-9a-f]{64})$/i.exec(line);
    const name = gnu ? (gnu[1] ? unescapeName(gnu[3] as string) : (gnu[3] as string)) : bsd?.[1];
    const sum = gnu?.[2] ?? bsd?.[2];
    return name === undefined || sum === undefined
      ? []
      : [{ path: name.startsWith('/') ? name : `${folder}/${name.replace(/^\.\//, '')}`, sum }];
  });
  return { entries, badLines: lines.length - entries.length };
}

function unescapeName(name: string): string {
  return name.replace(/\\([\\nr])/g, (_whole, letter: string) => (letter === 'n' ? '\n' : letter === 'r' ? '\r' : '\\'));
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
}

function judge(facts: Facts, _params: Params): Judgement {
  const { source, checked } = facts;
  if (facts.noManifest) return { status: 'warn', code: 'no-manifest', data: { source } };
  if (checked === 0) return { status: 'warn', code: 'empty', data: { source } };
  const tell = (names: readonly string[], count: number) => ({
    data: { source, checked, count, names: names.slice(0, 5).join(', ') + (count > 5 ? ', ...' : '') },
    value: count,
    unit: 'files',
    threshold: 0,
    thresholdSource: source,
  });
  if (facts.alteredCount > 0) return { status: 'fail', code: 'altered', ...tell(facts.altered, facts.alteredCount) };
  if (facts.missingCount > 0) return { status: 'fail', code: 'missing', ...tell(facts.missing, facts.missingCount) };
  if (facts.unreadableCount > 0)
    return {
      status: 'unknown',
      code: 'unreadable',
      ...tell(facts.unreadable, facts.unreadableCount),
      unlock: 'run as root or as the owner of the files',
    };
  return { status: 'ok', code: 'intact', data: { source, checked } };
}
