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
  readonly repairs: number;
  readonly approved: number;
  /** Keys of repairs that nobody proposed or nobody approved. */
  readonly open: readonly string[];
  /** Keys of repairs that one person both proposed and approved. */
  readonly alone: readonly string[];
}

/** Approvals may be filled in; whatever else is changed shows. */
export function checkRepairs(text: string, sha256: Sha256): RepairsCheck {
  const file = parse(text);
  const nothing = { repairs: 0, approved: 0, open: [], alone: [] };
  if (!file) return { state: 'unreadable', ...nothing };
  if (digestOf(file, sha256) !== file.digest) return { state: 'changed', ...nothing };
  const states = file.repairs.map((repair) => ({ key: repair.idempotency_key, state: stateOf(repair, file.approval) }));
  const keys = (wanted: string): readonly string[] => states.filter(({ state }) => state === wanted).map(({ key }) => key);
  return { state: 'read', repairs: states.length, approved: keys('approved').length, open: keys('open'), alone: keys('alone') };
}

function stateOf({ approval }: Repair, ofFile: Approval): 'approved' | 'open' | 'alone' {
  const [proposed, approved] = (['proposed_by', 'approved_by'] as const).map((role) => nameOf(approval[role]) || nameOf(ofFile[role]));
  if (!proposed || !approved) return 'open';
  return proposed === approved ? 'alone' : 'approved';
}

/** One person may write the name in several ways. */
function nameOf(name: string): string {
  return name.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();
}

function parse(text: string): RepairsFile | undefined {
  try {
    const file = JSON.parse(text) as Partial<RepairsFile> | null;
    const isApproval = (value: unknown): boolean =>
      typeof value === 'object' &&
      value !== null &&
      Object.values(NOBODY).length === Object.values(value).filter((name) => typeof name === 'string').length;
    const isWhole =
      file?.schema_version === 1 &&
      file.kind === KIND &&
      Array.isArray(file.files) &&
      Array.isArray(file.repairs) &&
      isApproval(file.approval) &&
      file.repairs.every((repair) => typeof repair === 'object' && repair !== null && isApproval(repair.approval));
    return isWhole ? (file as RepairsFile) : undefined;
  } catch {
    return undefined;
  }
}
