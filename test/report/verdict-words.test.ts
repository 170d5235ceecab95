import { describe, expect, it } from 'vitest';
import type { DiagnosedCause } from '../../src/engine/diagnose.ts';
import { namedCauses } from '../../src/report/verdict-words.ts';

const cause = (id: string, score: number, state: DiagnosedCause['state'], ...fixes: readonly string[]) =>
  ({ id, score, state, fixes: fixes.map((key) => ({ key })) }) as unknown as DiagnosedCause;
const named = (...causes: readonly DiagnosedCause[]) => namedCauses({ diagnosis: { causes } as never }).map(({ id }) => id);

describe('causes that a reader must know of', () => {
  it('are those that scored, and those that are done with, whatever they score since', () => {
    expect(named(cause('a', 0.9, 'confirmed'), cause('b', 0.4, 'suspected'), cause('c', 0.1, 'fixed', 'renew'))).toEqual(['a', 'c']);
    expect(named(cause('a', 0.9, 'refuted'))).toEqual([]);
  });

  it('a rival with the same fix was not ended by it', () => {
    const [timeout, slow] = [cause('timeout', 0.99, 'mitigated', 'switch'), cause('slow', 0.2, 'mitigated', 'switch', 'wait')];
    expect(named(timeout, slow)).toEqual(['timeout']);
    expect(named(cause('timeout', 0.99, 'confirmed', 'other'), slow)).toEqual(['timeout', 'slow']);
  });
});
