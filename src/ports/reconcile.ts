/** Files of orders and statements, and what compares them. */

/** An analytical database of this process alone, gone with `close`. */
export interface Database {
  /** One or more statements. Throws `OorError` for input that it cannot read. `onPercent` is told how far the statement is. */
  run(sql: string, onPercent?: (percent: number) => void): Promise<void>;
  rows(sql: string): Promise<readonly Readonly<Record<string, string | number | boolean | null>>[]>;
}

/** A file of rows as the database can read it. */
export interface TabularFile {
  readonly path: string;
  /** Its beginning; the last line may be cut off. */
  readonly head: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';
  readonly packed: boolean;
  readonly bytes: number;
  /** Of the file as it was given; lower-case hex. */
  readonly sha256: string;
}

/** A file of an archive, unpacked. */
export interface ArchiveMember {
  /** As the archive has it. */
  readonly name: string;
  readonly path: string;
}

/** How the rows of a file are read by `Workbench.sieve`. */
export interface SievePlan {
  readonly side: 'orders' | 'statements';
  readonly path: string;
  /** One ASCII character. */
  readonly delimiter: string;
  /** Cells of every row. */
  readonly cells: number;
  /** Of each cell that is read, counted from 0. */
  readonly places: Readonly<
    Record<'order_no' | 'amount' | 'currency', number> & Partial<Record<'provider_ref' | 'kind' | 'status' | 'time' | 'fee', number>>
  >;
  /**
   * What each word (trimmed, in lower case; empty where there is no such cell) means: numbers that are the same on both sides. A payment is
   * kind 0; states 0 and 1 moved money, those up to 7 did not; a currency ends in three bits with its decimals.
   */
  readonly words: Readonly<Record<'kind' | 'status' | 'currency', Readonly<Record<string, number>>>>;
}

/** What is left of a file when the orders that agree are left out. */
export interface Sieved {
  readonly path: string;
  /** Of the whole file. */
  readonly rows: number;
  /** Words that were met, known or not. */
  readonly words: Readonly<Record<'kind' | 'status' | 'currency', readonly string[]>>;
}

/** Where files are made ready and compared: a private folder, gone with `close`. */
export interface Workbench {
  /** The files of a zip archive; undefined: it is none. Throws `OorError` for one that is damaged, encrypted, a bomb, or has names that lead out of it. */
  unpack(path: string): Promise<readonly ArchiveMember[] | undefined>;
  /** Paths that will be made ready, in this order: what can be begun before is. */
  expect(paths: readonly string[]): void;
  /** Throws `OorError`: no such file, cut off, no text. */
  ready(path: string): Promise<TabularFile>;
  /** The text of a file that was made ready. */
  pieces(file: TabularFile): AsyncIterable<string>;
  /** Another text in the place of that of the file. */
  replace(file: TabularFile, pieces: AsyncIterable<string>): Promise<TabularFile>;
  /**
   * Leaves out the orders that agree on both sides, one row of each; in the order of the plans. undefined: some file must be read whole.
   * `onRead` is told the bytes read so far, of all files.
   */
  sieve(plans: readonly SievePlan[], onRead: (bytes: number) => void): Promise<readonly Sieved[] | undefined>;
  /** One for all that ask. Throws `OorError` where the package is not installed. */
  database(): Promise<Database>;
  close(): Promise<void>;
}

export interface ReconcileRequest {
  readonly orders: readonly string[];
  readonly statements: readonly string[];
  /** Files that tell what the columns of a table mean. */
  readonly mappings: readonly string[];
  /** Of times that name none. */
  readonly zone?: string;
  /** What lies outside is not told. */
  readonly fromMs: number;
  readonly toMs: number;
  /** At both ends of it: the time that is to be covered is the shorter one, and what moved last may not be booked yet. */
  readonly marginMs: number;
  readonly signal: AbortSignal;
}

export interface ReconcileAnswer {
  /** Rows. */
  readonly orders: number;
  readonly statements: number;
  /** By class. */
  readonly counts: Readonly<Record<string, number>>;
  /** Missing at the provider, and the statement that may hold it is not out yet. */
  readonly waiting: number;
  /** Parts of the time that was asked for which a side has no rows of; `list` is the provider, where the side has several. */
  readonly uncovered: readonly {
    readonly side: 'orders' | 'statements';
    readonly list: string;
    readonly fromMs: number;
    readonly toMs: number;
  }[];
  /** No row of either side lies in the time that was asked for. */
  readonly isEmpty: boolean;
  /** Missing on one side, at a time that its files do not cover. */
  readonly outside: number;
  /** By currency, in its major unit. */
  readonly valueAtRisk: Readonly<Record<string, string>>;
  /** The first of them, worst first. */
  readonly differences: readonly {
    readonly class: string;
    readonly order: string;
    readonly action: string;
    readonly value: string;
    readonly currency: string;
  }[];
  readonly notes: readonly string[];
}

/** Files of orders against files of providers. Throws `OorError`: a file that is not what it should be, or a package that is not installed. */
export type Reconcile = (request: ReconcileRequest) => Promise<ReconcileAnswer>;
