import { describe, expect, it } from 'vitest';
import { namedZone, toUtc } from '../../../src/payments/reconcile/times.ts';

describe('times of bills', () => {
  it.each([
    ['2026-11-27 00:30:00', '+08:00', '2026-11-26T16:30:00Z'],
    ['2026/11/27 00:30', 'Asia/Shanghai', '2026-11-26T16:30:00Z'],
    ['20261127093000', 'UTC', '2026-11-27T09:30:00Z'],
    ['2026-11-27T09:30:00.123456789+0100', 'UTC', '2026-11-27T08:30:00.123456Z'],
    ['2026-11-27T09:30:00Z', '+08:00', '2026-11-27T09:30:00Z'],
    ['2026-07-01 09:30:00', 'Europe/Berlin', '2026-07-01T07:30:00Z'],
    ['2026-12-01 09:30:00', 'Europe/Berlin', '2026-12-01T08:30:00Z'],
    ['2026-12-01 09:30:59', 'Asia/Kolkata', '2026-12-01T04:00:59Z'],
    ['2026-12-01 00:10:59', '-03:30', '2026-12-01T03:40:59Z'],
    ['2026-12-01 25:10:59', 'UTC', undefined],
    ['2026-12-01', 'UTC', '2026-12-01T00:00:00Z'],
    ['', 'UTC', ''],
    ['2026-02-30 10:00:00', 'UTC', undefined],
    ['yesterday', 'UTC', undefined],
    ['2026-11-27 00:30:00', 'Mars', undefined],
  ])('%s in %s', (text, zone, utc) => {
    expect(toUtc(text, zone)).toBe(utc);
  });

  it('knows short names of zones that mean one, and none that mean two', () => {
    expect(['PST', 'CEST', 'CET', 'UTC', 'CST', 'IST', 'XYZ'].map(namedZone)).toEqual([
      '-08:00',
      '+02:00',
      'CET',
      'UTC',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
