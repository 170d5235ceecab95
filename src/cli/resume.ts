import type { SessionStarted } from '../engine/events.ts';
import { fold } from '../engine/fold.ts';
import { readEvents } from '../engine/read-events.ts';
import type { ExportOptions } from './bundle-options.ts';
import { newestOpen } from './newest-session.ts';
import { type GlobalOptions, usage } from './options.ts';
import { checkConsents } from './prepare.ts';
import { checkReports } from './report-format.ts';
import type { Services } from './services.ts';
import { planOf, runSession } from './session-run.ts';
import { tell } from './tell.ts';

export async function resumeCommand(
  services: Services,
  [wanted]: readonly string[],
  options: GlobalOptions & ExportOptions,
): Promise<number> {
  checkReports(options);
  if (options.bundle !== undefined) await (await import('./bundle-create.ts')).refuseExisting(services, options.bundle);
  const store = await services.store(options.stateDir);
  const id = wanted ?? (await latestOpen(services, options));
  const { journal, stored } = await store.open(id);
  try {
    if (stored.tornBytes > 0)
      await tell(
        services,
        options,
        `${stored.tornBytes} bytes of an unfinished last record were set aside; nothing acknowledged was in them`,
      );
    const { cleanEntries } = await import('./clean-entries.ts');
    const past = fold(readEvents(cleanEntries(stored.entries), id));
    const stack = await findStack(services, past.started);
    const planned = await planOf(services, past.started);
    checkConsents(options, planned.plan.playbook);
    const { exitCode, paused } = await runSession({
      services,
      options,
      ...planned,
      journal,
      past,
      tornBytes: stored.tornBytes,
    });
    if (!paused) await stack?.stop();
    if (paused || options.bundle === undefined) return exitCode;
    const { packAfterRun } = await import('./bundle-create.ts');
    return (await packAfterRun(services, { ...options, out: options.bundle }, id, planned)) ?? exitCode;
  } finally {
    await journal.close();
  }
}

/** A session against the embedded stack goes on against the very same one, or not at all: another one has other faults. */
async function findStack(services: Services, { flags, profile }: SessionStarted): ReturnType<Services['sandbox']['left']> {
  if (!flags.ephemeral) return undefined;
  const stack = await services.sandbox.left(profile.file.slice(0, profile.file.lastIndexOf('/')));
  if (!stack)
    throw usage(
      'the embedded stack of this session is gone; it stays up for 15 minutes after a run was left',
      'start anew with: oor run --sandbox',
    );
  return stack;
}

async function latestOpen(services: Services, options: GlobalOptions): Promise<string> {
  const store = await services.store(options.stateDir);
  const found = await newestOpen(store, (id, { message }) => tell(services, options, `session ${id} is passed over: ${message}`));
  if (found !== undefined) return found;
  throw usage('no session waits to be resumed', 'see: oor sessions');
}
