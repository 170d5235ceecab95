import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { issueCertificate } from '../../src/sandbox/certificate.ts';
import { createLedger } from '../../src/sandbox/ledger.ts';
import { findFreePorts, type Listener, listen } from '../../src/sandbox/listening.ts';
import { openLog } from '../../src/sandbox/log-file.ts';
import { createPool } from '../../src/sandbox/pool.ts';
import { readSettings } from '../../src/sandbox/settings.ts';
import { createStore } from '../../src/sandbox/store.ts';
import { readWebConfig } from '../../src/sandbox/web-config.ts';
import { knock } from './clients.ts';

const random = { hex: (bytes: number) => randomBytes(bytes).toString('hex'), integer: (below: number) => randomInt(below) };
const folders: string[] = [];
const temporary = () => {
  const folder = mkdtempSync(join(tmpdir(), 'oor-parts-'));
  folders.push(folder);
  return folder;
};

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function startStore(maxSessions = 20) {
  const [port = 0] = await findFreePorts(1, ['127.0.0.1'], random);
  const log: string[] = [];
  const store = createStore({ host: '127.0.0.1', port, maxSessions, log: (level, text) => log.push(`${level} ${text}`) });
  await store.start();
  return { store, port, log };
}

describe('the connection pool', () => {
  const settings = { size: 2, waitMs: 80, maxAgeMs: 10_000 };

  test('lends what it has, makes the next one wait, and gives up in time', async () => {
    const { store, port } = await startStore();
    const pool = createPool({ ...settings, store: { host: '127.0.0.1', port, application: 'test', timeoutMs: 60_000 } });
    const first = await pool.acquire();
    await pool.acquire();
    const third = pool.acquire();
    expect(pool.state()).toEqual({ size: 2, in_use: 2, waiting: 1 });
    pool.release(first);
    expect(await third).toBe(first);
    await expect(pool.acquire()).rejects.toThrow('timeout waiting for connection after 80 ms (2 of 2 in use, 0 waiting)');
    pool.close();
    await store.stop();
  });

  test('a connection that could not be opened takes no slot', async () => {
    const [port = 0] = await findFreePorts(1, ['127.0.0.1'], random);
    const pool = createPool({ ...settings, store: { host: '127.0.0.1', port, application: 'test', timeoutMs: 60_000 } });
    for (let attempt = 0; attempt < 3; attempt += 1) await expect(pool.acquire()).rejects.toThrow('ECONNREFUSED');
    expect(pool.state()).toMatchObject({ in_use: 0 });
    pool.close();
  });

  test('a connection that broke is not lent again', async () => {
    const { store, port } = await startStore();
    const pool = createPool({ ...settings, store: { host: '127.0.0.1', port, application: 'test', timeoutMs: 60_000 } });
    await pool.use((connection) => connection.command('PING'));
    await store.stop();
    await store.start();
    // The client hears of the end a moment after the server.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await pool.use((connection) => connection.command('PUT a 1'))).toBe('');
    expect(await pool.use((connection) => connection.command('GET a'))).toBe('1');
    pool.close();
    await store.stop();
  });
});

describe('the store', () => {
  test('refuses the session too many and says who has the others', async () => {
    const { store, port, log } = await startStore(2);
    const pool = createPool({
      size: 3,
      waitMs: 60_000,
      maxAgeMs: 10_000,
      store: { host: '127.0.0.1', port, application: 'test', timeoutMs: 60_000 },
    });
    const held = [await pool.acquire(), await pool.acquire()];
    await expect(pool.acquire()).rejects.toThrow('too many connections (limit 2)');
    expect(log.at(-1)).toBe('WARN connection refused: 2 of 2 sessions in use (test 2)');
    expect(store.endSessions('test')).toBe(2);
    await expect(held[0]?.command('PING')).rejects.toThrow();
    pool.close();
    await store.stop();
  });
});

test('the ledger lets one in after the other, and a failure does not lock it', async () => {
  const ledger = createLedger();
  const order: string[] = [];
  const slow = ledger.use(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    order.push('slow');
    throw new Error('failed');
  });
  const quick = ledger.use(() => order.push('quick'));
  await expect(slow).rejects.toThrow('failed');
  await quick;
  expect(order).toEqual(['slow', 'quick']);
});

test('a log past its limit becomes .1 and loses no line', () => {
  const folder = temporary();
  const log = openLog(join(folder, 'app.log'), 100);
  for (let line = 0; line < 12; line += 1) log.write(`line ${line} of twelve`);
  log.close();
  log.write('after the end');
  expect(readdirSync(folder).sort()).toEqual(['app.log', 'app.log.1']);
  const all = readFileSync(join(folder, 'app.log.1'), 'utf8') + readFileSync(join(folder, 'app.log'), 'utf8');
  expect(all.trim().split('\n').slice(-6)).toEqual([6, 7, 8, 9, 10, 11].map((line) => `line ${line} of twelve`));
});

describe('listeners', () => {
  test('ports are different, free and out of the range of clients', async () => {
    const ports = await findFreePorts(12, ['127.0.0.1', '127.0.0.2'], random);
    expect(new Set(ports).size).toBe(12);
    for (const port of ports) expect(await knock(port)).toBe('ECONNREFUSED');
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  test('closing does not wait for those who are connected', async () => {
    const [port = 0] = await findFreePorts(1, ['127.0.0.1'], random);
    const server: Server = createServer((socket) => socket.write('hello'));
    const listener: Listener = await listen(server, '127.0.0.1', port);
    expect(await knock(port)).toBe('open');
    await listener.close();
    expect(await knock(port)).toBe('ECONNREFUSED');
  });
});

test.each([
  ['BANK_API_KEY', 'config: required setting BANK_API_KEY is missing'],
  ['APP_PORT', 'config: required setting APP_PORT is missing'],
])('settings without %s are refused by name', (name, message) => {
  const file = join(temporary(), 'paygw.env');
  const lines = [
    'APP_PORT=1',
    'STORE_URL=tcp://h:2',
    'SPOOL_DIR=/s',
    'RESOLVER=r:53',
    'BANK_URL=https://b/',
    'BANK_API_KEY=k',
    'BACKUP_URL=https://c/',
    'BACKUP_API_KEY=l',
    'PROVIDER_CA=/ca',
  ];
  writeFileSync(file, lines.join('\n'));
  expect(readSettings(file)).toMatchObject({ port: 1, store: { host: 'h', port: 2 }, poolSize: 8 });
  writeFileSync(file, lines.filter((line) => !line.startsWith(`${name}=`)).join('\n'));
  expect(() => readSettings(file)).toThrow(message);
});

describe('the configuration of the web server', () => {
  const folder = () => {
    const dir = temporary();
    const { certificatePem, keyPem } = issueCertificate({ name: 'localhost', notBefore: Date.now(), notAfter: Date.now() + 1000 });
    writeFileSync(join(dir, 'c.pem'), certificatePem);
    writeFileSync(join(dir, 'k.pem'), keyPem);
    const other = issueCertificate({ name: 'localhost', notBefore: Date.now(), notAfter: Date.now() + 1000 });
    writeFileSync(join(dir, 'other.pem'), other.keyPem);
    return dir;
  };
  const text = (dir: string) => `# entry
listen 127.0.0.1:8443;
listen [::1]:8443;
server_name localhost;
ssl_certificate ${dir}/c.pem;
ssl_certificate_key ${dir}/k.pem;
upstream 127.0.0.1:8080;
proxy_read_timeout 6s;
health_read_timeout 1500ms;
`;

  test('reads all directives', () => {
    const dir = folder();
    writeFileSync(join(dir, 'web.conf'), text(dir));
    expect(readWebConfig(join(dir, 'web.conf'))).toMatchObject({
      listen: [
        { host: '127.0.0.1', port: 8443 },
        { host: '::1', port: 8443 },
      ],
      upstream: { host: '127.0.0.1', port: 8080 },
      readTimeoutMs: 6000,
      healthReadTimeoutMs: 1500,
    });
  });

  test.each([
    ['6s;', '6s', 'directive "proxy_read_timeout" is not terminated by ";" in FILE:8'],
    ['upstream', 'upstraem', 'unknown directive "upstraem" in FILE:7'],
    ['1500ms', 'soon', 'invalid value "soon"'],
    ['server_name localhost;\n', '', 'no "server_name" is defined in FILE'],
    ['k.pem', 'other.pem', 'key values mismatch'],
    ['c.pem', 'gone.pem', 'cannot load certificate'],
  ])('%j for %j is refused', (good, bad, message) => {
    const dir = folder();
    const file = join(dir, 'web.conf');
    writeFileSync(file, text(dir).replace(good, bad));
    expect(() => readWebConfig(file)).toThrow(message.replace('FILE', file));
  });
});
