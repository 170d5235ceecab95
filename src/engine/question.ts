/** One question at a time: what the operator can do at it, and what of that is recorded. */

import type { AskStep, InstructStep } from '../playbook/playbook.ts';
import type { Question, Reply } from '../ports.ts';
import { mitigationOffers } from './offers.ts';
import type { RunDeps, TaskDeps } from './task.ts';

/** Most time a mitigation waits for probes that see what will vanish. */
const CAPTURE_MS = 10_000;

/** Resolves with a reason when the run shall pause. */
export async function askStep(deps: TaskDeps, step: AskStep | InstructStep): Promise<string | undefined> {
  return await putQuestion(deps, questionOf(step), { skippable: true });
}

/** A step as it is put when nothing came before it. */
export function questionOf(step: AskStep | InstructStep): Question {
  const text: QuestionText = step.kind === 'instruct' ? { id: step.id, type: 'confirm', text: step.instruct } : askedAs(step);
  return { ...text, skippable: true, canGoBack: false, canMitigate: false };
}

type QuestionText = Omit<Question, 'skippable' | 'canGoBack' | 'canMitigate'>;

function askedAs({ id, type, ask, help, options, min, max, pattern }: AskStep): QuestionText {
  return {
    id,
    type,
    text: ask,
    options,
    ...(help && { help }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(pattern !== undefined && { pattern }),
  };
}

interface QuestionHandling {
  readonly skippable: boolean;
  /** Records a reply in its own way; undefined leaves it to the usual one. */
  readonly onReply?: (reply: Reply) => Promise<undefined> | undefined;
}

/** Asks once and records what the operator did; resolves with a reason when the run shall pause. */
export async function putQuestion(
  deps: TaskDeps,
  text: QuestionText,
  { skippable, onReply }: QuestionHandling,
): Promise<string | undefined> {
  const { plan, recorder, operator, signal } = deps;
  const session = recorder.session();
  const canMitigate = !session.mitigating && mitigationOffers(plan, session).some(({ key }) => !session.fixes.has(key));
  const reply = await operator.ask({ ...text, skippable, canGoBack: session.answers.size > 0, canMitigate }, signal);
  if (deps.over.aborted) return undefined;
  return await (onReply?.(reply) ?? recordReply(deps, text.id, reply));
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
