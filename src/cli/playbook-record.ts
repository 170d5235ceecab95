/** `oor playbook record`: a session becomes an incident that proves its playbook from now on. */
import type { CheckRegistry } from '../checks/check.ts';
import { diagnose } from '../engine/diagnose.ts';
import type { Event, EventData } from '../engine/events.ts';
import { fold } from '../engine/fold.ts';
import type { Plan } from '../engine/plan.ts';
import { readEvents } from '../engine/read-events.ts';
import { NAMED } from '../engine/score.ts';
import type { Session } from '../engine/session.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { Json, JsonObject } from '../ports.ts';
import { toJson } from '../report/json-text.ts';
import type { BundleOptions } from './bundle.ts';
import { compare, type Played, playFixture } from './fixture-play.ts';
import { type Fixture, readFixture } from './fixture-shape.ts';
import { usage } from './options.ts';
import type { Services } from './services.ts';
import { planOf } from './session-run.ts';
import { tell } from './tell.ts';

export async function recordCommand(services: Services, [from]: readonly string[], options: BundleOptions): Promise<number> {
  if (from === undefined) throw usage('playbook record needs a session or a bundle', 'see: oor sessions');
  const kept = await readKept(services, from, options);
  const draft = draftOf(kept);
  const openLog = await services.writtenHosts();
  const stage = { registry: kept.registry, shapes: {}, openLog };
  const first = await playFixture(stage, draft, kept.plan);
  const text = render(kept, { ...draft, expect: expectationOf(first, kept.registry) });
  const clean = await redacted(services, kept.plan, text);
  // What is written is what is proved.
  const fixture = readFixture({ file: from, text: clean });
  const played = await playFixture(stage, fixture, kept.plan);
  const problems = [
    ...compare(fixture, played.plan, played.session, { registry: kept.registry, end: played.end }),
    ...differences(kept, played),
  ];
  if (problems.length > 0)
    throw new OorError({
      code: 'not-reproduced',
      message: [`what was recorded does not lead to what ${from} found`, ...problems.map((problem) => `  ${problem}`)].join('\n'),
      hint: 'nothing was written; a session that judged by what it had seen before, or that was cut off, cannot be played again',
      exitCode: ExitCode.inconclusive,
    });
  if (options.out === undefined) await services.out(clean);
  else {
    await services.writeFile(options.out, clean, 0o644);
    await tell(services, options, `${options.out}: passes as recorded; put it into fixtures/${kept.plan.playbook.id}/ beside the playbook`);
  }
  return ExitCode.healthy;
}

interface Kept {
  readonly events: readonly Event[];
  readonly session: Session;
  readonly plan: Plan;
  readonly registry: CheckRegistry;
}

async function readKept(services: Services, from: string, options: BundleOptions): Promise<Kept> {
  if (/[/.]/.test(from)) return await (await import('./bundle-session.ts')).openSession(services, from, options);
  const [{ cleanEntries }, store] = await Promise.all([import('./clean-entries.ts'), services.store(options.stateDir)]);
  const events = readEvents(cleanEntries((await store.read(from)).entries), from);
  const session = fold(events);
  return { events, session, ...(await planOf(services, session.started)) };
}

// ---------------------------------------------------------------------------------------------- what was seen

/** As it was found, before anything was repaired. */
function draftOf({ events, session, plan }: Kept): Fixture {
  const facts: Record<string, string | JsonObject> = {};
  const answers: Record<string, string | number | boolean> = {};
  for (const event of untilFixed(events)) {
    if (event.type === 'step.finished' && !(event.data.key in facts)) facts[event.data.key] = factsOf(event.data);
    if (event.type === 'verify.finished' && isObject(event.data.facts)) facts[`verify:${event.data.key}`] = event.data.facts;
    if (event.type === 'answer.given' && isQuestion(plan, event.data.id)) answers[event.data.id] = event.data.value;
    if (event.type === 'answer.withdrawn') delete answers[event.data.id];
  }
  return {
    file: session.started.session,
    title: `${session.started.symptom || plan.playbook.title.en} (${new Date(session.startedAt).toISOString().slice(0, 10)})`,
    profile: plan.profile,
    inputs: plan.inputs,
    host: plan.localHost,
    facts,
    answers,
    expect: { leading: null, over: [], confirmed: [], path: {}, verdict: 'unknown', exit: 0 },
  };
}

function untilFixed(events: readonly Event[]): readonly Event[] {
  const fixed = events.findIndex(({ type }) => type === 'fix.started' || type === 'loop.started');
  return fixed < 0 ? events : events.slice(0, fixed);
}

function factsOf({ facts, judgement }: EventData['step.finished']): string | JsonObject {
  if (isObject(facts)) return facts;
  return judgement.status === 'not-applicable' ? 'not-applicable' : 'unknown';
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Consent to a fix is no answer of an incident. */
function isQuestion(plan: Plan, id: string): boolean {
  return id.startsWith('verify:') || plan.stepByKey.get(id)?.step.kind === 'ask';
}

// ---------------------------------------------------------------------------------------------- what follows

function expectationOf({ plan, session, end }: Played, registry: CheckRegistry): Fixture['expect'] {
  const { causes, leading } = diagnose(plan, session, registry);
  const named = causes.filter(({ score }) => score >= NAMED);
  return {
    leading: leading && named.includes(leading) ? leading.key : null,
    named: named.map(({ key }) => key),
    over: [],
    confirmed: named.filter(({ state }) => state === 'confirmed').map(({ key }) => key),
    path: {},
    verdict: end.verdict,
    exit: end.exit_code,
  };
}

/** A session that repaired something ended otherwise than it began; what it named must be the same all the same. */
function differences({ events, session, plan, registry }: Kept, played: Played): readonly string[] {
  const then = diagnose(plan, session, registry).causes.filter(
    ({ score, state }) => score >= NAMED || state === 'fixed' || state === 'mitigated',
  );
  const now = diagnose(played.plan, played.session, registry).causes.filter(({ score }) => score >= NAMED);
  const list = (causes: readonly { readonly key: string }[]): string =>
    causes
      .map(({ key }) => key)
      .sort()
      .join(', ') || 'none';
  const repaired = untilFixed(events).length < events.length;
  const same = repaired ? then.every(({ key }) => now.some((cause) => cause.key === key)) : list(then) === list(now);
  return [
    ...(session.ended ? [] : ['the session has not ended']),
    ...(same ? [] : [`named causes: ${list(now)}, the session has ${list(then)}`]),
    ...(repaired || session.ended?.verdict === played.end.verdict
      ? []
      : [`verdict: ${played.end.verdict}, the session has ${session.ended?.verdict}`]),
  ];
}

// ---------------------------------------------------------------------------------------------- the file

/** JSON is YAML: one line for each thing that was seen. */
function render({ session }: Kept, { title, profile, inputs, host, facts, answers, expect }: Fixture): string {
  const map = (entries: Readonly<Record<string, unknown>>): string =>
    Object.entries(entries)
      .map(([key, value]) => `  ${toJson(key)}: ${toJson(value)}\n`)
      .join('');
  const parts = [
    `# Recorded from the session ${session.started.session}; facts as they were seen, before anything was repaired.\n`,
    `title: ${toJson(title)}\nhost: ${toJson(host)}\nprofile: ${toJson(profile)}\n`,
    ...(Object.keys(inputs).length > 0 ? [`inputs: ${toJson(inputs)}\n`] : []),
    `facts:\n${map(facts)}`,
    ...(Object.keys(answers).length > 0 ? [`answers:\n${map(answers)}`] : []),
    `expect:\n${map(expect)}`,
  ];
  return parts.join('');
}

/** The journal was clean when it was written; this leaves, so it is looked at again. */
async function redacted(services: Services, plan: Plan, text: string): Promise<string> {
  const [{ createRedactor }, { findMessages }, { findSensitive }, { refuseFound, scanOptions }, archives, secrets] = await Promise.all([
    import('../redact/index.ts'),
    import('../payments/iso8583/find-messages.ts'),
    import('../scan/index.ts'),
    import('../bundle/gate.ts'),
    services.archives(),
    services.secretsOf(plan.profile),
  ]);
  const { text: clean } = createRedactor({ secrets, messages: findMessages }).text(text);
  const found = findSensitive('fixture', new TextEncoder().encode(clean), scanOptions(archives, secrets));
  refuseFound(found, 'look at the place with: oor report, and name the secret in oor.yaml so that it never gets in');
  return clean;
}
