/** N of M: how many probes until a failure counts, and which of them is the result. Pure. */
import type { Confirmation } from '../checks/check.ts';

type Seen = { readonly status: string };
type Rule = Pick<Confirmation, 'of' | 'need'>;

/** Is it still open whether enough probes fail? A first probe that is good ends it, one that cannot tell does not. */
export function anotherProbe(probed: readonly Seen[], { of, need }: Rule): boolean {
  const { failed, good } = count(probed);
  if (probed.length >= of || failed >= need) return false;
  if (good === 0) return true;
  return failed > 0 && failed + (of - probed.length) >= need;
}

/**
 * A failure that enough probes have seen; else the last good probe. Where none was good, the failure stands if it was all that
 * was seen before time ran out; a mixture of failures and of probes that could not tell tells nothing.
 */
export function chooseAttempt<T extends Seen>(probed: readonly T[], { of, need }: Rule): T | undefined {
  const { failed, good } = count(probed);
  if (failed >= need) return probed.findLast(({ status }) => status === 'fail');
  if (good > 0) return probed.findLast(isGood);
  const cutShort = probed.length < of;
  return (cutShort ? probed.findLast(({ status }) => status === 'fail') : undefined) ?? probed.findLast(({ status }) => status !== 'fail');
}

function count(probed: readonly Seen[]): { readonly failed: number; readonly good: number } {
  return { failed: probed.filter(({ status }) => status === 'fail').length, good: probed.filter(isGood).length };
}

function isGood({ status }: Seen): boolean {
  return status !== 'fail' && status !== 'unknown';
}
