// Logs: the whole of a gigabyte against grep and ripgrep in the same run, windows of it, and small files.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { PATTERNS, SHAPES, writeLog } from './log-shapes.mjs';

const MIB = 1024 * 1024;
const ROUNDS = 3;
const MAX_SHARE_OF_GREP = 0.7;
const MAX_MIB = 150;
const MAX_WINDOW_MS = 50;
const MAX_SMALL_MS = 1;
/** Peers that are slower than this are not waited for. */
const PATIENCE_MS = 60_000;

const { NODE_EXTRA_CA_CERTS: _, ...env } = { ...process.env, LC_ALL: 'C' };
const dir = mkdtempSync(join(tmpdir(), 'oor-bench-logs-'));
const missed = [];
try {
  const program = join(dir, 'search.mjs');
  await buildProgram(program);
  const whole = join(dir, 'mixed.log');
  writeLog(whole, 1024 * MIB, Object.keys(SHAPES));
  console.log('whole log, forty patterns       ours   grep -E   grep -F   rg       ours/grep -E   peak MiB (ours, grep -E)');
  await compare('mixed, 1024 MiB', whole, { bar: true });
  for (const shape of Object.keys(SHAPES)) {
    const path = join(dir, `${shape}.log`);
    writeLog(path, 512 * MIB, [shape]);
    await compare(`${shape}, 512 MiB`, path, { bar: true });
    if (shape !== 'java') rmSync(path);
  }
  await compareShipped(whole, join(dir, 'java.log'));
  await measureWindows(whole);
  await measureSmall(join(dir, 'java.log'));
} finally {
  rmSync(dir, { recursive: true, force: true });
}
console.log(missed.length === 0 ? 'all bounds held' : `MISSED: ${missed.join('; ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function buildProgram(outfile) {
  const entry = fileURLToPath(new URL('./log-search-program.ts', import.meta.url));
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', banner });
}

/** The best of some rounds, each of all peers one after the other. */
async function compare(name, file, { bar, patterns = PATTERNS, flag = '', patience = PATIENCE_MS }) {
  const list = join(dir, 'patterns');
  const literals = join(dir, 'literals');
  writeFileSync(list, `${patterns.join('\n')}\n`);
  writeFileSync(literals, `${patterns.map(longestLiteral).join('\n')}\n`);
  const ignoreCase = flag === '' ? [] : ['-i'];
  const peers = {
    ours: () => search({ file, patterns: named(patterns.map((one) => flag + one)) }),
    'grep -E': () => run('grep', [...ignoreCase, '-E', '-f', list, file], patience),
    ...(bar && { 'grep -F': () => run('grep', ['-F', '-f', literals, file], patience) }),
    ...(has('rg') && { rg: () => run('rg', ['--no-config', ...ignoreCase, '-N', '-f', list, file], patience) }),
  };
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const results = {};
    for (const [peer, ask] of Object.entries(peers)) results[peer] = await ask();
    rounds.push(results);
  }
  const best = (peer) => Math.min(...rounds.map((round) => round[peer]?.seconds ?? Number.NaN));
  const peak = (peer) => Math.round(Math.max(...rounds.map((round) => round[peer].peakMiB)));
  const share = best('ours') / best('grep -E');
  const columns = ['ours', 'grep -E', 'grep -F', 'rg'].map((peer) => show(best(peer), patience)).join(' ');
  console.log(`${name.padEnd(28)} ${columns}   ${share.toFixed(2).padStart(8)}        ${peak('ours')}, ${peak('grep -E')}`);
  const [{ ours, 'grep -E': grep }] = rounds;
  expectHeld(ours.matches === grep.matches || grep.seconds * 1000 >= patience, `${name}: as many lines as grep`);
  if (bar) expectHeld(share <= MAX_SHARE_OF_GREP, `${name}: at most ${MAX_SHARE_OF_GREP} of grep -E`);
  expectHeld(peak('ours') <= MAX_MIB, `${name}: at most ${MAX_MIB} MiB`);
}

/** The patterns that the default playbook asks of an application's log; they fold case and are made of alternatives. */
async function compareShipped(whole, small) {
  const source = readFileSync(new URL('../../playbooks/payment-gateway.yaml', import.meta.url), 'utf8');
  const patterns = [...source.matchAll(/^\s+\w+: "\(\?i\)((?:[^"\\]|\\.)*)"$/gm)].map(([, text]) => JSON.parse(`"${text}"`));
  const part = join(dir, 'part.log');
  execFileSync('sh', ['-c', 'head -c 16777216 "$1" > "$2"', 'sh', small, part]);
  await compare(`${patterns.length} shipped, 16 MiB`, part, { bar: false, patterns, flag: '(?i)' });
  const { seconds, peakMiB } = await search({ file: whole, patterns: named(patterns.map((one) => `(?i)${one}`)) });
  console.log(`${`${patterns.length} shipped, 1024 MiB`.padEnd(28)} ${show(seconds)}${' '.repeat(45)}${Math.round(peakMiB)}`);
}

/** A window costs its share of the whole, and a little. Best of the rounds, in which all are asked one after the other. */
async function measureWindows(file) {
  const { size } = statSync(file);
  const shares = [0.0001, 0.001, 0.01, 0.05];
  const windows = shares.flatMap((share) =>
    [0.05, 0.5, 0.93].map((from) => ({ offset: Math.floor(size * from), end: Math.floor(size * (from + share)) })),
  );
  const ranges = [{ offset: 0, end: size }, ...windows];
  const { times } = await search({ file, patterns: named(PATTERNS), ranges, rounds: 5 });
  const best = ranges.map((_range, index) =>
    Math.min(...times.filter((_one, at) => at % ranges.length === index).map(({ searchMs }) => searchMs)),
  );
  console.log(`\nwindow of the 1024 MiB          ms   its share of the whole (${Math.round(best[0])} ms)`);
  shares.forEach((share, index) => {
    const ms = Math.max(...best.slice(1 + index * 3, 4 + index * 3));
    const fair = share * best[0];
    console.log(`${`${share * 100} %`.padEnd(24)} ${ms.toFixed(1).padStart(9)}   ${fair.toFixed(1)}`);
    expectHeld(ms <= fair + MAX_WINDOW_MS, `a window of ${share * 100} %: at most its share and ${MAX_WINDOW_MS} ms`);
  });
}

async function measureSmall(file) {
  const small = join(dir, 'small.log');
  writeFileSync(small, readFileSync(file).subarray(0, 100_000));
  const { times } = await search({ file: small, patterns: named(PATTERNS), rounds: 300 });
  const settled = times.slice(50);
  const [searchMs, readMs] = [median(settled.map((one) => one.searchMs)), median(settled.map((one) => one.readMs))];
  console.log(
    `\n100 KB: search ${searchMs.toFixed(2)} ms, read ${readMs.toFixed(2)} ms, the first search ${times[0].searchMs.toFixed(0)} ms`,
  );
  expectHeld(searchMs <= readMs + MAX_SMALL_MS, `100 KB: at most ${MAX_SMALL_MS} ms more than reading it`);
}

async function search(task) {
  const { output, ...cost } = await run(process.execPath, [join(dir, 'search.mjs')], 600_000, JSON.stringify(task));
  return { ...cost, ...JSON.parse(output) };
}

/** Output goes to a file: to /dev/null grep would stop at its first line. */
async function run(command, args, patience, input) {
  const path = join(dir, 'output');
  const output = openSync(path, 'w');
  const start = performance.now();
  const child = spawn(command, args, { env, stdio: [input === undefined ? 'ignore' : 'pipe', output, 'inherit'] });
  child.stdin?.end(input);
  const timer = setTimeout(() => child.kill('SIGKILL'), patience);
  let peakMiB = 0;
  const watch = setInterval(() => {
    peakMiB = Math.max(peakMiB, readPeak(child.pid));
  }, 50);
  await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
  const seconds = (performance.now() - start) / 1000;
  clearTimeout(timer);
  clearInterval(watch);
  closeSync(output);
  if (input !== undefined) return { seconds, peakMiB, output: readFileSync(path, 'utf8') };
  return { seconds, peakMiB, matches: Number.parseInt(execFileSync('wc', ['-l', path], { encoding: 'utf8' }), 10) };
}

function readPeak(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function named(patterns) {
  return Object.fromEntries(patterns.map((pattern, index) => [`p${index}`, pattern]));
}

function longestLiteral(pattern) {
  const parts = pattern
    .replaceAll(/(?<!\\)\([^()]*(?<!\\)\)\??|\[[^\]]*\]\+?/g, '\n')
    .replaceAll(/\\(.)/g, '$1')
    .split('\n');
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

function has(tool) {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function show(seconds, patience = Number.POSITIVE_INFINITY) {
  if (Number.isNaN(seconds)) return '-'.padStart(9);
  return (seconds * 1000 >= patience ? `>${patience / 1000} s` : `${seconds.toFixed(2)} s`).padStart(9);
}

function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

function expectHeld(held, bound) {
  if (!held) missed.push(bound);
}
