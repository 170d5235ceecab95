/** What a step said before, for the bounds that clear it. Pure. */
import type { Earlier, Judgement } from '../checks/check.ts';
import type { Session } from './session.ts';

/** The last time that it could tell, in this session; undefined when it never could. */
export function earlierOf({ history }: Pick<Session, 'history'>, key: string): Earlier | undefined {
  const told = history.findLast((past) => past.key === key && past.judgement !== undefined && asEarlier(past.judgement) !== undefined);
  return told?.judgement && asEarlier(told.judgement);
}

export function asEarlier({ status, item }: Judgement): Earlier | undefined {
  if (status !== 'ok' && status !== 'warn' && status !== 'fail') return undefined;
  return item === undefined ? { status } : { status, item };
}
