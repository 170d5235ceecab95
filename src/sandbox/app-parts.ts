import type { Ledger } from './ledger.ts';
import type { Logger } from './log-file.ts';
import type { Pool } from './pool.ts';
import type { ProviderClient } from './provider-client.ts';
import type { Release } from './release.ts';
import type { Channel, Settings } from './settings.ts';

/** What a running application holds. */
export interface Running {
  readonly settings: Settings;
  readonly release: Release;
  readonly pool: Pool;
  readonly ledger: Ledger;
  readonly log: Logger;
  channel(): Channel;
  provider(): ProviderClient;
}
