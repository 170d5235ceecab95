import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compare, type Played } from '../../src/cli/fixture-play.ts';
import type { Suite } from '../../src/cli/fixture-suite.ts';
import type { Cause, Evidence } from '../../src/playbook/playbook.ts';
import { openSuite, readPlaybook } from './fixture.ts';

const FIXTURES = join('playbooks', 'fixtures');
const suites = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => openSuite(name));
const idOf = (key: string): string => key.split('@')[0] as string;
const played = new Map<Suite, Map<string, Played>>(suites.map((suite) => [suite, new Map()]));

/** Causes and evidence that a playbook takes from the parts that it uses: `CAUSE` and `CAUSE: EXPRESSION`. */
const fromParts = new Map<Suite, ReadonlySet<string>>(
  suites.map((suite) => {
    const causes = (suite.playbook.included ?? []).flatMap(({ file }) => readPlaybook(file).causes);
    return [suite, new Set(causes.flatMap((cause) => [cause.id, ...cause.evidence.map(({ when }) => nameEvidence(cause, when.text))]))];
  }),
);

function nameEvidence({ id }: Cause, text: string): string {
  return `${id}: ${text}`;
}

describe.each(suites.map((suite) => [suite.id, suite] as const))('%s', (_id, suite) => {
  test.each(suite.fixtures.map((fixture) => [fixture.file, fixture] as const))('%s', async (file, fixture) => {
    const run = await suite.play(fixture);
    played.get(suite)?.set(file, run);
    expect(compare(fixture, run.plan, run.session, { registry: suite.registry, end: run.end })).toEqual([]);
  });

  test('nobody expects a cause that the playbook does not have', () => {
    const causes = suite.playbook.causes.map(({ id }) => id);
    const expected = suite.fixtures.flatMap(({ expect: { leading, named = [], over, confirmed } }) =>
      [leading ?? [], named, over, confirmed].flat().map(idOf),
    );
    expect(expected.filter((id) => !causes.includes(id))).toEqual([]);
  });
});

/** Own causes have to be proved in the playbook's own incidents; those of a part in any playbook that uses it. */
function whatIsMissing(has: (suite: Suite, id: string) => boolean): string[] {
  return suites.flatMap((suite) => {
    const parts = fromParts.get(suite);
    const everywhere = (id: string): readonly Suite[] =>
      parts?.has(id) ? suites.filter((other) => fromParts.get(other)?.has(id)) : [suite];
    return [...new Set(suite.playbook.causes.map(({ id }) => id))]
      .filter((id) => !everywhere(id).some((each) => has(each, id)))
      .map((id) => `${suite.id}: ${id}`);
  });
}

describe('the incidents cover the playbooks', () => {
  test('every cause leads somewhere', () => {
    const leads = ({ fixtures }: Suite, id: string): boolean =>
      fixtures.some(({ expect: { leading } }) => leading !== null && idOf(leading) === id);
    expect(whatIsMissing(leads)).toEqual([]);
  });

  test('every cause has something for it somewhere else and loses to another one', () => {
    const loses = ({ fixtures }: Suite, id: string): boolean =>
      fixtures.some(({ expect: { leading, over } }) => leading !== null && over.some((key) => key !== leading && idOf(key) === id));
    // A playbook of one cause has no rival to lose to.
    const alone = (suite: Suite): boolean => new Set(suite.playbook.causes.map(({ id }) => id)).size === 1;
    expect(whatIsMissing((suite, id) => alone(suite) || loses(suite, id))).toEqual([]);
  });
});

/** Evidence that no incident needs, with the reason why it stays. */
const KEPT: Readonly<Record<string, string>> = {
  'gateway-emergency: issuer.inoperative: any.primary_health.fail':
    'the channel that is down explains the payments first; it lowers the score that is shown',
  'gateway-emergency: app.hung: checks.app_listen.fail': 'a node that does not listen is down, which explains its health first',
  'gateway-emergency: app.hung: any.primary_health.fail && any.app_health.fail':
    'a channel that is down explains the health of the nodes first',
  'gateway-emergency: config.emergency_left_on: answers.moment == "outage"':
    'without the other answer it is not named; it lowers the score that is shown',
};

describe('every piece of evidence decides something', () => {
  beforeAll(async () => {
    for (const suite of suites) {
      const done = played.get(suite);
      for (const fixture of suite.fixtures) if (!done?.has(fixture.file)) done?.set(fixture.file, await suite.play(fixture));
    }
  }, 240_000);

  test('what is taken away changes a diagnosis', { timeout: 240_000 }, () => {
    const decided = new Map<string, boolean>();
    for (const suite of suites) {
      for (const cause of suite.playbook.causes) {
        cause.evidence.forEach(({ when }, index) => {
          const name = nameEvidence(cause, when.text);
          const key = fromParts.get(suite)?.has(name) ? name : `${suite.id}: ${name}`;
          if (!decided.get(key)) decided.set(key, changesSomething(suite, cause, index));
        });
      }
    }
    const dead = [...decided].filter(([, changes]) => !changes).map(([name]) => name);
    expect(dead.filter((name) => !Object.hasOwn(KEPT, name))).toEqual([]);
    expect(Object.keys(KEPT).filter((name) => !dead.includes(name))).toEqual([]);
  });

  /** Only an incident in which it is true can miss it. What an experiment said is left out: without its evidence the cause is not tested. */
  function changesSomething(suite: Suite, cause: Cause, index: number): boolean {
    const { text } = (cause.evidence[index] as Evidence).when;
    const poorer = { ...cause, evidence: cause.evidence.filter((_, at) => at !== index) };
    return [...(played.get(suite)?.values() ?? [])]
      .filter(({ spoke }) => spoke.has(nameEvidence(cause, text)))
      .some(({ fixture, plan, session }) => {
        const untested = { ...session, verifications: new Map([...session.verifications].filter(([key]) => !isOf(cause, key))) };
        const causes = plan.causes.map((each) => (each.cause === cause ? { ...each, cause: poorer } : each));
        const differs = (tried: Played['plan']): string => String(compare(fixture, tried, untested, suite));
        return differs({ ...plan, causes }) !== differs(plan);
      });
  }
});

/** `CAUSE@target#0` or `CAUSE#0`. */
function isOf({ id }: Cause, verification: string): boolean {
  return idOf(verification.split('#')[0] as string) === id;
}
