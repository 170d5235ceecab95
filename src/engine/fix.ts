/** A fix is a step: offered -> consented -> state saved -> applied -> validated by its own signal, or rolled back. */

import type { Command } from '../playbook/playbook.ts';
import type { Reply } from '../ports.ts';
import { act, actInOrder, isDone, type Seen } from './act.ts';
import { consentText } from './consent.ts';
import type { CommandRecord } from './events.ts';
import { isGood, look } from './look.ts';
import { type FixOffer, fillCommands, fixScope, hostOf } from './offers.ts';
import { instancesFor, type Plan, type StepInstance } from './plan.ts';
import { putQuestion } from './question.ts';
import { rankCauses } from './score.ts';
import type { Session } from './session.ts';
import { sameTarget } from './targets.ts';
import type { TaskDeps } from './task.ts';

/** Pause between two looks at a fix's signal. */
const SIGNAL_EVERY_MS = 500;
/** How long the entry may take to follow a fix whose signal came true. */
const SETTLE_MS = 10_000;

/** Resolves with a reason when the operator wants to pause. */
export async function offerFix(deps: TaskDeps, offer: FixOffer): Promise<string | undefined> {
  const { plan, recorder } = deps;
  const session = recorder.session();
  const { key, fix } = offer;
  const argvs = fillCommands(plan, session, offer, fix.run);
  if (session.started.flags.dry_run) return await planFix(deps, offer, argvs);
  if (!argvs && !session.interactive) {
    await recorder.record('fix.declined', { key, reason: 'the profile names no command for it' });
    return undefined;
  }
  const rehearsal = argvs && session.interactive ? await rehearse(deps, offer) : undefined;
  const mustEqual = argvs && fix.confirm !== 'yes-no' ? String(fix.confirm.type.fill(fixScope(plan, session, offer))) : undefined;
  const question = {
    id: `fix:${key}`,
    type: mustEqual === undefined ? ('confirm' as const) : ('text' as const),
    text: consentText({ plan, session, offer, argvs, host: hostOf(plan, offer), rehearsal }),
    ...(fix.why && { help: fix.why }),
    ...(mustEqual !== undefined && { mustEqual }),
  };
  return await putQuestion(deps, question, {
    skippable: false,
    onReply: (reply) => recordConsent(deps, key, reply, { mustEqual, guided: argvs === undefined }),
  });
}

function recordConsent(
  { recorder }: TaskDeps,
  key: string,
  reply: Reply,
  { mustEqual, guided }: { mustEqual: string | undefined; guided: boolean },
): Promise<undefined> | undefined {
  if (reply.kind !== 'answer' && reply.kind !== 'nobody' && reply.kind !== 'skip') return undefined;
  const agreed = reply.kind === 'answer' && (reply.value === true || (mustEqual !== undefined && reply.value === mustEqual));
  const done = agreed
    ? recorder.record('fix.consented', { key, source: reply.kind === 'answer' ? reply.source : '', guided }, 'operator')
    : recorder.record('fix.declined', { key, reason: reasonOf(reply) }, 'operator');
  return done.then(() => undefined);
}

function reasonOf(reply: Reply): string {
  if (reply.kind === 'nobody') return 'nobody consented';
  return reply.kind === 'skip' ? `the operator declined: ${reply.reason}` : 'the operator declined';
}

/** Once before consent, where the fix says how: what it would do is seen before it is done. */
async function rehearse(deps: TaskDeps, offer: FixOffer): Promise<CommandRecord | undefined> {
  const { plan, recorder, actors, signal } = deps;
  const session = recorder.session();
  const known = session.rehearsals.get(offer.key);
  if (known || !offer.fix.dryRun) return known;
  const [argv] = fillCommands(plan, session, offer, [offer.fix.dryRun]) ?? [];
  const actor = actors(hostOf(plan, offer));
  if (!argv || !actor) return undefined;
  const command = await act(actor, argv, offer.fix.dryRun.timeoutMs, signal);
  await recorder.record('rehearsal.finished', { key: offer.key, command });
  return recorder.session().rehearsals.get(offer.key);
}

/** Under --dry-run only what declares a dry run is run; everything else is printed. */
async function planFix(
  { plan, recorder, actors, signal }: TaskDeps,
  offer: FixOffer,
  argvs: readonly (readonly string[])[] | undefined,
): Promise<undefined> {
  const session = recorder.session();
  const [rehearsal] = offer.fix.dryRun ? (fillCommands(plan, session, offer, [offer.fix.dryRun]) ?? []) : [];
  const actor = actors(hostOf(plan, offer));
  const command = rehearsal && actor ? await act(actor, rehearsal, offer.fix.dryRun?.timeoutMs, signal) : null;
  await recorder.record('fix.planned', { key: offer.key, argvs: argvs ?? [], command });
}

export async function applyFix(deps: TaskDeps, offer: FixOffer): Promise<void> {
  const { plan, recorder, over } = deps;
  const { key, fix } = offer;
  if (await faultIsGone(deps, offer)) {
    await recorder.record('fix.declined', { key, reason: 'the fault was gone just before acting' });
    return;
  }
  const host = hostOf(plan, offer);
  const actor = deps.actors(host);
  if (!actor) {
    await recorder.record('fix.declined', { key, reason: `oor cannot act on ${host} from here` });
    return;
  }
  for (const save of fix.before) {
    const [argv] = fillCommands(plan, recorder.session(), offer, [save]) ?? [];
    if (!argv) continue;
    const command = await act(actor, argv, save.timeoutMs, deps.signal);
    await recorder.record('fix.saved', { key, name: save.save, command });
    if (command.exit_code !== 0) {
      await recorder.record('fix.declined', { key, reason: `the state before could not be saved: ${argv.join(' ')}` });
      return;
    }
  }
  const guided = recorder.session().fixes.get(key)?.guided ?? false;
  const argvs = guided ? [] : fillCommands(plan, recorder.session(), offer, fix.run);
  if (!argvs) {
    await recorder.record('fix.declined', { key, reason: 'its command could no longer be filled in' });
    return;
  }
  await recorder.record('fix.started', { key, argvs, host });
  const commands = await actInOrder(actor, argvs, fix.run, deps.signal, (until) => watch(deps, offer, until));
  if (over.aborted) return;
  await recorder.record('fix.finished', { key, ok: commands.every(isDone), commands });
}

/** Polls the declared signal until every step of it is good, or its time is over. */
export async function validateFix(deps: TaskDeps, offer: FixOffer): Promise<void> {
  const { plan, recorder, over } = deps;
  const session = recorder.session();
  const since = session.fixes.get(offer.key)?.at ?? session.since;
  const seen = await lookUntilGood(deps, signalSteps(plan, session, offer), {
    withinMs: offer.fix.signal.withinMs,
    since,
    stopOnFail: false,
  });
  if (over.aborted) return;
  if (seen.ok) await settle(deps, offer, since);
  await recorder.record('fix.validated', { key: offer.key, ...seen });
}

/** After a stage: the next one waits for this. */
function watch(deps: TaskDeps, offer: FixOffer, { steps, withinMs, stopOnFail }: NonNullable<Command['until']>): Promise<Seen> {
  const { plan, recorder, clock } = deps;
  const instances = steps.flatMap((id) => instancesFor(plan, id, offer.cause?.target)).filter(({ empty }) => !empty);
  const since = recorder.session().fixes.get(offer.key)?.at ?? clock.now().wallMs;
  return lookUntilGood(deps, instances, { withinMs, since, stopOnFail });
}

interface Patience {
  readonly withinMs: number;
  /** Start of the window that the steps look at. */
  readonly since: number;
  readonly stopOnFail: boolean;
}

async function lookUntilGood(deps: TaskDeps, instances: readonly StepInstance[], { withinMs, since, stopOnFail }: Patience): Promise<Seen> {
  const { clock, signal, over } = deps;
  const until = clock.now().monoMs + withinMs;
  for (;;) {
    const steps = await Promise.all(instances.map((instance) => look(deps, instance, since)));
    const relevant = steps.filter(({ status }) => status !== 'not-applicable');
    const ok = relevant.length > 0 && relevant.every(isGood);
    const hopeless = stopOnFail && steps.some(({ status }) => status === 'fail');
    if (ok || hopeless || clock.now().monoMs >= until || signal.aborted || over.aborted) return { ok, steps };
    await clock.sleep(SIGNAL_EVERY_MS, signal).catch(() => undefined);
  }
}

/**
 * A cured part takes a moment to cure what stands on it: the entry, and what could not be seen at the same target before (a standby that
 * connects again), get that moment before everything is looked at again.
 */
async function settle(deps: TaskDeps, offer: FixOffer, since: number): Promise<void> {
  const { plan, recorder, clock, signal } = deps;
  const { results } = recorder.session();
  const wasUnseen = ({ key, target }: StepInstance): boolean =>
    sameTarget(target, offer.cause?.target) && results.get(key)?.status === 'unknown';
  let open = plan.steps.filter((one) => !one.empty && one.step.kind === 'check' && (one.step.scope === 'entry' || wasUnseen(one)));
  const until = clock.now().monoMs + SETTLE_MS;
  while (open.length > 0 && !signal.aborted && clock.now().monoMs < until) {
    const looks = await Promise.all(open.map(async (instance) => ({ instance, ...(await look(deps, instance, since)) })));
    open = looks.filter(({ status }) => status === 'fail').map(({ instance }) => instance);
    if (open.length > 0) await clock.sleep(SIGNAL_EVERY_MS, signal).catch(() => undefined);
  }
}

export async function rollBackFix({ plan, recorder, actors, signal, over }: TaskDeps, offer: FixOffer): Promise<void> {
  const { key, fix } = offer;
  if ('none' in fix.rollback) {
    await recorder.record('fix.rolled-back', { key, ok: true, commands: [], reason: `nothing to roll back: ${fix.rollback.none.en}` });
    return;
  }
  const argvs = fillCommands(plan, recorder.session(), offer, fix.rollback.commands);
  const actor = actors(hostOf(plan, offer));
  const commands = argvs && actor ? await actInOrder(actor, argvs, fix.rollback.commands, signal) : [];
  if (over.aborted) return;
  const ok = argvs !== undefined && actor !== undefined && commands.every(({ exit_code }) => exit_code === 0);
  await recorder.record('fix.rolled-back', { key, ok, commands, reason: ok ? 'its signal did not come' : 'the rollback itself failed' });
}

// ---------------------------------------------------------------------------------------------- looking

/** The declared steps; without any, the findings that the cause stood on; for a mitigation the entry itself. */
function signalSteps(plan: Plan, session: Session, { fix, cause }: FixOffer): readonly StepInstance[] {
  if (fix.signal.steps.length > 0)
    return fix.signal.steps.flatMap((id) => instancesFor(plan, id, cause?.target)).filter(({ empty }) => !empty);
  if (fix.mitigates) return plan.steps.filter(({ step, empty }) => step.kind === 'check' && step.scope === 'entry' && !empty);
  return findingsOf(plan, session, cause?.key);
}

function findingsOf(plan: Plan, session: Session, causeKey: string | undefined): readonly StepInstance[] {
  const scored = rankCauses({ plan, ...session }).all.find(({ instance }) => instance.key === causeKey);
  return (scored?.findings ?? []).flatMap((key) => plan.stepByKey.get(key) ?? []);
}

/** Looks once more, just before acting, at what made the cause likely. */
async function faultIsGone(deps: TaskDeps, { fix, cause }: FixOffer): Promise<boolean> {
  if (fix.mitigates) return false;
  const session = deps.recorder.session();
  const findings = findingsOf(deps.plan, session, cause?.key);
  const looks = await Promise.all(findings.map((instance) => look(deps, instance, session.since)));
  return looks.length > 0 && looks.every(({ status }) => status === 'ok');
}
