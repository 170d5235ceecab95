/** A machine: observing it, and changing it. */

export interface RunOptions {
  /** Hard bound: the whole process group is killed when it passes. */
  readonly timeoutMs?: number;
  /** Bytes kept of each stream (default 1 MiB); the rest is drained and counted. */
  readonly maxOutputBytes?: number;
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  readonly argv: readonly string[];
  /** null when the process was killed by a signal. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly durationMs: number;
}

export interface ReadOptions {
  /** Byte offset to start at; negative counts from the end of the file. Default 0. */
  readonly offset?: number;
  /** Most bytes to return (default 1 MiB). */
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  /** `latin1`: one character a byte, for what is no text. Default utf8. */
  readonly encoding?: 'utf8' | 'latin1';
}

export interface FileContent {
  /** As UTF-8 undecodable bytes become U+FFFD. */
  readonly text: string;
  readonly offset: number;
  readonly bytesRead: number;
  /** Size of the whole file; 0 for files of /proc and /sys, which do not know theirs. */
  readonly size: number;
}

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'fifo' | 'socket' | 'device' | 'other';
  readonly size: number;
  /** Permission bits only, e.g. 0o644. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly modifiedAt: number;
}

export interface FilesystemStat {
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** What an unprivileged process can still use. */
  readonly availableBytes: number;
  readonly totalInodes: number;
  readonly freeInodes: number;
}

/** What the machine is made of. Slow to read and slow to change: for the record, never for a verdict. */
export interface HardwareInventory {
  readonly maker: string;
  readonly model: string;
  readonly virtual: boolean;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly memoryModules: readonly { readonly sizeBytes: number; readonly type: string; readonly ecc: boolean | null }[];
  readonly disks: readonly { readonly device: string; readonly model: string; readonly type: string; readonly sizeBytes: number }[];
  /** null: no battery. */
  readonly battery: { readonly percent: number; readonly charging: boolean } | null;
}

/**
 * Several questions to the lines of one file, or of a part of it. A line ends before its newline or CRLF, is text as UTF-8, and is
 * judged by its first 64 KiB.
 */
export interface SearchRequest {
  /** RE2 patterns by name; a line counts once for each that it matches. */
  readonly patterns: Readonly<Record<string, string>>;
  /** A line that matches this one counts for none. */
  readonly exclude?: string;
  /** Byte range; a line belongs to the range that its first byte lies in. Default: the whole file. */
  readonly offset?: number;
  readonly end?: number;
  /** Matching lines kept (default 10 000), the newest of them; the rest are only counted. */
  readonly maxKept?: number;
  /** Of the kept lines only so many are handed over, evenly spread, and the newest five. Default: all. */
  readonly maxListed?: number;
  /** Bytes of a kept line (default 4096). */
  readonly maxLineBytes?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface FoundLine {
  /** Of its first byte, in the file. */
  readonly offset: number;
  readonly text: string;
  /** Names of the patterns that it matches. */
  readonly patterns: readonly string[];
}

export interface SearchResult {
  /** All lines that begin in the range. */
  readonly lines: number;
  /** Lines that match at least one pattern. */
  readonly matches: number;
  readonly byPattern: Readonly<Record<string, number>>;
  readonly kept: readonly FoundLine[];
  readonly bytesRead: number;
  /** False: the deadline or the signal ended it; the counts are of what was read. */
  readonly complete: boolean;
}

/** Where text comes from; a compressed file (`.gz`, `.zst`, `.xz`, `.bz2`) is read uncompressed. */
export type TextSource = { readonly file: string } | { readonly argv: readonly string[] } | { readonly stdin: true };

export interface StreamOptions {
  /** Ends the stream with `HostError` timed-out. */
  readonly timeoutMs?: number;
  /** Ends it early, with no error. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** How far the way to a machine goes. All but `reached` are facts about that way. */
export type ReachOutcome =
  | 'reached'
  | 'name-not-resolved'
  | 'refused'
  | 'timed-out'
  | 'unreachable'
  /** The port accepts, and the two do not agree or nothing comes. */
  | 'no-handshake'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'permission-denied'
  /** Logged in, and no shell answers. */
  | 'no-shell'
  /** Was there, and stopped answering. */
  | 'lost'
  /** The program that goes there cannot be used as it is configured here. */
  | 'bad-configuration';

export interface Reach {
  readonly outcome: ReachOutcome;
  readonly error?: string;
  /** What would make it reachable. */
  readonly unlock?: string;
  readonly durationMs: number;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A connected two-way byte stream. Adapters hand out Node duplex streams; the core never reads one itself. */
export interface ByteStream {
  destroy(): void;
}

export interface DialOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface DatagramOptions extends DialOptions {
  readonly payload: Uint8Array;
}

export interface Instant {
  readonly wallMs: number;
  /** Monotonic: only differences mean anything. */
  readonly monoMs: number;
}

/**
 * A machine that can be looked at and not changed. Each method throws `HostError` when it cannot tell, within its deadline.
 * Reads never run in this process when the path may block (a hung mount stops libuv and even process exit).
 */
export interface Host {
  /** A name of the profile's `hosts`, or the local short name. */
  readonly name: string;
  readonly platform: 'linux' | 'darwin' | 'other';
  /** A fresh look at the way to this machine; the one method that answers when all others throw `unreachable`. */
  reach(): Promise<Reach>;
  run(argv: readonly string[], options?: RunOptions): Promise<CommandResult>;
  readFile(path: string, options?: ReadOptions): Promise<FileContent>;
  list(path: string, options?: { readonly timeoutMs?: number }): Promise<readonly string[]>;
  stat(path: string, options?: { readonly timeoutMs?: number }): Promise<FileStat>;
  /** `null`: the mount did not answer in time (hung). Other failures throw. */
  statFilesystem(path: string, options?: { readonly timeoutMs?: number }): Promise<FilesystemStat | null>;
  /** SHA-256 of a whole file, streamed; lower-case hex. */
  hashFile(path: string, options?: { readonly timeoutMs?: number }): Promise<string>;
  /** Looks through a plain file of any size in flat memory. */
  searchFile(path: string, request: SearchRequest): Promise<SearchResult>;
  /** Text in pieces that may end anywhere in a line (never inside a character), in flat memory. Standard input can be had once. */
  streamText(source: TextSource, options?: StreamOptions): AsyncIterable<string>;
  inventory(options?: { readonly timeoutMs?: number }): Promise<HardwareInventory>;
  dial(address: Address, options?: DialOptions): Promise<ByteStream>;
  /** Sends one datagram and resolves with the first answer. */
  datagram(address: Address, options: DatagramOptions): Promise<Uint8Array>;
  now(): Instant;
}

/** Only a fix step is given this: it can change the host. */
export interface HostActor {
  readonly name: string;
  act(argv: readonly string[], options?: RunOptions): Promise<CommandResult>;
}
