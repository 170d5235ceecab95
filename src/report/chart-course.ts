/** The chart that comes first: what customers got, over time. */
import type { Chart, Measured, Series } from './chart.ts';
import { listAt, numberAt, objectAt } from './facts-reader.ts';

/** Requests and errors of an access log, and how long they took. */
export function chartCourse({ telling: { say }, result, facts, step, marks }: Measured): Chart[] {
  const course = objectAt(facts, 'course');
  const everyMs = numberAt(course, 'everyMs') ?? 0;
  const points = listAt(course, 'points').flatMap((point) => {
    const at = numberAt(point, 'at');
    return at === undefined
      ? []
      : [{ at, requests: numberAt(point, 'requests') ?? 0, bad: numberAt(point, 'serverErrors') ?? 0, ms: numberAt(point, 'meanMs') }];
  });
  const [first] = points;
  if (!first || everyMs < 1) return [];
  const end = numberAt(facts, 'until') ?? numberAt(facts, 'observedAt') ?? first.at;
  const axis = { kind: 'time', from: first.at, to: Math.max(end, (points.at(-1)?.at ?? first.at) + everyMs) } as const;
  const shared = { step: result.key, marks, axis, slot: everyMs, lead: true };
  const seconds = everyMs / 1_000;
  const bars = (name: string, tone: Series['tone'], of: (point: (typeof points)[number]) => number): Series => ({
    name,
    tone,
    kind: 'bars',
    points: points.map((point) => ({ x: point.at, y: of(point) })),
  });
  const times = points.flatMap(({ at, ms }) => (ms === undefined ? [] : [{ x: at + everyMs / 2, y: ms }]));
  return [
    {
      ...shared,
      title: say('chart_requests', { step, seconds }),
      unit: '',
      series: [bars(say('series_bad'), 'bad', ({ bad }) => bad), bars(say('series_good'), 'good', ({ requests, bad }) => requests - bad)],
    },
    {
      ...shared,
      title: say('chart_meanMs', { step, seconds }),
      unit: 'ms',
      series: times.length > 1 ? [{ name: say('series_mean'), tone: 'plain', kind: 'line', points: times }] : [],
    },
  ];
}
