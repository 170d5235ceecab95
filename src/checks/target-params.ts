/** Parameters of the checks that look at one peer: as one text or secret, or as host and port. */
import type { Address } from '../ports.ts';
import type { Judgement, ProbeContext } from './check.ts';
import { boundTimeout, connectMessages, resolveAddresses } from './connect.ts';
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

export interface Peer {
  readonly target: Address;
  /** Behind its name; none when it does not resolve. */
  readonly addresses: readonly string[];
}

/** The first address that is named, for the checks that look at what goes on with it and connect to nobody. */
export async function findPeer(given: TargetParams, { net, secrets, timeoutMs }: ProbeContext): Promise<Peer> {
  const [target] = await readTargets(given, secrets);
  const { addresses } = await resolveAddresses(net, target.host, boundTimeout(3_000, timeoutMs, 3));
  return { target, addresses };
}

export const peerMessages = { 'name-not-resolved': connectMessages['name-not-resolved'] };

export function judgeUnresolved(data: Readonly<Record<string, string | number>>): Judgement {
  return { status: 'unknown', code: 'name-not-resolved', data, unlock: 'a name that resolves, or the address itself' };
}
