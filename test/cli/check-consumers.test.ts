/** What other programs make of the formats: the real consumers where they are installed, the grammar of the specification everywhere. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderCheckJunit } from '../../src/report/check-junit.ts';
import { nagiosExit, renderCheckNagios } from '../../src/report/check-nagios.ts';
import { renderCheckPrometheus } from '../../src/report/check-prometheus.ts';
import type { CheckReport } from '../../src/report/check-report.ts';
import { renderCheckTap } from '../../src/report/check-tap.ts';
import { mixed, report, row, unknown, warning } from './check-rows.ts';

const held = row({ step: 'held', status: 'warn', value: 85, clear: 80, held: true, summary: { en: 'it is 85 %' } });
const neverFails = row({ id: 'cpu.steal', step: 'steal', value: 3, bounds: { warn: 10, crit: Number.POSITIVE_INFINITY, unit: '%' } });
const REPORTS: readonly CheckReport[] = [mixed, report([]), report([row(), held, neverFails]), report([warning, unknown])];
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oor-consumers-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function installed(tool: string): boolean {
  const found = spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;
  if (!found) process.stderr.write(`skipped: ${tool} is not installed\n`);
  return found;
}

function consume(argv: readonly string[], name: string, text: string) {
  const file = join(folder, name);
  writeFileSync(file, text);
  const [program = '', ...rest] = argv.map((word) => (word === 'FILE' ? file : word));
  const { status, stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8', input: text });
  return { status, output: `${stdout}${stderr}` };
}

describe('junit', () => {
  it.skipIf(!installed('xmllint'))('xmllint: valid against the schema', () => {
    for (const [index, of] of REPORTS.entries()) {
      const argv = ['xmllint', '--noout', '--schema', 'test/fixtures/checks/junit.xsd', 'FILE'];
      const { status, output } = consume(argv, `${index}.xml`, renderCheckJunit(of, 'en'));
      expect([status, output]).toEqual([0, expect.stringContaining('validates')]);
    }
  });

  it.each([
    ['ok', /^<properties>.*<\/properties><system-out>/],
    ['warn', /<property name="warning" value="it is 85 %"\/><\/properties><system-out>/],
    ['fail', /<\/properties><failure type=/],
    ['unknown', /<\/properties><error type=/],
    ['skipped', /<\/properties><skipped message="/],
    ['not-applicable', /<\/properties><skipped message="/],
  ] as const)('%s', (status, expected) => {
    const xml = renderCheckJunit(report([row({ status, summary: { en: 'it is 85 %' } })]), 'en');
    const inside = /<testcase [^>]*>(.*)<\/testcase>/s.exec(xml)?.[1]?.replace(/\n\s*/g, '') ?? '';
    expect(inside).toMatch(expected);
    expect(inside.match(/<(failure|error|skipped)/g) ?? []).toHaveLength(status === 'ok' || status === 'warn' ? 0 : 1);
    expect(inside).toContain('<property name="title" value="Disk space"/>');
    expect(inside).toContain('<property name="threshold_source" value="Netdata disks.conf"/>');
  });
});

describe('tap', () => {
  it.skipIf(!installed('prove'))('prove: every point counted, the failed ones by number', () => {
    // Test::Harness before 3.48 knows version 13 only; what version 14 adds to it begins with the version line.
    const text = renderCheckTap(mixed).replace('TAP version 14', 'TAP version 13');
    const { status, output } = consume(['prove', '-e', 'cat', 'FILE'], 'mixed.tap', text);
    expect([status, output]).toEqual([1, expect.stringMatching(/Tests: 7 Failed: 2\)\n {2}Failed tests: {2}3-4\n/)]);
    expect(output).not.toMatch(/Parse error/);
    const good = consume(['prove', '-e', 'cat', 'FILE'], 'good.tap', renderCheckTap(report([row(), held])).replace('14', '13'));
    expect([good.status, good.output]).toEqual([0, expect.stringContaining('All tests successful')]);
    const none = consume(['prove', '-e', 'cat', 'FILE'], 'none.tap', renderCheckTap(report([])).replace('14', '13'));
    expect(none.output).toContain('skipped: nothing was selected');
  });

  it('the grammar of version 14', () => {
    for (const of of REPORTS) expect(parseTap(renderCheckTap(of))).toBe(of.rows.length);
  });
});

/** TAP 14: version, plan, points with an optional block of YAML indented by two, comments. How many points there are. */
function parseTap(text: string): number {
  const lines = text.split('\n');
  expect(lines.shift()).toBe('TAP version 14');
  expect(lines.pop()).toBe('');
  const plan = /^1\.\.(\d+)(?: # SKIP .+)?$/.exec(lines.shift() ?? '');
  expect(plan).not.toBeNull();
  let points = 0;
  let inBlock = false;
  for (const line of lines) {
    if (inBlock) {
      expect(line).toMatch(/^ {2}(?:\.\.\.|[a-z_]+: (?:"(?:[^"\\]|\\.)*"|-?[\d.e+-]+|true|false))$/);
      inBlock = line !== '  ...';
    } else if (line === '  ---') inBlock = true;
    else if (!line.startsWith('# ')) {
      points += 1;
      expect(line).toMatch(new RegExp(`^(not )?ok ${points} - (?:[^#\\\\]|\\\\[#\\\\])+(?: # SKIP (?:[^#\\\\]|\\\\[#\\\\])+)?$`));
    }
  }
  expect(inBlock).toBe(false);
  expect(points).toBe(Number(plan?.[1]));
  return points;
}

describe('nagios', () => {
  it('worst state first, one line of performance data by the grammar, no bar but that one', () => {
    for (const of of REPORTS) {
      const [first = '', ...rest] = renderCheckNagios(of).slice(0, -1).split('\n');
      expect(first).toMatch(new RegExp(`^OOR ${['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'][nagiosExit(of)]} - `));
      expect(rest.join('')).not.toContain('|');
      const [, perfdata] = first.split(' | ');
      const measured = of.rows.filter(({ value }) => typeof value === 'number').map(({ step }) => step.replaceAll('|', '/'));
      expect(parsePerfdata(perfdata ?? '').map(({ label }) => label)).toEqual(measured.map((step) => step.replaceAll('=', '_')));
    }
  });

  it('warn, crit, min and max; a range where less is worse; nothing where it never fails', () => {
    const [, perfdata = ''] =
      renderCheckNagios(report([row(), warning, neverFails]))
        .split('\n')[0]
        ?.split(' | ') ?? [];
    expect(parsePerfdata(perfdata)).toEqual([
      { label: 'disk', value: 40, unit: '%', rest: ['90', '98', '0', '100'] },
      { label: 'entry_tls', value: 10, unit: '', rest: ['14:', '7:'] },
      { label: 'steal', value: 3, unit: '%', rest: ['10', '', '0', '100'] },
    ]);
  });
});

/** Monitoring Plugins, development guidelines, "Performance data": 'label'=value[UOM];[warn];[crit];[min];[max]. */
function parsePerfdata(text: string) {
  const found: { label: string; value: number; unit: string; rest: string[] }[] = [];
  const range = String.raw`@?(?:~|-?\d+(?:\.\d+)?)?:?(?:-?\d+(?:\.\d+)?)?`;
  const item = new RegExp(
    String.raw`^'((?:[^'=]|'')+)'=(-?\d+(?:\.\d+)?)(us|ms|s|%|B|KB|MB|GB|TB|c)?((?:;(?:${range})){0,2}(?:;-?\d*(?:\.\d+)?){0,2})(?: |$)`,
  );
  let left = text;
  while (left !== '') {
    const match = item.exec(left);
    if (!match) throw new Error(`not performance data: ${left}`);
    const [whole, label = '', value = '', unit = '', rest = ''] = match;
    found.push({ label: label.replaceAll("''", "'"), value: Number(value), unit, rest: rest.split(';').slice(1) });
    left = left.slice(whole.length);
  }
  return found;
}

describe('prometheus', () => {
  it.skipIf(!installed('promtool'))('promtool: nothing to complain about', () => {
    for (const [index, of] of REPORTS.entries()) {
      const { status, output } = consume(['promtool', 'check', 'metrics'], `${index}.prom`, renderCheckPrometheus(of));
      expect([status, output]).toEqual([0, '']);
    }
  });

  it('the text format 0.0.4: one HELP and one TYPE before the samples of a family, no sample twice, no metrics of the program itself', () => {
    for (const of of REPORTS) {
      const seen = new Set<string>();
      let family = '';
      const text = renderCheckPrometheus(of);
      expect(text.endsWith('\n')).toBe(true);
      for (const line of text.slice(0, -1).split('\n')) {
        const [, kind, name = ''] = /^# (HELP|TYPE) ([a-z_:]+) .+$/.exec(line) ?? [];
        if (kind) {
          expect(seen.has(`${kind} ${name}`)).toBe(false);
          seen.add(`${kind} ${name}`);
          family = name;
          continue;
        }
        const sample = /^([a-z_:]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/.exec(line);
        expect(sample?.[1]).toBe(family);
        expect(family).toMatch(/^oor_check_/);
        expect(seen.has(`${sample?.[1]}${sample?.[2]}`)).toBe(false);
        seen.add(`${sample?.[1]}${sample?.[2]}`);
      }
    }
  });
});
