/** What the checks of a Redis server share: one session, its INFO as numbers and words. */
import type { RedisCommand, RedisSession } from '../ports.ts';
import type { Judgement, ProbeContext } from './check.ts';
import { boundTimeout } from './connect.ts';
import { findMissing, judgeBlind, keepSession, type Missing, type SessionFacts } from './sql-session.ts';

interface RedisParams {
  readonly to: string | { readonly env: string } | { readonly file: string; readonly key?: string };
  readonly ca_file?: string | null | undefined;
  readonly timeout: number;
}

export interface Info {
  readonly session: SessionFacts;
  readonly missing: Missing;
  readonly fields: ReadonlyMap<string, string>;
}

export async function askInfo(params: RedisParams, context: ProbeContext, rounds = 1): Promise<Info> {
  // Several sections at once only from version 7; `everything` is one answer of some 5 KiB on all of them.
  const session = await askRedis(params, context, [['INFO', 'everything']], rounds);
  const [answer] = session.answers;
  const fields = new Map<string, string>();
  const text = typeof answer?.reply === 'string' ? answer.reply : '';
  for (const [, key, value] of text.matchAll(/^(\w+):(.*?)\r?$/gm)) fields.set(key as string, value as string);
  return { session: keepSession(session, 'redis'), missing: findMissing(answer && { rows: [], ...answer }), fields };
}

export async function askRedis(
  { to, ca_file, timeout }: RedisParams,
  { net, secrets, signal, timeoutMs }: ProbeContext,
  commands: readonly RedisCommand[],
  rounds = 1,
): Promise<RedisSession> {
  return net.redis({
    to,
    secrets,
    signal,
    commands,
    timeoutMs: boundTimeout(timeout, timeoutMs, rounds),
    ...(ca_file != null && { caFile: ca_file }),
  });
}

export function judgeUnseen(session: SessionFacts, missing: Missing): Judgement | undefined {
  const blind = judgeBlind(session);
  if (blind || missing.errorCode === '') return blind;
  return {
    status: 'unknown',
    code: 'no-rights',
    data: { at: session.address, error: missing.error },
    unlock: 'ACL SETUSER ... +info +ping for the user of the profile',
  };
}

/** null: this version does not tell. */
export function numberIn(fields: Info['fields'], key: string): number | null {
  const value = fields.get(key);
  return value === undefined || value === '' || Number.isNaN(Number(value)) ? null : Number(value);
}
