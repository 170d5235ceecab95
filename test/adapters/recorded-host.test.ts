import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import { createProtocols } from '../../src/adapters/protocols/index.ts';
import { createRecordedHost, type Recording, recordHost } from '../../src/adapters/recorded-host.ts';
import { HostError } from '../../src/errors.ts';
import { findClosedPort } from './servers.ts';

const folder = mkdtempSync(join(tmpdir(), 'oor-recorded-'));
const file = join(folder, 'sample');
afterAll(() => rmSync(folder, { recursive: true }));

describe('a recording of this machine', () => {
  it('answers the same, after a trip through JSON', async () => {
    const local = createLocalHost({ name: 'gw' });
    const recorder = recordHost(local, createProtocols(local));
    const port = await findClosedPort();
    const play = async ({ host, net }: Pick<typeof recorder, 'host' | 'net'>) => {
      const seen: unknown[] = [host.name, host.platform, host.now()];
      seen.push(await host.run(['echo', 'hi'], { timeoutMs: 1000 }));
      seen.push(await host.statFilesystem('/'));
      seen.push(await host.readFile(file).catch((error: HostError) => [error.reason, error.message, error.unlock]));
      seen.push(await host.run(['oor-no-such-tool']).catch((error: HostError) => [error.reason, error.message, error.unlock]));
      seen.push(await net.connect({ host: '127.0.0.1', port }));
      return seen;
    };
    const real = await play(recorder);
    const recording = JSON.parse(JSON.stringify(recorder.recording())) as Recording;
    expect(recording.calls).toHaveLength(6);
    const replayed = createRecordedHost(recording);
    expect(await play(replayed)).toEqual(real);
    await expect(replayed.host.readFile(file)).rejects.toBeInstanceOf(HostError);
  });

  it('gives a repeated call its answers in order, and stays at the last', async () => {
    const local = createLocalHost();
    const { host, net, recording } = recordHost(local, createProtocols(local));
    for (const text of ['1', '2']) {
      writeFileSync(file, text);
      await host.readFile(file);
    }
    const replayed = createRecordedHost(recording()).host;
    expect([await replayed.readFile(file), await replayed.readFile(file), await replayed.readFile(file)].map(({ text }) => text)).toEqual([
      '1',
      '2',
      '2',
    ]);
    expect(net).toBeDefined();
  });
});

it('keeps text that came in pieces, and the error after it', async () => {
  const { host, recording } = recordHost(createLocalHost(), createProtocols(createLocalHost()));
  const source = { argv: ['sh', '-c', 'echo said; exit 3'] };
  const play = async (from: Pick<typeof host, 'streamText' | 'searchFile'>) => {
    writeFileSync(file, 'refused\nfine\n');
    const found = await from.searchFile(file, { patterns: { refused: 'refused' } });
    let text = '';
    try {
      for await (const piece of from.streamText(source, { timeoutMs: 5000 })) text += piece;
      return { found, text };
    } catch (error) {
      return { found, text, reason: (error as HostError).reason };
    }
  };
  const real = await play(host);
  expect(real).toMatchObject({ found: { matches: 1 }, text: 'said\n', reason: 'io' });
  const replayed = createRecordedHost(JSON.parse(JSON.stringify(recording())) as Recording).host;
  expect(await play(replayed)).toEqual(real);
  await expect(replayed.streamText({ stdin: true })[Symbol.asyncIterator]().next()).rejects.toThrow('not in the recording');
});

describe('a recording written by hand', () => {
  const { host, net, secrets } = createRecordedHost({
    name: 'db',
    calls: [
      {
        method: 'readFile',
        args: ['/proc/loadavg', { maxBytes: 10, offset: 0 }],
        result: { text: '0.1', offset: 0, bytesRead: 3, size: 0 },
      },
      { method: 'statFilesystem', args: ['/mnt'], result: null },
      { method: 'net.dns', args: [{ name: 'a', type: 'A' }], error: { reason: 'timed-out', message: 'late', unlock: 'more time' } },
      { method: 'secrets.reveal', args: [{ env: 'GONE' }], error: { reason: 'not-found', message: 'GONE: not set' } },
    ],
  });

  it('knows its calls whatever the order of keys, with a signal or an empty option', async () => {
    expect((await host.readFile('/proc/loadavg', { offset: 0, maxBytes: 10 })).text).toBe('0.1');
    expect(await host.statFilesystem('/mnt', {})).toBeNull();
    await expect(net.dns({ type: 'A', name: 'a' })).rejects.toMatchObject({ name: 'HostError', reason: 'timed-out', unlock: 'more time' });
  });

  it('never gives a secret away and can lack one', async () => {
    expect(await secrets.reveal({ env: 'TOKEN' })).toBe('recorded-secret');
    await expect(secrets.reveal({ env: 'GONE' })).rejects.toMatchObject({ reason: 'not-found' });
  });

  it('calls anything else a defect', async () => {
    const calls = [host.readFile('/etc/passwd'), host.run(['id']), net.http({ url: 'http://x/' }), host.dial({ host: 'x', port: 1 })];
    for (const outcome of await Promise.allSettled(calls)) {
      const error = outcome.status === 'rejected' ? outcome.reason : undefined;
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(HostError);
    }
    expect(() => host.now()).toThrow('not in the recording of db: now');
  });
});
