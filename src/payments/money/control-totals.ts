/** What a file says of itself - how many rows, how much money - against what is in it. Pure. */
import { type Amount, parseAmount, type Unit } from './amount.ts';
import { type MoneyTable, readTable } from './table.ts';

/** Records that count and sum up, for files that have their own: cells are counted from 1. */
export interface TotalsRule {
  readonly delimiter?: string;
  /** What the record begins with -> where its numbers are. */
  readonly record: Readonly<Record<string, { readonly count?: number; readonly sum?: number }>>;
  readonly rows?: { readonly prefix?: string; readonly sum?: number };
  readonly unit?: Unit;
}

export interface ControlTotal {
  /** What is counted or summed up, in the words of the file. */
  readonly of: string;
  /** NaN: what is said there is no number. */
  readonly declared: number;
  readonly found: number;
}

export interface FileTotals {
  readonly kind: 'wechat' | 'alipay' | 'own' | 'none';
  readonly rows: number;
  /** Money is in minor units of two decimals: sums of one file are compared with each other only. */
  readonly totals: readonly ControlTotal[];
  /** The records that sum up are announced and not there: the file ends early. */
  readonly cut: boolean;
  readonly ragged: number;
}

export function readTotals(text: string, rule: TotalsRule | undefined): FileTotals {
  if (rule) return readOwn(text, rule);
  const table = readTable(text);
  const base = { rows: table.rows.length, ragged: table.ragged };
  if (table.columns.includes('微信订单号'))
    return { ...base, kind: 'wechat', totals: compareWechat(table), cut: table.footer.length === 0 };
  if (table.columns.includes('支付宝交易号')) {
    const totals = compareAlipay(table);
    return { ...base, kind: 'alipay', totals, cut: totals.length === 0 };
  }
  return { ...base, kind: 'none', totals: [], cut: false };
}

// ---------------------------------------------------------------------------------------------- WeChat Pay

/** Of a sum in the last record -> the column that it sums up. */
export const WECHAT_SUMS: Readonly<Record<string, string>> = {
  应结订单总金额: '应结订单金额',
  退款总金额: '退款金额',
  充值券退款总金额: '充值券退款金额',
  手续费总金额: '手续费',
  订单总金额: '订单金额',
  申请退款总金额: '申请退款金额',
  总交易额: '总金额',
  总退款金额: '退款金额',
};

function compareWechat({ columns, rows, footer }: MoneyTable): readonly ControlTotal[] {
  const [sums = {}] = footer;
  return Object.entries(sums).flatMap(([of, cell]): ControlTotal[] => {
    if (of === '总交易单数') return [{ of, declared: declaredIn(cell, 0), found: rows.length }];
    const column = WECHAT_SUMS[of];
    if (column === undefined || cell === '' || !columns.includes(column)) return [];
    const found = rows.reduce((sum, row) => sum + (minorOf(row.cells[column] ?? '', 5) ?? 0), 0);
    return [{ of, declared: declaredIn(cell, 5), found }];
  });
}

// ---------------------------------------------------------------------------------------------- Alipay

/** As the note has them, readable or not. */
export interface AlipayTotal {
  readonly kind: string;
  readonly count: string;
  /** As signed there. */
  readonly received?: string;
}

/** `#交易合计：6笔，商家实收共0.06元`, `#退款合计：4笔，商家实收退款共-0.04元`; undefined: another note. */
export function readAlipayTotal(note: string): AlipayTotal | undefined {
  const [, kind, rest = ''] = /(交易|退款)合计[：:](.*)/.exec(note) ?? [];
  if (kind === undefined) return undefined;
  const count = /^([^笔]{0,40})笔/.exec(rest)?.[1] ?? rest.slice(0, 40);
  const received = /商家实收(?:退款)?[共：:]?([^元]{0,40})/.exec(rest)?.[1];
  return { kind, count: count.trim() || '?', ...(received !== undefined && { received: received.trim() || '?' }) };
}

/** What is a refund is told by the kind of the row, never by its sign. */
function compareAlipay({ rows, notes }: MoneyTable): readonly ControlTotal[] {
  const column = Object.keys(rows[0]?.cells ?? {}).find((name) => name.startsWith('商家实收'));
  return notes.flatMap((note): ControlTotal[] => {
    const total = readAlipayTotal(note);
    if (!total) return [];
    const { kind, count, received } = total;
    const own = rows.filter(({ cells }) => (cells['业务类型'] ?? '').includes('退款') === (kind === '退款'));
    const totals: ControlTotal[] = [{ of: `${kind}合计笔数`, declared: declaredIn(count, 0), found: own.length }];
    if (received === undefined || column === undefined) return totals;
    const found = own.reduce((sum, { cells }) => sum + Math.abs(minorOf(cells[column] ?? '', 2) ?? 0), 0);
    return [...totals, { of: `${kind}合计商家实收`, declared: Math.abs(declaredIn(received, 2)), found }];
  });
}

// ---------------------------------------------------------------------------------------------- of one's own

function readOwn(text: string, { delimiter = ',', record, rows: rowRule, unit = 'major' }: TotalsRule): FileTotals {
  const exponent = unit === 'major' ? 4 : 0;
  const lines = text
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(delimiter).map((cell) => cell.trim()));
  const isRecord = (cells: readonly string[]): boolean => Object.hasOwn(record, cells[0] ?? '');
  const rows = lines.filter((cells) => !isRecord(cells) && (rowRule?.prefix === undefined || cells[0] === rowRule.prefix));
  const sumCell = rowRule?.sum;
  const found =
    sumCell === undefined ? undefined : rows.reduce((sum, cells) => sum + (minorOf(cells[sumCell - 1] ?? '', exponent, unit) ?? 0), 0);
  const totals = Object.entries(record).flatMap(([prefix, { count, sum }]): ControlTotal[] => {
    const cells = lines.find((line) => line[0] === prefix);
    if (!cells) return [];
    return [
      ...(count === undefined ? [] : [{ of: `${prefix}: count`, declared: declaredIn(cells[count - 1] ?? '', 0), found: rows.length }]),
      ...(sum === undefined || found === undefined
        ? []
        : [{ of: `${prefix}: sum`, declared: declaredIn(cells[sum - 1] ?? '', exponent, unit), found }]),
    ];
  });
  const cut = Object.keys(record).some((prefix) => !lines.some((cells) => cells[0] === prefix));
  return { kind: 'own', rows: rows.length, totals, cut, ragged: 0 };
}

function declaredIn(text: string, exponent: number, unit?: Unit): number {
  return minorOf(text, exponent, unit) ?? Number.NaN;
}

function minorOf(text: string, exponent: number, unit: Unit = 'major'): number | undefined {
  const amount: Amount | undefined = parseAmount(text, exponent, unit);
  return amount?.minor;
}
