import { afterEach, describe, expect, it } from 'vitest';
import { createLocalHost } from '../../../src/adapters/local-host.ts';
import { createProtocols } from '../../../src/adapters/protocols/index.ts';
import { createRecordedHost, recordHost } from '../../../src/adapters/recorded-host.ts';
import { closeServers, startTcp } from '../servers.ts';

afterEach(closeServers);
const host = createLocalHost();
const net = createProtocols(host);
/** One byte of length. */
const measure = (bytes: Uint8Array) => (bytes[0] === undefined ? undefined : bytes[0] === 0xff ? null : bytes[0] + 1);
const ask = (port: number, more: object = {}) =>
  net.exchange({ host: '127.0.0.1', port, payload: '02abcd', measure, timeoutMs: 60_000, ...more });

describe('one message and one frame', () => {
  it('sends the bytes and reads one whole frame, leaving what follows', async () => {
    const got: string[] = [];
    const port = await startTcp((socket) =>
      socket.on('data', (bytes) => {
        got.push(bytes.toString('hex'));
        socket.write(Buffer.from('02', 'hex'));
        setTimeout(() => socket.write(Buffer.from('010299', 'hex')), 30);
      }),
    );
    const answer = await ask(port);
    expect(answer).toMatchObject({ outcome: 'answered', answer: '020102' });
    expect(answer.roundTripMs).toBeGreaterThanOrEqual(25);
    expect(got).toEqual(['02abcd']);
  });

  it('gives up at the deadline, or when it is told to', async () => {
    const port = await startTcp((socket) => void socket.write(Buffer.from('05aabb', 'hex')));
    expect(await ask(port, { timeoutMs: 1_000 })).toEqual({ outcome: 'no-answer', answer: '05aabb', roundTripMs: null });
    const stop = new AbortController();
    const started = performance.now();
    setTimeout(() => stop.abort(), 50);
    expect(await ask(port, { signal: stop.signal })).toMatchObject({ outcome: 'no-answer' });
    expect(performance.now() - started).toBeLessThan(50_000);
  });

  it('keeps no more than the beginning of what is no frame', async () => {
    const port = await startTcp((socket) => void socket.write(Buffer.alloc(500, 0xff)));
    expect(await ask(port)).toMatchObject({ outcome: 'no-frame', answer: 'ff'.repeat(64) });
  });

  it('tells a name that is not resolved from a peer that does not answer', async () => {
    expect(await ask(1, { host: 'no such name' })).toMatchObject({ outcome: 'name-not-resolved', answer: '' });
  });

  it('is recorded and answered again', async () => {
    const port = await startTcp((socket) => void socket.write(Buffer.from('0101', 'hex')));
    const recorder = recordHost(host, net);
    const request = { host: '127.0.0.1', port, payload: '00', measure, timeoutMs: 60_000 };
    const real = await recorder.net.exchange(request);
    expect(real.outcome).toBe('answered');
    expect(await createRecordedHost(recorder.recording()).net.exchange(request)).toEqual(real);
  });
});
