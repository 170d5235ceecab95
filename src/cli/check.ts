import type { Status } from '../checks/check.ts';
import { pauseCode } from '../engine/verdict.ts';
import { ExitCode } from '../errors.ts';
import type { Language } from '../ports.ts';
import { type CheckReport, checkReport, countStatuses } from '../report/check-report.ts';
import { type CheckOptions, chooseFormat, type Format, parseConfirmation } from './check-options.ts';
import { type Retry, runChecks } from './check-run.ts';
import type { Selection } from './check-select.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import type { Services } from './services.ts';
import { startStack } from './stack.ts';
import { tell } from './tell.ts';

const DEFAULT_EVERY_MS = 5_000;

export async function checkCommand(services: Services, names: readonly string[], options: CheckOptions): Promise<number> {
  if (options.list || options.explain) {
    const { explainChecks, listChecks } = await import('./check-explain.ts');
    return options.list ? await listChecks(services, options) : await explainChecks(services, names, options);
  }
  if (options.snapshot !== undefined || options.compare !== undefined) {
    const { compareCommand, snapshotCommand } = await import('./snapshot.ts');
    if (names.length > 0) throw usage('a snapshot is of the whole machine', `leave out ${names.join(' ')}`);
    return options.compare === undefined ? await snapshotCommand(services, options) : await compareCommand(services, options);
  }
  const format = chooseFormat(options);
  const selection: Selection = { names, tags: options.tag ?? [], phases: options.phase ?? [] };
  const retry = readRetry(options, format);
  const confirm = options.confirm === undefined ? undefined : parseConfirmation(options.confirm);
  const stack = await startStack(services, options);
  try {
    const { plan, registry, session, paused } = await runChecks(services, { selection, options, stack, retry, confirm, remember: true });
    if (paused) {
      await tell(services, options, 'interrupted: nothing is reported');
      return format === 'nagios' ? 3 : pauseCode(session);
    }
    const report = checkReport({ plan, session, registry });
    const exitCode = judgeAll(report, options.failOn ?? 'fail');
    const text = await render(format, report, exitCode, policyOf(options, services), options);
    if (options.output === undefined) await services.out(text);
    else await services.writeFile(options.output, text, 0o644);
    if (services.env['GITHUB_ACTIONS'] === 'true') await tellJob(services, report, format, policyOf(options, services).language);
    return format === 'nagios' ? (await import('../report/check-nagios.ts')).nagiosExit(report) : exitCode;
  } finally {
    await stack?.stop();
  }
}

/** The page of a job of GitHub Actions shows it too, whatever the format of the result: annotations are read from stderr as well. */
async function tellJob(services: Services, report: CheckReport, format: Format, language: Language): Promise<void> {
  const [{ renderCheckGithub }, { renderCheckMarkdown }] = await Promise.all([
    import('../report/check-github.ts'),
    import('../report/check-markdown.ts'),
  ]);
  if (format !== 'github') services.err(renderCheckGithub(report));
  const summary = services.env['GITHUB_STEP_SUMMARY'];
  if (!summary) return;
  const before = (await services.readFile(summary, MAX_SUMMARY_BYTES)) ?? '';
  await services.writeFile(summary, `${before}${renderCheckMarkdown(report, language)}`, 0o644);
}

/** Of one step, as GitHub takes it. */
const MAX_SUMMARY_BYTES = 1024 * 1024;

/** Loads the one format that is asked for. */
async function render(
  format: Format,
  report: CheckReport,
  exitCode: number,
  { language, ascii }: ReturnType<typeof policyOf>,
  { quiet }: GlobalOptions,
): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('../report/check-json.ts')).renderCheckJson(report, exitCode);
    case 'jsonl':
      return (await import('../report/check-json.ts')).renderCheckJsonLines(report, exitCode);
    case 'junit':
      return (await import('../report/check-junit.ts')).renderCheckJunit(report, language);
    case 'tap':
      return (await import('../report/check-tap.ts')).renderCheckTap(report);
    case 'nagios':
      return (await import('../report/check-nagios.ts')).renderCheckNagios(report);
    case 'prometheus':
      return (await import('../report/check-prometheus.ts')).renderCheckPrometheus(report);
    case 'markdown':
      return (await import('../report/check-markdown.ts')).renderCheckMarkdown(report, language);
    case 'github':
      return (await import('../report/check-github.ts')).renderCheckGithub(report);
    case 'text':
      return (await import('../report/check-text.ts')).renderCheckText(report, { language, ascii, quiet: quiet ?? false });
  }
}

const COUNTED: Readonly<Record<'warn' | 'fail' | 'unknown', readonly Status[]>> = {
  fail: ['fail'],
  warn: ['fail', 'warn'],
  unknown: ['fail', 'warn', 'unknown'],
};

/** 7 when nothing at all could be checked: silence is not health. */
export function judgeAll(report: CheckReport, failOn: 'warn' | 'fail' | 'unknown'): number {
  const counts = countStatuses(report);
  if (COUNTED[failOn].some((status) => counts[status] > 0)) return ExitCode.fault;
  return counts.ok + counts.warn > 0 || counts.fail > 0 ? ExitCode.healthy : ExitCode.inconclusive;
}

function readRetry({ retryFor, every, failOn }: CheckOptions, format: Format): Retry | undefined {
  if (retryFor === undefined) {
    if (every !== undefined) throw usage('--every says how often, not how long', 'add --retry-for, for example --retry-for 60s');
    return undefined;
  }
  const statuses = format === 'nagios' ? (['fail', 'unknown'] as const) : COUNTED[failOn ?? 'fail'];
  return { forMs: retryFor, everyMs: every ?? DEFAULT_EVERY_MS, statuses };
}
