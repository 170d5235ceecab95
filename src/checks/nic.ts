/** One look at a network interface through /sys/class/net. */
import type { Host } from '../ports.ts';
import { tryRead, tryReadNumber } from './linux.ts';

/** include/uapi/linux/if.h */
const IFF_UP = 1;

export interface NicSample {
  readonly name: string;
  /** False: there is no such interface. */
  readonly present: boolean;
  /** Switched on by the administrator. */
  readonly up: boolean;
  readonly carrier: boolean | null;
  readonly speedMbps: number | null;
  /** full, half, unknown; '' when it does not tell. */
  readonly duplex: string;
  /** How often it was without a link since the card is there, before it first came up included; null: it does not tell (before Linux 4.16). */
  readonly carrierLosses: number | null;
  readonly counters: {
    readonly rxPackets: number;
    readonly txPackets: number;
    readonly errors: number;
    readonly crcErrors: number;
    readonly drops: number;
    readonly overruns: number;
    readonly carrierChanges: number;
  };
}

export async function readNic(host: Host, name: string): Promise<NicSample> {
  const path = `/sys/class/net/${name}`;
  const [flags, carrier, speed, duplex, carrierChanges, carrierLosses, ...statistics] = await Promise.all([
    tryRead(host, `${path}/flags`),
    tryReadNumber(host, `${path}/carrier`),
    tryReadNumber(host, `${path}/speed`),
    tryRead(host, `${path}/duplex`),
    tryReadNumber(host, `${path}/carrier_changes`),
    tryReadNumber(host, `${path}/carrier_down_count`),
    ...STATISTICS.map((key) => tryReadNumber(host, `${path}/statistics/${key}`)),
  ]);
  // Without its folder no interface can be told to be missing.
  if (flags === null) await host.list('/sys/class/net');
  const of = (key: (typeof STATISTICS)[number]): number => statistics[STATISTICS.indexOf(key)] ?? 0;
  return {
    name,
    present: flags !== null,
    up: flags !== null && (Number(flags) & IFF_UP) !== 0,
    carrier: carrier === null ? null : carrier === 1,
    // Virtual cards say -1.
    speedMbps: speed !== null && speed > 0 ? speed : null,
    duplex: duplex ?? '',
    carrierLosses,
    counters: {
      rxPackets: of('rx_packets'),
      txPackets: of('tx_packets'),
      errors: of('rx_errors') + of('tx_errors'),
      crcErrors: of('rx_crc_errors'),
      drops: of('rx_dropped') + of('tx_dropped'),
      overruns: of('rx_fifo_errors') + of('tx_fifo_errors'),
      carrierChanges: carrierChanges ?? 0,
    },
  };
}

const STATISTICS = [
  'rx_packets',
  'tx_packets',
  'rx_errors',
  'tx_errors',
  'rx_crc_errors',
  'rx_dropped',
  'tx_dropped',
  'rx_fifo_errors',
  'tx_fifo_errors',
] as const;
