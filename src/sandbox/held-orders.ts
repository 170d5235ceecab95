/** Orders whose payment could not be taken and that are kept, with a deadline, a reference for a bank transfer, and what became of the money. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from './settings.ts';

export interface HeldOrder {
  readonly order: string;
  /** Minor units. */
  readonly amount: number;
  readonly channel: Channel;
  readonly pay_until: string;
  /** Whether the provider took the money before it fell silent. */
  readonly charged: 'no' | 'unknown';
  /** ISO 11649: what the payer of a bank transfer writes into it. */
  readonly reference: string;
}

export interface HoldFiles {
  /** How long, as JSON; `null` where orders are not held. */
  readonly setting: string;
  readonly folder: string;
}

export interface HeldOrders {
  /** undefined: orders are not held at present. */
  hold(order: Pick<HeldOrder, 'order' | 'amount' | 'channel' | 'charged'>): HeldOrder | undefined;
  find(order: string): HeldOrder | undefined;
  list(): readonly HeldOrder[];
  release(order: string): void;
}

export function createHeldOrders({ setting, folder }: HoldFiles): HeldOrders {
  const at = (order: string) => join(folder, `${order}.json`);
  const read = (path: string): HeldOrder | undefined => {
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as HeldOrder;
    } catch {
      return undefined;
    }
  };
  return {
    hold(given) {
      const known = read(at(given.order));
      const forMs = readHold(setting);
      if (forMs === null) return known;
      mkdirSync(folder, { recursive: true });
      const held: HeldOrder = {
        ...given,
        // Once money may have moved no later answer makes it certain that it did not.
        charged: known?.charged === 'unknown' ? 'unknown' : given.charged,
        pay_until: known?.pay_until ?? new Date(Date.now() + forMs).toISOString(),
        reference: creditorReference(given.order),
      };
      writeFileSync(at(given.order), `${JSON.stringify(held)}\n`);
      return held;
    },
    find: (order) => read(at(order)),
    list() {
      try {
        return readdirSync(folder)
          .sort()
          .flatMap((name) => read(join(folder, name)) ?? []);
      } catch {
        return [];
      }
    },
    release: (order) => rmSync(at(order), { force: true }),
  };
}

export function isExpired({ pay_until }: HeldOrder): boolean {
  return Date.parse(pay_until) <= Date.now();
}

/** Milliseconds, or null where orders are not held. */
export function readHold(file: string): number | null {
  return JSON.parse(readFileSync(file, 'utf8')) as number | null;
}

const LONGEST_REFERENCE = 21;

/** `RF`, two check digits, and what is left of the order number when it is letters and digits only. */
export function creditorReference(order: string): string {
  const body = order
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(-LONGEST_REFERENCE);
  const digits = [...`${body}RF00`].map((sign) => Number.parseInt(sign, 36)).join('');
  return `RF${String(98n - (BigInt(digits) % 97n)).padStart(2, '0')}${body}`;
}
