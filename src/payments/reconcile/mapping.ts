/** A table in columns of anybody's own, read as a mapping tells. Pure. */
import { parseAmount, type Unit } from '../money/amount.ts';
import { parseObject } from '../money/json-line.ts';
import { chooseDelimiter, splitCells } from '../money/table.ts';
import { readState, type State } from '../orders/state.ts';
import { type Column, KINDS, type Kind, readWord, type Side } from './layout.ts';
import type { Movement } from './movement.ts';
import { countUp, type Ending, type Format, holdTotals, leftOut, type ReadContext, type Reader } from './reader.ts';
import { type Columns, nameColumns } from './records.ts';
import { meaningOf } from './words.ts';

/** Where a cell stands: the name of its column, its number from 1 where there is no header, or several that are joined by a blank. */
export type Place = string | number | readonly (string | number)[];

export const SIGNS = ['refund', 'reversal', 'fee', 'refuse'] as const;

export interface Mapping {
  /** Shown as the format. */
  readonly name: string;
  /** Of files, with `*`; without it the mapping is for every file that has its columns. */
  readonly files?: readonly string[];
  readonly side?: Side;
  /** Lines before the header. */
  readonly skip: number;
  readonly header: boolean;
  readonly delimiter?: string;
  /** Lines that begin so are no rows. */
  readonly comment?: string;
  readonly columns: Readonly<Partial<Record<Column, Place>>>;
  readonly constants: Readonly<Partial<Record<Column, string>>>;
  readonly unit: Unit;
  readonly decimal: '.' | ',';
  /** What a payment of a negative amount is. */
  readonly negative: (typeof SIGNS)[number];
  readonly time: { readonly format: string; readonly zone?: string };
  readonly words: {
    readonly kind: Readonly<Record<string, Kind | 'skip'>>;
    readonly status: Readonly<Record<string, State | 'skip'>>;
    readonly currency: Readonly<Record<string, string>>;
  };
  /** The line that sums up: what it begins with, and the numbers of its cells. */
  readonly totals?: { readonly begins: string; readonly count?: number; readonly sum?: number };
}

/** Does the file have the columns that the mapping names? */
export function fitsMapping(
  mapping: Mapping,
  { head, name, side }: { readonly head: string; readonly name: string; readonly side: Side },
): boolean {
  if (mapping.side !== undefined && mapping.side !== side) return false;
  if (mapping.files) return mapping.files.some((pattern) => matchesName(pattern, name));
  if (!mapping.header) return true;
  const lines = rowsOf(head, mapping);
  const header = lines[0] ?? '';
  const names = header.trimStart().startsWith('{') ? Object.keys(flatten(header) ?? {}) : splitCells(header, delimiterOf(mapping, header));
  return placesOf(mapping).every((place) => typeof place === 'number' || names.includes(place));
}

function matchesName(pattern: string, name: string): boolean {
  const base = name.split('/').at(-1) ?? name;
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(pattern.includes('/') ? name : base);
}

function placesOf({ columns }: Mapping): readonly (string | number)[] {
  return Object.values(columns).flatMap((place) => (typeof place === 'object' ? place : [place]));
}

function rowsOf(head: string, { skip, comment }: Mapping): readonly string[] {
  const lines = head
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .slice(skip);
  return lines.filter((line) => line.trim() !== '' && !(comment !== undefined && line.startsWith(comment)));
}

function delimiterOf({ delimiter }: Mapping, header: string): string {
  return delimiter ?? chooseDelimiter([header]);
}

export function mappedFormat(mapping: Mapping): Format {
  return { id: mapping.name, zone: mapping.time.zone ?? '', quoted: true, open: (context) => openMapped(mapping, context) };
}

interface Progress {
  rows: number;
  sum: number;
  columns: Columns | undefined;
  delimiter: string;
  readonly others: Map<string, number>;
  declared: readonly string[] | undefined;
}

function openMapped(mapping: Mapping, context: ReadContext): Reader {
  const at: Progress = { rows: 0, sum: 0, columns: undefined, delimiter: ',', others: new Map(), declared: undefined };
  const readTime = makeTimeReader(mapping.time.format);
  const zone = mapping.time.zone ?? context.zone ?? 'UTC';
  return {
    read({ text, line }) {
      if (line <= mapping.skip || text.trim() === '') return [];
      if (mapping.comment !== undefined && text.startsWith(mapping.comment)) return [];
      const cells = cellsOf(text, mapping, at);
      if (typeof cells === 'string') return cells;
      if (cells === undefined) return [];
      return readRow(cells, { mapping, at, zone, readTime });
    },
    end() {
      const ending = endOf(mapping, at, zone);
      return typeof ending === 'string' ? ending : { ...ending, delimiter: at.columns ? at.delimiter : '' };
    },
  };
}

/** The cell of a place; undefined: it is the header, or sums up. */
type Cells = (place: Place | undefined) => string;

function cellsOf(text: string, mapping: Mapping, at: Progress): Cells | undefined | string {
  const { totals } = mapping;
  if (totals && text.replace(/^"/, '').startsWith(totals.begins)) {
    at.declared = splitCells(text, at.delimiter);
    return undefined;
  }
  if (text.trimStart().startsWith('{')) {
    const object = flatten(text);
    if (!object) return 'it is no JSON object';
    return (place) => join(place, (name) => meaningOf(object, String(name)) ?? '');
  }
  if (!at.columns) {
    at.delimiter = delimiterOf(mapping, text);
    const names = splitCells(text, at.delimiter);
    at.columns = nameColumns(names);
    const absent = mapping.header ? placesOf(mapping).filter((place) => typeof place === 'string' && !names.includes(place)) : [];
    if (absent.length > 0) return `there is no column ${absent.join(', ')}; there are ${names.slice(0, MOST_NAMED).join(', ')}`;
    if (mapping.header) return undefined;
  }
  const { columns } = at;
  const cells = splitCells(text, at.delimiter);
  if (mapping.header && cells.every((cell, index) => cell === columns.names[index])) return 'the header is repeated: two files were joined';
  if (cells.length !== columns.count)
    return `${cells.length} cells where the ${mapping.header ? 'header' : 'first line'} has ${columns.count}`;
  return (place) => join(place, (name) => (typeof name === 'number' ? (cells[name - 1] ?? '') : columns.of(cells, name)));
}

const MOST_NAMED = 40;

function join(place: Place | undefined, cell: (name: string | number) => string): string {
  if (place === undefined) return '';
  return (typeof place === 'object' ? place.map(cell).join(' ') : cell(place)).trim();
}

/** `{"a": {"b": 1}}` as `a.b`. */
function flatten(line: string): Readonly<Record<string, string>> | undefined {
  const cells: Record<string, string> = {};
  const walk = (value: object, prefix: string): void => {
    for (const [name, cell] of Object.entries(value)) {
      if (typeof cell === 'object' && cell !== null && !Array.isArray(cell)) walk(cell, `${prefix}${name}.`);
      else cells[`${prefix}${name}`] = cell === null ? '' : Array.isArray(cell) ? JSON.stringify(cell) : String(cell);
    }
  };
  const object = parseObject(line);
  if (!object) return undefined;
  walk(object, '');
  return cells;
}

interface RowReading {
  readonly mapping: Mapping;
  readonly at: Progress;
  readonly zone: string;
  readonly readTime: (text: string) => string | undefined;
}

function readRow(cells: Cells, { mapping, at, zone, readTime }: RowReading): readonly Movement[] | string {
  const of = (column: Column): string => cells(mapping.columns[column]) || (mapping.constants[column] ?? '');
  const amount = plainAmount(of('amount'), mapping.decimal);
  at.rows += 1;
  at.sum += parseAmount(amount, SUM_EXPONENT, mapping.unit)?.minor ?? 0;
  const kind = kindOf(of('kind'), mapping);
  if (kind === undefined) return `kind "${of('kind')}" is a word that the mapping does not explain: words.kind`;
  const status = statusOf(of('status'), mapping);
  if (status === undefined) return `status "${of('status')}" is a word that the mapping does not explain: words.status`;
  if (kind === 'skip' || status === 'skip') {
    countUp(at.others, kind === 'skip' ? of('kind') : of('status'));
    return [];
  }
  const time = readTime(of('time'));
  if (time === undefined) return `time "${of('time')}" does not look like ${mapping.time.format}`;
  const isNegative = amount.startsWith('-');
  if (isNegative && kind === 'payment' && mapping.negative === 'refuse')
    return `a payment of "${amount}": the mapping's sign does not say what it is`;
  const currency = of('currency');
  return [
    {
      orderNo: of('order_no'),
      reference: of('provider_ref'),
      kind: isNegative && kind === 'payment' ? (mapping.negative as Kind) : kind,
      amount: isNegative ? amount.slice(1) : amount,
      unit: mapping.unit,
      currency: meaningOf(mapping.words.currency, currency) ?? currency,
      status,
      time,
      zone,
      fee: plainAmount(of('fee'), mapping.decimal),
    },
  ];
}

/** Of sums in several currencies: fine enough for all. */
const SUM_EXPONENT = 4;

/** Accountants write what is negative in brackets or with the sign behind. */
function plainAmount(text: string, decimal: Mapping['decimal']): string {
  if (decimal === '.' && /^-?[\d.]*$/.test(text)) return text;
  const bare = text.replace(/[\s\u00a0']/g, '');
  const digits = decimal === ',' ? bare.replaceAll('.', '').replace(',', '.') : bare;
  const negative = /^\((.*)\)$/.exec(digits)?.[1] ?? /^([\d.,]+)-$/.exec(digits)?.[1];
  return negative === undefined ? digits.replace(/^\+/, '') : `-${negative}`;
}

function kindOf(text: string, { words }: Mapping): Kind | 'skip' | undefined {
  const own = meaningOf(words.kind, text);
  if (own !== undefined) return own;
  const known = readWord('kind', text.toLowerCase());
  return KINDS.find((kind) => kind === known);
}

const STATUS_OF: Readonly<Record<State, Movement['status']>> = {
  paid: 'success',
  unpaid: 'failed',
  pending: 'pending',
  refunded: 'refunded',
};

/** A file that tells no status lists what was paid. */
function statusOf(text: string, { words }: Mapping): Movement['status'] | 'skip' | undefined {
  const own = meaningOf(words.status, text);
  if (own === 'skip') return 'skip';
  const state = own ?? (text === '' ? 'paid' : readState(text));
  return state === undefined ? undefined : STATUS_OF[state];
}

function endOf({ totals, decimal, unit, name }: Mapping, at: Progress, zone: string): Ending | string {
  const common = [
    `read by the mapping ${name}`,
    `times that name no zone are ${zone}`,
    ...(unit === 'minor' ? ['amounts are in minor units'] : []),
  ];
  const others = leftOut(at.others, 'the mapping skips them');
  if (!totals) return { totals: 0, assumed: [...common, 'the file has no totals of its own', ...others] };
  const { declared } = at;
  if (!declared) return `it ends before its totals, after ${at.rows} rows: it was cut off`;
  const cell = (number: number): string => declared[number - 1] || '-';
  const held = holdTotals([
    ...(totals.count === undefined ? [] : [{ of: 'count', declared: cell(totals.count), found: at.rows, exponent: 0 }]),
    ...(totals.sum === undefined
      ? []
      : [
          {
            of: 'sum',
            declared: plainAmount(cell(totals.sum), decimal),
            found: at.sum,
            exponent: unit === 'minor' ? 0 : SUM_EXPONENT,
            unit,
          },
        ]),
  ]);
  return typeof held === 'string' ? held : { totals: held, assumed: [...common, ...others] };
}

// ---------------------------------------------------------------------------------------------- times

const PARTS: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  YY: '(?<short>\\d\\d)',
  MM: '(?<month>\\d\\d)',
  M: '(?<month>\\d\\d?)',
  DD: '(?<day>\\d\\d)',
  D: '(?<day>\\d\\d?)',
  HH: '(?<hour>\\d\\d)',
  H: '(?<hour>\\d\\d?)',
  hh: '(?<hour>\\d\\d?)',
  mm: '(?<minute>\\d\\d)',
  ss: '(?<second>\\d\\d)',
  SSS: '(?<fraction>\\d{1,6})',
  A: '(?<half>[AaPp][Mm])',
};

/** Of the year 9999: beyond it a time has more digits than times have, and is of another unit. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

/** `iso`, `unix`, `unix-ms`, or letters as in `DD/MM/YYYY HH:mm:ss`. Gives ISO 8601; '' for ''. */
export function makeTimeReader(format: string): (text: string) => string | undefined {
  if (format === 'iso') return (text) => text;
  if (format === 'unix' || format === 'unix-ms') {
    const scale = format === 'unix' ? 1000 : 1;
    return (text) => {
      const ms = /^\d{1,14}(\.\d+)?$/.test(text) ? Number(text) * scale : Number.NaN;
      if (text === '') return '';
      return ms <= LAST_MS ? new Date(ms).toISOString() : undefined;
    };
  }
  const source = format.replace(/YYYY|YY|MM|M|DD|D|HH|H|hh|mm|ss|SSS|A|[.*+?^${}()|[\]\\]/g, (part) => PARTS[part] ?? `\\${part}`);
  const pattern = new RegExp(`^${source}$`);
  return (text) => {
    if (text === '') return '';
    const groups = pattern.exec(text)?.groups;
    if (!groups) return undefined;
    const { year, short, month = '1', day = '1', minute = '00', second = '00', fraction, half } = groups;
    const pad = (digits: string): string => digits.padStart(2, '0');
    return `${year ?? `20${short ?? ''}`}-${pad(month)}-${pad(day)} ${pad(hourOf(groups['hour'] ?? '0', half))}:${minute}:${second}${fraction === undefined ? '' : `.${fraction}`}`;
  };
}

function hourOf(hour: string, half: string | undefined): string {
  if (half === undefined) return hour;
  return String((Number(hour) % 12) + (/p/i.test(half) ? 12 : 0));
}

/** What is wrong with a format of times; undefined: nothing. */
export function wrongTimeFormat(format: string): string | undefined {
  if (/^(iso|unix|unix-ms)$/.test(format)) return undefined;
  try {
    makeTimeReader(format);
  } catch {
    return 'a part stands twice';
  }
  const has = (part: RegExp): boolean => part.test(format);
  return has(/YY/) && has(/M/) && has(/D/) ? undefined : 'expected iso, unix, unix-ms or letters such as YYYY-MM-DD HH:mm:ss';
}
