/** What one part of a playbook says about another: every id exists, and following them ends. */
import { type Build, below, complain, isFull, type Spot } from './build.ts';
import type { Entries, Entry } from './entries.ts';
import type { Playbook, Step } from './playbook.ts';
import { listOf } from './shape-kit.ts';
import { suggestion } from './suggest.ts';

export function checkReferences(build: Build, playbook: Playbook, entries: Entries): void {
  const stepIds = entries.steps.map(({ id }) => id);
  const checkIds = [...build.names.steps.keys()];
  const fixIds = entries.fixes.map(({ id }) => id);
  for (const { raw, spot } of entries.steps) {
    needAll(build, spot, 'needs', raw.needs, stepIds, 'step');
    if ('ask' in raw) {
      for (const [answer, next] of Object.entries(raw.next ?? {}))
        if ('goto' in next) needTarget(build, below(spot, 'next', answer, 'goto'), next.goto, { stepIds, fixIds });
    }
  }
  for (const { raw, spot } of entries.causes) {
    needAll(build, spot, 'explains', raw.explains, checkIds, 'check step');
    needAll(build, spot, 'fix', raw.fix, fixIds, 'fix');
  }
  for (const { raw, spot } of entries.fixes) {
    needAll(build, below(spot, 'signal'), 'steps', raw.signal?.steps, checkIds, 'check step');
    needAll(build, below(spot, 'signal'), 'step', raw.signal?.step, checkIds, 'check step');
    listOf(raw.run).forEach((stage, index) => {
      const at = Array.isArray(raw.run) ? below(spot, 'run', index, 'until') : below(spot, 'run', 'until');
      needAll(build, at, 'steps', stage.until?.steps, checkIds, 'check step');
    });
  }
  for (const part of new Set(entries.steps.map(({ part }) => part)))
    needAll(build, { yaml: part.yaml, path: ['validate'] }, 'steps', part.raw.validate?.steps, checkIds, 'check step');
  checkNeeds(build, playbook, entries);
  checkGotos(build, playbook, entries);
}

function needTarget(
  build: Build,
  spot: Spot,
  id: string,
  { stepIds, fixIds }: { readonly stepIds: readonly string[]; readonly fixIds: readonly string[] },
): void {
  if (stepIds.includes(id) || !fixIds.includes(id)) return needOne(build, spot, id, stepIds, 'step');
  complain(build, spot, {
    code: 'early-write',
    message: `${id} is a fix: an answer cannot lead to it before its phase`,
    hint: 'mitigates: true lets a person take it at any prompt; else its cause offers it',
  });
}

function needAll(
  build: Build,
  spot: Spot,
  key: string,
  ids: string | readonly string[] | undefined,
  known: readonly string[],
  what: string,
): void {
  listOf(ids).forEach((id, index) => {
    needOne(build, typeof ids === 'string' ? below(spot, key) : below(spot, key, index), id, known, what);
  });
}

function needOne(build: Build, spot: Spot, id: string, known: readonly string[], what: string): void {
  if (!isFull(build) && !known.includes(id))
    complain(build, spot, { code: `unknown-${what.replace(' ', '-')}`, message: `there is no ${what} ${id}`, hint: suggestion(id, known) });
}

function checkNeeds(build: Build, playbook: Playbook, entries: Entries): void {
  const reads = new Map(playbook.steps.map((step) => [step.id, [...step.needs, ...readsOf(step)]]));
  const done = new Set<string>();
  for (const { id } of playbook.steps) {
    const cycle = findCycle(reads, id, [], done);
    if (!cycle) continue;
    const spot = spotOf(entries.steps, cycle[0]);
    if (spot)
      complain(build, below(spot, 'id'), { code: 'needs-cycle', message: `these steps wait for each other: ${cycle.join(' -> ')}` });
    return;
  }
}

/** Steps whose results decide whether and how a step runs. */
function readsOf(step: Step): readonly string[] {
  const read = [...(step.if?.steps ?? []), ...(step.if?.answers ?? [])];
  if (step.kind !== 'check') return read;
  return [...read, ...step.with.steps, ...step.with.answers, ...(step.on?.steps ?? []), ...(step.on?.answers ?? [])];
}

function findCycle(
  reads: ReadonlyMap<string, readonly string[]>,
  id: string,
  path: readonly string[],
  done: Set<string>,
): string[] | undefined {
  const start = path.indexOf(id);
  if (start >= 0) return [...path.slice(start), id];
  if (done.has(id)) return undefined;
  for (const next of reads.get(id) ?? []) {
    const cycle = findCycle(reads, next, [...path, id], done);
    if (cycle) return cycle;
  }
  done.add(id);
  return undefined;
}

/** Steps are taken in order, so a branch that goes back, or stays, would ask for ever. */
function checkGotos(build: Build, playbook: Playbook, entries: Entries): void {
  const order = playbook.steps.map(({ id }) => id);
  for (const step of playbook.steps) {
    if (step.kind !== 'ask') continue;
    const from = order.indexOf(step.id);
    for (const { raw, spot } of entries.steps.filter(({ id }) => id === step.id)) {
      for (const [answer, next] of Object.entries('ask' in raw ? (raw.next ?? {}) : {})) {
        if (!('goto' in next)) continue;
        const to = order.indexOf(next.goto);
        if (to < 0 || to > from) continue;
        const path = [...order.slice(to, from + 1), next.goto];
        complain(build, below(spot, 'next', answer, 'goto'), {
          code: 'goto-cycle',
          message: `goto leads back: ${shorten(path).join(' -> ')}`,
          hint: 'a branch can only skip forward',
        });
      }
    }
  }
}

function shorten(path: readonly string[]): readonly string[] {
  return path.length > 8 ? [...path.slice(0, 3), '...', ...path.slice(-3)] : path;
}

function spotOf(entries: readonly Entry<unknown>[], id: string | undefined): Spot | undefined {
  return entries.find((entry) => entry.id === id)?.spot;
}
