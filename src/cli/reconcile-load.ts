/** Loads the files of both sides, or says which row is not understood. */
import { ExitCode, OorError } from '../errors.ts';
import { parseObject } from '../payments/money/json-line.ts';
import { isFormula } from '../payments/reconcile/formula.ts';
import { type Layout, readWord, type Vocabulary } from '../payments/reconcile/layout.ts';
import { countSql, firstUnreadSql, loadSql, readSieved, type Source, unloadSql, wordsSql } from '../payments/reconcile/load-sql.ts';
import { splitRecords } from '../payments/reconcile/records.ts';
import { planSieve, withWords } from '../payments/reconcile/sieve-plan.ts';
import type { Database, Sieved, TabularFile, Workbench } from '../ports.ts';

export interface Given extends Source {
  /** As it was named. */
  readonly file: string;
  readonly tabular: TabularFile;
}

export interface Loaded {
  readonly rows: number;
  readonly layout: Layout;
}

export interface LoadOptions {
  readonly bench: Workbench;
  readonly database: Database;
  /** Bytes read so far, of all files. */
  readonly onRead: (bytes: number) => void;
}

/** What is left out agrees on both sides, so that no difference needs it. undefined: some file must be loaded whole, and so all are. */
export async function sieveSources(
  sources: readonly Given[],
  { bench, onRead }: Pick<LoadOptions, 'bench' | 'onRead'>,
): Promise<readonly Sieved[] | undefined> {
  const plans = sources.map(planSieve).filter((plan) => plan !== undefined);
  return plans.length === sources.length ? await bench.sieve(plans, onRead) : undefined;
}

export async function loadSources(
  sources: readonly Given[],
  sieved: readonly Sieved[] | undefined,
  { bench, database, onRead }: LoadOptions,
): Promise<readonly Loaded[]> {
  const loaded: Loaded[] = [];
  let before = 0;
  for (const [at, source] of sources.entries()) {
    const { bytes } = source.tabular;
    const onPercent = (percent: number): void => onRead(before + (bytes * percent) / 100);
    const counted = sieved ? database : { ...database, run: (sql: string) => database.run(sql, onPercent) };
    loaded.push(await loadSource({ bench, database: counted }, source, sieved?.[at]));
    before += bytes;
  }
  return loaded;
}

async function loadSource(
  { bench, database }: Pick<LoadOptions, 'bench' | 'database'>,
  { file, tabular, ...source }: Given,
  sieved: Sieved | undefined,
): Promise<Loaded> {
  try {
    return sieved ? await loadSieved(database, source, sieved) : await loadWhole(database, source);
  } catch (error) {
    if (!(error instanceof OorError)) throw error;
    // The database counts lines of JSON in its own way.
    const line = source.layout.format === 'jsonl' ? await findNoObject(bench.pieces(tabular)) : undefined;
    const message = line === undefined ? error.message : `line ${line}: it is no JSON object`;
    throw error.retold({ message: `${file}: ${message}` });
  }
}

async function findNoObject(pieces: AsyncIterable<string>): Promise<number | undefined> {
  for await (const records of splitRecords(pieces, false)) {
    const record = records.find(({ text }) => text.trim() !== '' && !parseObject(text));
    if (record) return record.line;
  }
  return undefined;
}

async function loadSieved(database: Database, source: Source, { path, rows, words }: Sieved): Promise<Loaded> {
  const layout = withWords(source.layout, words);
  const { unread } = await load(database, { ...source, relation: readSieved(path, layout), layout });
  // Rows are named by their place in the whole file.
  if (unread > 0) throw await refuse(database, { ...source, layout }, unread);
  return { rows, layout };
}

async function loadWhole(database: Database, source: Source): Promise<Loaded> {
  const first = await load(database, source);
  if (first.unread === 0) return { rows: first.rows, layout: source.layout };
  const layout = await learnWords(database, source);
  const taught = { ...source, layout };
  await database.run(unloadSql(source));
  const second = await load(database, taught);
  if (second.unread > 0) throw await refuse(database, taught, second.unread);
  return { rows: second.rows, layout };
}

async function load(database: Database, source: Source): Promise<{ readonly rows: number; readonly unread: number }> {
  await database.run(loadSql(source));
  const [counted] = await database.rows(countSql(source));
  return { rows: Number(counted?.['rows']), unread: Number(counted?.['unread']) };
}

/** Words that stand far from the beginning. */
async function learnWords(database: Database, source: Source): Promise<Layout> {
  const met = await database.rows(wordsSql(source));
  const of = (column: keyof Vocabulary): readonly string[] => met.map((row) => String(row[column]));
  return withWords(source.layout, { kind: of('kind'), status: of('status'), currency: of('currency') });
}

async function refuse(database: Database, source: Source, count: number): Promise<OorError> {
  // Rows are counted in the order of the file.
  await database.run('SET preserve_insertion_order = true');
  const [row = {}] = await database.rows(firstUnreadSql(source));
  const header = source.layout.format === 'csv' ? 1 : 0;
  const others = count > 1 ? `; ${count - 1} more rows are not understood` : '';
  return new OorError({
    code: 'unreadable-row',
    message: `row ${Number(row['row']) + header}: ${explain(row, source.layout)}${others}`,
    hint: 'correct the file or map its words; nothing was compared',
    exitCode: ExitCode.invalidInput,
  });
}

function explain(row: Readonly<Record<string, unknown>>, { columns }: Layout): string {
  const whole = (column: string): string => String(row[`${column}_text`] ?? '');
  const text = (column: string): string => whole(column).slice(0, 40);
  const isHeader = Object.entries(columns).every(([column, name]) => whole(column) === name.trim());
  if (isHeader) return 'the header is repeated: two files were joined';
  for (const column of ['order_no', 'provider_ref'])
    if (isFormula(whole(column))) return `${column} begins like a formula of a spreadsheet`;
  for (const column of ['kind', 'currency', 'status'] as const)
    if (columns[column] !== undefined && readWord(column, text(column).toLowerCase()) === undefined)
      return `${column} "${text(column)}" is a word that oor does not know`;
  if (row['minor'] === null) return `amount "${text('amount')}" is no amount of this currency`;
  if (text('time') !== '' && row['moved_at'] === null) return `time "${text('time')}" is no ISO 8601 time`;
  if (text('fee') !== '' && row['fee'] === null) return `fee "${text('fee')}" is no amount of this currency`;
  if (/^-/.test(text('amount'))) return `a payment of "${text('amount')}": is it a refund?`;
  return 'there is neither an order number nor a provider reference';
}
