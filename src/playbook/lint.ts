import type { CheckRegistry } from '../checks/check.ts';
import type { Entries } from './parse.ts';
import type { Playbook, Problem } from './playbook.ts';

export function lintPlaybook(_playbook: Playbook, _entries: Entries, _registry: CheckRegistry): Problem[] {
  return [];
}
