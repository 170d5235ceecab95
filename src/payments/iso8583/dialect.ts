import type { FieldTable } from './dialect-fields.ts';

export type LengthCoding = 'ascii' | 'ebcdic' | 'bcd' | 'binary';

/** How the parts of a message are written as bytes. */
export interface Encoding {
  /** Of fields of digits and of tracks. */
  readonly digits: 'ascii' | 'ebcdic' | 'bcd';
  /** Where the nibble goes that an odd number of packed digits leaves over. */
  readonly pad: 'left' | 'right';
  readonly padDigit: '0' | 'F';
  readonly text: 'ascii' | 'ebcdic';
  readonly lengths: LengthCoding;
  /** Of binary fields: the bytes, or two hexadecimal characters each. */
  readonly binary: 'raw' | 'hex';
}

/** A field that departs from its dialect. */
export interface FieldDefinition extends Partial<Encoding> {
  readonly format: string;
}

/** What a peer speaks, as data. */
export interface Dialect extends Encoding {
  readonly id: string;
  /** Of encodings that a peer chooses and the message does not say; empty when there is one. */
  readonly variant: string;
  /** First digits of its message types: 0 is 1987, 1 is 1993, 2 is 2003. */
  readonly versions: string;
  /** Second digits of its message types; default 1 to 8, as the standards have them. */
  readonly classes?: string;
  readonly mti: 'ascii' | 'ebcdic' | 'bcd';
  readonly bitmap: 'raw' | 'hex' | 'hex-ebcdic';
  readonly fields: FieldTable | Readonly<Record<number, string | FieldDefinition>>;
  /** Fields that every message carries, such as 64 where each has a MAC. */
  readonly required: readonly number[];
  /** What a response repeats of its request. */
  readonly echoes: readonly number[];
}
