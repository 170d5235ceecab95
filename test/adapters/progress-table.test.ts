import { describe, expect, it } from 'vitest';
import type { StepStatus } from '../../src/adapters/progress-lines.ts';
import { drawPicture, formatTable, type TableRow, type TableStyle } from '../../src/adapters/progress-table.ts';
import { measure } from '../../src/adapters/terminal-layout.ts';

const ROWS: readonly TableRow[] = [
  { id: 'disk.space', state: 'ok', value: '71%', limit: '90%', picture: { kind: 'share', share: 0.71 }, elapsedMs: 200, timeoutMs: 10_000 },
  {
    id: 'provider@招商银行',
    state: 'ok',
    value: '12 ms',
    limit: '1000 ms',
    picture: { kind: 'course', values: [3, null, 12] },
    elapsedMs: 40,
    timeoutMs: 5_000,
  },
  { id: 'emoji@👩‍💻e\u0301', state: 'running', elapsedMs: 3_100, timeoutMs: 15_000 },
  { id: 'net.dns', state: 'running', elapsedMs: 5_000, timeoutMs: 0 },
];

function style(change: Partial<TableStyle> = {}): TableStyle {
  return { language: 'en', ascii: false, columns: 100, rows: 20, paint: (_: StepStatus, text: string) => text, ...change };
}

describe('the table of checks', () => {
  it('one line each: symbol and word, picture, value, bound, time of its limit; what runs longest first', () => {
    expect(formatTable(ROWS, style({ columns: 90 }))).toEqual(
      [
        '  ~ running  net.dns                                                                  5s',
        '  ~ running  emoji@👩‍💻e\u0301                                                          3.1s/15s',
        '  ✔ ok       provider@招商银行  ⣀x⣿           12 ms  limit 1000 ms                   0.0s/5s',
        '  ✔ ok       disk.space         ⣿⣿⣿⣿⣿⣿⣿⣿⣿⣀⣀⣀  71%    limit 90%                    0.2s/10s',
      ].map((line) =>
        expect.stringMatching(
          new RegExp(
            `^${line
              .trimEnd()
              .replace(/[.*+?()|]/g, '\\$&')
              .replace(/ {3,}/g, ' +')}$`,
            'u',
          ),
        ),
      ),
    );
  });

  it.each(['en', 'zh-CN'] as const)('%s: every line fits, whatever the width, and columns stand under each other', (language) => {
    for (const ascii of [false, true]) {
      for (let columns = 39; columns <= 199; columns += 1) {
        const lines = formatTable(ROWS, style({ language, ascii, columns }));
        expect(lines).toHaveLength(4);
        for (const line of lines) expect(measure(line, language)).toBeLessThanOrEqual(columns);
        // The time stands at the right edge of every line.
        expect(new Set(lines.map((line) => measure(line, language)))).toEqual(new Set([columns]));
      }
    }
  });

  it.each(['en', 'zh-CN'] as const)('%s: a long value and a long bound give way to the time', (language) => {
    const long: TableRow = {
      id: 'pressure_cpu',
      state: 'warn',
      value: '82.6 % of a minute',
      limit: '50 % of a minute, twice',
      elapsedMs: 3_100,
      timeoutMs: 15_000,
    };
    for (let columns = 39; columns <= 199; columns += 1) {
      const [line = '', ...more] = formatTable([long, ...ROWS], style({ language, columns }));
      for (const each of [line, ...more]) expect(each).toMatch(/\d+(\.\d)?s(\/\d+s)?$/);
      expect(measure(line, language)).toBe(columns);
      if (columns >= 90) expect(line).toContain('82.6 % of a minute');
    }
  });

  it('tight: one edge for all, and no wider than what is shown', () => {
    const [running = '', ...more] = formatTable(ROWS, style({ columns: 140, tight: true }));
    expect(running).toMatch(/^ {2}~ running {2}net\.dns {5,}5s$/);
    expect(new Set([running, ...more].map((line) => measure(line, 'en')))).toEqual(new Set([measure(running, 'en')]));
    expect(measure(running, 'en')).toBeLessThan(85);
  });

  it('says what it is in words, so that colour adds nothing', () => {
    const marked: string[] = [];
    const paint = (status: StepStatus, text: string): string => {
      marked.push(`${status}:${text.trim()}`);
      return `<${text}>`;
    };
    const lines = formatTable(ROWS, style({ paint }));
    expect(marked).toEqual(['ok:✔ ok', 'ok:✔ ok']);
    expect(lines[0]).toContain('~ running');
  });

  it('what there is no room for is counted', () => {
    const lines = formatTable(ROWS, style({ rows: 3 }));
    expect(lines.at(-1)).toBe('  +2 more');
    expect(lines).toHaveLength(3);
    expect(formatTable(ROWS, style({ rows: 3, language: 'zh-CN' })).at(-1)).toBe('  另有 2 项');
    expect(formatTable(ROWS, style({ rows: 0 }))).toEqual([]);
  });

  it('ASCII only', () => {
    const ascii = formatTable(
      [ROWS[0], ROWS[3]].filter((row) => row !== undefined),
      style({ ascii: true }),
    );
    expect(ascii.join('\n')).not.toMatch(/[^\x00-\x7f]/);
    expect(ascii.join('\n')).toMatch(/\[run\] .*\n.*\[ok\] .*#########___ +71%/);
  });
});

describe('pictures', () => {
  it('a try that was lost is an x, the slowest is the tallest', () => {
    expect(drawPicture({ kind: 'course', values: [10, 40, null, 100] }, { ascii: false })).toBe('⣀⣤x⣿');
    expect(drawPicture({ kind: 'course', values: [10, 40, null, 100] }, { ascii: true })).toBe('_-x#');
    expect(drawPicture({ kind: 'course', values: [null, null] }, { ascii: true })).toBe('xx');
    expect(drawPicture({ kind: 'course', values: [0, 0] }, { ascii: true })).toBe('__');
  });

  it.each([
    [0, '____________'],
    [0.5, '######______'],
    [1, '############'],
    [7, '############'],
  ])('a share of %d', (share, bar) => {
    expect(drawPicture({ kind: 'share', share }, { ascii: true })).toBe(bar);
  });

  it('is as wide in Chinese terminals as in others', () => {
    for (const language of ['en', 'zh-CN'] as const)
      expect(measure(drawPicture({ kind: 'share', share: 0.4 }, { ascii: false }), language)).toBe(12);
  });
});
