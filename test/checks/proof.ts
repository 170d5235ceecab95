/** What a test saw a check say, kept with the test: test/proofs.ts counts it when the test has passed. */
import { TestRunner } from 'vitest';
import type { Judgement } from '../../src/checks/check.ts';
import { type Means, writeProof } from './proof-rules.ts';

declare module 'vitest' {
  interface TaskMeta {
    proofs?: string[];
  }
}

/** To be opened while the test that counts is the current one, that is before any `await`. */
export function openProof(check: string, means: Means): (status: Judgement['status']) => void {
  const meta = TestRunner.getCurrentTest()?.meta;
  return (status) => {
    if (!meta) return;
    meta.proofs ??= [];
    const proof = writeProof({ check, status, means });
    if (!meta.proofs.includes(proof)) meta.proofs.push(proof);
  };
}
