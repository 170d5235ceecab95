/** Bills of WeChat Pay (ALL, SUCCESS, REFUND, of both generations) and Alipay as plain rows, their own totals held against their rows first. Pure. */
import { parseAmount, showMinor } from '../money/amount.ts';
import { readTotals } from '../money/control-totals.ts';
import { type Row, readTable } from '../money/table.ts';
import type { Refusal } from './layout.ts';

/** Both count days and write times in Beijing. */
export const BILL_ZONE = '+08:00';

export type BillKind = 'wechat' | 'alipay';

export interface Bill {
  readonly csv: string;
  readonly totals: number;
}

/** By the names of its columns. */
export function sniffBill(head: string): BillKind | undefined {
  const first = head.split(/\r?\n/).find((line) => line.trim() !== '' && !/^\uFEFF?#/.test(line)) ?? '';
  if (first.includes('微信订单号')) return 'wechat';
  return first.includes('支付宝交易号') ? 'alipay' : undefined;
}

/** A bill that does not add up is refused with the numbers: it may be cut, filtered or of another encoding. */
export function readBill(text: string, kind: BillKind): Bill | Refusal {
  const sums = readTotals(text, undefined);
  const end = text.split('\n').length;
  if (sums.cut) return { line: end, message: `it ends before its totals, after ${sums.rows} rows: it was cut off` };
  if (sums.ragged > 0) return { line: 1, message: `${sums.ragged} rows have another number of cells than the header` };
  const wrong = sums.totals.find(({ declared, found }) => declared !== found);
  if (wrong) {
    const show = (value: number): string => (/单数|笔数/.test(wrong.of) ? String(value) : showMinor(value, kind === 'wechat' ? 5 : 2));
    return { line: end, message: `control total ${wrong.of} is ${show(wrong.declared)} in the file and ${show(wrong.found)} by its rows` };
  }
  const lines = [HEADER];
  for (const row of readTable(text).rows) {
    const movement = kind === 'wechat' ? readWechat(row) : readAlipay(row);
    if (typeof movement === 'string') return { line: row.line, message: movement };
    lines.push(movement.map(csvCell).join(','));
  }
  return { csv: `${lines.join('\n')}\n`, totals: sums.totals.length };
}

const HEADER = 'order_no,provider_ref,kind,amount,currency,status,time,fee';

/** The cells of HEADER, or what is wrong with the row. */
type Movement = readonly string[] | string;

/** Rows of a refund stand on its day, with the time of the payment; a payment taken back stands there again as REVOKED. */
function readWechat({ cells }: Row): Movement {
  const state = cells['交易状态'] ?? '';
  const of = (...names: readonly string[]): string => names.map((name) => cells[name] ?? '').find((cell) => cell !== '') ?? '';
  const nonZero = (...names: readonly string[]): string => names.map((name) => cells[name] ?? '').find((cell) => Number(cell) !== 0) ?? '0';
  const paid = of('订单金额', '应结订单金额', '总金额');
  const currency = of('货币种类') || 'CNY';
  if (state === 'SUCCESS')
    return movement([of('商户订单号'), of('微信订单号'), 'payment', paid, currency, 'success', of('交易时间'), of('手续费')]);
  if (state !== 'REFUND' && state !== 'REVOKED') return '交易状态 is neither SUCCESS nor REFUND nor REVOKED';
  const kind = state === 'REFUND' ? 'refund' : 'reversal';
  const back = nonZero('申请退款金额', '退款金额', ...(kind === 'reversal' ? ['订单金额', '应结订单金额', '总金额'] : []));
  const status = WECHAT_REFUND[of('退款状态')] ?? (kind === 'reversal' ? 'success' : undefined);
  if (status === undefined) return '退款状态 is a word that oor does not know';
  const reference = of('微信退款单号').replace(/^0$/, '') || of('微信订单号');
  return movement([of('商户订单号'), reference, kind, back, currency, status, of('退款成功时间', '交易时间'), '']);
}

const WECHAT_REFUND: Readonly<Record<string, string>> = {
  SUCCESS: 'success',
  PROCESSING: 'pending',
  FAIL: 'failed',
  CHANGE: 'failed',
};

/** What is a refund is told by the kind of the row: its sign has changed over the years. */
function readAlipay({ cells }: Row): Movement {
  const of = (start: string): string => cells[Object.keys(cells).find((name) => name.startsWith(start)) ?? ''] ?? '';
  const isRefund = of('业务类型').includes('退款');
  const reference = (isRefund && of('退款批次号')) || of('支付宝交易号');
  const fee = isRefund ? '' : of('服务费');
  return movement([of('商户订单号'), reference, isRefund ? 'refund' : 'payment', of('订单金额'), 'CNY', 'success', of('完成时间'), fee]);
}

/** Fees of WeChat Pay have five decimals. */
function movement(cells: readonly [string, string, string, string, string, string, string, string]): Movement {
  const [orderNo, reference, kind, amount, currency, status, time, fee] = cells;
  const money = parseAmount(amount, 2);
  if (money === undefined || money.finer !== 'no') return 'its amount is no amount';
  const charged = fee === '' ? undefined : parseAmount(fee, 2);
  const value = kind === 'payment' ? money.minor : Math.abs(money.minor);
  return [orderNo, reference, kind, showMinor(value, 2), currency, status, time, charged === undefined ? '' : showMinor(charged.minor, 2)];
}

function csvCell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
