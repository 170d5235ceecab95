/** Refunds and disputes wait for the row that undoes them: a refund that failed is none, a dispute that was won needs no answer. Pure. */
import type { Movement } from './movement.ts';

export interface Holding {
  /** What need not wait. */
  hold(key: string, movement: Movement): readonly Movement[];
  undo(key: string): void;
  rest(): readonly Movement[];
  /** Undone, and in another file. */
  strangers(): number;
}

/** `anyOrder`: a report may begin with its last row, and its keys are of one movement each. */
export function createHolding(anyOrder: boolean): Holding {
  const held = new Map<string, Movement>();
  const undone = new Map<string, number>();
  const rest: Movement[] = [];
  const settle = (movement: Movement): void => {
    if (movement.kind === 'refund') rest.push({ ...movement, status: 'failed' });
  };
  return {
    hold(key, movement) {
      const waiting = undone.get(key) ?? 0;
      if (anyOrder && waiting > 0) {
        undone.set(key, waiting - 1);
        settle(movement);
        return [];
      }
      if (held.has(key)) return [movement];
      held.set(key, movement);
      return [];
    },
    undo(key) {
      const movement = held.get(key);
      if (!movement) {
        undone.set(key, (undone.get(key) ?? 0) + 1);
        return;
      }
      held.delete(key);
      settle(movement);
    },
    rest: () => [...held.values(), ...rest],
    strangers: () => [...undone.values()].reduce((sum, count) => sum + count, 0),
  };
}

export function toldStrangers(count: number): readonly string[] {
  return count === 0 ? [] : [`${count} refunds or disputes of other files were undone: they are left out`];
}
