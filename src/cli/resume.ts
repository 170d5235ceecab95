import { fromEntry } from '../engine/events.ts';
import { fold } from '../engine/fold.ts';
import { type GlobalOptions, usage } from './options.ts';
import type { Services } from './services.ts';
import { planOf, runSession } from './session-run.ts';

export async function resumeCommand(services: Services, [wanted]: readonly string[], options: GlobalOptions): Promise<number> {
  const store = await services.store(options.stateDir);
  const id = wanted ?? (await latestOpen(services, options));
  const { journal, stored } = await store.open(id);
  try {
    if (stored.tornBytes > 0)
      services.err(`${stored.tornBytes} bytes of an unfinished last record were set aside; nothing acknowledged was in them\n`);
    const past = fold(stored.entries.map(fromEntry));
    return await runSession({ services, options, plan: planOf(services, past.started), journal, past, tornBytes: stored.tornBytes });
  } finally {
    await journal.close();
  }
}

/** The newest session that did not end. */
async function latestOpen(services: Services, options: GlobalOptions): Promise<string> {
  const store = await services.store(options.stateDir);
  for (const { id } of await store.list()) {
    const { entries } = await store.read(id);
    if (entries.length > 0 && !fold(entries.map(fromEntry)).ended) return id;
  }
  throw usage('no session waits to be resumed', 'see: oor sessions');
}
