import { fromEntry } from '../engine/events.ts';
import { fold } from '../engine/fold.ts';
import { type GlobalOptions, usage } from './options.ts';
import type { Services } from './services.ts';
import { planOf, printResult } from './session-run.ts';

/** The same text as that night: a pure function of the journal. */
export async function reportCommand(services: Services, [id]: readonly string[], options: GlobalOptions): Promise<number> {
  if (id === undefined) throw usage('report needs a session', 'see: oor sessions');
  const store = await services.store(options.stateDir);
  const { entries } = await store.read(id);
  const session = fold(entries.map(fromEntry));
  await printResult({ services, options, ...(await planOf(services, session.started)), session });
  return 0;
}
