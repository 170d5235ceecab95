import { expect, test } from 'vitest';
import { expressionScope, type Results } from '../../src/engine/scope.ts';
import type { StepResult } from '../../src/engine/session.ts';
import { play } from './harness.ts';

const { plan } = await play({
  yaml: `
oor: 1
id: t
title: { en: T }
phases:
  network:
    steps:
      - { id: db, uses: net.tcp, with: { name: db } }
`,
});

function seen(status: 'fail' | 'unknown'): Results {
  return new Map([['db', { status, judgement: { status, code: 'refused', value: 3 }, facts: null } as unknown as StepResult]]);
}

test('the code and value of a judgement are evidence', () => {
  const { checks, any } = expressionScope({ plan, results: seen('fail'), answers: new Map() });
  expect(checks['db']).toMatchObject({ fail: true, code: 'refused', value: 3 });
  expect(any['db']).toMatchObject({ codes: ['refused'] });
});

test('what could not be told has neither: its code says why the probe failed, not what is there', () => {
  const { checks, any } = expressionScope({ plan, results: seen('unknown'), answers: new Map() });
  expect(checks['db']).toMatchObject({ unknown: true, code: '', value: null });
  expect(any['db']).toMatchObject({ unknown: true, codes: [] });
});
