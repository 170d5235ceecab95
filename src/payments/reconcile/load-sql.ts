/** The SQL that reads one file into the table of its side, money in minor units and times in UTC. Pure. */
import { findCurrency } from '../money/currencies.ts';
import { zoneOffsetMs } from '../orders/zone.ts';
import { FORMULA } from './formula.ts';
import { COLUMNS, type Column, type Layout, readWord, type Side, type Vocabulary } from './layout.ts';

export interface Source {
  readonly side: Side;
  /** Of all files, from 1. */
  readonly number: number;
  /** Where the text lies in UTF-8. */
  readonly path: string;
  readonly layout: Layout;
  /** In SQL, where the rows are when they are not the plain file at `path`. */
  readonly relation?: string;
}

/** The two tables of the engine; a row of either is one movement of money or the wish for one. */
export const TABLES_SQL = (['orders', 'statements'] as const)
  .map(
    (table) => `CREATE TABLE ${table} (
  file SMALLINT,
  order_no VARCHAR,
  provider_ref VARCHAR,   -- the provider's transaction id
  kind VARCHAR,           -- payment | refund | reversal | fee | dispute
  minor BIGINT,           -- the amount in minor units (ISO 4217)
  currency VARCHAR,       -- three letters
  state VARCHAR,          -- paid | unpaid | pending | refunded
  moved_at TIMESTAMP,     -- UTC
  fee BIGINT,             -- in minor units, without its sign
  unread BOOLEAN          -- something of the row was not understood; then the file is refused
)`,
  )
  .join(';\n');

export function loadSql(source: Source): string {
  const { side, number } = source;
  return `INSERT INTO ${side}
SELECT ${number}, ${ROW.join(', ')}, ${unread(source.layout)}
FROM (${readSql(source, '')})`;
}

/** The rows that were not understood, counted from the first row of data, with their words. */
export function unreadSql(source: Source): string {
  return `SELECT * FROM (
SELECT row, ${COLUMNS.map(textOf).join(', ')}, ${ROW.join(', ')}, ${unread(source.layout)}
FROM (${readSql(source, 'row_number() OVER () AS row, ')})
)
WHERE unread`;
}

export function firstUnreadSql(source: Source): string {
  return `${unreadSql(source)}\nORDER BY row\nLIMIT 1`;
}

export function countSql({ side, number }: Source): string {
  return `SELECT count(*) AS rows, count_if(unread) AS unread FROM ${side} WHERE file = ${number}`;
}

export function unloadSql({ side, number }: Source): string {
  return `DELETE FROM ${side} WHERE file = ${number}`;
}

/** Words of a file that its beginning did not show, as they stand together. */
export function wordsSql({ path, layout }: Source): string {
  const words = (['kind', 'status', 'currency'] as const).map((column) => `lower(${cell(layout, column)}) AS ${column}`);
  return `SELECT DISTINCT ${words.join(', ')} FROM ${readFile(path, layout)} LIMIT 1000`;
}

/** Where the rows of the orders that differ stand, counted from the first row of data. */
export function evidenceSql({ path, layout }: Source): string {
  return `SELECT * FROM (
  SELECT row_number() OVER () AS row, ${cell(layout, 'order_no')} AS order_no, ${cell(layout, 'provider_ref')} AS provider_ref
  FROM ${readFile(path, layout)}
)
WHERE order_no IN (SELECT order_no FROM differences WHERE order_no <> '')
  OR provider_ref IN (SELECT provider_ref FROM differences WHERE provider_ref <> '')
ORDER BY row`;
}

/** The times of all rows of a file, in UTC, as `moved_at`. */
export function timesSql({ path, layout }: Source): string {
  const texts = `SELECT ${cell(layout, 'time')} AS ${textOf('time')} FROM ${readFile(path, layout)}`;
  return `SELECT ${instant(layout, textOf('time'))} AS moved_at FROM (${texts})`;
}

export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function relationOf({ relation, path, layout }: Source): string {
  return relation ?? readFile(path, layout);
}

/** What the sieve let through: little, so that it is cut small for all threads. */
export function readSieved(path: string, layout: Layout): string {
  return readFile(path, layout).replace(/\)$/, `, buffer_size = ${SIEVED_PIECE}, max_line_size = ${SIEVED_LINE})`);
}

const SIEVED_PIECE = 1_048_576;
/** No row that the sieve knows is longer. */
const SIEVED_LINE = 131_072;

export function readFile(path: string, { format, delimiter, header }: Layout, packing: 'none' | 'gzip' = 'none'): string {
  const columns = `{${header.map((name) => `${quote(name)}: 'VARCHAR'`).join(', ')}}`;
  // Without it the database goes by the name: a plain table may be called `orders.csv.gz`.
  const packed = `, compression = ${quote(packing === 'none' ? 'uncompressed' : packing)}`;
  if (format === 'jsonl') return `read_json(${literalPath(path)}, format = 'newline_delimited', columns = ${columns}${packed})`;
  return `read_csv(${literalPath(path)}, delim = ${quote(delimiter)}, quote = '"', escape = '"', header = true, auto_detect = false, nullstr = '', columns = ${columns}${packed})`;
}

/** In a name these stand for others: `bill[1].csv` would read `bill1.csv`. */
function literalPath(path: string): string {
  return quote(path.replace(/[*?[]/g, '[$&]'));
}

/** In the order of the tables. What goes back to the customer is told by its kind: providers differ in its sign. */
const ROW = [
  `${textOf('order_no')} AS order_no`,
  `${textOf('provider_ref')} AS provider_ref`,
  'kind',
  'abs(minor) AS minor',
  'currency',
  'state',
  'moved_at',
  'abs(fee_minor) AS fee',
];

/** Layer upon layer, so that nothing is read twice: the texts of the cells, what they mean, and money in minor units. */
function readSql(source: Source, more: string): string {
  const { side, layout } = source;
  const meanings = [
    `${words(layout, 'kind', `'payment'`)} AS kind`,
    `${words(layout, 'currency', 'NULL')} AS currency`,
    `${words(layout, 'status', side === 'statements' ? `'paid'` : 'NULL')} AS state`,
    `${decimal(layout, 'amount')} AS amount`,
    `${decimal(layout, 'fee')} AS fee`,
    `${unit(layout)} AS unit`,
    `${instant(layout, textOf('time'))} AS moved_at`,
  ];
  return `
  SELECT *, ${minor('amount')} AS minor, ${minor('fee')} AS fee_minor
  FROM (
    SELECT *, ${millionths('amount')} AS amount_millionths, ${millionths('fee')} AS fee_millionths
    FROM (
      SELECT *,
        ${meanings.join(',\n        ')}
      FROM (
        SELECT ${more}${COLUMNS.map((column) => `${cell(layout, column)} AS ${textOf(column)}`).join(',\n          ')}
        FROM ${relationOf(source)}
      )
    )
  )
`;
}

function textOf(column: Column): string {
  return `${column}_text`;
}

function unread(layout: Layout): string {
  const isUnread = [
    'kind IS NULL',
    'currency IS NULL',
    'state IS NULL',
    'minor IS NULL',
    `(kind = 'payment' AND minor < 0)`,
    `(order_no_text = '' AND provider_ref_text = '' AND kind <> 'fee')`,
    `(time_text <> '' AND moved_at IS NULL)`,
    `(fee_text <> '' AND fee_minor IS NULL)`,
    ...formulas(layout),
  ];
  return `${isUnread.join(' OR ')} AS unread`;
}

/** Some put a tab behind a number, so that a spreadsheet leaves it alone. */
const BLANKS = "E' \\t\\r\\n\u3000'";

/** To trim takes five times as long as to look whether there is a blank at either end: few cells have one. */
function cell({ columns }: Layout, column: Column): string {
  const name = columns[column];
  if (name === undefined) return `''`;
  const text = `"${name.replaceAll('"', '""')}"`;
  const ends = [...' \t\r\n\u3000'].map((blank) => `ends_with(${text}, ${SHOWN[blank] ?? quote(blank)})`);
  const isPadded = `ord(${text}) IN (32, 9, 13, 10, 12288) OR ${ends.join(' OR ')}`;
  return `coalesce(CASE WHEN ${isPadded} THEN trim(${text}, ${BLANKS}) ELSE ${text} END, '')`;
}

/** As they stand in SQL. */
const SHOWN: Readonly<Record<string, string>> = { '\t': "E'\\t'", '\r': "E'\\r'", '\n': "E'\\n'" };

function word(column: keyof Vocabulary): string {
  return `lower(${textOf(column)})`;
}

function words(layout: Layout, column: keyof Vocabulary, absent: string): string {
  if (layout.columns[column] === undefined) return absent;
  const known = layout.words[column].flatMap((text) => {
    const meaning = readWord(column, text);
    return meaning === undefined ? [] : [`WHEN ${quote(text)} THEN ${quote(meaning)}`];
  });
  return known.length === 0 ? 'NULL' : `CASE ${word(column)} ${known.join(' ')} END`;
}

/** In major units. Decimals all the way: a float in between is a fault of its own. */
function decimal(layout: Layout, column: 'amount' | 'fee'): string {
  if (layout.columns[column] === undefined) return 'CAST(NULL AS DECIMAL(18,6))';
  const text = textOf(column);
  const plain = `regexp_replace(${text}, '^([+-]?)[¥￥$€£]|(\\d),(\\d{3})', '\\1\\2\\3', 'g')`;
  const exact = `coalesce(TRY_CAST(${text} AS DECIMAL(18,6)), TRY_CAST(${plain} AS DECIMAL(18,6)))`;
  return `CASE WHEN ${text} <> '' AND NOT (contains(${text}, 'e') OR contains(${text}, 'E') OR contains(${text}, '_')) THEN ${exact} END`;
}

/** As whole numbers of 64 bits: to divide one of 128 takes ten times as long. */
function millionths(column: 'amount' | 'fee'): string {
  return `CAST(trunc(${column}) AS BIGINT) * 1000000 + CAST(CAST(${column} - trunc(${column}) AS DECIMAL(7,6)) * 1000000 AS BIGINT)`;
}

/** Finer than the currency, or no number: NULL. */
function minor(column: 'amount' | 'fee'): string {
  return `CASE WHEN ${column}_millionths % unit = 0 THEN ${column}_millionths // unit END`;
}

/** Of the currency of a row, in millionths of its major unit. */
function unit(layout: Layout): string {
  const exponents = layout.words.currency.flatMap((text) => {
    const currency = findCurrency(text);
    return currency === undefined ? [] : [{ text, millionths: 10 ** (6 - currency.exponent) }];
  });
  const units = new Set(exponents.map(({ millionths }) => millionths));
  // A day without payments has no currency.
  if (units.size < 2) return String([...units][0] ?? 1_000_000);
  return `CASE ${word('currency')} ${exponents.map(({ text, millionths }) => `WHEN ${quote(text)} THEN ${millionths}`).join(' ')} END`;
}

function formulas(layout: Layout): readonly string[] {
  return (['order_no', 'provider_ref'] as const)
    .filter((column) => layout.columns[column] !== undefined)
    .map((column) => `regexp_matches(${textOf(column)}, ${quote(FORMULA)})`);
}

/** A time with a zone of its own is read in that; any other in the zone of the file. The two usual zones are told without a pattern: it is slow. */
function instant(layout: Layout, text: string): string {
  const { zone } = layout;
  if (layout.columns.time === undefined) return 'CAST(NULL AS TIMESTAMP)';
  const read = `TRY_CAST(${text} AS TIMESTAMP)`;
  const withZone = `(TRY_CAST(${text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')`;
  const minutes = Math.round((zoneOffsetMs(zone, 0) ?? 0) / 60_000);
  const here = zone.includes('/') ? `((${read} AT TIME ZONE ${quote(zone)}) AT TIME ZONE 'UTC')` : `(${read} - INTERVAL ${minutes} MINUTE)`;
  return `CASE WHEN ends_with(${text}, 'Z') THEN ${read} WHEN ends_with(${text}, '+08:00') THEN TRY_CAST(left(${text}, -6) AS TIMESTAMP) - INTERVAL 480 MINUTE WHEN regexp_matches(${text}, ':\\d\\d(\\.\\d+)?[+-]\\d\\d:?\\d\\d$') THEN ${withZone} ELSE ${minutes === 0 && !zone.includes('/') ? read : here} END`;
}
