/** Fund-flow bill of WeChat Pay: the movements of one account of the merchant (BASIC, OPERATION or FEES), each with the balance after it. Pure. */
import { parseAmount } from '../money/amount.ts';
import type { Movement } from './movement.ts';
import { countUp, type Format, leftOut, type Reader, type Total } from './reader.ts';
import type { Columns } from './records.ts';
import { BEIJING, createSummedReader, EXPONENT } from './wechat.ts';

export const WECHAT_FUNDS: Format = { id: 'wechat-fund-flow', zone: BEIJING, quoted: false, open: openFunds };

function openFunds(): Reader {
  const others = new Map<string, number>();
  const flow = { inward: 0, outward: 0, inwardSum: 0, outwardSum: 0 };
  return createSummedReader(
    {
      sums: '资金流水总笔数',
      row: (columns, cells) => fundRow(columns, cells, flow, others),
      totals: (declared, { rows }) => {
        const counts = new Map([
          ['资金流水总笔数', rows],
          ['收入笔数', flow.inward],
          ['支出笔数', flow.outward],
        ]);
        const amounts = new Map([
          ['收入金额', flow.inwardSum],
          ['支出金额', flow.outwardSum],
        ]);
        return declared.flatMap(([of, text]): readonly Total[] => {
          const found = counts.get(of) ?? amounts.get(of);
          return found === undefined ? [] : [{ of, declared: text, found, exponent: counts.has(of) ? 0 : EXPONENT, isUnsigned: true }];
        });
      },
      assumed: () => [
        'the order number is the 业务凭证号; for a refund that is the number of the refund, and the order is found by its transaction id alone',
        ...leftOut(others, 'they are no payments of orders'),
      ],
    },
    [],
  );
}

interface Flow {
  inward: number;
  outward: number;
  inwardSum: number;
  outwardSum: number;
}

function fundRow(columns: Columns, cells: readonly string[], flow: Flow, others: Map<string, number>): readonly Movement[] | string {
  const direction = columns.of(cells, '收支类型');
  const isInward = direction === '收入';
  if (!isInward && direction !== '支出') return `收支类型 "${direction}" is neither 收入 nor 支出`;
  const amount = columns.of(cells, '收支金额');
  const money = parseAmount(amount, EXPONENT);
  if (!money) return `收支金额 "${amount}" is no amount`;
  flow[isInward ? 'inward' : 'outward'] += 1;
  flow[isInward ? 'inwardSum' : 'outwardSum'] += Math.abs(money.minor);
  const type = columns.of(cells, '业务类型');
  const kind = kindOf(`${columns.of(cells, '业务名称')} ${type}`, isInward);
  if (kind === undefined) {
    countUp(others, `${type || columns.of(cells, '业务名称')} (${direction})`);
    return [];
  }
  return [
    {
      orderNo: kind === 'refund' ? '' : columns.of(cells, '业务凭证号'),
      reference: columns.of(cells, '微信支付业务单号') || columns.of(cells, '资金流水单号'),
      kind,
      amount,
      currency: 'CNY',
      status: 'success',
      time: columns.of(cells, '记账时间'),
      zone: BEIJING,
      fee: '',
    },
  ];
}

function kindOf(business: string, isInward: boolean): Movement['kind'] | undefined {
  if (/手续费|服务费/.test(business)) return isInward ? undefined : 'fee';
  if (/拒付|争议|赔付/.test(business)) return isInward ? undefined : 'dispute';
  if (/撤销|冲正/.test(business)) return isInward ? undefined : 'reversal';
  if (/退款/.test(business)) return isInward ? undefined : 'refund';
  return isInward && /交易|收款|支付/.test(business) ? 'payment' : undefined;
}
