/** Steps that never run, and steps whose outcome nothing looks at. */
import { below, type Spot } from './build.ts';
import type { Entry } from './entries.ts';
import { isLost, type Lint, warn } from './lint-kit.ts';
import { answersDemanded, contradictionIn, isFalse, stepsDemanded } from './never.ts';
import type { AskStep, CheckStep, Expression, Playbook, Step, Template } from './playbook.ts';
import type { RawStep } from './shape.ts';

/** Gives the steps that never run. */
export function lintSteps(lint: Lint): ReadonlySet<string> {
  const { playbook, entries } = lint;
  const read = readIds(playbook);
  const never = new Map<string, string>();
  for (const step of playbook.steps) {
    const { spot, raw } = entryOf(lint, step);
    if (step.kind === 'check') lintCheckStep(lint, step, spot, raw);
    const why = whyNever(lint, step, never);
    if (why !== undefined) {
      never.set(step.id, why);
      warn(lint, below(spot, 'id'), { code: 'unreachable', message: `${step.id} never runs: ${why}` });
    }
    if (read.has(step.id) || isLost(lint, step.id)) continue;
    if (step.kind === 'check' && !step.scope && !step.impact)
      warn(lint, below(spot, 'id'), {
        code: 'step-unused',
        message: `no cause, condition or fix looks at ${step.id}`,
        hint: 'add evidence, or explains',
      });
    if (step.kind === 'ask' && Object.keys(step.next).length === 0)
      warn(lint, below(spot, 'id'), { code: 'question-unused', message: `the answer to ${step.id} changes nothing` });
  }
  const [first] = entries.steps;
  // Without words that choose it, it is a part of others.
  if (first && playbook.symptoms.length > 0 && !entries.steps.some(({ raw }) => 'uses' in raw && raw.scope === 'entry')) {
    warn(lint, below(first.spot, 'id'), {
      code: 'no-entry',
      message: 'no step has scope: entry, so the state of the incident is never known',
    });
  }
  return new Set(never.keys());
}

function entryOf({ entries }: Lint, { id }: Step): Entry<RawStep> {
  return entries.steps.find((entry) => entry.id === id) as Entry<RawStep>;
}

// ---------------------------------------------------------------------------------------------- never

function whyNever({ playbook }: Lint, step: Step, never: ReadonlyMap<string, string>): string | undefined {
  const needed = step.needs.find((id) => never.has(id));
  if (needed !== undefined) return `it needs ${needed}, which never runs`;
  if (step.if) {
    if (isFalse(step.if)) return 'its if is false';
    const contradiction = contradictionIn(step.if.text);
    if (contradiction !== undefined) return contradiction;
    const skipped = stepsDemanded(step.if.text).find((id) => never.has(id));
    if (skipped !== undefined) return `it wants to know of ${skipped}, which never runs`;
    const past = answersDemanded(step.if.text);
    const question = playbook.steps.find(
      (other): other is AskStep => other.kind === 'ask' && leadsPast(playbook, other, step, past.get(other.id)),
    );
    if (question) return `it wants the answer ${past.get(question.id)} to ${question.id}, which leads past it`;
  }
  const before = playbook.steps.find((other): other is AskStep => other.kind === 'ask' && everyAnswerLeadsPast(playbook, other, step));
  return before && `every answer to ${before.id} leads past it`;
}

/** A branch leads past the questions between; checks run whatever is answered. */
function leadsPast({ steps }: Playbook, question: AskStep, step: Step, answer: string | undefined): boolean {
  const next = answer === undefined || step.kind === 'check' ? undefined : question.next[answer];
  if (!next) return false;
  const here = steps.findIndex(({ id }) => id === step.id);
  if (here <= steps.findIndex(({ id }) => id === question.id)) return false;
  return 'end' in next || steps.findIndex(({ id }) => id === next.goto) > here;
}

function everyAnswerLeadsPast(playbook: Playbook, question: AskStep, step: Step): boolean {
  const answers = question.type === 'confirm' ? ['true', 'false'] : question.options.map(({ value }) => value);
  return answers.length > 0 && answers.every((answer) => leadsPast(playbook, question, step, answer));
}

// ---------------------------------------------------------------------------------------------- checks

function lintCheckStep(lint: Lint, step: CheckStep, spot: Spot, raw: RawStep): void {
  lintConfirmation(lint, step, spot);
  if (lint.registry[step.uses]?.active && raw.if === undefined && raw.for === undefined)
    warnEarly(lint, below(spot, 'uses'), step.uses, step.id);
}

export function warnEarly(lint: Lint, spot: Spot, check: string, who: string): void {
  warn(lint, spot, {
    code: 'early-write',
    message: `${check} does more than look, and ${who} runs it before anybody consents to a change`,
    hint: 'for: a list of the profile, or an if: the site has to name what may be touched',
  });
}

/** Pauses alone that are longer than the time of the step: the last probes would never be made. */
function lintConfirmation(lint: Lint, { id, confirm, timeoutMs }: CheckStep, spot: Spot): void {
  if (!confirm || timeoutMs === undefined || (confirm.of - 1) * confirm.everyMs < timeoutMs) return;
  warn(lint, below(spot, 'id'), {
    code: 'confirm-time',
    message: `${confirm.of} probes every ${confirm.everyMs} ms do not fit into the ${timeoutMs} ms of ${id}`,
    hint: 'a longer timeout, or fewer probes',
  });
}

// ---------------------------------------------------------------------------------------------- what is looked at

function readIds(playbook: Playbook): ReadonlySet<string> {
  const read = new Set<string>(playbook.validate.steps);
  const add = (...sources: readonly (Expression | Template | undefined)[]): void => {
    for (const source of sources) for (const id of [...(source?.steps ?? []), ...(source?.answers ?? [])]) read.add(id);
  };
  for (const step of playbook.steps) {
    for (const id of step.needs) read.add(id);
    add(step.if);
    if (step.kind === 'check') add(step.with, step.on);
  }
  for (const { evidence, explains, verify } of playbook.causes) {
    for (const id of explains) read.add(id);
    add(...evidence.map(({ when }) => when));
    for (const experiment of verify) if (experiment.kind === 'check') add(experiment.with, experiment.on, experiment.predict);
  }
  for (const { if: condition, before, run, dryRun, rollback, signal } of playbook.fixes) {
    for (const id of [...signal.steps, ...run.flatMap(({ until }) => until?.steps ?? [])]) read.add(id);
    add(condition, ...[...before, ...run, ...('commands' in rollback ? rollback.commands : [])].map(({ argv }) => argv), dryRun?.argv);
  }
  return read;
}
