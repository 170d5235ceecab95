/** The second look at what is captured, with the eyes of the export gate. Loaded when the first text is kept. */
import type { CaptureDeps } from '../engine/capture.ts';
import type { JsonObject } from '../ports.ts';
import type { Services } from './services.ts';

type LookServices = Pick<Services, 'archives' | 'secretsOf' | 'clock'>;

export function createCaptureLook(services: LookServices, profile: JsonObject): CaptureDeps['secondLook'] {
  let loaded: ReturnType<typeof load> | undefined;
  return async (text) => {
    loaded ??= load(services, profile);
    const { withholdLines, scan } = await loaded;
    return withholdLines(text, scan, services.clock.turn);
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
