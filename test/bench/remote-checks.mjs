// Every check of a host that needs no parameter, on a machine behind ssh on loopback: all of them within 3 s, the login included.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROUNDS = 5;
const ALLOWED_MS = 3_000;
/** Such as take their time: samples of a rate, pings. */
const CHECKS =
  `cpu.iowait cpu.load cpu.steal cpu.throttle cpu.util disk.inodes disk.io disk.latency disk.space fd.system fs.hung fs.readonly host.identity
  host.reachable host.reboot_required host.uptime kernel.events mem.available mem.ecc mem.majfault mem.oom mem.swap net.errors net.gateway net.softnet
  nic.link proc.pids proc.zombies psi.cpu psi.io psi.mem raid.md security.logins tcp.conntrack tcp.mem tcp.orphans tcp.ports tcp.resets tcp.retrans
  temp.sensor time.sync time.tz`.split(/\s+/);

if (!existsSync('/usr/sbin/sshd')) {
  console.log('remote checks: no sshd on this machine');
  process.exit(0);
}
const oor = fileURLToPath(new URL('../../bin/oor.js', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'oor-bench-'));
const file = (name, text) => {
  if (text !== undefined) writeFileSync(join(dir, name), text);
  return join(dir, name);
};
const sshd = await startSshd();
try {
  file('here.yaml', playbook(''));
  file('there.yaml', playbook(', on: box'));
  file('oor.yaml', 'oor: 1\nhosts: [ { name: box, ssh: box } ]\n');
  const rounds = Array.from({ length: ROUNDS }, () => ({ here: measure('here.yaml'), there: measure('there.yaml') }));
  const [best] = [...rounds].sort((one, other) => one.there.ms - other.there.ms);
  console.log('remote checks     here           over ssh       slowest alone there');
  for (const { here, there } of rounds)
    console.log(`                  ${ms(here.ms)}   ${ms(there.ms)}   ${ms(there.slowest.duration_ms)} (${there.slowest.id})`);
  const held = best.there.ms <= ALLOWED_MS;
  console.log(
    `bound: ${ALLOWED_MS} ms for ${best.there.count} checks; ${held ? 'held' : 'MISSED'} by the best of ${ROUNDS}; unknown there: ${best.there.unknown.join(' ') || 'none'}`,
  );
  console.log(`unknown here: ${best.here.unknown.join(' ') || 'none'}`);
  process.exitCode = held ? 0 : 1;
} finally {
  sshd.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
}

function playbook(where) {
  const steps = CHECKS.map((id) => `      - { id: ${id.replaceAll('.', '_')}, uses: ${id}${where} }`);
  return `oor: 1\nid: bench\ntitle: Checks of a host\nphases:\n  hardware:\n    steps:\n${steps.join('\n')}\n`;
}

/** Exits 1 when this machine has a finding; the result is the same. */
function measure(name) {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const options = {
    cwd: dir,
    env: { ...env, PATH: `${join(dir, 'bin')}:${env.PATH}` },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  };
  let text;
  try {
    text = execFileSync(process.execPath, [oor, 'check', '--playbook', `./${name}`, '--json'], options);
  } catch (error) {
    text = error.stdout;
  }
  const { checks, duration_ms } = JSON.parse(text);
  const slowest = checks.reduce((most, check) => (check.duration_ms > most.duration_ms ? check : most));
  return {
    ms: duration_ms,
    slowest,
    count: checks.length,
    unknown: checks.filter(({ status }) => status === 'unknown').map(({ id }) => id),
  };
}

async function startSshd() {
  for (const name of ['host', 'user']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
  const port = await freePort();
  file('known', `[127.0.0.1]:${port} ${readFileSync(file('host.pub'), 'utf8')}`);
  const settings = [`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${file('host')}`, `AuthorizedKeysFile ${file('user.pub')}`];
  file('sshd_config', [...settings, `PidFile ${file('pid')}`, 'UsePAM no', 'StrictModes no', 'PermitRootLogin yes'].join('\n'));
  const login = ['HostName 127.0.0.1', `Port ${port}`, `User ${userInfo().username}`, `IdentityFile ${file('user')}`, 'IdentitiesOnly yes'];
  file('ssh_config', ['Host box', ...login, `UserKnownHostsFile ${file('known')}`, ''].join('\n'));
  // ssh reads the configuration of the user's own home, whatever HOME says.
  mkdirSync(join(dir, 'bin'));
  chmodSync(file('bin/ssh', `#!/bin/sh\nexec /usr/bin/ssh -F ${file('ssh_config')} "$@"\n`), 0o755);
  if (process.getuid() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', file('sshd_config')], { stdio: 'ignore' });
  await sleep(500);
  return child;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function ms(value) {
  return `${Math.round(value)} ms`.padStart(12);
}
