// Real servers on free ports of loopback for the checks to look at, each stopped by its pid. What is not installed is left out and named.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

const READY_MS = 10_000;
const PATH = `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`;
const env = { PATH, LANG: 'C.UTF-8' };

/** `missing`: programs that are not here; `ports` has an entry for each server that runs. */
export async function startServices(dir) {
  const ports = await freePorts(['http', 'https', 'ssh', 'dns', 'ntp']);
  const children = [];
  const missing = ['nginx', 'openssl', 'sshd', 'ssh-keygen', 'dnsmasq', 'chronyd'].filter((program) => findProgram(program) === undefined);
  const start = (programs, args) => {
    const [path, ...others] = programs.map(findProgram);
    if (path === undefined || others.includes(undefined)) return false;
    children.push(spawn(path, args, { cwd: dir, env, stdio: 'ignore' }));
    return true;
  };
  chmodSync(dir, 0o755);
  if (findProgram('openssl')) makeCertificate(dir);
  if (findProgram('ssh-keygen')) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, 'host-key')], { env });
  writeFileSync(join(dir, 'nginx.conf'), nginxConfig(dir, ports));
  writeFileSync(join(dir, 'chrony.conf'), chronyConfig(dir, ports));
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const listening = [
    ...(start(['nginx', 'openssl'], ['-p', dir, '-c', join(dir, 'nginx.conf')]) ? ['http', 'https'] : []),
    ...(start(['sshd', 'ssh-keygen'], ['-D', '-f', '/dev/null', '-h', join(dir, 'host-key'), ...sshOptions(dir, ports)]) ? ['ssh'] : []),
    ...(start(['dnsmasq'], ['-k', '-C', '/dev/null', ...dnsOptions(ports)]) ? ['dns'] : []),
  ];
  start(['chronyd'], ['-d', '-x', '-u', 'root', '-f', join(dir, 'chrony.conf')]);
  await Promise.all(listening.map((name) => untilOpen(ports[name])));
  return { ports, missing, stop: () => Promise.all(children.map(stopChild)) };
}

/** HTTP servers that answer after `delayMs`, and one that takes the connection and never says a word. */
export async function startSlowServers(count, delayMs) {
  const slow = Array.from({ length: count }, () =>
    createHttpServer((_request, response) => setTimeout(() => response.end('late'), delayMs)),
  );
  const sockets = new Set();
  const silent = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  const servers = [...slow, silent];
  await Promise.all(servers.map((server) => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))));
  const stop = () => {
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { slow: slow.map((server) => server.address().port), silent: silent.address().port, stop };
}

function findProgram(name) {
  return PATH.split(':')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

function makeCertificate(dir) {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', join(dir, 'key.pem')];
  execFileSync('openssl', ['req', '-x509', '-days', '90', ...key, '-out', join(dir, 'cert.pem'), ...subject], { env, stdio: 'ignore' });
}

function nginxConfig(dir, { http, https }) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(dir, name)};`).join(' ');
  return `daemon off; worker_processes 1; pid ${join(dir, 'nginx.pid')}; error_log ${join(dir, 'error.log')};
events {}
http {
  access_log off; ${temporary}
  server { listen 127.0.0.1:${http}; location / { return 200 "the bench is open\\n"; } }
  server { listen 127.0.0.1:${https} ssl; ssl_certificate ${join(dir, 'cert.pem')}; ssl_certificate_key ${join(dir, 'key.pem')}; }
}
`;
}

function chronyConfig(dir, { ntp }) {
  const lines = [
    `port ${ntp}`,
    'cmdport 0',
    'local stratum 8',
    'allow 127.0.0.1',
    'bindaddress 127.0.0.1',
    `pidfile ${join(dir, 'chrony.pid')}`,
  ];
  return `${lines.join('\n')}\n`;
}

function sshOptions(dir, { ssh }) {
  const settings = ['ListenAddress=127.0.0.1', `Port=${ssh}`, `PidFile=${join(dir, 'sshd.pid')}`, 'UsePAM=no'];
  return settings.flatMap((setting) => ['-o', setting]);
}

function dnsOptions({ dns }) {
  const own = ['--no-resolv', '--no-hosts', '--bind-interfaces', '--pid-file='];
  return [`--port=${dns}`, '--listen-address=127.0.0.1', '--address=/pay.example.test/192.0.2.10', ...own];
}

/** Held until all are known, so that no two are the same. */
async function freePorts(names) {
  const servers = await Promise.all(
    names.map(async (name) => {
      const server = createServer();
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      return [name, server];
    }),
  );
  const ports = Object.fromEntries(servers.map(([name, server]) => [name, server.address().port]));
  await Promise.all(servers.map(([, server]) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function untilOpen(port) {
  for (const until = Date.now() + READY_MS; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (await isOpen(port)) return;
    if (Date.now() > until) throw new Error(`nothing listens on 127.0.0.1:${port}`);
  }
}

function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true) ?? socket.destroy());
    socket.once('error', () => resolve(false));
  });
}

function stopChild(child) {
  if (child.exitCode !== null || child.signalCode !== null) return undefined;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
  return gone.finally(() => clearTimeout(timer));
}
