import type { HeldOrders } from './held-orders.ts';
import type { Ledger } from './ledger.ts';
import type { Logger } from './log-file.ts';
import type { PaymentLog } from './payment-log.ts';
import type { Pool } from './pool.ts';
import type { ProviderClient } from './provider-client.ts';
import type { Release } from './release.ts';
import type { Channel, Settings } from './settings.ts';
import type { Traffic } from './traffic.ts';

/** What a running application holds. */
export interface Running {
  readonly settings: Settings;
  readonly release: Release;
  readonly pool: Pool;
  readonly ledger: Ledger;
  readonly log: Logger;
  readonly payments: PaymentLog;
  readonly held: HeldOrders;
  readonly providers: Readonly<Record<Channel, ProviderClient>>;
  readonly traffic: Traffic;
  /** Functions of the shop that are switched off. */
  closedFunctions(): readonly string[];
  /** As an operator reads it. */
  channel(): string;
}
