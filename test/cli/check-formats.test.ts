import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeAll } from '../../src/cli/check.ts';
import { renderCheckGithub } from '../../src/report/check-github.ts';
import { renderCheckJson, renderCheckJsonLines } from '../../src/report/check-json.ts';
import { renderCheckJunit } from '../../src/report/check-junit.ts';
import { renderCheckMarkdown } from '../../src/report/check-markdown.ts';
import { nagiosExit, renderCheckNagios, renderNagiosError } from '../../src/report/check-nagios.ts';
import { renderCheckPrometheus } from '../../src/report/check-prometheus.ts';
import type { CheckReport, CheckRow } from '../../src/report/check-report.ts';
import { renderCheckTap } from '../../src/report/check-tap.ts';
import { renderCheckText } from '../../src/report/check-text.ts';
import { mixed, report, row, unknown, warning } from './check-rows.ts';

const healthy = report([row()]);
const nothing = report([row({ status: 'not-applicable', code: null, value: null, summary: { en: 'the profile names none' } })]);

const FORMATS: Readonly<Record<string, (of: CheckReport) => { readonly text: string; readonly exit: number }>> = {
  text: (of) => ({ text: renderCheckText(of, { language: 'en', ascii: false, quiet: false }), exit: judgeAll(of, 'fail') }),
  'zh-CN.text': (of) => ({ text: renderCheckText(of, { language: 'zh-CN', ascii: true, quiet: true }), exit: judgeAll(of, 'fail') }),
  json: (of) => ({ text: renderCheckJson(of, judgeAll(of, 'fail')), exit: judgeAll(of, 'fail') }),
  jsonl: (of) => ({ text: renderCheckJsonLines(of, judgeAll(of, 'fail')), exit: judgeAll(of, 'fail') }),
  junit: (of) => ({ text: renderCheckJunit(of, 'en'), exit: judgeAll(of, 'fail') }),
  tap: (of) => ({ text: renderCheckTap(of), exit: judgeAll(of, 'fail') }),
  nagios: (of) => ({ text: renderCheckNagios(of), exit: nagiosExit(of) }),
  prometheus: (of) => ({ text: renderCheckPrometheus(of), exit: judgeAll(of, 'fail') }),
  markdown: (of) => ({ text: renderCheckMarkdown(of, 'en'), exit: judgeAll(of, 'fail') }),
  'zh-CN.markdown': (of) => ({ text: renderCheckMarkdown(of, 'zh-CN'), exit: judgeAll(of, 'fail') }),
  github: (of) => ({ text: renderCheckGithub(of), exit: judgeAll(of, 'fail') }),
};

describe('as it was', () => {
  const cases = [mixed, healthy, nothing].flatMap((of) => Object.entries(FORMATS).map(([name, render]) => [name, render(of)] as const));
  it.each(cases)('%s', async (name, { text, exit }) => {
    await expect(text).toMatchFileSnapshot(`../golden/check.${exit}.${name}`);
  });

  it('nagios: a warning is 1', async () => {
    const of = report([row(), warning]);
    await expect(renderCheckNagios(of)).toMatchFileSnapshot(`../golden/check.${nagiosExit(of)}.nagios`);
    expect(nagiosExit(of)).toBe(1);
  });
});

describe('exit codes', () => {
  const fail = row({ status: 'fail' });
  const absent = row({ status: 'not-applicable' });
  it.each([
    [[row()], 'fail', 0, 0],
    [[row(), warning], 'fail', 0, 1],
    [[row(), warning], 'warn', 1, 1],
    [[row(), unknown], 'warn', 0, 3],
    [[row(), unknown], 'unknown', 1, 3],
    [[unknown, warning], 'fail', 0, 3],
    [[unknown], 'fail', 7, 3],
    [[absent], 'unknown', 7, 3],
    [[], 'fail', 7, 3],
    [[fail, unknown, warning], 'fail', 1, 2],
  ] as const)('%#', (rows, failOn, exit, nagios) => {
    expect(judgeAll(report(rows), failOn)).toBe(exit);
    expect(nagiosExit(report(rows))).toBe(nagios);
  });
});

describe('no text breaks its format', () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom(...'|<>&"\'`#@:%,\\=*_[]{}\n\r\t\0\u001B\u2028\uFFFF'),
      fc.string({ unit: 'binary', maxLength: 1 }),
      fc.constantFrom(']]>', '::error::', '-->', ' ---', '...', '# SKIP', 'ok 1'),
    ),
  });
  const status = fc.constantFrom<CheckRow['status']>('ok', 'warn', 'fail', 'unknown', 'skipped', 'not-applicable');
  const rows = fc.array(
    fc.record({
      status,
      step: text,
      host: text,
      target: fc.option(text),
      code: text,
      unit: text,
      thresholdSource: text,
      threshold: text,
      unlock: fc.option(text),
      value: fc.oneof(text, fc.double(), fc.boolean()),
      en: text,
    }),
    { maxLength: 4 },
  );
  const holds = (property: (of: CheckReport) => void): void => {
    fc.assert(
      fc.property(rows, text, (given, site) => {
        property(
          report(
            given.map(({ en, ...change }) => row({ ...change, summary: { en } })),
            site,
          ),
        );
      }),
      { numRuns: 150 },
    );
  };
  const lines = (output: string): string[] => output.slice(0, -1).split('\n');

  it('json lines', () => {
    holds((of) => {
      expect(lines(renderCheckJsonLines(of, 0)).map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
        ...of.rows.map(() => 'check'),
        'result',
      ]);
    });
  });

  it('junit', () => {
    holds((of) => {
      const xml = renderCheckJunit(of, 'en');
      expect(xml.match(/<testcase /g) ?? []).toHaveLength(of.rows.length);
      const bare = xml.replace(/<[?/]?[\w-]+(?: [\w]+="[^"<>]*")*[?/]?>/g, '');
      expect(bare).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|apos);)/);
      expect(xml).not.toMatch(/[^\n\u0020-\uFFFD]/);
    });
  });

  it('tap', () => {
    holds((of) => {
      const points = lines(renderCheckTap(of)).filter((line) => !line.startsWith('  '));
      expect(points[0]).toBe('TAP version 14');
      expect(points.slice(2, -1)).toEqual(of.rows.map((_, index) => expect.stringMatching(new RegExp(`^(not )?ok ${index + 1} - `))));
      const skipped = of.rows.map((each) => each.status === 'skipped' || each.status === 'not-applicable');
      expect(points.slice(2, -1).map((line) => / (?<!\\)# SKIP /.test(line))).toEqual(skipped);
    });
  });

  it('nagios', () => {
    holds((of) => {
      const [first = '', ...rest] = lines(renderCheckNagios(of));
      expect(rest.join('')).not.toContain('|');
      expect(first.split('|').length).toBeLessThanOrEqual(2);
      const [, perfdata] = first.split(' | ');
      expect(perfdata ?? '').toMatch(/^(?:'(?:[^'=]|'')*'=-?[\d.]+(?:s|us|ms|%|B|KB|MB|GB|TB|c)?(?:;-?[\d.]+:?;-?[\d.]+:?)?(?: |$))*$/);
    });
  });

  it('prometheus', () => {
    holds((of) => {
      const sample = /^oor_\w+(?:\{\w+="(?:[^"\\\n]|\\[\\"n])*"(?:,\w+="(?:[^"\\\n]|\\[\\"n])*")*\})? -?[\d.e+-]+$/;
      for (const line of lines(renderCheckPrometheus(of))) if (!line.startsWith('# ')) expect(line).toMatch(sample);
    });
  });

  it('markdown', () => {
    holds((of) => {
      const table = lines(renderCheckMarkdown(of, 'en')).filter((line) => line.startsWith('|'));
      const shown = of.rows.filter((each) => each.status !== 'skipped' && each.status !== 'not-applicable');
      expect(table).toHaveLength(shown.length === 0 ? 0 : shown.length + 2);
      for (const line of table) expect(line.match(/(?<!\\)(?:\\\\)*\|/g)).toHaveLength(7);
    });
  });

  it('github', () => {
    holds((of) => {
      const output = lines(renderCheckGithub(of));
      const found = of.rows.filter((each) => ['fail', 'warn', 'unknown'].includes(each.status));
      expect(output).toHaveLength(found.length + 1);
      for (const line of output.slice(0, -1)) expect(line).toMatch(/^::(error|warning|notice) title=[^:,]*::/);
    });
  });

  it('text', () => {
    holds((of) => {
      const output = renderCheckText(of, { language: 'en', ascii: true, quiet: false });
      expect(lines(output).length).toBe(of.rows.length + 1);
      expect(output).not.toMatch(/[^\P{Cc}\n]/u);
    });
  });
});

it('nagios: an error before anything was checked is UNKNOWN on one line', () => {
  expect(renderNagiosError('no such file\n| x')).toBe('OOR UNKNOWN - no such file\\n/ x\n');
});
