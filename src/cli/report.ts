import { fromEntry } from '../engine/events.ts';
import { fold } from '../engine/fold.ts';
import { type GlobalOptions, usage } from './options.ts';
import { giveResult } from './result.ts';
import type { Services } from './services.ts';
import { planOf } from './session-run.ts';

/** The same report as that night: a pure function of the journal. */
export async function reportCommand(services: Services, [id]: readonly string[], options: GlobalOptions): Promise<number> {
  if (id === undefined) throw usage('report needs a session', 'see: oor sessions');
  const store = await services.store(options.stateDir);
  const stored = await store.read(id);
  const session = fold(stored.entries.map(fromEntry));
  await giveResult({ services, options, ...(await planOf(services, session.started)), session, stored: async () => stored });
  return 0;
}
