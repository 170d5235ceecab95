import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/playbook/playbook.ts';
import { renderLintGithub } from '../../src/report/lint-github.ts';
import { renderLintSarif } from '../../src/report/lint-sarif.ts';

const PROBLEMS: readonly Problem[] = [
  {
    file: 'plays/a b.yaml',
    line: 3,
    col: 5,
    length: 4,
    code: 'unknown-key',
    message: 'unknown key crad',
    hint: 'did you mean card?',
    severity: 'error',
  },
  { file: './c.yaml', line: 9, col: 1, code: 'step-unused', message: '100 % of\n\u001b[31mnothing, at all', severity: 'warning' },
  { file: '/srv/d.yaml', line: 1, col: 2, length: 1, code: 'step-unused', message: 'again', severity: 'warning' },
];

interface Sarif {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly name: string; readonly semanticVersion: string; readonly rules: readonly { readonly id: string }[] };
    };
    readonly columnKind: string;
    readonly results: readonly SarifResult[];
  }[];
}
interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: { readonly startLine: number; readonly startColumn: number; readonly endColumn?: number };
    };
  }[];
}

/** What SARIF 2.1.0 asks of a log, a run, a tool and a result, and no key beyond those that it knows. */
function assertSarif(log: Sarif): void {
  expect(Object.keys(log).sort()).toEqual(['$schema', 'runs', 'version']);
  expect(log.version).toBe('2.1.0');
  for (const run of log.runs) {
    expect(Object.keys(run).sort()).toEqual(['columnKind', 'results', 'tool']);
    expect(['utf16CodeUnits', 'unicodeCodePoints']).toContain(run.columnKind);
    const { driver } = run.tool;
    expect(driver.name).not.toBe('');
    expect(driver.semanticVersion).toMatch(/^\d+\.\d+\.\d+/);
    const ids = driver.rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const result of run.results) {
      expect(Object.keys(result).sort()).toEqual(['level', 'locations', 'message', 'ruleId', 'ruleIndex']);
      expect(ids[result.ruleIndex]).toBe(result.ruleId);
      expect(['none', 'note', 'warning', 'error']).toContain(result.level);
      expect(result.message.text.length).toBeGreaterThan(0);
      for (const { physicalLocation } of result.locations) {
        expect(physicalLocation.artifactLocation.uri).toMatch(/^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/);
        const { startLine, startColumn, endColumn = startColumn } = physicalLocation.region;
        expect(startLine).toBeGreaterThanOrEqual(1);
        expect(startColumn).toBeGreaterThanOrEqual(1);
        expect(endColumn).toBeGreaterThanOrEqual(startColumn);
      }
    }
  }
}

describe('SARIF', () => {
  const log = JSON.parse(renderLintSarif({ version: '1.2.3', problems: PROBLEMS })) as Sarif;

  it('is a log of version 2.1.0', () => {
    assertSarif(log);
    assertSarif(JSON.parse(renderLintSarif({ version: '1.2.3', problems: [] })) as Sarif);
  });

  it('leads to the place, in a path that a code host finds again', () => {
    const places = log.runs[0]?.results.map(({ locations: [at] }) => [
      at?.physicalLocation.artifactLocation.uri,
      at?.physicalLocation.region,
    ]);
    expect(places).toEqual([
      ['plays/a%20b.yaml', { startLine: 3, startColumn: 5, endColumn: 9 }],
      ['c.yaml', { startLine: 9, startColumn: 1 }],
      ['file:///srv/d.yaml', { startLine: 1, startColumn: 2, endColumn: 3 }],
    ]);
  });

  it('holds no control character', () => {
    expect(log.runs[0]?.results[1]?.message.text).toBe('100 % of\n\\x1b[31mnothing, at all');
  });
});

describe('annotations', () => {
  it('are workflow commands that nothing in a text can end or forge', () => {
    expect(renderLintGithub(PROBLEMS).split('\n')).toEqual([
      '::error file=plays/a b.yaml,line=3,col=5,endColumn=9,title=unknown-key::unknown key crad -> did you mean card?',
      '::warning file=./c.yaml,line=9,col=1,endColumn=2,title=step-unused::100 %25 of\\n\\x1b[31mnothing, at all',
      '::warning file=/srv/d.yaml,line=1,col=2,endColumn=3,title=step-unused::again',
      'oor playbook lint: 3 problems',
      '',
    ]);
  });
});
