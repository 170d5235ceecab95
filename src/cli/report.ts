import { fold } from '../engine/fold.ts';
import { readEvents } from '../engine/read-events.ts';
import type { BundleOptions } from './bundle.ts';
import { usage } from './options.ts';
import { checkReports } from './report-format.ts';
import { giveResult } from './result.ts';
import type { Services } from './services.ts';
import { planOf } from './session-run.ts';

/** The same report as that night, of a session here or in a bundle: a pure function of the journal. */
export async function reportCommand(
  services: Services,
  [from]: readonly string[],
  options: BundleOptions & { readonly template?: string },
): Promise<number> {
  if (from === undefined) throw usage('report needs a session or a bundle', 'see: oor sessions');
  checkReports(options);
  const letters = options.template === undefined ? undefined : await import('./report-template.ts');
  const template = letters?.readTemplate(options.template ?? '');
  const { entries, headHash, ...told } = isFile(from)
    ? await readBundled(services, from, options)
    : await readKept(services, from, options);
  if (letters && template) {
    await letters.giveTemplate(services, template, options, { ...told, entries, headHash });
    return 0;
  }
  return (await giveResult({ services, options, ...told, stored: async () => ({ entries, headHash }) })) ?? 0;
}

/** A session's id holds neither. */
function isFile(from: string): boolean {
  return /[/.]/.test(from);
}

async function readKept(services: Services, id: string, { stateDir }: BundleOptions) {
  const [{ cleanEntries }, store] = await Promise.all([import('./clean-entries.ts'), services.store(stateDir)]);
  const { entries: written, headHash } = await store.read(id);
  const entries = cleanEntries(written);
  const session = fold(readEvents(entries, id));
  return { entries, headHash, session, ...(await planOf(services, session.started)) };
}

async function readBundled(services: Services, file: string, options: BundleOptions) {
  const { openSession } = await import('./bundle-session.ts');
  const { entriesOfJournal: entries, headHash, session, plan, registry } = await openSession(services, file, options);
  return { entries, headHash, session, plan, registry, source: file };
}
