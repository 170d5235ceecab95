import type { Problem } from './playbook.ts';
import type { RawPlaybook } from './shape.ts';
import { listOf, type Validated } from './shape-kit.ts';
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

/** A file and its shape, or what is wrong with it. */
export type Open = (source: SourceFile) => Validated<Pick<Part, 'yaml' | 'raw'>>;

export interface LoadOptions {
  /** The file behind a name of `use:`; undefined when there is none. Confining names to known folders is the caller's. */
  readonly include: (name: string) => SourceFile | undefined;
}

/** Reads a playbook and, depth first and each once, the files it names in `use:`. */
export function loadParts(root: SourceFile, open: Open, { include }: LoadOptions): Loaded {
  const state: State = { include, open, parts: [], problems: [], done: new Set() };
  load(state, root, root.file, []);
  return state;
}

interface State extends LoadOptions {
  readonly open: Open;
  readonly parts: Part[];
  readonly problems: Problem[];
  readonly done: Set<string>;
}

function load(state: State, source: SourceFile, name: string, chain: readonly SourceFile[]): void {
  const opened = state.open(source);
  if (!opened.ok) {
    state.problems.push(...opened.problems);
    return;
  }
  const { yaml, raw } = opened.value;
  state.done.add(source.file);
  state.parts.push({ name, yaml, raw });
  const names = listOf(raw.use);
  names.forEach((used, index) => {
    const path = Array.isArray(raw.use) ? ['use', index] : ['use'];
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
