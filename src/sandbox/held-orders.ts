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
  /** Its provider was asked, and has not taken the money. */
  clear(order: string): void;
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
  const write = (held: HeldOrder): HeldOrder => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(at(held.order), `${JSON.stringify(held)}\n`);
    return held;
  };
  return {
    hold(given) {
      const known = read(at(given.order));
      const payUntil = known?.pay_until ?? deadline(setting);
      if (payUntil === undefined) return undefined;
      // Where money may have moved only the provider that may have it can say that it did not.
      const asked = known?.charged === 'unknown' ? { channel: known.channel, charged: known.charged } : {};
      return write({ ...given, ...asked, pay_until: payUntil, reference: creditorReference(given.order) });
    },
    clear(order) {
      const known = read(at(order));
      if (known) write({ ...known, charged: 'no' });
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

function deadline(setting: string): string | undefined {
  const forMs = readHold(setting);
  return forMs === null ? undefined : new Date(Date.now() + forMs).toISOString();
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
