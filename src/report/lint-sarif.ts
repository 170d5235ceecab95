/** SARIF 2.1.0: what code scanners hand to code hosts. Places are columns in UTF-16 units, as everywhere here. */
import type { Problem } from '../playbook/playbook.ts';
import { escapeControl } from './escape.ts';
import { jsonLine } from './json-text.ts';

export interface LintReport {
  readonly version: string;
  readonly problems: readonly Problem[];
}

export function renderLintSarif({ version, problems }: LintReport): string {
  const rules = [...new Set(problems.map(({ code }) => code))].sort();
  return jsonLine(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'oor', semanticVersion: version, rules: rules.map((id) => ruleOf(id, problems)) } },
          columnKind: 'utf16CodeUnits',
          results: problems.map((problem) => resultOf(problem, rules.indexOf(problem.code))),
        },
      ],
    },
    2,
  );
}

function ruleOf(id: string, problems: readonly Problem[]) {
  const error = problems.some(({ code, severity }) => code === id && severity === 'error');
  return {
    id,
    name: pascal(id),
    shortDescription: { text: id.replaceAll('-', ' ') },
    defaultConfiguration: { level: error ? 'error' : 'warning' },
  };
}

function resultOf({ code, severity, message, hint, file, line, col, length }: Problem, ruleIndex: number) {
  const region = { startLine: line, startColumn: col, ...(length !== undefined && { endColumn: col + length }) };
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: escapeControl(hint === undefined ? message : `${message}\n${hint}`) },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } }],
  };
}

function pascal(id: string): string {
  return id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** A relative path stays one, so that the code host finds it in the checkout. */
function uriOf(file: string): string {
  const path = file.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${path}` : path.replace(/^(?:\.\/)+/, '');
}
