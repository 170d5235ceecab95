import { expect, it } from 'vitest';
import { takeTurn } from '../../src/adapters/turns.ts';

it('many that want to work at once have one turn of the event loop each, in the order in which they asked', async () => {
  let loop = 0;
  let over = false;
  const count = (): void => {
    loop += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  const worked: { readonly who: number; readonly at: number }[] = [];
  const work = async (who: number): Promise<void> => {
    await takeTurn();
    worked.push({ who, at: loop });
  };
  await Promise.all([1, 2, 3, 4].map(work));
  over = true;
  expect(worked.map(({ who }) => who)).toEqual([1, 2, 3, 4]);
  expect(new Set(worked.map(({ at }) => at)).size).toBe(4);
});

it('who works longer than others wait again behind them', async () => {
  const worked: string[] = [];
  const work = async (who: string, pieces: number): Promise<void> => {
    for (let piece = 0; piece < pieces; piece += 1) {
      await takeTurn();
      worked.push(who);
    }
  };
  await Promise.all([work('long', 3), work('short', 1)]);
  expect(worked).toEqual(['long', 'short', 'long', 'long']);
});
