/** While a run goes on: what people outside shall be told of it. It decides and records; a process of its own delivers. */
import { type CheckRegistry, describeReason } from '../checks/check.ts';
import { type Diagnosis, diagnose } from '../engine/diagnose.ts';
import type { EventType } from '../engine/events.ts';
import { offerByKey } from '../engine/offers.ts';
import type { Plan } from '../engine/plan.ts';
import type { Recorder } from '../engine/recorder.ts';
import type { Session } from '../engine/session.ts';
import { conclude } from '../engine/verdict.ts';
import type { NoticeTarget } from '../playbook/notify-shape.ts';
import { templateOf } from '../playbook/notify-shape.ts';
import type { NoticeKind } from '../playbook/playbook.ts';
import type { Language } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { noticeMessage } from '../report/notice.ts';
import { wordsIn } from '../report/words.ts';
import { wants } from './notice-request.ts';
import type { Services } from './services.ts';

export interface NoticesDeps {
  readonly services: Pick<Services, 'clock' | 'err' | 'spawnDetached'>;
  readonly plan: Plan;
  readonly registry: CheckRegistry;
  readonly recorder: Recorder;
  readonly language: Language;
  /** Beside the id of the session, for the process that delivers. */
  readonly flags: readonly string[];
}

export interface Notices {
  /** Told of each event; never waits and never throws. */
  observe(type: EventType): void;
  /** What the end of this run says, told; then waits for a moment at most, and says on stderr what came of it. */
  finish(end: { readonly paused: boolean; readonly quiet: boolean }): Promise<void>;
}

/** Facts come in bursts: one look is enough for all of a burst. */
const SETTLE_MS = 400;
/** By then the verdict stands on the screen; whoever is slower is told in the background. */
const PATIENCE_MS = 1_000;
const LOOK_EVERY_MS = 50;
const TELLING: readonly EventType[] = ['step.finished', 'verify.finished', 'fix.validated', 'answer.given'];
/** What follows may end the fault that was not told yet. */
const AT_ONCE: readonly EventType[] = ['fix.consented', 'mitigation.requested'];

export function createNotices(deps: NoticesDeps): Notices {
  const { clock } = deps.services;
  const before = deps.recorder.session().told.length;
  const stop = new AbortController();
  let work: Promise<void> = Promise.resolve();
  let settling = false;
  // One after the other; a fault in here is none of the incident.
  const look = (pausedAt?: number): Promise<void> => {
    work = work.then(() => tellDue(deps, pausedAt)).catch(() => undefined);
    return work;
  };
  const lookWhenSettled = async (): Promise<void> => {
    settling = true;
    await clock.sleep(SETTLE_MS, stop.signal).catch(() => undefined);
    settling = false;
    if (!stop.signal.aborted) await look();
  };
  // What a run that was killed had not told yet.
  if (pendingIn(deps.recorder.session()).length > 0) startDelivery(deps);
  return {
    observe(type) {
      if (AT_ONCE.includes(type)) void look();
      else if (TELLING.includes(type) && !settling && !stop.signal.aborted) void lookWhenSettled();
    },
    async finish({ paused, quiet }) {
      stop.abort();
      await look(paused ? clock.now().wallMs : undefined);
      const until = clock.now().monoMs + PATIENCE_MS;
      while (!paused && clock.now().monoMs < until && pendingIn(deps.recorder.session()).length > 0) await clock.sleep(LOOK_EVERY_MS);
      if (!quiet) sayResults(deps, before);
    },
  };
}

/** As they stand in a profile that was checked when the session began. */
export function targetsIn(profile: Session['started']['profile']['data']): readonly NoticeTarget[] {
  return Array.isArray(profile['notify']) ? (profile['notify'] as unknown as readonly NoticeTarget[]) : [];
}

/** Who was not told yet, by target, in the order in which it became due. */
export function pendingIn({ started, notices, told }: Session): readonly { readonly target: NoticeTarget; readonly notice: string }[] {
  return targetsIn(started.profile.data).flatMap((target) => {
    const template = templateOf(target);
    if (!template) return [];
    return [...notices.values()]
      .filter(
        ({ notice, what }) => wants(target, template, what) && !told.some((each) => each.notice === notice && each.to === target.name),
      )
      .map(({ notice }) => ({ target, notice }));
  });
}

interface Due {
  readonly notice: string;
  readonly what: NoticeKind;
  readonly key?: string;
}

function startDelivery({ services, recorder, flags, language }: NoticesDeps): void {
  services.spawnDetached(['deliver', recorder.session().started.session, '--no-input', '--lang', language, ...flags]);
}

async function tellDue(deps: NoticesDeps, pausedAt: number | undefined): Promise<void> {
  const { services, plan, registry, recorder, language } = deps;
  const session = recorder.session();
  const diagnosis = diagnose(plan, session, registry);
  const due = [
    ...dueOf(plan, session, diagnosis),
    ...(pausedAt === undefined || !isOpened(session) ? [] : [{ notice: `paused:${pausedAt}`, what: 'paused' as const }]),
  ];
  const fresh = due.filter(({ notice }) => !session.notices.has(notice));
  const languages = new Set(targetsIn(plan.profile).map(({ lang }) => lang ?? language));
  const at = services.clock.now().wallMs;
  for (const { notice, what, key } of fresh) {
    const messages = [...languages].map((each) => [each, noticeMessage({ what, plan, session, diagnosis, key, at }, each)] as const);
    await recorder.record('notice.due', { notice, what, messages: Object.fromEntries(messages) });
  }
  if (fresh.length > 0 && pendingIn(recorder.session()).length > 0) startDelivery(deps);
}

/** Nobody is told of anything but a fault, and of its end only who was told that it began. */
function dueOf(plan: Plan, session: Session, diagnosis: Diagnosis): readonly Due[] {
  const { verdict, outcome } = session.ended ?? conclude(plan, session, diagnosis);
  if (!isOpened(session) && verdict !== 'fault') return [];
  const over = outcome === 'healthy' || outcome === 'false-alarm' || outcome === 'fixed';
  return [
    { notice: 'opened', what: 'opened' },
    ...diagnosis.causes
      .filter(({ state }) => state === 'confirmed')
      .map(({ key }) => ({ notice: `confirmed:${key}`, what: 'confirmed' as const, key })),
    ...[...session.fixes.values()]
      .filter(({ stage }) => stage === 'validated')
      .map(({ key }) => {
        const what = offerByKey(plan, key)?.fix.mitigates === true ? ('mitigated' as const) : ('fixed' as const);
        return { notice: `${what}:${key}`, what, key };
      }),
    ...(session.ended ? [{ notice: `end:${session.endedAt}`, what: over ? ('closed' as const) : ('left-open' as const) }] : []),
  ];
}

function isOpened({ notices }: Session): boolean {
  return notices.has('opened');
}

function sayResults({ services, recorder, language }: NoticesDeps, before: number): void {
  const session = recorder.session();
  const say = wordsIn(language);
  const nameOf = (notice: string): string => {
    const what = session.notices.get(notice)?.what;
    return what === undefined ? notice : say(`notice_${what}`);
  };
  for (const { notice, to, outcome, why = '' } of session.told.slice(before))
    services.err(`${escapeControlInLine(say(`told_${outcome}`, { to, what: nameOf(notice), why: describeReason(why, language) }))}\n`);
  for (const { target, notice } of pendingIn(session))
    services.err(`${say('toldLater', { to: target.name, what: nameOf(notice), session: session.started.session })}\n`);
}
