/** Protocols spoken over a host. */
import type { RedisRequest, RedisSession, SqlRequest, SqlSession } from './databases.ts';
import type { Address, DialOptions } from './host.ts';

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
