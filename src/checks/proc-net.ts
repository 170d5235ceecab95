/** /proc/net/tcp and /proc/net/tcp6. Pure. */

/** include/net/tcp_states.h */
const STATES: Readonly<Record<string, TcpState>> = {
  '01': 'ESTABLISHED',
  '02': 'SYN_SENT',
  '03': 'SYN_RECV',
  '04': 'FIN_WAIT1',
  '05': 'FIN_WAIT2',
  '06': 'TIME_WAIT',
  '07': 'CLOSE',
  '08': 'CLOSE_WAIT',
  '09': 'LAST_ACK',
  '0A': 'LISTEN',
  '0B': 'CLOSING',
  '0C': 'NEW_SYN_RECV',
};

export type TcpState =
  | 'ESTABLISHED'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'LISTEN'
  | 'CLOSING'
  | 'NEW_SYN_RECV';

export interface TcpSocket {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly state: TcpState;
  /** Bytes that the other side has not acknowledged. */
  readonly sendQueue: number;
  /** Of a listener: connections that wait to be accepted. */
  readonly receiveQueue: number;
  /** How often the oldest unacknowledged segment was sent again. */
  readonly retransmits: number;
  readonly uid: number;
  readonly inode: number;
}

export function parseTcpTable(text: string): readonly TcpSocket[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => parseSocket(line) ?? []);
}

function parseSocket(line: string): TcpSocket | undefined {
  const match =
    /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]{2}) ([0-9A-F]+):([0-9A-F]+) \S+ ([0-9A-F]+)\s+(\d+)\s+\d+ (\d+)/.exec(
      line,
    );
  if (!match) return undefined;
  const [, local = '', localPort = '', remote = '', remotePort = '', state = '', unsent = '', queue = '', resent = '', uid, inode] = match;
  const named = STATES[state];
  return named === undefined
    ? undefined
    : {
        localAddress: parseAddress(local),
        localPort: Number.parseInt(localPort, 16),
        remoteAddress: parseAddress(remote),
        remotePort: Number.parseInt(remotePort, 16),
        state: named,
        sendQueue: Number.parseInt(unsent, 16),
        receiveQueue: Number.parseInt(queue, 16),
        retransmits: Number.parseInt(resent, 16),
        uid: Number(uid),
        inode: Number(inode),
      };
}

/** The kernel prints 32-bit words in host byte order: little-endian on every machine that Node runs on but s390x. */
function parseAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)));
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16));
  return shortenZeros(groups.join(':'));
}

/** RFC 5952: the longest run of at least two zero groups becomes `::`. */
function shortenZeros(address: string): string {
  const runs = [...address.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length);
  const longest = runs[0];
  if (!longest) return address;
  const before = address.slice(0, longest.index);
  const after = address.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
