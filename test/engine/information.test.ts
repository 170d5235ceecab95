import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/engine/diagnose.ts';
import { informationOf, perSecond, rankTests } from '../../src/engine/information.ts';
import { answer, play, registry } from './harness.ts';

/** Two explanations of one finding; what would tell them apart: a question, a slow check and a quick one. */
const RIVALS = `
oor: 1
id: test
title: Test
phases:
  confirm:
    steps:
      - { id: entry, uses: net.http, scope: entry }
  software:
    steps:
      - { id: deployed, ask: Was something deployed today?, type: confirm }
      - { id: noise, ask: Is the page slow?, type: confirm }
      - { id: many, ask: Who complains?, type: select, options: [{ value: all, label: All }, { value: one, label: One bank }, { value: unknown, label: Unknown }] }
  network:
    steps:
      - { id: quick, uses: tls.cert }
      - { id: blind, uses: net.tcp }
causes:
  app.down:
    title: App down
    class: software
    prior: common
    evidence:
      - { when: checks.entry.fail, supports: strong }
      - { when: answers.deployed, supports: strong }
      - { when: answers.noise, supports: weak }
      - { when: checks.blind.fail, supports: decisive }
    explains: [entry]
    verify: { ask: Is its process gone?, predict: answer }
  net.down:
    title: Network down
    class: network
    prior: uncommon
    evidence:
      - { when: checks.entry.fail, supports: strong }
      - { when: 'answers.many == "one"', supports: moderate }
      - { when: 'answers.many == "all"', refutes: weak }
    explains: [entry]
validate: { steps: [entry], soak: 0s }
`;
const FAILING = { entry: { status: 'fail' }, blind: 'unknown' } as const;

describe('the information of a test', () => {
  it.each([
    ['nothing about what is certain', 1, { ratio: 100, against: 0.01 }, 0],
    ['nothing about what is excluded', 0, { ratio: 100, against: 0.01 }, 0],
    ['nothing when the outcome does not depend on it', 0.5, { ratio: 1, against: 1 }, 0],
    ['nearly a bit when it decides about an even chance', 0.5, { ratio: 1e9, against: 1e-9 }, 1],
    // By hand: right 10 times of 11, H(1/11) = 0.4395.
    ['an even chance and a strong test', 0.5, { ratio: 10, against: 0.1 }, 0.5605],
  ] as const)('%s', (_, probability, ratios, bits) => {
    expect(informationOf(probability, ratios)).toBeCloseTo(bits, 3);
  });

  it('is never negative, never more than the doubt, and grows with the strength', () => {
    for (let probability = 0.02; probability < 1; probability += 0.02) {
      const doubt = -probability * Math.log2(probability) - (1 - probability) * Math.log2(1 - probability);
      const bits = [2, 4, 10, 100].map((ratio) => informationOf(probability, { ratio, against: 1 / ratio }));
      expect(bits.every((each) => each > 0 && each <= doubt)).toBe(true);
      expect(bits).toEqual(bits.toSorted((one, other) => one - other));
    }
  });
});

describe('what is left to ask, to try or to wait for', () => {
  it('most information per second first, with what it is about', async () => {
    const { plan, session } = await play({ yaml: RIVALS, facts: FAILING });
    const open = { ...session, unanswered: new Map(), answers: new Map() };
    const tests = rankTests(plan, open);
    expect(tests.map(perSecond)).toEqual(tests.map(perSecond).toSorted((one, other) => other - one));
    expect(tests.map(({ kind, key }) => `${kind} ${key}`)).toEqual(
      expect.arrayContaining(['question deployed', 'question noise', 'question many', 'experiment app.down#0', 'check blind']),
    );
    const [best] = tests;
    expect(best).toMatchObject({ key: 'deployed', about: ['app.down'], ms: 20_000 });
    // Both speak about the application; the weaker word tells less.
    const bits = Object.fromEntries(tests.map((test) => [test.key, test.bits]));
    expect(bits['noise']).toBeLessThan(bits['deployed'] ?? 0);
    expect(tests.find(({ key }) => key === 'many')?.about).toEqual(['net.down']);
    // What could not be seen says what would let it, and costs a hand.
    expect(tests.find(({ key }) => key === 'blind')).toMatchObject({
      unlock: 'install it',
      ms: 60_000,
      running: false,
      about: ['app.down'],
    });
  });

  it('what is answered, tried or known is not among them', async () => {
    const replies = { deployed: answer(true), noise: answer(false), many: answer('all'), 'verify:app.down#0': answer(true) };
    const { plan, session } = await play({ yaml: RIVALS, facts: { ...FAILING, blind: { status: 'ok' } }, replies, interactive: true });
    expect(rankTests(plan, session).map(({ key }) => key)).toEqual([]);
  });

  it('a check that runs costs only the time that is left of it', async () => {
    const { plan, session } = await play({ yaml: RIVALS, facts: FAILING });
    const results = new Map([...session.results].filter(([key]) => key !== 'blind'));
    const begun = (ago: number) => new Map([['blind', { params: {}, host: 'gw', at: session.lastAt - ago }]]);
    const cost = (ago: number): number | undefined =>
      rankTests(plan, { ...session, results, history: [], running: begun(ago) }).find(({ key }) => key === 'blind')?.ms;
    expect(cost(0)).toBeGreaterThan(cost(2_000) ?? Number.POSITIVE_INFINITY);
    expect(cost(1_000_000)).toBe(100);
  });
});

describe('the test that separates the two best', () => {
  it('is the cheapest that speaks about only one of them', async () => {
    const { plan, session } = await play({ yaml: RIVALS, facts: FAILING });
    const asked = { ...session, unanswered: new Map(), answers: new Map() };
    const { leading, rival, separating } = diagnose(plan, asked, registry);
    expect([leading?.id, rival?.id]).toEqual(['app.down', 'net.down']);
    expect(separating).toEqual({ en: 'Was something deployed today?' });
  });
});

describe('the order of questions', () => {
  const order = (yaml: string) => play({ yaml, facts: FAILING, interactive: true, replies: {} }).then(({ asked }) => asked);
  /** The questions wait for the entry, as most questions wait for what they hang on. */
  const afterEntry = RIVALS.replaceAll(/(id: (?:deployed|noise|many), )/g, '$1if: checks.entry.fail, ');

  it('the one that tells most for its time comes first, whatever the page says', async () => {
    const shuffled = afterEntry.replace(/( +- \{ id: deployed.*\n)( +- \{ id: noise.*\n)/, '$2$1');
    expect(shuffled).not.toBe(afterEntry);
    const asked = await order(shuffled);
    expect(asked[0]).toBe('deployed');
    expect(asked.slice(0, 3).toSorted()).toEqual(['deployed', 'many', 'noise']);
  });

  it('of those that tell nothing the first', async () => {
    const silent = afterEntry.replace(/\n {6}- \{ when: [^\n]*answers\.[^\n]*/g, '');
    expect((await order(silent)).slice(0, 3)).toEqual(['deployed', 'noise', 'many']);
  });

  it('never past something to be done by hand, nor past a question that leads elsewhere', async () => {
    const byHand = afterEntry.replace(
      '      - { id: deployed',
      '      - { id: look, instruct: Open the dashboard }\n      - { id: deployed',
    );
    expect((await order(byHand))[0]).toBe('look');
    const leading = afterEntry.replace(
      / +- \{ id: noise.*\n/,
      '      - { id: noise, if: checks.entry.fail, ask: Is it an exercise?, type: confirm, next: { yes: { end: false-alarm } } }\n',
    );
    expect(leading).not.toBe(afterEntry);
    const asked = await order(leading);
    expect(asked.indexOf('many')).toBeGreaterThan(asked.indexOf('noise'));
  });
});
