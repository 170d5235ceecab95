import { expect, it } from 'vitest';
import { createTurns } from '../../../src/adapters/protocols/turns.ts';

const session = (outcome: string, answers: unknown = {}) => ({ outcome, answers });

it('one after the other at one server, side by side at two', async () => {
  const turns = createTurns();
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 10));
    running--;
    return session('connected');
  };
  await Promise.all([turns.take('a', 60_000, work), turns.take('a', 60_000, work), turns.take('a', 60_000, work)]);
  expect(most).toBe(1);
  await Promise.all([turns.take('a', 60_000, work), turns.take('b', 60_000, work)]);
  expect(most).toBe(2);
});

it('those that waited share a failure, without the answers; the next one asks again', async () => {
  const turns = createTurns();
  let asked = 0;
  const work = async () => {
    asked++;
    await new Promise((resolve) => setTimeout(resolve, 10));
    return session('no-answer', { own: 1 });
  };
  const all = await Promise.all([turns.take('a', 60_000, work), turns.take('a', 60_000, work), turns.take('a', 60_000, work)]);
  expect(all.map(({ answers }) => answers)).toEqual([{ own: 1 }, {}, {}]);
  expect(asked).toBe(1);
  await turns.take('a', 60_000, work);
  expect(asked).toBe(2);
});

it('an error is of the one who met it', async () => {
  const turns = createTurns();
  const bad = turns.take('a', 60_000, async () => {
    await Promise.resolve();
    throw new Error('mine');
  });
  const good = turns.take('a', 60_000, async () => session('connected'));
  await expect(bad).rejects.toThrow('mine');
  await expect(good).resolves.toMatchObject({ outcome: 'connected' });
});

it('nobody waits for ever', async () => {
  const turns = createTurns();
  void turns.take('db:1 secret', 60_000, () => new Promise<never>(() => {}));
  await expect(turns.take('db:1 secret', 1, async () => session('connected'))).rejects.toMatchObject({
    reason: 'timed-out',
    message: expect.not.stringContaining('secret'),
  });
});
