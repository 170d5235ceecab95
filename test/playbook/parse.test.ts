import { describe, expect, it } from 'vitest';
import { GOOD, parsed, problemsOf } from './support.ts';

describe('a playbook that is whole', () => {
  const playbook = parsed(GOOD);

  it('parses', () => {
    expect(problemsOf(GOOD)).toEqual([]);
    expect(playbook.steps.map(({ id, kind, phase }) => [id, kind, phase])).toMatchSnapshot();
  });
});
