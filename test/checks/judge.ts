import { expect } from 'vitest';
import { type Check, describeJudgement, type Judgement, type ProbeContext, type Thresholds } from '../../src/checks/check.ts';
import { v } from '../../src/checks/schema.ts';

/** Judges facts that passed the check's own schemas, and holds the judgement to what every judgement owes. */
export function judge(
  check: Check,
  facts: unknown,
  params: unknown = {},
  thresholds: Thresholds | undefined = check.thresholds,
): Judgement {
  const judgement = check.judge(v.parse(check.facts, facts), v.parse(check.params, params), thresholds);
  expect(Object.keys(check.messages)).toContain(judgement.code);
  for (const language of ['en', 'zh-CN'] as const) {
    expect(check.messages[judgement.code]?.[language]).toBeTruthy();
    expect(describeJudgement(check, judgement, language)).not.toMatch(/\{\w+\}|undefined|NaN/);
  }
  if (judgement.status === 'unknown') expect(judgement.unlock).toBeTruthy();
  if (judgement.threshold !== undefined) expect(judgement.thresholdSource).toBeTruthy();
  if (typeof judgement.value === 'number') expect(judgement).toMatchObject({ unit: expect.any(String), threshold: expect.anything() });
  return judgement;
}

/** Probes and judges as the engine does: through the schemas, with facts that survive JSON. */
export async function probeAndJudge(
  check: Check,
  context: ProbeContext,
  params: unknown = {},
): Promise<{ readonly facts: Record<string, unknown>; readonly judgement: Judgement }> {
  const facts = await check.probe(v.parse(check.params, params), context);
  expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  expect(facts).toHaveProperty('observedAt');
  return { facts: facts as Record<string, unknown>, judgement: judge(check, facts, params) };
}
