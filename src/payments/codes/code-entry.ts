/** What is known of one answer code, in words that mean the same in every table. */

/** Text that exists in both languages. */
export interface Bilingual {
  readonly en: string;
  readonly 'zh-CN': string;
}

/** Who has to act next. */
export type Who = 'us' | 'provider' | 'issuer' | 'customer';

/** Has money moved (or been reserved), as far as this code alone tells? A refused query says nothing about the payment that it asked for. */
export type MoneyMoved = 'yes' | 'no' | 'unknown';

/**
 * May it be sent again?
 * - `never`: not as it is; something must be repaired first, or it is paid already.
 * - `same-id`: the same request with the same order number and parameters; the provider promises not to execute it twice.
 * - `after-query`: ask for the state of this order first; only a clear "not paid" allows a new attempt.
 * - `new-attempt`: nothing was paid; the customer may try again, with another card, amount or method.
 * - `later`: nothing was paid; the same payment may be tried again after a pause.
 */
export type Retry = 'never' | 'same-id' | 'after-query' | 'new-attempt' | 'later';

/** One vocabulary for all providers. `UNKNOWN`: money may have moved, query first. `NOT_A_PAYMENT`: the answer to a message that pays nothing. */
export type Outcome =
  | 'PAID'
  | 'NOT_PAID_FINAL'
  | 'USER_ACTION'
  | 'UNKNOWN'
  | 'DUPLICATE'
  | 'LIMIT'
  | 'RISK'
  | 'SIGN/KEY/CERT'
  | 'PARAM'
  | 'PERMISSION/CONTRACT'
  | 'RATE'
  | 'PROVIDER_DOWN'
  | 'PLANNED'
  | 'NOT_A_PAYMENT';

/** `documented`: the named source says what the code means. `field-knowledge`: practice says so, or sources differ. */
export type Certainty = 'documented' | 'field-knowledge';

/** What follows from a code, whatever its table. */
export interface Consequence {
  readonly who: Who;
  readonly moneyMoved: MoneyMoved;
  readonly retry: Retry;
  readonly outcome: Outcome;
  readonly action: Bilingual;
}

export interface CodeEntry extends Consequence {
  readonly code: string;
  /** The field of the answer that holds the code. */
  readonly field: string;
  readonly meaning: Bilingual;
  /** What people get wrong about it. */
  readonly trap?: Bilingual;
  readonly certainty: Certainty;
  readonly source: string;
}

export interface CodeTable {
  /** Kebab-case; what `--table` takes. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly title: Bilingual;
  readonly entries: readonly CodeEntry[];
}
