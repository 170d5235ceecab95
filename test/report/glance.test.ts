import { expect, it } from 'vitest';
import { glanceOf } from '../../src/report/glance.ts';

it('value and bound with their unit, rounded and short', () => {
  expect(glanceOf({ value: 71.23456, unit: '%', threshold: 90 }, {}, 'en')).toMatchObject({ value: '71.23%', limit: '90%' });
  expect(glanceOf({ value: 12, unit: 'ms', threshold: 1_000 }, {}, 'en')).toEqual({ value: '12 ms', limit: '1000 ms' });
  expect(glanceOf({ value: 'TLSv1.3 with a very long cipher name' }, {}, 'en').value).toHaveLength(20);
  expect(glanceOf({}, null, 'en')).toEqual({});
});

it('a share of a disk is a share', () => {
  expect(glanceOf({ value: 71, unit: '%' }, {}, 'en').picture).toEqual({ kind: 'share', share: 0.71 });
  expect(glanceOf({ value: 250, unit: '%' }, {}, 'en').picture).toBeUndefined();
  expect(glanceOf({ value: 71, unit: 'ms' }, {}, 'en').picture).toBeUndefined();
});

it('connections and requests are a course, the lost ones told apart', () => {
  const attempts = [
    { outcome: 'connected', durationMs: 3 },
    { outcome: 'timed-out', durationMs: 3_000 },
    { outcome: 'connected', durationMs: 5 },
  ];
  expect(glanceOf({}, { attempts }, 'en').picture).toEqual({ kind: 'course', values: [3, null, 5] });
  const samples = [{ timing: { totalMs: 12 } }, { timing: {} }, { timing: { totalMs: 40 } }];
  expect(glanceOf({}, { samples }, 'en').picture).toEqual({ kind: 'course', values: [12, null, 40] });
});

it('packets that are only counted: one that was lost is never rounded away', () => {
  const packets = (sent: number, received: number) => glanceOf({}, { icmp: { sent, received, averageMs: 8 }, tcp: null }, 'en').picture;
  expect(packets(3, 3)).toEqual({ kind: 'course', values: [8, 8, 8] });
  expect(packets(4, 3)).toEqual({ kind: 'course', values: [8, 8, 8, null] });
  const many = packets(400, 399);
  expect(many?.kind === 'course' && many.values.filter((value) => value === null)).toHaveLength(1);
});

it('facts of another version or made up draw nothing', () => {
  for (const facts of [null, [], 'x', { attempts: 'many' }, { samples: [1, 2] }, { icmp: { sent: 1e9, received: -4 } }])
    expect(glanceOf({}, facts as never, 'en').picture).toBeUndefined();
});
