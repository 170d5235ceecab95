/** From the files that were named to tables that the database can read: unpacked, recognised, their own totals held against their rows. */
import { ExitCode, OorError } from '../errors.ts';
import { zoneOffsetMs } from '../payments/orders/zone.ts';
import { isOtherMember, sniffFormat } from '../payments/reconcile/formats.ts';
import { KINDS, type Layout, type Side, sniffLayout } from '../payments/reconcile/layout.ts';
import type { Source } from '../payments/reconcile/load-sql.ts';
import { fitsMapping, mappedFormat } from '../payments/reconcile/mapping.ts';
import { MOVEMENT_STATUSES } from '../payments/reconcile/movement.ts';
import { type Conversion, convert, type Ending, type Format, type Span } from '../payments/reconcile/reader.ts';
import { compareTwins, type Listing, twinOf } from '../payments/reconcile/twins.ts';
import type { TabularFile, Workbench } from '../ports.ts';
import type { NamedMapping } from './mapping-file.ts';

export interface Given {
  readonly orders: readonly string[];
  readonly statements: readonly string[];
  readonly tz: string | undefined;
  readonly mappings: readonly NamedMapping[];
  readonly nowMs: number;
}

export interface Opened extends Source {
  /** As it was named; of an archive with the name of the member. */
  readonly file: string;
  readonly tabular: TabularFile;
  /** How the database reads the file that was named, as it is; without it only `path` can be read. */
  readonly reading?: 'none' | 'gzip';
  /** It was read row by row into a plain table. */
  readonly isConverted: boolean;
  /** The format, of files that list the movements of one provider together; '' for tables of one's own. */
  readonly list: string;
  /** Of a file of a provider that lists payments. */
  readonly bill?: Bill;
  /** Of a file of a provider. */
  readonly listing?: Listing;
  /** What is said of it. */
  readonly shown: { readonly format: string; readonly delimiter: string | null; readonly zone: string };
}

interface Bill {
  /** From the first to the last payment, in whole days of the provider. */
  readonly fromMs: number;
  readonly toMs: number;
  /** These days are over, and all of their payments are in it. */
  readonly isOfDays: boolean;
}

export interface OpenedAll {
  readonly sources: readonly Opened[];
  readonly notes: readonly string[];
}

interface Desk extends Given {
  readonly bench: Workbench;
  readonly sources: Opened[];
  readonly notes: string[];
  readonly used: Set<NamedMapping>;
  /** Which number of the provider the orders keep. */
  reference: string | undefined;
}

/** A file that was given twice counts once. */
export async function openSources(bench: Workbench, given: Given): Promise<OpenedAll> {
  const desk: Desk = { ...given, bench, sources: [], notes: [], used: new Set(), reference: undefined };
  bench.expect([...given.orders, ...given.statements]);
  for (const side of ['orders', 'statements'] as const) {
    for (const file of given[side]) await openFile(desk, file, side);
    desk.reference = referenceOf(desk.sources.map(({ tabular }) => tabular.head));
    if (!desk.sources.some((source) => source.side === side))
      throw refuse(given[side].join(', '), 'there is no table of payments in it', 'name a file with rows');
  }
  const idle = given.mappings.find((named) => !desk.used.has(named));
  if (idle)
    throw refuse(
      idle.file,
      'the mapping fits none of the files',
      'its columns are to be those of a header, letter by letter; or name files: [...]',
    );
  return { sources: withoutTwins(desk), notes: desk.notes };
}

async function openFile(desk: Desk, file: string, side: Side): Promise<void> {
  const members = await desk.bench.unpack(file);
  if (!members) return void (await openTable(desk, { side, file, name: file, path: file, container: '' }));
  const endings: Ending[] = [];
  for (const { name, path } of members) {
    if (isOtherMember(name)) desk.notes.push(`${file}: ${name} is left out: it lists no payments`);
    else endings.push(...(await openTable(desk, { side, file: `${file}: ${name}`, name, path, container: '.zip' })));
  }
  compareMembers(file, endings);
}

/** A file of an archive that sums up the others. */
function compareMembers(file: string, endings: readonly Ending[]): void {
  for (const { declared = {} } of endings)
    for (const [of, value] of Object.entries(declared)) {
      const found = endings.flatMap((ending) => (ending.found && of in ending.found ? [ending.found[of] ?? 0] : []));
      const sum = found.reduce((total, each) => total + each, 0);
      if (found.length > 0 && sum !== value)
        throw refuse(
          file,
          `control total ${of} is ${value} in the summary and ${sum} by the rows`,
          'fetch the archive again; nothing was compared',
        );
    }
}

interface Table {
  readonly side: Side;
  /** Shown. */
  readonly file: string;
  /** Of the member of an archive. */
  readonly name: string;
  readonly path: string;
  readonly container: '' | '.zip';
}

async function openTable(desk: Desk, table: Table): Promise<readonly Ending[]> {
  const { side, file, name, path, container } = table;
  const tabular = await naming(table, desk.bench.ready(path));
  const same = desk.sources.find((other) => other.tabular.sha256 === tabular.sha256 && other.side === side);
  if (same) {
    desk.notes.push(`${file} has the same bytes as ${same.file} (sha256 ${tabular.sha256}): it is left out`);
    return [];
  }
  const named = desk.mappings.find(({ mapping }) => fitsMapping(mapping, { head: tabular.head, name, side }));
  if (named) desk.used.add(named);
  const format = named ? mappedFormat(named.mapping) : sniffFormat(tabular.head);
  const packing = `${tabular.packed ? '.gz' : ''}${container}`;
  if (!format) {
    const layout = layoutOf(tabular, table, desk.tz);
    const shown = { format: `${layout.format}${packing}`, delimiter: layout.delimiter === '' ? null : layout.delimiter, zone: layout.zone };
    const number = desk.sources.length + 1;
    const reading = readingOf(tabular, table, layout);
    desk.sources.push({ file, side, tabular, number, path: tabular.path, layout, isConverted: false, list: '', ...reading, shown });
    return [];
  }
  const { plain, ending, span, listed } = await convertTable(desk, { table, tabular, format });
  if (!format.isSummary) {
    const layout = layoutOf(plain, table, 'UTC');
    if (plain.head.trim().split('\n', 2).length < 2) desk.notes.push(`${file} lists no movements of orders`);
    const shown = {
      format: `${format.id}${packing}`,
      delimiter: format.isFixedWidth ? null : (ending.delimiter ?? ',') || null,
      zone: format.zone || desk.tz || 'UTC',
    };
    const told = { ...layout, words: { ...layout.words, kind: KINDS, status: MOVEMENT_STATUSES }, assumed: assumptions(format, ending) };
    const number = desk.sources.length + 1;
    const days = span && wholeDays(span, format.zone);
    const kinds = new Map([...listed].map(([kind, hours]) => [kind, daysOf(hours, format.zone)]));
    const listing = named ? {} : { listing: { format: format.id, kinds } };
    const bill = named || !days ? {} : { bill: { ...days, isOfDays: format.zone !== '' && days.toMs <= desk.nowMs } };
    desk.sources.push({
      file,
      side,
      tabular,
      number,
      path: plain.path,
      layout: told,
      isConverted: true,
      list: format.id,
      ...bill,
      ...listing,
      shown,
    });
  }
  return [ending];
}

function readingOf(tabular: TabularFile, { path, container }: Table, { format }: Layout): Pick<Opened, 'reading'> {
  if (container !== '') return {};
  if (tabular.path === path) return { reading: 'none' };
  // JSON may begin with a mark that the database does not read.
  return tabular.packed && tabular.encoding === 'utf-8' && format === 'csv' ? { reading: 'gzip' } : {};
}

interface Convertible {
  readonly table: Table;
  readonly tabular: TabularFile;
  readonly format: Format;
}

async function convertTable(
  { bench, nowMs, tz, reference }: Desk,
  { table, tabular, format }: Convertible,
): Promise<{
  readonly plain: TabularFile;
  readonly ending: Ending;
  readonly span: Span | undefined;
  readonly listed: ReturnType<Conversion['listed']>;
}> {
  const { lines, ending, span, listed } = convert(bench.pieces(tabular), format, { name: table.name, nowMs, zone: tz, reference });
  const plain = await naming(table, bench.replace(tabular, lines));
  return { plain, ending: ending(), span: span(), listed: listed() };
}

function assumptions({ id, zone }: Format, { totals, assumed }: Ending): readonly string[] {
  return [
    `a file of the format ${id}${totals > 0 ? `; ${totals} control totals hold` : ''}`,
    ...(zone === '' ? [] : [`times are ${zone}`]),
    ...assumed,
  ];
}

function layoutOf({ head }: TabularFile, { file, side }: Table, zone: string | undefined): Layout {
  const layout = sniffLayout(head, { side, zone });
  if (!('message' in layout)) return layout;
  const usual = 'columns: order_no, provider_ref, kind, amount, currency, status, time, fee';
  throw refuse(file, `line ${layout.line}: ${layout.message}`, layout.hint ?? usual);
}

/** Errors are told of the file that was named, not of the copy. */
async function naming<T>({ file, path }: Table, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof OorError)) throw error;
    const told = error.message.startsWith(`${path}: `) ? error.message.slice(path.length + 2) : error.message;
    throw error.retold({ message: `${file}: ${told}` });
  }
}

/** Stripe has two numbers for a payment; shops keep one of them. */
function referenceOf(heads: readonly string[]): string | undefined {
  const count = (pattern: RegExp): number => heads.reduce((sum, head) => sum + (head.match(pattern)?.length ?? 0), 0);
  return count(/\bpi_[A-Za-z0-9]/g) > count(/\b(?:ch|py)_[A-Za-z0-9]/g) ? 'pi' : undefined;
}

/** Of one side: what is on the other side is compared. */
function withoutTwins({ sources, notes }: Desk): readonly Opened[] {
  return sources.filter(({ file, side, listing }) => {
    const twin = listing && twinOf(listing.format);
    const others = sources.filter((other) => other.side === side && other.listing?.format === twin && twin !== undefined);
    if (!listing || others.length === 0) return true;
    const state = compareTwins(
      listing,
      others.flatMap((other) => other.listing ?? []),
    );
    const names = others.map((other) => other.file).join(', ');
    if (state === 'other-kinds')
      throw refuse(
        file,
        `it lists payments or refunds that ${names} does not list, beside those that it lists too`,
        'name the bill of all kinds (of WeChat Pay that of type ALL), or this file alone',
      );
    if (state === 'other-days')
      throw refuse(
        file,
        `it lists what ${names} lists too, and days that are not known to be in there`,
        'name a bill for each day, or this file alone',
      );
    if (state === 'same')
      notes.push(`${file} lists the same payments as the ${twin} file: its totals were checked, its rows are not compared`);
    return state === 'apart';
  });
}

const DAY_MS = 86_400_000;

function wholeDays({ first, last }: Span, zone: string): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: startOfDay(first, zone), toMs: startOfDay(last, zone) + DAY_MS };
}

/** By their beginning. The zones of providers are whole hours from UTC. */
function daysOf(hours: ReadonlySet<string>, zone: string): readonly number[] {
  return [...new Set([...hours].map((hour) => startOfDay(`${hour}:00:00Z`, zone)))];
}

function startOfDay(at: string, zone: string): number {
  const offset = zoneOffsetMs(zone || 'UTC', 0) ?? 0;
  return Math.floor((Date.parse(at) + offset) / DAY_MS) * DAY_MS - offset;
}

function refuse(file: string, message: string, hint: string): OorError {
  return new OorError({ code: 'unreadable-file', message: `${file}: ${message}`, hint, exitCode: ExitCode.invalidInput });
}
