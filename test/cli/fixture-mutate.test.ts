import { beforeAll, describe, expect, it } from 'vitest';
import { createWrittenHost } from '../../src/adapters/written-host.ts';
import { type Mutated, mutate, type Stand } from '../../src/cli/fixture-mutate.ts';
import { compare } from '../../src/cli/fixture-play.ts';
import { createSuite, type Suite } from '../../src/cli/fixture-suite.ts';
import { parsed, registry } from '../playbook/support.ts';

const TITLE = '{ en: A, zh-CN: 甲 }';
/** `spare` is read by evidence that no incident needs, and `idle` by nobody. */
const PLAYBOOK = `oor: 1
id: small
title: ${TITLE}
symptoms: [x]
phases:
  confirm:
    steps:
      - { id: entry, uses: net.tcp, with: { host: a, port: 1 }, expect: out.connected, scope: entry }
  hardware:
    steps:
      - { id: disk, uses: disk.space, expect: out.used_pct < 90.0 }
      - { id: spare, uses: disk.space, with: { mount: /spare }, expect: out.used_pct < 90.0 }
      - { id: guard, uses: disk.space, with: { mount: /guard }, expect: out.used_pct < 90.0 }
      - { id: guarded, if: checks.guard.fail, uses: disk.space, with: { mount: /guarded } }
      - { id: idle, uses: disk.space, with: { mount: /idle } }
causes:
  disk.full:
    title: ${TITLE}
    prior: common
    evidence:
      - { when: checks.disk.fail, supports: decisive }
      - { when: checks.spare.fail, supports: weak }
    explains: [guarded, idle]
    verify: { ask: ${TITLE}, predict: answer }
    advice: ${TITLE}
  db.down:
    title: ${TITLE}
    prior: common
    evidence: [{ when: checks.entry.fail && checks.disk.ok, supports: decisive }]
    verify: { ask: ${TITLE}, predict: answer }
    advice: ${TITLE}
`;
const SHAPES = {
  'net.tcp': { healthy: { connected: true }, refused: { connected: false } },
  'disk.space': { healthy: { used_pct: 10 }, full: { used_pct: 99 } },
};
const full = 'title: full\nprofile: none\nfacts: { disk: full }\nexpect: { leading: disk.full, verdict: fault, exit: 1 }\n';
const refused =
  'title: refused\nprofile: none\nfacts: { entry: refused, guard: full }\nexpect: { leading: db.down, path: { guarded: ok }, verdict: fault, exit: 1 }\n';

function suiteOf(fixtures: Readonly<Record<string, string>>): Suite {
  const files = Object.entries(fixtures).map(([file, text]) => ({ file: `${file}.yaml`, text }));
  return createSuite({ playbook: parsed(PLAYBOOK), registry, shapes: SHAPES, profiles: [], fixtures: files, openLog: createWrittenHost });
}

async function stand(suite: Suite): Promise<Stand> {
  return { suite, played: await Promise.all(suite.fixtures.map((fixture) => suite.play(fixture))), parts: new Map() };
}

describe('incidents of a small playbook', () => {
  it('come out as expected, or say what does not', async () => {
    const suite = suiteOf({ full, refused, wrong: full.replace('leading: disk.full', 'leading: db.down, path: { guarded: ok }') });
    const told = await Promise.all(
      suite.fixtures.map(async (fixture) => {
        const { plan, session, end } = await suite.play(fixture);
        return compare(fixture, plan, session, { registry, end });
      }),
    );
    expect(told).toEqual([
      [],
      [],
      [
        'leading: "disk.full", expected "db.down"',
        'named: ["disk.full"], expected ["db.down"]',
        'status of guarded: "skipped", expected "ok"',
      ],
    ]);
  });

  it('refuse to speak of a step, a shape or a fact that there is not', async () => {
    const play = async (facts: string) => {
      const suite = suiteOf({ odd: full.replace('disk: full', facts) });
      return await suite.play(suite.fixtures[0] as never);
    };
    await expect(play('dsik: full')).rejects.toThrow('odd.yaml: the plan has no check dsik');
    await expect(play('disk: half')).rejects.toThrow('odd.yaml: disk: disk.space has no shape half');
    await expect(play('disk: { is: full, used: 3 }')).rejects.toThrow('odd.yaml: disk: used');
  });
});

describe('mutation', () => {
  let mutated: Mutated;
  beforeAll(async () => {
    mutated = await mutate([await stand(suiteOf({ full, refused }))], false);
  });

  it('names what no incident needs, at its place, and nothing that one does need', () => {
    expect(mutated.dead.map(({ kind, id, what }) => `${kind} ${id}: ${what}`)).toEqual([
      'evidence disk.full: checks.spare.fail',
      'check spare: disk.space',
      'check idle: disk.space',
    ]);
    const [first] = mutated.dead;
    expect(PLAYBOOK.split('\n')[(first?.line ?? 0) - 1]?.slice((first?.col ?? 0) - 1)).toMatch(/^when: checks\.spare\.fail/);
    expect(mutated.mutants).toBe(9);
  });

  it('what is never true is dead, though its opposite would change everything', async () => {
    const loud = PLAYBOOK.replace('{ when: checks.spare.fail, supports: weak }', '{ when: checks.spare.fail, supports: decisive }');
    const suite = createSuite({
      ...{ playbook: parsed(loud), registry, shapes: SHAPES, profiles: [], openLog: createWrittenHost },
      fixtures: [{ file: 'refused.yaml', text: refused }],
    });
    expect((await mutate([await stand(suite)], false)).dead.map(({ what }) => what)).toContain('checks.spare.fail');
  });

  it('an incident that needs it revives it', async () => {
    const both = full.replace('disk: full', 'disk: full, spare: full').replace('title: full', 'title: both');
    const weak = PLAYBOOK.replace('{ when: checks.disk.fail, supports: decisive }', '{ when: checks.disk.fail, supports: weak }').replace(
      '{ when: checks.spare.fail, supports: weak }',
      '{ when: checks.spare.fail, supports: moderate }',
    );
    const strong = createSuite({
      playbook: parsed(weak),
      registry,
      shapes: SHAPES,
      profiles: [],
      fixtures: [{ file: 'both.yaml', text: both }],
      openLog: createWrittenHost,
    });
    const { dead } = await mutate([await stand(strong)], false);
    expect(dead.map(({ id }) => id)).not.toContain('spare');
  });
});
