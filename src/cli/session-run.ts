/** Plan -> loop -> result, for `run` and `resume` alike. */

import { type CheckRegistry, describeJudgement, STEP_PHASES } from '../checks/check.ts';
import { createCapture } from '../engine/capture.ts';
import { type Event, type SessionStarted, toRecord } from '../engine/events.ts';
import { keepTakingIn } from '../engine/left-records.ts';
import { buildPlan, type Plan } from '../engine/plan.ts';
import { createProber } from '../engine/probe.ts';
import { createRecorder } from '../engine/recorder.ts';
import { run } from '../engine/run.ts';
import type { Session } from '../engine/session.ts';
import { pauseCode } from '../engine/verdict.ts';
import { ExitCode } from '../errors.ts';
import type { Journal, Operator } from '../ports.ts';
import { jsonLine } from '../report/json-text.ts';
import { readAnswers } from './answers.ts';
import { createCaptureLook } from './capture-look.ts';
import { collectLogs } from './collect-logs.ts';
import type { Notices, NoticesDeps } from './notices.ts';
import { type GlobalOptions, policyOf, windowEnd } from './options.ts';
import { parseLoaded } from './prepare.ts';
import { giveReports, giveVerdict } from './result.ts';
import type { Progress, Services } from './services.ts';

export interface SessionRun {
  readonly services: Services;
  readonly options: GlobalOptions;
  readonly plan: Plan;
  readonly registry: CheckRegistry;
  readonly journal: Journal;
  /** Absent for a new session: `started` then opens it. */
  readonly past?: Session;
  readonly started?: SessionStarted;
  readonly tornBytes?: number;
}

export interface SessionEnd {
  readonly exitCode: number;
  /** It waits for `oor resume`. */
  readonly paused: boolean;
}

/** Runs to the end or to a pause and prints the result. */
export async function runSession({
  services,
  options,
  plan,
  registry,
  journal,
  past,
  started,
  tornBytes = 0,
}: SessionRun): Promise<SessionEnd> {
  const policy = policyOf(options, services);
  const answers = await readAnswers(services, options);
  const redact = await services.redactor(plan.profile);
  const progress = options.quiet ? undefined : await services.progress(policy);
  progress?.planned(
    STEP_PHASES.map((id) => ({
      id,
      steps: plan.steps.filter(({ step, empty }) => step.phase === id && step.kind === 'check' && !empty).length,
    })),
  );
  let notices: Notices | undefined;
  const observe = (event: Event, session: Session): void => {
    notices?.observe(event.type);
    if (options.jsonl) void services.out(jsonLine({ schema_version: 1, ...toRecord(event) }));
    if (progress) showEvent(progress, { plan, registry }, event, session, policy.language);
  };
  const recorder = createRecorder({ journal, clock: services.clock, redact, observe }, past);
  if (started) await recorder.record('session.started', started);
  else await recorder.record('session.resumed', { interactive: policy.interactive, torn_bytes: tornBytes, allow_fix: options.allowFix });
  notices = await openNotices({ services, options, plan, registry, recorder, language: policy.language });
  const { clock } = services;
  const until = windowEnd(options, clock.now().wallMs);
  const hosts = await services.hosts(plan.profile, options.stateDir);
  const store = await services.store(options.stateDir);
  const evidence = await store.evidence(journal.sessionId);
  const capture = createCapture({ clock, redact, secondLook: createCaptureLook(services, plan.profile), evidence });
  const prober = createProber({ hosts, clock, redact, until, capture });
  const scripted = await services.operator(policy, { ...answers, allowFix: options.allowFix });
  const operator = pausing(scripted, progress);
  const actors = await services.actors(plan.profile);
  const left = keepTakingIn({ inbox: await store.inbox(journal.sessionId), recorder, clock });
  try {
    const { session, paused } = await run({
      plan,
      registry,
      recorder,
      prober,
      operator,
      clock,
      actors,
      signal: services.interruption,
    });
    progress?.stop();
    warnUnused(services, plan, scripted.unused());
    const stored = () => store.read(journal.sessionId);
    const result = { services, options, plan, registry, session, stored };
    await giveVerdict(result);
    const local = paused ? undefined : hosts(services.localHost);
    if (local) {
      const { since } = session.started.flags;
      const artifacts = await collectLogs({ profile: plan.profile, local, clock, capture, since, until, signal: services.interruption });
      if (artifacts.length > 0) await recorder.record('evidence.collected', { artifacts });
    }
    await giveReports(result);
    await notices?.finish({ paused, quiet: options.quiet === true });
    return { exitCode: paused ? pausedExit(services, session) : (session.ended?.exit_code ?? ExitCode.internal), paused };
  } finally {
    progress?.stop();
    await left.stop();
    await journal.close();
    startSoak(services, options, plan, recorder.session());
  }
}

/** Only where the profile names somebody, and never of a rehearsal or of the embedded stack. */
async function openNotices({
  options,
  ...deps
}: Omit<NoticesDeps, 'flags'> & { readonly options: GlobalOptions }): Promise<Notices | undefined> {
  const { flags } = deps.recorder.session().started;
  if (!Array.isArray(deps.plan.profile['notify']) || flags.dry_run || flags.ephemeral) return undefined;
  const { createNotices } = await import('./notices.ts');
  return createNotices({ ...deps, flags: stateFlags(options) });
}

function stateFlags({ stateDir }: GlobalOptions): readonly string[] {
  return stateDir === undefined ? [] : ['--state-dir', stateDir];
}

/** An answer to a question that the playbook does not have is a misspelt one; one that was not put is none. */
function warnUnused(services: Services, plan: Plan, unused: readonly string[]): void {
  const questions = plan.steps.flatMap(({ step }) => (step.kind === 'check' ? [] : [step.id]));
  const unknown = unused.filter((id) => !questions.includes(id) && !id.startsWith('verify:') && !id.startsWith('fix:'));
  if (unknown.length > 0) services.err(`no question is called ${unknown.join(', ')}; the playbook asks: ${questions.join(', ')}\n`);
}

/** Needs the journal's lock, so it starts when the run has let go of it. */
function startSoak(services: Services, options: GlobalOptions, plan: Plan, { ended, fixes, started }: Session): void {
  const applied = [...fixes.values()].some(({ stage }) => stage === 'validated');
  if (!ended || !applied || started.flags.ephemeral || plan.playbook.validate.soakMs === 0) return;
  services.spawnDetached(['soak', started.session, '--no-input', ...stateFlags(options)]);
  services.err(
    `the entry is watched for another ${Math.round(plan.playbook.validate.soakMs / 1000)} s in the background; see: oor report ${started.session}\n`,
  );
}

interface Planned {
  readonly plan: Plan;
  readonly registry: CheckRegistry;
}

/** Journal -> plan, with the playbook, profile and inputs as they were that night. */
export async function planOf(services: Services, started: SessionStarted): Promise<Planned> {
  const { playbook, profile, inputs, local_host } = started;
  const shipped = playbook.included.map(({ name, text }) => ({ file: `${name}.yaml`, text }));
  const loaded = await parseLoaded(services, { file: playbook.file, text: playbook.text }, shipped);
  const plan = buildPlan({ playbook: loaded.playbook, profile: profile.data, inputs, localHost: local_host });
  return { plan, registry: loaded.registry };
}

function pausedExit(services: Services, session: Session): number {
  services.err(`resume with: oor resume ${session.started.session}\n`);
  return pauseCode(session);
}

/** The spinner leaves the screen while a question is on it. */
function pausing(operator: Operator, progress: Progress | undefined): Operator {
  if (!progress || !operator.interactive) return operator;
  return {
    interactive: true,
    async ask(question, signal) {
      progress.pause();
      try {
        return await operator.ask(question, signal);
      } finally {
        progress.resume();
      }
    },
  };
}

function showEvent(progress: Progress, { plan, registry }: Planned, event: Event, session: Session, language: 'en' | 'zh-CN'): void {
  const titleOf = (key: string): string => {
    const step = plan.stepByKey.get(key)?.step;
    const title = step?.title ?? (step?.kind === 'check' ? registry[step.uses]?.title : undefined);
    return title?.[language] ?? title?.en ?? key;
  };
  switch (event.type) {
    case 'step.started': {
      const step = plan.stepByKey.get(event.data.key)?.step;
      const timeoutMs = step?.kind === 'check' ? (step.timeoutMs ?? registry[step.uses]?.timeoutMs ?? 10_000) : 0;
      return progress.started({ id: event.data.key, title: titleOf(event.data.key), phase: step?.phase ?? 'evidence', timeoutMs });
    }
    case 'step.finished': {
      const { key, judgement, duration_ms } = event.data;
      const step = plan.stepByKey.get(key)?.step;
      const check = step?.kind === 'check' ? registry[step.uses] : undefined;
      const summary = check ? describeJudgement(check, judgement, language) : judgement.code;
      return progress.finished({
        id: key,
        title: titleOf(key),
        phase: step?.phase ?? 'evidence',
        status: judgement.status,
        summary,
        durationMs: duration_ms,
      });
    }
    case 'fix.started':
      return progress.note(event.data.argvs.map((argv) => `$ ${argv.join(' ')}`).join('\n'));
    case 'fix.finished':
      return progress.note(
        event.data.ok
          ? `${event.data.key}: applied, waiting for its signal`
          : `${event.data.key}: failed\n${event.data.commands.at(-1)?.output ?? ''}`,
      );
    case 'fix.validated':
      return progress.note(`${event.data.key}: ${event.data.ok ? 'its signal came true' : 'its signal did not come'}`);
    case 'loop.started':
      return progress.note(`looking at everything again (${session.loop})`);
    default:
      return;
  }
}
