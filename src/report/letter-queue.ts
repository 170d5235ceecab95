/** Orders that people serve by hand, as a table to work through: one line an order, in the order in which they are called. */
import type { Json, JsonObject } from '../ports.ts';
import { csvCell } from './csv-timeline.ts';
import { listAt, numberAt, textAt } from './facts-reader.ts';
import type { Telling } from './incident.ts';
import { factsOf } from './results.ts';

const COLUMNS = [
  'place',
  'order_no',
  'tier',
  'customer',
  'amount',
  'currency',
  'waiting_since',
  'pay_until',
  'do',
  'caller',
  'released_by',
  'call_by',
  'status',
  'note',
] as const;

/** undefined: the session sorted no orders. */
export function vipQueue(telling: Telling): string | undefined {
  const looks = factsOf(telling, 'order.queue').filter((facts) => absentOf(facts).length === 0);
  if (looks.length === 0) return undefined;
  const rows = looks.flatMap((facts) => listAt(facts, 'queue').map((order) => rowOf(order, numberAt(facts, 'observedAt') ?? 0, telling)));
  return tableOf([...rows.map((cells, index) => [index + 1, ...cells]), ...looks.flatMap((facts) => restOf(facts, telling))]);
}

function rowOf(order: JsonObject, now: number, { language, clock }: Telling): readonly string[] {
  const pick = (en: string, zh: string): string => (language === 'zh-CN' ? zh : en);
  const at = (key: string): string => {
    const time = numberAt(order, key);
    return time === undefined ? '' : clock.both(time);
  };
  const todo = `TODO(owner): ${pick('name', '姓名')}`;
  const isOver = (numberAt(order, 'until') ?? now + 1) <= now;
  return [
    textAt(order, 'order'),
    textAt(order, 'tier'),
    textAt(order, 'customer'),
    textAt(order, 'amount'),
    textAt(order, 'currency'),
    at('since'),
    at('until'),
    textAt(order, 'first') === 'ask' ? pick('ask the channel first', '先向通道查询') : pick('call', '回拨'),
    textAt(order, 'caller') || todo,
    textAt(order, 'second') || todo,
    at('callBy'),
    isOver
      ? pick('has ended: ask only, take no payment', '已到期：仅查询，不再收款')
      : order['late'] === true
        ? pick('ends before its turn', '轮到前已到期')
        : pick('open', '待处理'),
    '',
  ];
}

/** What the export holds beside these lines. */
function restOf(facts: Json, { language }: Telling): readonly (readonly string[])[] {
  const chinese = language === 'zh-CN';
  const more = (numberAt(facts, 'waiting') ?? 0) - listAt(facts, 'queue').length;
  const unexplained = numberAt(facts, 'unexplained') ?? 0;
  const word = textAt(facts, 'unexplainedWord');
  return [
    ...(more > 0 ? [chinese ? `… 另有 ${more} 笔见导出文件` : `… ${more} more in the export`] : []),
    ...(unexplained > 0
      ? [chinese ? `TODO(owner): ${unexplained} 笔状态无法识别（${word}）` : `TODO(owner): ${unexplained} of unknown state (${word})`]
      : []),
  ].map(noteLine);
}

/** The letter by itself: where nothing was sorted it says what to sort is missing. */
export function vipQueueLetter(telling: Telling): string {
  const chinese = telling.language === 'zh-CN';
  const absent = factsOf(telling, 'order.queue').flatMap(absentOf).join(', ');
  const what = chinese
    ? '待付款订单（配置 actions.list_vip_orders）'
    : 'orders that wait for a payment (actions.list_vip_orders in the profile)';
  const missing = absent === '' ? '' : chinese ? `；导出缺少列：${absent}` : `; columns that the export lacks: ${absent}`;
  return vipQueue(telling) ?? tableOf([noteLine(`TODO(owner): ${what}${missing}`)]);
}

function absentOf(facts: Json): readonly string[] {
  const absent = (facts as JsonObject)['absent'];
  return Array.isArray(absent) ? absent.filter((each) => typeof each === 'string') : [];
}

function noteLine(note: string): readonly string[] {
  return [...COLUMNS.slice(0, -1).map(() => ''), note];
}

function tableOf(rows: readonly (readonly (string | number)[])[]): string {
  return `\uFEFF${[COLUMNS, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')}`;
}
