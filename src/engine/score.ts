/**
 * How likely each cause is, and which causes stand once the leading ones have explained what follows from them.
 * Odds = prior odds x likelihood ratios of the evidence that is true; each cause on its own, never normalised,
 * because faults are not exclusive. Unknown, skipped and not-applicable results make no expression true.
 */
import { type Evidence, isPartnerList, PARTNERS, type Strength } from '../playbook/playbook.ts';
import { type CauseInstance, instancesFor, type Plan, type StepInstance } from './plan.ts';
import { expressionScope, type Results, statusOf } from './scope.ts';
import type { Answer, Verification } from './session.ts';
import { sameTarget } from './targets.ts';

/** Likelihood ratios; the words are those of diagnostic testing (2 weak, 4 moderate, 10 strong), 100 where the probe saw the fault itself. */
const LIKELIHOOD_RATIO: Readonly<Record<Strength, number>> = { weak: 2, moderate: 4, strong: 10, decisive: 100 };

/** What an experiment counts whose prediction came true, and did not. */
export const VERIFIED = { ratio: LIKELIHOOD_RATIO.moderate, against: 1 / LIKELIHOOD_RATIO.strong } as const;

/** Share of incidents with this cause before anything is known. */
export const PRIOR: Readonly<Record<CauseInstance['cause']['prior'], number>> = { rare: 0.01, uncommon: 0.05, common: 0.2 };

/** At and above this a cause is named. */
export const NAMED = 0.5;

export interface Because {
  /** The step instance (or `answers.ID`, or the verification) that spoke. */
  readonly step: string;
  readonly effect: 'supports' | 'refutes' | 'excludes';
  readonly factor: number;
  /** The expression, for the reader. */
  readonly when: string;
  /** Set when another cause explains the finding, so that it counted for nothing here. */
  readonly explainedBy?: string;
}

export interface ScoredCause {
  readonly instance: CauseInstance;
  readonly odds: number;
  readonly score: number;
  readonly because: readonly Because[];
  /** Keys of findings (warn or fail) that this cause's true support stands on. */
  readonly findings: readonly string[];
  /** Keys of findings that follow from this cause. */
  readonly explains: readonly string[];
}

export interface ScoreInput {
  readonly plan: Plan;
  readonly results: Results;
  readonly answers: ReadonlyMap<string, Answer>;
  readonly verifications: ReadonlyMap<string, Verification>;
}

export interface Ranking {
  /** Named causes (score >= 0.5), in the order in which they explain the findings. */
  readonly named: readonly ScoredCause[];
  /** Every cause, best first. */
  readonly all: readonly ScoredCause[];
  /** Finding key -> key of the named cause that explains it. */
  readonly explainedBy: ReadonlyMap<string, string>;
}

/** The leading cause first; what it explains supports nobody else; then what remains is ranked again. */
export function rankCauses(input: ScoreInput): Ranking {
  const score = prepareScoring(input);
  const named: ScoredCause[] = [];
  const explainedBy = new Map<string, string>();
  let open = input.plan.causes;
  for (;;) {
    const scored = open.map((instance) => score(instance, explainedBy));
    const candidates = scored.filter((cause) => cause.score >= NAMED);
    const leading = pickRoot(candidates, explainedBy, score);
    if (!leading) return { named, all: [...named, ...scored].sort(byScore), explainedBy };
    named.push(leading);
    for (const key of leading.explains) if (!explainedBy.has(key)) explainedBy.set(key, leading.instance.key);
    open = open.filter((instance) => instance !== leading.instance);
  }
}

type Score = (instance: CauseInstance, explainedBy: ReadonlyMap<string, string>) => ScoredCause;

/** Prefers a candidate that stands even when all other candidates are believed: a consequence does not. */
function pickRoot(candidates: readonly ScoredCause[], explainedBy: ReadonlyMap<string, string>, score: Score): ScoredCause | undefined {
  const roots = candidates.filter((candidate) => {
    const believed = new Map(explainedBy);
    for (const other of candidates) {
      if (other === candidate) continue;
      for (const key of other.explains) if (!believed.has(key)) believed.set(key, other.instance.key);
    }
    return score(candidate.instance, believed).score >= NAMED;
  });
  return [...(roots.length > 0 ? roots : candidates)].sort(byScore)[0];
}

function byScore(one: ScoredCause, other: ScoredCause): number {
  return other.odds - one.odds || other.explains.length - one.explains.length;
}

/** Evaluates every expression once; only the discount of explained findings changes between rounds. */
function prepareScoring(input: ScoreInput): Score {
  const prepared = new Map(input.plan.causes.map((instance) => [instance, weighEvidence(input, instance)]));
  return (instance, explainedBy) => {
    const { items, verified, explains } = prepared.get(instance) as Prepared;
    const because = [...items.map((item) => discount(item, instance, explainedBy)), ...verified];
    const excluded = because.some(({ effect }) => effect === 'excludes');
    const prior = PRIOR[instance.cause.prior];
    const odds = excluded ? 0 : because.reduce((product, { factor }) => product * factor, prior / (1 - prior));
    const findings = [...new Set(items.filter(({ because: { effect } }) => effect === 'supports').flatMap((item) => item.findings))];
    return { instance, odds, score: odds / (1 + odds), because, findings, explains };
  };
}

interface Item {
  readonly because: Because;
  readonly findings: readonly string[];
}

interface Prepared {
  readonly items: readonly Item[];
  readonly verified: readonly Because[];
  readonly explains: readonly string[];
}

function weighEvidence(input: ScoreInput, instance: CauseInstance): Prepared {
  const { plan, results, verifications } = input;
  const verified = instance.cause.verify.flatMap((_, index): Because[] => {
    const key = `${instance.key}#${index}`;
    const outcome = verifications.get(key)?.outcome;
    if (outcome === 'confirmed')
      return [{ step: `verify:${key}`, effect: 'supports', factor: VERIFIED.ratio, when: 'the prediction came true' }];
    if (outcome === 'refuted')
      return [{ step: `verify:${key}`, effect: 'refutes', factor: VERIFIED.against, when: 'the prediction did not come true' }];
    return [];
  });
  const explains = instance.cause.explains
    .flatMap((stepId) => instancesFor(plan, stepId, instance.target).filter((step) => isReached(instance, step)))
    .flatMap(({ key }) => (isFinding(results, key) ? [key] : []));
  return { items: weighItems(input, instance), verified, explains };
}

/** What lies on the way to one partner says nothing about another partner, unless both are one machine. */
function isReached({ cause, target }: CauseInstance, step: StepInstance): boolean {
  if (cause.forEach?.list !== PARTNERS || !target || !step.target || !isPartnerList(step.target.list)) return true;
  return sameTarget(step.target, target) || (step.target.host === target.host && step.target.host !== target.vantage);
}

/** What the expressions of a cause say depends on results and answers only, and is asked again after every experiment. */
function weighItems(input: ScoreInput, instance: CauseInstance): readonly Item[] {
  const { plan, results, answers } = input;
  const known = weighed.get(instance);
  if (known && known.results === results && known.answers === answers && known.steps === plan.steps) return known.items;
  const scope = expressionScope({ plan, results, answers, target: instance.target });
  const items = instance.cause.evidence
    .filter(({ when }) => isTrue(() => when.evaluate(scope)))
    .map((evidence): Item => {
      const keys = evidence.when.steps.flatMap((stepId) => instancesFor(plan, stepId, instance.target).map(({ key }) => key));
      const findings = keys.filter((key) => isFinding(results, key));
      const speaker =
        findings[0] ??
        keys.find((key) => statusOfKey(plan, results, key) === 'ok') ??
        keys[0] ??
        `answers.${evidence.when.answers[0] ?? '?'}`;
      return { because: { step: speaker, effect: evidence.effect, factor: factorOf(evidence), when: evidence.when.text }, findings };
    });
  weighed.set(instance, { steps: plan.steps, results, answers, items });
  return items;
}

interface Weighed extends Pick<ScoreInput, 'results' | 'answers'> {
  readonly steps: Plan['steps'];
  readonly items: readonly Item[];
}

const weighed = new WeakMap<CauseInstance, Weighed>();

function isFinding(results: Results, key: string): boolean {
  return ['warn', 'fail'].includes(results.get(key)?.status ?? '');
}

function statusOfKey(plan: Plan, results: Results, key: string): string {
  const instance = plan.stepByKey.get(key);
  return instance ? statusOf(instance, results) : 'unknown';
}

/** Support that stands only on findings which another cause explains counts for nothing. */
function discount({ because, findings }: Item, instance: CauseInstance, explainedBy: ReadonlyMap<string, string>): Because {
  if (because.effect !== 'supports' || findings.length === 0) return because;
  const explainers = findings.map((key) => explainedBy.get(key));
  const explainer = explainers[0];
  if (explainer === undefined || explainer === instance.key || !explainers.every((key) => key !== undefined && key !== instance.key))
    return because;
  return { ...because, factor: 1, explainedBy: explainer };
}

/** What it counts where it is true. */
export function factorOf({ effect, strength }: Evidence): number {
  if (effect === 'excludes') return 0;
  const ratio = LIKELIHOOD_RATIO[strength ?? 'weak'];
  return effect === 'supports' ? ratio : 1 / ratio;
}

function isTrue(evaluate: () => unknown): boolean {
  try {
    return evaluate() === true;
  } catch {
    return false;
  }
}
