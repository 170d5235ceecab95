// From what the tool said to a table: rank of the truth, false causes, confusions. Pure.

/** From this score on a cause is a claim. */
const CLAIMED = 0.5;

/** 1 for the first cause; undefined when it is not among them. A cause that names another host than the fault's is wrong. */
export function rankOf({ cause_id, host }, causes) {
  // The router is a black box: a fault in it has no host that the tool could name.
  const index = causes.findIndex((cause) => cause.id === cause_id && (!cause.host || cause.host === host || host === 'rt'));
  return index < 0 ? undefined : index + 1;
}

/** Causes that are claimed and true of none of the faults. */
export function falseCauses(faults, causes) {
  const fits = (cause) => faults.some((fault) => rankOf(fault, [cause]) === 1 || fault.also_ok.includes(cause.id));
  return causes.filter((cause) => cause.score >= CLAIMED && !fits(cause));
}

export function summarise(runs) {
  const single = runs.filter(({ faults }) => faults.length === 1);
  const several = runs.filter(({ faults }) => faults.length > 1);
  const healthy = runs.filter(({ faults }) => faults.length === 0);
  const within = (list, most) => list.filter(({ ranks }) => ranks.every((rank) => rank !== undefined && rank <= most)).length;
  const seconds = runs.map((run) => run.seconds).sort((a, b) => a - b);
  const confirmed = runs.flatMap(({ faults, causes }) =>
    causes.filter(({ state }) => state === 'confirmed').map((cause) => ({ faults, cause })),
  );
  const right = confirmed.filter(({ faults, cause }) => falseCauses(faults, [{ ...cause, score: 1 }]).length === 0);
  return {
    'top 1': share(within(single, 1), single.length),
    'top 3': share(within(single, 3), single.length),
    'all of several in the top 4': share(within(several, 4), several.length),
    'false causes on a healthy stack': `${healthy.filter(({ wrong }) => wrong.length > 0).length} of ${healthy.length} runs`,
    'confirmed causes that are right': share(right.length, confirmed.length),
    'seconds, median': round(seconds[seconds.length >> 1] ?? 0),
    'seconds, most': round(seconds.at(-1) ?? 0),
  };
}

export function byClass(runs) {
  const classes = [...new Set(runs.flatMap(({ faults }) => faults.map((fault) => fault.class)))].sort();
  return Object.fromEntries(
    classes.map((name) => {
      const own = runs.filter(({ faults }) => faults.length === 1 && faults[0].class === name);
      return [name, share(own.filter(({ ranks }) => ranks[0] === 1).length, own.length)];
    }),
  );
}

/** What was said instead of the truth, most often first. */
export function confusions(runs) {
  const counts = new Map();
  for (const { faults, ranks, causes } of runs) {
    faults.forEach(({ cause_id }, index) => {
      if (ranks[index] !== undefined && ranks[index] <= faults.length) return;
      const said = causes.filter(({ score }) => score >= CLAIMED).map(({ id }) => id)[0] ?? '(nothing)';
      const key = `${cause_id} -> ${said}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    });
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

function share(part, whole) {
  return whole === 0 ? '-' : `${part} of ${whole} (${round((100 * part) / whole)} %)`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}
