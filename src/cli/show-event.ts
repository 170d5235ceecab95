/** Events as they come, on the screen. */
import { type CheckRegistry, describeJudgement } from '../checks/check.ts';
import type { Event, EventData } from '../engine/events.ts';
import { scopeOf } from '../engine/findings.ts';
import type { Plan } from '../engine/plan.ts';
import { PROBE_TIMEOUT_MS } from '../engine/probe.ts';
import type { Session } from '../engine/session.ts';
import type { Language } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { glanceOf } from '../report/glance.ts';
import type { Progress } from './services.ts';

export interface Showing {
  readonly plan: Plan;
  readonly registry: CheckRegistry;
  readonly language: Language;
  /** Epoch ms. */
  readonly now: number;
}

/** Of a command that failed; the whole of it is in the report. */
const OUTPUT_LINES = 20;

export function showEvent(progress: Progress, showing: Showing, event: Event, session: Session): void {
  const say = WORDS[showing.language];
  switch (event.type) {
    case 'step.started':
      return progress.started(describeStart(showing, event.data.key));
    case 'step.finished':
      progress.finished(describeEnd(showing, event.data));
      return showImpact(progress, showing, session, event.data.key);
    case 'step.decided':
      // A question that is passed over is no check of its phase.
      if (showing.plan.stepByKey.get(event.data.key)?.step.kind !== 'check') return;
      return progress.decided({ ...nameOf(showing, event.data.key), status: event.data.status });
    case 'fix.started':
      return progress.note(event.data.argvs.map((argv) => `$ ${escapeControlInLine(argv.join(' '))}`).join('\n'));
    case 'fix.finished':
      return progress.note(event.data.ok ? say.applied(event.data.key) : describeFailure(showing, event.data, session));
    case 'fix.validated':
      return progress.note(event.data.ok ? say.signalled(event.data.key) : say.noSignal(event.data.key));
    case 'loop.started':
      return progress.note(say.again(session.loop));
    default:
      return;
  }
}

function nameOf(
  { plan, registry, language }: Showing,
  key: string,
): { readonly id: string; readonly title: string; readonly phase: string } {
  const step = plan.stepByKey.get(key)?.step;
  const title = step?.title ?? (step?.kind === 'check' ? registry[step.uses]?.title : undefined);
  return { id: key, title: title?.[language] ?? title?.en ?? key, phase: step?.phase ?? 'evidence' };
}

function describeStart(showing: Showing, key: string): Parameters<Progress['started']>[0] {
  const step = showing.plan.stepByKey.get(key)?.step;
  const timeoutMs = step?.kind === 'check' ? (step.timeoutMs ?? showing.registry[step.uses]?.timeoutMs ?? PROBE_TIMEOUT_MS) : 0;
  return { ...nameOf(showing, key), timeoutMs };
}

function describeEnd(
  showing: Showing,
  { key, judgement, facts, duration_ms }: EventData['step.finished'],
): Parameters<Progress['finished']>[0] {
  const step = showing.plan.stepByKey.get(key)?.step;
  const check = step?.kind === 'check' ? showing.registry[step.uses] : undefined;
  const summary = check ? describeJudgement(check, judgement, showing.language) : judgement.code;
  return {
    ...nameOf(showing, key),
    status: judgement.status,
    summary,
    durationMs: duration_ms,
    ...glanceOf(judgement, facts, showing.language),
  };
}

/** Only results that measure the impact can move its beginning. */
function showImpact(progress: Progress, { plan, now }: Showing, session: Session, key: string): void {
  const step = plan.stepByKey.get(key)?.step;
  if (step?.kind !== 'check' || !step.impact?.firstBad) return;
  const { firstBad } = scopeOf(plan, session);
  if (firstBad !== undefined) progress.impact(Math.max(0, now - firstBad));
}

function describeFailure({ language }: Showing, { key, commands }: EventData['fix.finished'], { started }: Session): string {
  const failed = commands.at(-1);
  const lines = (failed?.output ?? '').trimEnd().split('\n');
  const left = lines.length - OUTPUT_LINES;
  return [
    WORDS[language].failed(key, failed?.exit_code ?? null),
    ...lines.slice(-OUTPUT_LINES).map((line) => `  ${line}`),
    WORDS[language].whole(Math.max(0, left), started.session),
  ].join('\n');
}

const WORDS = {
  en: {
    applied: (key: string) => `${key}: applied, waiting for its signal`,
    failed: (key: string, code: number | null) => `${key}: failed, exit ${code ?? '-'}; the last lines of its output:`,
    whole: (left: number, session: string) => `  (${left} lines more; all of it: oor report ${session} --report html=FILE)`,
    signalled: (key: string) => `${key}: its signal came true`,
    noSignal: (key: string) => `${key}: its signal did not come`,
    again: (loop: number) => `looking at everything again (${loop})`,
  },
  'zh-CN': {
    applied: (key: string) => `${key}：已执行，等待其信号`,
    failed: (key: string, code: number | null) => `${key}：失败，退出码 ${code ?? '-'}；输出的最后几行：`,
    whole: (left: number, session: string) => `  （另有 ${left} 行；全部输出：oor report ${session} --report html=FILE）`,
    signalled: (key: string) => `${key}：信号已出现`,
    noSignal: (key: string) => `${key}：信号未出现`,
    again: (loop: number) => `重新检查全部（第 ${loop} 轮）`,
  },
} as const;
