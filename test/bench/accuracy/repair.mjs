// Faults that a local action ends: the tool finds the cause, is allowed the fix that it names itself, and customers must be served again.
import { setTimeout as sleep } from 'node:timers/promises';

/** Where `oor init` keeps copies of the good day at the seat. */
const COPIES = '/var/lib/oor/last-good';
const WARM_MS = 5_000;
const WORKS_MS = 8_000;
/** Payments of these seconds are counted after a fix. */
const WATCH_SECONDS = 6;

export async function repairAll(lab, faults, answers) {
  const made = await lab.oor(['init', '--no-input', '--force', '--answers', answers, '--answer', `copies=${COPIES}`, '/etc/oor/oor.yaml']);
  if (made.exitCode !== 0) throw new Error(`oor init failed: ${made.stderr}`);
  const rows = {};
  for (const fault of faults) {
    rows[fault.name] = await repair(lab, fault);
    console.log(`${fault.name.padEnd(20)} ${Object.values(rows[fault.name]).join('  ')}`);
  }
  return rows;
}

async function repair(lab, fault) {
  await lab.settle();
  lab.clean();
  await sleep(WARM_MS);
  lab.inject(fault.name);
  await sleep(WORKS_MS);
  const run = ['run', '--no-input', '--json'];
  const { result: found } = await lab.oor(run);
  const cause = found?.causes.find(({ fix }) => fix !== undefined);
  if (!cause) {
    lab.heal(fault.name);
    return { cause: found?.causes[0]?.id ?? '-', fix: '-', outcome: 'no fix is named', exit: '-', served: '-' };
  }
  const { result, exitCode } = await lab.oor([...run, '--allow-fix', cause.fix]);
  const { web_ok = 0, pos_ok = 0 } = lab.sli(WATCH_SECONDS);
  lab.heal(fault.name);
  const left = result?.causes.filter(({ score, state }) => score >= 0.5 && state !== 'fixed').map(({ id }) => id) ?? [];
  const served = `${web_ok} % web, ${pos_ok} % pos`;
  return { cause: cause.id, fix: cause.fix, outcome: result?.outcome ?? '-', exit: exitCode, served, left: left.join(' ') };
}
