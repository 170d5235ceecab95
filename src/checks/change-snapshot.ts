import { HostError } from '../errors.ts';
import type { JsonObject } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { collectSections, parseSnapshot, SECTIONS, type Snapshot } from './snapshot.ts';
import { compareSections, type Difference } from './snapshot-compare.ts';
import { describeDifference } from './snapshot-meaning.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const KEPT = 200;
const NAMED = 5;

const params = strictObject({
  /** As `oor check --snapshot FILE` wrote it; empty: there is none. */
  file: v.nullish(v.string()),
  /** What to look at, as the snapshot did. */
  profile: v.nullish(v.record(v.string(), v.unknown())),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  /** null: no snapshot was named. */
  takenAt: v.nullable(v.string()),
  host: v.string(),
  sameHost: v.boolean(),
  count: v.number(),
  changes: v.array(
    v.object({
      section: v.picklist(SECTIONS),
      change: v.picklist(['added', 'removed', 'changed']),
      item: v.string(),
      /** When it changed, where that can be told; ''. */
      at: v.string(),
      en: v.string(),
      zh: v.string(),
    }),
  ),
  compared: v.array(v.picklist(SECTIONS)),
  /** Things that one side could not see. */
  unseen: v.number(),
});
type Facts = Infer<typeof facts>;

export const changeSnapshot = defineCheck<Params, Facts>({
  id: 'change.snapshot',
  phase: 'evidence',
  title: { en: 'Changes since the healthy day', 'zh-CN': '自健康快照以来的变更' },
  params,
  facts,
  timeoutMs: 60_000,
  messages: {
    unchanged: {
      en: 'nothing changed since {since} ({compared|section|sections} compared)',
      'zh-CN': '自 {since} 以来没有变更（比较了 {compared} 类）',
    },
    changed: {
      en: '{count|change|changes} since {since} ({sections}), the latest: {what}',
      'zh-CN': '自 {since} 以来有 {count} 处变更（{sections}），最近：{what}',
    },
    elsewhere: { en: 'the snapshot is of {host}, another machine', 'zh-CN': '快照来自另一台主机 {host}' },
    blind: { en: 'nothing could be compared with the snapshot of {since}', 'zh-CN': '无法与 {since} 的快照比较' },
    none: { en: 'no snapshot of a healthy day is named', 'zh-CN': '未指定健康快照' },
  },
  example: { file: '/var/lib/oor/healthy.json' },
  probe,
  judge,
});

async function probe({ file, profile }: Params, context: ProbeContext): Promise<Facts> {
  const { host } = context;
  const nothing = { takenAt: null, host: '', sameHost: true, count: 0, changes: [], compared: [], unseen: 0 };
  if (file == null || file === '') return { observedAt: host.now().wallMs, ...nothing };
  const before = await readSnapshot(file, context);
  const sameHost = before.host === host.name;
  if (!sameHost) return { observedAt: host.now().wallMs, ...nothing, takenAt: before.taken_at, host: before.host, sameHost };
  const now = await collectSections(context, (profile ?? {}) as JsonObject);
  const { differences, compared, unseen } = compareSections(before.sections, now);
  return {
    observedAt: host.now().wallMs,
    takenAt: before.taken_at,
    host: before.host,
    sameHost,
    count: differences.length,
    changes: differences.slice(0, KEPT).map((difference) => {
      const { section, change, item } = difference;
      const text = describeDifference(difference);
      return { section, change, item, at: timeOf(difference), en: text.en, zh: text['zh-CN'] ?? text.en };
    }),
    compared: [...compared],
    unseen: unseen.length,
  };
}

async function readSnapshot(file: string, { host }: ProbeContext): Promise<Snapshot> {
  const { text } = await host.readFile(file, { maxBytes: MAX_BYTES });
  const parsed = parseSnapshot(parseJson(text));
  if (parsed.ok) return parsed.snapshot;
  throw new HostError(
    'unsupported',
    `${file} is no snapshot of oor (${parsed.message})`,
    `run it again: oor check --snapshot ${file}, on a healthy day`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function timeOf({ fields }: Difference): string {
  const at = fields.find(({ field }) => field === 'modified_at')?.after;
  return typeof at === 'string' ? at : '';
}

function judge({ takenAt, host, sameHost, count, changes, compared }: Facts): Judgement {
  if (takenAt === null) return { status: 'not-applicable', code: 'none' };
  const unlock = 'run it again: oor check --snapshot FILE, on this machine and on a healthy day';
  if (!sameHost) return { status: 'unknown', code: 'elsewhere', data: { host }, unlock };
  const since = takenAt;
  if (compared.length === 0) return { status: 'unknown', code: 'blind', data: { since }, unlock };
  if (count === 0) return { status: 'ok', code: 'unchanged', data: { since, compared: compared.length } };
  return { status: 'warn', code: 'changed', data: { since, count, ...nameFirst(changes) } };
}

/** The newest first where it is known when. */
function nameFirst(changes: Facts['changes']): { readonly what: string; readonly sections: string } {
  const first = changes.toSorted((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0)).slice(0, NAMED);
  const sections = [...new Set(changes.map(({ section }) => section))].map(
    (section) => `${section} ${changes.filter((each) => each.section === section).length}`,
  );
  return { what: first.map(({ item, at }) => `${item}${at === '' ? '' : ` (${at})`}`).join(', '), sections: sections.join(', ') };
}
