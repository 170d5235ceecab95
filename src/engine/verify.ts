/** A cause is confirmed only by an experiment whose outcome was not used as evidence. */

import type { Verify } from '../playbook/playbook.ts';
import type { Json } from '../ports.ts';
import type { NextStep } from './next-step.ts';
import { lookupCheck, type Observation } from './probe.ts';
import { putQuestion } from './question.ts';
import { expressionScope } from './scope.ts';
import type { TaskDeps } from './task.ts';

type VerifyStep = Extract<NextStep, { kind: 'verify' }>;

/** Resolves with a reason when the operator wants to pause. */
export async function verifyCause(deps: TaskDeps, step: VerifyStep): Promise<string | undefined> {
  return step.verify.kind === 'ask' ? await askToVerify(deps, step, step.verify) : await probeToVerify(deps, step, step.verify);
}

async function probeToVerify(deps: TaskDeps, { key, cause }: VerifyStep, verify: Extract<Verify, { kind: 'check' }>): Promise<undefined> {
  const { plan, recorder, registry, prober, signal, over } = deps;
  const { loop, since, results, answers } = recorder.session();
  await recorder.record('verify.started', { key, loop });
  let seen: Pick<Observation, 'artifacts'> = {};
  const finish = (outcome: 'confirmed' | 'refuted' | 'unknown', detail: string, facts: Json): Promise<void> =>
    recorder.record('verify.finished', { key, loop, outcome, detail, facts, ...seen });
  const scope = expressionScope({ plan, results, answers, target: cause.target });
  let params: Json;
  let host: string;
  try {
    params = verify.with.fill(scope);
    host = verify.on ? String(verify.on.fill(scope)) : (cause.target?.vantage ?? plan.localHost);
  } catch (error) {
    await finish('unknown', messageOf(error), null);
    return;
  }
  const timeout = verify.timeoutMs === undefined ? {} : { timeoutMs: verify.timeoutMs };
  const { facts, failure, artifacts } = await prober({
    key: `verify:${key}`,
    check: lookupCheck(registry, verify.uses),
    params,
    host,
    since,
    signal,
    ...timeout,
  });
  seen = artifacts ? { artifacts } : {};
  if (over.aborted) return;
  if (failure) {
    await finish('unknown', String(failure.data?.message ?? failure.code), facts);
    return;
  }
  try {
    const came = verify.predict.evaluate({ ...scope, out: facts }) === true;
    await finish(came ? 'confirmed' : 'refuted', verify.predict.text, facts);
  } catch (error) {
    await finish('unknown', messageOf(error), facts);
  }
}

async function askToVerify(deps: TaskDeps, { key }: VerifyStep, verify: Extract<Verify, { kind: 'ask' }>): Promise<string | undefined> {
  const { recorder } = deps;
  const id = `verify:${key}`;
  const { loop } = recorder.session();
  const question = { id, type: 'confirm' as const, text: verify.ask, ...(verify.help && { help: verify.help }) };
  return await putQuestion(deps, question, {
    skippable: true,
    onReply: (reply) =>
      reply.kind === 'answer'
        ? (async () => {
            await recorder.record('answer.given', { id, value: reply.value, source: reply.source }, 'operator');
            const outcome = reply.value === verify.predict ? 'confirmed' : 'refuted';
            await recorder.record('verify.finished', { key, loop, outcome, detail: verify.ask.en, facts: reply.value });
            return undefined;
          })()
        : undefined,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
