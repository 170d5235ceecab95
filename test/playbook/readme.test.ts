import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import { checks } from '../checks/registry.ts';
import { sha256, show, timeLimit } from './support.ts';

it('the example of the README for authors parses without a warning', () => {
  const readme = readFileSync(new URL('../../playbooks/README.md', import.meta.url), 'utf8');
  const text = /```yaml\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const result = parsePlaybook({ file: 'main.oor.yaml', text, registry: checks, timeLimit, include: () => undefined, sha256 });
  expect((result.ok ? result.warnings : result.problems).map(show)).toEqual([]);
});
