/** Charts of what single probes measured: attempts, phases of a request, packets, events, and one window beside another. */
import type { JsonObject } from '../ports.ts';
import { type Chart, KINDS, type Measured, type Point, type Series } from './chart.ts';
import { listAt, numberAt, numbersAt, objectAt, textAt } from './facts-reader.ts';
import type { Word } from './words.ts';

/** Bars or dots of one chart; a probe that made more is cut. */
const MOST_POSITIONS = 40;

/** DNS, connect, TLS, first byte and the rest of each request, one on the other. */
export function chartTiming({ telling: { say }, result, facts, step }: Measured): Chart[] {
  const samples = listAt(facts, 'samples').slice(0, MOST_POSITIONS);
  const timing = samples.map((sample) => objectAt(sample, 'timing'));
  const parts: readonly (readonly [word: Word, key: string])[] = [
    ['series_dns', 'dnsMs'],
    ['series_connect', 'connectMs'],
    ['series_tls', 'tlsMs'],
    ['series_wait', 'firstByteMs'],
  ];
  const known = parts.map(([word, key], index) =>
    bars(
      say(word),
      KINDS[index] ?? 'plain',
      timing.map((each) => numberAt(each, key) ?? 0),
    ),
  );
  const rest = timing.map((each, index) =>
    Math.max(0, (numberAt(each, 'totalMs') ?? 0) - known.reduce((sum, { points }) => sum + (points[index]?.y ?? 0), 0)),
  );
  const names = samples.map((sample, index) => `${index + 1} ${textAt(sample, 'code')}`);
  const series = [...known, bars(say('series_rest'), 'kind-5', rest)].filter(({ points }) => points.some(({ y }) => y > 0));
  return [named(say('chart_timing', { step }), result.key, 'ms', names, series)];
}

/** How long each connection took; one that failed is told apart. */
export function chartAttempts({ telling: { say }, result, facts, step }: Measured): Chart[] {
  const attempts = listAt(facts, 'attempts').slice(0, MOST_POSITIONS);
  if (attempts.length < 2) return [];
  const points = (wanted: boolean): Point[] =>
    attempts.flatMap((attempt, x) =>
      (textAt(attempt, 'outcome') === 'connected') === wanted ? [{ x, y: numberAt(attempt, 'durationMs') ?? 0 }] : [],
    );
  const series: Series[] = [
    { name: say('series_attempt'), tone: 'good', kind: 'bars', points: points(true) },
    { name: say('series_failedAttempt'), tone: 'bad', kind: 'bars', points: points(false) },
  ];
  const names = attempts.map((attempt, index) => `${index + 1} ${textAt(attempt, 'outcome')}`);
  return [
    named(
      say('chart_attempts', { step }),
      result.key,
      'ms',
      names,
      series.filter((each) => each.points.length > 0),
    ),
  ];
}

export function chartLoss({ telling: { say }, result, facts, step }: Measured): Chart[] {
  const ways = [
    { name: 'ICMP', seen: objectAt(facts, 'icmp'), answered: 'received' },
    { name: 'TCP', seen: objectAt(facts, 'tcp'), answered: 'answered' },
    { name: `${numberAt(objectAt(facts, 'large'), 'size') ?? ''} B`, seen: objectAt(facts, 'large'), answered: 'received' },
  ].filter(({ seen }) => (numberAt(seen, 'sent') ?? 0) > 0);
  const answered = ways.map(({ seen, answered: key }) => numberAt(seen, key) ?? 0);
  const lost = ways.map(({ seen }, index) => Math.max(0, (numberAt(seen, 'sent') ?? 0) - (answered[index] ?? 0)));
  const series = [bars(say('series_attempt'), 'good', answered), bars(say('series_lost'), 'bad', lost)];
  return [
    named(
      say('chart_loss', { step }),
      result.key,
      '',
      ways.map(({ name }) => name),
      ways.length > 0 ? series : [],
    ),
  ];
}

/** Lines that matched, or lines at all: this window and the one before. */
export function chartPair({ telling: { say }, result, facts, step }: Measured): Chart[] {
  const now = numberAt(facts, 'matches') ?? numberAt(facts, 'now');
  const before = numberAt(facts, 'baselineMatches') ?? numberAt(facts, 'before');
  if (now === undefined || before === undefined || now + before === 0) return [];
  const series: Series = {
    name: say('series_now'),
    tone: now > before ? 'bad' : 'plain',
    kind: 'bars',
    points: [
      { x: 0, y: before },
      { x: 1, y: now },
    ],
  };
  return [named(say('chart_pair', { step }), result.key, '', [say('series_before'), say('series_now')], [series])];
}

/** Each event as a count in its slot of the window. */
export function chartEvents({ telling: { say }, result, facts, step, marks }: Measured): Chart[] {
  const from = numberAt(facts, 'since');
  const to = numberAt(facts, 'observedAt');
  if (from === undefined || to === undefined || to - from < 1_000) return [];
  const slot = (to - from) / 60;
  const byClass = new Map<string, Map<number, number>>();
  for (const event of listAt(facts, 'events')) {
    const at = numberAt(event, 'at');
    if (at === undefined || at < from || at > to) continue;
    const counts = byClass.get(textAt(event, 'class')) ?? new Map<number, number>();
    byClass.set(textAt(event, 'class'), counts);
    const start = from + Math.floor((at - from) / slot) * slot;
    counts.set(start, (counts.get(start) ?? 0) + 1);
  }
  const series = [...byClass].map(([name, counts], index): Series => {
    const points = [...counts].map(([x, y]) => ({ x, y }));
    return { name, tone: KINDS[index % KINDS.length] ?? 'plain', kind: 'bars', points };
  });
  return [{ title: say('chart_events', { step }), step: result.key, unit: '', series, marks, axis: { kind: 'time', from, to }, slot }];
}

export function chartBatches({ telling: { say }, result, facts, step }: Measured): Chart[] {
  const batches = numbersAt(facts, 'batchMs').slice(0, MOST_POSITIONS);
  if (batches.length < 2) return [];
  const series = [bars(say('series_mean'), 'plain', batches)];
  return [
    named(
      say('chart_batches', { step }),
      result.key,
      'ms',
      batches.map((_, index) => String(index + 1)),
      series,
    ),
  ];
}

export function chartOffsets({ telling: { say }, result, facts, step }: Measured): Chart[] {
  const answered = listAt(facts, 'servers')
    .filter((server) => numberAt(server, 'offsetMs') !== undefined)
    .slice(0, MOST_POSITIONS);
  const offsets = answered.map((server) => numberAt(server, 'offsetMs') ?? 0);
  const series: Series = { name: say('series_now'), tone: 'plain', kind: 'dots', points: offsets.map((y, x) => ({ x, y })) };
  return [
    named(
      say('chart_offsets', { step }),
      result.key,
      'ms',
      answered.map((server) => textAt(server, 'server')),
      [series],
    ),
  ];
}

/** The value of now beside the medians of the same window in earlier weeks. */
export function chartWeeks({ telling: { say }, result, facts, step }: Measured): Chart[] {
  return listAt(facts, 'series')
    .slice(0, 2)
    .flatMap((each): Chart[] => {
      const weeks = listAt(each, 'weeks').toReversed();
      const current = numberAt(each, 'current');
      if (weeks.length === 0 || current === undefined) return [];
      const values = [...weeks.map((week: JsonObject) => numberAt(week, 'median') ?? 0), current];
      const names = [...weeks.map((week) => say('weeksAgo', { n: numberAt(week, 'ago') ?? '?' })), say('series_now')];
      const label = textAt(each, 'labels');
      return [
        named(`${say('chart_weeks', { step })}${label === '' ? '' : ` ${label}`}`, result.key, '', names, [
          bars(say('series_now'), 'plain', values),
        ]),
      ];
    });
}

/** Answers of the card switch by code: the window before beside this one. */
export function chartCodes({ telling: { say }, result, facts, step }: Measured): Chart[] {
  const codes = listAt(facts, 'codes').slice(0, MOST_POSITIONS / 4);
  const pairs = codes.flatMap((each) => [numberAt(each, 'before') ?? 0, numberAt(each, 'count') ?? 0]);
  const names = codes.flatMap((each) => [`${textAt(each, 'code')} ${say('series_before')}`, textAt(each, 'code')]);
  const pick = (now: boolean): Point[] => pairs.flatMap((y, x) => ((x % 2 === 1) === now ? [{ x, y }] : []));
  const series: Series[] = [
    { name: say('series_before'), tone: 'dim', kind: 'bars', points: pick(false) },
    { name: say('series_now'), tone: 'plain', kind: 'bars', points: pick(true) },
  ];
  return [named(say('chart_codes', { step }), result.key, '', names, pairs.some((each) => each > 0) ? series : [])];
}

function bars(name: string, tone: Series['tone'], values: readonly number[]): Series {
  return { name, tone, kind: 'bars', points: values.map((y, x) => ({ x, y })) };
}

function named(title: string, step: string, unit: string, names: readonly string[], series: readonly Series[]): Chart {
  return { title, step, unit, series, marks: [], axis: { kind: 'names', names }, slot: 1 };
}
