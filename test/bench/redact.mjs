// Redaction on numbers and logs that no rule was written for: what is found, what is found in vain, how fast, beside simpler tools in the same run.
import { execFileSync, spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeIdLog } from './log-ids.mjs';
import { SHAPES, writeLog } from './log-shapes.mjs';

const MIB = 1024 * 1024;
/** No seed of a test. */
const SEED = 987_654_321;
const ROUNDS = 200;
const MIN_RENDERING = 0.95;
const MIN_PAN = 0.97;
const MIN_SAD = 0.99;
const MIN_SECRETS = 0.9;
const MAX_FALSE_PER_MB = 3;
const MIN_CARD_MBS = 40;
const MIN_ALL_MBS = 8;
const STREAM_BYTES = 1024 * MIB;
const MAX_STREAM_MIB = 150;
const OURS = 'oor, all rules';

const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
const dir = mkdtempSync(join(tmpdir(), 'oor-bench-redact-'));
const missed = [];
try {
  const program = join(dir, 'redact.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./redact-program.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const log = join(dir, 'mixed.log');
  writeLog(log, 24 * MIB, Object.keys(SHAPES));
  const ids = join(dir, 'ids.log');
  writeIdLog(ids, 8 * MIB);
  const { renderings, sad, secrets, logs } = measure(program, [log, ids]);
  printRecall('card numbers, by writing', renderings, MIN_RENDERING);
  printTotal('card numbers, all', renderings, MIN_PAN);
  printTotal('authentication data', sad, MIN_SAD);
  printTotal('secrets', secrets, MIN_SECRETS);
  const [ordinary, numbers] = logs;
  printLogs('ordinary logs', ordinary);
  printLogs('logs of numbers', numbers);
  holdLogs(ordinary, numbers);
  await printStream(log);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
console.log(missed.length === 0 ? 'all bounds held' : `MISSED: ${missed.join('; ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;

function measure(program, paths) {
  const input = JSON.stringify({ seed: SEED, rounds: ROUNDS, logs: paths });
  return JSON.parse(execFileSync(process.execPath, [program], { input, env, encoding: 'utf8', maxBuffer: 64 * MIB }));
}

function printRecall(title, kinds, bound) {
  const names = Object.keys(Object.values(kinds)[0]);
  console.log(`${title.padEnd(36)}${names.map((name) => name.padStart(17)).join('')}`);
  for (const [kind, shares] of Object.entries(kinds)) {
    console.log(`  ${kind.padEnd(34)}${names.map((name) => percent(shares[name])).join('')}`);
    if (shares[OURS] < bound) missed.push(`${kind} ${percent(shares[OURS]).trim()}`);
  }
}

function printTotal(title, kinds, bound) {
  const all = Object.values(kinds);
  const names = Object.keys(all[0]);
  const share = (name) => all.reduce((sum, shares) => sum + shares[name], 0) / all.length;
  console.log(`${title.padEnd(36)}${names.map((name) => percent(share(name))).join('')}`);
  if (share(OURS) < bound) missed.push(`${title} ${percent(share(OURS)).trim()}`);
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`.padStart(17);
}

function printLogs(title, logs) {
  const rows = Object.entries(logs);
  console.log(`${title.padEnd(36)}${rows.map(([name]) => name.padStart(17)).join('')}`);
  console.log(
    `${'  found in vain, per MB'.padEnd(36)}${rows.map(([, { hits, bytes }]) => (hits / (bytes / 1e6)).toFixed(2).padStart(17)).join('')}`,
  );
  console.log(`${'  MB per second of processor'.padEnd(36)}${rows.map(([, log]) => speedOf(log).toFixed(0).padStart(17)).join('')}`);
}

function speedOf({ bytes, seconds }) {
  return bytes / 1e6 / seconds;
}

/** What is found in vain counts over all of them: the second kind is made of what looks like a card number. */
function holdLogs(ordinary, numbers) {
  const all = [ordinary[OURS], numbers[OURS]];
  const falseHits = all.reduce((sum, { hits }) => sum + hits, 0) / (all.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
  if (falseHits > MAX_FALSE_PER_MB) missed.push(`${falseHits.toFixed(1)} found in vain per MB`);
  if (speedOf(ordinary[OURS]) < MIN_ALL_MBS) missed.push(`all rules ${speedOf(ordinary[OURS]).toFixed(1)} MB/s`);
  const card = speedOf(ordinary['oor, card data']);
  if (card < MIN_CARD_MBS) missed.push(`card data ${card.toFixed(1)} MB/s`);
}

/** The command as a filter, fed a log over and over. */
async function printStream(log) {
  const size = readFileSync(log).length;
  const launcher = fileURLToPath(new URL('../../bin/oor.js', import.meta.url));
  const child = spawn(process.execPath, [launcher, 'redact', '--json'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  let written = 0;
  let peak = 0;
  child.stdout.on('data', (chunk) => {
    written += chunk.length;
  });
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMib(child.pid));
  }, 50);
  const start = performance.now();
  for (let fed = 0; fed < STREAM_BYTES; fed += size) {
    for await (const chunk of createReadStream(log, { highWaterMark: MIB }))
      if (!child.stdin.write(chunk)) await new Promise((resolve) => child.stdin.once('drain', resolve));
  }
  child.stdin.end();
  await new Promise((resolve) => child.once('close', resolve));
  clearInterval(watch);
  const seconds = (performance.now() - start) / 1000;
  console.log(`oor redact of a stream: ${(written / MIB).toFixed(0)} MiB in ${seconds.toFixed(0)} s, peak ${peak.toFixed(0)} MiB`);
  if (peak > MAX_STREAM_MIB) missed.push(`stream: ${peak.toFixed(0)} MiB`);
}

function residentMib(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
