/** What several hosts saw of one incident, as one story: one clock, one list of causes. Pure. */

import { NAMED } from '../engine/score.ts';
import type { Session } from '../engine/session.ts';
import { isObject } from '../engine/targets.ts';
import type { Text } from '../ports.ts';
import type { Incident } from '../report/incident.ts';
import { tell } from '../report/incident.ts';
import { timelineOf } from '../report/timeline.ts';

export interface MergedHost {
  /** Told apart, where two have one name. */
  readonly host: string;
  readonly incident: Incident;
  readonly custody: Custody;
}

/** Whose word a host's bundle is: the seal of the merged one says only who put them together. */
export interface Custody {
  /** `SHA256:...`; null: nobody signed it. */
  readonly fingerprint: string | null;
  /** Whose key it is; null: nobody knew where they were merged. */
  readonly name: Text | null;
}

export interface MergedCause {
  readonly id: string;
  readonly class: string;
  readonly title: Text;
  readonly component?: string;
  readonly host?: string;
  readonly score: number;
  readonly state: Cause['state'];
  /** Whose evidence speaks for it. */
  readonly seenBy: readonly string[];
  readonly because: readonly {
    readonly step: string;
    readonly effect: string;
    readonly factor: number;
    readonly hosts: readonly string[];
  }[];
}

export interface MergedMoment {
  /** Corrected, epoch ms. */
  readonly at: number;
  readonly recordedAt: number;
  readonly host: string;
  readonly type: string;
  readonly tone: string;
  readonly weighty: boolean;
  readonly text: string;
  readonly step?: string;
}

export interface Merged {
  readonly verdict: 'healthy' | 'fault' | 'unknown';
  /** True time minus the host's clock; null: no check of the time could tell, and its instants stand as they were recorded. */
  readonly offsets: Readonly<Record<string, number | null>>;
  readonly custody: Readonly<Record<string, Custody>>;
  /** Best first. */
  readonly causes: readonly MergedCause[];
  readonly timeline: readonly MergedMoment[];
}

export function mergeHosts(hosts: readonly MergedHost[], language: 'en' | 'zh-CN'): Merged {
  const offsets = Object.fromEntries(hosts.map(({ host, incident }) => [host, offsetOf(incident)]));
  const custody = Object.fromEntries(hosts.map((each) => [each.host, each.custody]));
  const causes = mergeCauses(hosts);
  const timeline = hosts
    .flatMap(({ host, incident }) =>
      timelineOf(tell(incident, language)).map(({ at, type, tone, weighty, text, step }): MergedMoment => {
        const moment = { at: at + (offsets[host] ?? 0), recordedAt: at, host, type, tone, weighty, text };
        return step === undefined ? moment : { ...moment, step };
      }),
    )
    .sort((one, other) => one.at - other.at);
  return { verdict: verdictOf(hosts, causes), offsets, custody, causes, timeline };
}

/** What `time.offset` measured; the look nearest to the end counts. */
function offsetOf({ plan, session }: Incident): number | null {
  const offsets = session.history.flatMap(({ key, facts }) => {
    const step = plan.stepByKey.get(key)?.step;
    const measured = step?.kind === 'check' && step.uses === 'time.offset' && isObject(facts) ? facts['offsetMs'] : null;
    return typeof measured === 'number' && Number.isFinite(measured) ? [measured] : [];
  });
  return offsets.at(-1) ?? null;
}

type Cause = Incident['diagnosis']['causes'][number];

interface Seen {
  readonly host: string;
  readonly cause: Cause;
}

function mergeCauses(hosts: readonly MergedHost[]): readonly MergedCause[] {
  const groups = new Map<string, { readonly place: string; readonly seen: [Seen, ...Seen[]] }>();
  for (const { host, incident } of hosts) {
    for (const cause of incident.diagnosis.causes) {
      const place = placeOf(cause, incident.session, host);
      const key = JSON.stringify([cause.id, cause.component ?? '', place]);
      const group = groups.get(key);
      if (group) group.seen.push({ host, cause });
      else groups.set(key, { place, seen: [{ host, cause }] });
    }
  }
  return [...groups.values()].map(({ seen, place }) => mergeCause(seen, place)).sort((one, other) => other.score - one.score);
}

/** A cause on the machine that looked is that machine's own. */
function placeOf({ host }: Cause, { started }: Session, name: string): string {
  return host === started.local_host ? name : (host ?? '');
}

/**
 * Odds of all evidence together. The same step seen from two hosts is one piece of evidence, and its strongest word counts: two
 * looks at one thing are not independent. Different steps are.
 */
function mergeCause(seen: readonly [Seen, ...Seen[]], place: string): MergedCause {
  const [{ cause: first }] = seen;
  const words = new Map<string, { step: string; effect: string; factor: number; hosts: string[] }>();
  for (const { host, cause } of seen) {
    for (const { step, effect, factor } of cause.because) {
      const key = `${step} ${effect}`;
      const before = words.get(key);
      const stronger = !before || Math.abs(Math.log(factor)) > Math.abs(Math.log(before.factor));
      words.set(key, { step, effect, factor: stronger ? factor : before.factor, hosts: [...new Set([...(before?.hosts ?? []), host])] });
    }
  }
  const because = [...words.values()];
  const odds = seen.map(({ cause }) => priorOdds(cause)).reduce((sum, each) => sum + each, 0) / seen.length;
  const all = because.reduce((product, { factor }) => product * factor, odds);
  const { component } = first;
  return {
    id: first.id,
    class: first.class,
    title: first.title,
    ...(component !== undefined && { component }),
    ...(place !== '' && { host: place }),
    score: Number.isFinite(all) ? all / (1 + all) : 1,
    state: STATES.find((state) => seen.some(({ cause }) => cause.state === state)) ?? first.state,
    seenBy: [...new Set(seen.map(({ host }) => host))],
    because,
  };
}

/** What one host has proved or put right stands for all. */
const STATES: readonly Cause['state'][] = ['fixed', 'mitigated', 'confirmed', 'refuted', 'suspected'];

function priorOdds({ score, because }: Cause): number {
  const factors = because.reduce((product, { factor }) => product * factor, 1);
  const odds = score >= 1 ? Number.MAX_SAFE_INTEGER : score / (1 - score);
  return factors > 0 && Number.isFinite(factors) ? odds / factors : odds;
}

function verdictOf(hosts: readonly MergedHost[], causes: readonly MergedCause[]): Merged['verdict'] {
  const open = causes.some(({ score, state }) => score >= NAMED && state !== 'fixed' && state !== 'refuted');
  const verdicts = hosts.map(({ incident: { session } }) => session.ended?.verdict ?? 'unknown');
  if (open || verdicts.includes('fault')) return 'fault';
  // Where one host saw that payments work, another that could not see does not make it unknown.
  return verdicts.includes('healthy') ? 'healthy' : 'unknown';
}
