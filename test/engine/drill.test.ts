import { describe, expect, it } from 'vitest';
import { beginDrill, type Drill, type Move, playDrill, takeMove } from '../../src/engine/drill.ts';
import { scoreDrill } from '../../src/engine/drill-score.ts';

const text = (en: string) => ({ en, 'zh-CN': en });
const move = (id: string, kind: Move['kind'], more: Partial<Move> = {}): Move => ({
  ...{ id, kind, title: text(id), phase: 'evidence', minutes: 2, needs: [], risk: 'low', changes: {} },
  seen: { says: text(id), ...(kind === 'look' && { status: 'fail' }) },
  ...more,
});
const good = { status: 'ok', says: text('good') } as const;
const DRILL: Drill = {
  ...{ id: 'test', kind: 'simulated', title: text('t'), from: 'x', at: 0, story: text('s'), entry: 'entry' },
  moves: [
    move('entry', 'look', { phase: 'confirm' }),
    move('clue', 'look', { phase: 'network' }),
    ...['cold1', 'cold2', 'cold3', 'cold4'].map((id) => move(id, 'look')),
    move('fix', 'act', { phase: 'fix', needs: ['clue'], changes: { entry: good } }),
    move('wild', 'act', { risk: 'high' }),
    move('crime', 'act', { risk: 'high', forbidden: text('never') }),
    move('tell', 'tell', { within: 10 }),
  ],
  causes: [
    { id: 'a.b', title: text('a') },
    { id: 'c.d', title: text('c') },
  ],
  right: ['a.b'],
  expert: ['entry', 'clue', 'tell', 'cause:a.b', 'fix', 'entry', 'over'],
  ...{ trap: text('trap'), lesson: text('lesson') },
};

const scoreOf = (words: readonly string[]) => scoreDrill(DRILL, playDrill(DRILL, words).state);
const part = (words: readonly string[], id: string) => scoreOf(words).parts.find((each) => each.id === id)?.points;
const without = (word: string) => DRILL.expert.filter((each) => each !== word);

describe('the course of a drill', () => {
  it('a look shows what the acts before it made of it', () => {
    const { state } = playDrill(DRILL, ['entry', 'fix', 'entry']);
    expect(state.taken.map(({ seen, phase }) => [seen?.status, phase])).toEqual([
      ['fail', 'confirm'],
      [undefined, 'fix'],
      ['ok', 'validate'],
    ]);
    expect(state.taken[1]?.unseen).toEqual(['clue']);
  });

  it('thinking costs what it costs, and nothing happens after the end', () => {
    const state = takeMove(DRILL, beginDrill(DRILL), 'entry', 3.5);
    expect(state?.minute).toBe(5.5);
    expect(playDrill(DRILL, ['over', 'entry']).refused).toBe('entry');
    expect(playDrill(DRILL, ['nonsense']).refused).toBe('nonsense');
    expect(playDrill(DRILL, ['cause:x.y']).refused).toBe('cause:x.y');
  });
});

describe('the score', () => {
  it('is everything for the expert', () => {
    expect(scoreOf(DRILL.expert).score).toBe(1);
  });

  it('falls for a cause that is missing or wrong', () => {
    expect(part(without('cause:a.b'), 'causes')).toBe(0);
    expect(part(['entry', 'clue', 'cause:c.d'], 'causes')).toBe(0);
    // Two of two is no choice.
    expect(part([...DRILL.expert.slice(0, -1), 'cause:c.d', 'over'], 'causes')).toBe(0);
    const wider = { ...DRILL, causes: [...DRILL.causes, { id: 'e.f', title: text('e') }] };
    const { state } = playDrill(wider, [...DRILL.expert.slice(0, -1), 'cause:c.d', 'over']);
    expect(scoreDrill(wider, state).parts.find(({ id }) => id === 'causes')?.points).toBe(12.5);
  });

  it('falls for a cause that is named before it is looked at', () => {
    const blind = scoreOf(['cause:a.b', ...without('cause:a.b')]);
    expect(blind.parts.filter(({ id }) => id === 'evidence' || id === 'causes').map(({ points }) => points)).toEqual([0, 0]);
    expect(blind.wrongTurns).toMatchObject([{ word: 'cause:a.b', kind: 'guess', unseen: ['clue'] }]);
    // The entry alone is no ground; half of the rest is enough.
    expect(part(['entry', 'cause:a.b'], 'causes')).toBe(0);
    const more = { ...DRILL, expert: ['entry', 'clue', 'cold1', 'cold2', 'cold3', 'tell', 'cause:a.b', 'fix', 'entry', 'over'] };
    const causes = (words: readonly string[]) => scoreDrill(more, playDrill(more, words).state).parts[0]?.points;
    expect([causes(['clue', 'cause:a.b']), causes(['clue', 'cold1', 'cause:a.b'])]).toEqual([12.5, 25]);
  });

  it('falls for looking around, again, and for acting before looking', () => {
    const cold = (...ids: readonly string[]) => scoreOf(['entry', ...ids, ...DRILL.expert.slice(1)]).wrongTurns.map(({ kind }) => kind);
    expect(cold('cold1', 'cold2')).toEqual([]);
    expect(cold('cold1', 'cold2', 'cold3')).toEqual(['idle']);
    expect(cold('clue')).toEqual(['again']);
    expect(scoreOf(['entry', 'fix', ...without('fix').slice(1)]).wrongTurns.map(({ kind }) => kind)).toContain('guess');
  });

  it('falls for risks that nobody needed, most of all for what must not be done', () => {
    const risked = (word: string) => part(['entry', word, ...DRILL.expert.slice(1)], 'risk');
    expect([risked('wild'), risked('crime')]).toEqual([10, 0]);
    expect(scoreOf(['crime', ...DRILL.expert]).risky).toMatchObject([{ word: 'crime', kind: 'forbidden', text: { en: 'never' } }]);
  });

  it('gives nothing for having avoided what whoever does nothing avoids', () => {
    expect(scoreOf(['entry', 'over']).parts.filter(({ points }) => points > 0)).toEqual([{ id: 'evidence', points: 5, of: 10 }]);
    expect(scoreOf(['entry', 'clue', 'tell', 'cause:a.b', 'over'])).toMatchObject({
      score: 0.45,
      risky: [{ word: 'over', kind: 'not-well' }],
    });
    expect(part(['entry', 'fix', 'entry', 'over'], 'remedy')).toBe(7.5);
  });

  it('falls for a notice that is late or missing', () => {
    expect(part(without('tell'), 'notices')).toBe(0);
    expect(part([...without('tell').slice(0, -1), 'tell', 'over'], 'notices')).toBe(5);
  });

  it('falls when nobody looked again, and for time', () => {
    expect(part(['entry', 'clue', 'tell', 'cause:a.b', 'fix', 'over'], 'remedy')).toBe(10.5);
    const slow = playDrill(DRILL, DRILL.expert.slice(0, -1)).state;
    const late = takeMove(DRILL, slow, 'over', slow.minute);
    if (!late) throw new Error('over');
    expect(scoreDrill(DRILL, late).parts.find(({ id }) => id === 'time')?.points).toBe(5);
  });

  it('tells a look at the end from the one at the beginning', () => {
    const looks = (words: readonly string[]) => scoreOf(words).debrief.flatMap(({ word, taken }) => (word === 'entry' ? [taken] : []));
    expect(looks(DRILL.expert)).toEqual([true, true]);
    expect(looks(['clue', 'cause:a.b', 'fix', 'entry', 'over'])).toEqual([false, true]);
    expect(looks(['entry', 'clue', 'cause:a.b', 'fix', 'over'])).toEqual([true, false]);
    expect(looks(['entry', 'clue', 'over'])).toEqual([true, false]);
  });

  it('says what of the remedy was left out, which costs points', () => {
    expect(scoreOf(without('fix')).missed).toEqual([{ word: 'fix', kind: 'undone', unseen: [] }]);
    expect(scoreOf(DRILL.expert).missed).toEqual([]);
  });

  it('counts a look after an act of their own for it where the expert does nothing', () => {
    const none = { ...DRILL, expert: ['entry', 'clue', 'cause:a.b', 'over'] };
    const { state } = playDrill(none, ['wild', 'entry', 'clue', 'cause:a.b', 'over']);
    expect(scoreDrill(none, state).debrief.map(({ word, taken }) => [word, taken])).toContainEqual(['entry', true]);
  });

  it('shows time by phase beside the expert, and his path', () => {
    const { phases, debrief } = scoreOf(['entry', 'cold1', 'over']);
    expect(phases.find(({ id }) => id === 'network')).toEqual({ id: 'network', minutes: 0, expert: 2 });
    expect(debrief.filter(({ taken }) => taken).map(({ word, atMinute }) => [word, atMinute])).toEqual([
      ['entry', 0],
      ['over', 11],
    ]);
  });
});
