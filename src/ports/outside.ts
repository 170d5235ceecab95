/** What leaves: messages, archives, seals. */
import type { JournalEntry, JournalRecord } from './session.ts';

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
