/** An SNTP server (RFC 4330) that gives this machine's time, or a time of its own. */
import { createSocket } from 'node:dgram';
import type { Listener } from './listening.ts';

export interface TimeServer extends Listener {
  /** From now on the server is wrong by so much. */
  shift(ms: number): void;
}

const PACKET_BYTES = 48;
/** Seconds from 1900 (NTP) to 1970 (Unix). */
const EPOCH_OFFSET_S = 2_208_988_800;

export async function startTimeServer(host: string, port: number): Promise<TimeServer> {
  const socket = createSocket('udp4');
  let shiftMs = 0;
  socket.on('message', (query, peer) => {
    if (query.length < PACKET_BYTES) return;
    socket.send(reply(query, Date.now() + shiftMs), peer.port, peer.address, () => {});
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, host, resolve);
  });
  socket.on('error', () => {});
  return {
    shift(ms) {
      shiftMs = ms;
    },
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

function reply(query: Buffer, nowMs: number): Buffer {
  const packet = Buffer.alloc(PACKET_BYTES);
  // Leap 0, the client's version, mode 4 (server); stratum 2; poll 6; precision 2^-10 s.
  packet[0] = ((query[0] as number) & 0x38) | 4;
  packet[1] = 2;
  packet[2] = 6;
  packet.writeInt8(-10, 3);
  packet.writeUInt32BE(0x0a_35_00_01, 12);
  writeTimestamp(packet, 16, nowMs - 16_000);
  query.copy(packet, 24, 40, 48);
  writeTimestamp(packet, 32, nowMs);
  writeTimestamp(packet, 40, nowMs);
  return packet;
}

function writeTimestamp(packet: Buffer, offset: number, epochMs: number): void {
  const seconds = Math.floor(epochMs / 1000);
  packet.writeUInt32BE((seconds + EPOCH_OFFSET_S) % 2 ** 32, offset);
  packet.writeUInt32BE(Math.floor(((epochMs - seconds * 1000) / 1000) * 2 ** 32), offset + 4);
}
