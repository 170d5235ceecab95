import { createLocalHost } from '../../src/adapters/local-host.ts';
import { createProtocols } from '../../src/adapters/protocols/index.ts';
import { createSecrets } from '../../src/adapters/secrets.ts';
import type { ProbeContext, Thresholds } from '../../src/checks/check.ts';

/** For real parts whose speed is not what is asked about: that of a crowded machine. */
export const ANY_SPEED: Thresholds = { warn: 1e9, crit: 1e9, unit: 'ms', source: 'own' };

/** This machine, as the engine hands it to a check. */
export function realContext({
  since = Date.now() - 30 * 60_000,
  pacer = { take: async () => ({ taken: true, lastAt: null }) },
}: Partial<Pick<ProbeContext, 'since' | 'pacer'>> = {}): ProbeContext {
  const host = createLocalHost();
  return {
    host,
    net: createProtocols(host),
    secrets: createSecrets({ env: {}, readFile: host.readFile }),
    pacer,
    signal: new AbortController().signal,
    timeoutMs: 30_000,
    since,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}
