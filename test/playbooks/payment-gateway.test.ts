import { beforeAll, describe, expect, test } from 'vitest';
import type { Cause, Evidence } from '../../src/playbook/playbook.ts';
import { compare, openSuite, type Played } from './fixture.ts';

const suite = openSuite('payment-gateway');
const idOf = (key: string): string => key.split('@')[0] as string;
const played = new Map<string, Played>();

describe('each incident has its diagnosis', () => {
  test.each(suite.fixtures.map((fixture) => [fixture.file, fixture] as const))('%s', async (file, fixture) => {
    const run = await suite.play(fixture);
    played.set(file, run);
    expect(compare(fixture, run.plan, run.session, run.end)).toEqual([]);
  });
});

describe('the incidents cover the playbook', () => {
  const { fixtures, playbook } = suite;
  const causes = playbook.causes.map(({ id }) => id);

  test('every cause leads somewhere', () => {
    const led = new Set(fixtures.flatMap(({ expect: { leading } }) => (leading === null ? [] : [idOf(leading)])));
    expect(causes.filter((id) => !led.has(id))).toEqual([]);
  });

  test('every cause has something for it somewhere else and loses to another one', () => {
    const lost = new Set(
      fixtures.flatMap(({ expect: { leading, over } }) => (leading === null ? [] : over.filter((key) => key !== leading).map(idOf))),
    );
    expect(causes.filter((id) => !lost.has(id))).toEqual([]);
  });

  test('nobody expects a cause that the playbook does not have', () => {
    const expected = fixtures.flatMap(({ expect: { leading, named = [], over, confirmed } }) =>
      [leading ?? [], named, over, confirmed].flat().map(idOf),
    );
    expect(expected.filter((id) => !causes.includes(id))).toEqual([]);
  });
});

/** Evidence that no incident needs, with the reason why it stays. */
const KEPT: Readonly<Record<string, string>> = {};

describe('every piece of evidence decides something', () => {
  const items = suite.playbook.causes.flatMap((cause) =>
    cause.evidence.map((evidence, index) => ({ cause, index, name: `${cause.id}: ${evidence.when.text}` })),
  );

  beforeAll(async () => {
    for (const fixture of suite.fixtures) if (!played.has(fixture.file)) played.set(fixture.file, await suite.play(fixture));
  }, 120_000);

  test('what is taken away changes a diagnosis', { timeout: 120_000 }, () => {
    const dead = items.filter(({ cause, index }) => !changesSomething(cause, index)).map(({ name }) => name);
    expect(dead.filter((name) => !Object.hasOwn(KEPT, name))).toEqual([]);
    expect(Object.keys(KEPT).filter((name) => !dead.includes(name))).toEqual([]);
  });

  /** Only an incident in which it is true can miss it. What an experiment said is left out: without its evidence the cause is not tested. */
  function changesSomething(cause: Cause, index: number): boolean {
    const { text } = (cause.evidence[index] as Evidence).when;
    const poorer = { ...cause, evidence: cause.evidence.filter((_, at) => at !== index) };
    return [...played.values()]
      .filter(({ spoke }) => spoke.has(`${cause.id}: ${text}`))
      .some(({ fixture, plan, session }) => {
        const untested = { ...session, verifications: new Map([...session.verifications].filter(([key]) => !isOf(cause, key))) };
        const causes = plan.causes.map((each) => (each.cause === cause ? { ...each, cause: poorer } : each));
        return String(compare(fixture, { ...plan, causes }, untested)) !== String(compare(fixture, plan, untested));
      });
  }
});

/** `CAUSE@target#0` or `CAUSE#0`. */
function isOf({ id }: Cause, verification: string): boolean {
  return idOf(verification.split('#')[0] as string) === id;
}
