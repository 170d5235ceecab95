// What a health check costs: `oor check` with 15 local checks beside a bare Node and beside monitoring-plugins, in interleaved rounds
// of one run; then five slow targets. Exit 1 when a bar is missed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServices, startSlowServers } from './check-services.mjs';

const ROUNDS = 12;
/** What samples for seconds is asked less often: most of it is waiting, and its CPU time is larger and so spreads less. */
const LONG_ROUNDS = 3;
const PLUGIN_ROUNDS = 6;
const SLOW_ROUNDS = 5;
const BARS = { cpu: 2.5, peakMiB: 80, children: 20, slowMs: 400 };
const SLOW_TARGET_MS = 1_000;
const TIMEOUT_MS = 2_000;
/** What 15 such checks cannot go below: Node's own modules for them, and a ping. */
const FLOOR = `import 'node:crypto'; import 'node:dns'; import 'node:fs/promises'; import 'node:http'; import 'node:os'; import 'node:tls';
import { spawn } from 'node:child_process'; spawn('true');`;
const launcher = fileURLToPath(new URL('../../bin/oor.js', import.meta.url));
const plugins = '/usr/lib/nagios/plugins';
// Node 20 parses these certificates at every start: more than all that is measured here.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
const dir = mkdtempSync(join(tmpdir(), 'oor-bench-'));
const misses = [];
const services = await startServices(dir);
try {
  for (const program of services.missing) console.log(`not installed: ${program}; what asks it finds nothing to answer`);
  await compareFifteen(services.ports);
  await compareSlow();
  for (const miss of misses) console.log(`MISSED: ${miss}`);
  process.exitCode = misses.length === 0 ? 0 : 1;
} finally {
  await services.stop();
  rmSync(dir, { recursive: true, force: true });
}

async function compareFifteen(ports) {
  const log = join(dir, 'app.log');
  writeFileSync(log, Array.from({ length: 200 }, (_, line) => `${new Date().toISOString()} INFO order ${line} paid\n`).join(''));
  const playbook = join(dir, 'fifteen.yaml');
  writeFileSync(playbook, playbookOf(fifteenChecks(ports, log)));
  const check = [process.execPath, launcher, 'check', '--playbook', playbook, '--json'];
  const cases = [
    { name: 'node -e 0', argv: [process.execPath, '-e', '0'] },
    { name: 'oor check, 15 checks', argv: check },
    { name: 'oor check, shipped playbook', rounds: LONG_ROUNDS, argv: [process.execPath, launcher, 'check', '--json'] },
    {
      name: 'oor run --no-input --json',
      rounds: LONG_ROUNDS,
      argv: [process.execPath, launcher, 'run', '--no-input', '--json', '--quiet', '--state-dir', join(dir, 'state')],
    },
    { name: "Node's own modules, and `true`", argv: [process.execPath, '--input-type=module', '-e', FLOOR] },
    ...pluginCases(ports, log),
  ];
  const { checks } = JSON.parse(spawnSync(check[0], check.slice(1), { cwd: dir, env, encoding: 'utf8' }).stdout);
  console.log(`15 checks: ${checks.map(({ step, status }) => `${step} ${status}`).join(', ')}`);
  const rounds = interleave(cases, ROUNDS);
  const reference = fastestQuarter(rounds.get(cases[0]).map(({ cpuMs }) => cpuMs));
  const rows = cases.map((one) => [one, summary(rounds.get(one), reference), one.argv.includes(launcher) ? watch(one.argv) : undefined]);
  console.log(`CPU and wall ms of interleaved rounds, Node ${process.versions.node}`);
  console.table(Object.fromEntries(rows.map(([{ name }, figures, seen]) => [name, { ...figures, ...seen }])));
  const [, figures, seen] = rows[1];
  demand(figures['x node -e 0'] <= BARS.cpu, `15 checks cost ${figures['x node -e 0']} times a bare Node; the bar is ${BARS.cpu}`);
  demand(seen['peak MiB'] <= BARS.peakMiB, `15 checks need ${seen['peak MiB']} MiB; the bar is ${BARS.peakMiB}`);
  demand(seen.children <= BARS.children, `15 checks start ${seen.children} processes; the bar is ${BARS.children}`);
}

/** Five targets at once: the time is that of the slowest, which is the one that is cut off. */
async function compareSlow() {
  const servers = await startSlowServers(4, SLOW_TARGET_MS);
  try {
    const urls = [...servers.slow, servers.silent].map((port) => `http://127.0.0.1:${port}/`);
    const playbook = join(dir, 'slow.yaml');
    writeFileSync(playbook, playbookOf(urls.map((url, index) => [`target_${index}`, 'net.http', { url, timeout: `${TIMEOUT_MS}ms` }])));
    const check = [process.execPath, launcher, 'check', '--playbook', playbook, '--json'];
    const cases = [{ name: 'oor check', argv: check }];
    const plugin = (port) => `${plugins}/check_http -I 127.0.0.1 -p ${port} -t ${TIMEOUT_MS / 1000} >/dev/null`;
    const all = [...servers.slow, servers.silent].map(plugin);
    if (hasPlugins()) {
      cases.push({ name: 'plugins, all at once', argv: ['sh', '-c', `${all.join(' & ')} & wait`] });
      // Its time is the sum of theirs, every time.
      cases.push({ name: 'plugins, one by one', rounds: 1, argv: ['sh', '-c', all.join('; ')] });
    }
    const walls = new Map(cases.map((one) => [one, []]));
    for (let round = 0; round < SLOW_ROUNDS; round += 1)
      for (const one of cases) if (round < (one.rounds ?? SLOW_ROUNDS)) walls.get(one).push(await wallMs(one.argv));
    console.log(
      `4 HTTP targets that answer after ${SLOW_TARGET_MS} ms and one that never does, timeout ${TIMEOUT_MS} ms: wall ms of ${SLOW_ROUNDS} rounds`,
    );
    console.table(Object.fromEntries(cases.map((one) => [one.name, { min: Math.min(...walls.get(one)), median: median(walls.get(one)) }])));
    const most = TIMEOUT_MS + BARS.slowMs;
    const own = median(walls.get(cases[0]));
    demand(own <= most, `the slow targets take ${own} ms; the bar is ${most}`);
  } finally {
    servers.stop();
  }
}

/** Step, check and its parameters: the set that host validators are compared by. */
function fifteenChecks({ http, https, ssh, dns, ntp }, log) {
  const host = '127.0.0.1';
  return [
    ['ping', 'net.ping', { host }],
    ['tcp', 'net.tcp', { host, port: http }],
    ['http_body', 'net.http', { url: `http://${host}:${http}/`, body_contains: 'the bench is open' }],
    ['cert_days', 'tls.cert', { host, port: https, ca_file: join(dir, 'cert.pem') }],
    ['dns', 'net.dns', { name: 'pay.example.test', resolver: `${host}:${dns}`, expect: '192.0.2.10' }],
    ['ssh', 'net.tcp', { host, port: ssh }],
    ['disk', 'disk.space', { path: '/' }],
    ['load', 'cpu.load', {}],
    ['procs', 'proc.pids', {}],
    ['zombies', 'proc.zombies', {}],
    ['nginx', 'proc.match', { process: 'nginx' }],
    ['swap', 'mem.swap', {}],
    ['ntp_offset', 'time.offset', { servers: [`${host}:${ntp}`] }],
    ['log_file', 'log.pattern', { file: log, pattern: 'ERROR|FATAL' }],
    ['user', 'user.exists', { name: 'root' }],
  ];
}

function pluginCases({ http, https, ssh, dns, ntp }, log) {
  if (!hasPlugins()) {
    console.log(`monitoring-plugins are not installed (${plugins}): nothing to compare with`);
    return [];
  }
  mkdirSync(join(dir, 'plugins'), { recursive: true });
  const lines = [
    'check_ping -H 127.0.0.1 -w 100,20% -c 500,60% -p 3',
    `check_tcp -H 127.0.0.1 -p ${http}`,
    `check_http -I 127.0.0.1 -p ${http} -s 'the bench is open'`,
    `check_http -I 127.0.0.1 -p ${https} --ssl -C 14,7`,
    `check_dig -H 127.0.0.1 -p ${dns} -l pay.example.test -a 192.0.2.10`,
    `check_ssh -p ${ssh} 127.0.0.1`,
    'check_disk -w 10% -c 2% -p /',
    'check_load -r -w 8,4,2 -c 16,8,4',
    'check_procs -w 5000 -c 10000',
    'check_procs -s Z -w 5 -c 20',
    'check_procs -C nginx -c 1:',
    'check_swap -n ok -w 10% -c 2%',
    `check_ntp_time -H 127.0.0.1 -p ${ntp} -w 0.05 -c 0.5`,
    `check_log -F ${log} -O ${join(dir, 'plugins', 'app.log')} -q ERROR`,
    'check_users -w 20 -c 50',
  ];
  const script = join(dir, 'plugins.sh');
  writeFileSync(script, lines.map((line) => `${plugins}/${line} >/dev/null\n`).join(''));
  return [{ name: 'monitoring-plugins, 15 one by one', rounds: PLUGIN_ROUNDS, argv: ['sh', script] }];
}

function hasPlugins() {
  return existsSync(`${plugins}/check_http`);
}

/** JSON is YAML. */
function playbookOf(checks) {
  const steps = checks.map(([id, uses, params]) => `      - { id: ${id}, uses: ${uses}, with: ${JSON.stringify(params)} }\n`).join('');
  return `oor: 1\nid: bench\ntitle: What host validators are compared by\nphases:\n  network:\n    steps:\n${steps}`;
}

function interleave(cases, count) {
  const rounds = new Map(cases.map((one) => [one, []]));
  for (let round = 0; round < count; round += 1) {
    // Each round starts with another case, so that no case always follows the same one.
    for (let turn = 0; turn < cases.length; turn += 1) {
      const one = cases[(round + turn) % cases.length];
      if (round < (one.rounds ?? count)) rounds.get(one).push(measure(one.argv));
    }
  }
  return rounds;
}

/** bash is asked because Node cannot read the usage of a finished child; that of the child's own children is in it. */
function measure(argv) {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>&1 </dev/null';
  const timed = spawnSync('bash', ['-c', script, 'bash', ...argv], { cwd: dir, env, encoding: 'utf8' });
  const [real, user, system] = timed.stderr.trim().split('\n').at(-1).split(' ').map(Number);
  if (!Number.isFinite(real + user + system)) throw new Error(`bash gave no times: ${timed.stderr || timed.error}`);
  return { wallMs: Math.round(real * 1000), cpuMs: Math.round((user + system) * 1000) };
}

/** In a round of its own, as looking costs: peak memory and the processes that are started. */
function watch(argv) {
  const report = join(dir, 'watch.json');
  const [program, ...args] = argv;
  const hook = fileURLToPath(new URL('./watch-program.cjs', import.meta.url));
  spawnSync(program, ['--require', hook, ...args], { cwd: dir, env: { ...env, OOR_BENCH_WATCH: report }, stdio: 'ignore' });
  return JSON.parse(readFileSync(report, 'utf8'));
}

function wallMs(argv) {
  const start = performance.now();
  const child = spawn(argv[0], argv.slice(1), { cwd: dir, env, stdio: 'ignore' });
  return new Promise((resolve) => child.once('exit', () => resolve(Math.round(performance.now() - start))));
}

function summary(rounds, reference) {
  const cpu = rounds.map(({ cpuMs }) => cpuMs);
  const quarter = fastestQuarter(cpu);
  return {
    rounds: rounds.length,
    'CPU ms, fastest quarter': rounded(quarter),
    'median CPU ms': median(cpu),
    'x node -e 0': rounded(quarter / reference),
    'median wall ms': median(rounds.map(({ wallMs: wall }) => wall)),
  };
}

function demand(held, miss) {
  if (!held) misses.push(miss);
}

/** As free of the neighbours' load as the minimum, and finer than the clock's tick. */
function fastestQuarter(values) {
  const fastest = values.toSorted((a, b) => a - b).slice(0, Math.max(1, values.length / 4));
  return fastest.reduce((sum, value) => sum + value, 0) / fastest.length;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function rounded(value) {
  return Math.round(value * 100) / 100;
}
