/** Problems of playbooks as workflow commands of GitHub Actions, at their place in the file. */
import type { Problem } from '../playbook/playbook.ts';
import { data, property } from './check-github.ts';

export function renderLintGithub(problems: readonly Problem[]): string {
  const end = `oor playbook lint: ${problems.length} problem${problems.length === 1 ? '' : 's'}`;
  return [...problems.map(annotate), end].map((line) => `${line}\n`).join('');
}

function annotate({ severity, file, line, col, length = 1, code, message, hint }: Problem): string {
  const place = `file=${property(file)},line=${line},col=${col},endColumn=${col + length},title=${property(code)}`;
  return `::${severity} ${place}::${data(hint === undefined ? message : `${message} -> ${hint}`)}`;
}
