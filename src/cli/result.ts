/** The result of a session: on stdout in one format, and in as many files as were asked for. */
import type { CheckRegistry } from '../checks/check.ts';
import { diagnose } from '../engine/diagnose.ts';
import type { Plan } from '../engine/plan.ts';
import type { Session } from '../engine/session.ts';
import { missingAnswers } from '../engine/verdict.ts';
import { ExitCode } from '../errors.ts';
import type { StoredJournal } from '../ports.ts';
import type { Incident } from '../report/incident.ts';
import { type GlobalOptions, policyOf } from './options.ts';
import { chooseReportFormat, readReportFiles, renderReport } from './report-format.ts';
import type { Services } from './services.ts';

/** Of an incident: whoever may read the journal. */
const OWNER_ONLY = 0o600;

interface Result {
  readonly services: Services;
  readonly options: GlobalOptions;
  readonly plan: Plan;
  readonly registry: CheckRegistry;
  readonly session: Session;
  /** Read when a format needs the events themselves. */
  stored(): Promise<Pick<StoredJournal, 'entries' | 'headHash'>>;
}

export async function giveResult(result: Result): Promise<void> {
  const { services, options } = result;
  const files = readReportFiles(options);
  const format = chooseReportFormat(options);
  const incident = await gather(result, files.length > 0 || (format !== 'text' && format !== 'json' && format !== 'jsonl'));
  await printResult(result, incident, format);
  const { language } = policyOf(options, services);
  for (const each of files) {
    await services.writeFile(each.file, await renderReport(each.format, incident, language), OWNER_ONLY);
    if (!options.quiet) services.err(`report: ${each.file}\n`);
  }
}

/** The journal is read back only where it is told event by event. */
async function gather({ plan, registry, session, stored }: Result, whole: boolean): Promise<Incident> {
  const { entries, headHash } = whole ? await stored() : { entries: [], headHash: '' };
  return { plan, registry, session, entries, headHash, diagnosis: diagnose(plan, session, registry) };
}

async function printResult(
  { services, options }: Result,
  incident: Incident,
  format: ReturnType<typeof chooseReportFormat>,
): Promise<void> {
  const { plan, session, diagnosis } = incident;
  const { language, colourOut, ascii } = policyOf(options, services);
  if (format === 'jsonl') {
    const { runAsJson } = await import('../report/json.ts');
    return await services.out(`${JSON.stringify(runAsJson(plan, session, diagnosis))}\n`);
  }
  if (format !== 'text') return await services.out(await renderReport(format, incident, language));
  const { renderText } = await import('../report/text.ts');
  await services.out(renderText(plan, session, diagnosis, { language, ascii, paint: await services.painter(colourOut) }));
  if (session.ended?.exit_code === ExitCode.answerNeeded) services.err(describeMissing(plan, session));
}

function describeMissing(plan: Plan, session: Session): string {
  const lines = missingAnswers(plan, session).map((id) => {
    const step = plan.stepByKey.get(id)?.step;
    const values = step?.kind === 'ask' && step.options.length > 0 ? step.options.map(({ value }) => value).join(' | ') : 'a value';
    return `  ${id}: ${values}   give it with: --answer ${id}=VALUE`;
  });
  return `an answer is needed and nobody can give it:\n${lines.join('\n')}\n`;
}
