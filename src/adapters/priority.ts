/** bin/oor.js starts a run ahead of others where a runaway job crowds the processor; what a fix starts must not inherit that. */
import { constants, getPriority, setPriority } from 'node:os';

/** Lowering is everybody's right. */
export function returnPriority(): void {
  if (getPriority() < constants.priority.PRIORITY_NORMAL) setPriority(constants.priority.PRIORITY_NORMAL);
}
