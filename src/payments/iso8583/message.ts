/** Characters as a string; what is not characters (raw binary, BER-TLV, GBK) as bytes. */
export type FieldValue = string | Uint8Array;

export interface Message {
  readonly mti: string;
  /** Data elements by number, ascending; bitmaps are not among them. */
  readonly fields: ReadonlyMap<number, FieldValue>;
  /** Blocks of 64 bits that were sent; more than the fields need when a block is empty. */
  readonly bitmaps: 1 | 2 | 3;
  readonly envelope: Envelope;
}

/** What surrounds the message and cannot be computed from it. */
export interface Envelope {
  /** The hexadecimal letters of the bitmap are lower case. */
  readonly lowerCaseBitmap?: boolean;
  /** Those of the length before the message are. */
  readonly lowerCaseLength?: boolean;
  readonly tpdu?: Uint8Array;
  readonly header?: Uint8Array;
}

export type ProblemCode =
  | 'empty'
  | 'unknown-mti'
  | 'wrong-version'
  | 'truncated'
  | 'length-mismatch'
  | 'bad-header'
  | 'bad-tpdu'
  | 'bad-trailer'
  | 'bad-bitmap'
  | 'doubtful-bitmap'
  | 'undefined-field'
  | 'bad-length'
  | 'length-over-max'
  | 'bad-digit'
  | 'bad-nibble'
  | 'bad-padding'
  | 'bad-character'
  | 'bad-sign'
  | 'bad-date'
  | 'bad-track'
  | 'bad-tlv'
  | 'missing-field'
  | 'trailing-bytes';

/** `message` never quotes the content of a field. */
export interface Problem {
  readonly code: ProblemCode;
  /** Bytes from the start of the input. */
  readonly offset: number;
  readonly message: string;
}

export interface Decoded {
  /** Only when every byte has its place; a value in it may still be impossible (`problems`). */
  readonly message: Message | undefined;
  /** Known as soon as it was read. */
  readonly mti: string | undefined;
  /** Empty: fully explained. */
  readonly problems: readonly Problem[];
  /** Bytes from the start of the input that made sense. */
  readonly explained: number;
}
