/**
 * The comparison as one script for DuckDB that needs nothing of this program: files that the database can read are named in it, the rows of all
 * others stand in it. It stops where `oor` refuses. Pure.
 */
import type { Column, Layout, Vocabulary } from './layout.ts';
import { loadSql, quote, readFile, type Source, TABLES_SQL, unreadSql } from './load-sql.ts';
import { matchSteps, reportSql } from './match-sql.ts';
import { PLAIN_CELL } from './plain-cell.ts';
import type { Window } from './result.ts';
import { withWords } from './sieve-plan.ts';
import type { Row } from './table-rows.ts';

export interface ScriptFile extends Omit<Source, 'path' | 'relation'> {
  /** As it was named; of an archive with the name of the member. */
  readonly file: string;
  readonly sha256: string;
  /** How the database reads the file that was named. Without it, what is said of the rows that stand in the script. */
  readonly reading: 'none' | 'gzip' | { readonly why: string };
  /** From the first one on each time. */
  rows(): AsyncIterable<readonly Row[]>;
}

export interface ScriptOptions {
  readonly notes: readonly string[];
  readonly window: Window;
  /** Of a text that comes from outside: what may be shown of it. */
  readonly clean: (text: string) => string;
  /** Once, before the last statement: how many order numbers and transaction ids of the script are masked. */
  readonly onMaskedKeys: (cells: number) => void;
}

/** All files are read before anything is given. */
export async function createScript(files: readonly ScriptFile[], options: ScriptOptions): Promise<AsyncGenerator<string>> {
  const told: ScriptFile[] = [];
  for (const file of files) told.push(await learnWords(cleanNames(file, options.clean)));
  return write(told, options);
}

async function* write(files: readonly ScriptFile[], { notes, window, clean, onMaskedKeys }: ScriptOptions): AsyncGenerator<string> {
  const say = (text: string): string => `-- ${clean(text).replace(/[\r\n]/g, ' ')}\n`;
  yield say('Run in the folder from which the files were named: duckdb -csv -bail < FILE. Nothing else is needed; it changes no file.');
  for (const note of notes) yield say(note);
  yield `\n-- The two tables: another engine can be handed its own\n${TABLES_SQL};\n`;
  const sources: (Source & { readonly file: string })[] = [];
  const show = createCellWriter(clean);
  for (const file of files) {
    const { reading, layout, sha256 } = file;
    yield `\n${say(`${file.file} (sha256 ${sha256})`)}`;
    for (const assumed of layout.assumed) yield say(assumed);
    const source =
      typeof reading === 'object'
        ? { ...file, path: '', relation: tableOf(file), layout: plainLayout(layout) }
        : { ...file, path: file.file, relation: readFile(file.file, layout, reading) };
    if (typeof reading === 'object') {
      yield say(`${reading.why}: its rows are these`);
      yield* writeRows(file, show);
    }
    yield `${loadSql(source)};\n`;
    sources.push(source);
  }
  yield `\n-- Rows that are not understood: there must be none\n${notUnderstoodSql(sources)};\n`;
  for (const { title, sql } of matchSteps()) yield `\n-- ${title}\n${sql};\n`;
  const maskedKeys = show.maskedKeys();
  onMaskedKeys(maskedKeys);
  if (maskedKeys > 0)
    yield `\n${say(`${maskedKeys} order numbers and transaction ids above are masked, and numbered (#1) so that each stays itself: no row of a file that is named here is found by them, so that other differences than those of oor may be told`)}`;
  yield `\n-- What is reported\n${reportSql(window)};\n`;
}

function notUnderstoodSql(sources: readonly (Source & { readonly file: string })[]): string {
  const each = sources.map((source) => `SELECT ${quote(source.file)} AS file, * FROM (\n${unreadSql(source)}\n)`);
  return `CREATE TABLE not_understood AS
${each.join('\nUNION ALL\n')};
CREATE TABLE understood AS
SELECT CASE WHEN count(*) > 0 THEN error(count(*) || ' rows are not understood, the table not_understood has them: nothing is compared') ELSE true END AS is_all
FROM not_understood`;
}

const MOST_WORDS = 1000;
const BLANKS = /^[ \t\r\n\u3000]+|[ \t\r\n\u3000]+$/g;

/** A word can stand first far from the beginning. */
async function learnWords(file: ScriptFile): Promise<ScriptFile> {
  const { header, columns } = file.layout;
  const met = { kind: new Set<string>(), status: new Set<string>(), currency: new Set<string>() };
  const places = (['kind', 'status', 'currency'] as const).flatMap((column) => {
    const name = columns[column];
    return name === undefined ? [] : [{ words: met[column], at: header.indexOf(name) }];
  });
  for await (const rows of file.rows())
    for (const row of rows) for (const { words, at } of places) if (words.size < MOST_WORDS) words.add(row[at] ?? '');
  const of = (column: keyof Vocabulary): readonly string[] => [
    ...new Set([...met[column]].map((word) => word.replace(BLANKS, '').toLowerCase())),
  ];
  return { ...file, layout: withWords(file.layout, { kind: of('kind'), status: of('status'), currency: of('currency') }) };
}

/** The header is only counted by the database: a column may be called otherwise. */
function cleanNames(file: ScriptFile, clean: (text: string) => string): ScriptFile {
  const { header, columns } = file.layout;
  const names = header.map((name, at) => (clean(name) === name ? name : `column_${at + 1}`));
  const nameOf = (name: string): string => names[header.indexOf(name)] ?? name;
  const renamed = Object.fromEntries(Object.entries(columns).map(([column, name]) => [column, nameOf(name)]));
  const isMasked = clean(file.file) !== file.file;
  return {
    ...file,
    file: clean(file.file),
    reading: isMasked && typeof file.reading === 'string' ? { why: 'a card number in its name is masked here' } : file.reading,
    layout: { ...file.layout, header: names, columns: renamed },
  };
}

function tableOf({ number }: ScriptFile): string {
  return `file_${number}`;
}

/** Of the table in the script: the columns that are read, by their usual names. */
function plainLayout(layout: Layout): Layout {
  const columns = Object.fromEntries(Object.keys(layout.columns).map((column) => [column, column]));
  return { ...layout, header: Object.keys(columns), columns };
}

const ROWS_A_STATEMENT = 500;

async function* writeRows(file: ScriptFile, show: CellWriter): AsyncGenerator<string> {
  const { header, columns } = file.layout;
  const names = Object.keys(columns) as Column[];
  const places = names.map((column) => header.indexOf(columns[column] ?? ''));
  const before = show.masked();
  yield `CREATE TABLE ${tableOf(file)} (${names.map((name) => `${name} VARCHAR`).join(', ')});\n`;
  for await (const rows of file.rows())
    for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) {
      const values = rows
        .slice(at, at + ROWS_A_STATEMENT)
        .map((row) => `(${places.map((place, each) => show.cell(row[place] ?? '', names[each])).join(', ')})`);
      yield `INSERT INTO ${tableOf(file)} VALUES\n${values.join(',\n')};\n`;
    }
  const masked = show.masked() - before;
  if (masked > 0) yield `-- In ${masked} of these cells a card number or a secret is masked\n`;
}

/** What the rows of both sides are found by. */
const KEYS: ReadonlySet<Column | undefined> = new Set(['order_no', 'provider_ref'] as const);

type CellWriter = ReturnType<typeof createCellWriter>;

/** For all files of a script: a masked key bears the number of its text, so that two of them stay two, and one of both sides stays one. */
function createCellWriter(clean: (text: string) => string) {
  const numbers = new Map<string, number>();
  let masked = 0;
  let maskedKeys = 0;
  return {
    cell(text: string, column: Column | undefined): string {
      const shown = PLAIN_CELL.test(text) ? text : clean(text);
      if (shown === text) return quote(text);
      masked += 1;
      if (!KEYS.has(column)) return quote(shown);
      maskedKeys += 1;
      const key = text.replace(BLANKS, '');
      const number = numbers.get(key) ?? numbers.size + 1;
      numbers.set(key, number);
      return quote(`${shown.replace(BLANKS, '')}#${number}`);
    },
    masked: () => masked,
    maskedKeys: () => maskedKeys,
  };
}
