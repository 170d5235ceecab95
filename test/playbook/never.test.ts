import { describe, expect, it } from 'vitest';
import { answersDemanded, contradictionIn, stepsDemanded } from '../../src/playbook/never.ts';

describe('contradictionIn', () => {
  it.each([
    ['checks.a.ok && checks.a.fail', 'checks.a cannot be ok and fail at once'],
    ['checks.a.code == "x" && checks.b.ok && checks.a.code == "y"', 'checks.a.code cannot be x and y at once'],
    ['answers.q == "a" && answers.q == "b"', 'answers.q cannot be a and b at once'],
  ])('%s', (text, said) => {
    expect(contradictionIn(text)).toBe(said);
  });

  it.each([
    'checks.a.ok && checks.b.fail',
    'checks.a.ok || checks.a.fail',
    'any.a.ok && any.a.fail',
    '!(checks.a.ok && checks.a.fail)',
    'checks.a.ok && (checks.a.fail || checks.b.ok)',
    'checks.a.out.exists(x, x == "&& checks.a.fail") && checks.a.ok',
    'checks.a.code == "x && y" && checks.a.ok',
    'checks.a.ok ? checks.a.ok : checks.a.fail',
  ])('%s may be true', (text) => {
    expect(contradictionIn(text)).toBeUndefined();
  });
});

it('answers that a condition demands', () => {
  expect([...answersDemanded('answers.q == "a" && checks.x.ok && answers.n == 3')]).toEqual([
    ['q', 'a'],
    ['n', '3'],
  ]);
  expect([...answersDemanded('answers.q == "a" || answers.q == "b"')]).toEqual([]);
});

it('what a condition demands to have run', () => {
  expect(stepsDemanded('checks.a.fail && any.b.ok && checks.c.code == "x" && answers.q && !answers.r && answers.s == "a"')).toEqual([
    ...['a', 'b', 'c', 'q', 'r', 's'],
  ]);
  expect(stepsDemanded('checks.a.skipped && checks.b.unknown && !checks.c.fail')).toEqual([]);
  expect(stepsDemanded('checks.a.fail || checks.b.fail')).toEqual([]);
});
