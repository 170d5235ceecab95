import { HostError } from '../../errors.ts';
import type { Address, DialOptions, Host, SntpAnswer } from '../../ports.ts';

/** Seconds from 1900, where NTP begins, to 1970; RFC 4330 section 3. */
const EPOCH_SECONDS = 2_208_988_800;
/** One NTP era; the next begins on 2036-02-07. */
const ERA_SECONDS = 2 ** 32;

/** One SNTP exchange as in RFC 4330 section 5. */
export async function askTime(host: Host, server: Address, options: DialOptions = {}): Promise<SntpAnswer> {
  const sent = host.now();
  const request = Buffer.alloc(48);
  // No leap warning, version 4, mode 3 (client).
  request[0] = 0x23;
  writeTimestamp(request, 40, sent.wallMs);
  const answer = Buffer.from(await host.datagram(server, { ...options, payload: request }));
  const tookMs = host.now().monoMs - sent.monoMs;
  rejectBadAnswer(answer, request, `${server.host} port ${server.port}`);

  const receivedThere = readTimestamp(answer, 32);
  const sentThere = readTimestamp(answer, 40);
  // By the monotonic clock, so that a step of the wall clock during the exchange does no harm.
  const receivedHere = sent.wallMs + tookMs;
  return {
    offsetMs: (receivedThere - sent.wallMs + (sentThere - receivedHere)) / 2,
    roundTripMs: Math.max(0, tookMs - (sentThere - receivedThere)),
    stratum: answer[1] as number,
  };
}

function rejectBadAnswer(answer: Buffer, request: Buffer, server: string): void {
  const refuse = (why: string) => new HostError('io', `${server}: ${why}`, 'another time server');
  if (answer.length < 48) throw refuse(`an answer of ${answer.length} bytes is no NTP answer`);
  if (((answer[0] as number) & 7) !== 4) throw refuse('not a server answer (mode 4)');
  if (!answer.subarray(24, 32).equals(request.subarray(40, 48))) throw refuse('the answer belongs to another request');
  const stratum = answer[1] as number;
  if (stratum === 0) throw refuse(`the server refuses (${answer.toString('latin1', 12, 16).replace(/[^A-Z0-9]/g, '')})`);
  if (stratum > 15 || (answer[0] as number) >> 6 === 3) throw refuse('the server itself is not synchronised');
  if (answer.readBigUInt64BE(40) === 0n) throw refuse('the answer has no time');
}

function writeTimestamp(buffer: Buffer, offset: number, epochMs: number): void {
  const seconds = Math.floor(epochMs / 1000);
  buffer.writeUInt32BE((seconds + EPOCH_SECONDS) % ERA_SECONDS, offset);
  buffer.writeUInt32BE(Math.floor(((epochMs - seconds * 1000) / 1000) * 2 ** 32), offset + 4);
}

function readTimestamp(buffer: Buffer, offset: number): number {
  const seconds = buffer.readUInt32BE(offset);
  // The top bit is clear only after 2036 (RFC 4330 section 3).
  const era = seconds < 2 ** 31 ? ERA_SECONDS : 0;
  return (seconds + era - EPOCH_SECONDS) * 1000 + (buffer.readUInt32BE(offset + 4) / 2 ** 32) * 1000;
}
