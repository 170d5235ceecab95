/** Lines beside the result: on stderr, in the language of whoever reads. */
import type { OorError } from '../errors.ts';
import type { Language } from '../ports.ts';
import { escapeControl } from '../report/escape.ts';
import { type GlobalOptions, policyOf } from './options.ts';
import type { Services } from './services.ts';

/** The text in English; it is looked up among what is said. */
export async function tell(services: Services, options: GlobalOptions, text: string): Promise<void> {
  if (!options.quiet) await tellAlways(services, options, text);
}

/** What the operator has to do next: also where nothing else is said. */
export async function tellAlways(services: Services, options: GlobalOptions, text: string): Promise<void> {
  services.err(`${escapeControl(await inLanguage(text, policyOf(options, services).language))}\n`);
}

/** What went wrong beside a result that stands already; also where nothing else is said. */
export async function tellError(
  services: Pick<Services, 'err'>,
  { message, hint }: Pick<OorError, 'message' | 'hint'>,
  language: Language,
): Promise<void> {
  services.err(
    escapeControl(`oor: ${await inLanguage(message, language)}\n${hint === undefined ? '' : `  ${await inLanguage(hint, language)}\n`}`),
  );
}

export async function inLanguage(text: string, language: Language): Promise<string> {
  if (language === 'en') return text;
  const told = (await import('./program-zh.ts')).translateError(text);
  return /:\d+:\d+: (?:error|warning): /.test(told) ? (await import('./problem-words-zh.ts')).translateProblems(told) : told;
}
