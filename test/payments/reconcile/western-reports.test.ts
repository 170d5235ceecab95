import { describe, expect, it } from 'vitest';
import { adyenAccounting, adyenSettlement, stripeReport } from './bills-of-providers.ts';
import { readBill, refusal } from './read-bill.ts';

const brief = (rows: readonly string[]): readonly string[] => rows.map((row) => row.split(',').slice(0, 6).join(' '));

describe('reports of Stripe', () => {
  const CHARGE = { category: 'charge', gross: '45.91', fee: '0.94', source: 'ch_1', charge: 'ch_1', intent: 'pi_1', order: 'A1' };

  it('reads charges, refunds, partial captures, disputes, fees and yen; leaves payouts out and says so', async () => {
    const { format, rows, ending } = await readBill(
      stripeReport([
        CHARGE,
        { category: 'refund', gross: '-19.00', source: 're_1', charge: 'ch_1', intent: 'pi_1', order: 'A1' },
        { ...CHARGE, gross: '500', fee: '18', currency: 'jpy', source: 'ch_2', charge: 'ch_2', order: 'A2' },
        { category: 'partial_capture_reversal', gross: '-10.00', fee: '-0.20', source: 're_2', charge: 'ch_1', order: 'A1' },
        { category: 'dispute', gross: '-20.00', fee: '15.00', source: 'dp_1', charge: 'ch_3', order: 'A3' },
        { category: 'fee', gross: '-2.00', source: 'fee_1' },
        { category: 'payout', gross: '-40.00', source: 'po_1' },
      ]),
    );
    expect(format).toBe('stripe');
    expect(brief(rows)).toEqual([
      'A1 ch_1 payment 45.91 EUR success',
      'A2 ch_2 payment 500 JPY success',
      'A1 re_2 reversal 10.00 EUR success',
      ' fee_1 fee 2.00 EUR success',
      'A1 re_1 refund 19.00 EUR success',
      'A3 dp_1 dispute 20.00 EUR success',
    ]);
    expect(rows[0]).toContain('2026-11-27T09:00:31Z,0.94');
    expect(ending.assumed.join('; ')).toMatch(/no totals of its own.*order_no is the column payment_metadata\[order_id\].*1 row of payout/);
  });

  it('takes back a refund that failed and a dispute that was won, in whatever order they stand', async () => {
    const rows = [
      { category: 'refund', gross: '-19.00', source: 're_1', order: 'A1' },
      { category: 'refund_failure', gross: '19.00', source: 're_1', order: 'A1' },
      { category: 'dispute', gross: '-20.00', fee: '15.00', source: 'dp_1', order: 'A3' },
      { category: 'dispute_reversal', gross: '20.00', fee: '-15.00', source: 'dp_1', order: 'A3' },
      { category: 'dispute_reversal', gross: '7.00', source: 'dp_9', order: 'A9' },
    ];
    for (const given of [rows, rows.toReversed()]) {
      const { rows: read, ending } = await readBill(stripeReport(given));
      expect(brief(read)).toEqual(['A1 re_1 refund 19.00 EUR failed']);
      expect(ending.assumed.join()).toContain('1 refunds or disputes of other files were undone');
    }
  });

  it('finds orders by the transaction id that the orders keep, where no metadata names them', async () => {
    const text = stripeReport([
      { ...CHARGE, order: '' },
      { category: 'refund', gross: '-1.00', source: 're_1', charge: 'ch_1', intent: 'pi_1' },
    ]);
    expect(brief((await readBill(text, { reference: 'pi' })).rows)).toEqual([
      ' pi_1 payment 45.91 EUR success',
      ' pi_1 refund 1.00 EUR success',
    ]);
    expect(brief((await readBill(text)).rows)).toEqual([' ch_1 payment 45.91 EUR success', ' ch_1 refund 1.00 EUR success']);
  });

  it('reads the balance history of the dashboard', async () => {
    const { rows, format } = await readBill(
      'id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),order_id (metadata)\n' +
        'txn_1,charge,ch_1,"1,029.00",30.00,999.00,aud,2026-01-21 07:21,2026-01-27 00:00,A1\ntxn_2,stripe_fee,,-2.00,0.00,-2.00,aud,2026-01-21 07:21,2026-01-27 00:00,\n',
    );
    expect({ format, rows: brief(rows), time: rows[0]?.includes('2026-01-21T07:21:00Z') }).toEqual({
      format: 'stripe',
      rows: ['A1 ch_1 payment 1029.00 AUD success', ' txn_2 fee 2.00 AUD success'],
      time: true,
    });
  });

  it('refuses a row that does not add up, with the numbers', async () => {
    expect(await refusal(stripeReport([CHARGE, { ...CHARGE, net: '44.98' }]))).toBe(
      'line 3: it does not add up: gross 45.91 less fee 0.94 is not net 44.98',
    );
    expect(await refusal(stripeReport([{ ...CHARGE, order: '@cmd' }]))).toContain('line 2: a cell begins like a formula');
    expect(await refusal(stripeReport([CHARGE]) + stripeReport([CHARGE]))).toContain('line 3: the header is repeated');
    expect((await readBill(stripeReport([CHARGE, { ...CHARGE, category: 'constructor' }]))).ending.assumed.join()).toContain(
      '1 row of constructor',
    );
    expect(await refusal(stripeReport([CHARGE]) + stripeReport([CHARGE]).slice(1))).toContain('line 3: the header is repeated');
    expect(await refusal(stripeReport([{ ...CHARGE, currency: 'xxq' }]))).toContain('currency "xxq"');
  });
});

describe('reports of Adyen', () => {
  const SETTLED = { type: 'Settled', psp: 'PSP1', order: 'A1', modification: 'M1', gross: '45.99', net: '45.10' };

  it('reads settlement details: captures in parts, refunds, chargebacks, fees and the payout', async () => {
    const { format, rows, ending } = await readBill(
      adyenSettlement([
        SETTLED,
        { ...SETTLED, modification: 'M2', gross: '4.01', net: '3.90' },
        { type: 'Refunded', psp: 'PSP1', order: 'A1', modification: 'R1', gross: '-5.00', net: '-5.10' },
        { type: 'Chargeback', psp: 'PSP2', order: 'A2', modification: 'C1', gross: '-20.00', net: '-35.00' },
        { type: 'Chargeback', psp: 'PSP3', order: 'A3', modification: 'C2', gross: '-10.00', net: '-10.00' },
        { type: 'ChargebackReversed', psp: 'PSP3', order: 'A3', modification: 'C3', gross: '10.00', net: '10.00' },
        { type: 'Fee', modification: 'Transaction Fees November', net: '-0.90' },
        { type: 'MerchantPayout', net: '-8.00' },
      ]),
    );
    expect(format).toBe('adyen-settlement');
    expect(brief(rows)).toEqual([
      'A1 PSP1 payment 45.99 EUR success',
      'A1 M2 payment 4.01 EUR success',
      ' Transaction Fees November fee 0.90 EUR success',
      'A1 R1 refund 5.00 EUR success',
      'A2 C1 dispute 20.00 EUR success',
    ]);
    expect(rows[0]).toContain('2026-11-27T09:22:31Z,0.89');
    expect(ending.assumed.join('; ')).toMatch(/what is paid out is the sum of the rows, in 1 batch.*1 row of MerchantPayout/);
  });

  it('refuses a batch that pays out something else than its rows, with both numbers', async () => {
    const text = adyenSettlement([SETTLED, { type: 'MerchantPayout', net: '-45.20' }]);
    expect(await refusal(text)).toContain('control total: batch 118 in EUR pays out 45.2, and its rows come to 45.1');
    expect((await readBill(adyenSettlement([SETTLED]))).ending.assumed.join()).toContain('no totals of its own: it has no row of a payout');
  });

  it('refuses a zone that means two, unless it is told', async () => {
    const text = adyenSettlement([{ ...SETTLED, zone: 'CST' }]);
    expect(await refusal(text)).toContain('TimeZone "CST" means no zone or two; --tz says which');
    expect((await readBill(text, { zone: '+08:00' })).rows[0]).toContain('2026-11-27T02:22:31Z');
  });

  it('reads the payment accounting report: money moves when it is sent for settlement', async () => {
    const { format, rows, ending } = await readBill(
      adyenAccounting([
        { type: 'Received', psp: 'PSP1', order: 'A1', amount: '45.99' },
        { type: 'Authorised', psp: 'PSP1', order: 'A1', amount: '45.99' },
        { type: 'SentForSettle', psp: 'PSP1', order: 'A1', amount: '45.99', modification: 'M1' },
        { type: 'Settled', psp: 'PSP1', order: 'A1', amount: '45.99', modification: 'M1' },
        { type: 'Refused', psp: 'PSP2', order: 'A2', amount: '9.00' },
        { type: 'SentForRefund', psp: 'PSP1', order: 'A1', amount: '-5.00', modification: 'R1' },
        { type: 'SentForRefund', psp: 'PSP1', order: 'A1', amount: '-6.00', modification: 'R2' },
        { type: 'RefundFailed', psp: 'PSP1', order: 'A1', amount: '6.00', modification: 'R2' },
      ]),
    );
    expect(format).toBe('adyen-accounting');
    expect(brief(rows)).toEqual([
      'A1 PSP1 payment 45.99 EUR pending',
      'A1 PSP1 payment 45.99 EUR success',
      'A2 PSP2 payment 9.00 EUR failed',
      'A1 R1 refund 5.00 EUR success',
      'A1 R2 refund 6.00 EUR failed',
    ]);
    expect(rows[1]).toContain('2026-11-27T18:22:31Z,0.60');
    expect(ending.assumed.join('; ')).toMatch(/no totals of its own.*sent for settlement.*1 row of Received, 1 row of Settled/);
  });
});
