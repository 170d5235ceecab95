/** The output of iputils and busybox ping. */
export interface PingCount {
  readonly sent: number;
  readonly received: number;
  readonly averageMs: number | null;
  /** This machine or one on the way said that there is no way. */
  readonly unreachable: boolean;
  /** The path MTU that this machine already knows to be too small; 0 when it knows of none. */
  readonly localMtu: number;
  /** The line that tells why there was no answer, '' when there is none. */
  readonly error: string;
}

export function parsePing(output: string): PingCount {
  const counts = /(\d+) packets transmitted, (\d+)(?: packets)? received/.exec(output);
  const average = /(?:rtt|round-trip) min\/avg\/max(?:\/mdev)? = [\d.]+\/([\d.]+)\//.exec(output)?.[1];
  const error = /^.*(?:unreachable|not permitted|prohibited|no route|unknown|invalid).*$/im.exec(output)?.[0].trim() ?? '';
  const mtu = /message too long, mtu[=:] ?(\d+)|frag(?:mentation)? needed.*mtu = (\d+)/i.exec(output);
  return {
    sent: Number(counts?.[1] ?? 0),
    received: Number(counts?.[2] ?? 0),
    averageMs: average === undefined ? null : Number(average),
    unreachable: /unreachable|prohibited|No route to host/i.test(error),
    localMtu: Number(mtu?.[1] ?? mtu?.[2] ?? 0),
    error,
  };
}
