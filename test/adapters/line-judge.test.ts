import { expect, it } from 'vitest';
import { createLineJudge } from '../../src/adapters/line-judge.ts';
import { createTally } from '../../src/adapters/line-tally.ts';

it('looks at the clock after each pattern: one line may keep one pattern busy for long', () => {
  const stop: { reason: 'timed-out' | undefined; release(): void } = { reason: undefined, release: () => {} };
  let asked = 0;
  const slow = {
    need: undefined,
    oddFolds: false,
    proves: false,
    test: () => {
      asked += 1;
      stop.reason = 'timed-out';
      return true;
    },
  };
  const content = Buffer.from('one line\nanother line\n');
  const tally = createTally({ patterns: { a: '', b: '', c: '' } });
  const scanner = { isAscii: () => true };
  const options = { content, scanner, patterns: [slow, slow, slow], exclude: undefined, everyLine: [0, 1, 2], tally, stop };
  createLineJudge({ start: 0, end: content.length, offset: 0 }, options).reach(content.length);
  expect(asked).toBe(1);
  expect(tally.result()).toMatchObject({ matches: 1, byPattern: { a: 1, b: 0, c: 0 } });
});
