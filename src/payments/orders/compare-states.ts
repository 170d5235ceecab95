/** Orders here against what the provider says of them: where the two disagree about the money. Pure. */
import type { MoneyRecord } from './record.ts';

/** Worst first. */
export const ORDER_FAULTS = ['double-paid', 'paid-not-recorded', 'paid-after-expiry', 'stuck', 'not-at-provider', 'refused-there'] as const;
export type OrderFault = (typeof ORDER_FAULTS)[number];

export interface OrderFinding {
  readonly fault: OrderFault;
  readonly order: string;
  /** Of the payment, or of the order that waits. */
  readonly at: number | undefined;
  readonly minor: number;
  readonly currency: string;
}

export interface StateOptions {
  /** Nothing later than this is in the tables. */
  readonly asOf: number;
  /** A payment needs so long to be recorded here. */
  readonly graceMs: number;
  /** An order that waits for longer is stuck. */
  readonly stuckMs: number;
  /** For orders that name no time of expiry; undefined: they do not expire. */
  readonly expiryMs: number | undefined;
  /** A provider's table without a status lists what was paid. */
  readonly listsPaid: boolean;
}

export function compareStates(
  orders: readonly MoneyRecord[],
  charges: readonly MoneyRecord[] | undefined,
  options: StateOptions,
): readonly OrderFinding[] {
  const byOrder = groupPaid(charges ?? [], options.listsPaid);
  const refunded = new Set((charges ?? []).filter(({ kind }) => kind === 'refund' || kind === 'reversal').map(({ orderNo }) => orderNo));
  const covered = coverage(charges);
  return latestByNumber(orders).flatMap((order) => {
    const paid = byOrder.get(order.orderNo) ?? [];
    const first = paid[0];
    const undone = refunded.has(order.orderNo);
    const find = (fault: OrderFault, of: MoneyRecord = order): OrderFinding => ({
      fault,
      order: order.orderNo,
      at: of.at,
      minor: Math.abs(of.amount?.minor ?? 0),
      currency: of.currency,
    });
    if (paid.length > 1 && !undone) return [find('double-paid', paid.at(-1))];
    if (first && !undone && order.state !== 'paid' && order.state !== 'refunded') {
      if (isLate(first, order, options)) return [find('paid-after-expiry', first)];
      return options.asOf - (first.at ?? 0) > options.graceMs ? [find('paid-not-recorded', first)] : [];
    }
    if (order.state === 'pending' && options.asOf - (order.at ?? options.asOf) > options.stuckMs) return [find('stuck')];
    if (order.state !== 'paid' || first || undone || !charges) return [];
    if (charges.some(({ orderNo, state }) => orderNo === order.orderNo && state === 'unpaid')) return [find('refused-there')];
    return order.at !== undefined && covered && order.at >= covered.from && order.at <= covered.to ? [find('not-at-provider')] : [];
  });
}

/** A row that came twice is one payment: one reference of the provider is one charge. */
function groupPaid(charges: readonly MoneyRecord[], listsPaid: boolean): ReadonlyMap<string, readonly MoneyRecord[]> {
  const groups = new Map<string, MoneyRecord[]>();
  for (const charge of charges) {
    const moved = charge.state === 'paid' || (listsPaid && charge.state === undefined);
    if (charge.orderNo === '' || charge.kind !== 'payment' || !moved) continue;
    const group = groups.get(charge.orderNo) ?? [];
    const known = charge.reference !== '' && group.some(({ reference }) => reference === charge.reference);
    if (!known) group.push(charge);
    groups.set(charge.orderNo, group);
  }
  return groups;
}

/** An export of events has an order several times; the last one tells its state. */
export function latestByNumber(orders: readonly MoneyRecord[]): readonly MoneyRecord[] {
  const latest = new Map<string, MoneyRecord>();
  for (const order of orders) {
    if (order.orderNo === '' || order.kind !== 'payment') continue;
    const known = latest.get(order.orderNo);
    if (!known || (order.at ?? 0) >= (known.at ?? 0)) latest.set(order.orderNo, order);
  }
  return [...latest.values()];
}

function isLate(charge: MoneyRecord, order: MoneyRecord, { expiryMs }: StateOptions): boolean {
  const expires = order.expiresAt ?? (expiryMs !== undefined && order.at !== undefined ? order.at + expiryMs : undefined);
  return expires !== undefined && charge.at !== undefined && charge.at > expires;
}

/** The time between the first and the last row: what is missing outside of it may lie in the file of another day. */
function coverage(charges: readonly MoneyRecord[] | undefined): { readonly from: number; readonly to: number } | undefined {
  const times = (charges ?? []).flatMap(({ at }) => (at === undefined ? [] : [at]));
  if (times.length === 0) return undefined;
  return times.reduce((range, at) => ({ from: Math.min(range.from, at), to: Math.max(range.to, at) }), {
    from: Number.POSITIVE_INFINITY,
    to: Number.NEGATIVE_INFINITY,
  });
}
