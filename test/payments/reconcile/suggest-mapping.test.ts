import { describe, expect, it } from 'vitest';
import { sniffLayout } from '../../../src/payments/reconcile/layout.ts';

const suggested = (head: string, side: 'orders' | 'statements' = 'statements'): string => {
  const layout = sniffLayout(head, { side, zone: undefined });
  return 'message' in layout ? (layout.hint ?? '') : 'it is understood';
};

describe('a suggested mapping', () => {
  it('knows columns by kindred names, decimal commas and the order of a date', () => {
    const hint = suggested('Bestell-Nr;Betrag;Datum;Stand\nA1;12,50;27.11.2026 11:00;ok\n');
    for (const line of ['order_no: "Bestell-Nr"', 'amount: "Betrag"', 'time: "Datum"', 'constants: { currency: ? }', 'decimal: ","'])
      expect(hint).toContain(line);
    expect(hint).toContain('time: { format: "DD.MM.YYYY HH:mm", zone: ? }');
  });

  it('looks at the cells where names tell nothing, and says what it did not find', () => {
    const hint = suggested(
      'a,when,cents,x,y\nORD-1,2026-01-01 10:00:00,1250,USD,captured\nORD-2,2026-01-01 10:01:00,1300,USD,captured\n',
      'orders',
    );
    for (const line of [
      'amount: "cents"',
      'currency: "x"',
      'status: "y"',
      'time: "when"',
      'order_no: ?   # one of: a, when, cents, x, y',
      'unit: ?',
    ])
      expect(hint).toContain(line);
  });

  it('takes an American date for one, and lists words that nobody knows', () => {
    const hint = suggested('order,total,date,status\nA,1.00,1/27/26,blurred\nB,2.00,1/9/26,paid\n', 'orders');
    expect(hint).toContain('format: "M/D/YY"');
    expect(hint).toContain('words: { status: { "blurred": ? } }');
  });
});
