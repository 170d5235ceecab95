import { expect } from 'vitest';
import { type Check, describeJudgement, type Judgement, type ProbeContext, type Thresholds } from '../../src/checks/check.ts';
import { v } from '../../src/checks/schema.ts';
import { HostError } from '../../src/errors.ts';
import { isFake } from './fake-host.ts';
import { openProof } from './proof.ts';
import type { Means } from './proof-rules.ts';

/** Judges facts that passed the check's own schemas, and holds the judgement to what every judgement owes. */
export function judge(
  check: Check,
  facts: unknown,
  params: unknown = {},
  thresholds: Thresholds | undefined = check.thresholds,
): Judgement {
  return judgeBy('recorded', check, facts, params, thresholds);
}

function judgeBy(means: Means, check: Check, facts: unknown, params: unknown, thresholds: Thresholds | undefined): Judgement {
  const prove = openProof(check.id, means);
  const judgement = check.judge(v.parse(check.facts, facts), v.parse(check.params, params), thresholds);
  expect(Object.keys(check.messages)).toContain(judgement.code);
  for (const language of ['en', 'zh-CN'] as const) {
    const template = check.messages[judgement.code]?.[language] ?? '';
    expect(template).toBeTruthy();
    const slots = Array.from(template.matchAll(/\{(\w+)[|}]/g), ([, name = '']) => name);
    const saysWhy = judgement.data?.['message'] !== undefined && !slots.includes('message');
    expect(saysWhy ? [] : slots.filter((name) => (judgement.data?.[name] ?? undefined) === undefined)).toEqual([]);
    expect(describeJudgement(check, judgement, language)).not.toMatch(/\{\w+[|}]|undefined|NaN/);
  }
  if (judgement.status === 'unknown') expect(judgement.unlock).toBeTruthy();
  if (judgement.threshold !== undefined) expect(judgement.thresholdSource).toBeTruthy();
  if (typeof judgement.value === 'number') expect(judgement).toMatchObject({ unit: expect.any(String), threshold: expect.anything() });
  return onceRead(judgement, () => prove(judgement.status));
}

/** Probes and judges as the engine does: through the schemas, with facts that survive JSON; a probe that cannot tell is `unknown`. */
export async function probeAndJudge(
  check: Check,
  context: ProbeContext,
  params: unknown = {},
  thresholds: Thresholds | undefined = check.thresholds,
): Promise<{ readonly facts: Record<string, unknown>; readonly judgement: Judgement }> {
  const means = isFake(context.host) ? 'recorded' : 'real';
  const prove = openProof(check.id, means);
  const facts = await check.probe(v.parse(check.params, params), context).catch((error: unknown) => {
    if (error instanceof HostError) prove(error.reason === 'unsupported' ? 'not-applicable' : 'unknown');
    throw error;
  });
  expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  expect(facts).toHaveProperty('observedAt');
  return { facts: facts as Record<string, unknown>, judgement: judgeBy(means, check, facts, params, thresholds) };
}

/** A status that no assertion looked at proves nothing. */
function onceRead(judgement: Judgement, note: () => void): Judgement {
  return new Proxy(judgement, {
    get(target, key) {
      if (key === 'status' || key === 'code') note();
      return Reflect.get(target, key);
    },
  });
}
