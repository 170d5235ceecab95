/** Plan -> loop -> result, for `run` and `resume` alike. */

import { type CheckRegistry, STEP_PHASES } from '../checks/check.ts';
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
import type { Journal } from '../ports.ts';
import type { Moment } from '../report/at-prompt.ts';
import { jsonLine } from '../report/json-text.ts';
import { readAnswers } from './answers.ts';
import { attend } from './attend.ts';
import { createCaptureLook } from './capture-look.ts';
import { collectLogs } from './collect-logs.ts';
import { captureWindow } from './log-window.ts';
import type { Notices, NoticesDeps } from './notices.ts';
import { type GlobalOptions, policyOf, windowEnd } from './options.ts';
import { parseLoaded, shippedTexts } from './prepare.ts';
import { chooseReportFormat } from './report-format.ts';
import { giveReports, giveVerdict } from './result.ts';
import type { Services } from './services.ts';
import { showEvent } from './show-event.ts';
import { tell, tellAlways } from './tell.ts';

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
  const redact = await services.redactor(plan.profile, started && (await shippedTexts(services, started.playbook)));
  const progress = options.quiet ? undefined : await services.progress(policy);
  progress?.planned(planPhases(plan, past));
  let notices: Notices | undefined;
  const observe = (event: Event, session: Session): void => {
    notices?.observe(event.type);
    if (options.jsonl) void services.out(jsonLine({ schema_version: 1, ...toRecord(event) }));
    if (progress) showEvent(progress, { plan, registry, language: policy.language, now: services.clock.now().wallMs }, event, session);
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
  const inWindow = captureWindow(options, plan.profile, { since: recorder.session().started.flags.since, until });
  const capture = createCapture({ clock, redact, secondLook: createCaptureLook(services, plan.profile), evidence, inWindow });
  const prober = createProber({ hosts, clock, redact, until, capture });
  const scripted = await services.operator(policy, { ...answers, allowFix: options.allowFix });
  const { language, ascii } = policy;
  const moment = (): Moment => ({ plan, registry, session: recorder.session(), language, ascii, now: clock.now().wallMs });
  const operator = attend(scripted, { progress, redact, moment });
  if (past && policy.interactive && !options.quiet) await tellStatus(services, moment());
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
    await warnUnused({ services, options, plan }, scripted.unused());
    const stored = () => store.read(journal.sessionId);
    const result = { services, options, plan, registry, session, stored };
    let failed: number | undefined;
    // People outside are told, whatever becomes of the reports.
    try {
      await giveVerdict(result);
      const local = paused ? undefined : hosts(services.localHost);
      if (local) {
        const { since } = session.started.flags;
        const artifacts = await collectLogs({ profile: plan.profile, local, clock, capture, since, until, signal: services.interruption });
        if (artifacts.length > 0) await recorder.record('evidence.collected', { artifacts });
      }
      failed = await giveReports(result);
    } finally {
      await notices?.finish({ paused, quiet: options.quiet === true });
    }
    return {
      exitCode: paused ? await pausedExit(services, options, session) : (failed ?? session.ended?.exit_code ?? ExitCode.internal),
      paused,
    };
  } finally {
    progress?.stop();
    await left.stop();
    await journal.close();
    await startSoak({ services, options, plan }, recorder.session());
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

/** The checks that are still to run, by phase. */
function planPhases(plan: Plan, past: Session | undefined): readonly { readonly id: string; readonly steps: number }[] {
  const open = plan.steps.filter(({ step, key, empty }) => step.kind === 'check' && !empty && !past?.results.has(key));
  return STEP_PHASES.map((id) => ({ id, steps: open.filter(({ step }) => step.phase === id).length }));
}

/** Whoever goes on with it, perhaps somebody else, first reads how it stands. */
async function tellStatus(services: Services, moment: Moment): Promise<void> {
  const { statusLines } = await import('../report/at-prompt.ts');
  services.err(`${statusLines(moment).join('\n')}\n`);
}

/** An answer to a question that the playbook does not have is a misspelt one; one that was not put is none. */
async function warnUnused(
  { services, options, plan }: Pick<SessionRun, 'services' | 'options' | 'plan'>,
  unused: readonly string[],
): Promise<void> {
  const questions = plan.steps.flatMap(({ step }) => (step.kind === 'check' ? [] : [step.id]));
  const unknown = unused.filter((id) => !questions.includes(id) && !id.startsWith('verify:') && !id.startsWith('fix:'));
  if (unknown.length > 0)
    await tell(services, options, `no question is called ${unknown.join(', ')}; the playbook asks: ${questions.join(', ')}`);
}

/** Needs the journal's lock, so it starts when the run has let go of it. */
async function startSoak(
  { services, options, plan }: Pick<SessionRun, 'services' | 'options' | 'plan'>,
  { ended, fixes, started }: Session,
): Promise<void> {
  const applied = [...fixes.values()].some(({ stage }) => stage === 'validated');
  if (!ended || !applied || started.flags.ephemeral || plan.playbook.validate.soakMs === 0) return;
  services.spawnDetached(['soak', started.session, '--no-input', ...stateFlags(options)]);
  await tell(
    services,
    options,
    `the entry is watched for another ${Math.round(plan.playbook.validate.soakMs / 1000)} s in the background; see: oor report ${started.session}`,
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

/** Whoever reads the result as text on the terminal has just read how to go on. */
async function pausedExit(services: Services, options: GlobalOptions, session: Session): Promise<number> {
  const read = services.terminal.stdoutIsTTY && chooseReportFormat(options) === 'text';
  if (!read) await tellAlways(services, options, `resume with: oor resume ${session.started.session}`);
  return pauseCode(session);
}
