/** One question at a time: what the operator can do at it, and what of that is recorded. */

import type { AnswerLimit, AskStep, InstructStep } from '../playbook/playbook.ts';
import type { Question, Reply, Text } from '../ports.ts';
import { mitigationOffers } from './offers.ts';
import type { RunDeps, TaskDeps } from './task.ts';

/** Most time a mitigation waits for probes that see what will vanish. */
const CAPTURE_MS = 10_000;

/** Resolves with a reason when the run shall pause. */
export async function askStep(deps: TaskDeps, step: AskStep | InstructStep): Promise<string | undefined> {
  const limit = step.kind === 'ask' && deps.operator.interactive ? step.limit : undefined;
  return await putQuestion(deps, questionOf(step), { skippable: true, ...(limit && { limit }) });
}

/** A step as it is put when nothing came before it. */
export function questionOf(step: AskStep | InstructStep): Question {
  const text: QuestionText = step.kind === 'instruct' ? { id: step.id, type: 'confirm', text: step.instruct } : askedAs(step);
  return { ...text, skippable: true, canGoBack: false, canMitigate: false };
}

type QuestionText = Omit<Question, 'skippable' | 'canGoBack' | 'canMitigate'>;

function askedAs({ id, type, ask, help, options, min, max, pattern, limit }: AskStep): QuestionText {
  return {
    id,
    type,
    text: limit ? withLimit(ask, limit) : ask,
    options,
    ...(help && { help }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(pattern !== undefined && { pattern }),
  };
}

function withLimit({ en, 'zh-CN': zh }: Text, { afterMs, then }: AnswerLimit): Text {
  const seconds = Math.round(afterMs / 1_000);
  const fallback = typeof then === 'string' ? then : String(then.default);
  return {
    en: `${en} (within ${seconds} s, else: ${fallback})`,
    ...(zh !== undefined && { 'zh-CN': `${zh}（${seconds} 秒内，否则：${fallback}）` }),
  };
}

interface QuestionHandling {
  readonly skippable: boolean;
  readonly limit?: AnswerLimit;
  /** Records a reply in its own way; undefined leaves it to the usual one. */
  readonly onReply?: (reply: Reply) => Promise<undefined> | undefined;
}

/** Asks once and records what the operator did; resolves with a reason when the run shall pause. */
export async function putQuestion(
  deps: TaskDeps,
  text: QuestionText,
  { skippable, limit, onReply }: QuestionHandling,
): Promise<string | undefined> {
  const { plan, recorder } = deps;
  const session = recorder.session();
  // Of no use where nobody reads the question, and it takes a ranking of all causes.
  const canMitigate =
    deps.operator.interactive && !session.mitigating && mitigationOffers(plan, session).some(({ key }) => !session.fixes.has(key));
  const question = { ...text, skippable, canGoBack: session.mitigating || session.answers.size > 0, canMitigate };
  const reply = await askInTime(deps, question, limit);
  if (deps.over.aborted) return undefined;
  return await (onReply?.(reply) ?? recordReply(deps, text.id, reply));
}

/** Where the deadline of the run, or an interruption, calls the question off, nobody has answered. */
async function askInTime(deps: TaskDeps, question: Question, limit: AnswerLimit | undefined): Promise<Reply> {
  try {
    return await (limit ? askWithin(deps, question, limit) : deps.operator.ask(question, deps.signal));
  } catch (error) {
    if (!deps.signal.aborted) throw error;
    return { kind: 'nobody' };
  }
}

/** What the playbook says comes in place of an answer. */
async function askWithin(deps: TaskDeps, question: Question, limit: AnswerLimit): Promise<Reply> {
  const { operator, signal, clock, plan } = deps;
  const late = new AbortController();
  const answered = new AbortController();
  clock.sleep(limit.afterMs, AbortSignal.any([signal, answered.signal])).then(
    () => late.abort(new Error('nobody answered in time')),
    () => undefined,
  );
  try {
    return await operator.ask(question, AbortSignal.any([signal, late.signal]));
  } catch (error) {
    if (!late.signal.aborted || signal.aborted) throw error;
    const { then } = limit;
    if (typeof then !== 'string') return { kind: 'answer', value: then.default, source: 'timeout' };
    if (then === 'abort') return { kind: 'quit' };
    const to = plan.playbook.escalate?.to;
    return { kind: 'skip', reason: `nobody answered within ${limit.afterMs / 1_000} s${to === undefined ? '' : `: escalate to ${to}`}` };
  } finally {
    answered.abort();
  }
}

async function recordReply(deps: RunDeps, id: string, reply: Reply): Promise<string | undefined> {
  const { recorder } = deps;
  switch (reply.kind) {
    case 'answer':
      await recorder.record('answer.given', { id, value: reply.value, source: reply.source }, 'operator');
      return undefined;
    case 'skip':
      await recorder.record('question.skipped', { id, reason: reply.reason }, 'operator');
      return undefined;
    case 'note':
      await recorder.record('note.added', { text: reply.text }, 'operator');
      return undefined;
    case 'back': {
      if (recorder.session().mitigating) {
        await recorder.record('mitigation.closed', {}, 'operator');
        return undefined;
      }
      const last = [...recorder.session().answers.values()].sort((one, other) => other.seq - one.seq)[0];
      if (last) await recorder.record('answer.withdrawn', { id: last.id }, 'operator');
      return undefined;
    }
    case 'mitigate':
      await captureVolatile(deps);
      return undefined;
    case 'quit':
      return 'quit';
    case 'nobody':
      await recorder.record('question.unanswered', { id });
      return undefined;
  }
}

/** What a mitigation would wipe out (sessions, sockets, process states) is in the probes that already run; they get a moment to end. */
async function captureVolatile({ recorder, clock, signal }: RunDeps): Promise<void> {
  const until = clock.now().monoMs + CAPTURE_MS;
  while (recorder.session().running.size > 0 && clock.now().monoMs < until && !signal.aborted) {
    await clock.sleep(50, signal).catch(() => undefined);
  }
  await recorder.record('mitigation.requested', { captured: [...recorder.session().results.keys()] }, 'operator');
}
