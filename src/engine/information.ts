/** How much a test would tell about the causes for the seconds that it takes: which question comes next, and what separates two causes. Pure. */
import type { AskStep, Evidence, InstructStep, Scope, Verify } from '../playbook/playbook.ts';
import type { Text } from '../ports.ts';
import { type CauseInstance, instancesFor, type Plan, type StepInstance } from './plan.ts';
import { expressionScope, statusOf } from './scope.ts';
import { factorOf, type Ranking, rankCauses, type ScoredCause, VERIFIED } from './score.ts';
import type { Session } from './session.ts';

/** A cause that is less likely than this is not in play. */
const IN_PLAY = 0.05;
/** Causes that are weighed, best first: what follows changes no order. */
const MOST_CAUSES = 40;
/** A person reads, asks around and answers; a person does something and comes back. */
const QUESTION_MS = 20_000;
const BY_HAND_MS = 60_000;
/** Of a check that has not run in this session. */
const CHECK_MS = 5_000;
/** Nothing is quicker: a check that is about to end is not worth infinitely much. */
const LEAST_MS = 100;
/** In place of 0: what excludes a cause is nearly never seen where the cause is there. */
const EXCLUDED = 0.001;

export interface PossibleTest {
  /** check: it runs now (`running`), or somebody has to make it possible first (`unlock`). */
  readonly kind: 'question' | 'experiment' | 'check';
  /** Step instance, or `cause instance#index`. */
  readonly key: string;
  readonly text: Text;
  readonly running: boolean;
  readonly unlock?: string;
  /** Expected information about the causes in play, each on its own, as they are scored. */
  readonly bits: number;
  readonly ms: number;
  /** Keys of the causes that it speaks about, the one it tells most of first. */
  readonly about: readonly string[];
}

/** Everything that could still be asked, tried or waited for, most information per second first. */
export function rankTests(plan: Plan, session: Session, { all }: Ranking = rankCauses({ plan, ...session })): readonly PossibleTest[] {
  const likely = all.filter(({ score }) => score >= IN_PLAY).slice(0, MOST_CAUSES);
  const causes = likely.map((cause) => inPlay(plan, session, cause));
  const tests = [...openQuestions(plan, session), ...openExperiments(session, likely), ...openChecks(plan, session)];
  return tests.map((test) => weigh(plan, causes, test)).sort((one, other) => perSecond(other) - perSecond(one));
}

export function perSecond({ bits, ms }: Pick<PossibleTest, 'bits' | 'ms'>): number {
  return (bits * 1_000) / ms;
}

/** The cheapest of those that speak about only one of the two. */
export function separatingTest(tests: readonly PossibleTest[], leading: string, rival: string): PossibleTest | undefined {
  return tests.find(({ about, bits }) => bits > 0 && about.includes(leading) !== about.includes(rival));
}

/** Bits that an answer tells about something of this probability, when it comes `ratio` times as often where it is true, and `against` times as often otherwise. */
export function informationOf(probability: number, { ratio, against }: Ratios): number {
  if (ratio <= 1 || against >= 1) return 0;
  const whenFalse = (1 - against) / (ratio - against);
  const whenTrue = ratio * whenFalse;
  const seen = probability * whenTrue + (1 - probability) * whenFalse;
  return Math.max(0, entropy(seen) - probability * entropy(whenTrue) - (1 - probability) * entropy(whenFalse));
}

/** Likelihood ratios of the outcome that speaks most for a cause and of the one that speaks most against it. */
export interface Ratios {
  readonly ratio: number;
  readonly against: number;
}

function entropy(probability: number): number {
  if (probability <= 0 || probability >= 1) return 0;
  return -probability * Math.log2(probability) - (1 - probability) * Math.log2(1 - probability);
}

interface Candidate extends Pick<PossibleTest, 'kind' | 'key' | 'text' | 'running' | 'unlock' | 'ms'> {
  readonly instance?: StepInstance;
  readonly cause?: CauseInstance;
}

/** A cause in play, with what its evidence is weighed by: made once, since there are many tests. */
interface InPlay {
  readonly instance: CauseInstance;
  readonly score: number;
  readonly scope: Scope;
  /** Evidence that does not stand yet. */
  readonly open: readonly Evidence[];
}

function inPlay(plan: Plan, session: Session, { instance, score }: ScoredCause): InPlay {
  const scope = expressionScope({ plan, ...session, target: instance.target });
  return { instance, score, scope, open: instance.cause.evidence.filter((each) => !holds(each, scope)) };
}

function weigh(plan: Plan, causes: readonly InPlay[], { instance, cause, ...test }: Candidate): PossibleTest {
  const told = causes
    .map((about) => {
      const ratios = about.instance === cause ? VERIFIED : instance ? ratiosOf(plan, instance, about) : NOTHING;
      return { key: about.instance.key, bits: informationOf(about.score, ratios) };
    })
    .filter(({ bits }) => bits > 0)
    .sort((one, other) => other.bits - one.bits);
  return { ...test, bits: told.reduce((sum, { bits }) => sum + bits, 0), about: told.map(({ key }) => key) };
}

const NOTHING: Ratios = { ratio: 1, against: 1 };

/** Where one direction alone can be seen, its absence is taken to speak as strongly the other way. */
function ratiosOf(plan: Plan, instance: StepInstance, cause: InPlay): Ratios {
  const factors = instance.step.kind === 'check' ? factorsOfCheck(plan, instance, cause) : factorsOfAnswer(instance.step, cause);
  const most = Math.max(1, ...factors);
  const least = Math.max(EXCLUDED, Math.min(1, ...factors));
  return { ratio: most > 1 ? most : 1 / least, against: least < 1 ? least : 1 / most };
}

/** What the evidence that hangs on this step, and does not stand yet, would count. */
function factorsOfCheck(plan: Plan, instance: StepInstance, { instance: { target }, open }: InPlay): number[] {
  const hanging = open.filter(({ when }) => when.steps.includes(instance.step.id));
  const isSeen = hanging.length > 0 && instancesFor(plan, instance.step.id, target).includes(instance);
  return isSeen ? hanging.map(factorOf) : [];
}

/** What each possible answer would count: it is tried out on the evidence. */
function factorsOfAnswer(step: AskStep | InstructStep, { scope, open }: InPlay): number[] {
  const hanging = open.filter(({ when }) => when.answers.includes(step.id));
  if (hanging.length === 0) return [];
  // A text or a number may be anything, so that nothing can be tried.
  const answers = possibleAnswers(step);
  if (answers.length === 0) return hanging.map(factorOf);
  return answers.map((value) => {
    const answered = { ...scope, answers: { ...scope.answers, [step.id]: value } };
    return hanging.filter((each) => holds(each, answered)).reduce((product, each) => product * factorOf(each), 1);
  });
}

function possibleAnswers(step: AskStep | InstructStep): readonly (string | boolean)[] {
  if (step.kind === 'instruct' || step.type === 'confirm') return [true, false];
  return step.options.map(({ value }) => value);
}

function holds({ when }: Evidence, scope: Scope): boolean {
  try {
    return when.evaluate(scope) === true;
  } catch {
    return false;
  }
}

// ---------------------------------------------------------------------------------------------- what is still open

function openQuestions(plan: Plan, session: Session): Candidate[] {
  return plan.steps.flatMap((instance): Candidate[] => {
    const { step, key } = instance;
    if (step.kind === 'check' || isSettled(session, step.id) || session.results.has(key)) return [];
    const asked = step.kind === 'ask';
    return [
      { kind: 'question', key, instance, text: asked ? step.ask : step.instruct, running: false, ms: asked ? QUESTION_MS : BY_HAND_MS },
    ];
  });
}

/** Whom nobody was there to ask can still be asked. */
function isSettled({ answers, unanswered }: Session, id: string): boolean {
  return answers.has(id) || unanswered.get(id)?.by === 'operator';
}

function openExperiments(session: Session, causes: readonly ScoredCause[]): Candidate[] {
  return causes.flatMap(({ instance }) =>
    instance.cause.verify.flatMap((verify, index): Candidate[] => {
      const key = `${instance.key}#${index}`;
      if (session.verifications.has(key) || isSettled(session, `verify:${key}`)) return [];
      return [
        { kind: 'experiment', key, cause: instance, text: textOf(verify), running: session.verifying.has(key), ms: msOf(session, verify) },
      ];
    }),
  );
}

function textOf(verify: Verify): Text {
  return verify.kind === 'ask' ? verify.ask : (verify.title ?? { en: `${verify.uses}: ${verify.predict.text}` });
}

function msOf(session: Session, verify: Verify): number {
  return verify.kind === 'ask' ? QUESTION_MS : typicalMs(session, () => true, verify.timeoutMs);
}

/** Checks that run now, and those that could not tell. */
function openChecks(plan: Plan, session: Session): Candidate[] {
  return plan.steps.flatMap((instance): Candidate[] => {
    const { step, key, empty } = instance;
    if (step.kind !== 'check' || empty) return [];
    const running = session.running.get(key);
    const unlock = session.results.get(key)?.judgement?.unlock;
    if (!running && (!session.results.has(key) || statusOf(instance, session.results) !== 'unknown')) return [];
    const usual = Math.max(
      step.watchMs ?? 0,
      typicalMs(session, (other) => plan.stepByKey.get(other)?.step.id === step.id, step.timeoutMs),
    );
    return [
      {
        kind: 'check',
        key,
        instance,
        text: running
          ? { en: `${key}, which runs now`, 'zh-CN': `${key}（正在运行）` }
          : { en: `make ${key} known`, 'zh-CN': `查明 ${key}` },
        running: running !== undefined,
        ms: running ? Math.max(LEAST_MS, usual - (session.lastAt - running.at)) : BY_HAND_MS,
        ...(unlock !== undefined && !running && { unlock }),
      },
    ];
  });
}

/** The median of what such checks took in this session. */
function typicalMs(session: Session, isLike: (key: string) => boolean, timeoutMs = CHECK_MS): number {
  const took = session.history.filter(({ key, judgement }) => judgement && isLike(key)).map(({ durationMs }) => durationMs);
  const median = took.sort((one, other) => one - other)[Math.floor(took.length / 2)];
  return Math.max(LEAST_MS, median ?? Math.min(CHECK_MS, timeoutMs));
}
