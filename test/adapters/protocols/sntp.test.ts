import { afterEach, describe, expect, it } from 'vitest';
import { createLocalHost } from '../../../src/adapters/local-host.ts';
import { createProtocols } from '../../../src/adapters/protocols/index.ts';
import { closeServers, findClosedPort, startUdp } from '../servers.ts';

const net = createProtocols(createLocalHost());
afterEach(closeServers);

function ntpTime(epochMs: number): Buffer {
  const time = Buffer.alloc(8);
  const seconds = epochMs / 1000 + 2_208_988_800;
  time.writeUInt32BE(Math.floor(seconds) % 2 ** 32, 0);
  time.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), 4);
  return time;
}

interface Fault {
  readonly offsetMs?: number;
  readonly first?: number;
  readonly stratum?: number;
  readonly originate?: Buffer;
  readonly length?: number;
  readonly holdMs?: number;
}

/** A time server whose clock is off by `offsetMs`. */
function startClock({ offsetMs = 0, first = 0x24, stratum = 2, originate, length = 48, holdMs = 0 }: Fault): Promise<number> {
  return startUdp((question) => {
    const reply = Buffer.alloc(48);
    const now = Date.now() + offsetMs;
    reply[0] = first;
    reply[1] = stratum;
    reply.write('RATE', 12, 'latin1');
    (originate ?? question.subarray(40, 48)).copy(reply, 24);
    ntpTime(now).copy(reply, 32);
    ntpTime(now + holdMs).copy(reply, 40);
    return reply.subarray(0, length);
  });
}

const ask = async (fault: Fault) => net.sntp({ host: '127.0.0.1', port: await startClock(fault) }, { timeoutMs: 60_000 });

/** No look is off by more than it took (RFC 5905 section 8: by half of it); the clock is read to a millisecond. */
async function measure(offsetMs: number) {
  const start = performance.now();
  const answer = await ask({ offsetMs });
  return { answer, errorMs: Math.abs(answer.offsetMs - offsetMs), tookMs: performance.now() - start + 2 };
}

describe('the offset', () => {
  it.each([0, 2500, -3_600_000, 86_400_000])('%d ms', async (offsetMs) => {
    const { answer, errorMs, tookMs } = await measure(offsetMs);
    expect(answer.stratum).toBe(2);
    expect(errorMs).toBeLessThanOrEqual(tookMs);
    expect(answer.roundTripMs).toBeGreaterThanOrEqual(0);
  });

  it('reaches over the end of the NTP era in 2036', async () => {
    const offsetMs = Date.UTC(2036, 1, 8) - Date.now();
    const { errorMs, tookMs } = await measure(offsetMs);
    expect(errorMs).toBeLessThanOrEqual(tookMs);
  });

  it('leaves out the time that the server held the request', async () => {
    const { roundTripMs } = await ask({ holdMs: 60_000 });
    expect(roundTripMs).toBe(0);
  });
});

describe('what is no answer', () => {
  it.each([
    ['a refusal', { stratum: 0 }, 'RATE'],
    ['an unsynchronised server', { stratum: 16 }, 'not synchronised'],
    ['a leap alarm', { first: 0xe4 }, 'not synchronised'],
    ['a client', { first: 0x23 }, 'mode 4'],
    ["somebody else's", { originate: Buffer.alloc(8, 7) }, 'another request'],
    ['a short one', { length: 20 }, '20 bytes'],
  ] as const)('%s', async (_name, fault, message) => {
    await expect(ask(fault)).rejects.toMatchObject({ reason: 'io', message: expect.stringContaining(message) });
  });

  it('nothing at all', async () => {
    const port = await startUdp(() => undefined);
    await expect(net.sntp({ host: '127.0.0.1', port }, { timeoutMs: 200 })).rejects.toMatchObject({ reason: 'timed-out' });
  });

  it('a closed port', async () => {
    await expect(net.sntp({ host: '127.0.0.1', port: await findClosedPort() })).rejects.toMatchObject({
      reason: 'unreachable',
      code: 'ECONNREFUSED',
    });
  });
});
