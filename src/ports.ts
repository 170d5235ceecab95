/**
 * The only doors out of the core. Interfaces and the plain data that passes through them; no code.
 * All instants are milliseconds since the Unix epoch (UTC), all durations are milliseconds.
 */

export type Language = 'en' | 'zh-CN';

/** Operator-facing text. `en` is always there; a missing translation falls back to it. */
export interface Text {
  readonly en: string;
  readonly 'zh-CN'?: string;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

// ---------------------------------------------------------------------------------------------- host, observing

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

// ---------------------------------------------------------------------------------------------- protocols over a host

export type ConnectOutcome = 'connected' | 'refused' | 'timed-out' | 'unreachable' | 'name-not-resolved' | 'reset';

export interface ConnectResult {
  readonly outcome: ConnectOutcome;
  readonly address: string;
  readonly durationMs: number;
  /** The operating system's error code (ECONNREFUSED, ...), for the evidence. */
  readonly errorCode?: string;
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'OPTIONS';
  readonly headers?: Readonly<Record<string, string>>;
  /** A question that its API takes by POST only; what may be asked so is the closed list of src/payments/providers. */
  readonly question?: { readonly contentType: string; readonly body: string };
  /** Stop at a certificate that does not verify, also without a secret in a header. */
  readonly verify?: boolean;
  /** Connect to this address instead of resolving the URL's name. */
  readonly address?: string;
  /** PEM file with extra trust anchors. */
  readonly caFile?: string;
  readonly timeoutMs?: number;
  /** Bytes of the body kept (default 4096). */
  readonly maxBodyBytes?: number;
  /** Ends the connection, whatever phase it is in; the request then rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** The phase that a failed request died in, or `done`. */
export type HttpPhase = 'dns' | 'connect' | 'tls' | 'request' | 'response' | 'done';

export interface HttpExchange {
  /** `done`: a complete answer, whatever its status. */
  readonly reached: HttpPhase;
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly address?: string;
  readonly error?: string;
  readonly errorCode?: string;
  /** null: the phase was not reached (or not needed). */
  readonly timing: {
    readonly dnsMs: number | null;
    readonly connectMs: number | null;
    readonly tlsMs: number | null;
    readonly firstByteMs: number | null;
    readonly totalMs: number;
  };
}

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly fingerprint256: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly names: readonly string[];
  readonly selfSigned: boolean;
  /** `CA Issuers` of the Authority Information Access extension: where the issuer's certificate is published. */
  readonly issuerUrl?: string;
  /** `rsa`, `ec`, `ed25519`, ...; bits of the modulus or of the curve, 0 where not known. */
  readonly keyType?: string;
  readonly keyBits?: number;
  /** `sha256`, `sha1`, `md5`, ...; '' for a signature without a hash of its own. */
  readonly signatureHash?: string;
}

/** What has to be said before a server starts TLS on a port that begins in the clear. */
export type StartTls = 'smtp' | 'imap' | 'pop3' | 'ftp' | 'ldap' | 'postgres' | 'mysql';

/** A store of trust anchors, and what it makes of a chain. */
export interface StoreVerdict {
  /** `system`, `mozilla` (as shipped with Node), `java`, or the file that was asked for. */
  readonly store: string;
  /** null: the store could not be read. */
  readonly trusted: boolean | null;
  /** OpenSSL-style reason, or why it could not be read. */
  readonly reason: string;
}

/** An OCSP answer that came with the handshake. */
export interface StapledAnswer {
  readonly status: 'good' | 'revoked' | 'unknown' | 'unreadable';
  readonly thisUpdate: number | null;
  readonly nextUpdate: number | null;
  /** Is it signed by the issuer, or by whom that lets sign, and for this certificate? unknown: the issuer was not sent, or signs otherwise. */
  readonly proof: 'verified' | 'wrong' | 'other-certificate' | 'unknown';
}

export interface TlsRequest extends Address {
  /** Server name sent and verified; default `host`. */
  readonly serverName?: string;
  /** Connect to this address instead of resolving `host`. */
  readonly address?: string;
  readonly caFile?: string;
  /** False: no server name is sent, as old terminals do; the certificate is verified against `serverName` all the same. */
  readonly sendName?: boolean;
  readonly startTls?: StartTls;
  /** PEM files of our own certificate and its key. */
  readonly client?: { readonly certificateFile: string; readonly keyFile: string };
  /** Further stores to ask, beside the system's, Mozilla's and Java's: PEM, JKS or PKCS#12 files. */
  readonly stores?: readonly string[];
  readonly timeoutMs?: number;
}

export interface TlsHandshake {
  readonly outcome: ConnectOutcome | 'handshake-failed';
  readonly address?: string;
  readonly protocol?: string;
  readonly cipher?: string;
  /** Exactly what the peer sent, leaf first. Empty when the handshake failed before it. */
  readonly chain: readonly CertificateFacts[];
  /** Does the leaf name the server name? null: no leaf seen. */
  readonly nameMatches: boolean | null;
  /** Does a path of the certificates as sent end in a trust anchor, dates left aside? null: no leaf seen, or `caFile` was needed and unreadable. */
  readonly trusted: boolean | null;
  /** What each store of trust anchors says by itself. */
  readonly stores?: readonly StoreVerdict[];
  /** The server asked for a certificate of ours. */
  readonly asksForCertificate?: boolean;
  readonly stapled?: StapledAnswer;
  /** OpenSSL-style reason when not trusted or the handshake failed (e.g. UNABLE_TO_GET_ISSUER_CERT_LOCALLY). */
  readonly errorCode?: string;
  readonly error?: string;
  readonly durationMs: number;
}

export interface DnsQuery {
  readonly name: string;
  readonly type: 'A' | 'AAAA';
  /** `address` or `address:port`. Without it: the system's own resolver, nsswitch included. */
  readonly resolver?: string;
  readonly timeoutMs?: number;
}

export interface DnsAnswer {
  readonly outcome: 'answered' | 'no-such-name' | 'no-data' | 'refused' | 'server-failure' | 'timed-out' | 'unreachable';
  readonly addresses: readonly string[];
  readonly durationMs: number;
}

export interface SntpAnswer {
  /** Server time minus local time, at the middle of the exchange. */
  readonly offsetMs: number;
  readonly roundTripMs: number;
  readonly stratum: number;
}

export type SqlKind = 'postgres' | 'mysql';

/** How far a client of a database or a cache came; all but `connected` are facts about the server or the way to it. */
export type SessionOutcome =
  | ConnectOutcome
  /** The port accepts, and then nothing is said in time. */
  | 'no-answer'
  | 'closed'
  | 'tls-failed'
  | 'auth-failed'
  | 'no-such-database'
  | 'too-many-connections'
  | 'starting-up'
  | 'shutting-down'
  | 'rejected'
  | 'protocol-error';

interface SessionRequest {
  /** A URL, a libpq keyword string or `host:port`, or the secret that holds one: revealed where it is used, so that a recording has the reference only. */
  readonly to: string | SecretRef;
  readonly secrets: Secrets;
  /** PEM file with extra trust anchors; with it the server's certificate is verified. */
  readonly caFile?: string;
  /** For everything: connection, login, statements. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

interface SessionResult {
  readonly outcome: SessionOutcome;
  /** `host:port` */
  readonly address: string;
  readonly serverVersion: string;
  /** Connection and login. */
  readonly durationMs: number;
  /** SQLSTATE, MySQL error number, Redis error word or the operating system's code. */
  readonly errorCode?: string;
  readonly error?: string;
}

export interface SqlStatement {
  readonly id: string;
  readonly text: string;
}

export interface SqlRequest extends SessionRequest {
  /** Where `to` does not tell. */
  readonly kind?: SqlKind;
  /** Run one after the other inside one read-only transaction; one that fails does not hinder the next. */
  readonly statements: { readonly [kind in SqlKind]?: readonly SqlStatement[] };
}

export type SqlRow = { readonly [column: string]: null | boolean | number | string };

export interface SqlAnswer {
  readonly rows: readonly SqlRow[];
  readonly errorCode?: string;
  readonly error?: string;
}

export interface SqlSession extends SessionResult {
  readonly kind: SqlKind;
  /** By statement; one that was not run any more is missing. */
  readonly answers: Readonly<Record<string, SqlAnswer>>;
}

/** Only commands that read. */
export type RedisCommand =
  | readonly ['PING']
  | readonly ['INFO', string?]
  | readonly ['CONFIG', 'GET', string]
  | readonly ['SLOWLOG', 'GET', string];

export interface RedisRequest extends SessionRequest {
  readonly commands: readonly RedisCommand[];
}

export interface RedisAnswer {
  readonly reply: Json;
  readonly errorCode?: string;
  readonly error?: string;
}

export interface RedisSession extends SessionResult {
  /** In the order of the commands; shorter when the server stopped answering. */
  readonly answers: readonly RedisAnswer[];
}

export interface ExchangeRequest extends Address {
  /** The bytes to send, hexadecimal. */
  readonly payload: string;
  /** Bytes of the frame that begins so: undefined while its length is not there yet, null when no frame begins so. */
  readonly measure: (bytes: Uint8Array) => number | undefined | null;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** One message sent, at most one frame read, and the connection closed again. */
export interface Exchange {
  readonly outcome: Exclude<ConnectOutcome, 'connected'> | 'answered' | 'no-answer' | 'closed' | 'no-frame';
  /** The frame that came, or what came in its place (64 bytes of it at most), hexadecimal. */
  readonly answer: string;
  /** From the bytes sent to the last byte of the frame; null without one. */
  readonly roundTripMs: number | null;
  readonly errorCode?: string;
}

export interface SignRequest {
  readonly text: string;
  /** Sign the lower-case hexadecimal SHA-256 of the text instead of the text. */
  readonly hashed: boolean;
  /** A private RSA key, PEM or bare base64 of PKCS#8 or PKCS#1: revealed where it is used. */
  readonly key: SecretRef;
  readonly secrets: Secrets;
}

export interface SignatureCheck {
  readonly text: string;
  /** Base64. */
  readonly signature: string;
  /** Number of the certificate that is said to have signed; hexadecimal. */
  readonly serial: string;
  /** PEM files of certificates or public keys. */
  readonly files: readonly string[];
}

/** Application protocols, written once over `dial` and `datagram`, so that a remote host speaks them too. */
export interface Protocols {
  connect(address: Address, options?: DialOptions): Promise<ConnectResult>;
  /** Goes on through a certificate that does not verify: `tls` owns that question, and one expired certificate must not hide the rest. */
  http(request: HttpRequest): Promise<HttpExchange>;
  tls(request: TlsRequest): Promise<TlsHandshake>;
  /** Certificates of a PEM or DER file, in file order; of a PKCS#12 file those that its passphrase opens, which openssl reads by itself. */
  certificatesInFile(path: string, passphrase?: SecretRef): Promise<readonly CertificateFacts[]>;
  dns(query: DnsQuery): Promise<DnsAnswer>;
  sntp(server: Address, options?: DialOptions): Promise<SntpAnswer>;
  /** Throws `HostError` without a login to try: the reference cannot be revealed, or names no user. */
  sql(request: SqlRequest): Promise<SqlSession>;
  redis(request: RedisRequest): Promise<RedisSession>;
  /** For protocols of messages with a length before them: switches, security modules. */
  exchange(request: ExchangeRequest): Promise<Exchange>;
  /** RSA with SHA-256, PKCS#1 v1.5, base64: the signature of payment APIs. */
  sign(request: SignRequest): Promise<string>;
  /** unknown-certificate: none of the files has that number. */
  checkSignature(request: SignatureCheck): Promise<'verified' | 'wrong' | 'unknown-certificate'>;
}

/** Keeps what must not follow itself too closely, across runs and processes. */
export interface Pacer {
  /**
   * Takes the turn when the last one was `everyMs` ago or longer, and says when the last one was where it was not. The turn is
   * durable before this resolves. Throws `HostError` when that cannot be had: then nothing may be done.
   */
  take(what: string, everyMs: number): Promise<{ readonly taken: boolean; readonly lastAt: number | null }>;
}

/** A secret by reference; the value is fetched only where it is used and never recorded. */
export type SecretRef = { readonly env: string } | { readonly file: string; readonly key?: string };

export interface Secrets {
  /** Throws `HostError` (not-found, no-permission) that names the reference, never the value. */
  reveal(ref: SecretRef): Promise<string>;
}

// ---------------------------------------------------------------------------------------------- person, time, disk

export type QuestionType = 'select' | 'confirm' | 'text' | 'number';

export interface Question {
  readonly id: string;
  readonly type: QuestionType;
  readonly text: Text;
  readonly help?: Text;
  readonly options?: readonly { readonly value: string; readonly label: Text }[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  /** The exact text that must be typed to consent; for questions of type `text` only. */
  readonly mustEqual?: string;
  /** What an empty line means; absent: nothing. Never of a consent. */
  readonly usual?: string | boolean;
  /** False where skipping makes no sense. To skip a consent is to decline it with a reason. */
  readonly skippable: boolean;
  /** True when there is an earlier answer to go back to, or the question at which `m` was pressed. */
  readonly canGoBack: boolean;
  /** True when `m` has something to offer. */
  readonly canMitigate: boolean;
  readonly background?: Background;
}

/** What can be shown beside a question while it stands, in the operator's language; read anew each time, since checks run on behind it. */
export interface Background {
  /** One line, at most so wide: how far the checks are. '' when there is nothing to tell. */
  progress(columns: number): string;
  /** What was found and what runs, one line each, at most so many; safe to print as they are. */
  table(columns: number, rows: number): readonly string[];
  /** One line: why this is asked now. '' when there is nothing to tell. */
  reason(): string;
  /** The status to paste to others. */
  status(): readonly string[];
  /** The ranking, what speaks for and against, the best rival and the cheapest test that separates the two. */
  why(): readonly string[];
}

/** What the operator did at a question. */
export type Reply =
  | { readonly kind: 'answer'; readonly value: string | number | boolean; readonly source: 'operator' | 'file' | 'flag' | 'timeout' }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'back' }
  | { readonly kind: 'mitigate' }
  | { readonly kind: 'quit' }
  /** Nobody can answer: no terminal, and no file or flag names it. */
  | { readonly kind: 'nobody' };

export interface Operator {
  /** True when a person sits there: prompts may be shown and fixes offered. */
  readonly interactive: boolean;
  ask(question: Question, signal: AbortSignal): Promise<Reply>;
}

/** What somebody scored in a drill. */
export interface DrillRecord {
  readonly drill: string;
  /** ISO 8601. */
  readonly at: string;
  /** 0 to 1. */
  readonly score: number;
  readonly minutes: number;
  readonly seed: number;
}

export interface DrillScores {
  /** Oldest first. */
  read(): Promise<readonly DrillRecord[]>;
  add(record: DrillRecord): Promise<void>;
}

export interface Clock {
  now(): Instant;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Before work of some milliseconds: resolves for one caller after the other, and what the operator types is seen in between. */
  turn(): Promise<void>;
}

export interface Random {
  /** Lower-case hex of `bytes` random bytes. */
  hex(bytes: number): string;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
}

/** One session's journal: JSON lines, hash-chained, each append durable before it resolves. */
export interface Journal {
  readonly sessionId: string;
  append(record: JournalRecord): Promise<void>;
  close(): Promise<void>;
}

export interface JournalRecord {
  readonly ts: string;
  readonly mono_ms: number;
  readonly actor: string;
  readonly type: string;
  readonly data: JsonObject;
}

export interface JournalEntry extends JournalRecord {
  readonly seq: number;
  readonly prev_hash: string;
}

export interface StoredJournal {
  readonly sessionId: string;
  readonly entries: readonly JournalEntry[];
  /** Bytes of a torn last line that were set aside; 0 normally. */
  readonly tornBytes: number;
  /** SHA-256 of the last whole record, 64 zeros when there is none: shows a cut tail, which the chain alone cannot. */
  readonly headHash: string;
}

export interface SessionSummary {
  readonly id: string;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
}

/** What a process leaves beside a journal that another one writes, until that one takes it in. */
export interface LeftRecord {
  /** One that stands in the journal already is not taken in again. */
  readonly id: string;
  readonly at: number;
  readonly type: string;
  readonly data: JsonObject;
}

export interface Inbox {
  /** Durable when it resolves. */
  leave(record: LeftRecord): Promise<void>;
  /** Oldest first. What is no record is passed over. */
  waiting(): Promise<readonly LeftRecord[]>;
  discard(id: string): Promise<void>;
}

/** Sessions on disk, 0600 files in 0700 folders. */
export interface Store {
  create(sessionId: string): Promise<Journal>;
  /** Locks, drops a torn tail with a message, refuses (exit 9) a record altered in the middle. */
  open(sessionId: string): Promise<{ readonly journal: Journal; readonly stored: StoredJournal }>;
  /** Read only, no lock. */
  read(sessionId: string): Promise<StoredJournal>;
  /** Is somebody writing its journal? Also when that cannot be told. */
  isHeld(sessionId: string): Promise<boolean>;
  /** One process at a time does `what` for a session, beside whoever writes its journal. undefined: another one does. */
  tryLock(sessionId: string, what: string): Promise<(() => Promise<void>) | undefined>;
  /** For records of those who do not hold the journal; no lock. */
  inbox(sessionId: string): Promise<Inbox>;
  list(): Promise<readonly SessionSummary[]>;
  remove(sessionId: string): Promise<void>;
  /** What was kept beside the journal; no lock. */
  evidence(sessionId: string): Promise<Evidence>;
}

/** Texts kept beside a journal, each under its digest: SHA-256 in base64url, which no redaction takes for a number. */
export interface Evidence {
  /** Not durable by itself: what a power cut loses is told by its digest. Throws when it cannot be kept. */
  keep(text: string): Promise<string>;
  /** undefined: it is not there, or is not what it was. */
  read(digest: string): Promise<string | undefined>;
  /** The journal as it lies on the disk, whole records only. */
  journal(): Promise<Uint8Array>;
}

/** What a check said, for a run that comes later. */
export interface RememberedStatus {
  readonly status: 'warn' | 'fail';
  /** Which of several things it was about. */
  readonly item?: string;
}

/** The last word of checks that were not ok, by key. Nobody may depend on it: what cannot be read or kept is as if it had never been. */
export interface StatusMemory {
  recall(): Promise<ReadonlyMap<string, RememberedStatus>>;
  /** null: it is ok again. */
  keep(changes: ReadonlyMap<string, RememberedStatus | null>): Promise<void>;
}

/** Bounds the time of one evaluation of untrusted code (an expression, a pattern); throws `HostError` timed-out past it. */
export type TimeLimit = <T>(evaluate: () => T) => T;

// ---------------------------------------------------------------------------------------------- what leaves

/** A message to a service that tells people. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** PEM file with extra trust anchors. */
  readonly caFile?: string;
  /** `http://host:port`; asked to connect, so that it never sees what is sent over TLS. */
  readonly proxy?: string;
  /** For all of it, name resolution to the last byte. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type WebhookAnswer =
  | {
      readonly status: number;
      /** Its beginning. */
      readonly body: string;
      /** Of the header Retry-After. */
      readonly retryAfterMs?: number;
      readonly location?: string;
    }
  /** No answer. `certificate`: it was not sent, as the other side could not prove who it is. */
  | { readonly failed: 'network' | 'timed-out' | 'certificate' | 'request'; readonly why: string };

export interface Webhook {
  /** One POST; never follows a redirection. */
  post(request: WebhookRequest): Promise<WebhookAnswer>;
}

export interface ArchiveEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What could be read of an archive from anywhere; nothing in it is believed. */
export interface Unpacked {
  /** In their order, up to where reading stopped. */
  readonly entries: readonly ArchiveEntry[];
  readonly stopped?: {
    /** foreign: no archive at all. damaged: it ends early or a checksum is wrong. refused: what oor never writes (a link, a path, a bomb). */
    readonly kind: 'foreign' | 'damaged' | 'refused';
    /** The entry, or `archive`. */
    readonly at: string;
    readonly reason: string;
  };
}

export interface Archives {
  /** A .tar.gz that depends on the entries alone. */
  pack(entries: readonly ArchiveEntry[]): Promise<Uint8Array>;
  unpack(bytes: Uint8Array): Promise<Unpacked>;
  /** undefined: damaged, or more than `maxBytes`. */
  gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array | undefined;
  /** Lower-case hex. */
  sha256(bytes: Uint8Array): string;
  readJournal(bytes: Uint8Array): JournalReading;
  /** The same records in a chain of their own. */
  writeJournal(records: readonly JournalRecord[]): { readonly bytes: Uint8Array; readonly head: string };
  /** false: there is something of this name. Throws where no file can be made. */
  mayCreate(path: string): Promise<boolean>;
  /** Writes a file that was not there, 0600 and durable, in one step. `examine` sees the bytes as they came back from the disk; when it throws, no file is left. */
  writeNew(path: string, bytes: Uint8Array, examine?: (bytes: Uint8Array) => Promise<void>): Promise<void>;
  /** Into a folder that it makes, and that must not have been there. */
  writeFolder(path: string, entries: readonly ArchiveEntry[]): Promise<void>;
}

/** A chain of records; `bad` is the first one that is not what it was. */
export type JournalReading =
  | { readonly ok: true; readonly entries: readonly JournalEntry[]; readonly head: string; readonly tornBytes: number }
  | { readonly ok: false; readonly bad: number; readonly reason: string };

export interface Signer {
  /** `ssh-ed25519 AAAA...` */
  readonly publicKey: string;
  /** An SSH signature (`ssh-keygen -Y verify` reads it). The same message gives the same signature. */
  sign(message: Uint8Array): string;
}

/** undefined: it is none of this message. */
export type SignatureReading = { readonly publicKey: string; readonly fingerprint: string } | undefined;

export interface Seals {
  /** A private Ed25519 key file; without one that of the state folder, made on first use. Throws `OorError`. */
  signer(file: string | undefined): Promise<Signer>;
  /** The public half of the key in the state folder, where there is one. */
  ownKey(): Promise<string | undefined>;
  readSignature(message: Uint8Array, signature: string): SignatureReading;
  /** age, to recipients (`age1...`). Throws `OorError` for one that is none. */
  encrypt(bytes: Uint8Array, recipients: readonly string[]): Promise<Uint8Array>;
  isEncrypted(bytes: Uint8Array): boolean;
  /** Throws `OorError` when no identity opens it. */
  decrypt(bytes: Uint8Array, identities: readonly string[]): Promise<Uint8Array>;
}

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
