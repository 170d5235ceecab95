import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/ports.ts';
import type { Chart } from '../../src/report/chart.ts';
import { chartCourse } from '../../src/report/chart-course.ts';
import { ticksOf, timeTicks } from '../../src/report/chart-scale.ts';
import { chartsOf } from '../../src/report/charts.ts';
import { chartCodes, chartEvents, chartLoss, chartOffsets, chartPair, chartWeeks } from '../../src/report/charts-of-probes.ts';
import { tell } from '../../src/report/incident.ts';
import { renderChart } from '../../src/report/svg-chart.ts';
import type { Canned } from '../engine/harness.ts';
import { playIncident } from './played.ts';

const YAML = `
oor: 1
id: test
title: { en: Test }
phases:
  confirm: { steps: [{ id: entry, uses: net.http, scope: entry }] }
  network: { steps: [{ id: port, uses: net.tcp }] }
causes:
  tls.expired: { title: { en: Expired }, class: human, prior: common, evidence: [{ when: checks.entry.fail, supports: weak }], verify: { ask: { en: Renewed? }, predict: "not answer" }, advice: { en: Renew } }
validate: { steps: [entry], soak: 0s }
`;

async function chartsWith(facts: Readonly<Record<string, Canned>>) {
  const telling = tell(await playIncident({ yaml: YAML, facts }), 'en');
  const { telling: first, rest } = chartsOf(telling);
  return { telling, charts: [...first, ...rest] };
}

describe('charts of a session', () => {
  it('show where the time of each request went', async () => {
    const timing = (totalMs: number) => ({ dnsMs: 1, connectMs: 2, tlsMs: 3, firstByteMs: 4, totalMs });
    const samples = [
      { code: 'ok', timing: timing(15) },
      { code: 'timed-out', timing: timing(500) },
    ];
    const { charts } = await chartsWith({ entry: { status: 'fail', samples } });
    expect(charts).toHaveLength(1);
    expect(charts[0]).toMatchObject({ step: 'entry', unit: 'ms', axis: { kind: 'names', names: ['1 ok', '2 timed-out'] } });
    expect(charts[0]?.series.map(({ name, points }) => [name, ...points.map(({ y }) => y)])).toEqual([
      ['name', 1, 1],
      ['connect', 2, 2],
      ['TLS', 3, 3],
      ['first byte', 4, 4],
      ['rest', 5, 490],
    ]);
  });

  it('give their numbers without the noise of floating point, in which the gate may see a card', async () => {
    const timing = { connectMs: 10.5, tlsMs: 11.2, firstByteMs: null, totalMs: 5001.1 };
    const { telling, charts } = await chartsWith({ entry: { status: 'fail', samples: [{ code: 'no-response', timing }] } });
    expect(charts[0]?.series.at(-1)?.points).toEqual([{ x: 0, y: 4979.400000000001 }]);
    const drawn = charts.map((chart) => renderChart(telling, chart).text).join('');
    expect(drawn).toContain('<td>4979.4</td>');
    expect(drawn).not.toMatch(/\d\.\d{4}/);
  });

  it('tell attempts that failed from those that did not', async () => {
    const attempts = [
      { outcome: 'connected', durationMs: 3 },
      { outcome: 'timed-out', durationMs: 3_000 },
    ];
    const { charts } = await chartsWith({ port: { status: 'warn', attempts } });
    expect(charts[0]?.series.map(({ tone, points }) => [tone, points])).toEqual([
      ['good', [{ x: 0, y: 3 }]],
      ['bad', [{ x: 1, y: 3_000 }]],
    ]);
  });

  it.each([
    ['no list', { samples: 'many', attempts: 7 }],
    ['entries of another kind', { samples: [1, null, 'x', []], attempts: [null, [], 3] }],
    [
      'numbers that are none',
      { samples: [{ code: 5, timing: { totalMs: 'long', dnsMs: null } }], attempts: [{ outcome: {}, durationMs: 'x' }, {}] },
    ],
    [
      'numbers beyond all measure',
      { samples: [{ code: 'ok', timing: { totalMs: 1e308, dnsMs: -1e308 } }], attempts: [{ durationMs: 1e300 }, { durationMs: -1e300 }] },
    ],
  ])('are drawn finite or not at all from facts with %s', async (_name, seen) => {
    const { telling, charts } = await chartsWith({ entry: { status: 'fail', ...seen }, port: { status: 'fail', ...seen } });
    for (const chart of charts) expect(renderChart(telling, chart).text).not.toMatch(/NaN|Infinity|e\+/);
  });
});

describe('charts of other facts', () => {
  const READERS = { chartCodes, chartEvents, chartLoss, chartOffsets, chartPair, chartWeeks };

  async function read(name: keyof typeof READERS, facts: Json) {
    const telling = tell(await playIncident({ yaml: YAML }), 'en');
    const result = telling.results.get('entry')?.[0];
    if (!result) throw new Error('the step did not run');
    return READERS[name]({ telling, result, facts, step: 'x', marks: [] });
  }

  it.each([
    [
      'chartCodes',
      {
        codes: [
          { code: '00', count: 5, before: 90 },
          { code: '91', count: 60, before: 0 },
        ],
      },
      [
        [90, 0],
        [5, 60],
      ],
    ],
    [
      'chartLoss',
      { icmp: { sent: 5, received: 3 }, tcp: { sent: 4, answered: 4 }, large: null },
      [
        [3, 4],
        [2, 0],
      ],
    ],
    ['chartPair', { matches: 12, baselineMatches: 3 }, [[3, 12]]],
    ['chartPair', { now: 0, before: 0 }, undefined],
    ['chartPair', { matches: 12, baselineMatches: null }, undefined],
    [
      'chartOffsets',
      {
        servers: [
          { server: 'a', offsetMs: -4 },
          { server: 'b', offsetMs: null },
        ],
      },
      [[-4]],
    ],
    [
      'chartWeeks',
      {
        series: [
          {
            labels: '',
            current: 7,
            weeks: [
              { ago: 1, median: 9 },
              { ago: 2, median: 8 },
            ],
          },
        ],
      },
      [[8, 9, 7]],
    ],
    [
      'chartEvents',
      {
        since: 0,
        observedAt: 600_000,
        events: [
          { class: 'oom', at: 5_000 },
          { class: 'oom', at: 5_500 },
          { class: 'io', at: 700_000 },
        ],
      },
      [[2]],
    ],
    ['chartEvents', { since: 5, observedAt: 5, events: [] }, undefined],
  ] as const)('%s of %j', async (name, facts, values) => {
    const [chart] = await read(name, facts as unknown as Json);
    expect(chart?.series.map(({ points }) => points.map(({ y }) => y))).toEqual(values);
  });

  it('draw the course of an access log with its errors below', async () => {
    const course = {
      everyMs: 5_000,
      points: [
        { at: 1_000_000, requests: 9, serverErrors: 2, meanMs: 30 },
        { at: 1_010_000, requests: 4, serverErrors: 4, meanMs: null },
      ],
    };
    const telling = tell(await playIncident({ yaml: YAML, facts: { entry: { status: 'fail' } } }), 'en');
    const result = telling.results.get('entry')?.[0];
    if (!result) throw new Error('the step did not run');
    const [counts, times] = chartCourse({ telling, result, facts: { course, observedAt: 1_020_000 }, step: 'log', marks: [] });
    expect(counts).toMatchObject({ lead: true, slot: 5_000, axis: { kind: 'time', from: 1_000_000, to: 1_020_000 } });
    expect(counts?.series.map(({ tone, points }) => [tone, ...points.map(({ y }) => y)])).toEqual([
      ['bad', 2, 4],
      ['good', 7, 0],
    ]);
    expect(times?.series).toEqual([]);
    expect(counts && renderChart(telling, counts).text).toContain('Requests and errors, every 5 s: log');
  });
});

describe('the axis of values', () => {
  const chart = (...values: readonly number[]): Chart => ({
    title: '',
    step: '',
    unit: '',
    marks: [],
    axis: { kind: 'names', names: [] },
    slot: 1,
    series: values.map((y) => ({ name: '', tone: 'plain', kind: 'bars', points: [{ x: 0, y }] })),
  });

  it.each([
    [[0.3], [0, 0.1, 0.2, 0.3]],
    [[7], [0, 2, 4, 6, 8]],
    [
      [5, 8],
      [0, 5, 10, 15],
    ],
    [[0], [0, 0.5]],
    [[-12], [-15, -10, -5, 0]],
  ])('%j is marked at %j: bars stand on one another', (values, ticks) => {
    expect(ticksOf(chart(...values)).at).toEqual(ticks);
  });

  it('holds every bar', () => {
    for (let value = 1e-6; value < 1e9; value *= 3.7) {
      const { min, max, at } = ticksOf(chart(value));
      expect(min).toBe(0);
      expect(max).toBeGreaterThanOrEqual(value);
      expect(at.length).toBeLessThanOrEqual(6);
    }
  });

  it('marks round instants, never many', () => {
    const from = Date.UTC(2026, 10, 28, 6, 41, 43);
    expect(timeTicks(from, from + 5 * 60_000).map((at) => new Date(at).toISOString().slice(11, 19))).toEqual([
      '06:42:00',
      '06:43:00',
      '06:44:00',
      '06:45:00',
      '06:46:00',
    ]);
    for (let span = 1; span < 1e12; span *= 5) expect(timeTicks(from, from + span).length).toBeLessThanOrEqual(8);
  });
});
