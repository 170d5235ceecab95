/** What is allowed and still wrong: warnings about a playbook that parses. */
import { type Build, below, type Complaint, complain, complainAtKey, type Spot } from './build.ts';
import type { Entries, Entry } from './entries.ts';
import { lintTexts } from './lint-texts.ts';
import type { Cause, CheckStep, Expression, Fix, Playbook, Problem, Template, Verify } from './playbook.ts';
import { suggestion } from './suggest.ts';
import { CAUSE_IDS } from './vocabulary.ts';

export function lintPlaybook(playbook: Playbook, entries: Entries): Problem[] {
  const lint: Lint = { problems: [], playbook, entries };
  for (const [index, cause] of playbook.causes.entries()) lintCause(lint, cause, (entries.causes[index] as Entry<unknown>).spot);
  for (const [index, fix] of playbook.fixes.entries()) lintFix(lint, fix, (entries.fixes[index] as Entry<unknown>).spot);
  lintUse(lint);
  lintTexts(lint, entries);
  return lint.problems;
}

interface Lint extends Pick<Build, 'problems'> {
  readonly playbook: Playbook;
  readonly entries: Entries;
}

function warn(lint: Lint, spot: Spot, complaint: Complaint): void {
  complain(lint, spot, { ...complaint, severity: 'warning' });
}

function warnAtKey(lint: Lint, spot: Spot, complaint: Complaint): void {
  complainAtKey(lint, spot, { ...complaint, severity: 'warning' });
}

function lintCause(lint: Lint, cause: Cause, spot: Spot): void {
  const { id, verify, fixes, advice } = cause;
  if (!CAUSE_IDS.includes(id)) {
    const near = suggestion(id, CAUSE_IDS);
    warnAtKey(lint, spot, {
      code: 'cause-vocabulary',
      message: `${id} is not in the vocabulary of causes`,
      hint: near ?? 'other programs read these ids; a new one is for a root that none of them names',
    });
  }
  if (verify.length === 0)
    warnAtKey(lint, spot, { code: 'cause-verify', message: `${id} has no verify: it can lead, but nothing can confirm it before a fix` });
  if (fixes.length === 0 && !advice)
    warnAtKey(lint, spot, { code: 'cause-advice', message: `${id} has neither a fix nor advice`, hint: 'say what a person does next' });
  lintOdds(lint, cause, spot);
  for (const [index, evidence] of cause.evidence.entries()) lintEvidence(lint, evidence, below(spot, 'evidence', index, 'when'));
  for (const experiment of verify) lintVerify(lint, cause, experiment, spot);
}

const PRIOR_ODDS = { rare: 1 / 99, uncommon: 5 / 95, common: 20 / 80 } as const;
const FACTORS = { weak: 2, moderate: 4, strong: 10, decisive: 100 } as const;

/** A cause leads at odds of 1 (score 0.5); one that cannot get there is never named. */
function lintOdds(lint: Lint, { id, prior, evidence }: Cause, spot: Spot): void {
  const supporting = evidence.filter(({ effect }) => effect === 'supports');
  const odds = supporting.reduce((product, { strength }) => product * FACTORS[strength ?? 'weak'], PRIOR_ODDS[prior]);
  if (odds >= 1) return;
  const score = (odds / (1 + odds)).toFixed(2);
  warnAtKey(lint, spot, {
    code: 'cause-odds',
    message: `${id} can never lead: with all its evidence true its score is ${score}`,
    hint: 'it needs 0.5: more or stronger evidence',
  });
}

function lintEvidence(lint: Lint, { when, effect, strength }: Cause['evidence'][number], spot: Spot): void {
  const add = (code: string, message: string, hint: string): void => warnAtKey(lint, spot, { code, message, hint });
  if (when.steps.length === 0 && when.answers.length === 0)
    add('evidence-constant', 'this evidence reads no check and no answer', 'a fact of the site belongs into the if of the cause');
  if (when.steps.length > 0 && when.answers.length > 0)
    add('evidence-mixed', 'this evidence needs a check and an answer at once: without a person it never counts', 'split it in two');
  const symptoms = when.answers.filter((id) => lint.playbook.steps.some((step) => step.id === id && step.phase === 'confirm'));
  if (effect === 'supports' && strength !== 'weak' && when.steps.length === 0 && symptoms.length > 0)
    add('evidence-symptom', 'a symptom that somebody reports is weak evidence at most', 'supports: weak');
}

/** An experiment that reads what the evidence has read already confirms nothing. */
function lintVerify(lint: Lint, cause: Cause, verify: Verify, spot: Spot): void {
  if (verify.kind !== 'check') return;
  const read = new Set(cause.evidence.flatMap(({ when }) => when.steps));
  const same = lint.playbook.steps.find(
    (step): step is CheckStep =>
      step.kind === 'check' &&
      read.has(step.id) &&
      step.uses === verify.uses &&
      sameSource(step.with, verify.with) &&
      sameSource(step.on, verify.on),
  );
  if (same)
    warnAtKey(lint, below(spot, 'verify'), {
      code: 'verify-rereads',
      message: `this reads again what ${same.id} has read: it confirms nothing`,
      hint: 'look from elsewhere, at something else, or change one variable',
    });
}

function sameSource(one: Template | undefined, other: Template | undefined): boolean {
  return canonical(one?.source) === canonical(other?.source);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? ''
  );
}

function lintFix(lint: Lint, fix: Fix, spot: Spot): void {
  const { id, run, manual, effect, confirm, signal, mitigates } = fix;
  if (run.length === 0 && !manual) warnAtKey(lint, spot, { code: 'fix-empty', message: `${id} has neither run nor manual` });
  if (run.length > 0 && signal.steps.length === 0)
    warnAtKey(lint, spot, {
      code: 'fix-signal',
      message: `nothing tells whether ${id} worked`,
      hint: 'signal: {steps: [...], within: 1m}',
    });
  if (effect === 'destructive' && confirm === 'yes-no')
    warnAtKey(lint, spot, {
      code: 'fix-confirm',
      message: `${id} is destructive and asks only yes or no`,
      hint: 'confirm: {type: "${{ target.name }}"}',
    });
  if (!mitigates && !lint.playbook.causes.some(({ fixes }) => fixes.includes(id)))
    warnAtKey(lint, spot, { code: 'fix-unused', message: `no cause offers ${id}` });
}

/** Steps and questions whose outcome nothing looks at. */
function lintUse(lint: Lint): void {
  const { playbook, entries } = lint;
  const read = readIds(playbook);
  for (const step of playbook.steps) {
    const own = (entries.steps.find(({ id }) => id === step.id) as Entry<unknown>).spot;
    const spot = below(own, 'id');
    if (step.kind === 'check') lintConfirmation(lint, step, own);
    if (step.if?.text.trim() === 'false') warn(lint, spot, { code: 'unreachable', message: `${step.id} never runs: its if is false` });
    if (read.has(step.id)) continue;
    if (step.kind === 'check' && !step.scope && !step.impact)
      warn(lint, spot, {
        code: 'step-unused',
        message: `no cause, condition or fix looks at ${step.id}`,
        hint: 'add evidence, or explains',
      });
    if (step.kind === 'ask' && Object.keys(step.next).length === 0)
      warn(lint, spot, { code: 'question-unused', message: `the answer to ${step.id} changes nothing` });
  }
  const [first] = entries.steps;
  // Without words that choose it, it is a part of others.
  if (first && playbook.symptoms.length > 0 && !playbook.steps.some((step) => step.kind === 'check' && step.scope === 'entry')) {
    warn(lint, below(first.spot, 'id'), {
      code: 'no-entry',
      message: 'no step has scope: entry, so the state of the incident is never known',
    });
  }
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
    for (const id of signal.steps) read.add(id);
    add(condition, ...[...before, ...run, ...('commands' in rollback ? rollback.commands : [])].map(({ argv }) => argv), dryRun?.argv);
  }
  return read;
}
