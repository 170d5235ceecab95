// `oor reconcile` beside a plain join of the same two files by DuckDB, in turns: with every class of difference planted, what it finds must be
// what was planted. `--rows 10000,1000000` instead of the usual sizes; `--every 100`: one order in so many is unlike the others.
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const RATIO_AIM = 1.5;
const PEAK_AIM_MIB = 2048;
/** Of a million rows a side. */
const MILLION_AIM_S = 15;
/** A row of each side, roughly. */
const BYTES_A_ROW = 2 * 95;
const POLL_MS = 20;

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '10000,1000000,10000000' }, every: { type: 'string', default: '100' } },
});
const root = fileURLToPath(new URL('../..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'oor-bench-reconcile-'));
const orders = join(dir, 'orders.csv');
const statements = join(dir, 'statements.csv');
const env = { ...process.env };
delete env.NODE_EXTRA_CA_CERTS;

/** Reads what the comparison cannot do without, and nothing else: the key, the amount. The aim is set by it. */
const JOIN_SQL = `SELECT count(*) AS pairs, count_if(o.amount <> s.amount) AS unlike
FROM read_csv('${orders}', header = true) o JOIN read_csv('${statements}', header = true) s USING (order_no)`;
/** The same join of all the columns that reconciliation compares or tells: shown beside, and no aim. */
const WIDE_JOIN_SQL = `SELECT count(*) AS pairs, count_if(o.amount <> s.amount OR o.currency <> s.currency OR o.status <> s.status OR o.fee <> s.fee
  OR o.provider_ref <> s.provider_ref OR o.time <> s.time) AS unlike
FROM read_csv('${orders}', header = true) o JOIN read_csv('${statements}', header = true) s USING (order_no, kind)`;
const JOIN_PROGRAM = `
  const { DuckDBInstance } = require('@duckdb/node-api');
  DuckDBInstance.create(':memory:').then(async (instance) => {
    const connection = await instance.connect();
    const read = await connection.runAndReadAll(process.argv[1]);
    console.log(JSON.stringify(read.getRowObjectsJson()[0]));
  });`;

let failed = false;
try {
  const { plantOrders } = await bundlePlanted();
  console.log(`the plain join, with the defaults of DuckDB:\n${JOIN_SQL.replaceAll(`${dir}/`, '')}\n`);
  console.log(`the join of all columns:\n${WIDE_JOIN_SQL.replaceAll(`${dir}/`, '')}\n`);
  console.log(
    'rows a side   differences   oor s   join s   ratio   all columns s   ratio   oor peak MiB   join peak MiB   found = planted',
  );
  for (const rows of values.rows.split(',').map(Number)) {
    const free = statfsSync(dir);
    if (free.bavail * free.bsize < rows * BYTES_A_ROW * 1.3) {
      console.log(`${String(rows).padStart(11)}   not measured: no room for the files in ${tmpdir()}`);
      continue;
    }
    await measure(rows, plantOrders);
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

async function measure(rows, plantOrders) {
  const planted = write(rows, plantOrders);
  const found = join(dir, 'found.json');
  // The first reading of a file is the disk's.
  await run(['-e', JOIN_PROGRAM, JOIN_SQL]);
  const rounds = [];
  for (let round = 0; round < (rows > 5_000_000 ? 2 : 3); round++) {
    const plain = await run(['-e', JOIN_PROGRAM, JOIN_SQL]);
    const ours = await run([join(root, 'bin/oor.js'), 'reconcile', '--orders', orders, '--statements', statements, '--json'], found);
    const wide = await run(['-e', JOIN_PROGRAM, WIDE_JOIN_SQL]);
    if (plain.code !== 0 || wide.code !== 0 || ours.code !== 1)
      throw new Error(`exit ${plain.code}, ${wide.code} and ${ours.code}: ${plain.stderr}${wide.stderr}${ours.stderr}`);
    rounds.push({ plain, wide, ours });
  }
  const best = (side, what) => Math.min(...rounds.map((round) => round[side][what]));
  const most = (side) => Math.max(...rounds.map((round) => round[side].peakMiB));
  const isSame = sameSet(planted, JSON.parse(readFileSync(found, 'utf8')).differences);
  const ratio = best('ours', 'seconds') / best('plain', 'seconds');
  const cells = [
    String(rows).padStart(11),
    String(planted.length).padStart(13),
    best('ours', 'seconds').toFixed(2).padStart(7),
    best('plain', 'seconds').toFixed(2).padStart(8),
    ratio.toFixed(2).padStart(7),
    best('wide', 'seconds').toFixed(2).padStart(15),
    (best('ours', 'seconds') / best('wide', 'seconds')).toFixed(2).padStart(7),
    String(most('ours')).padStart(14),
    String(most('plain')).padStart(15),
    isSame ? 'yes' : 'NO',
  ];
  console.log(cells.join(' '));
  miss(!isSame, 'found set = planted set');
  miss(rows === 1_000_000 && best('ours', 'seconds') > MILLION_AIM_S, `a million rows a side in ${MILLION_AIM_S} s`);
  // Of few rows the start of the program is most of the time.
  miss(rows >= 10_000_000 && ratio > RATIO_AIM, `${RATIO_AIM} times the plain join`);
  miss(rows >= 10_000_000 && most('ours') > PEAK_AIM_MIB, `a peak of ${PEAK_AIM_MIB} MiB`);
}

function miss(is, aim) {
  if (!is) return;
  failed = true;
  console.log(`MISSED: ${aim}`);
}

function sameSet(planted, differences) {
  const keys = (list) => list.map(({ class: name, order_no }) => `${name} ${order_no}`).sort();
  const [want, got] = [keys(planted), keys(differences)];
  return want.length === got.length && want.every((key, at) => key === got[at]);
}

function write(rows, plantOrders) {
  const sinks = [orders, statements].map(createSink);
  const planted = plantOrders(
    rows,
    { orders: sinks[0].line, statements: sinks[1].line },
    { every: rows <= 10_000 ? 10 : Number(values.every) },
  );
  for (const sink of sinks) sink.end();
  const bytes = statSync(orders).size + statSync(statements).size;
  if (!existsSync(statements) || bytes === 0) throw new Error('nothing was written');
  return planted;
}

function createSink(path) {
  const file = openSync(path, 'w');
  let text = '';
  const flush = () => {
    writeSync(file, text);
    text = '';
  };
  return {
    line(line) {
      text += line;
      if (text.length > 1_000_000) flush();
    },
    end() {
      flush();
      closeSync(file);
    },
  };
}

/** Wall time, and the most memory that was in use: neither program starts another. */
async function run(args, output) {
  const start = performance.now();
  const out = output ? openSync(output, 'w') : 'pipe';
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', out, 'pipe'] });
  let stderr = '';
  let peakKiB = 0;
  child.stderr.on('data', (bytes) => {
    stderr += bytes;
  });
  const poll = setInterval(() => {
    try {
      peakKiB = Math.max(peakKiB, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1] ?? 0));
    } catch {
      // It has just ended.
    }
  }, POLL_MS);
  child.stdout?.resume();
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(poll);
  if (output) closeSync(out);
  return { code, stderr, seconds: (performance.now() - start) / 1000, peakMiB: Math.round(peakKiB / 1024) };
}

async function bundlePlanted() {
  const outfile = join(dir, 'planted.mjs');
  const entryPoints = [join(root, 'test/payments/reconcile/planted.ts')];
  await build({ entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning' });
  writeFileSync(join(dir, 'package.json'), '{}');
  return await import(pathToFileURL(outfile).href);
}
