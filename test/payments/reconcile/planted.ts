/** Orders and the statements of them, with every kind of difference planted and many shapes that only look like one. */

export interface Planted {
  readonly class: string;
  readonly order_no: string;
}

export interface Sink {
  orders(line: string): void;
  statements(line: string): void;
  /** The statement of the channel that was switched to. */
  others?(line: string): void;
}

export const HEADER = 'order_no,provider_ref,kind,amount,currency,status,time,fee\n';

interface Shape {
  readonly classes: readonly string[];
  /** Rows of an order: `<` of the orders, `>` of the statement, `}` of that of the other channel; kind, amount in hundredths, status, transaction id, fee in hundredths. */
  rows(amount: number): readonly Row[];
}

type Row = readonly [
  side: '<' | '>' | '}',
  kind: string,
  minor: number,
  status: string,
  ref?: string,
  currency?: string,
  fee?: number,
  suffix?: string,
];

const paid = (side: '<' | '>' | '}', minor: number, ref = 'a'): Row => [side, 'payment', minor, side === '<' ? 'paid' : 'success', ref];

/** Each differs in the classes named and in nothing else. */
const DIFFERENT: readonly Shape[] = [
  { classes: ['paid_not_recorded'], rows: (m) => [['<', 'payment', m, 'unpaid', ''], paid('>', m)] },
  { classes: ['paid_not_recorded'], rows: (m) => [['<', 'payment', m, 'closed', ''], paid('>', m)] },
  { classes: ['paid_not_recorded'], rows: (m) => [['<', 'payment', m, 'pending', 'a'], paid('>', m)] },
  { classes: ['missing_at_provider'], rows: (m) => [paid('<', m)] },
  { classes: ['missing_here'], rows: (m) => [paid('>', m)] },
  { classes: ['duplicate_charge'], rows: (m) => [paid('<', m), paid('>', m), paid('>', m, 'b')] },
  { classes: ['duplicate_charge', 'duplicate_charge'], rows: (m) => [paid('<', m), paid('>', m), paid('>', m, 'b'), paid('>', m, 'c')] },
  { classes: ['duplicate_charge', 'paid_not_recorded'], rows: (m) => [['<', 'payment', m, 'unpaid', ''], paid('>', m), paid('>', m, 'b')] },
  { classes: ['duplicate_row'], rows: (m) => [paid('<', m), paid('>', m), paid('>', m)] },
  { classes: ['amount_mismatch'], rows: (m) => [paid('<', m), paid('>', m * 100)] },
  { classes: ['amount_mismatch'], rows: (m) => [paid('<', m), paid('>', m - 1)] },
  { classes: ['currency_mismatch'], rows: (m) => [paid('<', m), ['>', 'payment', m, 'success', 'a', 'USD']] },
  { classes: ['status_mismatch'], rows: (m) => [paid('<', m), ['>', 'payment', m, 'failed', 'a']] },
  { classes: ['status_mismatch'], rows: (m) => [paid('<', m), ['>', 'payment', m, 'pending', 'a']] },
  { classes: ['fee_mismatch'], rows: (m) => [paid('<', m), ['>', 'payment', m, 'success', 'a', 'CNY', 66]] },
  { classes: ['refund_mismatch'], rows: (m) => [paid('<', m), paid('>', m), ['>', 'refund', m, 'success', 'r']] },
  { classes: ['refund_mismatch'], rows: (m) => [paid('<', m), ['<', 'refund', m, 'success', 'r'], paid('>', m)] },
  {
    classes: ['refund_mismatch'],
    rows: (m) => [paid('<', m), ['<', 'refund', 300, 'success', 'r'], paid('>', m), ['>', 'refund', 200, 'success', 'r']],
  },
  {
    classes: ['refund_mismatch'],
    rows: (m) => [
      paid('<', m),
      ['<', 'refund', m, 'success', 'r'],
      paid('>', m),
      ['>', 'refund', m, 'success', 'r'],
      ['>', 'refund', m, 'success', 's'],
    ],
  },
  {
    classes: ['refund_mismatch'],
    rows: (m) => [paid('<', m), ['<', 'refund', m + 1, 'success', 'r'], paid('>', m), ['>', 'refund', m + 1, 'success', 'r']],
  },
  { classes: ['reversal_open'], rows: (m) => [paid('<', m), paid('>', m), ['>', 'reversal', m, 'success', 'v']] },
  { classes: ['reversal_open'], rows: (m) => [['<', 'payment', m, 'failed', 'a'], ['<', 'reversal', m, 'pending', 'v'], paid('>', m)] },
  { classes: ['reversal_open'], rows: (m) => [['<', 'payment', m, 'failed', 'a'], ['<', 'reversal', m, 'success', 'v'], paid('>', m)] },
  { classes: ['dispute'], rows: (m) => [paid('<', m), paid('>', m), ['>', 'dispute', m, 'success', 'd']] },
];

/** In order, however they look. */
const ALIKE: readonly Shape[] = [
  { classes: [], rows: (m) => [['<', 'payment', m, 'unpaid', '']] },
  {
    classes: [],
    rows: (m) => [
      ['<', 'payment', m, 'failed', 'a'],
      ['>', 'payment', m, 'failed', 'a'],
    ],
  },
  {
    classes: [],
    rows: (m) => [
      ['<', 'payment', m, 'pending', 'a'],
      ['>', 'payment', m, 'pending', 'a'],
    ],
  },
  { classes: [], rows: (m) => [['>', 'payment', m, 'failed', 'a']] },
  { classes: [], rows: (m) => [paid('<', m), ['<', 'refund', m, 'success', 'r'], paid('>', m), ['>', 'refund', -m, 'success', 'r']] },
  { classes: [], rows: (m) => [['<', 'payment', m, 'refunded', 'a'], paid('>', m), ['>', 'refund', m, 'success', 'r']] },
  {
    classes: [],
    rows: (m) => [
      ['<', 'payment', m, 'failed', 'a'],
      ['<', 'reversal', m, 'success', 'v'],
      paid('>', m),
      ['>', 'reversal', m, 'success', 'v'],
    ],
  },
  // captured in two parts
  {
    classes: [],
    rows: (m) => [paid('<', m), ['>', 'payment', m - 100, 'success', 'a', 'CNY', 5], ['>', 'payment', 100, 'success', 'b', 'CNY', 1]],
  },
  // charged twice, and the second given back at once
  { classes: [], rows: (m) => [paid('<', m), paid('>', m), paid('>', m, 'b'), ['>', 'refund', m, 'success', 'r']] },
  // listed as open and later as paid
  { classes: [], rows: (m) => [paid('<', m), ['>', 'payment', m, 'pending', 'a'], paid('>', m)] },
  {
    classes: [],
    rows: (m) => [
      ['<', 'payment', m, 'paid', 'a', 'CNY', 6],
      ['>', 'payment', m, 'success', 'a', 'CNY', 7],
    ],
  },
  {
    classes: [],
    rows: (m) => [
      ['<', 'payment', m, 'paid', 'a', 'JPY'],
      ['>', 'payment', m, 'success', 'a', 'JPY'],
    ],
  },
  {
    classes: [],
    rows: (m) => [
      ['<', 'payment', m, 'paid', 'a', 'KWD'],
      ['>', 'payment', m, 'success', 'a', 'KWD'],
    ],
  },
];

/** What a switch of the channel leaves behind. */
const SWITCHED: readonly Shape[] = [
  { classes: ['duplicate_charge'], rows: (m) => [paid('<', m), paid('>', m), paid('}', m, 'b')] },
  // the second payment was booked too
  { classes: ['duplicate_charge'], rows: (m) => [paid('<', m), paid('<', m, 'b'), paid('>', m), paid('}', m, 'b')] },
  { classes: ['paid_not_recorded'], rows: (m) => [['<', 'payment', m, 'pending', 'a'], paid('}', m, 'b')] },
  { classes: [], rows: (m) => [paid('<', m, 'b'), ['>', 'payment', m, 'failed', 'a'], paid('}', m, 'b')] },
  { classes: [], rows: (m) => [paid('<', m), paid('>', m), paid('}', m, 'b'), ['}', 'refund', m, 'success', 'r']] },
  // the statement names the order by a number of its own, and the transaction by ours
  { classes: [], rows: (m) => [paid('<', m, 'b'), ['}', 'payment', m, 'success', 'b', 'CNY', 6, '-2']] },
  { classes: ['duplicate_row'], rows: (m) => [paid('<', m), paid('>', m), ['>', 'payment', m, 'success', 'a', 'CNY', 6, '-2']] },
];

const EXPONENTS: Readonly<Record<string, number>> = { JPY: 0, KWD: 3 };
const DAY_MS = 86_400_000;

interface Planting {
  readonly every?: number;
  readonly from?: number;
  /** Which orders are unlike, and how, is drawn. */
  readonly seed?: number;
}

/** mulberry32 */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `every`: one order in so many is unlike the others. */
export function plantOrders(
  count: number,
  sink: Sink,
  { every = 10, from = Date.UTC(2026, 10, 26, 16), seed }: Planting = {},
): readonly Planted[] {
  sink.orders(HEADER);
  sink.statements(HEADER);
  sink.others?.(HEADER);
  const planted: Planted[] = [];
  const shapes = [...DIFFERENT, ...ALIKE, ...(sink.others ? SWITCHED : [])];
  const random = seed === undefined ? undefined : createRandom(seed);
  const usual: Shape = { classes: [], rows: (m) => [paid('<', m), paid('>', m)] };
  for (let at = 0; at < count; at++) {
    const isUnlike = random ? random() * every < 1 : at % every === 0;
    const which = random ? Math.floor(random() * shapes.length) : (at / every) % shapes.length;
    const shape = isUnlike ? (shapes[which] ?? usual) : usual;
    const order_no = `OD${String(at).padStart(9, '0')}`;
    const time = from + Math.floor((at / count) * (DAY_MS - 60_000));
    const minor = 500 + (random ? Math.floor(random() * 90_000) : (at * 7919) % 90_000);
    for (const row of shape.rows(minor)) write(sink, order_no, time, row);
    for (const name of shape.classes) planted.push({ class: name, order_no });
  }
  return planted;
}

function write(
  sink: Sink,
  order_no: string,
  time: number,
  [side, kind, minor, status, ref = 'a', currency = 'CNY', fee = 6, suffix = '']: Row,
): void {
  const places = EXPONENTS[currency] ?? 2;
  const amount = (minor / 10 ** places).toFixed(places);
  // The second charge came later; each side writes times in its own way.
  const moved = time + (ref === 'b' ? 20_000 : ref === 'c' ? 30_000 : 0);
  const when = side === '<' ? new Date(moved).toISOString() : `${new Date(moved + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
  const reference = ref === '' ? '' : `4200${order_no.slice(2)}${ref}`;
  const shown = kind === 'payment' ? (fee / 10 ** places).toFixed(places) : '';
  const line = `${order_no}${suffix},${reference},${kind},${amount},${currency},${status},${when},${shown}\n`;
  if (side === '<') sink.orders(line);
  else if (side === '}') sink.others?.(line);
  else sink.statements(line);
}
