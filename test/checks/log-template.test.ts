import { describe, expect, it } from 'vitest';
import { rankTemplates } from '../../src/checks/log-template.ts';

const lines = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => ({ text: text(index), at: 1_000 + index }));

type Lines = ReturnType<typeof lines>;
const rank = (before: Lines, now: Lines) =>
  rankTemplates({ before: { lines: before, count: before.length }, now: { lines: now, count: now.length } });

describe('rankTemplates', () => {
  it('puts lines together that differ in figures, ids, addresses and single words', () => {
    const now = [
      ...lines(
        20,
        (n) => `2026-01-15T11:55:0${n % 10}Z ERROR order ${n} of 3f2504e0-4f89-11d3-9a0c-0305e82c33${10 + n} at 10.0.0.${n} failed`,
      ),
      ...lines(9, (n) => `2026-01-15 11:55:00,123 WARN channel ${['unionpay', 'alipay', 'wechat'][n % 3]} answers slowly (deadbeef0${n})`),
    ];
    expect(rank([], now)).toEqual([
      { text: 'ERROR order # of # at # failed', now: 20, before: 0, firstAt: 1_000 },
      { text: 'WARN channel <*> answers slowly (#)', now: 9, before: 0, firstAt: 1_000 },
    ]);
  });

  it('names what is new or grew before what is merely frequent', () => {
    const usual = (n: number) => `ERROR retry of order ${n}`;
    const found = rank(
      [...lines(500, usual), ...lines(5, (n) => `ERROR bank ${n} slow`)],
      [...lines(520, usual), ...lines(40, (n) => `ERROR bank ${n} slow`), ...lines(30, (n) => `ERROR certificate ${n} expired today`)],
    );
    expect(found.map(({ text, now, before }) => [text, now, before])).toEqual([
      ['ERROR certificate # expired today', 30, 0],
      ['ERROR bank # slow', 40, 5],
      ['ERROR retry of order #', 520, 500],
    ]);
  });

  it('of a long burst looks at some, which stand for the rest', () => {
    const now = { lines: lines(9_000, (n) => (n % 3 === 0 ? `ERROR bank ${n} slow` : `ERROR order ${n} lost`)), count: 90_000 };
    const found = rankTemplates({ before: { lines: [], count: 0 }, now });
    const counts = Object.fromEntries(found.map((each) => [each.text, each.now]));
    expect((counts['ERROR bank # slow'] ?? 0) + (counts['ERROR order # lost'] ?? 0)).toBeCloseTo(90_000, -2);
    expect(counts['ERROR order # lost']).toBeGreaterThan(50_000);
  });

  it('does not take a few lines that stand for many for so many observations', () => {
    const rare = { lines: [{ text: 'ERROR rare 1', at: 1 }, ...lines(2_000, (n) => `ERROR usual ${n}`)], count: 200_000 };
    const grown = (n: number) => `ERROR usual ${n}`;
    const [first] = rankTemplates({ before: { lines: lines(1_000, grown), count: 100_000 }, now: rare });
    expect(first?.text).toBe('ERROR usual #');
  });

  it('leaves out what is no longer there', () => {
    expect(
      rank(
        lines(50, () => 'ERROR gone'),
        [],
      ),
    ).toEqual([]);
  });

  it('stays bounded when every line is of another kind', () => {
    const words = (n: number) => n.toString(2).replaceAll('0', 'x').replaceAll('1', 'y');
    const now = lines(6_000, (n) => `${words(n)} ${words(n * 7)} ${words(n * 13)}`);
    expect(rank([], now)).toHaveLength(8);
  });
});
