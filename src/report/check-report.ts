/** What `oor check` found, as one value that every output format is made from. */
import { type Check, type CheckRegistry, describeJudgement, describeReason, type Status, type Thresholds } from '../checks/check.ts';
import type { Plan, StepInstance } from '../engine/plan.ts';
import { siteThresholds } from '../engine/probe.ts';
import type { Session, StepResult } from '../engine/session.ts';
import type { Language, Text } from '../ports.ts';
import { wordsIn } from './words.ts';

export interface CheckRow {
  /** The check; several rows may share it. */
  readonly id: string;
  /** The step instance: unique. */
  readonly step: string;
  readonly title: Text;
  readonly phase: string;
  readonly target: string | null;
  readonly host: string;
  readonly status: Status;
  readonly code: string | null;
  readonly summary: Text;
  readonly value: number | string | boolean | null;
  readonly unit: string | null;
  readonly threshold: number | string | null;
  readonly thresholdSource: string | null;
  /** Both bounds that the value was held against; null where the check has none or the playbook replaced them. */
  readonly bounds: Pick<Thresholds, 'warn' | 'crit' | 'unit'> | null;
  /** For warn and fail: where the value has to be again before it gets better. */
  readonly clear: number | null;
  /** Only what it was before holds it. */
  readonly held: boolean;
  readonly durationMs: number;
  readonly attempts: StepResult['attempts'];
  readonly unlock: string | null;
}

export interface CheckReport {
  readonly tool: { readonly name: string; readonly version: string };
  readonly site: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly rows: readonly CheckRow[];
}

export interface ReportInput {
  readonly plan: Plan;
  readonly session: Session;
  readonly registry: CheckRegistry;
}

export function checkReport({ plan, session, registry }: ReportInput): CheckReport {
  return {
    tool: session.started.tool,
    site: typeof plan.profile['site'] === 'string' ? plan.profile['site'] : '',
    startedAt: session.startedAt,
    endedAt: session.endedAt ?? session.lastAt,
    rows: plan.steps.flatMap((instance) => {
      const check = instance.step.kind === 'check' ? registry[instance.step.uses] : undefined;
      return check ? [describeRow(instance, check, plan, session)] : [];
    }),
  };
}

export type Counts = Readonly<Record<Status, number>>;

export function countStatuses({ rows }: CheckReport): Counts {
  const counts = { ok: 0, warn: 0, fail: 0, unknown: 0, skipped: 0, 'not-applicable': 0 };
  for (const { status } of rows) counts[status] += 1;
  return counts;
}

/** `1 fail, 2 warn, 10 ok`: worst first, nothing that is not there. */
export function describeCounts(counts: Counts, language: Language = 'en'): string {
  const say = wordsIn(language);
  const order = ['fail', 'unknown', 'warn', 'ok', 'skipped', 'not-applicable'] as const;
  return (
    order
      .filter((status) => counts[status] > 0)
      .map((status) => `${counts[status]} ${say(`status_${status}`)}`)
      .join(language === 'en' ? ', ' : '，') || say('nothingChecked')
  );
}

function describeRow({ key, step, target, empty }: StepInstance, check: Check, plan: Plan, session: Session): CheckRow {
  const result = session.results.get(key);
  const { value, unit, threshold, thresholdSource, clear, held, unlock, code } = result?.judgement ?? {};
  const replaced = step.kind === 'check' && step.expect !== undefined;
  const bounds = replaced ? undefined : siteThresholds(check, plan.profile);
  return {
    id: check.id,
    step: key,
    title: step.title ?? check.title,
    phase: step.phase,
    target: target?.name ?? null,
    host: result?.host || (target?.host ?? plan.localHost),
    status: empty ? 'not-applicable' : (result?.status ?? 'unknown'),
    code: code ?? null,
    summary: summarise(check, result, empty),
    value: value ?? null,
    unit: unit ?? null,
    threshold: threshold ?? null,
    thresholdSource: thresholdSource ?? null,
    bounds: bounds && isHeldAgainst(bounds, threshold) ? { warn: bounds.warn, crit: bounds.crit, unit: bounds.unit } : null,
    clear: clear ?? null,
    held: held ?? false,
    durationMs: result?.durationMs ?? 0,
    // Retries replace the result; what they replaced is still in the history.
    attempts: session.history.filter((past) => past.key === key).flatMap(({ attempts }) => [...attempts]),
    unlock: unlock ?? null,
  };
}

/** A check may hold what it saw against another bound of its own; then these two say nothing about the value. */
function isHeldAgainst({ warn, crit }: Thresholds, threshold: number | string | undefined): boolean {
  return threshold === warn || threshold === crit;
}

function summarise(check: Check, result: StepResult | undefined, empty: boolean): Text {
  if (empty) return { en: 'the profile names none', 'zh-CN': '站点档案中未声明' };
  const judgement = result?.judgement;
  if (!judgement) {
    const reason = result?.reason ?? 'it was not reached';
    return { en: reason, 'zh-CN': describeReason(reason, 'zh-CN') };
  }
  const say = (language: Language): string => describeJudgement(check, judgement, language);
  return { en: say('en'), 'zh-CN': say('zh-CN') };
}
