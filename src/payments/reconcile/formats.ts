/** Which format a file has, by its beginning. Pure. */
import { chooseDelimiter, splitCells } from '../money/table.ts';
import { sniffAdyen } from './adyen.ts';
import { ALIPAY_DETAIL, ALIPAY_LOG, ALIPAY_SUMMARY } from './alipay.ts';
import type { Format } from './reader.ts';
import { isStripe, plainName, STRIPE } from './stripe.ts';
import { sniffUnionPay } from './unionpay.ts';
import { WECHAT_TRADE } from './wechat.ts';
import { WECHAT_FUNDS } from './wechat-funds.ts';

/** Notes before the header of a bill. */
const MOST_NOTES = 30;

/** undefined: a table in columns of anybody's own. */
export function sniffFormat(head: string): Format | undefined {
  const lines = head.replace(/^\uFEFF/, '').split(/\r?\n/, MOST_NOTES);
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  const cells = splitCells(first, chooseDelimiter([first]));
  if (cells.includes('微信订单号') && cells.includes('交易状态')) return WECHAT_TRADE;
  if (cells.includes('资金流水单号') && cells.includes('收支类型')) return WECHAT_FUNDS;
  const header = cells.map(plainName);
  if (isStripe(header)) return STRIPE;
  return sniffAdyen(header) ?? sniffAlipay(lines) ?? sniffUnionPay(first);
}

function sniffAlipay(lines: readonly string[]): Format | undefined {
  for (const line of lines) {
    if (line.startsWith('#')) continue;
    const cells = splitCells(line, ',');
    if (cells.includes('支付宝交易号') && cells.includes('业务类型')) return ALIPAY_DETAIL;
    if (cells.includes('账务流水号') && cells.some((cell) => cell.startsWith('收入金额'))) return ALIPAY_LOG;
    if (cells.includes('交易订单总笔数') || (cells.includes('收入笔数') && cells.includes('支出笔数'))) return ALIPAY_SUMMARY;
  }
  return undefined;
}

/** Files of the archives of UnionPay that list no payments: fees and splits of shares, and their totals. */
const OTHER_MEMBERS = /(?:^|\/)(?:R[DN]\w*|INN\d\w*(?:PED|ALFEE|ZMSUM|SUM)_\w*)(?:\.\w+)?$|(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$)/i;

/** Of an archive; a file that lists no payments and is known not to. */
export function isOtherMember(name: string): boolean {
  return OTHER_MEMBERS.test(name);
}
