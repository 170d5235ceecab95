/** What is said of the files of `oor reconcile`, in Chinese; names, formats and the data of files stay as they are. */
import { createTranslator } from '../checks/pattern-words.ts';

/** By the English text, `{}` for what it names. */
const WORDS: Readonly<Record<string, string>> = {
  // What was taken for granted.
  '{} is the column {}': '{0} 取自列 {1}',
  'its encoding is {}': '编码为 {0}',
  'times without a zone are UTC (--tz says otherwise)': '未注明时区的时间按 UTC（可用 --tz 指定）',
  'times that name no zone are {}': '未注明时区的时间按 {0}',
  'times are {}': '时间按 {0}',
  'times are {} (--tz says otherwise)': '时间按 {0}（可用 --tz 指定）',
  'times name no year: {} by the name of the file, or the year before for later days': '时间无年份：按文件名取 {0} 年，更晚的日期取上一年',
  'times name no year: {} by the clock of this machine, or the year before for later days':
    '时间无年份：按本机时钟取 {0} 年，更晚的日期取上一年',
  'every row is a payment: there is no column kind': '无 kind 列：每行按支付处理',
  'every row moved money: there is no column status': '无 status 列：每行按已动账处理',
  'rows are told apart by order number alone: there is no column provider_ref': '无 provider_ref 列：仅按订单号区分',
  'a file of the format {}': '格式 {0}',
  'a file of the format {}; {} control totals hold': '格式 {0}；{1} 项汇总相符',
  'the file has no totals of its own': '文件无汇总项',
  'the file has no totals of its own: it has no row of a payout': '文件无汇总项：没有打款行',
  'the file has no totals of its own; gross less fee is net in every row': '文件无汇总项；每行总额减手续费等于净额',
  'what is paid out is the sum of the rows, in {} batch': '{0} 个批次的打款等于明细之和',
  'what is paid out is the sum of the rows, in {} batches': '{0} 个批次的打款等于明细之和',
  'the summary has no row 合计: nothing is compared with it': '汇总文件无合计行：不与之核对',
  'the currency is CNY': '币种为 CNY',
  'amounts are in minor units': '金额以最小货币单位计',
  'read by the mapping {}': '按映射 {0} 读取',
  'no column names the order: orders are found by the transaction id': '无订单号列：按流水号匹配订单',
  'each row is a dispute; the payment is named by its trace number and time, not by an order':
    '每行为一笔争议；以跟踪号和时间指明支付，无订单号',
  'the order number is the 业务凭证号; for a refund that is the number of the refund, and the order is found by its transaction id alone':
    '订单号取业务凭证号；退款行为退款单号，仅按流水号匹配订单',
  'a payment counts when it is sent for settlement: rows Settled and Refunded book the same money later and are left out':
    '以送清算为准计入支付：Settled 与 Refunded 行为同一笔款后续入账，略去',
  '{} refunds or disputes of other files were undone: they are left out': '{0} 笔其他文件的退款或争议被撤回，略去',
  'left out: {}; they are no payments of orders': '略去：{0}；不是订单支付',
  'left out: {}; no money of an order moved': '略去：{0}；未动订单款项',
  'left out: {}; the mapping skips them': '略去：{0}；映射规定跳过',
  // Notes.
  '{}: {} is left out: it lists no payments': '{0}：略去 {1}，其中无支付',
  '{} has the same bytes as {} (sha256 {}): it is left out': '{0} 与 {1} 内容完全相同（sha256 {2}），略去',
  '{} lists no movements of orders': '{0} 中没有订单的动账',
  '{} lists the same payments as the {} file: its totals were checked, its rows are not compared':
    '{0} 与 {1} 文件列的是同一批支付：已核对汇总，不比对明细',
  'the files were compared whole; told is what moved from {} to {}: the window, and {} min at each end as payments are booked later than they are made':
    '文件已整体比对；仅列出 {0} 至 {1} 的动账：即所选时段，两端各加 {2} 分钟（入账晚于支付）',
  'the orders do not cover {} to {}, which lies in the window: what moved then is not known':
    '订单未覆盖所选时段中的 {0} 至 {1}：该时段情况未知',
  'the statements do not cover {} to {}, which lies in the window: what moved then is not known':
    '账单未覆盖所选时段中的 {0} 至 {1}：该时段情况未知',
  'the orders ({}) do not cover {} to {}, which lies in the window: what moved then is not known':
    '订单（{0}）未覆盖所选时段中的 {1} 至 {2}：该时段情况未知',
  'the statements ({}) do not cover {} to {}, which lies in the window: what moved then is not known':
    '账单（{0}）未覆盖所选时段中的 {1} 至 {2}：该时段情况未知',
  'no row of either side lies in the window: nothing was compared in it': '所选时段内双方均无记录：未比对任何数据',
  '{} payments are missing on one side at a time that its files do not cover: name files that do':
    '{0} 笔支付仅一方有记录，而另一方的文件未覆盖该时间：请提供覆盖该时间的文件',
  '{} differences lie outside of the window and are not told': '{0} 项差异在所选时段之外，未列出',
  'fees of {} orders differ by no more than rounding, yet together the provider takes {} more than is booked here: its rate or its rounding is another':
    '{0} 笔订单的手续费差异均在舍入之内，但合计渠道多收 {1}：费率或舍入方式不同',
  'fees of {} orders differ by no more than rounding, yet together the provider takes {} less than is booked here: its rate or its rounding is another':
    '{0} 笔订单的手续费差异均在舍入之内，但合计渠道少收 {1}：费率或舍入方式不同',
  'times of the statements are {} h later than those of the same orders: one side is in another zone (--tz)':
    '同一订单在账单中的时间晚 {0} 小时：有一方时区不同（--tz）',
  'the days of the orders begin {} h after those of the statements: what only one side covers is cross_day':
    '订单的日切比账单晚 {0} 小时：仅一方覆盖的部分计为 cross_day',
  'the days of the orders begin {} h before those of the statements: what only one side covers is cross_day':
    '订单的日切比账单早 {0} 小时：仅一方覆盖的部分计为 cross_day',
  // Reasons.
  '{} here, {} there': '本方 {0}，渠道 {1}',
};

const translate = createTranslator(WORDS);

export function describeInChinese(text: string): string {
  return translate(text)
    .replace(/(\d+) rows? of /g, '$1 行 ')
    .replace('the first row', '首行')
    .replace('the last row', '末行');
}
