import { pauseCode } from '../engine/verdict.ts';
import { ExitCode, OorError } from '../errors.ts';
import { ACTIONS, CLASS_NAMES, CLASSES, describeReason } from '../payments/reconcile/classes.ts';
import { isZone } from '../payments/reconcile/layout.ts';
import { TABLES_SQL } from '../payments/reconcile/load-sql.ts';
import { FEE_DRIFT_SQL, matchSteps, RESULT_SQL, SKEW_SQL } from '../payments/reconcile/match-sql.ts';
import { PLAIN_CELL } from '../payments/reconcile/plain-cell.ts';
import {
  type DifferenceRow,
  describeFeeDrift,
  type FileReading,
  type Reconciliation,
  readDifferences,
  type Window,
} from '../payments/reconcile/result.ts';
import type { Database, Language, Sieved, Workbench } from '../ports.ts';
import { createRedactor } from '../redact/index.ts';
import { jsonLine } from '../report/json-text.ts';
import type { ReconcileReport } from '../report/reconcile.ts';
import { RECONCILE_FORMATS } from './formats.ts';
import { type GlobalOptions, policyOf, usage, windowEnd } from './options.ts';
import { type AskedTime, type CoveredTime, describeCoverage, lookAtCoverage, showTime } from './reconcile-coverage.ts';
import { type Loaded, loadSources, sieveSources } from './reconcile-load.ts';
import { type Given, type OpenedAll, openSources } from './reconcile-open.ts';
import { createReadProgress, NO_PROGRESS, type ReadProgress } from './reconcile-progress.ts';
import { checkRepairsCommand, findEvidence, refuseTaken, writeRepairs } from './reconcile-repairs.ts';
import type { Services } from './services.ts';
import { tell } from './tell.ts';

interface ReconcileOptions extends GlobalOptions {
  readonly orders?: readonly string[];
  readonly statements?: readonly string[];
  readonly tz?: string;
  readonly mapping?: readonly string[];
  readonly printSql?: boolean;
  readonly repairs?: string;
  readonly checkRepairs?: string;
}

/** 0: the two sides agree. 1: they differ. 65: a file is not what it should be, and nothing is said of the others. */
export async function reconcileCommand(services: Services, _words: readonly string[], options: ReconcileOptions): Promise<number> {
  const format = options.json ? 'json' : (options.format ?? 'text');
  if (!RECONCILE_FORMATS.some((known) => known === format))
    throw usage(`--format ${format}: there is no such format`, `one of: ${RECONCILE_FORMATS.join(', ')}`);
  const { language, animated } = policyOf(options, services);
  if (options.checkRepairs !== undefined)
    return await checkRepairsCommand(services, options.checkRepairs, { json: format === 'json', language });
  const { orders = [], statements = [], mapping = [], tz, repairs } = options;
  if (orders.length === 0 || statements.length === 0)
    throw usage('oor reconcile needs both sides', 'oor reconcile --orders FILE... --statements FILE...');
  if (tz !== undefined && !isZone(tz)) throw usage(`--tz ${tz}: there is no such zone`, 'for example +08:00, UTC or Asia/Shanghai');
  const mappings = mapping.length === 0 ? [] : await (await import('./mapping-file.ts')).readMappings(services, mapping);
  if (repairs !== undefined) await refuseTaken(services, repairs);
  const bench = await services.workbench();
  try {
    const given = { orders, statements, tz, mappings, nowMs: services.clock.now().wallMs };
    const window = windowOf(options, given.nowMs);
    if (options.printSql) {
      const { sources, notes } = await openSources(bench, given);
      await (await import('./reconcile-script.ts')).printScript(services, bench, {
        options,
        opened: { sources, notes: [...notes, ...window.notes] },
        window: window.wide,
      });
      return ExitCode.healthy;
    }
    const { sources, notes, database } = await openToCompare(bench, given);
    const totalBytes = sources.reduce((sum, { tabular }) => sum + tabular.bytes, 0);
    const progress = createReadProgress({ ...services, language, animated, totalBytes });
    const clean = await withComparison({ bench, sources, database, window: window.wide, progress }, async (compared) => {
      const coverage = window.asked ? await lookAtCoverage(database, { sources, found: compared, asked: window.asked }) : undefined;
      const found = { ...compared, notes: [...notes, ...window.notes, ...describeCoverage(coverage), ...compared.notes] };
      const masked = maskCards(found);
      if (repairs !== undefined) {
        progress.stage('evidence');
        const digest = await writeRepairs(services, repairs, { found, clean: masked, index: await findEvidence(database, sources) });
        progress.end();
        await tell(services, options, `${repairs}: ${found.differences.length} repairs to be approved by two people, digest ${digest}`);
      }
      return masked;
    });
    return await print(services, clean, { format, language });
  } catch (error) {
    if (services.interruption.aborted) return pauseCode({ interrupted: String(services.interruption.reason) });
    throw error instanceof OorError ? masked(error) : error;
  } finally {
    await bench.close();
  }
}

/** A card number can stand in any cell, and so in what is said of one. */
function masked(error: OorError): OorError {
  const clean = (text: string): string => createRedactor().text(text).text;
  return error.retold({ message: clean(error.message), ...(error.hint !== undefined && { hint: clean(error.hint) }) });
}

interface AskedWindow {
  readonly wide: Window;
  /** What the files are to cover; where no beginning is asked for, they begin where they begin. */
  readonly asked?: AskedTime;
  readonly notes: readonly string[];
}

/** A payment is booked later than it is made, and its callback later still. */
const MARGIN_MS = 30 * 60_000;

/** Files are compared whole: a payment within the window may be booked outside of it. */
function windowOf({ since, until, sinceGiven }: ReconcileOptions, now: number): AskedWindow {
  if (!sinceGiven && until === undefined) return { wide: { fromMs: undefined, toMs: undefined }, notes: [] };
  const to = windowEnd({ since: sinceGiven ? since : Number.POSITIVE_INFINITY, ...(until !== undefined && { until }) }, now);
  const wide = { fromMs: sinceGiven ? now - since - MARGIN_MS : undefined, toMs: to === undefined ? undefined : to + MARGIN_MS };
  const show = (ms: number | undefined, open: string): string => (ms === undefined ? open : showTime(ms));
  const told = `${show(wide.fromMs, 'the first row')} to ${show(wide.toMs, 'the last row')}`;
  return {
    wide,
    ...(sinceGiven && { asked: { fromMs: now - since, toMs: to ?? now, bookedMs: now - MARGIN_MS } }),
    notes: [
      `the files were compared whole; told is what moved from ${told}: the window, and ${MARGIN_MS / 60_000} min at each end as payments are booked later than they are made`,
    ],
  };
}

export interface ToCompare extends OpenedAll {
  readonly database: Database;
}

/** The database opens while the files are looked at: without it nobody waits for these. */
export async function openToCompare(bench: Workbench, given: Given): Promise<ToCompare> {
  const [opened, database] = await Promise.all([openSources(bench, given), bench.database()]);
  return { ...opened, database };
}

interface Comparison extends Pick<ToCompare, 'sources' | 'database'> {
  readonly bench: Workbench;
  readonly window: Window;
  readonly progress: ReadProgress;
}

interface Asked {
  readonly window: Window;
  readonly asked: AskedTime;
}

export async function compareOpened(
  bench: Workbench,
  { sources, database }: ToCompare,
  { window, asked }: Asked,
): Promise<{ readonly found: Reconciliation; readonly covered: CoveredTime }> {
  return await withComparison({ bench, sources, database, window, progress: NO_PROGRESS }, async (found) => ({
    found,
    covered: await lookAtCoverage(database, { sources, found, asked }),
  }));
}

async function withComparison<T>(comparison: Comparison, use: (found: Reconciliation) => Promise<T>): Promise<T> {
  const { bench, sources, progress } = comparison;
  try {
    return await use(await compare(await sieveSources(sources, { bench, onRead: progress.read }), comparison));
  } finally {
    progress.end();
  }
}

async function compare(
  sieved: readonly Sieved[] | undefined,
  { bench, sources, database, window, progress }: Comparison,
): Promise<Reconciliation> {
  await database.run(TABLES_SQL);
  const files: FileReading[] = [];
  const loaded = await loadSources(sources, sieved, { bench, database, onRead: progress.read });
  for (const [at, { file, side, tabular, shown }] of sources.entries()) {
    const { rows, layout } = loaded[at] as Loaded;
    const { encoding, bytes, sha256 } = tabular;
    const assumed = [...(encoding === 'utf-8' ? [] : [`its encoding is ${encoding}`]), ...layout.assumed];
    files.push({ file, side, ...shown, encoding, rows, bytes, sha256, assumed });
  }
  progress.stage('comparing');
  for (const { sql } of matchSteps()) await database.run(sql);
  const rows = (await database.rows(RESULT_SQL)).flatMap(({ lines }): DifferenceRow[] => JSON.parse(String(lines)));
  const found = readDifferences(rows, window);
  const outside = rows.length - found.differences.length;
  const notes = [
    ...(await notesOf(database)),
    ...(outside > 0 ? [`${outside} differences lie outside of the window and are not told`] : []),
  ];
  return { files, notes, ...found };
}

async function notesOf(database: Database): Promise<readonly string[]> {
  const [skew] = await database.rows(SKEW_SQL);
  const [coverage] = await database.rows('SELECT cut_differs, at_first FROM coverage');
  const minutes = Number(skew?.['minutes'] ?? 0);
  const hours = Number(coverage?.['at_first'] ?? 0) / 3600;
  return [
    ...describeFeeDrift(await database.rows(FEE_DRIFT_SQL)),
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

/** A card number can stand in any column. What this program has written itself (its own words, times, amounts) is not looked at again: it is most. */
function maskCards({ differences, ...rest }: Reconciliation): Reconciliation {
  const redactor = createRedactor();
  const clean = (text: string): string => (PLAIN_CELL.test(text) ? text : redactor.text(text).text);
  return {
    ...redactor.json(rest).value,
    differences: differences.map((difference) => {
      const [order_no, provider_ref] = [clean(difference.order_no), clean(difference.provider_ref)];
      const isSame = order_no === difference.order_no && provider_ref === difference.provider_ref;
      return isSame ? difference : { ...difference, order_no, provider_ref };
    }),
  };
}

interface Printing {
  readonly format: string;
  readonly language: Language;
}

async function print(services: Services, clean: Reconciliation, { format, language }: Printing): Promise<number> {
  const exit = clean.differences.length === 0 ? ExitCode.healthy : ExitCode.fault;
  if (format === 'json') {
    const { files, counts, differences, ...rest } = clean;
    const seen = Object.fromEntries(CLASSES.flatMap((name) => (counts[name] === 0 ? [] : [[name, counts[name]]])));
    await services.out(jsonLine({ schema_version: 1, files, counts: seen, differences, ...rest, exit_code: exit }, 2));
    return exit;
  }
  const say = language === 'en' ? (text: string): string => text : (await import('./reconcile-words-zh.ts')).describeInChinese;
  const report: ReconcileReport = {
    ...clean,
    files: clean.files.map((file) => ({ ...file, assumed: file.assumed.map(say) })),
    notes: clean.notes.map(say),
    counts: CLASSES.flatMap((name) => (clean.counts[name] === 0 ? [] : [[name, clean.counts[name]] as const])),
    class_names: Object.fromEntries(CLASSES.map((name) => [name, CLASS_NAMES[name][language]])),
    differences: clean.differences.map((difference) => ({
      ...difference,
      reason_text: say(describeReason(difference.reason, language)),
      action_text: ACTIONS[difference.action][language],
    })),
  };
  const { renderReconcileCsv, renderReconcileHtml, renderReconcileMarkdown, renderReconcileText } = await import('../report/reconcile.ts');
  const render = { csv: renderReconcileCsv, html: renderReconcileHtml, md: renderReconcileMarkdown }[format] ?? renderReconcileText;
  await services.out(render(report, language));
  return exit;
}
