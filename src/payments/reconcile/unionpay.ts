/**
 * ZM (payments) and ZME (errors and disputes) of UnionPay online. Fixed width: each field is followed by one character that separates.
 * Widths, and the numbers of the fields read here, are those of "全渠道平台接入接口规范 第3部分 文件接口", 6.1 and 6.2, as the public samples for developers carry them.
 * Widths count bytes of GBK: a file that was written again in UTF-8 is measured as GBK, in its own bytes or in characters, whichever fits.
 * The field of the card number is never read. Pure.
 */
import type { Movement } from './movement.ts';
import { countUp, type Format, leftOut, type ReadContext, type Reader } from './reader.ts';
import { BEIJING } from './wechat.ts';
import { meaningOf } from './words.ts';

const ZM_WIDTHS = [
  3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13, 13, 8, 32, 13, 13, 12, 2,
  1, 32, 98,
];
const ZME_WIDTHS = [3, 11, 11, 6, 10, 19, 12, 4, 2, 2, 6, 10, 4, 12, 13, 13, 15, 15, 1, 12, 2, 135];

/** By number in the specification less one. */
const ZM = { trace: 3, time: 4, amount: 6, query: 9, order: 11, fee: 15, settled: 16, type: 19, origQuery: 26, origOrder: 40 } as const;
const ZME = { code: 0, trace: 3, time: 4, amount: 6, origTrace: 10, origTime: 11, settled: 15 } as const;

const UNIONPAY_ZM: Format = { id: 'unionpay-zm', zone: BEIJING, quoted: false, isFixedWidth: true, open: openZm };
const UNIONPAY_ZME: Format = { id: 'unionpay-zme', zone: BEIJING, quoted: false, isFixedWidth: true, open: openZme };

/** By the first line. */
export function sniffUnionPay(line: string): Format | undefined {
  if (measure(line, ZM_WIDTHS)) return UNIONPAY_ZM;
  return measure(line, ZME_WIDTHS) ? UNIONPAY_ZME : undefined;
}

const ASSUMED = ['the file has no totals of its own', 'the currency is CNY'];

function openZm(context: ReadContext): Reader {
  const year = yearOf(context);
  const others = new Map<string, number>();
  return {
    read({ text }) {
      if (text.trim() === '') return [];
      const fields = measure(text, ZM_WIDTHS);
      if (!fields) return `it is no line of ZM: ${ZM_WIDTHS.length} fields of fixed width, ${total(ZM_WIDTHS)} bytes, were expected`;
      const type = fields[ZM.type] ?? '';
      const known = meaningOf(TYPES, type);
      if (known === undefined) {
        countUp(others, `type ${type}`);
        return [];
      }
      const isBack = known !== 'payment';
      const fee = fields[ZM.fee] ?? '';
      return [
        {
          orderNo: (isBack && fields[ZM.origOrder]) || (isBack ? '' : (fields[ZM.order] ?? '')),
          // A refund whose file does not name the order is found by the payment.
          reference: (isBack && fields[ZM.origOrder] === '' && fields[ZM.origQuery]) || (fields[ZM.query] ?? ''),
          kind: known,
          amount: fields[ZM.amount] ?? '',
          unit: 'minor',
          currency: 'CNY',
          status: 'success',
          time: year.date(fields[ZM.time] ?? ''),
          zone: BEIJING,
          fee: known === 'payment' && /^[CD]\d+$/.test(fee) ? fee.slice(1) : '',
        },
      ];
    },
    end: () => ({ totals: 0, assumed: [...ASSUMED, year.assumed, ...leftOut(others, 'no money of an order moved')] }),
  };
}

/** 交易类型. A cancellation takes back a payment of the same day whole. */
const TYPES: Readonly<Record<string, Movement['kind']>> = {
  '01': 'payment',
  '03': 'payment',
  '11': 'payment',
  '13': 'payment',
  '04': 'refund',
  '31': 'reversal',
  '33': 'reversal',
};

/** Chargebacks, representments and adjustments; they name the payment by its trace number and time alone. */
function openZme(context: ReadContext): Reader {
  const year = yearOf(context);
  return {
    read({ text }) {
      if (text.trim() === '') return [];
      const fields = measure(text, ZME_WIDTHS);
      if (!fields) return `it is no line of ZME: ${ZME_WIDTHS.length} fields of fixed width, ${total(ZME_WIDTHS)} bytes, were expected`;
      const of = (at: number): string => fields[at] ?? '';
      return [
        {
          orderNo: '',
          reference: `${of(ZME.code)} trace ${of(ZME.origTrace) || of(ZME.trace)} of ${of(ZME.origTime) || of(ZME.time)}`,
          kind: 'dispute',
          amount: of(ZME.amount),
          unit: 'minor',
          currency: 'CNY',
          status: 'success',
          time: year.date(of(ZME.time)),
          zone: BEIJING,
          fee: '',
        },
      ];
    },
    end: () => ({
      totals: 0,
      assumed: [...ASSUMED, year.assumed, 'each row is a dispute; the payment is named by its trace number and time, not by an order'],
    }),
  };
}

interface Year {
  readonly assumed: string;
  /** MMDDhhmmss with a year. */
  date(text: string): string;
}

/** Times name no year: that of the day in the name of the file (`INN` YYMMDD ... `ZM_`), or of today; what would lie in the future is of the year before. */
function yearOf({ name, nowMs }: ReadContext): Year {
  const named = /INN(\d\d)(\d\d)(\d\d)/.exec(name);
  const today = new Date(nowMs + 8 * 3_600_000).toISOString();
  const [year, day] = named
    ? [2000 + Number(named[1]), `${named[2]}${named[3]}`]
    : [Number(today.slice(0, 4)), today.slice(5, 10).replace('-', '')];
  return {
    assumed: `times name no year: ${year} by ${named ? 'the name of the file' : 'the clock of this machine'}, or the year before for later days`,
    date: (text) => `${text.slice(0, 4) > day ? year - 1 : year}${text}`,
  };
}

/** How wide a character counts: bytes of GBK, of UTF-8, or one. */
const WIDTHS: readonly ((code: number) => number)[] = [
  (code) => (code < 0x80 ? 1 : 2),
  (code) => (code < 0x80 ? 1 : code < 0x800 ? 2 : 3),
  () => 1,
];

/** The fields without their blanks; undefined: it is no such line. */
function measure(line: string, widths: readonly number[]): readonly string[] | undefined {
  const isPlain = /^[\x20-\x7e\t]*$/.test(line);
  for (const width of isPlain ? WIDTHS.slice(2) : WIDTHS) {
    const fields = cut(line, widths, width);
    if (fields && fits(fields)) return fields;
  }
  return undefined;
}

function cut(line: string, widths: readonly number[], widthOf: (code: number) => number): readonly string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  let separator: string | undefined;
  for (const [index, width] of widths.entries()) {
    const from = at;
    let taken = 0;
    while (taken < width && at < line.length) {
      taken += widthOf(line.charCodeAt(at));
      at += 1;
    }
    const isLast = index === widths.length - 1;
    // Blanks at the end of a line are lost on the way now and then.
    if (taken > width || (taken < width && !isLast)) return undefined;
    fields.push(line.slice(from, at).trim());
    if (isLast) break;
    const next = line[at];
    separator ??= next;
    if (next === undefined || next !== separator || /[0-9A-Za-z]/.test(next)) return undefined;
    at += 1;
  }
  return line.slice(at).trim() === '' ? fields : undefined;
}

/** Code, trace number, time and amount stand in the same places of both. */
function fits(fields: readonly string[]): boolean {
  return (
    /^[A-Z]\d\d$/.test(fields[0] ?? '') &&
    /^\d{6}$/.test(fields[ZM.trace] ?? '') &&
    /^\d{10}$/.test(fields[ZM.time] ?? '') &&
    /^\d{12}$/.test(fields[ZM.amount] ?? '')
  );
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + widths.length - 1;
}
