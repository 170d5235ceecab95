/** Protocols reach only what their host reaches: the host here is behind a dial of its own, as one over SSH is. */
import { afterEach, expect, it } from 'vitest';
import { createLocalHost } from '../../../src/adapters/local-host.ts';
import { createProtocols } from '../../../src/adapters/protocols/index.ts';
import type { Host } from '../../../src/ports.ts';
import { issue } from '../certificates.ts';
import { closeServers, startTcp, startTls } from '../servers.ts';

afterEach(closeServers);

function createFarHost(port: number, names: Readonly<Record<string, string>> = {}): Host {
  const local = createLocalHost();
  return {
    ...local,
    name: 'far',
    dial: (address, options) =>
      local.dial(address.host.startsWith('10.') ? { host: '127.0.0.1', port } : { host: '127.0.0.1', port: 1 }, options),
    run: async (argv) => {
      const address = names[argv.at(-1) ?? ''];
      const stdout = address === undefined ? '' : `${address}  STREAM name\n${address}  DGRAM\n`;
      return { argv, exitCode: address === undefined ? 2 : 0, stdout, stderr: '', truncated: false, durationMs: 1 };
    },
  };
}

it('connects, asks and shakes hands over the dial of its host, with the names of its host', async () => {
  const plain = createProtocols(
    createFarHost(await startTcp((socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n')), { 'db.example.test': '10.0.0.5' }),
    { isLocal: false },
  );
  expect(await plain.connect({ host: '10.0.0.5', port: 5432 })).toMatchObject({ outcome: 'connected' });
  expect(await plain.connect({ host: '192.0.2.1', port: 5432 })).toMatchObject({ outcome: 'refused' });
  expect(await plain.http({ url: 'http://db.example.test/' })).toMatchObject({ reached: 'done', status: 204, address: '10.0.0.5' });
  expect(await plain.dns({ name: 'db.example.test', type: 'A' })).toMatchObject({ outcome: 'answered', addresses: ['10.0.0.5'] });
  const { keyPem: key, pem: cert } = issue({ name: 'db.example.test', names: ['db.example.test'] });
  const secure = createProtocols(createFarHost(await startTls({ key, cert }), { 'db.example.test': '10.0.0.5' }), { isLocal: false });
  expect(await secure.tls({ host: 'db.example.test', port: 443 })).toMatchObject({
    outcome: 'connected',
    address: '10.0.0.5',
    nameMatches: true,
  });
});

it('never answers for a far host from here', async () => {
  const net = createProtocols(createFarHost(1), { isLocal: false });
  expect(await net.dns({ name: 'localhost', type: 'A' })).toMatchObject({ outcome: 'no-such-name' });
  await expect(net.dns({ name: 'localhost', type: 'A', resolver: '127.0.0.1' })).rejects.toMatchObject({ reason: 'unsupported' });
});
