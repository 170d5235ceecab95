import { describe, expect, it } from 'vitest';
import { createClockFace } from '../../src/report/clock-face.ts';
import type { Telling } from '../../src/report/incident.ts';
import { vipQueue, vipQueueLetter } from '../../src/report/letter-queue.ts';
import { openSuite } from '../playbooks/fixture.ts';

const suite = openSuite('gateway-emergency');

async function told(file: string, language: Telling['language']): Promise<Telling> {
  const fixture = suite.fixtures.find((each) => each.file === file);
  if (!fixture) throw new Error(`there is no ${file}`);
  return { ...(await suite.play(fixture)), language, clock: createClockFace(480) } as unknown as Telling;
}

describe('the queue as a table', () => {
  it('has a line for each order, in the order of the calls, with who, by when and a status', async () => {
    const [head, ...rows] = vipQueueLetter(await told('both-channels-down.yaml', 'en'))
      .trimEnd()
      .split('\r\n');
    expect(head).toBe(
      '\uFEFFplace,order_no,tier,customer,amount,currency,waiting_since,pay_until,do,caller,released_by,call_by,status,note',
    );
    expect(rows).toEqual([
      '1,T-5001,black,***041,8800.00,CNY,2026-03-11 02:50:00Z (10:50:00 +08:00),2026-03-12 03:20:00Z (11:20:00 +08:00),call,Li,Ann,2026-03-11 03:25:00Z (11:25:00 +08:00),open,',
      '2,T-5007,gold,***112,950.00,CNY,2026-03-11 03:05:00Z (11:05:00 +08:00),2026-03-11 03:21:40Z (11:21:40 +08:00),ask the channel first,Ann,Li,2026-03-11 03:25:00Z (11:25:00 +08:00),ends before its turn,',
    ]);
  });

  it('speaks Chinese', async () => {
    const text = vipQueueLetter(await told('both-channels-down.yaml', 'zh-CN'));
    for (const word of ['先向通道查询', '回拨', '轮到前已到期']) expect(text).toContain(word);
  });

  it('is no letter of a session that sorted nothing', async () => {
    const telling = await told('healthy.yaml', 'en');
    const results = new Map([...telling.session.results].filter(([key]) => key !== 'vip_queue'));
    const nothing = { ...telling, session: { ...telling.session, results } };
    expect(vipQueue(nothing)).toBeUndefined();
    expect(vipQueueLetter(nothing)).toMatch(/note\r\n,+TODO\(owner\): orders that wait for a payment/);
  });

  it('says what is missing where the export could not be sorted', async () => {
    const telling = await sawInQueue({ absent: ['status'], queue: [], waiting: 0 });
    expect(vipQueue(telling)).toBeUndefined();
    expect(vipQueueLetter(telling)).toMatch(/note\r\n,+"?TODO\(owner\): orders that wait for a payment.*lacks: status/);
  });

  it('tells in its last rows how many more there are, and of whom nobody knows whether they wait', async () => {
    const text = vipQueue(await sawInQueue({ waiting: 620, unexplained: 3, unexplainedWord: 'zzz' })) ?? '';
    const rows = text.trimEnd().split('\r\n');
    expect(rows.slice(3)).toEqual([`${','.repeat(13)}… 618 more in the export`, `${','.repeat(13)}TODO(owner): 3 of unknown state (zzz)`]);
    expect(vipQueue({ ...(await sawInQueue({ waiting: 620 })), language: 'zh-CN' })).toContain('… 另有 618 笔见导出文件');
  });

  it('takes no payment for an order whose time is over', async () => {
    const order = { order: 'A', first: 'ask', until: 1, late: false };
    expect(vipQueue(await sawInQueue({ waiting: 1, queue: [order], observedAt: 2 }))).toMatch(
      /ask the channel first,.*has ended: ask only/,
    );
  });
});

/** The session of both channels down, where the look at the queue saw this beside the rest. */
async function sawInQueue(more: Record<string, unknown>): Promise<Telling> {
  const telling = await told('both-channels-down.yaml', 'en');
  const results = new Map(
    [...telling.session.results].map(([key, result]) => [
      key,
      key === 'vip_queue' ? { ...result, facts: { ...(result.facts as object), ...more } } : result,
    ]),
  );
  return { ...telling, session: { ...telling.session, results } } as Telling;
}
