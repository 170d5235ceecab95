/** Orders that people serve by hand, as a table to work through: one line an order, in the order in which they are called. */
import type { Json, JsonObject } from '../ports.ts';
import { csvCell } from './csv-timeline.ts';
import { listAt, numberAt, textAt } from './facts-reader.ts';
import type { Telling } from './incident.ts';

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
  const { plan, session, language, clock } = telling;
  const looks = [...session.results.values()].flatMap(({ key, facts }) => {
    const step = plan.stepByKey.get(key)?.step;
    return step?.kind === 'check' && step.uses === 'order.queue' && facts !== undefined ? [facts as Json] : [];
  });
  if (looks.length === 0) return undefined;
  const pick = (en: string, zh: string): string => (language === 'zh-CN' ? zh : en);
  const at = (order: JsonObject, key: string): string => {
    const time = numberAt(order, key);
    return time === undefined ? '' : clock.both(time);
  };
  const todo = `TODO(owner): ${pick('name', '姓名')}`;
  const rows = looks
    .flatMap((facts) => listAt(facts, 'queue'))
    .map((order, index) => [
      index + 1,
      textAt(order, 'order'),
      textAt(order, 'tier'),
      textAt(order, 'customer'),
      textAt(order, 'amount'),
      textAt(order, 'currency'),
      at(order, 'since'),
      at(order, 'until'),
      textAt(order, 'first') === 'ask' ? pick('ask the channel first', '先向通道查询') : pick('call', '回拨'),
      textAt(order, 'caller') || todo,
      textAt(order, 'second') || todo,
      at(order, 'callBy'),
      order['late'] === true ? pick('ends before its turn', '轮到前已到期') : pick('open', '待处理'),
      '',
    ]);
  return tableOf(rows);
}

/** The letter by itself: where nothing was sorted it says what to sort is missing. */
export function vipQueueLetter(telling: Telling): string {
  const chinese = telling.language === 'zh-CN';
  const what = chinese
    ? '待付款订单（配置 actions.list_vip_orders）'
    : 'orders that wait for a payment (actions.list_vip_orders in the profile)';
  return vipQueue(telling) ?? tableOf([[...COLUMNS.slice(0, -1).map(() => ''), `TODO(owner): ${what}`]]);
}

function tableOf(rows: readonly (readonly (string | number)[])[]): string {
  return `\uFEFF${[COLUMNS, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')}`;
}
