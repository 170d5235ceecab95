/** `oor deliver SESSION`, started by a run: tells the services of the profile what is due, apart from the run, and leaves the results for it. */
import { fold } from '../engine/fold.ts';
import { readEvents } from '../engine/read-events.ts';
import type { Session } from '../engine/session.ts';
import { ExitCode } from '../errors.ts';
import { templateOf } from '../playbook/notify-shape.ts';
import type { Json, JsonObject, Store } from '../ports.ts';
import { type Leaving, leaveRecord } from './left-here.ts';
import { type DeliveryDeps, deliver, openDelivery } from './notice-delivery.ts';
import { pendingIn } from './notices.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import type { Services } from './services.ts';

/** About three quarters of a minute, and a service that asks for more time gets it. */
const PAUSES_MS = [1_000, 3_000, 10_000, 30_000];
/** Another process that delivers for this session looks again within this time. */
const PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 100;
const MINUTE_MS = 60_000;

export async function deliverCommand(services: Services, [id]: readonly string[], options: GlobalOptions): Promise<number> {
  if (id === undefined) throw usage('deliver needs a session', 'see: oor sessions');
  const store = await services.store(options.stateDir);
  const release = await beTheOnlyOne(services, store, id);
  if (!release) return ExitCode.healthy;
  try {
    const { started } = await readSession(store, id);
    const profile = started.profile.data;
    const redact = await services.redactor(profile);
    const deps = await openDelivery(services, profile);
    const at: Telling = { services, store, session: id, redact, deps, language: policyOf(options, services).language, sent: new Map() };
    while (!services.interruption.aborted && (await tellRound(at)));
    return ExitCode.healthy;
  } finally {
    await release();
  }
}

async function beTheOnlyOne({ clock, interruption }: Services, store: Store, id: string): Promise<(() => Promise<void>) | undefined> {
  const until = clock.now().monoMs + PATIENCE_MS;
  for (;;) {
    const release = await store.tryLock(id, 'deliver');
    if (release || clock.now().monoMs > until || interruption.aborted) return release;
    await clock.sleep(LOOK_EVERY_MS, interruption).catch(() => undefined);
  }
}

async function readSession(store: Store, id: string): Promise<Session> {
  return fold(readEvents((await store.read(id)).entries, id));
}

interface Telling extends Leaving {
  readonly services: Services;
  readonly deps: DeliveryDeps;
  readonly language: string;
  /** When each service was sent something. */
  readonly sent: Map<string, number[]>;
}

/** All that is due now: one service after the other waits for none, one message waits for the one before it. False: nothing was due. */
async function tellRound(at: Telling): Promise<boolean> {
  const session = await readSession(at.store, at.session);
  const left = new Set((await (await at.store.inbox(at.session)).waiting()).map(({ data }) => `${data['to']} ${data['notice']}`));
  const due = pendingIn(session).filter(({ target, notice }) => !left.has(`${target.name} ${notice}`));
  const byTarget = groupByName(due);
  await Promise.all(
    [...byTarget.values()].map(async (each) => {
      for (const one of each) await tellOne(at, session, one);
    }),
  );
  return due.length > 0;
}

function groupByName(due: ReturnType<typeof pendingIn>): ReadonlyMap<string, ReturnType<typeof pendingIn>> {
  return new Map(due.map(({ target }) => [target.name, due.filter((other) => other.target.name === target.name)]));
}

async function tellOne(at: Telling, session: Session, { target, notice }: ReturnType<typeof pendingIn>[number]): Promise<void> {
  const { services, deps, redact, language } = at;
  const template = templateOf(target);
  const messages = session.notices.get(notice)?.messages ?? {};
  const message = messages[target.lang ?? language] ?? Object.values(messages)[0];
  if (!template || !message || services.interruption.aborted) return;
  await keepPace(at, target.name, template.per_minute);
  const result = await deliver(deps, { target, template, message, pauses: PAUSES_MS });
  const data = redact({ notice, to: target.name, ...result } as unknown as Json).value as JsonObject;
  await leaveRecord(at, { id: services.random.hex(6), at: services.clock.now().wallMs, type: 'notice.finished', data });
}

async function keepPace({ services: { clock, interruption }, sent }: Telling, name: string, perMinute: number | undefined): Promise<void> {
  const { monoMs } = clock.now();
  const recent = (sent.get(name) ?? []).filter((at) => at > monoMs - MINUTE_MS);
  const first = recent.at(-(perMinute ?? Number.POSITIVE_INFINITY));
  if (first !== undefined) await clock.sleep(first + MINUTE_MS - monoMs, interruption).catch(() => undefined);
  sent.set(name, [...recent, clock.now().monoMs]);
}
