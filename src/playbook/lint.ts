/** What is allowed and still wrong: warnings about a playbook that parses. */
import { below, type Spot } from './build.ts';
import type { Entries, Entry } from './entries.ts';
import { lintFix } from './lint-fixes.ts';
import { canonical, type Lint, type LintOptions, warn, warnAtKey } from './lint-kit.ts';
import { lintSecrets } from './lint-secrets.ts';
import { lintSources } from './lint-sources.ts';
import { lintSteps, warnEarly } from './lint-steps.ts';
import { lintTexts } from './lint-texts.ts';
import { lintWritten } from './lint-written.ts';
import { contradictionIn, isFalse, stepsDemanded } from './never.ts';
import type { Cause, CheckStep, Playbook, Problem, Template, Verify } from './playbook.ts';
import type { RawCause, RawFix } from './shape.ts';
import { suggestion } from './suggest.ts';
import { CAUSE_IDS } from './vocabulary.ts';

export function lintPlaybook(playbook: Playbook, entries: Entries, { registry, lost = '' }: LintOptions): Problem[] {
  const lint: Lint = { problems: [], playbook, entries, registry, lost };
  const never = lintSteps(lint);
  for (const [index, cause] of playbook.causes.entries()) lintCause(lint, cause, entries.causes[index] as Entry<RawCause>, never);
  for (const [index, fix] of playbook.fixes.entries()) lintFix(lint, fix, entries.fixes[index] as Entry<RawFix>);
  lintTexts(lint, entries);
  lintSources(lint, entries);
  lintSecrets(lint, entries);
  lintWritten(lint, entries);
  return lint.problems;
}

function lintCause(lint: Lint, cause: Cause, { spot, raw }: Entry<RawCause>, never: ReadonlySet<string>): void {
  const { id, verify, fixes, advice } = cause;
  if (!CAUSE_IDS.includes(id)) {
    const near = suggestion(id, CAUSE_IDS);
    warnAtKey(lint, spot, {
      code: 'cause-vocabulary',
      message: `${id} is not in the vocabulary of causes`,
      hint: near ?? 'other programs read these ids; a new one is for a root that none of them names',
    });
  }
  if (raw.verify === undefined || (Array.isArray(raw.verify) && raw.verify.length === 0))
    warnAtKey(lint, spot, { code: 'cause-verify', message: `${id} has no verify: it can lead, but nothing can confirm it before a fix` });
  if (fixes.length === 0 && !advice)
    warnAtKey(lint, spot, { code: 'cause-advice', message: `${id} has neither a fix nor advice`, hint: 'say what a person does next' });
  if (cause.if && isFalse(cause.if)) warn(lint, below(spot, 'if'), { code: 'unreachable', message: `${id} never stands: its if is false` });
  // Evidence that could not be read may be what it stands on.
  if (cause.evidence.length === raw.evidence.length) {
    lintOdds(lint, cause, spot, never);
    for (const [index, evidence] of cause.evidence.entries()) lintEvidence(lint, evidence, below(spot, 'evidence', index, 'when'), never);
  }
  verify.forEach((experiment, index) => {
    lintVerify(lint, cause, experiment, Array.isArray(raw.verify) ? below(spot, 'verify', index) : below(spot, 'verify'));
  });
}

const PRIOR_ODDS = { rare: 1 / 99, uncommon: 5 / 95, common: 20 / 80 } as const;
const FACTORS = { weak: 2, moderate: 4, strong: 10, decisive: 100 } as const;

/** A cause leads at odds of 1 (score 0.5); one that cannot get there is never named. */
function lintOdds(lint: Lint, { id, prior, evidence }: Cause, spot: Spot, never: ReadonlySet<string>): void {
  const supporting = evidence.filter(({ effect, when }) => effect === 'supports' && neverTrue(when.text, never) === undefined);
  const odds = supporting.reduce((product, { strength }) => product * FACTORS[strength ?? 'weak'], PRIOR_ODDS[prior]);
  if (odds >= 1) return;
  const score = (odds / (1 + odds)).toFixed(2);
  warnAtKey(lint, spot, {
    code: 'cause-odds',
    message: `${id} can never lead: with all its evidence true its score is ${score}`,
    hint: 'it needs 0.5: more or stronger evidence',
  });
}

function neverTrue(text: string, never: ReadonlySet<string>): string | undefined {
  const skipped = stepsDemanded(text).find((id) => never.has(id));
  return contradictionIn(text) ?? (skipped === undefined ? undefined : `${skipped} never runs`);
}

function lintEvidence(lint: Lint, { when, effect, strength }: Cause['evidence'][number], spot: Spot, never: ReadonlySet<string>): void {
  const add = (code: string, message: string, hint: string): void => warnAtKey(lint, spot, { code, message, hint });
  if (when.steps.length === 0 && when.answers.length === 0)
    add('evidence-constant', 'this evidence reads no check and no answer', 'a fact of the site belongs into the if of the cause');
  if (when.steps.length > 0 && when.answers.length > 0)
    add('evidence-mixed', 'this evidence needs a check and an answer at once: without a person it never counts', 'split it in two');
  const why = neverTrue(when.text, never);
  if (why !== undefined) add('evidence-never', `this is never true: ${why}`, 'two pieces of evidence, or || between them');
  const symptoms = when.answers.filter((id) => lint.playbook.steps.some((step) => step.id === id && step.phase === 'confirm'));
  if (effect === 'supports' && strength !== 'weak' && when.steps.length === 0 && symptoms.length > 0)
    add('evidence-symptom', 'a symptom that somebody reports is weak evidence at most', 'supports: weak');
}

/** An experiment that reads what the evidence has read already confirms nothing. */
function lintVerify(lint: Lint, cause: Cause, verify: Verify, spot: Spot): void {
  if (verify.kind !== 'check') return;
  if (lint.registry[verify.uses]?.active && !cause.forEach && !cause.if) warnEarly(lint, below(spot, 'uses'), verify.uses, cause.id);
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
    warnAtKey(lint, spot, {
      code: 'verify-rereads',
      message: `this reads again what ${same.id} has read: it confirms nothing`,
      hint: 'look from elsewhere, at something else, or change one variable',
    });
}

function sameSource(one: Template | undefined, other: Template | undefined): boolean {
  return canonical(one?.source) === canonical(other?.source);
}
