import type { Json } from '../ports.ts';
import type { Problem } from './playbook.ts';
import { playbookShape, type RawPlaybook } from './shape.ts';
import { listOf, validate } from './shape-kit.ts';
import { parseYaml, reopenYaml } from './yaml.ts';
import type { YamlFile } from './yaml-file.ts';

export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** One file of a playbook: the first is the playbook itself, the others are what it includes. */
export interface Part {
  readonly name: string;
  readonly yaml: YamlFile;
  readonly raw: RawPlaybook;
}

export interface Loaded {
  readonly parts: readonly Part[];
  readonly problems: readonly Problem[];
}

/** More would be a mistake or an attack: every file costs a parse. */
const MAX_FILES = 20;

/** Reads a playbook and, depth first and each once, the files it names in `use:`. */
export function loadParts(root: SourceFile, { include, prepared }: LoadOptions): Loaded {
  const state: State = { include, prepared, parts: [], problems: [], done: new Set() };
  load(state, root, root.file, []);
  return state;
}

export interface LoadOptions {
  /** The file behind a name of `use:`; undefined when there is none. Confining names to known folders is the caller's. */
  readonly include: (name: string) => SourceFile | undefined;
  /** What `parseYaml` gave for a file at build time, for files that are shipped with it; saves most of the time of a start. */
  readonly prepared?: ((source: SourceFile) => Json | undefined) | undefined;
}

interface State extends LoadOptions {
  readonly parts: Part[];
  readonly problems: Problem[];
  readonly done: Set<string>;
}

function load(state: State, source: SourceFile, name: string, chain: readonly SourceFile[]): void {
  const yaml = open(state, source);
  if (!yaml) return;
  state.done.add(source.file);
  const shaped = validate(playbookShape, yaml.value, yaml);
  if (!shaped.ok) {
    state.problems.push(...shaped.problems);
    return;
  }
  state.parts.push({ name, yaml, raw: shaped.value });
  const names = listOf(shaped.value.use);
  names.forEach((used, index) => {
    const path = Array.isArray(shaped.value.use) ? ['use', index] : ['use'];
    const refuse = (code: string, message: string): void => {
      state.problems.push({ file: yaml.file, ...yaml.at(path), code, message, severity: 'error' });
    };
    const found = state.include(used);
    const files = [...chain, source];
    const cycle = found && files.findIndex(({ file }) => file === found.file);
    if (!found) refuse('unknown-playbook', `there is no playbook ${used} to include`);
    else if (cycle !== undefined && cycle >= 0)
      refuse('include-cycle', `playbooks include each other: ${[...files.slice(cycle), found].map(({ file }) => file).join(' -> ')}`);
    else if (state.parts.length >= MAX_FILES) refuse('too-many-files', `more than ${MAX_FILES} files in one playbook`);
    else if (!state.done.has(found.file)) load(state, found, used, files);
  });
}

function open(state: State, source: SourceFile): YamlFile | undefined {
  const value = state.prepared?.(source);
  if (value !== undefined) return reopenYaml(source, value);
  const parsed = parseYaml(source);
  if (parsed.ok) return parsed.yaml;
  state.problems.push(...parsed.problems);
  return undefined;
}
