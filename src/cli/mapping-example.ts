/** Shown by `oor reconcile --help` and in the README; a test reads it. */
export const MAPPING_EXAMPLE = `oor: 1
name: acme-bank
files: ["acme-*.csv"]          # without it: every file that has these columns
skip: 2                        # lines before the header
delimiter: ";"
columns: { order_no: Ref, provider_ref: Txn, kind: Type, amount: Value, status: State, time: [Date, Time], fee: Fee }
constants: { currency: EUR }
unit: major                    # or minor
decimal: ","
sign: { negative: refund }     # what a payment of a negative amount is
time: { format: "DD/MM/YYYY HH:mm:ss", zone: Europe/Lisbon }
words:
  kind: { Compra: payment, Devolucao: refund, Taxa: fee, Saldo: skip }
  status: { OK: paid, KO: unpaid, "...": pending }
totals: { begins: Total, count: 2, sum: 5 }   # the line that sums up: cells with the count and the sum
`;
