/** The lock that keeps two pieces of work from booking at once; first come, first served. */
export interface Ledger {
  use<T>(work: () => T | Promise<T>): Promise<T>;
}

export function createLedger(): Ledger {
  let last: Promise<unknown> = Promise.resolve();
  return {
    use(work) {
      const turn = last.then(work);
      last = turn.catch(() => {});
      return turn;
    },
  };
}
