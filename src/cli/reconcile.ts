import { pauseCode } from '../engine/verdict.ts';
import { ExitCode, OorError } from '../errors.ts';
import { BILL_ZONE, type BillKind, readBill, sniffBill } from '../payments/reconcile/bills.ts';
import { ACTIONS, CLASSES } from '../payments/reconcile/classes.ts';
import { isZone, type Refusal, type Side, sniffLayout } from '../payments/reconcile/layout.ts';
import { loadSql, type Source, TABLES_SQL } from '../payments/reconcile/load-sql.ts';
import { matchSteps, RESULT_SQL, SKEW_SQL } from '../payments/reconcile/match-sql.ts';
import { type FileReading, type Reconciliation, readDifferences } from '../payments/reconcile/result.ts';
import type { Database, Language, TabularFile, Workbench } from '../ports.ts';
import { createRedactor } from '../redact/index.ts';
import { jsonLine } from '../report/json-text.ts';
import type { ReconcileReport } from '../report/reconcile.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import { loadSource } from './reconcile-load.ts';
import type { Services } from './services.ts';

interface ReconcileOptions extends GlobalOptions {
  readonly orders?: readonly string[];
  readonly statements?: readonly string[];
  readonly tz?: string;
  readonly printSql?: boolean;
}

interface Opened extends Source {
  readonly file: string;
  readonly tabular: TabularFile;
  readonly kind?: BillKind;
}

const FORMATS = ['text', 'json', 'csv', 'html', 'md'] as const;

/** 0: the two sides agree. 1: they differ. 65: a file is not what it should be, and nothing is said of the others. */
export async function reconcileCommand(services: Services, _words: readonly string[], options: ReconcileOptions): Promise<number> {
  const format = options.json ? 'json' : (options.format ?? 'text');
  if (!FORMATS.some((known) => known === format))
    throw usage(`--format ${format}: there is no such format`, `one of ${FORMATS.join(', ')}`);
  const { orders = [], statements = [], tz } = options;
  if (orders.length === 0 || statements.length === 0)
    throw usage('oor reconcile needs both sides', 'oor reconcile --orders FILE... --statements FILE...');
  if (tz !== undefined && !isZone(tz)) throw usage(`--tz ${tz}: there is no such zone`, 'for example +08:00, UTC or Asia/Shanghai');
  const bench = await services.workbench();
  try {
    const { sources, notes } = await openSources(bench, { orders, statements, tz });
    if (options.printSql) {
      await services.out(sqlText(sources));
      return ExitCode.healthy;
    }
    const database = await bench.database();
    try {
      const found = await compare(database, sources, services, options);
      return await print(
        services,
        { ...found, notes: [...notes, ...found.notes] },
        { format, language: policyOf(options, services).language },
      );
    } finally {
      await database.close();
    }
  } catch (error) {
    if (services.interruption.aborted) return pauseCode({ interrupted: String(services.interruption.reason) });
    throw error;
  } finally {
    await bench.close();
  }
}

interface Given {
  readonly orders: readonly string[];
  readonly statements: readonly string[];
  readonly tz: string | undefined;
}

/** A file that was given twice counts once. */
async function openSources(
  bench: Workbench,
  { tz, ...given }: Given,
): Promise<{ readonly sources: readonly Opened[]; readonly notes: readonly string[] }> {
  const sources: Opened[] = [];
  const notes: string[] = [];
  for (const side of ['orders', 'statements'] as const)
    for (const file of given[side]) {
      const tabular = await bench.ready(file);
      const same = sources.find((other) => other.tabular.sha256 === tabular.sha256 && other.side === side);
      if (same) notes.push(`${file} has the same bytes as ${same.file} (sha256 ${tabular.sha256}): it is left out`);
      else sources.push(await openSource(bench, { file, side, tabular, tz, number: sources.length + 1 }));
    }
  return { sources, notes };
}

interface Unopened {
  readonly file: string;
  readonly side: Side;
  readonly tabular: TabularFile;
  readonly tz: string | undefined;
  readonly number: number;
}

async function openSource(bench: Workbench, { file, side, tabular: given, tz, number }: Unopened): Promise<Opened> {
  const kind = sniffBill(given.head);
  const bill = kind && readBill(await bench.text(given, MAX_BILL_BYTES), kind);
  if (bill && 'message' in bill) throw refuse(file, bill, 'fetch the bill again; nothing was compared');
  const tabular = bill ? await bench.replace(given, bill.csv) : given;
  const layout = sniffLayout(tabular.head, { side, zone: bill ? BILL_ZONE : tz });
  if ('message' in layout) throw refuse(file, layout, 'columns: order_no, provider_ref, kind, amount, currency, status, time, fee');
  const assumed = bill ? [`a bill of ${kind}; ${bill.totals} control totals hold`, `times are ${BILL_ZONE}`] : layout.assumed;
  return { file, side, tabular, number, path: tabular.path, layout: { ...layout, assumed }, ...(kind && { kind }) };
}

/** They are held in memory; a plain table is not, and may be of any size. */
const MAX_BILL_BYTES = 256 * 1024 * 1024;

function refuse(file: string, { line, message }: Refusal, hint: string): OorError {
  return new OorError({ code: 'unreadable-file', message: `${file}: line ${line}: ${message}`, hint, exitCode: ExitCode.invalidInput });
}

function sqlText(sources: readonly Opened[]): string {
  const parts = [
    { title: 'The two tables: another engine can be handed its own', sql: TABLES_SQL },
    ...sources.map((source) => ({
      title: source.kind
        ? `${source.file}, a bill of ${source.kind}: its rows as ${source.file}.csv, in columns of the usual names`
        : source.file,
      sql: loadSql({ ...source, path: source.kind ? `${source.file}.csv` : source.file }),
    })),
    ...matchSteps(),
    { title: 'What is reported', sql: RESULT_SQL },
  ];
  return parts.map(({ title, sql }) => `-- ${title.replace(/[\r\n]/g, ' ')}\n${sql};\n`).join('\n');
}

async function compare(
  database: Database,
  sources: readonly Opened[],
  services: Services,
  { since, until, sinceGiven }: ReconcileOptions,
): Promise<Reconciliation> {
  await database.run(TABLES_SQL);
  const files: FileReading[] = [];
  for (const { file, tabular, kind, ...source } of sources) {
    const { rows, layout } = await loadSource(database, source, file);
    const { encoding, packed, bytes, sha256 } = tabular;
    const assumed = [...(encoding === 'utf-8' ? [] : [`its encoding is ${encoding}`]), ...layout.assumed];
    const { format, delimiter, zone } = layout;
    files.push({
      file,
      side: source.side,
      format: `${kind ?? format}${packed ? '.gz' : ''}`,
      encoding,
      delimiter: delimiter === '' ? null : delimiter,
      zone,
      rows,
      bytes,
      sha256,
      assumed,
    });
  }
  for (const { sql } of matchSteps()) await database.run(sql);
  const now = services.clock.now().wallMs;
  const window = { fromMs: sinceGiven ? now - since : undefined, toMs: until === undefined ? undefined : now - until };
  return { files, notes: await notesOf(database), ...readDifferences(await database.rows(RESULT_SQL), window) };
}

async function notesOf(database: Database): Promise<readonly string[]> {
  const [skew] = await database.rows(SKEW_SQL);
  const [coverage] = await database.rows('SELECT cut_differs, at_first FROM coverage');
  const minutes = Number(skew?.['minutes'] ?? 0);
  const hours = Number(coverage?.['at_first'] ?? 0) / 3600;
  return [
    ...(Math.abs(minutes) >= 30
      ? [
          `times of the statements are ${(minutes / 60).toFixed(1)} h later than those of the same orders: one side is in another zone (--tz)`,
        ]
      : []),
    ...(coverage?.['cut_differs'] === true
      ? [
          `the days of the orders begin ${Math.abs(hours).toFixed(1)} h ${hours > 0 ? 'after' : 'before'} those of the statements: what only one side covers is cross_day`,
        ]
      : []),
  ];
}

interface Printing {
  readonly format: string;
  readonly language: Language;
}

async function print(services: Services, found: Reconciliation, { format, language }: Printing): Promise<number> {
  // A card number can stand in any column.
  const { value: clean } = createRedactor().json(found);
  const exit = clean.differences.length === 0 ? ExitCode.healthy : ExitCode.fault;
  if (format === 'json') {
    const { files, counts, differences, ...rest } = clean;
    const seen = Object.fromEntries(CLASSES.flatMap((name) => (counts[name] === 0 ? [] : [[name, counts[name]]])));
    await services.out(jsonLine({ schema_version: 1, files, counts: seen, differences, ...rest, exit_code: exit }, 2));
    return exit;
  }
  const report: ReconcileReport = {
    ...clean,
    counts: CLASSES.flatMap((name) => (clean.counts[name] === 0 ? [] : [[name, clean.counts[name]] as const])),
    differences: clean.differences.map((difference) => ({ ...difference, action_text: ACTIONS[difference.action][language] })),
  };
  const { renderReconcileCsv, renderReconcileHtml, renderReconcileMarkdown, renderReconcileText } = await import('../report/reconcile.ts');
  const render = { csv: renderReconcileCsv, html: renderReconcileHtml, md: renderReconcileMarkdown }[format] ?? renderReconcileText;
  await services.out(render(report, language));
  return exit;
}
