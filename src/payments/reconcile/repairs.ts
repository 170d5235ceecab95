/** Repairs as a file that people approve and work off: nothing here is ever sent. Pure. */
import { ACTIONS, type Action, CLASS_NAMES, type DifferenceClass } from './classes.ts';
import type { Difference } from './result.ts';

type Sha256 = (text: string) => string;

export interface Evidence {
  readonly file: string;
  /** From 1, the header included; of a bill, the row of the table that was made of it. */
  readonly row: number;
}

export interface Repair {
  /** The same for the same order, transaction, class and action, whenever it is made: what is done under it is done once. */
  readonly idempotency_key: string;
  readonly class: DifferenceClass;
  readonly reason: string;
  readonly order_no: string;
  readonly provider_ref: string;
  readonly value: string;
  readonly currency: string;
  readonly action: Action;
  readonly dry_run: { readonly en: string; readonly 'zh-CN': string };
  readonly evidence: readonly Evidence[];
  /** Two people. Without names here those of the whole file hold. */
  readonly approval: Approval;
}

interface Approval {
  readonly proposed_by: string;
  readonly approved_by: string;
}

export interface RepairsFile {
  readonly schema_version: 1;
  readonly kind: typeof KIND;
  readonly files: readonly { readonly file: string; readonly side: string; readonly sha256: string }[];
  /** SHA-256 of all but the approvals. */
  readonly digest: string;
  readonly approval: Approval;
  readonly repairs: readonly Repair[];
}

const KIND = 'oor-repairs';
const NOBODY: Approval = { proposed_by: '', approved_by: '' };

export interface Found {
  readonly files: RepairsFile['files'];
  readonly differences: readonly Difference[];
  /** Of each difference, in the same order. */
  readonly evidence: readonly (readonly Evidence[])[];
}

export function makeRepairs({ files, differences, evidence }: Found, sha256: Sha256): RepairsFile {
  const used = new Map<string, number>();
  const repairs = differences.map((difference, at): Repair => {
    const key = keyOf(difference, used, sha256);
    const { class: name, reason, order_no, provider_ref, value, currency, action } = difference;
    const shown = { class: name, reason, order_no, provider_ref, value, currency, action };
    return { idempotency_key: key, ...shown, dry_run: describe(difference, key), evidence: evidence[at] ?? [], approval: NOBODY };
  });
  const kept = files.map(({ file, side, sha256: digest }) => ({ file, side, sha256: digest }));
  return { schema_version: 1, kind: KIND, files: kept, digest: digestOf({ files: kept, repairs }, sha256), approval: NOBODY, repairs };
}

/** Rows that are the same in all of it are numbered. */
function keyOf({ class: name, action, order_no, provider_ref }: Difference, used: Map<string, number>, sha256: Sha256): string {
  const key = `oor-${sha256(JSON.stringify([name, action, order_no, provider_ref])).slice(0, 32)}`;
  const times = (used.get(key) ?? 0) + 1;
  used.set(key, times);
  return times === 1 ? key : `${key}-${times}`;
}

function describe({ class: name, action, order_no, provider_ref, value, currency }: Difference, key: string): Repair['dry_run'] {
  const [order, transaction] = [order_no || '-', provider_ref || '-'];
  return {
    en: `${CLASS_NAMES[name].en}: order ${order}, transaction ${transaction}, ${value} ${currency}. To do: ${ACTIONS[action].en}. Idempotency key ${key}. Nothing was sent.`,
    'zh-CN': `${CLASS_NAMES[name]['zh-CN']}：订单 ${order}，流水号 ${transaction}，${value} ${currency}。处理：${ACTIONS[action]['zh-CN']}。幂等键 ${key}。未发送任何请求。`,
  };
}

function digestOf({ files, repairs }: Pick<RepairsFile, 'files' | 'repairs'>, sha256: Sha256): string {
  return sha256(JSON.stringify([files, repairs.map(({ approval: _, ...rest }) => rest)]));
}

export interface RepairsCheck {
  readonly state: 'unreadable' | 'changed' | 'read';
  /** Why it is unreadable. */
  readonly problem: string | null;
  readonly repairs: number;
  readonly approved: number;
  /** Keys of repairs that nobody proposed or nobody approved. */
  readonly open: readonly string[];
  /** Keys of repairs that one person both proposed and approved. */
  readonly alone: readonly string[];
}

/** Approvals may be filled in; whatever else is changed shows. */
export function checkRepairs(text: string, sha256: Sha256): RepairsCheck {
  const nothing = { problem: null, repairs: 0, approved: 0, open: [], alone: [] };
  const file = readRepairs(text);
  if (typeof file === 'string') return { state: 'unreadable', ...nothing, problem: file };
  if (digestOf(file, sha256) !== file.digest) return { state: 'changed', ...nothing };
  const states = file.repairs.map((repair) => ({ key: repair.idempotency_key, state: stateOf(repair, file.approval) }));
  const keys = (wanted: string): readonly string[] => states.filter(({ state }) => state === wanted).map(({ key }) => key);
  return { ...nothing, state: 'read', repairs: states.length, approved: keys('approved').length, open: keys('open'), alone: keys('alone') };
}

function stateOf({ approval }: Repair, ofFile: Approval): 'approved' | 'open' | 'alone' {
  const [proposed, approved] = (['proposed_by', 'approved_by'] as const).map((role) => nameOf(approval[role]) || nameOf(ofFile[role]));
  if (!proposed || !approved) return 'open';
  return proposed === approved ? 'alone' : 'approved';
}

/** One person may write the name in several ways: what is neither a letter nor a digit tells nobody from another. '' is no name. */
function nameOf(name: string): string {
  return name
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}

/** A file of repairs, or where it is none. */
function readRepairs(text: string): RepairsFile | string {
  let file: unknown;
  try {
    file = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return 'it is no JSON';
  }
  return findWrong(file, FILE, '') ?? (file as RepairsFile);
}

/** A kind of value, one value, a list of each, or an object of these keys and no others. */
type Shape =
  | 'text'
  | 'number'
  | { readonly is: string | number }
  | { readonly each: Shape }
  | { readonly keys: Readonly<Record<string, Shape>> };

const shapeOf = (texts: string, others: Readonly<Record<string, Shape>> = {}): Shape => ({
  keys: { ...Object.fromEntries(texts.split(' ').map((name) => [name, 'text' as const])), ...others },
});
const APPROVAL = shapeOf('proposed_by approved_by');
const FILE = shapeOf('digest', {
  schema_version: { is: 1 },
  kind: { is: KIND },
  files: { each: shapeOf('file side sha256') },
  approval: APPROVAL,
  repairs: {
    each: shapeOf('idempotency_key class reason order_no provider_ref value currency action', {
      dry_run: shapeOf('en zh-CN'),
      evidence: { each: shapeOf('file', { row: 'number' }) },
      approval: APPROVAL,
    }),
  },
});

function findWrong(value: unknown, shape: Shape, path: string): string | undefined {
  const at = path === '' ? 'the whole' : path;
  if (shape === 'text') return typeof value === 'string' ? undefined : `${at} is no text`;
  if (shape === 'number') return typeof value === 'number' ? undefined : `${at} is no number`;
  if ('is' in shape) return value === shape.is ? undefined : `${at} is not ${JSON.stringify(shape.is)}`;
  if ('each' in shape) {
    if (!Array.isArray(value)) return `${at} is no list`;
    for (const [index, each] of value.entries()) {
      const wrong = findWrong(each, shape.each, `${path}[${index}]`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at} is no object`;
  const strange = Object.keys(value).find((key) => !Object.hasOwn(shape.keys, key));
  if (strange !== undefined) return `${at} has the key ${JSON.stringify(strange.slice(0, 40))}, which means nothing here`;
  for (const [key, each] of Object.entries(shape.keys)) {
    const own = path === '' ? key : `${path}.${key}`;
    const wrong = Object.hasOwn(value, key) ? findWrong((value as Record<string, unknown>)[key], each, own) : `${own} is missing`;
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
