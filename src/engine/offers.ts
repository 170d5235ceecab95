/** Which fixes there are to offer, for which cause, and whether they may be offered now. */
import type { Command, Fix } from '../playbook/playbook.ts';
import type { CauseInstance, Plan } from './plan.ts';
import { expressionScope } from './scope.ts';
import { rankCauses } from './score.ts';
import type { Session } from './session.ts';

export interface FixOffer {
  /** `fix` or `fix@target`. */
  readonly key: string;
  readonly fix: Fix;
  readonly cause: CauseInstance | undefined;
}

export function offersOf(plan: Plan, instance: CauseInstance): readonly FixOffer[] {
  return instance.cause.fixes.flatMap((id) => {
    const fix = plan.fixes.get(id);
    return fix ? [{ key: instance.target ? `${id}@${instance.target.name}` : id, fix, cause: instance }] : [];
  });
}

/** Of those that do the same on the same host, for whatever cause, one: what is in hand, done or declined, else for the likeliest cause. */
export function mitigationOffers(plan: Plan, session: Session): readonly FixOffer[] {
  const ranked = rankCauses({ plan, ...session });
  const offers = ranked.all.flatMap(({ instance }) => offersOf(plan, instance).filter(({ fix }) => fix.mitigates));
  const isOpen = ({ key }: FixOffer): number => Number(!session.fixes.has(key));
  const does = (offer: FixOffer): string =>
    JSON.stringify([offer.fix.id, hostOf(plan, offer), fillCommands(plan, session, offer, offer.fix.run)]);
  return offers
    .toSorted((one, other) => isOpen(one) - isOpen(other))
    .filter(uniqueBy(({ key }) => key))
    .filter(uniqueBy(does));
}

export function hostOf(plan: Plan, { cause }: FixOffer): string {
  return cause?.target?.host ?? plan.localHost;
}

export function offerByKey(plan: Plan, key: string): FixOffer | undefined {
  return plan.causes.flatMap((cause) => offersOf(plan, cause)).find((offer) => offer.key === key);
}

export function mayOffer(plan: Plan, session: Session, offer: FixOffer): boolean {
  return isConsentable(session, offer) && applies(plan, session, offer);
}

/** Those that have their place now: what is in hand or done first, then what can run here, then what needs hands. */
export function fittingOffers(plan: Plan, session: Session, instance: CauseInstance): readonly FixOffer[] {
  const ranked = offersOf(plan, instance).flatMap((offer) => {
    if (session.fixes.has(offer.key)) return [{ offer, rank: 0 }];
    if (!applies(plan, session, offer)) return [];
    return [{ offer, rank: fillCommands(plan, session, offer, offer.fix.run) ? 1 : 2 }];
  });
  return ranked.sort((one, other) => one.rank - other.rank).map(({ offer }) => offer);
}

/** Without a person only what was allowed by name, and never what needs hands. */
function isConsentable(session: Session, { key, fix }: FixOffer): boolean {
  if (session.interactive) return true;
  return fix.run.length > 0 && (session.allowFix.includes(fix.id) || session.allowFix.includes(key));
}

function applies(plan: Plan, session: Session, { fix, cause }: FixOffer): boolean {
  if (!fix.if) return true;
  try {
    return fix.if.evaluate(expressionScope({ plan, results: session.results, answers: session.answers, target: cause?.target })) === true;
  } catch {
    return false;
  }
}

/** undefined when a value is not there: the fix is then guided. */
export function fillCommands(
  plan: Plan,
  session: Session,
  offer: FixOffer,
  commands: readonly Command[],
): readonly (readonly string[])[] | undefined {
  if (commands.length === 0) return undefined;
  const scope = fixScope(plan, session, offer);
  try {
    const argvs = commands.map(({ argv }) => argv.fill(scope));
    if (!argvs.every((argv) => Array.isArray(argv) && argv.length > 0)) return undefined;
    return argvs.map((argv) => (argv as readonly unknown[]).map(String));
  } catch {
    return undefined;
  }
}

export function fixScope(plan: Plan, session: Session, { key, cause }: FixOffer): ReturnType<typeof expressionScope> {
  const scope = expressionScope({ plan, results: session.results, answers: session.answers, target: cause?.target });
  return { ...scope, saved: session.fixes.get(key)?.saved ?? {} };
}

function uniqueBy(read: (offer: FixOffer) => string): (offer: FixOffer) => boolean {
  const seen = new Set<string>();
  return (offer) => seen.size < seen.add(read(offer)).size;
}
