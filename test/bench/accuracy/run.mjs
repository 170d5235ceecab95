// npm run lab -- --lab DIR: injects real faults into the fault lab, one or several at a time, asks oor, and compares its causes with the truth.
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openLab } from './lab.mjs';
import { repairAll } from './repair.mjs';
import { byClass, confusions, falseCauses, rankOf, summarise } from './score.mjs';

const PROFILE = 'playbooks/examples/acme/oor.yaml';
/** What a person answers to `oor init` there, as installed at the seat. */
const ANSWERS = '/opt/oor/playbooks/examples/acme/init.answers.yaml';
/** Healthy traffic before a fault, and how long it may work before the tool is asked. */
const WARM_MS = 6_000;
const WORKS_MS = { none: 3_000, other: 8_000 };
/** A share of each family of faults, for a quick look. */
const SMOKE = ['nginx-down', 'db-lock', 'tls-expired', 'bank-down', 'disk-readonly', 'redis-maxmemory'];

const { values } = parseArgs({
  options: {
    lab: { type: 'string', default: process.env.OOR_LAB ?? '' },
    faults: { type: 'string', default: '' },
    exclude: { type: 'string', default: '' },
    /** Faults at once: `a+b,c+d`, or a number of pairs drawn by the seed. */
    together: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    healthy: { type: 'string', default: '0' },
    noise: { type: 'string', default: '' },
    smoke: { type: 'boolean', default: false },
    /** Instead of comparing causes: allows each named fault's own fix. */
    repair: { type: 'boolean', default: false },
    /** Exit 1 where less than this percentage of the faults leads its list, or a healthy stack gets a cause. */
    require: { type: 'string', default: '0' },
    out: { type: 'string' },
  },
});

if (values.lab === '') {
  console.log('the accuracy run needs the fault lab: npm run lab -- --lab DIR (or OOR_LAB=DIR)');
  process.exit(2);
}
const lab = openLab(values.lab);
const known = lab.faults();
const wasUp = lab.isUp();
if (!wasUp) lab.up();
try {
  lab.install(PROFILE);
  if (values.repair) await showRepairs();
  else await showAccuracy();
} finally {
  if (!wasUp) lab.down();
}

async function showRepairs() {
  const faults = values.faults.split(',').map((name) => known.find((fault) => fault.name === name) ?? fail(`no fault ${name} in the lab`));
  console.table(await repairAll(lab, faults, ANSWERS));
}

async function showAccuracy() {
  const runs = [];
  const plan = planRuns();
  for (const [index, faults] of plan.entries()) {
    const run = await ask(faults);
    runs.push(run);
    console.log(`${String(index + 1).padStart(3)}/${plan.length} ${describe(run)}`);
  }
  report(runs);
}

function planRuns() {
  const named = (names) => names.map((name) => known.find((fault) => fault.name === name) ?? fail(`no fault ${name} in the lab`));
  const wanted = values.smoke
    ? SMOKE
    : values.faults === 'none'
      ? []
      : values.faults
        ? values.faults.split(',')
        : known.map(({ name }) => name);
  const excluded = values.exclude.split(',');
  const single = values.together === '' ? named(wanted.filter((name) => !excluded.includes(name))).map((fault) => [fault]) : [];
  return [...single, ...drawTogether(named), ...Array.from({ length: Number(values.healthy) }, () => [])];
}

function drawTogether(named) {
  if (values.together === '') return [];
  if (!/^\d+$/.test(values.together)) return values.together.split(',').map((names) => named(names.split('+')));
  // Park and Miller's generator: the same seed draws the same pairs everywhere.
  let state = Number(values.seed) % 2_147_483_647 || 1;
  const draw = (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  return Array.from({ length: Number(values.together) }, () => {
    const first = known[draw(known.length)];
    const others = known.filter((fault) => fault.component !== first.component);
    return [first, others[draw(others.length)]];
  });
}

async function ask(faults) {
  if (!(await lab.settle())) {
    console.log('the stack is not healthy: it is started anew');
    lab.down();
    lab.up();
    lab.install(PROFILE);
    await lab.settle();
  }
  lab.clean();
  await sleep(WARM_MS);
  const noise = values.noise.split(',').filter(Boolean);
  for (const name of noise) lab.inject(name);
  for (const { name } of faults) lab.inject(name);
  if (faults.length > 0) await sleep(Math.max(...faults.map(({ sli }) => WORKS_MS[sli] ?? WORKS_MS.other)));
  const symptom = faults.find((fault) => fault.symptom)?.symptom ?? (faults.length > 0 ? 'payments are not normal' : 'routine check');
  const { result, seconds, stderr, exitCode } = await lab.oor(['run', '--no-input', '--json', '--symptom', symptom]);
  for (const { name } of faults) lab.heal(name);
  for (const name of noise) lab.heal(name);
  const causes = result?.causes ?? [];
  if (!result) console.log(`  no JSON from the tool, exit ${exitCode}: ${stderr.slice(-300)}`);
  const wrong = !result || (faults.length === 0 && result.verdict === 'fault') ? [{ id: result?.verdict ?? '(no answer)' }] : [];
  return {
    faults,
    causes,
    seconds,
    verdict: result?.verdict,
    ranks: faults.map((fault) => rankOf(fault, causes)),
    wrong: [...wrong, ...falseCauses(faults, causes)],
    result,
  };
}

function describe({ faults, ranks, causes, wrong, seconds }) {
  const name = faults.map((fault) => fault.name).join(' + ') || 'healthy';
  const rank = ranks.map((each) => each ?? '-').join(',') || (wrong.length === 0 ? 'ok' : 'WRONG');
  const said = causes.slice(0, 3).map(({ id, score, host }) => `${id}${host ? `@${host}` : ''} ${Number(score).toFixed(2)}`);
  return `${name.padEnd(44)} rank ${rank.padEnd(6)} ${seconds.toFixed(1).padStart(5)} s  ${said.join('  ')}`;
}

function report(runs) {
  console.log('');
  console.table(summarise(runs));
  console.table(byClass(runs));
  for (const [what, count] of confusions(runs)) console.log(`${String(count).padStart(3)}  ${what}`);
  if (values.out) writeFileSync(values.out, JSON.stringify(runs, null, 1));
  const ranks = runs.flatMap((run) => run.ranks);
  const percent = ranks.length > 0 ? (100 * ranks.filter((rank) => rank === 1).length) / ranks.length : 100;
  const falseAlarms = runs.filter(({ faults, wrong }) => faults.length === 0 && wrong.length > 0);
  if (percent >= Number(values.require) && (Number(values.require) === 0 || falseAlarms.length === 0)) return;
  console.log(`below what is required: ${values.require} % first, no cause on a healthy stack`);
  process.exitCode = 1;
}

function fail(message) {
  throw new Error(message);
}
