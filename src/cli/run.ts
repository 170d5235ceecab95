import type { SessionStarted } from '../engine/events.ts';
import { buildPlan } from '../engine/plan.ts';
import { createClockFace } from '../report/clock-face.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { rehearseAnswers } from './answers.ts';
import type { ExportOptions } from './bundle-options.ts';
import { type GlobalOptions, policyOf, windowEnd } from './options.ts';
import { checkConsents, type LoadedProfile, loadPlaybook, loadProfile, readInputs } from './prepare.ts';
import { checkReports } from './report-format.ts';
import type { Services } from './services.ts';
import { runSession } from './session-run.ts';
import { startStack } from './stack.ts';
import { tell } from './tell.ts';

/** Most probes at once; `--gentle` spares a host that already suffers. */
const CONCURRENCY = 24;
const GENTLE_CONCURRENCY = 4;

export async function runCommand(
  services: Services,
  [playbookName]: readonly string[],
  options: GlobalOptions & ExportOptions & { readonly sandbox?: string },
): Promise<number> {
  // All that can be wrong with what was typed is found before anything is started or kept.
  const { language, interactive } = policyOf(options, services);
  checkReports(options);
  const ownProfile = options.sandbox === undefined ? await loadProfile(services, options.profile) : undefined;
  if (ownProfile) await tell(services, options, firstLine(ownProfile, services.clock.now().wallMs - options.since));
  if (options.bundle !== undefined) await (await import('./bundle-create.ts')).refuseExisting(services, options.bundle);
  const loaded = await loadPlaybook(services, playbookName, options);
  checkConsents(options, loaded.playbook);
  await rehearseAnswers(services, options, loaded.playbook);
  const inputs = readInputs(loaded.playbook, options, services.env);
  if (options.sandbox !== undefined) await tell(services, options, 'starting the embedded payment stack and its customers');
  const stack = await startStack(services, options);
  let paused = false;
  try {
    const profile = ownProfile ?? (await loadProfile(services, stack?.profilePath));
    const plan = buildPlan({ playbook: loaded.playbook, profile: profile.data, inputs, localHost: services.localHost });
    const sessionId = newSessionId(services);
    const { wallMs } = services.clock.now();
    const until = windowEnd(options, wallMs);
    const { playbook, registry, included } = loaded;
    const started: SessionStarted = {
      schema_version: 1,
      session: sessionId,
      tool: { name: 'oor', version: services.version },
      playbook: { id: playbook.id, file: playbook.file, sha256: playbook.sha256, text: playbook.text, included },
      profile: { file: profile.file, sha256: services.sha256(profile.text), data: profile.data },
      inputs,
      local_host: services.localHost,
      utc_offset_min: -new Date(services.clock.now().wallMs).getTimezoneOffset(),
      language,
      flags: {
        interactive,
        allow_fix: options.allowFix,
        dry_run: options.dryRun ?? false,
        concurrency: options.gentle ? GENTLE_CONCURRENCY : CONCURRENCY,
        since: wallMs - options.since,
        ...(until !== undefined && { until }),
        deadline_ms: options.deadline ?? null,
        ephemeral: stack !== undefined,
      },
      symptom: options.symptom ?? '',
    };
    const store = await services.store(options.stateDir);
    const journal = await store.create(sessionId);
    const end = await runSession({ services, options, plan, registry, journal, started });
    paused = end.paused;
    if (end.paused || options.bundle === undefined) return end.exitCode;
    const { packAfterRun } = await import('./bundle-create.ts');
    return (await packAfterRun(services, { ...options, out: options.bundle }, sessionId, { plan, registry })) ?? end.exitCode;
  } finally {
    if (paused) stack?.leave();
    else await stack?.stop();
  }
}

/** Said before the playbook is opened: what is looked at, and since when. */
function firstLine({ file, data }: LoadedProfile, since: number): string {
  if (file === '')
    return 'no oor.yaml found: only this machine is looked at; name your entry address, services and providers in oor.yaml to see the rest';
  const site = typeof data['site'] === 'string' ? `${data['site']}: ` : '';
  const from = createClockFace(-new Date(since).getTimezoneOffset()).both(since);
  return escapeControlInLine(`${site}as ${file} describes it, from ${from} on`);
}

/** Sorts by time; the tail keeps two sessions of one second apart. */
function newSessionId({ clock, random }: Services): string {
  const stamp = new Date(clock.now().wallMs).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${random.hex(3)}`;
}
