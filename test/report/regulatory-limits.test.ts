import { describe, expect, it } from 'vitest';
import { REGULATORY_LIMITS, readMeter } from '../../src/report/regulatory-limits.ts';

const HOUR = 3_600_000;
const at = (hours: number, more: Partial<Parameters<typeof readMeter>[0]> = {}) =>
  Object.fromEntries(
    readMeter({
      firstBad: 0,
      detected: HOUR,
      classified: undefined,
      notified: undefined,
      failedPayments: 0,
      until: hours * HOUR,
      ...more,
    }).map((each) => [each.limit.id, each]),
  );

describe('the meter of regulators', () => {
  it('covers China, the EU and Singapore, each limit with its source and both languages', () => {
    expect(new Set(REGULATORY_LIMITS.map(({ region }) => region))).toEqual(new Set(['CN', 'EU', 'SG']));
    for (const { source, duty } of REGULATORY_LIMITS) {
      expect(source.length).toBeGreaterThan(20);
      expect(duty['zh-CN']).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it('runs from the start of the impact, warns at three quarters, and says when it is reached', () => {
    expect(at(1.4)['cn-duration']).toMatchObject({ state: 'open', used: 1.4 * HOUR, at: 2 * HOUR });
    expect(at(1.5)['cn-duration']).toMatchObject({ state: 'near' });
    expect(at(2)['cn-duration']).toMatchObject({ state: 'passed' });
    expect(at(3.9)['sg-downtime']).toMatchObject({ state: 'near' });
  });

  it('counts payments as well as time', () => {
    expect(at(0.1, { failedPayments: 75_000 })['cn-payments']).toMatchObject({ state: 'near', used: 75_000 });
    expect(at(0.1, { failedPayments: 100_000 })['cn-payments']).toMatchObject({ state: 'passed' });
  });

  it('counts other duties from detection and classification, and says where nothing can be counted', () => {
    expect(at(2)['sg-notice']).toMatchObject({ state: 'passed', at: 2 * HOUR });
    expect(at(2)['eu-initial']).toMatchObject({ state: 'open', at: 25 * HOUR });
    expect(at(2)['eu-initial-classified']).toMatchObject({ state: 'unknown' });
    expect(at(6, { classified: 2 * HOUR })['eu-initial-classified']).toMatchObject({ state: 'passed', at: 6 * HOUR });
    expect(at(2, { firstBad: undefined })['cn-duration']).toMatchObject({ state: 'unknown' });
  });

  it('counts the later reports from the first one, which has its latest moment until it is noted', () => {
    const due = (more: Parameters<typeof at>[1]) => at(2, more)['eu-intermediate']?.at;
    expect(due({})).toBe((1 + 24 + 72) * HOUR);
    expect(due({ classified: 2 * HOUR })).toBe((2 + 4 + 72) * HOUR);
    expect(due({ classified: 23 * HOUR })).toBe((1 + 24 + 72) * HOUR);
    expect(due({ classified: 30 * HOUR })).toBe((30 + 4 + 72) * HOUR);
    expect(due({ classified: 2 * HOUR, notified: 3 * HOUR })).toBe((3 + 72) * HOUR);
    expect(at(2, { notified: 3 * HOUR })['eu-final']?.at).toBe((3 + 72 + 720) * HOUR);
  });
});
