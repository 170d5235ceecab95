/** A reader takes a file of one format record by record; whatever the file's size, what is kept is little. Pure. */
import { ExitCode, OorError } from '../../errors.ts';
import { parseAmount, showMinor, type Unit } from '../money/amount.ts';
import type { TextRecord } from '../money/record-lines.ts';
import { MOVEMENT_HEADER, type Movement, movementLine } from './movement.ts';
import { splitRecords } from './records.ts';

export interface ReadContext {
  /** The name of the file, or of the member of an archive. */
  readonly name: string;
  readonly nowMs: number;
  /** As the operator gave it. */
  readonly zone: string | undefined;
  /** Which number of the provider the orders keep: of a provider that has several. */
  readonly reference: string | undefined;
}

export interface Reader {
  /** Movements of one record, none for a row that moves no order's money, or what is wrong with it. */
  read(record: TextRecord): readonly Movement[] | string;
  /** After the last record. */
  end(): Ending | string;
}

export interface Ending {
  /** What had to wait for rows behind it. */
  readonly movements?: readonly Movement[];
  /** The file's own totals that were held against its rows. */
  readonly totals: number;
  /** What was taken for granted, in plain words. */
  readonly assumed: readonly string[];
  /** Where it is no comma; '' where there is none. */
  readonly delimiter?: string;
  /** What another file of the same archive may say of this one, and what it says. */
  readonly found?: Readonly<Record<string, number>>;
  readonly declared?: Readonly<Record<string, number>>;
}

export interface Format {
  readonly id: string;
  /** Of its times; '' where every row or the operator tells. */
  readonly zone: string;
  /** Cells in quotes may hold the ends of lines. */
  readonly quoted: boolean;
  readonly isFixedWidth?: boolean;
  /** It only sums up another file of its archive. */
  readonly isSummary?: boolean;
  open(context: ReadContext): Reader;
}

/** Of its payments; ISO 8601 in UTC. */
export interface Span {
  readonly first: string;
  readonly last: string;
}

/** What customers paid, or what went back to them. */
export type Listed = 'paid' | 'returned';

export interface Conversion {
  /** The plain table; throws `OorError` with the line where the file is not what it should be. */
  readonly lines: AsyncGenerator<string>;
  /** After the last line. */
  ending(): Ending;
  /** After the last line; undefined: it lists no payments that have a time. */
  span(): Span | undefined;
  /** After the last line: what it lists, and the hours in which such money moved (`2026-11-27T08`, UTC); none: its rows do not tell. */
  listed(): ReadonlyMap<Listed, ReadonlySet<string>>;
}

export function convert(pieces: AsyncIterable<string>, format: Format, context: ReadContext): Conversion {
  let ended: Ending = { totals: 0, assumed: [] };
  const payments = createSpan();
  const listing = createListing();
  const note = (movement: Movement, at: string): void => {
    if (movement.kind === 'payment') payments.add(at);
    listing.add(movement, at);
  };
  async function* run(): AsyncGenerator<string> {
    const reader = format.open(context);
    let line = 1;
    yield MOVEMENT_HEADER;
    for await (const records of splitRecords(pieces, format.quoted)) {
      let text = '';
      for (const record of records) {
        line = record.line;
        text += show(reader.read(record), line, note);
      }
      if (text !== '') yield text;
    }
    const ending = reader.end();
    if (typeof ending === 'string') throw refuse(line, ending);
    ended = ending;
    if (ending.movements && ending.movements.length > 0) yield show(ending.movements, line, note);
  }
  return { lines: run(), ending: () => ended, span: payments.get, listed: listing.get };
}

function createSpan() {
  let first = '';
  let last = '';
  return {
    add(at: string): void {
      if (at !== '' && (first === '' || at < first)) first = at;
      if (at > last) last = at;
    },
    get: (): Span | undefined => (first === '' ? undefined : { first, last }),
  };
}

const LISTED: Readonly<Partial<Record<Movement['kind'], Listed>>> = { payment: 'paid', refund: 'returned', reversal: 'returned' };

/** `2026-11-27T08` of `2026-11-27T08:15:00Z`. */
const HOUR_LENGTH = 13;

function createListing() {
  const hours = new Map<Listed, Set<string>>();
  return {
    add({ kind, status, isTimeOfPayment = false }: Movement, at: string): void {
      const listed = LISTED[kind];
      if (listed === undefined) return;
      const known = hours.get(listed) ?? new Set();
      hours.set(listed, known);
      if (at !== '' && status !== 'failed' && status !== 'pending' && !isTimeOfPayment) known.add(at.slice(0, HOUR_LENGTH));
    },
    get: (): ReadonlyMap<Listed, ReadonlySet<string>> => hours,
  };
}

function show(read: readonly Movement[] | string, line: number, onMovement: (movement: Movement, at: string) => void): string {
  if (typeof read === 'string') throw refuse(line, read);
  let text = '';
  for (const movement of read) {
    const shown = movementLine(movement);
    if ('wrong' in shown) throw refuse(line, shown.wrong);
    text += shown.text;
    onMovement(movement, shown.at);
  }
  return text;
}

function refuse(line: number, message: string): OorError {
  return new OorError({
    code: 'unreadable-file',
    message: `line ${line}: ${message}`,
    hint: 'fetch the file again, as its provider wrote it; nothing was compared',
    exitCode: ExitCode.invalidInput,
  });
}

export interface Total {
  readonly of: string;
  /** As it stands in the file; '' where it says nothing. */
  readonly declared: string;
  readonly found: number;
  /** Decimals of both; 0 for a count. */
  readonly exponent: number;
  readonly unit?: Unit;
  /** The sign of such a total has changed over the years. */
  readonly isUnsigned?: boolean;
}

/** How many were held against the rows, or the first that the rows do not come to, with both numbers. */
export function holdTotals(totals: readonly Total[]): number | string {
  let held = 0;
  for (const { of, declared: text, found, exponent, unit, isUnsigned = false } of totals) {
    if (text === '') continue;
    const total = readTotal(of, text, exponent, unit);
    if (typeof total === 'string') return total;
    const declared = isUnsigned ? Math.abs(total) : total;
    if (declared !== found)
      return `control total ${of} is ${showMinor(declared, exponent)} in the file and ${showMinor(found, exponent)} by its rows`;
    held += 1;
  }
  return held;
}

/** In minor units, or that it is no number. */
export function readTotal(of: string, text: string, exponent: number, unit?: Unit): number | string {
  const amount = parseAmount(text, exponent, unit);
  return amount?.finer === 'no' ? amount.minor : `control total ${of} "${text.slice(0, 40)}" is no number`;
}

/** `2 rows of payout, 1 row of transfer: ...` */
export function leftOut(rows: ReadonlyMap<string, number>, why: string): readonly string[] {
  if (rows.size === 0) return [];
  const told = [...rows].map(([what, count]) => `${count} ${count === 1 ? 'row' : 'rows'} of ${what}`);
  return [`left out: ${told.join(', ')}; ${why}`];
}

/** A column that holds anything must not fill the memory. */
const MOST_WORDS = 30;

export function countUp(rows: Map<string, number>, what: string): void {
  const name = rows.has(what) || rows.size < MOST_WORDS ? what : 'other kinds';
  rows.set(name, (rows.get(name) ?? 0) + 1);
}
