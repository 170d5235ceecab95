/** Every series that the facts of a session hold, as charts; the incident's own first. */
import type { StepResult } from '../engine/session.ts';
import type { Chart, Mark, Measured } from './chart.ts';
import { chartCourse } from './chart-course.ts';
import {
  chartAttempts,
  chartBatches,
  chartCodes,
  chartEvents,
  chartLoss,
  chartOffsets,
  chartPair,
  chartTiming,
  chartWeeks,
} from './charts-of-probes.ts';
import type { Telling } from './incident.ts';
import { fixTimes } from './timeline.ts';
import { titleOf } from './timeline-words.ts';

type Reader = (measured: Measured) => readonly Chart[];

/** By check. Each reads facts that it does not trust. */
const READERS: Readonly<Record<string, readonly Reader[]>> = {
  'log.status': [chartCourse],
  'log.pattern': [chartPair],
  'log.volume': [chartPair],
  'kernel.events': [chartEvents],
  'net.http': [chartTiming],
  'net.tcp': [chartAttempts],
  'net.ping': [chartLoss],
  'disk.latency': [chartBatches],
  'time.offset': [chartOffsets],
  'metric.baseline': [chartWeeks],
  'iso8583.traffic': [chartCodes],
};

export interface Charts {
  /** Of what was not ok. */
  readonly telling: readonly Chart[];
  readonly rest: readonly Chart[];
}

/** More than this nobody looks at. */
const MOST_CHARTS = 24;
const ORDER = ['fail', 'warn', 'unknown', 'ok'];

export function chartsOf(telling: Telling): Charts {
  const { plan } = telling;
  const marks = marksOf(telling);
  const measured = plan.steps.flatMap(({ key, step }) => {
    const readers = step.kind === 'check' ? READERS[step.uses] : undefined;
    return readers ? (telling.results.get(key)?.flatMap((result) => readThem(telling, result, readers, marks)) ?? []) : [];
  });
  const sorted = measured.toSorted((one, other) => rank(one) - rank(other)).slice(0, MOST_CHARTS);
  const pick = (wanted: boolean): readonly Chart[] =>
    sorted.filter(({ chart, status }) => (chart.lead || status !== 'ok') === wanted).map(({ chart }) => chart);
  return { telling: [...pick(true), ...chartHistories(telling, marks)], rest: pick(false) };
}

interface Found {
  readonly chart: Chart;
  readonly status: string;
}

function rank({ chart, status }: Found): number {
  return chart.lead ? -1 : ORDER.indexOf(status);
}

function readThem(telling: Telling, result: StepResult, readers: readonly Reader[], marks: readonly Mark[]): Found[] {
  const { facts, status, key } = result;
  if (facts === null) return [];
  const pass = telling.session.loop > 0 ? ` (${telling.clock.utc(result.endedAt).slice(11)})` : '';
  const step = `${titleOf(telling, key)}${key.includes('@') ? ` @ ${key.slice(key.indexOf('@') + 1)}` : ''}${pass}`;
  return readers
    .flatMap((read) => read({ telling, result, facts, step, marks }))
    .filter(hasPoints)
    .map((chart) => ({ chart, status }));
}

function hasPoints({ series }: Chart): boolean {
  return series.some(({ points }) => points.length > 0);
}

/** What happened when, for every chart over time. */
function marksOf(telling: Telling): readonly Mark[] {
  const { diagnosis, session, say } = telling;
  const { firstBad } = diagnosis.scope;
  return [
    ...(firstBad === undefined ? [] : [{ at: firstBad, name: say('mark_firstBad'), tone: 'bad' as const }]),
    { at: session.startedAt, name: say('mark_start'), tone: 'plain' as const },
    ...fixTimes(telling).map((at) => ({ at, name: say('mark_fix'), tone: 'good' as const })),
  ];
}

/** A value that a cause stands on or that customers feel, measured before a fix and after it. */
function chartHistories(telling: Telling, marks: readonly Mark[]): readonly Chart[] {
  const { session, diagnosis, plan, say } = telling;
  if (session.loop === 0) return [];
  const spoke = new Set(diagnosis.causes.flatMap(({ because }) => because.map(({ step }) => step)));
  return plan.steps.flatMap(({ key, step }): Chart[] => {
    const felt = step.kind === 'check' && step.scope === 'entry';
    const all = spoke.has(key) || felt ? (telling.results.get(key) ?? []) : [];
    const points = all.flatMap(({ judgement, endedAt: x }) => {
      const value = judgement?.value;
      return typeof value === 'number' && Number.isFinite(value) ? [{ x, y: value }] : [];
    });
    if (new Set(points.map(({ y }) => y)).size < 2 || all.every(({ status }) => status !== 'fail')) return [];
    const title = titleOf(telling, key);
    const axis = { kind: 'time', from: session.startedAt, to: Math.max(points.at(-1)?.x ?? 0, session.lastAt) } as const;
    const unit = all.findLast(({ judgement }) => judgement?.unit !== undefined)?.judgement?.unit ?? '';
    return [
      {
        title: say('chart_history', { step: title }),
        step: key,
        unit,
        series: [{ name: title, tone: 'plain', kind: 'line', points }],
        marks,
        axis,
        slot: 0,
      },
    ];
  });
}
