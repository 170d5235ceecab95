import { expect, it } from 'vitest';
import { createClock } from '../../src/adapters/ambient.ts';
import { createArchives } from '../../src/adapters/archives.ts';
import { createCaptureLook } from '../../src/cli/capture-look.ts';

const services = { archives: async () => createArchives(() => true), secretsOf: async () => ['hunter22hunter22'], clock: createClock() };
const LINES = Array.from({ length: 200 }, (_, index) => `02:14:05 payment ${index} answered 200 in 35 ms`).join('\n');

it('what else waits has its turn again and again while texts that came at once are looked at', async () => {
  const look = createCaptureLook(services, {});
  let turns = 0;
  let over = false;
  const turn = (): void => {
    turns += 1;
    if (!over) setImmediate(turn);
  };
  await look(LINES);
  turn();
  const texts = 6;
  await Promise.all(Array.from({ length: texts }, () => look(LINES)));
  over = true;
  // Six ways to look for something in each, and no two in one turn.
  expect(turns).toBeGreaterThan(6 * texts);
});

it('one that cannot be looked at holds up no other', async () => {
  let tries = 0;
  const failing = {
    ...services,
    archives: async () => {
      tries += 1;
      throw new Error('no memory');
    },
  };
  const look = createCaptureLook(failing, {});
  await expect(Promise.all([look('a'), look('b')])).rejects.toThrow('no memory');
  await expect(look('c')).rejects.toThrow('no memory');
  expect(tries).toBe(1);
  expect(await createCaptureLook(services, {})('key hunter22hunter22\nfine')).toMatchObject({ withheld: 2 });
});
