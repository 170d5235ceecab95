/** `oor run --json`: one object, keys fixed by the contract with pipelines. */
import type { DiagnosedCause, Diagnosis } from '../engine/diagnose.ts';
import type { Finding } from '../engine/findings.ts';
import type { Plan } from '../engine/plan.ts';
import type { Session } from '../engine/session.ts';
import { pauseCode } from '../engine/verdict.ts';
import type { JsonObject } from '../ports.ts';
import { meterAsJson } from './impact.ts';

export function runAsJson(plan: Plan, session: Session, diagnosis: Diagnosis): JsonObject {
  const { started, ended } = session;
  return {
    schema_version: 1,
    tool: started.tool,
    session: started.session,
    playbook: { id: started.playbook.id, sha256: started.playbook.sha256 },
    site: typeof plan.profile.site === 'string' ? plan.profile.site : '',
    started_at: iso(session.startedAt),
    ended_at: iso(session.endedAt ?? session.lastAt),
    verdict: ended?.verdict ?? 'unknown',
    exit_code: ended?.exit_code ?? pauseCode(session),
    outcome: ended?.outcome ?? 'aborted',
    scope: scopeAsJson(diagnosis),
    causes: diagnosis.causes.map(causeAsJson),
    findings: diagnosis.findings.map(findingAsJson),
    phases: diagnosis.phases.map(({ id, steps, durationMs }) => ({ id, steps, duration_ms: durationMs })),
    unknown: diagnosis.findings
      .filter(({ status }) => status === 'unknown')
      .map((finding) => ({ check: finding.check, step: finding.key, why: finding.summary('en'), unlock: finding.unlock ?? null })),
    ...(diagnosis.rival && { rival: diagnosis.rival.id }),
    ...(diagnosis.separating && { separating_test: diagnosis.separating.en }),
    ...(plan.playbook.escalate && ended && ended.exit_code !== 0 && { escalate: { to: plan.playbook.escalate.to } }),
    answers: [...session.answers.values()].map(({ id, value, source }) => ({ id, value, source })),
    regulatory: meterAsJson(diagnosis, session),
    issuers: session.issuers,
    notes: session.notes.map(({ at, text }) => ({ at: iso(at), text })),
    fixes: [...session.fixes.values()].map(({ key, stage, reason, commands }) => ({
      id: key,
      state: stage,
      reason: reason ?? null,
      commands: commands.map(({ argv, exit_code, duration_ms }) => ({ argv, exit_code, duration_ms })),
    })),
  };
}

function scopeAsJson({ scope }: Diagnosis): JsonObject {
  return {
    state: scope.state,
    ...(scope.firstBad !== undefined && { first_bad: iso(scope.firstBad) }),
    ...(scope.lastGood !== undefined && { last_good: iso(scope.lastGood) }),
    failed: scope.failed,
    ...(scope.value !== undefined && { value: scope.value }),
    unknown_outcome: scope.unknownOutcome,
  };
}

function causeAsJson(cause: DiagnosedCause): JsonObject {
  const [fix] = cause.fixes;
  return {
    id: cause.id,
    class: cause.class,
    ...(cause.component !== undefined && { component: cause.component }),
    ...(cause.host !== undefined && { host: cause.host }),
    score: round(cause.score),
    state: cause.state,
    text: cause.title.en,
    because: cause.because.map(({ step, effect, factor, explainedBy }) => ({
      step,
      effect,
      factor: round(factor),
      ...(explainedBy !== undefined && { explained_by: explainedBy }),
    })),
    ...(fix && { fix: fix.key }),
    ...(cause.advice && { advice: cause.advice.en }),
  };
}

function findingAsJson(finding: Finding): JsonObject {
  return {
    id: finding.key,
    check: finding.check,
    phase: finding.phase,
    host: finding.host,
    status: finding.status,
    code: finding.code,
    summary: finding.summary('en'),
    ...(finding.value !== undefined && { value: finding.value }),
    ...(finding.unit !== undefined && { unit: finding.unit }),
    ...(finding.threshold !== undefined && { threshold: finding.threshold }),
    ...(finding.thresholdSource !== undefined && { threshold_source: finding.thresholdSource }),
    ...(finding.clear !== undefined && { clear: finding.clear }),
    ...(finding.held !== undefined && { held_by_hysteresis: finding.held }),
    ...(finding.explainedBy !== undefined && { explained_by: finding.explainedBy }),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** Four decimals say all that a score of words can. */
function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
