import { ADDRESS_FORMATS } from './token-format-addresses.ts';
import { CLOUD_FORMATS } from './token-format-clouds.ts';
import { CODE_FORMATS } from './token-format-code.ts';
import { PAYMENT_FORMATS } from './token-format-payments.ts';
import { SERVICE_FORMATS } from './token-format-services.ts';

/** A format that its issuer documents: the letters it starts with, and what follows them. */
export interface TokenFormat {
  readonly kind: string;
  /** Where the issuer tells. */
  readonly source: string;
  readonly prefixes: readonly string[];
  /** Of the rest, as a regular expression without unbounded nesting. */
  readonly body: string;
  /**
   * Are its check digits right? undefined: this one has none. A token with wrong ones goes like any other, since most of a token that
   * was cut or mistyped is most of a secret; it is counted as a possible one.
   */
  readonly check?: (token: string) => boolean | undefined;
}

export const TOKEN_FORMATS: readonly TokenFormat[] = [
  ...PAYMENT_FORMATS,
  ...CLOUD_FORMATS,
  ...CODE_FORMATS,
  ...SERVICE_FORMATS,
  ...ADDRESS_FORMATS,
];
