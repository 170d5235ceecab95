/** A bounded pool of database sessions with a queue of waiters. */
import { connectStore, type StoreClientOptions, type StoreConnection } from './store-client.ts';

export interface PoolOptions {
  readonly size: number;
  /** How long a caller waits for a free connection. */
  readonly waitMs: number;
  /** A connection older than this is closed as soon as nobody uses it. */
  readonly maxAgeMs: number;
  readonly store: StoreClientOptions;
}

export interface PoolState {
  readonly size: number;
  readonly in_use: number;
  readonly waiting: number;
}

export interface Pool {
  acquire(): Promise<StoreConnection>;
  release(connection: StoreConnection): void;
  /** Borrows a connection for one piece of work. */
  use<T>(work: (connection: StoreConnection) => Promise<T>): Promise<T>;
  state(): PoolState;
  close(): void;
}

interface Waiter {
  readonly timer: NodeJS.Timeout;
  grant(): void;
}

export function createPool({ size, waitMs, maxAgeMs, store }: PoolOptions): Pool {
  const idle: StoreConnection[] = [];
  const lent = new Set<StoreConnection>();
  const waiters: Waiter[] = [];
  // Slots taken: connections lent out and those being opened.
  let taken = 0;

  function takeSlot(): Promise<void> {
    if (taken < size) {
      taken += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        timer: setTimeout(() => {
          waiters.splice(waiters.indexOf(waiter), 1);
          reject(new Error(`timeout waiting for connection after ${waitMs} ms (${taken} of ${size} in use, ${waiters.length} waiting)`));
        }, waitMs),
        grant: resolve,
      };
      waiters.push(waiter);
    });
  }

  /** Hands the slot to the next waiter, or frees it. */
  function giveSlot(): void {
    const next = waiters.shift();
    if (!next) {
      taken -= 1;
      return;
    }
    clearTimeout(next.timer);
    next.grant();
  }

  const isUsable = ({ closed, openedAt }: StoreConnection) => !closed && Date.now() - openedAt < maxAgeMs;
  function closeOld(): void {
    for (const connection of idle.splice(0)) {
      if (isUsable(connection)) idle.push(connection);
      else connection.close();
    }
  }
  const reaper = setInterval(closeOld, maxAgeMs / 4);

  // An old connection is left to the reaper: between its end and the next opening others may take the session.
  async function openConnection(): Promise<StoreConnection> {
    const reusable = idle.findIndex(isUsable);
    return idle.splice(reusable, reusable < 0 ? 0 : 1)[0] ?? connectStore(store);
  }

  const pool: Pool = {
    async acquire() {
      await takeSlot();
      try {
        const connection = await openConnection();
        lent.add(connection);
        return connection;
      } catch (error) {
        giveSlot();
        throw error;
      }
    },
    release(connection) {
      if (!lent.delete(connection)) return;
      if (!connection.closed) idle.push(connection);
      giveSlot();
    },
    async use(work) {
      const connection = await pool.acquire();
      try {
        return await work(connection);
      } finally {
        pool.release(connection);
      }
    },
    state: () => ({ size, in_use: taken, waiting: waiters.length }),
    close() {
      clearInterval(reaper);
      for (const connection of [...idle.splice(0), ...lent]) connection.close();
    },
  };
  return pool;
}
