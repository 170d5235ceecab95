/** `oor report SESSION --template NAME`: one letter on stdout, cleaned once more before it leaves. */
import type { CheckRegistry } from '../checks/check.ts';
import type { Plan } from '../engine/plan.ts';
import type { JournalEntry } from '../ports.ts';
import { incidentOf } from '../report/incident.ts';
import { jsonLine } from '../report/json-text.ts';
import { readPolicy } from '../report/letter-after.ts';
import { renderTemplate } from '../report/letters.ts';
import { TEMPLATES, type TemplateName } from '../report/template-names.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import type { Services } from './services.ts';

export function readTemplate(name: string): TemplateName {
  const known = TEMPLATES.find((each) => each === name);
  if (known === undefined) throw usage(`--template ${name}: there is no such template`, `one of: ${TEMPLATES.join(', ')}`);
  return known;
}

export async function giveTemplate(
  services: Services,
  name: TemplateName,
  options: GlobalOptions,
  incident: { readonly plan: Plan; readonly registry: CheckRegistry; readonly entries: readonly JournalEntry[]; readonly headHash: string },
): Promise<void> {
  const policy = readPolicy(options.set);
  if ('wrong' in policy) throw usage(`--set ${policy.wrong}: expected a number of a known name`, `known: ${policy.known}`);
  const { language } = policyOf(options, services);
  const text = await renderTemplate(name, incidentOf(incident), language, policy);
  const redact = await services.redactor(incident.plan.profile);
  const clean = String(redact(text).value);
  await services.out(options.json ? jsonLine({ schema_version: 1, template: name, language, text: clean }, 2) : clean);
}
