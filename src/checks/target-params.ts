/** Parameters of the checks that look at one peer: as one text or secret, or as host and port. */
import type { Address } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import { type Infer, port, secretRef, v } from './schema.ts';
import { hostName, parseTarget } from './target.ts';

export const targetParams = {
  /** `host:port`, a URL, a libpq keyword string, or a secret that holds one. */
  to: v.nullish(v.union([v.string(), secretRef])),
  host: v.nullish(hostName),
  port: v.nullish(port),
};

const shape = v.object(targetParams);
type TargetParams = Infer<typeof shape>;

export const ONE_TARGET = 'expected `to`, or `host` and `port`';

export function namesOneTarget({ to, host, port }: TargetParams): boolean {
  return (to == null) === (host != null && port != null);
}

/** Every address that is named; the parameters were proved by `namesOneTarget`. */
export async function readTargets(
  { to, host, port }: TargetParams,
  secrets: ProbeContext['secrets'],
): Promise<readonly [Address, ...Address[]]> {
  if (to == null) return [{ host: host as string, port: port as number }];
  return parseTarget(typeof to === 'string' ? to : await secrets.reveal(to));
}
