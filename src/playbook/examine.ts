/** Everything that is wrong with a playbook at once: `parse` stops where a run could not start, this goes on with what is left. */
import { assemble, type BuildOptions, createBuild } from './assemble.ts';
import { collectEntries } from './entries.ts';
import { createCompiler } from './expr.ts';
import { lintPlaybook } from './lint.ts';
import { loadParts, type Open } from './load.ts';
import { dedupe, type ParseOptions } from './parse-with.ts';
import type { Problem } from './playbook.ts';
import { sortProblems } from './problem.ts';
import { checkReferences } from './references.ts';
import { salvage } from './salvage.ts';
import { playbookShape } from './shape.ts';
import { validate } from './shape-kit.ts';
import { parseYaml } from './yaml.ts';

export function examinePlaybook(given: ParseOptions): readonly Problem[] {
  const options: ParseOptions & BuildOptions = { ...given, createCompiler };
  const found: Problem[] = [];
  const lost: string[] = [];
  const { parts, problems } = loadParts(options, openWhatIsLeft(found, lost), options);
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

function openWhatIsLeft(found: Problem[], lost: string[]): Open {
  return (source) => {
    const parsed = parseYaml(source);
    if (!parsed.ok) return parsed;
    const saved = salvage(parsed.yaml);
    if (!saved) return validate(playbookShape, parsed.yaml.value, parsed.yaml) as Extract<ReturnType<Open>, { ok: false }>;
    found.push(...saved.problems);
    lost.push(...saved.lost);
    return { ok: true, value: saved };
  };
}

/** What every entry says of others, whether or not it could be understood. */
function wordsOf({ steps, causes, fixes }: ReturnType<typeof collectEntries>): string[] {
  return [...steps, ...causes, ...fixes].map(({ raw }) => JSON.stringify({ ...raw, id: undefined }));
}

/** Names that went with what was taken out. */
function namesIn(lost: readonly string[]): ReadonlySet<string> {
  return new Set(lost.flatMap((json) => [...json.matchAll(/"id":"([^"]+)"|^\{"([\w.-]+)":/g)].map(([, id, key]) => id ?? (key as string))));
}

const OF_NAMES = new Set(['unknown-step', 'unknown-check-step', 'unknown-fix', 'expression-name']);

/** That a name is unknown is no mistake of its own when what bears it was taken out for another. */
function isConsequence({ code, message }: Problem, names: ReadonlySet<string>): boolean {
  return OF_NAMES.has(code) && message.split(/[^\w.-]+/).some((word) => names.has(word));
}
