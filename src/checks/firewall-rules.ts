/** What a packet filter does to one packet: rules as plain data and the walk through their chains. Pure. */

/** A question to the packet; `unknown` is a match that cannot be answered from outside (owner, mark, rate). */
export interface RuleMatch {
  readonly field: 'saddr' | 'daddr' | 'sport' | 'dport' | 'protocol' | 'state' | 'interface' | 'unknown';
  readonly negated: boolean;
  /** Addresses with or without a prefix length, port numbers or `low-high`, names. */
  readonly values: readonly string[];
}

export interface FilterRule {
  readonly matches: readonly RuleMatch[];
  readonly verdict: 'accept' | 'drop' | 'reject' | 'jump' | 'goto' | 'return' | 'continue';
  /** Of jump and goto. */
  readonly target?: string;
  /** Hits; null when the rule does not count them. */
  readonly packets: number | null;
  readonly text: string;
}

export interface FilterChain {
  /** Table and name, as rules refer to it. */
  readonly name: string;
  /** Only for chains that the kernel enters by itself. */
  readonly hook?: string;
  readonly policy?: 'accept' | 'drop';
  readonly rules: readonly FilterRule[];
}

export interface Packet {
  readonly saddr?: string;
  readonly daddr?: string;
  readonly sport?: number;
  readonly dport?: number;
  readonly state: 'new' | 'established';
}

export interface Obstacle {
  readonly verdict: 'drop' | 'reject';
  /** True: the rule names the packet's address or port and asks nothing that cannot be answered. */
  readonly certain: boolean;
  /** True: no rule lets the packet through and the chain drops the rest. */
  readonly byPolicy: boolean;
  readonly chain: string;
  readonly rule: string;
  readonly packets: number | null;
}

/** The first rule (or policy) on the packet's way that stops it; undefined when it gets through. */
export function findObstacle(chains: readonly FilterChain[], hooks: readonly string[], packet: Packet): Obstacle | undefined {
  const byName = new Map(chains.map((chain) => [chain.name, chain]));
  for (const chain of chains.filter(({ hook }) => hook !== undefined && hooks.includes(hook))) {
    const end = walk(chain, { byName, packet, depth: 0 });
    if (end !== 'accept' && end !== 'continue') return end;
    if (end === 'continue' && chain.policy === 'drop')
      return { verdict: 'drop', certain: true, byPolicy: true, chain: chain.name, rule: 'policy drop', packets: null };
  }
  return undefined;
}

interface Walk {
  readonly byName: ReadonlyMap<string, FilterChain>;
  readonly packet: Packet;
  readonly depth: number;
}

/** Chains may call each other this deep (nf_tables: NFT_JUMP_STACK_SIZE is 16). */
const MAX_DEPTH = 16;

function walk(chain: FilterChain, { byName, packet, depth }: Walk): Obstacle | 'accept' | 'continue' {
  if (depth > MAX_DEPTH) return 'continue';
  for (const rule of chain.rules) {
    const answers = rule.matches.map((match) => ({ match, answer: answerMatch(match, packet) }));
    if (answers.some(({ answer }) => answer === 'no')) continue;
    const sure = answers.every(({ answer }) => answer === 'yes');
    if (rule.verdict === 'drop' || rule.verdict === 'reject') {
      const named = answers.some(({ match, answer }) => answer === 'yes' && NAMING.includes(match.field) && !match.negated);
      const { packets, text, verdict } = rule;
      return {
        verdict,
        certain: sure && (named || depth > 0 || rule.matches.length === 0),
        byPolicy: false,
        chain: chain.name,
        rule: text,
        packets,
      };
    }
    if (rule.verdict === 'accept' && sure) return 'accept';
    if (rule.verdict === 'return' && sure) return 'continue';
    if (rule.verdict !== 'jump' && rule.verdict !== 'goto') continue;
    const called = byName.get(rule.target ?? '');
    const end = called ? walk(called, { byName, packet, depth: depth + 1 }) : 'continue';
    if (end !== 'continue') return typeof end === 'object' ? { ...end, certain: end.certain && sure } : end;
    if (rule.verdict === 'goto' && sure) return 'continue';
  }
  return 'continue';
}

const NAMING: readonly RuleMatch['field'][] = ['saddr', 'daddr', 'sport', 'dport'];

function answerMatch({ field, negated, values }: RuleMatch, packet: Packet): 'yes' | 'no' | 'unknown' {
  const found = holds(field, values, packet);
  if (found === undefined) return 'unknown';
  return found !== negated ? 'yes' : 'no';
}

function holds(field: RuleMatch['field'], values: readonly string[], packet: Packet): boolean | undefined {
  switch (field) {
    case 'saddr':
    case 'daddr': {
      const address = packet[field];
      return address === undefined ? undefined : values.some((value) => insidePrefix(address, value));
    }
    case 'sport':
    case 'dport': {
      const port = packet[field];
      return port === undefined ? undefined : values.some((value) => insideRange(port, value));
    }
    case 'protocol':
      return values.some((value) => value === 'tcp' || value === '6' || value === 'all');
    case 'state':
      return values.some((value) => value.toLowerCase() === packet.state);
    case 'interface':
      // The loopback is the one interface that a packet to another machine never takes.
      return values.every((value) => value === 'lo') ? false : undefined;
    default:
      return undefined;
  }
}

function insideRange(port: number, range: string): boolean {
  const [low = '', high = low] = range.split(/[-:]/);
  return port >= Number(low) && port <= Number(high);
}

function insidePrefix(address: string, prefix: string): boolean {
  const range = /^([^-]+)-(.+)$/.exec(prefix);
  if (range) return isBetween(address, range[1] as string, range[2] as string);
  const [network = '', length] = prefix.split('/');
  const [one, other] = [toBits(address), toBits(network)];
  if (one === undefined || other === undefined || one.size !== other.size) return false;
  const shift = BigInt(one.size - (length === undefined ? one.size : Number(length)));
  return one.value >> shift === other.value >> shift;
}

function isBetween(address: string, low: string, high: string): boolean {
  const [value, from, to] = [toBits(address), toBits(low), toBits(high)];
  return (
    value !== undefined &&
    from !== undefined &&
    to !== undefined &&
    value.size === from.size &&
    value.value >= from.value &&
    value.value <= to.value
  );
}

function toBits(address: string): { readonly size: 32 | 128; readonly value: bigint } | undefined {
  if (/^\d+(\.\d+){3}$/.test(address))
    return { size: 32, value: address.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n) };
  if (!/^[0-9a-f:]+$/i.test(address)) return undefined;
  const [head = '', tail] = address.split('::');
  const parts = (text: string): string[] => text.split(':').filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - parts(head).length - parts(tail).length;
  const groups = [...parts(head), ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...parts(tail ?? '')];
  if (groups.length !== 8) return undefined;
  return { size: 128, value: groups.reduce((bits, part) => (bits << 16n) | BigInt(`0x${part}`), 0n) };
}
