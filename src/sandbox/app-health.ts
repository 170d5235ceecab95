/** What `/health` of the application says about everything it needs. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Running } from './app-parts.ts';
import type { PoolState } from './pool.ts';
import type { ProviderHealth } from './provider-client.ts';

interface Part {
  readonly ok: boolean;
  readonly error?: string;
}

export interface HealthReport {
  readonly status: 'ok' | 'failing';
  readonly version: string;
  readonly channel: string;
  readonly failing: readonly string[];
  readonly checks: {
    readonly store: Part;
    readonly pool: PoolState;
    readonly spool: Part;
    readonly files: Part;
    readonly provider: ProviderHealth;
  };
}

/** Every part answers within this, so that the report arrives before its reader gives up. */
const DEADLINE_MS = 1000;
/** A whole page: a nearly full disk must not pass. */
const SPOOL_PROBE_BYTES = 4096;

let probes = 0;

export async function inspectHealth(running: Running): Promise<HealthReport> {
  const { release, pool, settings } = running;
  const parts = {
    store: await inspect(() => pool.use((connection) => connection.command('PING'))),
    spool: await inspect(() => probeSpool(settings.spoolDir)),
    files: await inspect(() => release.fee(1000)),
    provider: inspectProviders(running),
  };
  const failing = Object.entries(parts)
    .filter(([, part]) => !part.ok)
    .map(([name]) => name);
  return {
    status: failing.length === 0 ? 'ok' : 'failing',
    version: release.version,
    channel: running.channel(),
    failing,
    checks: { ...parts, pool: pool.state() },
  };
}

/** Of the channels that take orders the first that is unwell. */
function inspectProviders({ traffic, providers }: Running): ProviderHealth {
  const known = traffic.inUse().map((channel) => providers[channel].health());
  return known.find(({ ok }) => !ok) ?? (known[0] as ProviderHealth);
}

async function inspect(work: () => unknown): Promise<Part> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    await Promise.race([Promise.resolve().then(work), deadline]);
    return { ok: true };
  } catch (error) {
    return { ok: false, error: (error as Error).message };
  } finally {
    clearTimeout(timer);
  }
}

function probeSpool(dir: string): void {
  probes += 1;
  const path = join(dir, `.probe-${probes}`);
  try {
    writeFileSync(path, Buffer.alloc(SPOOL_PROBE_BYTES));
  } finally {
    rmSync(path, { force: true });
  }
}
