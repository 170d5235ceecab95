/** The result of a session: on stdout in one format, and in as many files as were asked for. */
import type { CheckRegistry } from '../checks/check.ts';
import { diagnose } from '../engine/diagnose.ts';
import type { Plan } from '../engine/plan.ts';
import type { Session } from '../engine/session.ts';
import { missingAnswers } from '../engine/verdict.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { StoredJournal } from '../ports.ts';
import { incidentOf } from '../report/incident.ts';
import { jsonLine } from '../report/json-text.ts';
import { type GlobalOptions, policyOf } from './options.ts';
import { chooseReportFormat, readReportFiles, renderReport } from './report-format.ts';
import type { Services } from './services.ts';
import { tell, tellAlways, tellError } from './tell.ts';

/** Of an incident: whoever may read the journal. */
const OWNER_ONLY = 0o600;

interface Result {
  readonly services: Services;
  readonly options: GlobalOptions;
  readonly plan: Plan;
  readonly registry: CheckRegistry;
  readonly session: Session;
  /** As `TextOptions`. */
  readonly source?: string;
  /** Read when a format needs the events themselves. */
  stored(): Promise<Pick<StoredJournal, 'entries' | 'headHash'>>;
}

/** As `giveReports`. */
export async function giveResult(result: Result): Promise<number | undefined> {
  await giveVerdict(result);
  return await giveReports(result);
}

/** What the state alone tells: nobody waits for it until the last evidence is collected. */
export async function giveVerdict({ services, options, plan, registry, session, source }: Result): Promise<void> {
  const format = chooseReportFormat(options);
  const { language, colourOut, ascii } = policyOf(options, services);
  const diagnosis = diagnose(plan, session, registry);
  if (format === 'json' || format === 'jsonl') {
    const { runAsJson } = await import('../report/json.ts');
    return await services.out(jsonLine(runAsJson(plan, session, diagnosis), format === 'json' ? 2 : 0));
  }
  if (format !== 'text') return;
  const { renderText } = await import('../report/text.ts');
  await services.out(renderText(plan, session, diagnosis, { language, ascii, paint: await services.painter(colourOut), source }));
  if (session.ended?.exit_code === ExitCode.answerNeeded) await tellAlways(services, options, describeMissing(plan, session));
}

/**
 * What tells the whole journal, event by event. The result is on stdout already: a file that cannot be written is told beside it,
 * the others are written all the same, and its exit code comes back.
 */
export async function giveReports({ services, options, plan, registry, session, source, stored }: Result): Promise<number | undefined> {
  const files = readReportFiles(options);
  const format = chooseReportFormat(options);
  const printed = format !== 'text' && format !== 'json' && format !== 'jsonl';
  if (files.length === 0 && !printed) return undefined;
  const { language } = policyOf(options, services);
  const { entries, headHash } = await stored();
  const incident = incidentOf({ plan, registry, entries, headHash });
  if (printed) await services.out(await renderReport(format, incident, language));
  let failed: number | undefined;
  for (const { format: wanted, file } of files) {
    try {
      await services.writeFile(file, await renderReport(wanted, incident, language), OWNER_ONLY);
      await tell(services, options, `report: ${file}`);
    } catch (error) {
      if (!(error instanceof OorError)) throw error;
      const hint = `it is not lost: oor report ${source ?? session.started.session} --report ${wanted}=FILE`;
      await tellError(services, { message: error.message, hint }, language);
      failed ??= error.exitCode;
    }
  }
  return failed;
}

function describeMissing(plan: Plan, session: Session): string {
  const lines = missingAnswers(plan, session).map((id) => {
    const step = plan.stepByKey.get(id)?.step;
    const values = step?.kind === 'ask' && step.options.length > 0 ? step.options.map(({ value }) => value).join(' | ') : 'a value';
    return `  ${id}: ${values}   give it with: --answer ${id}=VALUE`;
  });
  return `an answer is needed and nobody can give it:\n${lines.join('\n')}`;
}
