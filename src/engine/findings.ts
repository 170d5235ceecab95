/** What was found, how far it reaches, and how long each phase took. */
import { type Check, type CheckRegistry, describeJudgement, type Phase, type StepPhase } from '../checks/check.ts';
import type { Expression, Scope as ExpressionScope } from '../playbook/playbook.ts';
import type { Json, JsonObject, Language, Text } from '../ports.ts';
import type { Plan, StepInstance } from './plan.ts';
import { statusOf } from './scope.ts';
import type { Ranking } from './score.ts';
import type { Session, StepResult } from './session.ts';
import { isObject } from './targets.ts';

export interface Finding {
  /** Step instance. */
  readonly key: string;
  readonly check: string;
  readonly phase: StepPhase;
  readonly host: string;
  readonly status: 'warn' | 'fail' | 'unknown';
  readonly code: string;
  readonly title: Text;
  summary(language: Language): string;
  readonly value?: Json;
  readonly unit?: string;
  readonly threshold?: Json;
  readonly thresholdSource?: string;
  /** Where the value has to be again before it gets better. */
  readonly clear?: number;
  /** Only what it was before holds it. */
  readonly held?: true;
  readonly unlock?: string;
  /** Key of the named cause it follows from. */
  readonly explainedBy?: string;
}

export interface Scope {
  readonly state: 'healthy' | 'degraded' | 'down' | 'unknown';
  /** Epoch ms. */
  readonly firstBad?: number;
  readonly lastGood?: number;
  readonly failed: number;
  readonly value?: string;
  readonly unknownOutcome: number;
}

export function findingsOf(plan: Plan, session: Session, registry: CheckRegistry, { explainedBy }: Ranking): Finding[] {
  return plan.steps.flatMap((instance): Finding[] => {
    const result = session.results.get(instance.key);
    const check = instance.step.kind === 'check' ? registry[instance.step.uses] : undefined;
    if (!result?.judgement || !check) return [];
    const { status } = result;
    return status === 'warn' || status === 'fail' || status === 'unknown'
      ? [describeFinding(instance, result, check, status, explainedBy.get(instance.key))]
      : [];
  });
}

function describeFinding(
  { key, step }: StepInstance,
  result: StepResult,
  check: Check,
  status: Finding['status'],
  explainedBy: string | undefined,
): Finding {
  const judgement = result.judgement ?? { status: 'unknown' as const, code: 'no-judgement' };
  const { code, value, unit, threshold, thresholdSource, clear, held, unlock } = judgement;
  return {
    key,
    check: check.id,
    phase: step.phase,
    host: result.host,
    status,
    code,
    title: step.title ?? check.title,
    summary: (language) => describeJudgement(check, judgement, language),
    ...(value !== undefined && { value }),
    ...(unit !== undefined && { unit }),
    ...(threshold !== undefined && { threshold }),
    ...(thresholdSource !== undefined && { thresholdSource }),
    ...(clear !== undefined && { clear }),
    ...(held !== undefined && { held }),
    ...(unlock !== undefined && { unlock }),
    ...(explainedBy !== undefined && { explainedBy }),
  };
}

/** Entry steps give the state now; the numbers are those of the whole incident, fixed or not. */
export function scopeOf(plan: Plan, session: Session): Scope {
  const entries = plan.steps.filter(({ step, empty }) => step.kind === 'check' && step.scope === 'entry' && !empty);
  const steps = [...new Set(entries.map(({ step }) => step.id))];
  const states = steps.flatMap(
    (id) =>
      stateOfEntry(
        session,
        entries.filter(({ step }) => step.id === id),
      ) ?? [],
  );
  const state = (['down', 'degraded', 'unknown', 'healthy'] as const).find((worst) => states.includes(worst)) ?? 'unknown';
  return { state, ...impactOf(plan, session) };
}

/** Each entry step is something that customers cannot do without: an answer, a certificate. undefined: it does not apply here. */
function stateOfEntry(session: Session, instances: readonly StepInstance[]): Scope['state'] | undefined {
  const statuses = instances
    .map((instance) => statusOf(instance, session.results))
    .filter((status) => status !== 'skipped' && status !== 'not-applicable');
  if (statuses.length === 0) return undefined;
  const failed = statuses.filter((status) => status === 'fail').length;
  if (failed === 0) return statuses.includes('unknown') ? 'unknown' : 'healthy';
  const partial = instances.some(({ key }) => session.results.get(key)?.judgement?.code === 'partial');
  return partial || failed < statuses.length ? 'degraded' : 'down';
}

function impactOf(plan: Plan, session: Session): Omit<Scope, 'state'> {
  const numbers = (pick: 'failed' | 'firstBad' | 'lastGood' | 'unknownOutcome'): number[] =>
    session.history.flatMap(({ key, facts, judgement }) => {
      const instance = plan.stepByKey.get(key);
      const step = instance?.step;
      const expression = step?.kind === 'check' ? step.impact?.[pick] : undefined;
      const value =
        expression && judgement && facts !== null
          ? evaluateNumber(expression, { out: facts, profile: plan.profile, inputs: plan.inputs, target: instance?.target?.data ?? {} })
          : undefined;
      return value === undefined ? [] : [value];
    });
  const value = moneyAtRisk(plan, session);
  const firstBad = numbers('firstBad');
  const lastGood = numbers('lastGood');
  return {
    failed: Math.max(0, ...numbers('failed')),
    unknownOutcome: Math.max(0, ...numbers('unknownOutcome')),
    ...(value !== undefined && { value }),
    ...(firstBad.length > 0 && { firstBad: Math.min(...firstBad) }),
    ...(lastGood.length > 0 && { lastGood: Math.max(...lastGood) }),
  };
}

/** What the latest results say it is worth, largest sum of each currency first; undefined: nobody measured it. */
function moneyAtRisk(plan: Plan, session: Session): string | undefined {
  const sums = new Map<string, number>();
  const texts: string[] = [];
  for (const [key, { facts, judgement }] of session.results) {
    const instance = plan.stepByKey.get(key);
    const expression = instance?.step.kind === 'check' ? instance.step.impact?.value : undefined;
    if (!expression || !judgement || facts === null) continue;
    const value = evaluate(expression, {
      out: facts,
      profile: plan.profile,
      inputs: plan.inputs,
      target: instance?.target?.data ?? {},
    });
    if (typeof value === 'string' && value !== '') texts.push(value);
    if (typeof value === 'number') sums.set('', Math.max(sums.get('') ?? 0, value));
    // Two steps may read the same payments: the larger sum holds.
    if (isObject(value ?? null))
      for (const [currency, amount] of Object.entries(value as JsonObject))
        if (Number.isFinite(Number(amount))) sums.set(currency, Math.max(sums.get(currency) ?? 0, Number(amount)));
  }
  const shown = [...sums].filter(([, amount]) => amount > 0).sort(([, one], [, other]) => other - one);
  return [...texts, ...shown.map(([currency, amount]) => showMoney(currency, amount))].join(', ') || undefined;
}

function showMoney(currency: string, amount: number): string {
  const text = Number.isInteger(amount) ? String(amount) : amount.toFixed(2);
  return currency === '' || currency === '?' ? text : `${text} ${currency}`;
}

/** Numbers, or instants written as text; anything else is not a number of the impact. */
function evaluateNumber(expression: Expression, scope: Partial<ExpressionScope>): number | undefined {
  const value = evaluate(expression, scope);
  const number = typeof value === 'string' ? Date.parse(value) : value;
  return typeof number === 'number' && Math.abs(number) <= MAX_NUMBER ? number : undefined;
}

/** Of a `Date`. */
const MAX_NUMBER = 8.64e15;

/** undefined: these facts do not have it. */
function evaluate(expression: Expression, scope: Partial<ExpressionScope>): Json | undefined {
  try {
    return expression.evaluate(scope);
  } catch {
    return undefined;
  }
}

export function phaseOf(plan: Plan, session: Session, id: Phase): { id: Phase; steps: number; durationMs: number } {
  if (id === 'verify') return { id, steps: session.verifications.size + session.pastVerifications.length, durationMs: 0 };
  const fixes = [...session.fixes.values()];
  if (id === 'fix') {
    const commands = fixes.flatMap((fix) => fix.commands);
    return { id, steps: commands.length, durationMs: commands.reduce((sum, command) => sum + command.duration_ms, 0) };
  }
  if (id === 'validate') return { id, steps: fixes.filter(({ stage }) => stage === 'validated').length, durationMs: 0 };
  const results = session.history.filter(({ key, loop }) => loop === 0 && plan.stepByKey.get(key)?.step.phase === id);
  const starts = results.map(({ startedAt }) => startedAt);
  const ends = results.map(({ endedAt }) => endedAt);
  return { id, steps: results.length, durationMs: results.length === 0 ? 0 : Math.max(...ends) - Math.min(...starts) };
}
