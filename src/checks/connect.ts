/** What the checks that open connections share: the words for how one failed, and the addresses behind a name. */
import type { ConnectOutcome, DnsAnswer, Protocols, Text } from '../ports.ts';
import type { Confirmation } from './check.ts';
import { isAddressLiteral } from './target.ts';

/** Filled from `host`, `port` and `address`. */
export const connectMessages = {
  refused: {
    en: '{host}:{port} refuses connections: the machine {address} answers, but nothing listens on the port (or a firewall rejects)',
    'zh-CN': '{host}:{port} 拒绝连接：主机 {address} 有响应，但该端口无服务监听（或被防火墙拒绝）',
  },
  'timed-out': {
    en: 'no answer from {host}:{port} ({address}): packets are dropped, the machine is down or its accept queue is full',
    'zh-CN': '{host}:{port}（{address}）无应答：数据包被丢弃、主机宕机或连接队列已满',
  },
  unreachable: { en: 'no route to {host}:{port} ({address})', 'zh-CN': '到 {host}:{port}（{address}）没有可用路由' },
  'name-not-resolved': { en: 'the name {host} does not resolve', 'zh-CN': '域名 {host} 无法解析' },
  reset: { en: '{host}:{port} ({address}) accepted and reset the connection', 'zh-CN': '{host}:{port}（{address}）接受连接后立即重置' },
} satisfies Readonly<Record<Exclude<ConnectOutcome, 'connected'>, Text>>;

/** A refusal by this machine's own kernel: every local port towards that address is taken. */
export const noLocalPortMessage: Text = {
  en: 'this machine has no free local port left for {host}:{port}',
  'zh-CN': '本机已无可用本地端口连接 {host}:{port}',
};

/** The outcome, with the one that is no fault of the far end told apart by the error code of the operating system. */
export function nameConnectFailure<T extends string>(outcome: T, errorCode: string | undefined): T | 'no-local-port' {
  return errorCode === 'EADDRNOTAVAIL' ? 'no-local-port' : outcome;
}

export const CONNECT_OUTCOMES = [
  'connected',
  'refused',
  'timed-out',
  'unreachable',
  'name-not-resolved',
  'reset',
] as const satisfies readonly ConnectOutcome[];

export interface ResolvedName {
  readonly addresses: readonly string[];
  /** Of the first question that failed; `answered` when there is any address. */
  readonly outcome: DnsAnswer['outcome'];
  readonly durationMs: number;
}

/** Every address behind a name, IPv4 first; one family that fails is no failure (a resolver may refuse AAAA). */
export async function resolveAddresses(net: Protocols, host: string, timeoutMs: number): Promise<ResolvedName> {
  if (isAddressLiteral(host)) return { addresses: [host], outcome: 'answered', durationMs: 0 };
  const [v4, v6] = await Promise.all([net.dns({ name: host, type: 'A', timeoutMs }), net.dns({ name: host, type: 'AAAA', timeoutMs })]);
  const addresses = [...new Set([...v4.addresses, ...v6.addresses])];
  return { addresses, outcome: addresses.length > 0 ? 'answered' : v4.outcome, durationMs: Math.max(v4.durationMs, v6.durationMs) };
}

/** A machine without IPv6 cannot say anything about the IPv6 half of a name, as long as IPv4 is there to be judged. */
export function isOtherFamily(address: string | undefined, outcome: string, all: readonly string[]): boolean {
  return address?.includes(':') === true && outcome === 'unreachable' && all.some((other) => !other.includes(':'));
}

/** What a question may take when `rounds` of them have to fit into the probe's budget, so that silence is seen and not suffered. */
export function boundTimeout(wantedMs: number, budgetMs: number, rounds = 1): number {
  return Math.max(100, Math.min(wantedMs, Math.floor((0.9 * budgetMs) / rounds)));
}

/** The most frequent word, the earlier one on a tie. */
export function mostFrequent(words: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** Share of failed attempts, in percent: Netdata portcheck.conf and httpcheck.conf. */
export const FAILED_SHARE = { warn: 10, crit: 40, unit: '%' } as const;

/** Of a single question: one lost packet or one restart in between is no outage. */
export const TWO_OF_THREE: Confirmation = { of: 3, need: 2, everyMs: 250 };
