/** The automatic steps of a playbook alone: same loop, no questions, no causes, no fixes, nothing stored. */
import type { CheckRegistry, Confirmation, Status } from '../checks/check.ts';
import { checkIds, loadChecks } from '../checks/index.ts';
import { arrangeSteps, buildPlan, type Plan } from '../engine/plan.ts';
import { createProber } from '../engine/probe.ts';
import { createRecorder, type RecorderDeps } from '../engine/recorder.ts';
import { type RunEnd, run } from '../engine/run.ts';
import type { Session, StepResult } from '../engine/session.ts';
import type { RunDeps } from '../engine/task.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Wanted } from '../playbook/prepared.ts';
import type { Journal, Operator } from '../ports.ts';
import { givenStep } from './check-given.ts';
import { recallFrom, whatToKeep } from './check-memory.ts';
import { matchesGlob, reducePlan, type Selection, selectChecks } from './check-select.ts';
import { type GlobalOptions, windowEnd } from './options.ts';
import { type LoadedProfile, loadPlaybook, loadProfile, readInputs } from './prepare.ts';
import type { RunningStack, Services } from './services.ts';
import { tell } from './tell.ts';

export interface CheckRun {
  readonly plan: Plan;
  /** The checks of the plan. */
  readonly registry: CheckRegistry;
  readonly session: Session;
  /** A signal ended it before its time. */
  readonly paused: boolean;
}

export interface Retry {
  readonly forMs: number;
  readonly everyMs: number;
  /** What has to go away for the run to count as good. */
  readonly statuses: readonly Status[];
}

export interface CheckRequest {
  readonly selection: Selection;
  readonly options: GlobalOptions & { readonly playbook?: string };
  readonly stack?: RunningStack | undefined;
  readonly retry?: Retry | undefined;
  /** For every check, in place of its own and of the playbook's. */
  readonly confirm?: Confirmation | undefined;
  /** What was not ok in the run before counts, and this run leaves the same for the next. */
  readonly remember?: boolean;
}

const nobody: Operator = { interactive: false, ask: async () => ({ kind: 'nobody' }) };
const nowhere: Journal = { sessionId: 'check', append: async () => undefined, close: async () => undefined };

export async function runChecks(
  services: Services,
  { selection, options, stack, retry, confirm, remember }: CheckRequest,
): Promise<CheckRun> {
  const loaded = await loadPlaybook(
    services,
    options.playbook,
    options.trust === undefined ? {} : { trust: options.trust },
    wantedSteps(selection),
  );
  const { playbook } = loaded;
  const profile = await loadProfile(services, stack?.profilePath ?? options.profile);
  const registry = { ...(await loadNamed(selection)), ...loaded.registry };
  const plan = withConfirmation(choosePlan(services, { playbook, profile, selection, options, registry }), confirm);
  const until = windowEnd(options, services.clock.now().wallMs);
  const redact = await services.redactor(plan.profile);
  // A sandbox is another machine every time.
  const memory = !remember || stack ? undefined : await services.statusMemory(options.stateDir);
  const keeping = { plan, registry, sha256: services.sha256, redact };
  const past = (await memory?.recall()) ?? new Map();
  const deps = {
    plan,
    registry,
    prober: createProber({ hosts: await services.hosts(plan.profile, options.stateDir), clock: services.clock, redact, until }),
    operator: nobody,
    clock: services.clock,
    actors: () => undefined,
    signal: services.interruption,
    recall: recallFrom(past, keeping),
  };
  const recording: RecorderDeps = { journal: nowhere, clock: services.clock, redact };
  const recorder = createRecorder(recording, undefined);
  await recorder.record('session.started', startOf(services, options, plan, profile));
  const first = await run({ ...deps, recorder });
  const { session, paused } = retry
    ? await runAgain({ deps, recording, first, retry, say: (text) => tell(services, options, text) })
    : first;
  if (!paused) await memory?.keep(whatToKeep(past, keeping, session));
  return { plan, registry, session, paused };
}

/** Plain names can be told before the playbook is made ready; instances of a target, globs, tags and phases cannot. */
function wantedSteps({ names, tags, phases }: Selection): Wanted | undefined {
  if (names.length === 0 || tags.length > 0 || phases.length > 0 || names.some((name) => /[@*?]/.test(name))) return undefined;
  return ({ id, uses }) => names.includes(id) || names.includes(uses);
}

function withConfirmation(plan: Plan, confirm: Confirmation | undefined): Plan {
  if (!confirm) return plan;
  const steps = plan.steps.map((instance) =>
    instance.step.kind === 'check' ? { ...instance, step: { ...instance.step, confirm } } : instance,
  );
  return { ...plan, ...arrangeSteps(steps) };
}

interface Choice extends Pick<CheckRequest, 'selection' | 'options'> {
  readonly playbook: Playbook;
  readonly profile: LoadedProfile;
  readonly registry: CheckRegistry;
}

/** The steps that were chosen, or the one check that was given parameters of its own. */
function choosePlan(services: Services, { playbook, profile, selection, options, registry }: Choice): Plan {
  const ofPlaybook = playbook.inputs.some(({ name }) => Object.hasOwn(options.set, name));
  const given = ofPlaybook ? undefined : givenStep(selection.names, options.set, registry);
  const inputs = readInputs(playbook, given ? { set: {} } : options, services.env);
  const whole = buildPlan({ playbook, profile: profile.data, inputs, localHost: services.localHost });
  return given ? reducePlan(whole, [{ key: given.id, step: given, empty: false }]) : selectChecks(whole, selection, registry, checkIds);
}

/** Checks asked for by name need no step that uses them. */
function loadNamed({ names }: Selection): Promise<CheckRegistry> {
  return loadChecks(checkIds.filter((id) => names.some((name) => matchesGlob(name, id))));
}

function startOf({ version, localHost, clock }: Services, options: GlobalOptions, { playbook }: Plan, profile: LoadedProfile) {
  return {
    schema_version: 1,
    session: 'check',
    tool: { name: 'oor', version },
    playbook: { id: playbook.id, file: playbook.file, sha256: playbook.sha256, text: '', included: [] },
    profile: { file: profile.file, sha256: '', data: {} },
    inputs: {},
    local_host: localHost,
    language: 'en',
    flags: {
      interactive: false,
      allow_fix: [],
      dry_run: false,
      concurrency: options.gentle ? 4 : 24,
      since: clock.now().wallMs - options.since,
      deadline_ms: options.deadline ?? null,
      ephemeral: false,
    },
    symptom: '',
  } as const;
}

interface Again {
  readonly deps: Omit<RunDeps, 'recorder'>;
  readonly recording: RecorderDeps;
  readonly first: RunEnd;
  readonly retry: Retry;
  readonly say: (text: string) => Promise<void>;
}

/** Forgets the results that are to come anew and lets the same loop find them undecided; the history keeps them. */
export async function runAgain({ deps, recording, first, retry, say }: Again): Promise<RunEnd> {
  const { clock, signal } = deps;
  const until = clock.now().monoMs + retry.forMs;
  let end = first;
  while (!end.paused && !end.session.deadlinePassed && clock.now().monoMs + retry.everyMs <= until) {
    const again = resultsToRetry(end.session, retry.statuses);
    if (again.length === 0) break;
    await say(`again in ${retry.everyMs / 1_000} s: ${again.map(({ key }) => key).join(', ')}`);
    try {
      await clock.sleep(retry.everyMs, signal);
    } catch {
      const interrupted = createRecorder(recording, end.session);
      await interrupted.record('session.interrupted', { signal: String(signal.reason) });
      return { session: interrupted.session(), paused: true };
    }
    const dropped = new Set(
      [...again, ...[...end.session.results.values()].filter(({ status }) => status === 'skipped')].map(({ key }) => key),
    );
    const results = new Map([...end.session.results].filter(([key]) => !dropped.has(key)));
    const recorder = createRecorder(recording, { ...end.session, results });
    await recorder.record('session.resumed', { interactive: false, torn_bytes: 0, allow_fix: [] });
    const next = await run({ ...deps, recorder });
    // Cut short by the deadline of the run: what was seen before stands, a failure does not become "skipped".
    if (next.session.deadlinePassed && !next.paused) break;
    end = next;
  }
  return end;
}

/** Waiting installs no tool and grants no right. */
const LASTING = ['missing-tool', 'no-permission', 'unsupported', 'bad-params', 'host-out-of-reach', 'check-crashed'];

/** What failed or could not be told, as long as something of it counts. */
function resultsToRetry({ results }: Session, statuses: readonly Status[]): readonly StepResult[] {
  const transient = [...results.values()].filter(
    ({ status, judgement }) => status !== 'unknown' || !LASTING.includes(judgement?.code ?? ''),
  );
  const again = transient.filter(({ status }) => status === 'fail' || status === 'unknown' || statuses.includes(status));
  return again.some(({ status }) => statuses.includes(status)) ? again : [];
}
