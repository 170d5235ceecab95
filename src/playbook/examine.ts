/** Everything that is wrong with a playbook at once: `parse` stops where a run could not start, this goes on with what is left. */
import { assemble, type BuildOptions, createBuild } from './assemble.ts';
import { once } from './build.ts';
import { collectEntries } from './entries.ts';
import { createCompiler } from './expr.ts';
import { lintPlaybook } from './lint.ts';
import { loadParts, type Open, type SourceFile } from './load.ts';
import { dedupe, type ParseOptions } from './parse-with.ts';
import type { Problem } from './playbook.ts';
import type { Prepared } from './prepared.ts';
import { sortProblems } from './problem.ts';
import { checkReferences } from './references.ts';
import { type Salvaged, salvage } from './salvage.ts';
import { playbookShape } from './shape.ts';
import { validate } from './shape-kit.ts';
import { parseYaml } from './yaml.ts';
import type { YamlFile } from './yaml-file.ts';

/** Files that several playbooks take in, as they were opened once: by `keyOf`. */
export type Opened = Map<string, Opening>;
type Opening = { readonly ok: true; readonly saved: Salvaged } | Extract<ReturnType<Open>, { readonly ok: false }>;

export function examinePlaybook(given: ParseOptions, opened: Opened = new Map()): readonly Problem[] {
  const options: ParseOptions & BuildOptions = { ...given, createCompiler };
  const found: Problem[] = [];
  const lost: string[] = [];
  const { parts, problems } = loadParts(options, openWhatIsLeft(found, lost, opened), options);
  found.push(...problems);
  const [root, ...others] = parts;
  if (!root) return sortProblems(found);
  const entries = collectEntries(parts);
  const build = createBuild(options, parts, entries);
  const playbook = assemble(build, options, [root, ...others], entries);
  checkReferences(build, playbook, entries);
  const broken = found.length > 0 || build.problems.some(({ severity }) => severity === 'error');
  const unread = broken ? [...lost, ...wordsOf(entries)].join('\n') : '';
  const linted = lintPlaybook(playbook, entries, { registry: options.registry, lost: unread });
  const follows = namesIn(lost);
  const own = build.problems.filter((problem) => !isConsequence(problem, follows));
  return sortProblems(dedupe([...found, ...own, ...linted]));
}

function openWhatIsLeft(found: Problem[], lost: string[], opened: Opened): Open {
  return (source) => {
    const key = keyOf(source);
    const opening = opened.get(key) ?? openLeft(source);
    opened.set(key, opening);
    if (!opening.ok) return opening;
    found.push(...opening.saved.problems);
    lost.push(...opening.saved.lost);
    return { ok: true, value: opening.saved };
  };
}

function keyOf({ file, text }: SourceFile): string {
  return `${file}\n${text}`;
}

/** What the build read out of these very files is not read again: places are looked up when something is wrong. */
export function openPrepared(sources: readonly (SourceFile & { readonly prepared?: Prepared })[]): Opened {
  const known = sources.flatMap(({ prepared, ...source }): [string, Opening][] =>
    prepared ? [[keyOf(source), { ok: true, saved: { raw: prepared.raw, yaml: readLater(source), problems: [], lost: [] } }]] : [],
  );
  return new Map(known);
}

function readLater({ file, text }: SourceFile): YamlFile {
  const read = once((): YamlFile => {
    const parsed = parseYaml({ file, text });
    if (!parsed.ok) throw new Error(`${file} was read by the build and cannot be read now`);
    return parsed.yaml;
  });
  return {
    file,
    text,
    get value() {
      return read().value;
    },
    at: (path) => read().at(path),
    keyAt: (path) => read().keyAt(path),
    within: (path, offset, length) => read().within(path, offset, length),
    source: (path) => read().source(path),
  };
}

function openLeft(source: SourceFile): Opening {
  const parsed = parseYaml(source);
  if (!parsed.ok) return parsed;
  const saved = salvage(parsed.yaml);
  if (saved) return { ok: true, saved };
  return validate(playbookShape, parsed.yaml.value, parsed.yaml) as Extract<Opening, { readonly ok: false }>;
}

/** What every entry says of others, whether or not it could be understood. */
function wordsOf({ steps, causes, fixes }: ReturnType<typeof collectEntries>): string[] {
  return [...steps, ...causes, ...fixes].map(({ raw }) => JSON.stringify({ ...raw, id: undefined }));
}

/** Names that went with what was taken out. */
function namesIn(lost: readonly string[]): ReadonlySet<string> {
  return new Set(
    lost.flatMap((json) => [...json.matchAll(/"(?:id|value)":"([^"]+)"|^\{"([\w.-]+)":/g)].map(([, id, key]) => id ?? (key as string))),
  );
}

const OF_NAMES = new Set(['unknown-step', 'unknown-check-step', 'unknown-fix', 'expression-name', 'unknown-answer']);

/** That a name is unknown is no mistake of its own when what bears it was taken out for another. */
function isConsequence({ code, message }: Problem, names: ReadonlySet<string>): boolean {
  return OF_NAMES.has(code) && message.split(/[^\w.-]+/).some((word) => names.has(word));
}
