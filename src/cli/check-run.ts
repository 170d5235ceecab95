/** The automatic steps of a playbook alone: same loop, no questions, no causes, no fixes, nothing stored. */
import { type CheckRegistry, parseParams } from '../checks/check.ts';
import { checks } from '../checks/index.ts';
import { buildPlan, type Plan } from '../engine/plan.ts';
import { createProber } from '../engine/probe.ts';
import { createRecorder } from '../engine/recorder.ts';
import { run } from '../engine/run.ts';
import type { Session } from '../engine/session.ts';
import type { CheckStep, Playbook } from '../playbook/playbook.ts';
import type { Journal, Operator } from '../ports.ts';
import { type GlobalOptions, usage } from './options.ts';
import { loadPlaybook, loadProfile, readInputs } from './prepare.ts';
import type { RunningStack, Services } from './services.ts';

export interface CheckRun {
  readonly plan: Plan;
  readonly session: Session;
}

const nobody: Operator = { interactive: false, ask: async () => ({ kind: 'nobody' }) };
const nowhere: Journal = { sessionId: 'check', append: async () => undefined, close: async () => undefined };

export async function runChecks(
  services: Services,
  names: readonly string[],
  options: GlobalOptions,
  stack?: RunningStack,
): Promise<CheckRun> {
  const { playbook } = await loadPlaybook(services, undefined, {});
  const profile = await loadProfile(services, stack?.profilePath ?? options.profile);
  const selected = selectSteps(playbook, names, checks);
  const plan = buildPlan({
    playbook: selected,
    profile: profile.data,
    inputs: readInputs(playbook, options, services.env),
    localHost: services.localHost,
  });
  const redact = await services.redactor(plan.profile);
  const recorder = createRecorder({ journal: nowhere, clock: services.clock, redact }, undefined);
  const { wallMs } = services.clock.now();
  await recorder.record('session.started', {
    schema_version: 1,
    session: 'check',
    tool: { name: 'oor', version: services.version },
    playbook: { id: playbook.id, file: playbook.file, sha256: playbook.sha256, text: '', included: [] },
    profile: { file: profile.file, sha256: '', data: {} },
    inputs: {},
    local_host: services.localHost,
    language: 'en',
    flags: {
      interactive: false,
      allow_fix: [],
      dry_run: false,
      concurrency: options.gentle ? 4 : 24,
      since: wallMs - options.since,
      deadline_ms: options.deadline ?? null,
    },
    symptom: '',
  });
  const prober = createProber({ hosts: await services.hosts(), clock: services.clock, redact });
  const { session } = await run({
    plan,
    registry: checks,
    recorder,
    prober,
    operator: nobody,
    clock: services.clock,
    actors: () => undefined,
    signal: services.interruption,
  });
  return { plan, session };
}

/** Steps that use the named checks (or are named themselves); `needs` and `if` fall away when their steps were not chosen. */
function selectSteps(playbook: Playbook, names: readonly string[], registry: CheckRegistry): Playbook {
  const automatic = playbook.steps.filter((step) => step.kind === 'check');
  const chosen = names.length === 0 ? automatic : automatic.filter(({ id, uses }) => names.includes(id) || names.includes(uses));
  const kept = new Set(chosen.map(({ id }) => id));
  const steps = chosen.map(({ if: condition, needs, ...step }) => ({
    ...step,
    needs: needs.filter((id) => kept.has(id)),
    ...(condition && condition.answers.length === 0 && condition.steps.every((id) => kept.has(id)) && { if: condition }),
  }));
  const covered = new Set(chosen.flatMap(({ id, uses }) => [id, uses]));
  const alone = names.filter((name) => !covered.has(name)).map((name) => standAlone(name, registry));
  return { ...playbook, steps: [...steps, ...alone], causes: [], fixes: [] };
}

/** A check that no step of the playbook uses, with the parameters it has by itself. */
function standAlone(name: string, registry: CheckRegistry): CheckStep {
  const check = registry[name];
  if (!check) throw usage(`there is no check ${name}`, 'list them with: oor check --list');
  const parsed = parseParams(check, {});
  if (!parsed.ok)
    throw usage(
      `${name} needs to be told where to look (${parsed.message})`,
      `it belongs into a playbook; see: oor check --explain ${name}`,
    );
  return {
    kind: 'check',
    id: name,
    phase: check.phase,
    uses: name,
    with: { source: {}, answers: [], steps: [], fill: () => ({}) },
    onFail: 'fail',
    needs: [],
    retry: { max: 0, delayMs: 0 },
    source: [],
    position: { line: 0, col: 0 },
  };
}
