/** A site that is none of ours: Debian's nginx with TLS, a small service behind it, an acquirer, a name server. All on loopback. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { issue } from '../adapters/certificates.ts';
import { findClosedPort, startUdp } from '../adapters/servers.ts';

export interface Site {
  /** Path of its oor.yaml. */
  readonly profile: string;
  nginx: {
    start(): void;
    stop(): Promise<void>;
    breakConfig(): void;
  };
  service: { stop(): Promise<void> };
  installExpiredCertificate(): Promise<void>;
  fillDisk(): void;
  /** What the name server says from now on. */
  pointAcquirerTo(address: string): void;
  /** Customers: so many payments, one after the other; their status codes, 0 for none. */
  pay(times: number): Promise<number[]>;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly folder: string;
  /** The compiled service. */
  readonly program: string;
  /** Gives the service a small file system of its own; root only. */
  readonly ownDisk?: boolean;
}

const DAY_MS = 86_400_000;
const ACQUIRER = 'acquirer.stranger.test';
const ACQUIRER_ADDRESS = '127.0.0.1';

export async function openSite({ folder, program, ownDisk = false }: SiteOptions): Promise<Site> {
  const data = join(folder, 'data');
  for (const name of ['data', 'tls', 'log', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
  // The workers of nginx run as another user when it is started by root.
  chmodSync(folder, 0o755);
  if (ownDisk) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', data]);
  const ports = { web: await findClosedPort(), service: await findClosedPort() };
  const records = { address: ACQUIRER_ADDRESS };
  const nameServer = await startUdp((question) => answerName(question, records.address));
  const { server: acquirer, port: acquirerPort } = await startAcquirer();
  const authority = issue({ name: 'Stranger Root', ca: true });
  const certificate = (notAfter: Date): void => {
    const notBefore = new Date(Date.now() - 90 * DAY_MS);
    const { pem, keyPem } = issue({ name: 'localhost', issuer: authority, names: ['localhost', '127.0.0.1'], notBefore, notAfter });
    writeFileSync(join(folder, 'tls', 'site.pem'), pem);
    writeFileSync(join(folder, 'tls', 'site.key'), keyPem, { mode: 0o600 });
  };
  certificate(new Date(Date.now() + 60 * DAY_MS));
  writeFileSync(join(folder, 'tls', 'root.pem'), authority.pem);
  const nginx = controlNginx(folder, ports);
  const service = await startService([
    program,
    String(ports.service),
    data,
    join(folder, 'log', 'shop.log'),
    `127.0.0.1:${nameServer}`,
    ACQUIRER,
    String(acquirerPort),
  ]);
  nginx.start();
  const profile = join(folder, 'oor.yaml');
  writeFileSync(profile, describeSite(folder, program, { ...ports, nameServer, acquirer: acquirerPort }));
  return {
    profile,
    nginx,
    service: { stop: () => endProcess(service) },
    async installExpiredCertificate() {
      certificate(new Date(Date.now() - DAY_MS));
      await nginx.stop();
      nginx.start();
    },
    fillDisk() {
      const { bavail, bsize } = statfsSync(data);
      rmSync(join(data, 'spool'), { force: true });
      // More than there is: the write fails at the end, as a runaway log does.
      spawnSync('dd', ['if=/dev/zero', `of=${join(data, 'runaway.log')}`, 'bs=4096', `count=${Math.ceil((bavail * bsize) / 4096) + 64}`]);
    },
    pointAcquirerTo(address) {
      records.address = address;
    },
    async pay(times) {
      const codes: number[] = [];
      for (let index = 0; index < times; index += 1) codes.push(await visit(ports.web, authority.pem));
      return codes;
    },
    async close() {
      await nginx.stop();
      await endProcess(service);
      acquirer.close();
      if (ownDisk) execFileSync('umount', [data]);
    },
  };
}

/** Twenty lines, as somebody who has never seen the playbook would write them. */
function describeSite(
  folder: string,
  program: string,
  ports: Readonly<Record<'web' | 'service' | 'nameServer' | 'acquirer', number>>,
): string {
  return `oor: 1
site: stranger
entry: { url: "https://localhost:${ports.web}/pay", expect_status: 200, ca_file: ${folder}/tls/root.pem }
services:
  - name: front
    kind: web
    listen: [${ports.web}]
    config_test: [nginx, -t, -q, -p, ${folder}, -c, ${folder}/nginx.conf]
    access_log: ${folder}/log/access.log
    error_log: ${folder}/log/error.log
    certificates: [${folder}/tls/site.pem]
  - name: shop
    kind: app
    process: ${process.execPath} ${program} ${ports.service}
    listen: [${ports.service}]
    health: http://127.0.0.1:${ports.service}/
    log: ${folder}/log/shop.log
    data: [${folder}/data]
providers: [{ name: acquirer, kind: http, url: "http://${ACQUIRER_ADDRESS}:${ports.acquirer}/" }]
dns: { names: { ${ACQUIRER}: [${ACQUIRER_ADDRESS}] }, resolvers: ["127.0.0.1:${ports.nameServer}"] }
`;
}

// ---------------------------------------------------------------------------------------------- nginx

function controlNginx(folder: string, ports: { readonly web: number; readonly service: number }) {
  const file = join(folder, 'nginx.conf');
  const nginx = (...args: string[]): number | null => spawnSync('nginx', ['-p', folder, '-c', file, ...args], { stdio: 'ignore' }).status;
  const tellPid = (): number => Number(spawnSync('cat', [join(folder, 'nginx.pid')], { encoding: 'utf8' }).stdout.trim());
  const stop = async (): Promise<void> => {
    const pid = tellPid();
    if (pid > 0) process.kill(pid, 'SIGTERM');
    while (tellPid() > 0) await sleep(20);
  };
  writeFileSync(file, describeNginx(folder, ports));
  return {
    start() {
      if (nginx() !== 0) throw new Error('nginx did not start');
    },
    stop,
    /** As it happens: a slip in an edit, found at the next start. */
    breakConfig() {
      writeFileSync(file, describeNginx(folder, ports).replace('proxy_connect_timeout 1s;', 'proxy_conect_timeout 1s;'));
      if (nginx() === 0) throw new Error('nginx started with a broken configuration');
    },
  };
}

function describeNginx(folder: string, { web, service }: { readonly web: number; readonly service: number }): string {
  return `worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/log/error.log warn;
events { worker_connections 64; }
http {
  access_log ${folder}/log/access.log combined;
  client_body_temp_path ${folder}/tmp/body;
  proxy_temp_path ${folder}/tmp/proxy;
  fastcgi_temp_path ${folder}/tmp/fastcgi;
  uwsgi_temp_path ${folder}/tmp/uwsgi;
  scgi_temp_path ${folder}/tmp/scgi;
  proxy_connect_timeout 1s;
  proxy_read_timeout 60s;
  server {
    listen 127.0.0.1:${web} ssl;
    server_name localhost;
    ssl_certificate ${folder}/tls/site.pem;
    ssl_certificate_key ${folder}/tls/site.key;
    location / { proxy_pass http://127.0.0.1:${service}; }
  }
}
`;
}

// ---------------------------------------------------------------------------------------------- service, acquirer, names, customers

async function startService(argv: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
  });
  return child;
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function startAcquirer(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((_request, response) => void response.writeHead(200, { connection: 'close' }).end('ok\n'));
  await new Promise<void>((resolve) => server.listen(0, ACQUIRER_ADDRESS, resolve));
  return { server, port: (server.address() as { port: number }).port };
}

/** One A record for whatever name is asked (RFC 1035 section 4.1); no other type has data. */
function answerName(question: Buffer, address: string): Buffer {
  const end = question.indexOf(0, 12) + 5;
  const asksAddress = question.readUInt16BE(end - 4) === 1;
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(asksAddress ? 1 : 0, 6);
  header.writeUInt16BE(0, 8);
  header.writeUInt16BE(0, 10);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, ...address.split('.').map(Number)]);
  return Buffer.concat([header, question.subarray(12, end), ...(asksAddress ? [record] : [])]);
}

function visit(port: number, ca: string): Promise<number> {
  return new Promise((resolve) => {
    const paying = request({ host: 'localhost', port, path: '/pay', method: 'POST', ca, timeout: 60_000, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    paying.on('timeout', () => paying.destroy());
    paying.on('error', () => resolve(0));
    paying.end('amount=1.00');
  });
}
