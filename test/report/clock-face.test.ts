import { describe, expect, it } from 'vitest';
import { createClockFace, describeDuration } from '../../src/report/clock-face.ts';

const AT = Date.UTC(2026, 10, 28, 18, 5, 9);

describe('instants', () => {
  it.each([
    [480, '02:05:09 +08:00', '11-29 '],
    [-210, '14:35:09 -03:30', ''],
    [0, '', ''],
    [undefined, '', ''],
    [99_999, '', ''],
    [Number.NaN, '', ''],
  ])('offset %s: %s', (offset, local, day) => {
    const clock = createClockFace(offset);
    expect(clock.utc(AT)).toBe('2026-11-28 18:05:09Z');
    expect(clock.local(AT)).toBe(`${day}${local}`);
    expect(clock.both(AT)).toBe(local === '' ? '2026-11-28 18:05:09Z' : `2026-11-28 18:05:09Z (${day}${local})`);
  });

  it('survives an instant that is none', () => {
    expect(createClockFace(480).both(Number.NaN)).toContain('????-??-??');
  });
});

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [4_240, '4.2 s'],
    [60_000, '1 min 00 s'],
    [3_599_400, '59 min 59 s'],
    [3_600_000, '1 h 00 min'],
    [7_500_000, '2 h 05 min'],
    [50 * 3_600_000, '2 d 02 h'],
  ])('%s ms', (ms, text) => expect(describeDuration(ms)).toBe(text));
});
