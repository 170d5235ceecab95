/**
 * Bills of Alipay: 业务明细 (what customers paid) and 账务明细 (movements of the account), and the file beside each that sums it up.
 * `#` begins a note; the last notes hold the totals. Numbers end with a tab. Pure.
 */
import { parseAmount } from '../money/amount.ts';
import { readAlipayTotal } from '../money/control-totals.ts';
import { splitCells } from '../money/table.ts';
import { createHeaderedReader, type HeaderedRules } from './headered.ts';
import type { Movement } from './movement.ts';
import { countUp, type Ending, type Format, holdTotals, leftOut, type Reader, readTotal, type Total } from './reader.ts';
import { bareName, type Columns, nameColumns } from './records.ts';
import { BEIJING } from './wechat.ts';

export const ALIPAY_DETAIL: Format = { id: 'alipay', zone: BEIJING, quoted: true, open: openDetail };
export const ALIPAY_LOG: Format = { id: 'alipay-account-log', zone: BEIJING, quoted: true, open: openLog };
export const ALIPAY_SUMMARY: Format = { id: 'alipay-summary', zone: BEIJING, quoted: true, isSummary: true, open: openSummary };

/** Notes, a header that is known by one of its names, rows, notes. Some put lines without a # before the header too. */
function createNotedReader(header: string, notes: string[], rules: Pick<HeaderedRules, 'row' | 'end'>): Reader {
  return createHeaderedReader({
    delimiter: ',',
    nameOf: bareName,
    isHeader: (cells) => cells.includes(header),
    aside(text) {
      const isNote = text.trimStart().startsWith('#');
      // Others are of no use, and anything may stand in them.
      if (isNote && text.includes('合计')) notes.push(text);
      return isNote;
    },
    ...rules,
  });
}

interface Side {
  count: number;
  sum: number;
}

const side = (): Side => ({ count: 0, sum: 0 });

function add(to: Side, text: string): void {
  to.count += 1;
  to.sum += Math.abs(parseAmount(text, 2)?.minor ?? 0);
}

/** What is a refund is told by the kind of the row: its sign has changed over the years. */
function openDetail(): Reader {
  const notes: string[] = [];
  const paid = side();
  const returned = side();
  return createNotedReader('支付宝交易号', notes, {
    row(columns, cells) {
      const business = columns.of(cells, '业务类型');
      const isRefund = business.includes('退款');
      if (!isRefund && !/交易|支付|收款/.test(business)) return `业务类型 "${business}" is neither 交易 nor 退款`;
      const amount = columns.of(cells, '订单金额');
      add(isRefund ? returned : paid, columns.of(cells, '商家实收'));
      const payment = columns.of(cells, '支付宝交易号');
      return [
        {
          orderNo: columns.of(cells, '商户订单号'),
          reference: (isRefund && columns.first(cells, '退款批次号/请求号', '退款批次号')) || payment,
          kind: isRefund ? 'refund' : 'payment',
          amount: isRefund ? amount.replace('-', '') : amount,
          currency: 'CNY',
          status: 'success',
          time: columns.first(cells, '完成时间', '创建时间'),
          zone: BEIJING,
          fee: isRefund ? '' : columns.of(cells, '服务费'),
        },
      ];
    },
    end({ rows }) {
      const found = { 交易订单总笔数: paid.count, 退款订单总笔数: returned.count };
      return endOf(
        notes.flatMap((text) => compare(text, paid, returned)),
        { rows, assumed: [], found },
      );
    },
  });
}

function endOf(totals: readonly Total[], { rows, ...rest }: Omit<Ending, 'totals'> & { readonly rows: number }): Ending | string {
  if (totals.length === 0) return `it ends before its totals, after ${rows} rows: it was cut off`;
  const held = holdTotals(totals);
  return typeof held === 'string' ? held : { totals: held, ...rest };
}

function compare(note: string, paid: Side, returned: Side): readonly Total[] {
  const total = readAlipayTotal(note);
  if (!total) return [];
  const own = total.kind === '退款' ? returned : paid;
  return [
    { of: `${total.kind}合计笔数`, declared: total.count, found: own.count, exponent: 0 },
    ...(total.received === undefined
      ? []
      : [{ of: `${total.kind}合计商家实收`, declared: total.received, found: own.sum, exponent: 2, isUnsigned: true }]),
  ];
}

function openLog(): Reader {
  const inward = side();
  const outward = side();
  const others = new Map<string, number>();
  const notes: string[] = [];
  return createNotedReader('账务流水号', notes, {
    row(columns, cells) {
      const [income, expense] = ['收入金额', '支出金额'].map((name) => columns.of(cells, name)) as [string, string];
      const isInward = Number(income.replaceAll(',', '')) !== 0;
      if (isInward === (Number(expense.replaceAll(',', '')) !== 0)) return 'it moves money both ways or not at all';
      const amount = (isInward ? income : expense).replace('-', '');
      add(isInward ? inward : outward, amount);
      const business = columns.of(cells, '业务类型');
      const kind = logKind(business, isInward);
      if (kind === undefined) {
        countUp(others, `${business} (${isInward ? '收入' : '支出'})`);
        return [];
      }
      const reference = columns.of(cells, '业务流水号') || columns.of(cells, '账务流水号');
      const base = { orderNo: columns.of(cells, '商户订单号'), reference, currency: 'CNY', zone: BEIJING } as const;
      return [{ ...base, kind, amount, status: 'success', time: columns.of(cells, '发生时间'), fee: '' }];
    },
    end({ rows }) {
      const found = { 收入笔数: inward.count, 支出笔数: outward.count, 收入金额: inward.sum, 支出金额: outward.sum };
      return endOf(
        notes.flatMap((note) => logTotals(note, inward, outward)),
        { rows, assumed: leftOut(others, 'they are no payments of orders'), found },
      );
    },
  });
}

function logKind(business: string, isInward: boolean): Movement['kind'] | undefined {
  if (/收费|服务费|手续费/.test(business)) return isInward ? undefined : 'fee';
  if (/退款|退费/.test(business)) return isInward || business.includes('退费') ? undefined : 'refund';
  return isInward && /支付|付款|收款|交易/.test(business) ? 'payment' : undefined;
}

/** `#收入合计：18笔，共14989.00元` */
function logTotals(note: string, inward: Side, outward: Side): readonly Total[] {
  const [, which, rest = ''] = /(收入|支出)合计[：:](.*)/.exec(note) ?? [];
  if (which === undefined) return [];
  const own = which === '收入' ? inward : outward;
  const [, count = rest.slice(0, 40), sum = ''] = /^([^笔]{0,40})笔[，,]?\s{0,9}共?([^元]{0,40})/.exec(rest) ?? [];
  return [
    { of: `${which}合计笔数`, declared: count.trim() || '?', found: own.count, exponent: 0 },
    { of: `${which}合计金额`, declared: sum.trim() || (rest.includes('元') ? '?' : ''), found: own.sum, exponent: 2, isUnsigned: true },
  ];
}

/** The row 合计 of a summary; a summary of one row needs none. */
function openSummary(): Reader {
  const rows: (readonly string[])[] = [];
  const wanted = ['交易订单总笔数', '退款订单总笔数', '收入笔数', '支出笔数'];
  let columns: Columns | undefined;
  return {
    read({ text }) {
      if (text.trim() === '' || text.trim().startsWith('#')) return [];
      const cells = splitCells(text, ',');
      if (columns) rows.push(cells);
      else if (cells.some((cell) => /笔数/.test(cell))) columns = nameColumns(cells.map(bareName));
      return [];
    },
    end() {
      const sum = rows.find((cells) => cells.includes('合计')) ?? (rows.length === 1 ? rows[0] : undefined);
      if (!sum || !columns) return { totals: 0, assumed: ['the summary has no row 合计: nothing is compared with it'] };
      const declared: Record<string, number> = {};
      for (const of of wanted) {
        const text = columns.of(sum, of);
        if (text === '') continue;
        const count = readTotal(of, text, 0);
        if (typeof count === 'string') return count;
        declared[of] = count;
      }
      return { totals: 0, assumed: [], declared };
    },
  };
}
