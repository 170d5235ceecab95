/** Does a manifest say what the journal beside it says? Without a signature this is all that holds the two together. Pure. */
import type { Event } from '../engine/events.ts';
import { fold } from '../engine/fold.ts';
import { aboutSession } from './compose.ts';
import { type Captured, capturedIn, isLogIn } from './items.ts';
import { describeSource, hexDigest, type Item, type Manifest } from './manifest.ts';
import { JOURNAL, MANIFEST } from './names.ts';

export interface Unfit {
  readonly firstBad: string;
  readonly reason: string;
}

/** `sha256`: of UTF-8, as hex. */
export function findUnfit(manifest: Manifest, events: readonly Event[], sha256: (text: string) => string): Unfit | undefined {
  const captured = capturedIn(events)
    .filter(({ artifact }) => artifact.collected === 'ok')
    .map((each): Known => ({ ...each, sha256: digestOf(each, sha256) }));
  return (
    findUnknownItem(manifest, captured, linesMayBeLeftOut(manifest, events)) ??
    findUntold(manifest, captured) ??
    findOtherSession(manifest, events)
  );
}

interface Known extends Captured {
  readonly sha256: string;
}

function digestOf({ artifact: { digest }, text = '' }: Captured, sha256: (text: string) => string): string {
  return digest === undefined ? sha256(text) : hexDigest(digest);
}

function findUnknownItem({ entries, items }: Manifest, captured: readonly Known[], mayBeCut: (known: Known) => boolean): Unfit | undefined {
  const listed = new Map(entries.map(({ name, sha256 }) => [name, sha256]));
  for (const item of items) {
    const { entry, outside_window: outside = 0 } = item;
    const same = captured.filter((each) => each.sha256 === item.sha256);
    if (same.length === 0) return { firstBad: entry, reason: 'the journal knows no such capture' };
    const whole = listed.get(entry) === item.sha256;
    const cut = Number.isInteger(outside) && same.some((each) => outside > leftOutside(each) && mayBeCut(each));
    if (!whole && !cut) return { firstBad: entry, reason: 'it is not what was captured' };
    if (whole && !same.some((each) => outside === leftOutside(each)))
      return { firstBad: entry, reason: 'the manifest tells of lines outside of the window, and none is left out' };
    if (!same.some((each) => isToldAs(item, each))) return { firstBad: entry, reason: 'the journal tells otherwise where it came from' };
  }
  return undefined;
}

/** When it was captured. */
function leftOutside({ artifact: { outside_window = 0 } }: Known): number {
  return outside_window;
}

function isToldAs(item: Item, { step, artifact }: Known): boolean {
  const { source, host, at, duration_ms, bytes, truncated, exit_code } = artifact;
  const told = [step, host, new Date(at).toISOString(), duration_ms, bytes, truncated, exit_code, describeSource(source), 'argv' in source];
  const { command, file = '' } = item;
  const from = Array.isArray(command) ? command.join(' ') : file;
  const said = [item.step, item.host, item.at, item.duration_ms, item.bytes, item.truncated, item.exit_code];
  return JSON.stringify([...said, from, Array.isArray(command)]) === JSON.stringify(told);
}

/** Of logs, where the window of the bundle is not that of the run. */
function linesMayBeLeftOut({ window }: Manifest, events: readonly Event[]): (known: Known) => boolean {
  const { started } = fold(events);
  const { since, until } = started.flags;
  const narrowed = Date.parse(window.since) !== since || (window.until === null ? undefined : Date.parse(window.until)) !== until;
  return narrowed ? isLogIn(started) : () => false;
}

/** What was captured is there, or it is told why not. */
function findUntold({ items, not_collected }: Manifest, captured: readonly Known[]): Unfit | undefined {
  const there = new Set(items.map(({ step, sha256 }) => `${step} ${sha256}`));
  const absent = new Set(not_collected.map(({ step, what }) => `${step} ${what}`));
  const untold = captured.find(
    ({ step, sha256, artifact }) => !there.has(`${step} ${sha256}`) && !absent.has(`${step} ${describeSource(artifact.source)}`),
  );
  return (
    untold && { firstBad: MANIFEST, reason: `it does not tell of ${describeSource(untold.artifact.source)}, which ${untold.step} captured` }
  );
}

function findOtherSession(manifest: Manifest, events: readonly Event[]): Unfit | undefined {
  const about = aboutSession(fold(events));
  const wrong = (Object.keys(about) as (keyof typeof about)[]).find((key) => JSON.stringify(manifest[key]) !== JSON.stringify(about[key]));
  return wrong && { firstBad: MANIFEST, reason: `its ${wrong} is not the one in ${JOURNAL}` };
}
