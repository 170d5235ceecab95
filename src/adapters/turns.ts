/** Work that keeps the processor busy for milliseconds, one piece a turn of the event loop: keys, timers and signals are seen in between. */

const waiting: (() => void)[] = [];

/** Resolves when the caller may work; first come, first served. What the caller then does before it waits again is its piece. */
export function takeTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  waiting.shift()?.();
  // Behind whatever has arrived in the meantime.
  if (waiting.length > 0) setImmediate(giveTurn);
}
