/** The shipped suites, read from this checkout and played as `oor playbook test` plays them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWrittenHost } from '../../src/adapters/written-host.ts';
import { readYamlValue } from '../../src/cli/fixture-shape.ts';
import { createSuite, type Suite } from '../../src/cli/fixture-suite.ts';
import type { NamedText } from '../../src/cli/services.ts';
import type { Shapes } from '../../src/cli/shape-facts.ts';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import type { Playbook } from '../../src/playbook/playbook.ts';
import { checks as registry } from '../checks/registry.ts';

const FIXTURES = join('playbooks', 'fixtures');

/** `change`: what a site says of itself, said otherwise. */
export function openSuite(id: string, change: (profile: NamedText) => NamedText = (profile) => profile): Suite {
  return createSuite({
    playbook: readPlaybook(join('playbooks', `${id}.yaml`)),
    registry,
    shapes: readShapes(),
    profiles: readAll(join(FIXTURES, id, '_profiles')).map(change),
    fixtures: readAll(join(FIXTURES, id)),
    openLog: createWrittenHost,
  });
}

export function readShapes(): Shapes {
  return readYamlValue(readNamed(FIXTURES, '_shapes.yaml')) as Shapes;
}

function readAll(folder: string): readonly NamedText[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml') && !name.startsWith('_'));
  return names.map((name) => readNamed(folder, name));
}

function readNamed(folder: string, file: string): NamedText {
  return { file, text: readFileSync(join(folder, file), 'utf8') };
}

export function readPlaybook(file: string): Playbook {
  const text = readFileSync(file, 'utf8');
  const sha256 = (of: string): string => createHash('sha256').update(of).digest('hex');
  const parsed = parsePlaybook({ file, text, registry, timeLimit: (evaluate) => evaluate(), sha256, include: (name) => includePart(name) });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ line, col, message }) => `${file}:${line}:${col} ${message}`).join('\n'));
  return parsed.playbook;
}

/** The parts that a playbook uses lie beside it. */
function includePart(name: string): NamedText {
  const file = join('playbooks', `${name}.yaml`);
  return { file, text: readFileSync(file, 'utf8') };
}
