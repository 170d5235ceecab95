import { createContext, Script } from 'node:vm';
import { HostError } from '../errors.ts';
import type { TimeLimit } from '../ports.ts';

/**
 * Stops what never ends by itself (a catastrophic pattern, nested comprehensions). A budget, not a sandbox:
 * the closure runs with all it can reach. It counts wall time, so it is generous: on a machine that suffers, a millisecond
 * of work may take a hundred.
 */
export function createTimeLimit(ms = 500): TimeLimit {
  const slot: { evaluate?: () => unknown } = {};
  let call: (() => unknown) | undefined;
  return <T>(evaluate: () => T): T => {
    slot.evaluate = evaluate;
    call ??= prepareCall(slot, ms);
    try {
      return call() as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      throw new HostError('timed-out', `the evaluation took longer than ${ms} ms`, 'a simpler expression or pattern');
    }
  };
}

/** A context takes a millisecond to make, and many a run needs none. */
function prepareCall(slot: object, timeout: number): () => unknown {
  const context = createContext(slot);
  const call = new Script('evaluate()');
  return () => call.runInContext(context, { timeout });
}
