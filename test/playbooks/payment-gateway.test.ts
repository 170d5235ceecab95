import { expect, test } from 'vitest';
import { compare, openSuite } from './fixture.ts';

const suite = openSuite('payment-gateway');

test.each(suite.fixtures.map((fixture) => [fixture.file, fixture] as const))('%s', async (_file, fixture) => {
  const { plan, session, end } = await suite.play(fixture);
  expect(compare(fixture, plan, session, end)).toEqual([]);
});
