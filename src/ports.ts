/**
 * The only doors out of the core. Interfaces and the plain data that passes through them; no code.
 * All instants are milliseconds since the Unix epoch (UTC), all durations are milliseconds.
 */

export type * from './ports/databases.ts';
export type * from './ports/host.ts';
export type * from './ports/outside.ts';
export type * from './ports/protocols.ts';
export type * from './ports/reconcile.ts';
export type * from './ports/session.ts';
export type * from './ports/values.ts';
