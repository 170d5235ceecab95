/** The second look at what is captured, with the eyes of the export gate. Loaded when the first text is kept. */
import type { CaptureDeps } from '../engine/capture.ts';
import type { JsonObject } from '../ports.ts';
import type { Services } from './services.ts';

type LookServices = Pick<Services, 'archives' | 'secretsOf' | 'clock'>;

export function createCaptureLook(services: LookServices, profile: JsonObject): CaptureDeps['secondLook'] {
  let loaded: ReturnType<typeof load> | undefined;
  let before: Promise<unknown> = Promise.resolve();
  const look = async (text: string): ReturnType<CaptureDeps['secondLook']> => {
    loaded ??= load(services, profile);
    const { withholdLines, scan } = await loaded;
    await services.clock.sleep(0);
    return withholdLines(text, scan);
  };
  // One after the other, with a breath between: each takes tens of milliseconds, and what ends at once must not hold up a key.
  return (text) => {
    const looking = before.then(() => look(text));
    before = looking.catch(() => undefined);
    return looking;
  };
}

async function load(services: LookServices, profile: JsonObject) {
  const [{ withholdLines }, { scanOptions }, archives, literals] = await Promise.all([
    import('../bundle/second-look.ts'),
    import('../bundle/gate.ts'),
    services.archives(),
    services.secretsOf(profile),
  ]);
  return { withholdLines, scan: scanOptions(archives, literals) };
}
