/** What a check gets of `oor reconcile`: the same reading and the same comparison, told in numbers. */
import type { ReconcileAnswer, ReconcileRequest, Workbench } from '../ports.ts';
import { createRedactor } from '../redact/index.ts';
import { readMappings } from './mapping-file.ts';
import { compareOpened, openToCompare } from './reconcile.ts';
import type { Services } from './services.ts';

const EXAMPLES = 100;

export interface ReconcileDeps extends Pick<Services, 'readFile'> {
  readonly nowMs: number;
  readonly workbench: () => Promise<Workbench>;
}

export async function reconcileFor(
  { readFile, nowMs, workbench }: ReconcileDeps,
  { orders, statements, mappings, zone, fromMs, toMs, marginMs }: ReconcileRequest,
): Promise<ReconcileAnswer> {
  const named = await readMappings({ readFile }, mappings);
  const bench = await workbench();
  try {
    const opened = await openToCompare(bench, { orders, statements, tz: zone, mappings: named, nowMs });
    const asked = { fromMs: fromMs + marginMs, toMs: toMs - marginMs, bookedMs: nowMs - marginMs };
    const { found, covered } = await compareOpened(bench, opened, { window: { fromMs, toMs }, asked });
    const rows = (side: string): number => found.files.reduce((sum, file) => sum + (file.side === side ? file.rows : 0), 0);
    // A card number can stand in any column.
    const { value } = createRedactor().json({
      orders: rows('orders'),
      statements: rows('statements'),
      counts: found.counts,
      waiting: found.differences.filter(({ action }) => action === 'wait-next-statement').length,
      ...covered,
      valueAtRisk: found.value_at_risk,
      differences: found.differences.slice(0, EXAMPLES).map(({ class: name, order_no, action, value: amount, currency }) => ({
        class: name,
        order: order_no,
        action,
        value: amount,
        currency,
      })),
      notes: [...opened.notes, ...found.notes],
    });
    return value;
  } finally {
    await bench.close();
  }
}
