/** (plan, session) -> what is wrong, how sure, and why. Pure: the same journal gives the same diagnosis next week. */
import { type CheckRegistry, PHASES, type Phase } from '../checks/check.ts';
import type { CauseClass } from '../playbook/playbook.ts';
import type { Text } from '../ports.ts';
import { type Finding, findingsOf, phaseOf, type Scope, scopeOf } from './findings.ts';
import { rankTests, separatingTest } from './information.ts';
import { type FixOffer, fittingOffers, offersOf } from './offers.ts';
import type { CauseInstance, Plan } from './plan.ts';
import { type Because, NAMED, type Ranking, rankCauses, type ScoredCause } from './score.ts';
import type { Session, Verification } from './session.ts';

export type CauseState = 'suspected' | 'confirmed' | 'refuted' | 'mitigated' | 'fixed';

export interface DiagnosedCause {
  readonly key: string;
  readonly id: string;
  readonly class: CauseClass;
  readonly component?: string;
  readonly host?: string;
  readonly score: number;
  readonly state: CauseState;
  readonly title: Text;
  readonly advice?: Text;
  readonly because: readonly Because[];
  readonly fixes: readonly FixOffer[];
  /** True while it is at or above the naming threshold and nothing has fixed it. */
  readonly open: boolean;
}

export interface Diagnosis {
  readonly scope: Scope;
  /** Best first; fixed ones of earlier loops included. */
  readonly causes: readonly DiagnosedCause[];
  readonly leading?: DiagnosedCause;
  /** The strongest other explanation of the same findings. */
  readonly rival?: DiagnosedCause;
  /** The cheapest test that would separate the two. */
  readonly separating?: Text;
  readonly findings: readonly Finding[];
  readonly phases: readonly { readonly id: Phase; readonly steps: number; readonly durationMs: number }[];
}

/** Causes below this are noise in a report. */
const MENTIONED = 0.05;

export function diagnose(plan: Plan, session: Session, registry: CheckRegistry): Diagnosis {
  const now = rankCauses({ plan, ...session });
  const each = [...describeAll(plan, session, now), ...settledEarlier(plan, session)].sort((one, other) => other.score - one.score);
  const causes = each.filter(unique(({ key }) => key)).filter(unique(placeOf));
  const rank = (key: string | undefined): DiagnosedCause | undefined => {
    const found = each.find((cause) => cause.key === key);
    return found && causes.find((cause) => placeOf(cause) === placeOf(found));
  };
  const [first] = now.named;
  const rival = first && rivalOf(first, now);
  const separating = first && rival && separatingTest(rankTests(plan, session, now), first.instance.key, rival.instance.key)?.text;
  const leading = rank(first?.instance.key) ?? causes.find(({ state }) => state === 'fixed' || state === 'mitigated');
  const rivalCause = rank(rival?.instance.key);
  return {
    scope: scopeOf(plan, session),
    causes,
    ...(leading && { leading }),
    ...(rivalCause && { rival: rivalCause }),
    ...(separating && { separating }),
    findings: findingsOf(plan, session, registry, now),
    phases: PHASES.map((id) => phaseOf(plan, session, id)),
  };
}

// ---------------------------------------------------------------------------------------------- causes

function describeAll(plan: Plan, session: Session, { all }: Ranking): DiagnosedCause[] {
  return all
    .filter(({ score, because }) => score >= MENTIONED && because.some(({ effect }) => effect === 'supports'))
    .map((scored) => describeCause(plan, session, scored, session.loop, session.verifications));
}

/** Causes that a fix of an earlier loop removed keep the score with which they were named. */
function settledEarlier(plan: Plan, session: Session): DiagnosedCause[] {
  const loops = [...new Set([...session.fixes.values()].filter(({ stage }) => stage === 'validated').map(({ loop }) => loop))];
  return loops
    .filter((loop) => loop < session.loop)
    .flatMap((loop) => {
      const results = new Map(session.history.filter((result) => result.loop <= loop).map((result) => [result.key, result]));
      const verifications = new Map(session.pastVerifications.filter((past) => past.loop === loop).map((past) => [past.key, past]));
      return rankCauses({ plan, results, answers: session.answers, verifications })
        .named.map((scored) => describeCause(plan, session, scored, loop, verifications))
        .filter(({ state }) => state === 'fixed' || state === 'mitigated');
    });
}

function describeCause(
  plan: Plan,
  session: Session,
  scored: ScoredCause,
  loop: number,
  verifications: ReadonlyMap<string, Verification>,
): DiagnosedCause {
  const { instance, score, because } = scored;
  const { cause } = instance;
  const state = stateOf(session, instance, offersOf(plan, instance), loop, verifications);
  return {
    key: instance.key,
    id: cause.id,
    class: cause.class,
    ...(instance.component !== undefined && { component: instance.component }),
    ...(instance.host !== undefined && { host: instance.host }),
    score,
    state,
    title: cause.title,
    ...(cause.advice && { advice: cause.advice }),
    because,
    fixes: fittingOffers(plan, session, instance),
    open: score >= NAMED && state !== 'fixed' && state !== 'refuted',
  };
}

function stateOf(
  session: Session,
  { key, cause }: CauseInstance,
  fixes: readonly FixOffer[],
  loop: number,
  verifications: ReadonlyMap<string, Verification>,
): CauseState {
  const validated = fixes.filter((offer) => {
    const state = session.fixes.get(offer.key);
    return state?.stage === 'validated' && state.loop === loop;
  });
  if (validated.some(({ fix }) => !fix.mitigates)) return 'fixed';
  const mitigated = fixes.some((offer) => offer.fix.mitigates && session.fixes.get(offer.key)?.stage === 'validated');
  if (mitigated) return 'mitigated';
  const outcomes = cause.verify.map((_, index) => verifications.get(`${key}#${index}`)?.outcome);
  if (outcomes.includes('confirmed')) return 'confirmed';
  return outcomes.includes('refuted') ? 'refuted' : 'suspected';
}

function rivalOf(leading: ScoredCause, { all }: Ranking): ScoredCause | undefined {
  const shared = new Set([...leading.findings, ...leading.explains]);
  return all.find((other) => other !== leading && other.odds > 0 && other.findings.some((key) => shared.has(key)));
}

/** A root without a place of its own (a network path) that several partners suffer from is one cause. */
function placeOf({ key, id, component, host, class: family }: DiagnosedCause): string {
  return family === 'network' && host === undefined && component !== undefined ? `${id} in ${component}` : key;
}

function unique(identityOf: (cause: DiagnosedCause) => string): (cause: DiagnosedCause) => boolean {
  const seen = new Set<string>();
  return (cause) => {
    const identity = identityOf(cause);
    return !seen.has(identity) && seen.add(identity).has(identity);
  };
}
