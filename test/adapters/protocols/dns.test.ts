import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createLocalHost } from '../../../src/adapters/local-host.ts';
import { createProtocols } from '../../../src/adapters/protocols/index.ts';
import { closeServers, findClosedPort, startUdp } from '../servers.ts';

const net = createProtocols(createLocalHost());
afterEach(closeServers);

/** A DNS answer to the question: response code and addresses of type A (RFC 1035 section 4.1). */
function answer(question: Buffer, code: number, ...addresses: string[]): Buffer {
  const head = Buffer.from(question.subarray(0, 12));
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(addresses.length, 6);
  // No additional records: the question's EDNS record is not repeated.
  head.writeUInt16BE(0, 10);
  const asked = question.subarray(12, question.indexOf(0, 12) + 5);
  const records = addresses.map((address) => Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)]));
  return Buffer.concat([head, asked, ...records]);
}

describe('one resolver', () => {
  const ask = (port: number, more: object = {}) =>
    net.dns({ name: 'db.example.test', type: 'A', resolver: `127.0.0.1:${port}`, timeoutMs: 2000, ...more });

  it('answers', async () => {
    const port = await startUdp((question) => answer(question, 0, '10.0.0.5', '10.0.0.6'));
    expect(await ask(port)).toMatchObject({ outcome: 'answered', addresses: ['10.0.0.5', '10.0.0.6'], durationMs: expect.any(Number) });
  });

  it.each([
    ['no-such-name', 3],
    ['no-data', 0],
    ['refused', 5],
    ['server-failure', 2],
    ['server-failure', 4],
  ] as const)('%s', async (outcome, code) => {
    const port = await startUdp((question) => answer(question, code));
    expect(await ask(port)).toMatchObject({ outcome, addresses: [] });
  });

  it('does not answer, is asked once, and is given up at the deadline', async () => {
    let questions = 0;
    const port = await startUdp(() => {
      questions += 1;
      return undefined;
    });
    expect(await ask(port, { timeoutMs: 400 })).toMatchObject({ outcome: 'timed-out' });
    expect(questions).toBe(1);
  });

  it('is not there', async () => {
    expect(await ask(await findClosedPort())).toMatchObject({ outcome: 'unreachable' });
  });

  it('must be an address', async () => {
    await expect(net.dns({ name: 'x.test', type: 'A', resolver: 'ns.example.test' })).rejects.toMatchObject({ reason: 'unsupported' });
  });
});

describe("the system's own resolver", () => {
  it('knows the hosts file', async () => {
    expect(await net.dns({ name: 'localhost', type: 'A' })).toMatchObject({ outcome: 'answered', addresses: ['127.0.0.1'] });
  });

  it.skipIf(!/^::1\s.*\blocalhost\b/m.test(readFileSync('/etc/hosts', 'utf8')))('knows both families', async () => {
    expect(await net.dns({ name: 'localhost', type: 'AAAA' })).toMatchObject({ outcome: 'answered', addresses: ['::1'] });
  });

  it('tells that a literal address has no other family', async () => {
    expect(await net.dns({ name: '127.0.0.1', type: 'AAAA' })).toMatchObject({ outcome: 'no-data', addresses: [] });
  });

  it.each(['-a', '', 'a b', '$(id)', 'x'.repeat(300)])('finds no name in %j', async (name) => {
    expect(await net.dns({ name, type: 'A' })).toMatchObject({ outcome: 'no-such-name' });
  });

  it('does not find what does not exist', async () => {
    const { outcome } = await net.dns({ name: 'no-such-name.invalid', type: 'A', timeoutMs: 3000 });
    // Without a network the resolver itself is what fails.
    expect(['no-such-name', 'server-failure', 'timed-out']).toContain(outcome);
  });
});
