/** The shipped incidents: each comes out as written, and together they need every cause, every piece of evidence and every check. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { idOf, mutate, nameOfCheck, nameOfEvidence, type Stand } from '../../src/cli/fixture-mutate.ts';
import { compare, type Played } from '../../src/cli/fixture-play.ts';
import type { Suite } from '../../src/cli/fixture-suite.ts';
import { findUnproved } from '../../src/cli/playbook-test.ts';
import { openSuite, readPlaybook } from './fixture.ts';

const FIXTURES = join('playbooks', 'fixtures');
const suites = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => openSuite(name));
const played = new Map<Suite, Map<string, Played>>(suites.map((suite) => [suite, new Map()]));

/** What a playbook takes from the parts that it uses, with the file of the part. */
function partsOf({ playbook }: Suite): ReadonlyMap<string, string> {
  return new Map(
    (playbook.included ?? []).flatMap(({ file }) => {
      const { causes, steps } = readPlaybook(file);
      const names = [
        ...causes.flatMap((cause) => [cause.id, ...cause.evidence.map((evidence) => nameOfEvidence(cause, evidence))]),
        ...steps.flatMap((step) => (step.kind === 'check' ? [nameOfCheck(step)] : [])),
      ];
      return names.map((name) => [name, file] as const);
    }),
  );
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

describe('the incidents together', () => {
  test('prove every cause and need every piece of evidence and every check', { timeout: 480_000 }, async () => {
    const stands: Stand[] = [];
    for (const suite of suites) {
      const runs: Played[] = [];
      for (const fixture of suite.fixtures) runs.push(played.get(suite)?.get(fixture.file) ?? (await suite.play(fixture)));
      stands.push({ suite, played: runs, parts: partsOf(suite) });
    }
    expect(findUnproved(stands, false)).toEqual([]);
    const { dead } = await mutate(stands, false);
    expect(dead.map(({ file, line, kind, id, what }) => `${file}:${line} ${kind} ${id}: ${what}`)).toEqual([]);
  });
});
