import { fold } from '../engine/fold.ts';
import { keepTakingIn } from '../engine/left-records.ts';
import { createProber } from '../engine/probe.ts';
import { readEvents } from '../engine/read-events.ts';
import { createRecorder } from '../engine/recorder.ts';
import { soak } from '../engine/soak.ts';
import { ExitCode } from '../errors.ts';
import { type GlobalOptions, usage } from './options.ts';
import type { Services } from './services.ts';
import { planOf } from './session-run.ts';

/** Watches the entry after a fix; started in the background by the run that applied it. */
export async function soakCommand(services: Services, [id]: readonly string[], options: GlobalOptions): Promise<number> {
  if (id === undefined) throw usage('soak needs a session', 'see: oor sessions');
  const store = await services.store(options.stateDir);
  const { journal, stored } = await store.open(id);
  try {
    const past = fold(readEvents(stored.entries, id));
    const redact = await services.redactor(past.started.profile.data);
    const recorder = createRecorder({ journal, clock: services.clock, redact }, past);
    const prober = createProber({
      hosts: await services.hosts(past.started.profile.data, options.stateDir),
      clock: services.clock,
      redact,
    });
    const { clock, interruption: signal } = services;
    const left = keepTakingIn({ inbox: await store.inbox(id), recorder, clock });
    const good = await soak({ ...(await planOf(services, past.started)), recorder, prober, clock, signal }).finally(() => left.stop());
    return good ? ExitCode.healthy : ExitCode.fault;
  } finally {
    await journal.close();
  }
}
