/** The file of repairs: written once, approved by two people, looked at again. */
import { ExitCode, OorError } from '../errors.ts';
import { evidenceSql, type Source } from '../payments/reconcile/load-sql.ts';
import { checkRepairs, type Evidence, makeRepairs, type RepairsCheck } from '../payments/reconcile/repairs.ts';
import type { Reconciliation } from '../payments/reconcile/result.ts';
import type { Database, Language } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { jsonLine } from '../report/json-text.ts';
import type { Services } from './services.ts';

/** Before anything is compared, which may take minutes; the writing itself replaces nothing either. */
export async function refuseTaken(services: Services, path: string): Promise<void> {
  if ((await services.readFile(path, 1)) === undefined) return;
  throw new OorError({
    code: 'unwritable-file',
    message: `${path} cannot be written: there is a file of this name`,
    hint: 'approvals may stand in it: name another file',
    exitCode: ExitCode.usage,
  });
}

/** Rows of each order and of each transaction that a difference names. */
export interface EvidenceIndex {
  readonly orders: ReadonlyMap<string, readonly Evidence[]>;
  readonly refs: ReadonlyMap<string, readonly Evidence[]>;
}

interface Named extends Source {
  readonly file: string;
}

export async function findEvidence(database: Database, sources: readonly Named[]): Promise<EvidenceIndex> {
  const orders = new Map<string, Evidence[]>();
  const refs = new Map<string, Evidence[]>();
  const keep = (index: Map<string, Evidence[]>, name: string, evidence: Evidence): void => {
    const known = index.get(name);
    if (known) known.push(evidence);
    else if (name !== '') index.set(name, [evidence]);
  };
  // Rows are counted in the order of the file.
  await database.run('SET preserve_insertion_order = true');
  for (const { file, ...source } of sources) {
    const header = source.layout.format === 'csv' ? 1 : 0;
    for (const { row, order_no, provider_ref } of await database.rows(evidenceSql(source))) {
      const evidence = { file, row: Number(row) + header };
      keep(orders, String(order_no), evidence);
      keep(refs, String(provider_ref), evidence);
    }
  }
  return { orders, refs };
}

/** `found` before its card numbers are masked: rows are looked up by it; `clean` is what leaves. */
export async function writeRepairs(
  services: Services,
  path: string,
  { found, clean, index }: { readonly found: Reconciliation; readonly clean: Reconciliation; readonly index: EvidenceIndex },
): Promise<string> {
  const evidence = found.differences.map(({ order_no, provider_ref }) => {
    const rows = [...(index.orders.get(order_no) ?? []), ...(index.refs.get(provider_ref) ?? [])];
    return [...new Set(rows)];
  });
  const repairs = makeRepairs({ files: clean.files, differences: clean.differences, evidence }, services.sha256);
  const archives = await services.archives();
  await archives.writeNew(path, new TextEncoder().encode(jsonLine(repairs, 2)));
  return repairs.digest;
}

const MAX_BYTES = 512 * 1024 * 1024;

/** 0: all approved by two people. 1: some are not. 9: changed since they were written. */
export async function checkRepairsCommand(
  services: Services,
  path: string,
  { json, language }: { json: boolean; language: Language },
): Promise<number> {
  const text = await services.readFile(path, MAX_BYTES);
  if (text === undefined)
    throw new OorError({
      code: 'unreadable-file',
      message: `${path}: there is no such file`,
      hint: 'check the name',
      exitCode: ExitCode.invalidInput,
    });
  const { problem, ...check } = checkRepairs(text, services.sha256);
  if (check.state === 'unreadable')
    throw new OorError({
      code: 'unreadable-file',
      message: `${path}: this is no file of repairs: ${problem}`,
      hint: 'oor reconcile --orders FILE --statements FILE --repairs FILE writes one',
      exitCode: ExitCode.invalidInput,
    });
  const exit = exitOf(check);
  if (json) await services.out(jsonLine({ schema_version: 1, ok: exit === ExitCode.healthy, ...check, exit_code: exit }, 2));
  else await services.out(`${escapeControlInLine(`${path}: ${WORDS[language](check)}`)}\n`);
  return exit;
}

type Checked = Omit<RepairsCheck, 'problem'>;

function exitOf({ state, open, alone }: Checked): number {
  if (state === 'changed') return ExitCode.recordDamaged;
  return open.length + alone.length === 0 ? ExitCode.healthy : ExitCode.fault;
}

const WORDS: Readonly<Record<Language, (check: Checked) => string>> = {
  en: ({ state, repairs, approved, open, alone }) =>
    state === 'changed'
      ? 'changed since it was written: do nothing of it, make it anew'
      : `${approved} of ${repairs} repairs are approved by two people; ${open.length} lack a name, ${alone.length} have one person on both sides`,
  'zh-CN': ({ state, repairs, approved, open, alone }) =>
    state === 'changed'
      ? '写出之后被改动：请勿执行，重新生成'
      : `${repairs} 项处理中 ${approved} 项已由两人批准；${open.length} 项缺姓名，${alone.length} 项提议人与批准人为同一人`,
};
