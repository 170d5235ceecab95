/** Sessions that somebody took out of a pool and did not give back, as far as the database server sees that. Pure. */
import { type Infer, v } from './schema.ts';

/** One row of the sessions of a server: how many of one application, user, client and state. */
export interface Holder {
  readonly application: string;
  readonly user: string;
  readonly client: string;
  readonly state: string;
  /** Idle for more than `KEPT_SECONDS`. */
  readonly lying: number;
  /** Running a statement, or did something within `MOVES_SECONDS`. */
  readonly moving: number;
}

/**
 * Sessions that have been idle for over 15 s while others of the same user, application and client did something within 5 s; of the client
 * with the most. Where callers wait for such a connection, these were taken and not given back. Idle outside a transaction is also what
 * lies ready in a pool, so it means that only where there is a single pool.
 */
export const keptSessions = v.object({ inTransaction: v.number(), outside: v.number() });
export type KeptSessions = Infer<typeof keptSessions>;

export const NONE_KEPT: KeptSessions = { inTransaction: 0, outside: 0 };
export const KEPT_SECONDS = 15;
export const MOVES_SECONDS = 5;

export function countKept(holders: readonly Holder[]): KeptSessions {
  const counts = holders.map((one) => countIn(holders.filter((other) => isOfPool(one, other))));
  return counts.toSorted((one, other) => other.inTransaction + other.outside - one.inTransaction - one.outside)[0] ?? NONE_KEPT;
}

function isOfPool(one: Holder, other: Holder): boolean {
  return other.application === one.application && other.user === one.user && other.client === one.client;
}

function countIn(pool: readonly Holder[]): KeptSessions {
  if (pool.every(({ moving }) => moving === 0)) return NONE_KEPT;
  const count = (inTransaction: boolean): number =>
    pool.filter(({ state }) => state.startsWith('idle in transaction') === inTransaction).reduce((sum, { lying }) => sum + lying, 0);
  return { inTransaction: count(true), outside: count(false) };
}
